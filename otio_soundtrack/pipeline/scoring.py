"""The whole way: timeline in, timeline with music out; on a failure nothing of it is left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import opentimelineio as otio
from pydantic import ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.pipeline.cutting import Opened, TimelineOrPath, opened
from otio_soundtrack.pipeline.laying import MediaFolder, nothing_left_on_failure
from otio_soundtrack.pipeline.musicplan import PlannedCue, planned
from otio_soundtrack.pipeline.naming import show_name
from otio_soundtrack.pipeline.reporting import report_path, write_score_report
from otio_soundtrack.pipeline.taking import engine, shortfalls, take
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider import Engine
from otio_soundtrack.settings import ScoreOptions, first_fault, home, score_options
from otio_soundtrack.timeline.formats import left_behind
from otio_soundtrack.timeline.pre_request import seen_by_studio
from otio_soundtrack.timeline.save import rehearse, require_place, save_timeline, writes_timelines
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


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A timeline file that somebody else writes with our result: OTIO itself, after our hook."""

    path: Path
    arguments: Mapping[str, object]
    """With which its adapter will be called."""


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
    maker = engine(asked.provider)
    target = None if output is None else Path(output)
    if target is not None:
        _check_target(target)
    there = beside if isinstance(beside, Elsewhere) else None
    place = target or (beside.path if isinstance(beside, Elsewhere) else beside)
    written_as = None if place is None or place.is_dir() else place
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        folder = _media_dir(source, target, asked, in_place=in_place)
        composing = _Composing(asked=asked, maker=maker, store=TakeStore(home()), progress=progress)
        require_writable(folder)
        composing.store.require_writable()
        if written_as is not None and writes_timelines(written_as):
            rehearse(source.timeline, written_as, source.cut, None if target is not None or there is None else there.arguments)
        ready = planned(source, asked, progress)
        show = show_name(source.cut.name, written_as, source.path)
        music = MediaFolder(
            path=folder,
            show=show,
            rate=ready.cut.rate,
            intent=asked.intent or ("final" if maker.declaration.ai == "none" else "temp"),
            taken=_other_media(ready.cut, folder),
        )
        with nothing_left_on_failure() as written:
            cues = [composing.cue(cue, source, music, written) for cue in ready.cues]
            scored = with_cues(
                source.timeline,
                cues,
                cut=ready.cut,
                url_style=asked.url_style,
                track_name=asked.track,
                beside=place.absolute() if place is not None else folder,
            )
            warnings = ready.cut.warnings + tuple(dict.fromkeys(composing.told))
            if written_as is not None:
                warnings += left_behind(source.timeline, written_as, source.root, source.media_in)
            report = report_path(folder, written_as.stem if written_as is not None else show)
            if not report.exists():
                written.append(report)
            write_score_report(report, cut=ready.cut, features=ready.features, cues=cues, warnings=warnings)
            if target is not None:
                warnings += save_timeline(scored, target, media_root=source.root)
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
    require_place(target)


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


@dataclass(frozen=True, kw_only=True)
class _Composing:
    """What all cues of a run have in common."""

    asked: ScoreOptions
    maker: Engine
    store: TakeStore
    progress: Progress
    told: list[str] = field(default_factory=list)
    """In what the music is not what was asked for, sentences for the user."""

    def cue(self, cue: PlannedCue, source: Opened, music: MediaFolder, written: list[Path]) -> Cue:
        """Return a cue with its takes laid; ``written`` is told the files that were not there before."""
        brief = _seen(source, self.asked.provider, cue.brief)
        lufs, fresh = self.asked.loudness, self.asked.fresh
        accepted = [
            take(brief, number, self.maker, self.store, lufs=lufs, fresh=fresh, progress=self.progress)
            for number in range(1, self.asked.takes + 1)
        ]
        self.told.extend(shortfalls(accepted, self.maker.declaration, lufs))
        sections = tuple((one.start, one.end, f"{one.mood.value} {one.energy:.2f}") for one in brief.plan.sections)
        return Cue(spot=cue.spot, takes=music.lay(accepted, self.maker.declaration, written), sections=sections)
