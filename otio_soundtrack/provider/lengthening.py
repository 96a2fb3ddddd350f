"""The one policy by which a take is extended until it is long enough (pure).

1. A take is long enough when its *measured* music lasts as long as the cue and :data:`LEEWAY_S` more.
2. A shorter one is continued from the last bar line well before its own ending, so that no ending stands in the middle.
3. Services do not say whether they send the whole song or the new part only. Shorter than what was before and
   :data:`PART_S`: a part. Else both beginnings are compared: the same music means the whole.
4. A part is joined by the service where it can (and the result is measured), else here.
5. It stops: long enough, at the limit of paid calls, at the model's longest song, after a round that adds less than
   :data:`LEAST_GAIN_S`, or when the service or the purse refuses. What is there then is used, and the user is told.

Sources: the procedures of the services' sheets (musicapi §6, suno §6); the numbers below are theirs where it is said so.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from otio_soundtrack.errors import JobFailedError, RefusedError
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.steps import Course, Hear, Heard, Join, SameStart, fetched, heard
from otio_soundtrack.provider.takes import FINAL, Part, Take, Track, listened

LEEWAY_S = 2.0
"""How much longer than the cue: one bar at 120 BPM, so that the fit may choose where to begin and how to reach the ending."""
ENDING_S = 8.0
"""Before the end of a take that comes to rest: two bars at 60 BPM, its last phrase and last chord."""
CLEARANCE_S = 2.0
"""Before the end of a take that breaks off: the service hears a beat or two of what it shall continue from."""
PART_S = 5.0
"""A clip shorter than the continuation point and this holds the new part only (sheets)."""
LEAST_GAIN_S = 5.0
"""A round that adds less was the last (sheets)."""
JOINED_WITHIN_S = 3.0
"""How far the length of a song that the service joined may be from the sum of its parts (musicapi sheet)."""


class Extend(Protocol):
    """Has a clip continued."""

    def __call__(self, label: str, track: Track, at: float, /, *, last: bool) -> Course[tuple[Track, ...]]:
        """Return the course to the clips that continue ``track`` from ``at`` seconds; ``last``: it may come to rest in them."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How long the songs of a model are, as far as anybody knows."""

    first: tuple[float, float]
    """Seconds of a first song: short and long ones."""
    more: tuple[float, float]
    """Seconds that a continuation adds: short and long ones."""
    longest: float
    """Seconds of the longest song."""


@dataclass(frozen=True, kw_only=True)
class Studio:
    """How a service makes a song longer."""

    extend: Extend
    join: Callable[[str, Track], Course[tuple[Track, ...]]] | None
    """Has the service join a continuation (its clip) to its source; None where it cannot."""
    reach: Reach


@dataclass
class Allowance:
    """Paid calls that lengthening may still make in this job."""

    left: int

    def spend(self) -> None:
        """Count one."""
        self.left -= 1


def enough(seconds: float) -> float:
    """Return how long the music for a cue of so many seconds must last."""
    return seconds + LEEWAY_S


def continue_at(sound: Heard) -> float:
    """Return the second from which a take is continued: its last bar line well before its own ending, in 10 ms.

    Without a bar line there, the latest second that is far enough from the ending, but never in the first half.
    """
    end = min(sound.sounding_until, sound.seconds)
    latest = end - (ENDING_S if sound.ends else CLEARANCE_S)
    lines = [line for line in sound.bars if end / 2 <= line <= latest]
    return round(max(lines) if lines else max(end / 2, latest), 2)


def likely_rounds(seconds: float, reach: Reach, first: tuple[float, float] | None = None) -> tuple[int, int]:
    """Return how many extensions a cue is likely to need, at least and at most.

    Args:
        seconds: of the cue.
        reach: of the model.
        first: seconds of the first song where they are asked for, None for the model's own.
    """
    short, long = first or reach.first
    most = min(enough(seconds), reach.longest)
    fewest = (most - long) / (reach.more[1] - ENDING_S)
    return max(0, math.ceil(fewest)), max(0, math.ceil((most - short) / (reach.more[0] - ENDING_S)))


def policy(seconds: float, most_calls: int, reach: Reach) -> tuple[str, ...]:
    """Return the policy for a cue in sentences."""
    rule = (
        f"Takes are extended until their music lasts {enough(seconds):.1f} s (the cue and {LEEWAY_S:g} s for the fit), "
        f"from the last bar line before their own ending, by {most_calls} further paid calls at most; "
        f"a round that adds less than {LEAST_GAIN_S:g} s is the last."
    )
    if enough(seconds) <= reach.longest:
        return (rule,)
    return (rule, f"The model's songs end at {reach.longest:g} s: the fit repeats bars for the rest of the cue.")


