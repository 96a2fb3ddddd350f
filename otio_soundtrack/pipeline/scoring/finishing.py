"""The second half of the way: from what was delivered to the written timeline. No key and no network are needed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import opentimelineio as otio

from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.lane import DUCK_OFF
from otio_soundtrack.pipeline.cut.carrying import Memory
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.musicplan import picture_changes
from otio_soundtrack.pipeline.laying.delivering import delivery
from otio_soundtrack.pipeline.laying.duckfile import Ducker
from otio_soundtrack.pipeline.laying.folder import MediaFolder, nothing_left_on_failure
from otio_soundtrack.pipeline.laying.naming import show_name
from otio_soundtrack.pipeline.laying.notating import write_notes
from otio_soundtrack.pipeline.laying.reporting import report_path, write_score_report
from otio_soundtrack.pipeline.makers.choosing import maker_for
from otio_soundtrack.pipeline.scoring.destination import Destination
from otio_soundtrack.pipeline.scoring.preparing import Prepared, require_same
from otio_soundtrack.pipeline.takes.conforming import conformed
from otio_soundtrack.pipeline.takes.requested import Delivered
from otio_soundtrack.progress import Progress
from otio_soundtrack.timeline.formats import left_behind
from otio_soundtrack.timeline.playing import lanes_on
from otio_soundtrack.timeline.save import save_timeline
from otio_soundtrack.timeline.write import with_cues
from otio_soundtrack.times import frame_samples


@dataclass(frozen=True, kw_only=True)
class Account:
    """What is told of a cut that was scored: a value that another process may be handed."""

    cut: CutList
    cues: tuple[Cue, ...]
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


@dataclass(frozen=True, kw_only=True)
class Scored(Account):
    """What ``score`` gives."""

    timeline: otio.schema.Timeline
    """A new timeline with the music on a new track."""
    features: Features | None
    """None where a plan file was obeyed."""

    def account(self) -> Account:
        """Return what is told of it."""
        return Account(**{one.name: getattr(self, one.name) for one in fields(Account)})


def finished(
    source: Opened, ready: Prepared, delivered: Delivered, target: Destination, *, in_place: bool, progress: Progress
) -> Scored:
    """Lay the music of a prepared timeline and write everything; on a failure nothing of it is left behind.

    Args:
        source: the timeline that was prepared.
        ready: it, prepared.
        delivered: what services delivered for it.
        target: where the scored timeline goes.
        in_place: whether that may be the input.
        progress: is told how far the work is.

    Raises:
        TimelineError: the timeline is another one now.
        SoundtrackError: as for :func:`otio_soundtrack.pipeline.scoring.whole_way.score`.
    """
    require_same(source, ready)
    asked, planned = ready.asked, ready.planned
    maker = maker_for(asked, progress, conforms=ready.earlier is not None, keyless=True)
    folder = target.media_dir(source, asked, in_place=in_place)
    show = show_name(source.cut.name, target.written_as, source.path)
    music = MediaFolder(
        path=folder,
        show=show,
        rate=planned.cut.rate,
        intent=asked.intent or ("final" if maker.declaration.ai == "none" else "temp"),
        taken=_other_media(planned.cut, folder),
        memory=Memory(asked=asked, cut=planned.cut, store=maker.store),
        delivery=delivery(asked, source.cut),
        ducker=None if asked.duck in (None, DUCK_OFF) else Ducker(preset=asked.duck, known=lanes_on(source.timeline)),
    )
    changes = picture_changes(planned)
    with nothing_left_on_failure() as written:
        made = maker.cues(ready.requested, delivered, source, music=music, changes=changes, written=written)
        cues = conformed(made, planned.cues, ready.earlier)
        around = folder if target.place is None else target.place.absolute()
        scored = with_cues(
            source.timeline, cues, cut=planned.cut, url_style=asked.url_style, track_name=asked.track, beside=around
        )
        warnings = planned.cut.warnings + ready.notes + tuple(dict.fromkeys(maker.told))
        if target.written_as is not None:
            warnings += left_behind(source.timeline, target.written_as, source.root, source.media_in)
        report = report_path(folder, target.written_as.stem if target.written_as is not None else show)
        if not report.exists():
            written.append(report)
        notes = tuple(dict.fromkeys(maker.notes))
        write_score_report(
            report, cut=planned.cut, features=planned.features, cues=cues, changes=changes, warnings=(*warnings, *notes)
        )
        midi = () if asked.midi is None else write_notes(asked.midi, cues, changes, written)
        if target.output is not None:
            warnings += save_timeline(scored, target.output, media_root=source.root)
    return Scored(
        timeline=scored,
        cut=planned.cut,
        cues=cues,
        features=planned.features,
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
