"""Where the bar lines and beats of a plan lie (pure): the same counting as the composer's, for drawing."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

from otio_soundtrack.model.plan import Plan
from otio_soundtrack.model.tempo_map import SECONDS_A_MINUTE, TempoMap, tempo_map
from otio_soundtrack.times import exact_rate, frame_seconds


def bar_lines(plan: Plan) -> tuple[float, ...]:
    """Return the bar lines of a plan, seconds from the first frame of the cue.

    Beats follow the anchors, or without any run on through sections of one tempo; each section counts its bars from the beat
    nearest to its start, the first from the plan's first bar line.
    """
    curve = tempo_map(plan)
    return _steady(plan) if curve is None else _bending(plan, curve)


def beat_times(plan: Plan) -> tuple[float, ...]:
    """Return the beats of a plan, seconds from the first frame of the cue.

    Where the tempo is constant, what lies before the first bar line is left out.
    """
    curve = tempo_map(plan)
    end = float(frame_seconds(plan.frames, exact_rate(plan.rate)))
    if curve is not None:
        return tuple(curve.time(beat) for beat in range(ceil(curve.beat(0.0)), ceil(curve.beat(end))))
    beats: list[float] = []
    for at, following in pairwise([*_steady(plan), end]):
        section = next(one for one in plan.sections if at * plan.rate < one.end)
        period = SECONDS_A_MINUTE / section.tempo_bpm
        beats += [at + number * period for number in range(max(1, round((following - at) / period)))]
    return tuple(beats)


def _bending(plan: Plan, curve: TempoMap) -> tuple[float, ...]:
    """Return the bar lines of a plan with anchors."""
    rate = exact_rate(plan.rate)
    ends = [float(frame_seconds(section.end, rate)) for section in plan.sections]
    starts = [ceil(curve.beat(0.0)) // plan.beats_per_bar * plan.beats_per_bar, *(round(curve.beat(end)) for end in ends)]
    numbers = (number for start, following in pairwise(starts) for number in range(start, following, plan.beats_per_bar))
    return tuple(at for at in map(curve.time, numbers) if 0 <= at < ends[-1])


def _steady(plan: Plan) -> tuple[float, ...]:
    """Return the bar lines of a plan whose sections keep their tempi."""
    rate = exact_rate(plan.rate)
    lines: list[float] = []
    anchor = plan.first_beat
    for number, section in enumerate(plan.sections):
        start, end = float(frame_seconds(section.start, rate)), float(frame_seconds(section.end, rate))
        beat = 60 / section.tempo_bpm
        if number and section.tempo_bpm == plan.sections[number - 1].tempo_bpm:
            anchor += round((start - anchor) / beat) * beat
        elif number:
            anchor = start
        bar = beat * plan.beats_per_bar
        at = anchor + ceil((max(0.0, start - beat / 2) - anchor) / bar) * bar
        while at < end - beat / 2:
            lines.append(at)
            at += bar
    return tuple(lines)
