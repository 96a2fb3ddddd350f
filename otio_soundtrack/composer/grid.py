"""Beats and bars of a cue: the plan's tempo map, or without anchors its tempi, laid on its time.

Beats are numbered from the plan's first bar line (beat 0). With anchors the beats lie on the plan's tempo map. Without, the
beat never changes through sections of one tempo; where the next section has another tempo, the last bar before it is stretched
or squeezed a little so that the new tempo begins exactly on the picture change. Bars are counted anew in each section, from
the beat nearest to its start.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from otio_soundtrack.model.last_chord import MOST_SHARE, STING_S, last_chord_room
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.model.tempo_map import SECONDS_A_MINUTE, TempoMap, tempo_map
from otio_soundtrack.times import exact_rate, frame_seconds

HALVES = 2
"""Places a beat of a bending grid: anchors may lie on off-beat eighths, and are met exactly."""
_SHORTEST_BAR = 2
"""Beats: a rest shorter than this at the end of a section is added to the bar before it."""
_PICK_UP_LACKS = 0.5
"""Beats: a first bar that lacks more than this is a pick-up."""


@dataclass(frozen=True)
class Bar:
    """One bar."""

    beat: float
    """Beat number of its start; whole except for the bar in which the cue begins."""
    beats: float
    """Length in beats."""
    section: int
    """Index of its section in the plan."""
    place: int
    """0 for the first bar of its section, −1 for a pick-up: the part of a bar in which the cue begins."""
    of: int
    """Bars in its section, the pick-up left out."""


@dataclass(frozen=True)
class Grid:
    """Where beats and bars lie."""

    first: int
    """Number of the first beat in ``times``."""
    times: tuple[float, ...]
    """Seconds of the beats from ``first`` on, and of the places between them, from before the cue's start to after its end."""
    bars: tuple[Bar, ...]
    """All bars before the final chord; empty in a sting."""
    final: float
    """Beat number on which the final chord starts."""
    seconds: float
    """Length of the cue."""
    places: int = 1
    """Entries of ``times`` a beat."""

    def time(self, beat: float) -> float:
        """Return the seconds of a beat number, fractions between beats included."""
        place = (beat - self.first) * self.places
        index = min(max(floor(place), 0), len(self.times) - 2)
        here, there = self.times[index], self.times[index + 1]
        return here + (there - here) * (place - index)

    def beat(self, seconds: float) -> float:
        """Return the beat number at a time."""
        index = min(max(bisect_right(self.times, seconds) - 1, 0), len(self.times) - 2)
        here, there = self.times[index], self.times[index + 1]
        return self.first + (index + (seconds - here) / (there - here)) / self.places

    @property
    def beats_inside(self) -> tuple[float, ...]:
        """Seconds of every beat inside the cue."""
        return tuple(time for time in self.times[:: self.places] if 0 <= time < self.seconds)


def grid(plan: Plan) -> Grid:
    """Return beats and bars of a plan."""
    rate = exact_rate(plan.rate)
    total = float(frame_seconds(plan.frames, rate))
    curve = tempo_map(plan)
    bare, starts = _steady(plan, rate, total) if curve is None else _bending(plan, curve, rate, total)
    if total < STING_S:
        return replace(bare, final=bare.beat(0.0))
    bar_lines = _bar_lines(plan, starts, bare.beat(total))
    end = None if curve is None else curve.end
    final = _final_beat(plan, bare, bar_lines) if end is None else end
    return replace(bare, bars=_bars(plan, bar_lines, bare.beat(0.0), final), final=final)


def _bending(plan: Plan, curve: TempoMap, rate: Fraction, total: float) -> tuple[Grid, tuple[int, ...]]:
    """Return the beats of a tempo map, and the beat on which each section starts."""
    first, last = floor(curve.beat(0.0)) - 1, ceil(curve.beat(total)) + 1
    times = tuple(curve.time(first + place / HALVES) for place in range(HALVES * (last - first) + 1))
    starts = [first]
    for section in plan.sections[1:]:
        held = curve.anchored("section", section.start)
        beat = curve.beat(float(frame_seconds(section.start, rate))) if held is None else held
        starts.append(max(starts[-1], round(beat)))
    return Grid(first, times, (), 0.0, total, HALVES), tuple(starts)


