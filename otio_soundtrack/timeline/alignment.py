"""Two versions of a cut, shot against shot (pure).

A shot is found again by its source and by how much of that source both versions show; where the same is shown twice, by its
distance from the beginning or the end. What kept its order relative to most others stayed, whatever was taken out or put in
before it; the rest moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from otio_soundtrack.model.conform import Shot, ShotChange
from otio_soundtrack.times import frame_seconds, frames_at

_SLIP_FRAMES = 0.5
"""Source that begins within half a frame of where it began is not trimmed: formats round."""
_SPEED = 1e-3
"""Speeds that differ by less are the same: formats write percents."""


@dataclass(frozen=True)
class Alignment:
    """Which shot of one version is which of the other."""

    old: tuple[Shot, ...]
    new: tuple[Shot, ...]
    rate: Fraction
    """Frames per second of both."""
    pairs: dict[int, int]
    """Number of an old shot → number of the new one."""
    stayed: frozenset[int]
    """Old shots that kept their order."""

    def frame(self, frame: int) -> int | None:
        """Return where the picture of a frame of the old version lies in the new one, None where it is gone."""
        number = next((number for number, shot in enumerate(self.old) if shot.start <= frame < shot.end), None)
        if number is None or number not in self.pairs:
            return None
        was, now = self.old[number], self.new[self.pairs[number]]
        if abs(was.speed - now.speed) > _SPEED:
            return None
        there = now.start + frame - was.start - _slip(was, now, self.rate)
        return there if now.start <= there < now.end else None

    def stretch(self, first: int, after: int) -> tuple[int, int] | None:
        """Return where the pictures of a range lie that kept their order; None where none did."""
        found = []
        for number in self.stayed:
            was, now = self.old[number], self.new[self.pairs[number]]
            if was.start < after and was.end > first:
                head = self.frame(first) if was.start < first else now.start
                tail = self.frame(after - 1) if was.end > after else now.end - 1
                found.append((now.start if head is None else head, now.end if tail is None else tail + 1))
        return (min(start for start, _ in found), max(end for _, end in found)) if found else None

    def changes(self, old: range, new: range, codes: tuple[Sequence[str], Sequence[str]]) -> Iterator[ShotChange]:
        """Yield what became of the shots of a stretch.

        Args:
            old: numbers of old shots.
            new: numbers of new shots.
            codes: record timecodes of all old and of all new shots.
        """
        back = {there: here for here, there in self.pairs.items()}
        gone = iter([number for number in old if number not in self.pairs or self.pairs[number] not in new])
        waiting = next(gone, None)
        for number in new:
            came = back.get(number)
            kept = came if came is not None and came in old else None
            while waiting is not None and kept in self.stayed and kept is not None and waiting < kept:
                yield _change("removed", self.old[waiting], None, codes[0][waiting], None)
                waiting = next(gone, None)
            kind = "added" if kept is None else self._kind(kept)
            if kind:
                was = None if kept is None else self.old[kept]
                yield _change(kind, was, self.new[number], None if kept is None else codes[0][kept], codes[1][number])
        for number in [] if waiting is None else [waiting, *gone]:
            yield _change("removed", self.old[number], None, codes[0][number], None)

    def _kind(self, number: int) -> str:
        was, now = self.old[number], self.new[self.pairs[number]]
        if number not in self.stayed:
            return "moved"
        if abs(was.speed - now.speed) > _SPEED:
            return "retimed"
        return "trimmed" if was.frames != now.frames or _slip(was, now, self.rate) else ""


def aligned(old: Sequence[Shot], new: Sequence[Shot], rate: Fraction) -> Alignment:
    """Return which shots of two versions are the same.

    Args:
        old: shots of the earlier version, in order.
        new: shots of this one.
        rate: frames per second of both.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    # by the name of the clip where the source is another: media that were missing, or are now
    for key in (_source, _name):
        left = [number for number in range(len(old)) if number not in pairs], [n for n in range(len(new)) if n not in taken]
        found = _candidates(old, new, left, key, rate)
        for _, here, there in sorted(found, key=lambda one: (-one[0], _apart(old, new, one[1], one[2]), one[1])):
            if here not in pairs and there not in taken:
                pairs[here] = there
                taken.add(there)
    return Alignment(tuple(old), tuple(new), rate, pairs, _in_order(pairs))


