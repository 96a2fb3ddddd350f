"""The whole way: timeline in, timeline with music out; on a failure nothing of it is left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import opentimelineio as otio

from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.lane import DUCK_OFF
from otio_soundtrack.pipeline.carrying import Memory, continued
from otio_soundtrack.pipeline.conforming import conformed
from otio_soundtrack.pipeline.cutting import TimelineOrPath, opened
from otio_soundtrack.pipeline.delivering import delivery
from otio_soundtrack.pipeline.destination import Destination, Elsewhere
from otio_soundtrack.pipeline.duckfile import Ducker
from otio_soundtrack.pipeline.laying import MediaFolder, nothing_left_on_failure
from otio_soundtrack.pipeline.makers import maker_for
from otio_soundtrack.pipeline.musicplan import picture_changes, planned
from otio_soundtrack.pipeline.naming import show_name
from otio_soundtrack.pipeline.notating import check_midi, write_notes
from otio_soundtrack.pipeline.reporting import report_path, write_score_report
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import home, score_options
from otio_soundtrack.timeline.formats import left_behind
from otio_soundtrack.timeline.marks import without_ours
from otio_soundtrack.timeline.playing import lanes_on
from otio_soundtrack.timeline.save import save_timeline
from otio_soundtrack.timeline.temp import require_final
from otio_soundtrack.timeline.write import with_cues
from otio_soundtrack.times import frame_samples
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
    notes: tuple[str, ...] = ()
    """What the provider could not be asked: nothing went wrong."""
    midi: tuple[Path, ...] = ()
    """The notes of each take of each cue, where they were asked for."""
    jobs: tuple[dict[str, object], ...] = ()
    """The jobs of services: ``id``, ``provider``, ``state``, ``calls``, ``credits``."""

    def samples(self, cue: Cue) -> int:
        """Return how many samples the music of a cue must have."""
        return frame_samples(cue.spot.frames, self.cut.exact_rate)


def score(
    timeline: TimelineOrPath,
    output: Path | str | None = None,
    *,
    in_place: bool = False,
    beside: Path | Elsewhere | None = None,
    progress: Progress = silent,
    **options: object,
) -> Scored:
    """Score a cut: read, analyse, spot, compose, and write the music back on a new track.

    Args:
        timeline: an OTIO timeline, which stays untouched, or the path of any file that OTIO reads.
        output: the timeline to write, any suffix that OTIO writes; None writes audio only, and ``media_dir`` says where.
        in_place: whether ``output`` may be the input.
        beside: the timeline file that somebody else writes, or its folder: relative URLs count from there, and what the format
            cannot hold is told before the work; None: ``output``.
        progress: is told how far the work is.
        options: the flags of ``otio-soundtrack score`` with underscores (:class:`otio_soundtrack.settings.ScoreOptions`).

    Returns:
        the new timeline, its cues and what else was written.

    Raises:
        SettingsError: an option that cannot be obeyed; nothing was done.
        TimelineError, PictureError, AudioError, StoreError: the reason; files and object are as before.
    """
    asked = score_options(**options)
    target = Destination(output=None if output is None else Path(output), beside=beside)
    target.check_place()
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        going_on = continued(source, asked, TakeStore(home()))
        asked = going_on.asked
        maker = maker_for(asked, progress, conforms=going_on.earlier is not None)
        folder = target.media_dir(source, asked, in_place=in_place)
        require_writable(folder)
        maker.store.require_writable()
        maker.check()
        if asked.midi is not None:
            check_midi(asked.midi, asked.provider, source, target.output)
        target.check_format(source)
        if asked.intent == "final":
            require_final(without_ours(source.timeline))
        made_up = delivery(asked, source.cut)
        ready = planned(source, asked, progress, going_on.earlier)
        show = show_name(source.cut.name, target.written_as, source.path)
        music = MediaFolder(
            path=folder,
            show=show,
            rate=ready.cut.rate,
            intent=asked.intent or ("final" if maker.declaration.ai == "none" else "temp"),
            taken=_other_media(ready.cut, folder),
            memory=Memory(asked=asked, cut=ready.cut, store=maker.store),
            delivery=made_up,
            ducker=None if asked.duck in (None, DUCK_OFF) else Ducker(preset=asked.duck, known=lanes_on(source.timeline)),
        )
        changes = picture_changes(ready)
        with nothing_left_on_failure() as written:
            made = maker.cues(ready.cues, source, music, changes, written)
            cues = conformed(made, ready.cues, going_on.earlier)
            around = folder if target.place is None else target.place.absolute()
            scored = with_cues(
                source.timeline, cues, cut=ready.cut, url_style=asked.url_style, track_name=asked.track, beside=around
            )
            warnings = ready.cut.warnings + going_on.notes + tuple(dict.fromkeys(maker.told))
            if target.written_as is not None:
                warnings += left_behind(source.timeline, target.written_as, source.root, source.media_in)
            report = report_path(folder, target.written_as.stem if target.written_as is not None else show)
            if not report.exists():
                written.append(report)
            notes = tuple(dict.fromkeys(maker.notes))
            write_score_report(
                report, cut=ready.cut, features=ready.features, cues=cues, changes=changes, warnings=(*warnings, *notes)
            )
            midi = () if asked.midi is None else write_notes(asked.midi, cues, changes, written)
            if target.output is not None:
                warnings += save_timeline(scored, target.output, media_root=source.root)
    return Scored(
        timeline=scored,
        cut=ready.cut,
        cues=cues,
        features=ready.features,
        output=target.output,
        report=report,
        warnings=warnings,
        notes=notes,
        midi=midi,
        jobs=tuple(maker.jobs),
    )


def _other_media(cut: CutList, folder: Path) -> frozenset[str]:
    """Return base names of the timeline's own media: a bundle (otioz) keeps all media in one flat folder."""
    paths = {element.source.path for element in cut.audio} | {layer.source.path for one in cut.cuts for layer in one.layers}
    return frozenset(path.name for path in paths if path is not None and path.parent != folder)
