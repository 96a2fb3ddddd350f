"""A look-ahead limiter for true peaks whose gain is a curve of its own, so that stems can follow the mix.

The true peak of each few samples is found by four times oversampling (BS.1770-4, annex 2). The gain that keeps it below the
ceiling is held over a window and smoothed over another that lies inside the first: it is low enough at every peak, and moves
slowly enough not to be heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import firwin, upfirdn

from otio_soundtrack.provider import Samples

HOP = 16
"""Samples of one value of a curve: a third of a millisecond."""
BLOCK = HOP * 4096
"""Samples that are worked on at a time."""

_RAMP = (np.arange(HOP) / HOP).astype(np.float32)
_OVERSAMPLING = 4
_TAPS = 12
"""Length of the oversampling filter on either side, in samples."""
_HOLD = 75
"""Hops on either side over which the least gain is held: 25 ms, a period of 40 Hz, so that bass keeps its shape."""
_LOW_PEAK = 0.5
"""Where the samples stay below this share of the ceiling, peaks between them stay below the ceiling: they are not looked for."""

_FILTER = firwin(2 * _OVERSAMPLING * _TAPS + 1, 1 / _OVERSAMPLING, window=("kaiser", 6.0)) * _OVERSAMPLING


@dataclass(frozen=True)
class Curve:
    """A gain over time."""

    marks: NDArray[np.float64]
    """Gain at every multiple of :data:`HOP` samples [shape=(hops + 1,)], 0–1."""

    def at(self, start: int, stop: int) -> NDArray[np.float32]:
        """Return the gain of samples start to stop [shape=(samples, 1)]; start is a multiple of :data:`HOP`."""
        first, last = start // HOP, -(-stop // HOP)
        marks = self.marks[first : last + 1].astype(np.float32)
        values = marks[:-1, None] + np.diff(marks)[:, None] * _RAMP
        return np.asarray(values.reshape(-1, 1)[: stop - start])

    @property
    def deepest_db(self) -> float:
        """Return the largest reduction in dB, 0 or above."""
        return float(-20 * np.log10(self.marks.min())) if len(self.marks) else 0.0


def spans(length: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks of a signal as (start, stop)."""
    for start in range(0, length, BLOCK):
        yield start, min(start + BLOCK, length)


def peak_curve(mix: Samples, least: float) -> NDArray[np.float64]:
    """Return the true peak of every hop.

    Args:
        mix: float32 [shape=(samples, 2)].
        least: peaks of samples below this are given as they are, without looking between the samples.

    Returns:
        Linear peaks [shape=(hops,)].
    """
    peaks = np.zeros(-(-len(mix) // HOP))
    for start, stop in spans(len(mix)):
        # a margin on both sides, so that the oversampling sees what is around the block
        begin, end = max(0, start - HOP), min(len(mix), stop + HOP)
        both = np.abs(mix[start:stop])
        part = np.maximum(both[:, 0], both[:, 1])
        values = part
        if part.max(initial=0.0) >= least:
            values = np.maximum(part, _between(mix[begin:end])[start - begin :][: stop - start])
        padded = np.zeros(-(-len(values) // HOP) * HOP)
        padded[: len(values)] = values
        peaks[start // HOP : start // HOP + len(padded) // HOP] = padded.reshape(-1, HOP).max(axis=1)
    return peaks


def _between(part: Samples) -> NDArray[np.float64]:
    """Return the largest absolute value from each sample to the next, of both channels."""
    found = np.zeros(len(part))
    skip = _OVERSAMPLING * _TAPS
    for side in range(part.shape[1]):
        fine = np.abs(upfirdn(_FILTER, part[:, side].astype(np.float64), up=_OVERSAMPLING)[skip:])
        fine = fine[: len(part) * _OVERSAMPLING]
        fine = np.pad(fine, (0, len(part) * _OVERSAMPLING - len(fine)))
        for phase in range(_OVERSAMPLING):
            np.maximum(found, fine[phase::_OVERSAMPLING], out=found)
    return found


def limiting(peaks: NDArray[np.float64], gain: float, ceiling: float) -> Curve:
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