def _steady(plan: Plan, rate: Fraction, total: float) -> tuple[Grid, tuple[int, ...]]:
    """Return the beats of sections that keep their tempi, and the beat on which each section starts."""
    period = SECONDS_A_MINUTE / plan.sections[0].tempo_bpm
    before = max(0, ceil(plan.first_beat / period)) + 1
    times = [plan.first_beat - period * count for count in range(before, -1, -1)]
    starts = [-before]
    for section, following in zip(plan.sections, (*plan.sections[1:], None), strict=True):
        period = SECONDS_A_MINUTE / section.tempo_bpm
        end = total + 2 * period if following is None else float(frame_seconds(following.start, rate))
        origin, count = times[-1], max(0, round((end - times[-1]) / period))
        times.extend(origin + period * number for number in range(1, count + 1))
        if following is not None:
            starts.append(len(times) - 1 - before)
            if following.tempo_bpm != section.tempo_bpm and count:
                _stretch(times, min(count, plan.beats_per_bar), end)
    return Grid(-before, tuple(times), (), 0.0, total), tuple(starts)


def _stretch(times: list[float], count: int, end: float) -> None:
    """Lay the last ``count`` beats evenly so that the last of them falls on ``end``."""
    origin = times[-1 - count]
    for number in range(1, count + 1):
        times[number - count - 1] = origin + (end - origin) * number / count


def _bar_lines(plan: Plan, starts: tuple[int, ...], last: float) -> list[tuple[int, int]]:
    """Return (beat, section) of every bar line up to the end of the cue."""
    lines: list[tuple[int, int]] = []
    for section, start in enumerate(starts):
        stop = starts[section + 1] if section + 1 < len(starts) else ceil(last)
        # the plan's first bar line is beat 0: count back from it to the bar in which the cue begins
        origin = -plan.beats_per_bar * ceil(-start / plan.beats_per_bar) if section == 0 else start
        section_lines = [(beat, section) for beat in range(origin, stop, plan.beats_per_bar)]
        if len(section_lines) > 1 and section + 1 < len(starts) and stop - section_lines[-1][0] < _SHORTEST_BAR:
            section_lines.pop()
        lines.extend(section_lines)
    return lines


def _final_beat(plan: Plan, grid: Grid, lines: list[tuple[int, int]]) -> float:
    """Return the beat for the final chord: a bar line where one fits, else a beat, else the nearest half beat."""
    last_section = plan.sections[-1]
    section_s = float(frame_seconds(last_section.end - last_section.start, exact_rate(plan.rate)))
    least, best, most = last_chord_room(plan.ending, last_section.instruments, section_s, grid.seconds)
    bar_lines = {beat for beat, _ in lines}

    def penalty(beat: float) -> float:
        room = grid.seconds - grid.time(beat)
        outside = max(least - room, room - most, 0.0)
        # seconds of distance that a place off the bar line, off the strong beats, off the beat counts as much as
        place = 0.0 if beat in bar_lines else 0.8 if beat in {line + 2 for line in bar_lines} else 1.4 if beat % 1 == 0 else 3.0
        return abs(room - best) * 0.5 + outside * 10 + place

    last = grid.beat(grid.seconds)
    halves = [number / 2 for number in range(ceil(2 * grid.beat(0.0)), floor(2 * last)) if grid.time(number / 2) > 0]
    return min(halves, key=penalty, default=grid.beat(grid.seconds * (1 - MOST_SHARE)))


def _bars(plan: Plan, lines: list[tuple[int, int]], start: float, final: float) -> tuple[Bar, ...]:
    """Return the bars between the cue's start and the final chord."""
    lines = [line for line in lines if line[0] < final]
    while len(lines) > 1 and lines[1][0] <= start:
        lines.pop(0)
    pick_up = len(lines) > 1 and lines[1][1] == 0 and lines[1][0] - start < plan.beats_per_bar - _PICK_UP_LACKS
    counts = [sum(section == wanted for _, section in lines) for wanted in range(len(plan.sections))]
    counts[0] -= pick_up
    bars: list[Bar] = []
    place = [-1] * len(plan.sections)
    for index, (beat, section) in enumerate(lines):
        begin = max(float(beat), start)
        end = lines[index + 1][0] if index + 1 < len(lines) else final
        place[section] += not (pick_up and index == 0)
        bars.append(Bar(begin, end - begin, section, place[section], counts[section]))
    return tuple(bars)
