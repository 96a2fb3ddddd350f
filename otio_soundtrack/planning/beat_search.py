"""The search behind the elastic beat: which points of a cue lie on which beats (pure, exact, linear in the points).

Dynamic programming over (point, where in the bar it lies). A stretch from one anchored point to a later one holds a whole
number of half beats whose tempo lies within the tolerance of the nominal tempo. Where in the bar a point lies is all that the
future needs to know of the past, so that nothing has to be pruned: the best path is found for every nominal tempo, all at once.

The method is that of facts/music.md §3.2; there the state was the number of the beat, and only the 24 best were kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNITS = 2
"""Places a beat: beat and off-beat eighth."""
LAGS = (*range(1, 13), 16, 24, 32, 48, 64)
"""Points back at which a stretch may begin: the near ones for the choice, the far ones so that some stretch is always long enough
to hold a whole number of half beats inside the tolerance."""
START_REACH = 80
"""Points that may be reached from the first beat, longer than the farthest lag for the same reason."""
STARTS = 8
"""First beats tried inside the first beat of the cue: eighths of it."""
NEAREST = 1
"""Numbers of half beats tried on each side of the one nearest to the nominal tempo; two bring nothing (12 edits, same
figures)."""
LEAST_UNITS = UNITS
"""Shortest stretch: one beat."""
LAST_LEAST_UNITS = 2 * UNITS
"""Shortest stretch before the last chord: half a bar."""
STEADY_SECONDS = 4.0
"""Stretches that are shorter bend the tempo for a shorter time and cost less."""
BEND_COST = 0.5
"""Cost of a stretch at the edge of the tolerance, in weights of a strong cut: a cut is worth bending for, half of one is not."""
LATE_START_COST = 0.02
"""Cost of each eighth of a beat before the first beat: music likes to begin with the picture."""
BAR_BONUS, OFF_BEAT_SHARE = 1.25, 0.3
"""What a point on a bar line, and on an off-beat eighth, is worth against one on a beat; more for eighths (0.5 in facts/music.md
§3.2) takes as many cuts from the beats as it brings to the eighths."""
SLACK_COST = 0.1
"""Share of a point's weight that being one frame beside it costs."""
WHOLE_BAR_BONUS, ODD_BAR_COST = 1.0, 3.0
"""A section start after whole bars, and one after a bar that is neither whole nor half."""
END_BAR, END_HALF, END_ODD = 1.0, 0.3, -1.0
"""The last chord on a bar line, in the middle of a bar, on another beat."""
END_DISTANCE_COST = 0.15
"""Cost of each second that the last chord is off its best place."""
PULL = 0.5
"""What a tempo at the edge of the range must gain over one in the middle."""
_NEVER = -np.inf
_START = -1