def lengthened(
    label: str, take: Take, seconds: float, studio: Studio, allowance: Allowance
) -> Course[tuple[Take, tuple[str, ...]]]:
    """Return the course that extends a take until it is long enough for a cue.

    Args:
        label: of the take, unique in its job.
        take: as the service made it.
        seconds: of the cue.
        studio: how the service makes songs longer.
        allowance: paid calls that are left; what is made here is taken from it.

    Returns:
        the longest take that was reached, and what the user should be told.
    """
    notes: list[str] = []
    number = 0
    while take.end < enough(seconds):
        if take.end > studio.reach.longest - LEAST_GAIN_S:
            notes.append(f"{label} has reached the model's longest song, {studio.reach.longest:g} s.")
            break
        if allowance.left < 1:
            notes.append(f"{label} was not extended further: the limit of paid calls is reached.")
            break
        number += 1
        try:
            longer, told = yield from _round(f"{label} extend {number}", take, seconds, studio, allowance)
        except FINAL as error:
            notes.append(f"{label} was not extended further: {error.message}")
            break
        notes += told
        gain = longer.end - take.end
        take = longer if gain > 0 else take
        if gain < LEAST_GAIN_S and take.end < enough(seconds):
            notes.append(f"Round {number} of {label} added {max(gain, 0.0):.1f} s: it was the last.")
            break
    if take.end < seconds:
        notes.append(f"{label} lasts {take.end:.1f} s and the cue {seconds:.1f} s: the fit repeats bars of it.")
    return take, tuple(notes)


def _round(label: str, take: Take, seconds: float, studio: Studio, allowance: Allowance) -> Course[tuple[Take, tuple[str, ...]]]:
    """Extend once."""
    source = take.parts[-1]
    try:
        at, tracks = yield from _extended(label, source, seconds, studio, allowance)
    except RefusedError:
        if take.newest is None or allowance.left < 1:
            raise
        source = take.newest
        at, tracks = yield from _extended(f"{label} from its newest part", source, seconds, studio, allowance)
    parts, notes = yield from listened(label, tracks)
    if not parts:
        raise JobFailedError(f"no clip of {label} could be used.", hint=" ".join(notes))
    new = max(parts, key=lambda part: part.end)
    whole = False
    if new.heard.seconds >= at + PART_S:
        whole = yield _same_start(f"{label} same start", source.file, new.file, at)
    seam = source.starts_at + at
    if whole:
        longer = yield from _laid(label, take, replace(new, starts_at=source.starts_at), seam)
        return longer, notes
    new = replace(new, starts_at=seam)
    if studio.join is not None and take.parts == (source,) and allowance.left > 0:
        allowance.spend()
        joined, told = yield from _joined_there(label, take, new, studio.join)
        notes += told
        if joined is not None:
            return joined, notes
    longer = yield from _laid(label, take, new, seam)
    return longer, notes


def _extended(
    label: str, source: Part, seconds: float, studio: Studio, allowance: Allowance
) -> Course[tuple[float, tuple[Track, ...]]]:
    at = continue_at(source.heard)
    allowance.spend()
    reached = source.starts_at + at + studio.reach.more[0]
    tracks = yield from studio.extend(label, source.track, at, last=reached >= enough(seconds))
    return at, tracks


def _joined_there(
    label: str, take: Take, new: Part, join: Callable[[str, Track], Course[tuple[Track, ...]]]
) -> Course[tuple[Take | None, tuple[str, ...]]]:
    """Have the service join a continuation; None where what it gives is not source and continuation."""
    try:
        tracks = yield from join(f"{label} join", new.track)
    except FINAL as error:
        return None, (f"The service did not join {label}, so it was joined here: {error.message}",)
    parts, notes = yield from listened(f"{label} join", tracks)
    for number, part in enumerate(parts, start=1):
        if abs(part.heard.seconds - new.starts_at - new.heard.seconds) > JOINED_WITHIN_S:
            continue
        same = yield _same_start(f"{label} join same start {number}", take.file, part.file, new.starts_at)
        if same:
            joins = (*take.joins, new.starts_at)
            return Take(file=part.file, heard=part.heard, parts=(part,), joins=joins, newest=new), notes
    return None, (*notes, f"What the service joined for {label} is not its parts one after the other, so it was joined here.")


def _same_start(label: str, one: Fetched, other: Fetched, until: float) -> SameStart:
    """Return the comparison of two beginnings that part at ``until`` seconds at the latest."""
    return SameStart(label=label, one=one, other=other, seconds=min(SameStart.seconds, until))


def _laid(label: str, take: Take, new: Part, seam: float) -> Course[Take]:
    """Lay a clip into a take from where it begins; the music goes on from ``seam`` in it."""
    kept = tuple(part for part in take.parts if part.starts_at < new.starts_at)
    joins = (*(one for one in take.joins if one < seam), seam)
    if not kept:
        return Take(file=new.file, heard=new.heard, parts=(new,), joins=joins)
    file = yield from fetched(Join(label=f"{label} joined here", first=take.file, at_seconds=new.starts_at, second=new.file))
    sound = yield from heard(Hear(label=f"{label} joined here sound", file=file))
    return Take(file=file, heard=sound, parts=(*kept, new), joins=joins)