def _apart(old: Sequence[Shot], new: Sequence[Shot], here: int, there: int) -> int:
    """Return by how many frames two shots lie apart, seen from the end that they are nearer to: cuts change somewhere between."""
    return min(abs(old[here].start - new[there].start), abs(old[-1].end - old[here].end - new[-1].end + new[there].end))


def _source(shot: Shot) -> str:
    return shot.source


def _name(shot: Shot) -> str:
    return shot.name


def _candidates(
    old: Sequence[Shot],
    new: Sequence[Shot],
    left: tuple[Sequence[int], Sequence[int]],
    key: Callable[[Shot], str],
    rate: Fraction,
) -> Iterator[tuple[float, int, int]]:
    """Yield seconds of source that two shots share, with their numbers; of those that are left over on either side."""
    by_key: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for number in left[1]:
        by_key[key(new[number])].append((*_span(new[number], rate), number))
    for places in by_key.values():
        places.sort()
    longest = {name: max(last - first for first, last, _ in places) for name, places in by_key.items()}
    for number in left[0]:
        first, last = _span(old[number], rate)
        name = key(old[number])
        places = by_key.get(name, [])
        for begin, end, other in places[bisect_left(places, (first - longest.get(name, 0.0), 0.0, -1)) :]:
            if begin >= last:
                break
            shared = min(last, end) - max(first, begin)
            if shared > 0:
                yield round(shared, 3), number, other


def _span(shot: Shot, rate: Fraction) -> tuple[float, float]:
    """Return first and last second of the source that a shot shows; of a still as long as it stands."""
    length = float(frame_seconds(shot.frames, rate))
    ends = (shot.at, shot.at + length * (shot.speed or 1.0))
    return min(ends), max(ends)


def _slip(was: Shot, now: Shot, rate: Fraction) -> int:
    """Return by how many frames of record the source begins later than it did."""
    if not was.speed:
        return 0
    frames = (now.at - was.at) / was.speed * float(rate)
    return 0 if abs(frames) <= _SLIP_FRAMES else round(frames)


def _in_order(pairs: dict[int, int]) -> frozenset[int]:
    """Return the old numbers of the longest run of pairs whose order is the same in both (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    came: dict[int, int | None] = {}
    for here in sorted(pairs):
        place = bisect_left(tops, pairs[here])
        tops[place : place + 1] = [pairs[here]]
        piles[place : place + 1] = [here]
        came[here] = piles[place - 1] if place else None
    kept: list[int] = []
    last = piles[-1] if piles else None
    while last is not None:
        kept.append(last)
        last = came[last]
    return frozenset(kept)


def _change(kind: str, was: Shot | None, now: Shot | None, before: str | None, after: str | None) -> ShotChange:
    return ShotChange.model_validate(
        {
            "kind": kind,
            "name": (now or was or _NOTHING).name,
            "before": before,
            "after": after,
            "frames_before": None if was is None else was.frames,
            "frames_after": None if now is None else now.frames,
        }
    )


_NOTHING = Shot(start=0, frames=0, name="", source="", at=0.0)


def at_rate(shots: Sequence[Shot], rate: Fraction, wanted: Fraction) -> tuple[Shot, ...]:
    """Return shots of a cut at one rate as frames of another."""
    if rate == wanted:
        return tuple(shots)
    return tuple(
        shot.model_copy(
            update={
                "start": frames_at(frame_seconds(shot.start, rate), wanted),
                "frames": frames_at(frame_seconds(shot.end, rate), wanted) - frames_at(frame_seconds(shot.start, rate), wanted),
            }
        )
        for shot in shots
    )
