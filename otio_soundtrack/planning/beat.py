"""The beat of a cue: tempo, phase and bar lines laid under its cuts, hits and sections (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.planning.tempo import TempoFit, first_bar_line, fit_tempo
from otio_soundtrack.times import frame_seconds

SECTION_WEIGHT = 3.0
"""Weight of a section start in the search for a tempo (facts/music.md §3.2)."""
HIT_WEIGHT = 1.5
"""Weight of a hit point that matters fully."""
START_WEIGHT = 1.0
"""Weight of the first frame: music likes to begin on a beat."""
FAINT_CUT_WEIGHT, STRONG_CUT_WEIGHT = 0.2, 1.0
_MICROSECONDS = 6
"""Decimals of seconds in the plan."""


@dataclass(frozen=True, kw_only=True)
class Beat:
    """Beat and bar lines of a cue."""

    fit: TempoFit
    first_line: float
    """Seconds from the first frame to the first bar line, below 0 when the cue begins inside a bar."""
    beats_per_bar: int


def points(spot: Spot, changes: tuple[PictureChange, ...], starts: list[int]) -> dict[int, float]:
    """Return the frames of a cue that like a beat, each with its weight.

    Args:
        spot: the cue.
        changes: picture changes of the timeline.
        starts: first frames of its sections.
    """
    found = {0: START_WEIGHT}
    for change in changes:
        if spot.start < change.frame < spot.end:
            found[change.frame - spot.start] = FAINT_CUT_WEIGHT + (STRONG_CUT_WEIGHT - FAINT_CUT_WEIGHT) * change.strength
    for hit in spot.hits:
        found[hit.frame] = max(found.get(hit.frame, FAINT_CUT_WEIGHT), HIT_WEIGHT * hit.weight)
    return found | dict.fromkeys(starts[1:], SECTION_WEIGHT)


def beat(
    spot: Spot, wanted: dict[int, float], starts: list[int], limits: tuple[float, float], beats_per_bar: int, *, rate: Fraction
) -> Beat:
    """Return the beat that meets the points of a cue best.

    Args:
        spot: the cue.
        wanted: frames with their weights, from :func:`points`.
        starts: first frames of its sections.
        limits: slowest and fastest tempo, beats a minute; equal where it is given.
        beats_per_bar: beats of a bar.
        rate: frames per second.
    """
    slowest, fastest = limits
    times = {frame: float(frame_seconds(frame, rate)) for frame in wanted}
    middle = (slowest + fastest) / 2
    fit = fit_tempo(list(times.values()), list(wanted.values()), slowest=slowest, fastest=fastest, favourite=middle)
    # each section counts its bars anew, so that the first bar line places the first section only: the hits in it, and its end
    hit = {point.frame for point in spot.hits} | {0, *starts[1:2]}
    end = starts[1] if len(starts) > 1 else spot.frames
    lined = [frame for frame in wanted if frame in hit and frame <= end]
    line = first_bar_line(fit, beats_per_bar, [times[frame] for frame in lined], [wanted[frame] for frame in lined])
    return Beat(fit=fit, first_line=round(line, _MICROSECONDS), beats_per_bar=beats_per_bar)
