"""Signals over the time of the cut, sampled at a low even rate (pure)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from otio_soundtrack.model.features import Curve

HZ = 5.0
"""Values a second: finer than music reacts to, 36,000 values for two hours."""
PACE_SPREAD = 8.0
"""Seconds (standard deviation) over which pace is taken: about a musical phrase on each side."""
_SPREADS_KEPT = 4
"""Standard deviations at which the bell is cut off; beyond lies less than a ten-thousandth of it."""
_DECIMALS = 4
"""Kept in the report: finer than any of these measures means."""
_MICROSECONDS = 1_000_000


def exact(seconds: float) -> Fraction:
    """Return measured seconds as a fraction, to the microsecond."""
    return Fraction(round(seconds * _MICROSECONDS), _MICROSECONDS)


def rounded(values: NDArray[np.float64] | tuple[float, ...]) -> tuple[float, ...]:
    """Return values as they are stored."""
    return tuple(np.round(np.asarray(values, np.float64), _DECIMALS).tolist())


def bins_of(frames: int, rate: Fraction) -> NDArray[np.int64]:
    """Return the bin of each frame: the one in which the frame starts [shape=(frames,)]."""
    step = Fraction(int(HZ)) / rate
    return (np.arange(frames, dtype=np.int64) * step.numerator) // step.denominator


def bin_count(frames: int, rate: Fraction) -> int:
    """Return how many bins cover so many frames; the last may be partial."""
    return ceil(frames * Fraction(int(HZ)) / rate)


def binned(
    signal: NDArray[np.float32] | NDArray[np.float64], rate: Fraction, *, unit: str, only: NDArray[np.bool_] | None = None
) -> Curve:
    """Return the mean of a per-frame signal in each bin.

    Args:
        signal: one value a frame [shape=(frames,)].
        rate: frames per second.
        unit: what a value means.
        only: which frames count [shape=(frames,)], None: all. A bin without any repeats the one before (below five frames a
            second most bins have none); before the first that has one, the first value holds.
    """
    counted = np.ones(len(signal), bool) if only is None else only
    bins, total = bins_of(len(signal), rate)[counted], bin_count(len(signal), rate)
    weights = np.bincount(bins, minlength=total)
    sums = np.bincount(bins, signal[counted].astype(np.float64), minlength=total)
    held = np.flatnonzero(weights)
    if not len(held):
        return Curve(unit=unit, hz=HZ, values=(0.0,) * total)
    source = held[np.maximum(np.searchsorted(held, np.arange(total), side="right") - 1, 0)]
    return Curve(unit=unit, hz=HZ, values=rounded(sums[source] / weights[source]))


def pace(changes: tuple[int, ...], frames: int, rate: Fraction) -> Curve:
    """Return the cuts per minute over time.

    Each cut counts as a bell of :data:`PACE_SPREAD`; near the ends of the picture the rate is taken over what there is of it.

    Args:
        changes: frames on which the picture changes.
        frames: length of the picture.
        rate: frames per second.
    """
    total = bin_count(frames, rate)
    hits = np.bincount(bins_of(frames, rate)[list(changes)], minlength=total).astype(np.float64) if changes else np.zeros(total)
    spread = PACE_SPREAD * HZ

    def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
        bell = gaussian_filter1d(values, spread, mode="constant", truncate=_SPREADS_KEPT)
        return np.asarray(bell, np.float64)

    per_bin = smooth(hits) / smooth(np.ones(total))
    return Curve(unit="cuts per minute", hz=HZ, values=rounded(per_bin * HZ * 60))
