"""The tempo map of a plan: beats to seconds through its anchors (floor 1, pure).

The curve is a monotone piecewise cubic (Fritsch and Butland 1984, as in PCHIP): it goes through every anchor, beats never run
backwards, and the tempo has no steps. It is plain arithmetic on Python floats, so that every machine computes the same beats.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from otio_soundtrack.model.plan import Anchor, Plan
from otio_soundtrack.times import exact_rate, frame_seconds

SECONDS_A_MINUTE = 60.0
AGREES = 0.15
"""Share by which anchors may leave the tempo of their section: twice what planning allows in the freest mood. A person who
changes the tempo of a section means it, so that its anchors give way."""
LEAST_BEATS = 0.75
"""An arrival that the section's tempo brings sooner after an anchor has no beat of its own."""
STEADY_BEATS = 8
"""Beats before the first and after the last anchor until the tempo is the section's again."""


@dataclass(frozen=True)
class TempoMap:
    """Beats and seconds of a cue, each increasing; outside the knots the tempo of the outermost stretches goes on."""

    beats: tuple[float, ...]
    """Beat numbers of the knots, two at least."""
    times: tuple[float, ...]
    """Seconds of the knots from the first frame of the cue."""
    slopes: tuple[float, ...]
    """Seconds a beat at the knots."""
    anchors: tuple[Anchor, ...]
    """The anchors that hold, with the beat numbers that they have here."""

    def time(self, beat: float) -> float:
        """Return the seconds of a beat, fractions included."""
        if beat <= self.beats[0]:
            return self.times[0] + (beat - self.beats[0]) * self.slopes[0]
        if beat >= self.beats[-1]:
            return self.times[-1] + (beat - self.beats[-1]) * self.slopes[-1]
        at = bisect_right(self.beats, beat) - 1
        width, rise = self.beats[at + 1] - self.beats[at], self.times[at + 1] - self.times[at]
        share = (beat - self.beats[at]) / width
        here, there = self.slopes[at] * width, self.slopes[at + 1] * width
        # Hermite's cubic, written so that share 0 gives the knot itself
        return self.times[at] + share * (here + share * (3 * rise - 2 * here - there + share * (here + there - 2 * rise)))

    def beat(self, seconds: float) -> float:
        """Return the beat number at a time, to a billionth of a beat (bisection)."""
        if seconds <= self.times[0]:
            return self.beats[0] + (seconds - self.times[0]) / self.slopes[0]
        if seconds >= self.times[-1]:
            return self.beats[-1] + (seconds - self.times[-1]) / self.slopes[-1]
        at = bisect_right(self.times, seconds) - 1
        low, high = self.beats[at], self.beats[at + 1]
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if self.time(middle) <= seconds else (low, middle)
        return low

    @property
    def end(self) -> float | None:
        """Return the beat of the last chord, None where no anchor places it."""
        return next((one.beat for one in self.anchors if one.kind == "end"), None)

    def anchored(self, kind: str, frame: int) -> float | None:
        """Return the beat that holds on a frame as an anchor of a kind, None where there is none."""
        return next((one.beat for one in self.anchors if one.kind == kind and one.frame == frame), None)


def tempo_map(plan: Plan) -> TempoMap | None:
    """Return the tempo map of a plan, None for a plan without anchors, whose sections keep their tempi."""
    if not plan.anchors:
        return None
    rate = exact_rate(plan.rate)
    anchors = _holding(plan, rate)
    first, last = (SECONDS_A_MINUTE / plan.sections[index].tempo_bpm for index in (0, -1))
    beats = [0.0, *(one.beat for one in anchors)]
    times = [plan.first_beat, *(float(frame_seconds(one.frame, rate)) for one in anchors)]
    beats = [-float(STEADY_BEATS), *beats, beats[-1] + STEADY_BEATS]
    times = [times[0] - STEADY_BEATS * first, *times, times[-1] + STEADY_BEATS * last]
    return TempoMap(tuple(beats), tuple(times), _slopes(beats, times), anchors)


def _holding(plan: Plan, rate: Fraction) -> tuple[Anchor, ...]:
    """Return the anchors that hold, numbered on.

    An anchor that contradicts the tempo of its section gives way; a section start or an end that does takes the nearest whole
    number of beats, and what follows is counted from there.
    """
    kept: list[Anchor] = []
    at, beat, told = plan.first_beat, 0.0, 0.0
    for anchor in plan.anchors:
        frame = at * float(rate) + 0.5
        section = next(one for one in plan.sections if frame < one.end or one is plan.sections[-1])
        seconds = float(frame_seconds(anchor.frame, rate)) - at
        wanted = seconds * section.tempo_bpm / SECONDS_A_MINUTE
        beats = anchor.beat - told
        if abs(beats / wanted - 1) > AGREES:
            if anchor.kind not in ("section", "end") or wanted < LEAST_BEATS:
                continue
            beats = round(beat + wanted) - beat
        at, beat, told = at + seconds, beat + beats, anchor.beat
        kept.append(anchor.model_copy(update={"beat": beat}))
    return tuple(kept)


def _slopes(beats: list[float], times: list[float]) -> tuple[float, ...]:
    """Return the derivative at each knot: the weighted harmonic mean of the stretches beside it, at the ends their own."""
    widths = [there - here for here, there in pairwise(beats)]
    steep = [(there - here) / width for (here, there), width in zip(pairwise(times), widths, strict=True)]
    inner = []
    for number in range(1, len(widths)):
        before, after = 2 * widths[number] + widths[number - 1], widths[number] + 2 * widths[number - 1]
        inner.append((before + after) / (before / steep[number - 1] + after / steep[number]))
    return (steep[0], *inner, steep[-1])
