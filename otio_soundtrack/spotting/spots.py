"""Spotting: from the cut, its features and what the user asks to the spotting notes (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from otio_soundtrack.errors import NothingToScoreError, SettingsError
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features, Region
from otio_soundtrack.model.plan import HitPoint, Spot
from otio_soundtrack.settings import SpottingAsk
from otio_soundtrack.spotting import cues, hits
from otio_soundtrack.spotting.cues import Read, Stretch
from otio_soundtrack.spotting.grammar import Word
from otio_soundtrack.spotting.numbers import numbered
from otio_soundtrack.times import extent, parse_frame, parse_range, timecode

HELD_PAUSE = 1.0
"""Seconds: over shorter pauses between two lines the music stays back (facts/trade-conventions.md §4)."""


def spots(cuts: CutList, features: Features, ask: SpottingAsk) -> tuple[Spot, ...]:
    """Return the spotting notes: which stretches get music, what it hits and where it stays out of the way of dialogue.

    Args:
        cuts: the cut, with its markers and tagged clips.
        features: what was seen and heard in it.
        ask: what the user asks.

    Returns:
        at least one spot, in order of time, without overlap.

    Raises:
        SettingsError: a time that does not exist in the cut, a range that ends before it starts, markers that do not pair, cues
            that overlap or share an id, a hit outside every cue.
        NothingToScoreError: nothing is tagged or marked as a cue, or nothing of it is left.
    """
    read = cues.read_markers(cuts)
    stretches = _stretches(cuts, read, ask)
    sources = _Sources(
        features=features,
        read=read,
        wanted=_user_frames(cuts, stretches, ask),
        quiet=_quiet(features, read, cuts.rate),
        rate=cuts.rate,
    )
    return tuple(_spot(stretch, sources, ask) for stretch in stretches)


def _stretches(cuts: CutList, read: tuple[Read, ...], ask: SpottingAsk) -> list[Stretch]:
    asked = {"whole": lambda: cues.whole(cuts), "tagged": lambda: cues.tagged(cuts), "markers": lambda: cues.marked(cuts, read)}
    first, after = (0, cuts.frames) if ask.range is None else parse_range(ask.range, cuts.rate, cuts.start_time, cuts.frames)
    inside = [
        replace(stretch, start=max(first, stretch.start), end=min(after, stretch.end))
        for stretch in asked[ask.cues]()
        if max(first, stretch.start) < min(after, stretch.end)
    ]
    if not inside:
        where = "inside the range" if ask.range else "inside the picture"
        raise NothingToScoreError(f"none of the cues lies {where}.", hint="Move them, or use --cues whole.")
    silences = [one.span for one in read if one.says(Word.SILENCE) and one.spanned]
    left = cues.silenced(inside, silences, max(1, round(cues.SHORTEST_PIECE * cuts.rate)))
    if not left:
        raise NothingToScoreError("the SILENCE markers leave nothing to score.", hint="Shorten or remove one of them.")
    return _checked(cuts, numbered(left))


def _user_frames(cuts: CutList, stretches: Iterable[Stretch], ask: SpottingAsk) -> list[int]:
    frames = [parse_frame(text, cuts.rate, cuts.start_time) for text in ask.hit]
    for text, frame in zip(ask.hit, frames, strict=True):
        if not 0 <= frame < cuts.frames:
            raise SettingsError(f"--hit {text} lies outside the cut.", hint=extent(cuts.frames, cuts.rate, cuts.start_time))
        if not any(stretch.start <= frame < stretch.end for stretch in stretches):
            raise SettingsError(f"--hit {text} lies in no cue.", hint="Move it into a cue, or widen the cue.")
    return frames


def _checked(cuts: CutList, stretches: list[Stretch]) -> list[Stretch]:
    for one, other in pairwise(stretches):
        if other.start < one.end:
            at = timecode(other.start, cuts.rate, cuts.start_time)
            raise SettingsError(
                f"{_asked_by(cuts, one)} and {_asked_by(cuts, other)} overlap at {at}.",
                hint="Let one end where the other begins: the music is one track.",
            )
    names = [stretch.cue_id for stretch in stretches]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"two cues are called {name.upper()}.", hint="Give each cue a number of its own.")
    return stretches


def _asked_by(cuts: CutList, stretch: Stretch) -> str:
    """Return what asks for a cue and where it lies, as an editor finds it."""
    first, after = (timecode(frame, cuts.rate, cuts.start_time) for frame in (stretch.start, stretch.end))
    return f"{stretch.asked_by or 'cue ' + stretch.cue_id} ({first} to {after})"


def _quiet(features: Features, read: Iterable[Read], rate: float) -> list[tuple[int, int]]:
    """Return where the music stays out of the way, in frames of the timeline: dialogue with its short pauses, DUCK markers."""
    ducked = [one.span for one in read if one.says(Word.DUCK) and one.spanned]
    joined: list[tuple[int, int]] = []
    for start, end in sorted([(region.start, region.end) for region in features.speech] + ducked):
        if joined and start - joined[-1][1] < HELD_PAUSE * rate:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """Where hit points and quiet stretches of all cues come from, on the timeline."""

    features: Features
    read: tuple[Read, ...]
    wanted: list[int]
    """Frames that the user wants hit."""
    quiet: list[tuple[int, int]]
    """Where the music stays out of the way."""
    rate: float


def _spot(stretch: Stretch, sources: _Sources, ask: SpottingAsk) -> Spot:
    clear = [(max(stretch.start, start), min(stretch.end, end)) for start, end in sources.quiet]
    return Spot(
        cue_id=stretch.cue_id,
        start=stretch.start,
        frames=stretch.end - stretch.start,
        hits=_hits(stretch, sources, ask),
        keep_clear=tuple(Region(start=start - stretch.start, end=end - stretch.start) for start, end in clear if start < end),
        prompt=stretch.prompt,
    )


def _hits(stretch: Stretch, sources: _Sources, ask: SpottingAsk) -> tuple[HitPoint, ...]:
    found = hits.user_hits(sources.wanted, stretch)
    if ask.hits in {None, "markers"}:
        found += hits.marker_hits(sources.read, stretch)
    if ask.hits in {None, "cuts"}:
        found += hits.cut_hits(sources.features.changes, stretch, found, sources.rate)
    return hits.merged(found)
