"""The elastic beat: a tempo that bends a little, so that picture changes lie on beats and sections begin with a bar (pure).

The nominal tempo stays inside the range of the mood; between two anchors it may leave that by :data:`TOLERANCE`. Sections and
hits are met on the very frame, other cuts within :data:`NEAR_S`; what cannot be met is left to fall where it falls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log

import numpy as np

from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.model.last_chord import STING_S
from otio_soundtrack.model.plan import Anchor, Mood, Spot
from otio_soundtrack.planning.beat_search import UNITS, BeatSearch, Floats, Found, Point, Task

TOLERANCE: Mapping[Mood, float] = {
    Mood.CALM: 0.05,
    Mood.HOPEFUL: 0.04,
    Mood.PLAYFUL: 0.02,
    Mood.WONDER: 0.08,
    Mood.SAD: 0.05,
    Mood.TENSE: 0.04,
    Mood.MYSTERIOUS: 0.08,
    Mood.EPIC: 0.04,
    Mood.ROMANTIC: 0.05,
    Mood.OMINOUS: 0.08,
    Mood.HEROIC: 0.04,
    Mood.QUIRKY: 0.02,
}
"""Share by which the tempo between two anchors may leave the nominal one: 2 % where a drum kit would betray it, 4 to 5 % where
players breathe, 8 % in ambient moods that have hardly a beat (facts/music.md §3.2)."""
NEAR_S = 0.0425
"""Seconds that the beat may lie beside a cut: one frame of film. Sound 45 ms early is not noticed (ITU-R BT.1359-1)."""
SECTION_WEIGHT = 12.0
"""A section start outweighs a dozen cuts."""
HIT_WEIGHT = 4.0
"""Weight of a hit that a person asked for with full weight; less in proportion."""
FAINT_WEIGHT, STRONG_WEIGHT = 0.5, 1.0
"""Weights of the faintest and the strongest cut: also the faint ones are seen."""
CLOSEST_S = 0.25
"""Seconds between points, the heavier one stays: no beat of any mood is faster."""
TEMPO_STEP = 0.25
"""Distance of neighbouring tempi in the first look, in tolerances: whatever fits between two of them fits one of them too."""
MOST_TEMPI = 48
FINE_TEMPI = 9
"""Tempi tried between the neighbours of the best one: a steady picture then gets a steady beat."""
MOST_ENDS = 40
"""Frames tried for the last chord."""
_DECIMALS = 4
_MICROSECONDS = 6


@dataclass(frozen=True, kw_only=True)
class Elastic:
    """A beat that bends."""

    bpm: float
    """Nominal tempo, beats a minute."""
    first_beat: float
    """Seconds to beat 0, the first bar line."""
    anchors: tuple[Anchor, ...]
    tolerance: float
    cuts: int
    """Picture changes that were wanted on beats."""
    met: int
    """How many of them are anchored, off-beat eighths included."""
    missed: tuple[int, ...]
    """Frames of sections and of a person's hits that are no anchors."""


def cut_points(spot: Spot, changes: tuple[PictureChange, ...], starts: Sequence[int], rate: float) -> tuple[Point, ...]:
    """Return the points of a cue that like a beat, in order, none nearer than :data:`CLOSEST_S` to a heavier one.

    Args:
        spot: the cue.
        changes: picture changes of the timeline.
        starts: first frames of its sections.
        rate: frames per second.
    """
    found: dict[int, Point] = {}
    for change in changes:
        frame = change.frame - spot.start
        if 0 < frame < spot.frames:
            weight = FAINT_WEIGHT + (STRONG_WEIGHT - FAINT_WEIGHT) * change.strength
            found[frame] = Point(frame=frame, weight=weight, kind="cut")
    for hit in spot.hits:
        if 0 < hit.frame < spot.frames and hit.origin in ("user", "marker") and hit.weight > 0:
            found[hit.frame] = Point(frame=hit.frame, weight=HIT_WEIGHT * hit.weight, kind="hit")
    found |= {start: Point(frame=start, weight=SECTION_WEIGHT, kind="section") for start in starts if start > 0}
    return _apart(sorted(found.values(), key=lambda point: (-point.weight, point.frame)), CLOSEST_S * rate)


