"""The whole way: timeline in, timeline with music out; on a failure nothing of it is left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio
from pydantic import ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue import Cue, CueTake
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.pipeline.cutting import Opened, TimelineOrPath, opened
from otio_soundtrack.pipeline.laying import MediaFolder, nothing_left_on_failure
from otio_soundtrack.pipeline.musicplan import PlannedCue, planned
from otio_soundtrack.pipeline.reporting import write_score_report
from otio_soundtrack.pipeline.taking import engine, take
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import ScoreOptions, first_fault, home, score_options
from otio_soundtrack.timeline.pre_request import seen_by_studio
from otio_soundtrack.timeline.save import require_writer, save_timeline
from otio_soundtrack.timeline.write import with_cues
from otio_soundtrack.tools.files import require_writable
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What ``score`` gives."""

    timeline: otio.schema.Timeline
    """A new timeline with the music on a new track."""
    cut: CutList
    cues: tuple[Cue, ...]
    features: Features | None
    """None where a plan file was obeyed."""
    output: Path | None
    """The written timeline, None where only the object was asked for."""
    report: Path
    warnings: tuple[str, ...]


def score(
    timeline: TimelineOrPath,
    output: Path | str | None = None,
    *,
    in_place: bool = False,
    beside: Path | None = None,
    progress: Progress = silent,
    **options: object,
) -> Scored:
    """Score a cut: read, analyse, spot, compose, and write the music back on a new track.

    Args:
        timeline: an OTIO timeline, which stays untouched, or the path of any file that OTIO reads.
        output: the timeline to write, any suffix that OTIO writes; None writes audio only, and ``media_dir`` says where.
        in_place: whether ``output`` may be the input.
        beside: folder that relative URLs count from, where somebody else writes the timeline; None: that of ``output``.
        progress: is told how far the work is.
        options: the flags of ``otio-soundtrack score`` with underscores (:class:`otio_soundtrack.settings.ScoreOptions`).

    Returns:
        the new timeline, its cues and what else was written.

    Raises:
        SettingsError: an option that cannot be obeyed; nothing was done.
        TimelineError, PictureError, AudioError, StoreError: the reason; files and object are as before.
    """
    asked = score_options(**options)
    maker = engine(asked.provider)
    target = None if output is None else Path(output)
    if target is not None:
        _check_target(target)
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        folder = _media_dir(source, target, asked, in_place=in_place)
        require_writable(folder)
        ready = planned(source, asked, progress)
    store = TakeStore(home())
    cues = []
    music = MediaFolder(
        path=folder,
        show=_show(source, target),
        rate=ready.cut.rate,
        intent=asked.intent or ("final" if maker.declaration.ai == "none" else "temp"),
        taken=_other_media(ready.cut, folder),
    )
    with nothing_left_on_failure() as written:
        for cue in ready.cues:
            brief = _seen(source, asked.provider, cue.brief)
            accepted = [
                take(brief, number, maker, store, lufs=asked.loudness, fresh=asked.fresh, progress=progress)
                for number in range(1, asked.takes + 1)
            ]
            takes = music.lay(accepted, maker.declaration, written)
            cues.append(_cue(cue, brief, takes))
        around = target.absolute().parent if target is not None else beside or folder
        scored = with_cues(source.timeline, cues, cut=ready.cut, url_style=asked.url_style, track_name=asked.track, beside=around)
        warnings = ready.cut.warnings
        report = folder / "report.html"
        if not report.exists():
            written.append(report)
        write_score_report(report, cut=ready.cut, features=ready.features, cues=cues, warnings=warnings)
        if target is not None:
            warnings += save_timeline(scored, target)
        return Scored(
            timeline=scored,
            cut=ready.cut,
            cues=tuple(cues),
            features=ready.features,
            output=target,
            report=report,
            warnings=warnings,
        )


def _check_target(target: Path) -> None:
    """Check that a timeline can be written at all, before anybody works for it."""
    if target.is_dir() and target.suffix.lower() != ".otiod":
        raise SettingsError(f"{target} is a folder.", hint="Give the name of a timeline file, for example scored.otio.")
    require_writer(target)


def _media_dir(source: Opened, target: Path | None, asked: ScoreOptions, *, in_place: bool) -> Path:
    """Return the folder for the audio, after checking that the output may be written."""
    if target is not None and source.path is not None and target.resolve() == source.path.resolve() and not in_place:
        raise SettingsError(
            f"{target} is the input timeline.", hint="Give another output with -o, or add --in-place to replace the input."
        )
    if asked.media_dir is not None:
        return asked.media_dir.absolute()
    if target is None:
        raise SettingsError("nothing says where the music should be written.", hint="Give media_dir or an output timeline.")
    return target.absolute().with_name(f"{target.stem}.media")


def _other_media(cut: CutList, folder: Path) -> frozenset[str]:
    """Return base names of the timeline's own media: a bundle (otioz) keeps all media in one flat folder."""
    paths = {element.source.path for element in cut.audio} | {layer.source.path for one in cut.cuts for layer in one.layers}
    return frozenset(path.name for path in paths if path is not None and path.parent != folder)


def _show(source: Opened, target: Path | None) -> str:
    """Return the name that the music files begin with."""
    if source.path is not None:
        return source.path.stem
    return source.cut.name or (target.stem if target is not None else "cut")


def _seen(source: Opened, provider: str, brief: Brief) -> Brief:
    """Return the brief after the studio's hook scripts have seen it.

    Raises:
        SettingsError: a script left something that is no brief.
    """
    shown = brief.model_dump(mode="json")
    try:
        return Brief.model_validate(seen_by_studio(source.timeline, provider, shown))
    except ValidationError as error:
        raise SettingsError(
            f"a hook script on soundtrack_pre_request left a brief that cannot be used: {first_fault(error)}.",
            hint="Correct the script; it may change values of the brief, not its shape.",
        ) from error


def _cue(cue: PlannedCue, brief: Brief, takes: tuple[CueTake, ...]) -> Cue:
    sections = tuple((one.start, one.end, f"{one.mood.value} {one.energy:.2f}") for one in brief.plan.sections)
    return Cue(spot=cue.spot, takes=takes, sections=sections)
