"""A look-ahead limiter for true peaks whose gain is a curve of its own, so that stems can follow the mix.

The true peak of each few samples is found by four times oversampling (BS.1770-4, annex 2). The gain that keeps it below the
ceiling is held over a window and smoothed over another that lies inside the first: it is low enough at every peak, and moves
slowly enough not to be heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from otio_soundtrack.model.sound import Sound
from otio_soundtrack.tools.peaks import HOP, REACH, hop_peaks

BLOCK = HOP * 4096
"""Samples that are worked on at a time."""

_RAMP = np.repeat((np.arange(HOP) / HOP).astype(np.float32), 2)
_HOLD = 75
"""Hops on either side over which the least gain is held: 25 ms, a period of 40 Hz, so that bass keeps its shape."""
_LOW_PEAK = 0.5
"""Where the samples stay below this share of the ceiling, peaks between them stay below the ceiling: they are not looked for."""


@dataclass(frozen=True)
class Curve:
    """A gain over time."""

    marks: NDArray[np.floating[Any]]
    """Gain at every multiple of :data:`HOP` samples [shape=(hops + 1,)], 0–1."""

    def at(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the gain of samples start to stop [shape=(samples, 2)], both sides alike; start is a multiple of :data:`HOP`."""
        first, last = start // HOP, -(-stop // HOP)
        marks = self.marks[first : last + 1].astype(np.float32)
        values = marks[:-1, None] + np.diff(marks)[:, None] * _RAMP
        return np.asarray(values.reshape(-1, 2)[: stop - start])

    @property
    def deepest_db(self) -> float:
        """Return the largest reduction in dB, 0 or above."""
        return float(-20 * np.log10(self.marks.min())) if len(self.marks) else 0.0


def spans(length: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks of a signal as (start, stop)."""
    for start in range(0, length, BLOCK):
        yield start, min(start + BLOCK, length)


def peak_curve(mix: Sound, least: float) -> NDArray[np.float64]:
    """Return the true peak of every hop.

    Args:
        mix: the sound.
        least: peaks of samples below this are given as they are, without looking between the samples.

    Returns:
        Linear peaks [shape=(hops,)].
    """
    peaks = [np.zeros(0)]
    for start, stop in spans(len(mix)):
        begin, end = max(0, start - REACH), min(len(mix), stop + REACH)
        known = np.zeros((2, stop - start + 2 * REACH))
        known[:, begin - start + REACH : end - start + REACH] = mix[begin:end].T
        peaks.append(hop_peaks(known, least))
    return np.concatenate(peaks)


def limiting(peaks: NDArray[np.floating[Any]], gain: float, ceiling: float) -> Curve:
    """Return the curve that keeps peaks below a ceiling after a gain.

    Args:
        peaks: true peak of every hop, before the gain.
        gain: linear gain that will be applied as well.
        ceiling: linear.
    """
    needed = np.minimum(1.0, ceiling / np.maximum(peaks * gain, 1e-12))
    # marks lie on both ends of a hop and must serve both neighbours
    marks = np.minimum(np.append(needed, 1.0), np.append(1.0, needed))
    held = minimum_filter1d(marks, 2 * _HOLD + 1, mode="nearest")
    # twice half the window: smoother than once the whole, and as long
    width = _HOLD // 2 * 2 + 1
    return Curve(np.minimum(1.0, uniform_filter1d(uniform_filter1d(held, width, mode="nearest"), width, mode="nearest")))


def low_peak(ceiling: float, gain: float) -> float:
    """Return the sample peak below which nothing between the samples can pass the ceiling after a gain."""
    return _LOW_PEAK * ceiling / gain
