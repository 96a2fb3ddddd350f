"""Seconds of a cue as ticks of a MIDI file: bars, metres and a tempo for every stretch of its beats.

The file begins with the cue, not with a bar. A first bar that lacks a part of a beat is written with whole eighths at a tempo
that makes it as long as it is; so is a last chord that does not fall on an eighth. All other bar lines, beats and eighths lie on
round ticks, whatever the tempo does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

from otio_soundtrack.composer.grid import Grid

TICKS_PER_QUARTER = 1920
"""Twice what sequencers count in: half a tick of the slowest beat (40 a minute) is 0.4 ms."""
TEMPO_SLACK_S = 50e-6
"""A tempo stays until it would be so far off: microseconds are whole numbers, and a steady beat shall be one tempo."""

_EIGHTH = TICKS_PER_QUARTER // 2
_MICRO = 1_000_000
_SHORT = 0.25
"""Beats: less than this is joined to the eighth beside it, as its own tempo would be absurd."""
_NOTHING = 1e-6
"""Beats that are rounding, not music."""


@dataclass(frozen=True)
class MidiClock:
    """The time of a file."""

    ticks: tuple[int, ...]
    """Where a tempo begins, the first 0."""
    seconds: tuple[float, ...]
    """When that is, in the time that a player counts from the tempi."""
    tempi: tuple[int, ...]
    """Microseconds a quarter note."""
    metres: tuple[tuple[int, int, int], ...]
    """Tick, upper and lower number of each new time signature."""

    def tick(self, seconds: float) -> int:
        """Return the tick nearest to a time, 0 for times before the start."""
        at = max(0, bisect_right(self.seconds, seconds) - 1)
        return max(0, self.ticks[at] + round((seconds - self.seconds[at]) * _MICRO * TICKS_PER_QUARTER / self.tempi[at]))


def midi_clock(grid: Grid, beats_per_bar: int) -> MidiClock:
    """Return the clock of a cue.

    Args:
        grid: its beats and bars.
        beats_per_bar: of the bars after the last chord has begun.
    """
    ticks, seconds, tempi, metres = [0], [0.0], [0], list[tuple[int, int, int]]()
    end_tick, end_s = 0, 0.0
    for first, last in _bars(grid, beats_per_bar):
        edges = list(_eighths(first, last))
        metre = _metre(len(edges) - 1)
        if not metres or metres[-1][1:] != metre:
            metres.append((end_tick, *metre))
        for edge in edges[1:]:
            wanted = grid.time(edge) - end_s
            if not tempi[-1] or abs(_lasts(tempi[-1]) - wanted) > TEMPO_SLACK_S:
                tempo = max(1, round(wanted * _MICRO * TICKS_PER_QUARTER / _EIGHTH))
                if end_tick:
                    ticks.append(end_tick)
                    seconds.append(end_s)
                    tempi.append(tempo)
                tempi[-1] = tempo
            end_tick, end_s = end_tick + _EIGHTH, end_s + _lasts(tempi[-1])
    return MidiClock(tuple(ticks), tuple(seconds), tuple(tempi), tuple(metres))


def _lasts(tempo: int) -> float:
    """Return the seconds of an eighth."""
    return tempo / _MICRO * _EIGHTH / TICKS_PER_QUARTER


def _metre(eighths: int) -> tuple[int, int]:
    """Return the time signature of a bar: quarters where they come out even."""
    return (eighths // 2, 4) if eighths % 2 == 0 else (eighths, 8)


def _bars(grid: Grid, beats_per_bar: int) -> Iterator[tuple[float, float]]:
    """Yield first and last beat of every bar from the cue's first sample to beyond its last.

    What is too short for a bar is joined to the bar after it, or before the last chord to the bar before it.
    """
    marks = [grid.beat(0.0)]
    for beat in (*(bar.beat for bar in grid.bars), *(bar.beat + bar.beats for bar in grid.bars[-1:]), grid.final):
        if beat - marks[-1] >= _SHORT or (len(marks) == 1 and beat - marks[-1] > _NOTHING):
            marks.append(beat)
    if len(marks) > 2 and marks[1] - marks[0] < _SHORT:
        marks.pop(1)
    if len(marks) > 1:
        marks[-1] = max(grid.final, marks[-1])
    yield from pairwise(marks)
    at = marks[-1]
    while grid.time(at) < grid.seconds:
        yield at, at + beats_per_bar
        at += beats_per_bar


def _eighths(first: float, last: float) -> Iterator[float]:
    """Yield the edges of the eighths of a bar; an odd piece of a beat at its edge is an eighth too, a longer or shorter one."""
    halves = (half / 2 for half in range(floor(2 * first) + 1, ceil(2 * last)))
    yield first
    yield from (edge for edge in halves if edge - first > _SHORT - _NOTHING and last - edge > _SHORT - _NOTHING)
    yield last