def _apart(heaviest_first: list[Point], least: float) -> tuple[Point, ...]:
    """Return the points that lie far enough from all heavier ones; of each cell of that width only neighbours are looked at."""
    cells: dict[int, list[Point]] = {}
    for point in heaviest_first:
        cell = int(point.frame // least)
        near = [other for side in (-1, 0, 1) for other in cells.get(cell + side, [])]
        if all(abs(point.frame - other.frame) >= least for other in near):
            cells.setdefault(cell, []).append(point)
    return tuple(sorted((point for cell in cells.values() for point in cell), key=lambda point: point.frame))


def elastic(
    points: tuple[Point, ...],
    frames: int,
    *,
    rate: Fraction,
    limits: tuple[float, float],
    tolerance: float,
    beats_per_bar: int,
    room: tuple[float, float, float],
) -> Elastic | None:
    """Return the elastic beat of a cue, None where it is too short for one.

    Args:
        points: what likes a beat, from :func:`cut_points`.
        frames: length of the cue.
        rate: frames per second.
        limits: slowest and fastest nominal tempo, beats a minute; equal where it is given.
        tolerance: share by which the tempo may bend.
        beats_per_bar: beats of a bar.
        room: least, best and most seconds from the last chord to the last frame.
    """
    fps = float(rate)
    if frames / fps < STING_S:
        return None
    least, best, most = room
    earliest, latest = max(1, ceil(frames - most * fps)), min(frames - 1, floor(frames - least * fps))
    stride = max(1, ceil((latest - earliest + 1) / MOST_ENDS))
    ends = tuple(range(earliest, latest + 1, stride)) or (max(1, min(frames - 1, round(frames - best * fps))),)
    slowest, fastest = limits
    middle = (slowest + fastest) / 2

    def searched(tempi: Floats) -> Found | None:
        task = Task(
            points=points,
            rate=fps,
            slack=1 if 1 / fps <= NEAR_S else 0,
            ends=ends,
            best_end=frames - best * fps,
            tempi=tempi,
            favourite=middle,
            width=(fastest - slowest) / 2 or 1.0,
            tolerance=tolerance,
            beats_per_bar=beats_per_bar,
        )
        return BeatSearch(task).best()

    count = min(MOST_TEMPI, max(1, ceil(log(fastest / slowest) / (TEMPO_STEP * tolerance)) + 1))
    tempi: Floats = np.geomspace(slowest, fastest, count, dtype=np.float64) if fastest > slowest else np.array([slowest])
    found = searched(tempi)
    if found is None:
        return None
    if len(tempi) > 1:
        step = (fastest / slowest) ** (1 / (len(tempi) - 1))
        fine: Floats = np.geomspace(max(slowest, found.bpm / step), min(fastest, found.bpm * step), FINE_TEMPI)
        found = max((found, searched(np.round(fine, _DECIMALS)) or found), key=lambda one: one.score)
    return _told(found, points, tolerance)


def _told(found: Found, points: tuple[Point, ...], tolerance: float) -> Elastic:
    """Return a path as anchors, with what it meets and misses."""
    anchors = tuple(Anchor(frame=frame, beat=units / UNITS, kind=kind) for frame, units, kind in found.places)
    on = {anchor.frame for anchor in anchors}
    return Elastic(
        bpm=round(found.bpm, _DECIMALS),
        first_beat=round(found.first_beat, _MICROSECONDS),
        anchors=anchors,
        tolerance=tolerance,
        cuts=sum(point.kind == "cut" for point in points),
        met=sum(anchor.kind == "cut" for anchor in anchors),
        missed=tuple(point.frame for point in points if point.kind != "cut" and point.frame not in on),
    )
