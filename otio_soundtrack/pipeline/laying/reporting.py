"""The report of a run: the cut and the music at a glance."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.cue import Cue, SeamReport, TakeFacts
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.pipeline.laying.naming import plain
from otio_soundtrack.report.cut_plot import features_png
from otio_soundtrack.report.fit_page import FitReport, write_fit_page
from otio_soundtrack.report.html import is_report
from otio_soundtrack.report.join_plot import fit_png, join_png
from otio_soundtrack.report.joins import MOST_PICTURES
from otio_soundtrack.report.music_plot import music_png
from otio_soundtrack.report.page import CueReport, Report, write_report
from otio_soundtrack.times import timecode
from otio_soundtrack.tools.waveform import WaveFile

_MOST_NAMES = 100
"""Names tried for a report beside files of others."""


def write_score_report(
    path: Path,
    *,
    cut: CutList,
    features: Features | None,
    cues: Sequence[Cue],
    changes: Sequence[int],
    warnings: Sequence[str],
) -> None:
    """Write the report of a run.

    Args:
        path: the file.
        cut: the cut that was scored.
        features: what was seen and heard in it, None where a plan file was obeyed.
        cues: the music; the active take of each is drawn from its file.
        changes: frames of the timeline on which the picture changes.
        warnings: what the user should know.

    Raises:
        StoreError: the file cannot be written.
    """
    write_report(
        path,
        Report(
            title=cut.name,
            summary=_summary(cut, features),
            cues=[_cue(cue, changes) for cue in cues],
            picture=None if features is None else features_png(features, cut),
            warnings=warnings,
        ),
    )


def report_path(folder: Path, stem: str) -> Path:
    """Return the file for a report: a report of ours may be replaced, anybody else's file may not.

    Args:
        folder: media folder. In one that is named after the timeline it is ``report.html``; in one that several timelines
            may share it is named after each.
        stem: name of the written timeline without suffix, else of the show.
    """
    base = "report" if folder.name == f"{stem}.media" else f"{plain(stem) or 'cut'}.report"
    names = (f"{base}.html", *(f"{base}-{number}.html" for number in range(2, _MOST_NAMES)))
    free = (folder / name for name in names if not os.path.lexists(folder / name) or is_report(folder / name))
    path = next(free, None)
    if path is None:
        raise StoreError(
            f"{folder} holds {_MOST_NAMES} files named like a report that are none.", hint="Choose another --media-dir."
        )
    return path


def _summary(cut: CutList, features: Features | None) -> list[tuple[str, str]]:
    first, after = (timecode(frame, cut.rate, cut.start_time) for frame in (0, cut.frames))
    facts = [
        ("Picture", f"{cut.frames} frames at {cut.rate:g} fps, {float(cut.seconds):.3f} s"),
        ("Record timecode", f"{first} to {after}"),
        ("Edit points", str(len(cut.edit_points))),
    ]
    if features is not None and features.integrated_lufs is not None:
        facts.append(("Production sound", f"{features.integrated_lufs:.1f} LUFS, {len(features.speech)} stretches of speech"))
    return facts


def _cue(cue: Cue, changes: Sequence[int]) -> CueReport:
    take = cue.active_take
    plan, seams = take.record.brief.plan, take.record.seams
    sound = WaveFile(take.audio, handles=take.record.handles)
    return CueReport(
        plan=plan,
        record=take.record,
        facts=take.facts,
        audio=take.audio.name,
        takes=len(cue.takes),
        conformed=cue.conformed,
        picture=music_png(
            sound, plan, take.facts, cuts=[frame - plan.start for frame in changes], joins=[seam.at for seam in seams]
        ),
        joins=join_pictures(sound, seams),
    )


def join_pictures(sound: Sound, seams: Sequence[SeamReport]) -> list[bytes]:
    """Return the pictures of the first joins."""
    return [join_png(sound, seam, number) for number, seam in enumerate(seams[:MOST_PICTURES], start=1)]


def check_report(path: Path) -> None:
    """Check that a report of a fit may be written.

    Raises:
        StoreError: a file that is no report of ours has its name.
    """
    if os.path.lexists(path) and not is_report(path):
        raise StoreError(f"{path} is there already, and is no report of ours.", hint="Move it, or name another output.")


def write_fit_report(
    path: Path,
    *,
    source: Path,
    audio: Path,
    plan: FitPlan,
    facts: TakeFacts,
    joins: Sequence[SeamReport],
    rate: float,
    warnings: Sequence[str],
) -> None:
    """Write the report of a fit.

    Args:
        path: the file.
        source: the music that was fitted.
        audio: the result; everything is drawn from the written file.
        plan: how it was laid.
        facts: what was measured on it.
        joins: with what was measured at them.
        rate: frames a second in which errors are told.
        warnings: what the user is told, the notes of the plan among it.

    Raises:
        StoreError: the file cannot be written, or a file that is no report of ours has its name.
    """
    check_report(path)
    sound = WaveFile(audio)
    write_fit_page(
        path,
        FitReport(
            source=source.name,
            audio=audio.name,
            plan=plan,
            facts=facts,
            joins=joins,
            rate=rate,
            picture=fit_png(sound, plan, rate),
            pictures=join_pictures(sound, joins),
            warnings=warnings,
        ),
    )
