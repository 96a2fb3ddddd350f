"""Features → spots → plans, or the plan file that the user edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import opentimelineio as otio
from pydantic import ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.plan import Brief, Plan, Spot
from otio_soundtrack.model.tidy import tidy
from otio_soundtrack.pipeline.cut.carrying import wishes_as_before
from otio_soundtrack.pipeline.cut.cutting import Opened, TimelineOrPath, opened, refuse_own, watched
from otio_soundtrack.pipeline.cut.earlier import Earlier, EarlierCue
from otio_soundtrack.planning.brief import brief
from otio_soundtrack.planning.plan import plan as plan_music
from otio_soundtrack.planning.plan_file import read_plan, write_plan
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import ScoreOptions, SpottingAsk, Wishes, first_fault, score_options
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.timeline.pre_request import seen_by_studio
from otio_soundtrack.times import exact_rate, frame_seconds


@dataclass(frozen=True, kw_only=True)
class PlannedCue:
    """A cue before anybody was asked for music."""

    spot: Spot
    plan: Plan
    brief: Brief
    before: EarlierCue | None = None
    """The cue of an earlier version of the cut whose music goes on; None: it gets music of its own."""
    features: Features | None = None
    """What was seen and heard in the whole cut; None where a plan file was obeyed."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """All cues of a timeline, planned."""

    cut: CutList
    """The cut as it could be decoded."""
    cues: tuple[PlannedCue, ...]
    features: Features | None
    """None where a plan file was obeyed: nothing had to be analysed."""


def picture_changes(ready: Planned) -> tuple[int, ...]:
    """Return the frames of the timeline on which the picture is known to change: those that were seen, else those of the edit."""
    if ready.features is None:
        return ready.cut.edit_points
    return tuple(change.frame for change in ready.features.changes if change.strength > 0)


def plan(
    timeline: TimelineOrPath, output: Path | str | None = None, *, progress: Progress = silent, **options: object
) -> tuple[Plan, ...]:
    """Return the spotting and music plan of a cut, one plan a cue, and write it as JSON for a person to edit.

    Args:
        timeline: an OTIO timeline or the path of one.
        output: JSON file to write, None writes nothing.
        progress: is told how far the analysis is.
        options: options of ``score`` that shape the plan (``prompt``, ``mood``, ``cues``, ``hit`` …).

    Raises:
        TimelineError, PictureError, SettingsError, StoreError: as for :func:`score`.
    """
    asked = score_options(**options)
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        if output is not None:
            refuse_own(source, Path(output))
        plans = tuple(cue.plan for cue in planned(source, asked, progress).cues)
    if output is not None:
        write_plan(plans, Path(output))
    return plans


def planned(source: Opened, asked: ScoreOptions, progress: Progress, earlier: Earlier | None = None) -> Planned:
    """Return the planned cues: those of the user's plan file, else from spotting and analysis.

    Args:
        source: the timeline.
        asked: what the user wants.
        progress: is told how far the analysis is.
        earlier: cues of an earlier version of the cut whose music goes on; None: there are none.

    Raises:
        SettingsError: the plan file, or what is asked, does not go with this cut.
        NothingToScoreError: there is no cue.
    """
    if asked.plan is not None:
        said = {"prompt": asked.wishes.prompt, "genre": asked.wishes.genre, "instrumental": asked.wishes.instrumental}
        if asked.wishes != Wishes.model_validate(said) or asked.spotting != SpottingAsk():
            raise SettingsError(
                "--plan says where the cues are and how they sound: mood, tempo, energy, seed, range, cues and hits are in it.",
                hint="Edit the plan, or leave --plan out.",
            )
        cues = tuple(_obeyed(one, source.cut, asked) for one in read_plan(asked.plan))
        return Planned(cut=source.cut, cues=cues, features=None)
    analysis = watched(source, progress)
    cut, seen = analysis.cut, analysis.features
    planned_cues = []
    found = spots(cut, seen, asked.spotting)
    partners = {} if earlier is None else earlier.partners(found)
    for spot in found:
        wishes, before = _tagged(spot, cut, asked), partners.get(spot.cue_id)
        made = plan_music(spot, cut, seen, wishes)
        if before is not None and (kept := wishes_as_before(made, before.record, wishes)) is not wishes:
            made = plan_music(spot, cut, seen, kept)
        words = _tidy(brief(spot, made, seen, wishes))
        planned_cues.append(PlannedCue(spot=spot, plan=words.plan, brief=words, before=before, features=seen))
    if asked.spotting.cues == "tagged":
        cut = replace(cut, warnings=cut.warnings + _shortened(cut))
    return Planned(cut=cut, cues=tuple(planned_cues), features=seen)


def _shortened(cut: CutList) -> tuple[str, ...]:
    """Return warnings about tagged clips that reach past the picture: the music does not."""
    return tuple(
        f"The clip tagged {tag.prompt!r} reaches {tag.beyond} frames past the picture: its music ends with the picture."
        for tag in cut.tagged
        if tag.beyond
    )


def _tidy(words: Brief) -> Brief:
    """Return a brief whose numbers can be written and read back: what is composed is what metadata and plan file say."""
    return Brief.model_validate(tidy(words.model_dump(mode="json")))


def _tagged(spot: Spot, cut: CutList, asked: ScoreOptions) -> Wishes:
    """Return the wishes for a spot: the user's, and where a tagged clip carries a brief of its own, that brief's.

    Raises:
        SettingsError: the brief on the clip cannot be used.
    """
    if asked.spotting.cues != "tagged":
        return asked.wishes
    briefs = (tag.brief for tag in cut.tagged if tag.start == spot.start)
    given = {name: value for name, value in next(briefs, {}).items() if name in Wishes.model_fields and name != "prompt"}
    try:
        return Wishes.model_validate({**asked.wishes.model_dump(), **given})
    except ValidationError as error:
        raise SettingsError(f"the brief of the clip tagged for cue {spot.cue_id}: {first_fault(error)}.") from error


def _obeyed(made: Plan, cut: CutList, asked: ScoreOptions) -> PlannedCue:
    """Return the cue of a plan that a person gave.

    Raises:
        SettingsError: the plan is for another cut.
    """
    if exact_rate(made.rate) != cut.exact_rate:
        raise SettingsError(
            f"the plan of cue {made.cue_id} is at {made.rate:.10g} frames per second, the picture at {cut.rate:.10g}.",
            hint="Make a new plan of this cut with `otio-soundtrack plan`.",
        )
    if made.start + made.frames > cut.frames:
        raise SettingsError(
            f"the plan of cue {made.cue_id} ends at frame {made.start + made.frames}, past the end of the cut at {cut.frames}.",
            hint="Shorten the cue and its last section, or make a new plan with `otio-soundtrack plan`.",
        )
    spot = Spot(
        cue_id=made.cue_id,
        start=made.start,
        frames=made.frames,
        hits=made.hits,
        keep_clear=made.keep_clear,
        prompt=asked.wishes.prompt,
    )
    words = Brief(
        prompt=asked.wishes.prompt,
        seconds=float(frame_seconds(made.frames, cut.exact_rate)),
        genre=asked.wishes.genre,
        instrumental=asked.wishes.instrumental,
        seed=made.seed,
        plan=made,
    )
    words = _tidy(words)
    return PlannedCue(spot=spot, plan=words.plan, brief=words)


def seen_brief(timeline: otio.schema.Timeline, provider: str, brief: Brief) -> Brief:
    """Return the brief after the studio's hook scripts have seen it.

    Raises:
        SettingsError: a script left something that is no brief.
    """
    shown = brief.model_dump(mode="json")
    try:
        return Brief.model_validate(seen_by_studio(timeline, provider, shown))
    except ValidationError as error:
        raise SettingsError(
            f"a hook script on soundtrack_pre_request left a brief that cannot be used: {first_fault(error)}.",
            hint="Correct the script; it may change values of the brief, not its shape.",
        ) from error