@dataclass(frozen=True, kw_only=True)
class Point:
    """A frame that likes a beat."""

    frame: int
    """Frame of the cue."""
    weight: float
    """How much it matters; a strong cut is 1."""
    kind: Literal["section", "hit", "cut"]
    """Sections begin a bar; hits want a whole beat; both on the very frame."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is sought."""

    points: tuple[Point, ...]
    """In order."""
    rate: float
    """Frames per second."""
    slack: int
    """Frames that a beat may lie beside a cut."""
    ends: tuple[int, ...]
    """Frames on which the last chord may start."""
    best_end: float
    """Frame on which it would start best."""
    tempi: Floats
    """Nominal tempi tried, beats a minute."""
    favourite: float
    """Tempo that is preferred where points do not care, and how far the range reaches from it."""
    width: float
    tolerance: float
    """Share by which the tempo of a stretch may leave the nominal one."""
    beats_per_bar: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best path."""

    bpm: float
    """Nominal tempo."""
    score: float
    first_beat: float
    """Seconds of beat 0, a bar line."""
    places: tuple[tuple[int, int, str], ...]
    """Frame, half beats from beat 0 and kind of each anchor; the last is the end."""


@dataclass(frozen=True)
class _Arrivals:
    """Best ways to a group of places [shape=(places, tempi, half beats of a bar)]."""

    score: Floats
    source: NDArray[np.int32]
    """Where the last stretch begins: −1 and below the first beats, else the point and its side as one number."""
    units: NDArray[np.int32]
    """Half beats of the last stretch."""


class BeatSearch:
    """One search; ``best`` is its answer."""

    def __init__(self, task: Task) -> None:
        """Prepare a search."""
        self._task = task
        self._per_second = task.tempi / 60 * UNITS
        self._bar = task.beats_per_bar * UNITS
        self._slack = np.arange(-task.slack, task.slack + 1)
        count, tempi = len(task.points), len(task.tempi)
        shape = (count, len(self._slack), tempi, self._bar)
        self._score = np.full(shape, _NEVER)
        self._from = np.zeros(shape, np.int32)
        self._units = np.zeros(shape, np.int32)
        self._came = np.zeros(shape, np.int8)
        frames = np.array([point.frame for point in task.points], np.float64)
        self._seconds = (frames[:, np.newaxis] + self._slack) / task.rate
        eighths = np.arange(STARTS)[:, np.newaxis]
        self._starts = eighths / STARTS * UNITS / self._per_second
        self._start_score = np.full((STARTS, tempi, self._bar), _NEVER)
        self._start_score[:, :, 0] = -LATE_START_COST * eighths

    def best(self) -> Found | None:
        """Return the best path, None where no tempo of the range brings the last chord to a place where it may be."""
        for number in range(len(self._task.points)):
            self._arrive(number)
        last = len(self._task.points)
        rows = list(range(max(0, last - START_REACH), last))
        pull = PULL * ((self._task.tempi - self._task.favourite) / self._task.width) ** 2
        best: Found | None = None
        for frame in self._task.ends:
            at = np.array([frame / self._task.rate])
            arrived = self._relax(rows, at, LAST_LEAST_UNITS, from_start=last <= START_REACH)
            merit = arrived.score[0] + self._end_worth(frame) - pull[:, np.newaxis]
            tempo, phase = divmod(int(merit.argmax()), self._bar)
            score = float(merit[tempo, phase])
            if score > (best.score if best else _NEVER):
                end = (frame, int(arrived.units[0, tempo, phase]), int(arrived.source[0, tempo, phase]))
                best = self._traced(end, tempo, phase, score)
        return best

    def _arrive(self, number: int) -> None:
        """Find the best ways to a point."""
        point = self._task.points[number]
        middle = self._task.slack
        sides = slice(None) if point.kind == "cut" else slice(middle, middle + 1)
        rows = [number - lag for lag in LAGS if lag <= number]
        arrived = self._relax(rows, self._seconds[number, sides], LEAST_UNITS, from_start=number < START_REACH)
        beside = 1 - SLACK_COST * np.abs(self._slack[sides])
        score = arrived.score + (self._worth(point) * beside[:, np.newaxis])[:, np.newaxis, :]
        came = np.broadcast_to(np.arange(self._bar), score.shape)
        if point.kind == "section":
            # bars are counted anew: whichever place of the old bar it was, it is a bar line now
            came = np.broadcast_to(score.argmax(axis=2)[:, :, np.newaxis], score.shape)
            score = np.where(np.arange(self._bar) == 0, np.take_along_axis(score, came, axis=2), _NEVER)
        self._score[number, sides] = score
        self._from[number, sides] = np.take_along_axis(arrived.source, came, axis=2)
        self._units[number, sides] = np.take_along_axis(arrived.units, came, axis=2)
        self._came[number, sides] = came

    def _relax(self, rows: list[int], targets: Floats, least: int, *, from_start: bool) -> _Arrivals:
        """Return the best ways to times from the first beat and from the points in ``rows``."""
        task, tempi = self._task, len(self._task.tempi)
        times = np.concatenate([self._starts, np.repeat(self._seconds[rows].reshape(-1, 1), tempi, axis=1)])
        scores = np.concatenate([self._start_score, self._score[rows].reshape(-1, tempi, self._bar)])
        if not from_start:
            scores[:STARTS] = _NEVER
        # axes: place, tempo, source, choice of the number of half beats
        ideal = ((targets[:, np.newaxis, np.newaxis] - times.T) * self._per_second[:, np.newaxis])[..., np.newaxis]
        units = np.rint(ideal) + np.arange(-NEAREST, NEAREST + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            bend = (units / ideal - 1) / task.tolerance
            possible = (ideal > 0) & (units >= least) & (np.abs(bend) <= 1)
        possible &= np.isfinite(scores).any(axis=2).T[np.newaxis, :, :, np.newaxis]
        place, tempo, source, choice = np.nonzero(possible)
        taken = units[place, tempo, source, choice].astype(np.int64)
        seconds = ideal[place, tempo, source, 0] / self._per_second[tempo]
        cost = BEND_COST * bend[place, tempo, source, choice] ** 2 * np.minimum(1.0, seconds / STEADY_SECONDS)
        phases = (np.arange(self._bar) - taken[:, np.newaxis]) % self._bar
        worth = scores[source[:, np.newaxis], tempo[:, np.newaxis], phases] - cost[:, np.newaxis]
        many = 2 * NEAREST + 1
        choices = len(times) * many
        table = np.full((len(targets), tempi, choices, self._bar), _NEVER)
        table[place, tempo, source * many + choice] = worth
        winner = table.argmax(axis=2)
        best = np.take_along_axis(table, winner[:, :, np.newaxis, :], axis=2)[:, :, 0, :]
        chosen = np.take_along_axis(
            units.reshape(len(targets), tempi, choices), winner.reshape(len(targets), tempi, -1), axis=2
        ).reshape(winner.shape)
        sides = len(self._slack)
        codes = [_START - number for number in range(STARTS)] + [row * sides + side for row in rows for side in range(sides)]
        return _Arrivals(best, np.array(codes, np.int32)[winner // many], chosen.astype(np.int32))

    def _worth(self, point: Point) -> Floats:
        """Return what a point is worth at each place of the bar."""
        places = np.arange(self._bar)
        whole = places % UNITS == 0
        if point.kind == "section":
            half = (places * 2) % self._bar == 0
            worth = np.where(
                places == 0, point.weight + WHOLE_BAR_BONUS, np.where(half, point.weight, point.weight - ODD_BAR_COST)
            )
            return np.where(whole, worth, _NEVER)
        off_beat = OFF_BEAT_SHARE * point.weight if point.kind == "cut" else _NEVER
        return np.where(places == 0, BAR_BONUS * point.weight, np.where(whole, point.weight, off_beat))

    def _end_worth(self, frame: int) -> Floats:
        """Return what the last chord on a frame is worth at each place of the bar."""
        places = np.arange(self._bar)
        worth = np.where(places == 0, END_BAR, np.where((places * 2) % self._bar == 0, END_HALF, END_ODD))
        away = abs(frame - self._task.best_end) / self._task.rate
        return np.where(places % UNITS == 0, worth - END_DISTANCE_COST * away, _NEVER)

    def _traced(self, end: tuple[int, int, int], tempo: int, phase: int, score: float) -> Found:
        """Return the way back from an end: its frame, the half beats before it, and where they begin."""
        frame, units, at = end
        steps = [(frame, units, "end")]
        phase = (phase - units) % self._bar
        while at > _START:
            number, side = divmod(at, len(self._slack))
            here = (number, side, tempo, phase)
            point, units = self._task.points[number], int(self._units[here])
            steps.append((point.frame + int(self._slack[side]), units, point.kind))
            phase, at = (int(self._came[here]) - units) % self._bar, int(self._from[here])
        places, total = [], 0
        for frame, units, kind in reversed(steps):
            total += units
            places.append((frame, total, kind))
        start = float(self._starts[_START - at, tempo])
        return Found(bpm=float(self._task.tempi[tempo]), score=score, first_beat=start, places=tuple(places))
