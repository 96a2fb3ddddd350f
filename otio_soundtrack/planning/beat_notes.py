"""Why the beat of a plan is as it is, and what it misses, in sentences (pure)."""

from __future__ import annotations

from otio_soundtrack.model.plan import Plan
from otio_soundtrack.model.tempo_map import TempoMap, tempo_map
from otio_soundtrack.planning.elastic import Elastic
from otio_soundtrack.planning.tempo import TempoFit
from otio_soundtrack.times import exact_rate, frame_seconds

CHANCE_SCORE = 6.2
"""A tempo that scores less may well meet its points by chance: among thousands of tempi one always does. On 12 to 400 points at
random times the best tempo scores 5 in the median and 5.4 to 6.4 in the best of twenty (25 shuffles of each length)."""
FEW_CHANGES = 4
"""… and any tempo meets so few points."""
MOST_TOLD = 8
"""Misses that are told one by one."""


def constant_reasons(tempo: TempoFit, changes: int, *, asked: bool) -> tuple[str, ...]:
    """Return the reasons of a constant beat.

    Args:
        tempo: the beat.
        changes: picture changes and hit points that it was sought for.
        asked: whether the user asked for a constant beat; else the cue is too short to bend one.
    """
    why = "as asked" if asked else "because the cue is too short for another"
    return (_constant_reason(tempo, changes), f"The grid is constant, {why}: the tempo never bends.")


def _constant_reason(tempo: TempoFit, changes: int) -> str:
    beats = f"{tempo.bpm:.1f} beats a minute"
    if changes <= FEW_CHANGES:
        return f"{beats} lie in the range of the mood; there are too few picture changes to prefer a tempo."
    if tempo.score >= CHANCE_SCORE:
        return f"{beats} meet the picture changes better than chance would ({tempo.score:.1f} standard deviations above it)."
    return f"{beats} lie in the range of the mood; they meet the picture changes best, but hardly better than chance would."


def elastic_reasons(found: Elastic, plan: Plan) -> tuple[str, ...]:
    """Return the reasons of an elastic beat, and each section and hit that it misses with its error.

    Args:
        found: the beat.
        plan: the plan that holds it.
    """
    curve = tempo_map(plan)
    if curve is None:
        raise ValueError("an elastic beat has anchors, the plan has none")
    how = (
        f"The grid is elastic: around {found.bpm:.1f} beats a minute the tempo bends by up to {found.tolerance:.0%} between "
        f"anchors, so that {found.met} of {found.cuts} cuts lie within a frame of a beat or half beat."
    )
    told = [how]
    told += [_missed(frame, plan, curve) for frame in found.missed[:MOST_TOLD]]
    more = len(found.missed) - MOST_TOLD
    return (*told, f"{more} more section starts or hits are missed.") if more > 0 else tuple(told)


def _missed(frame: int, plan: Plan, curve: TempoMap) -> str:
    """Return the sentence about a section start or hit that is no anchor."""
    at = float(frame_seconds(frame, exact_rate(plan.rate)))
    late = curve.time(round(curve.beat(at))) - at
    what = "section start" if any(section.start == frame for section in plan.sections) else "hit"
    return (
        f"The {what} on frame {frame} cannot be met inside the tolerance: the nearest beat is "
        f"{abs(late) * plan.rate:.1f} frames {'late' if late > 0 else 'early'}."
    )
