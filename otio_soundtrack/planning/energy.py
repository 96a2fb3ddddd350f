"""How much is going on in each section (pure).

Energy follows pace and movement. It does not follow tempo, and tempo does not follow it: tempo alone tells a calm piece from a
battle no better than chance (measured, facts/music.md §2.1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.planning.look import Look

MIDDLE = 0.45
"""Energy of an ordinary picture."""
PACE_SHARE, MOTION_SHARE = 0.22, 0.2
"""What plainly fast cutting and plain movement add; both together reach 0.87."""
SLOW_SHARE, STILL_SHARE = 0.1, 0.1
"""What plainly slow cutting and stillness take away; less, because a still picture leaves the room to the music."""
NEIGHBOUR_SHARE = 0.15
"""What each neighbour lends to a section, so that one busy shot does not make a hole or a spike."""
CONTRAST = 1.35
"""Differences between sections are drawn apart by so much: music that stays level is wallpaper."""
RISE = 0.10
"""A cue begins so much lower and is so much higher at its peak: the shape that every cue of several sections gets."""
PEAK = 0.72
"""Where the peak of that shape lies, as a share of the cue."""
LEAST, MOST = 0.12, 0.98


def energies(
    looks: Sequence[Look],
    middles: Sequence[float],
    *,
    level: float | None,
    shift: float,
    ranges: Sequence[tuple[float, float]] = (),
) -> tuple[float, ...]:
    """Return the energy of each section, 0–1.

    Args:
        looks: how each section looks.
        middles: where the middle of each lies, 0–1 of the cue.
        level: mean energy that the user wants, 0–1; None leaves it to the picture.
        shift: what words add, about −0.3 to 0.3.
        ranges: least and most energy of each section: the curve keeps its shape inside them; empty: all have the whole range.
            A level that the user wants overrules them.
    """
    raw = np.array([_asked_by(look) for look in looks])
    padded = np.pad(raw, 1, mode="edge")
    smooth = (1 - 2 * NEIGHBOUR_SHARE) * raw + NEIGHBOUR_SHARE * (padded[:-2] + padded[2:])
    mean = smooth.mean()
    shaped = mean + CONTRAST * (smooth - mean) + (_arch(middles) if len(looks) > 1 else 0.0)
    wanted = shaped.mean() + shift if level is None else level
    moved = np.clip(shaped - shaped.mean() + wanted, LEAST if level is None else 0, MOST if level is None else 1)
    if level is None and ranges:
        low, high = np.asarray(ranges, np.float64).T
        moved = low + (moved - LEAST) / (MOST - LEAST) * (high - low)
    return tuple(round(float(value), 2) for value in moved)


def _asked_by(look: Look) -> float:
    pace = (PACE_SHARE if look.pace > 0 else SLOW_SHARE) * look.pace
    motion = (MOTION_SHARE if look.motion > 0 else STILL_SHARE) * look.motion
    return MIDDLE + pace + motion


def _arch(middles: Sequence[float]) -> NDArray[np.float64]:
    """Return a rise to the peak and a fall after it, −RISE to RISE."""
    at = np.asarray(middles, np.float64)
    height = np.where(at < PEAK, at / PEAK, (1 - at) / (1 - PEAK))
    return RISE * (2 * height - 1)
