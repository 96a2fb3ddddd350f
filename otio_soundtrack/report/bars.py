"""Where the bar lines of a plan lie (pure): the same counting as the composer's, for drawing."""

from __future__ import annotations

from math import ceil

from otio_soundtrack.model.plan import Plan
from otio_soundtrack.times import exact_rate, frame_seconds


def bar_lines(plan: Plan) -> tuple[float, ...]:
    """Return the bar lines of a plan, seconds from the first frame of the cue.

    Beats run on through sections of one tempo; each section counts its bars from the beat nearest to its start, the first
    from the plan's first bar line.
    """
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
