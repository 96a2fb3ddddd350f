"""True peaks: how high the signal goes between its samples (ITU-R BS.1770-4 annex 2; floor 2).

The signal is oversampled fourfold, but only where its samples are so high that what is asked can lie between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, upfirdn

HOP = 16
"""Samples of which one peak is told: a third of a millisecond."""
REACH = 16
"""Samples on each side that count for a value between two samples."""

_OVERSAMPLING = 4
"""Annex 2 asks for 192 kHz."""
_SEGMENT = 4 * HOP
"""Samples that are oversampled together."""
_FINE: NDArray[np.float64] = _OVERSAMPLING * firwin(2 * _OVERSAMPLING * REACH + 1, 1 / _OVERSAMPLING, window=("kaiser", 9.0))
MOST_GROWTH = float(max(np.abs(_FINE[phase::_OVERSAMPLING]).sum() for phase in range(_OVERSAMPLING)))
"""No value between samples can exceed the largest sample around times this."""


def hop_peaks(sound: NDArray[np.float64], least: float) -> NDArray[np.float64]:
    """Return the true peak of every hop, of all channels together.

    Args:
        sound: [shape=(channels, REACH + samples + REACH)]: with what is before and after, zeros where there is nothing.
        least: where no sample around is above this, the largest sample of the hop is given as it is.

    Returns:
        Linear peaks [shape=(hops,)]; the last hop may be shorter.
    """
    samples = sound.shape[1] - 2 * REACH
    segments = -(-samples // _SEGMENT)
    padded = np.pad(sound, ((0, 0), (0, segments * _SEGMENT - samples)))
    peaks = np.zeros((segments, _SEGMENT // HOP))
    for channel in padded:
        around = np.lib.stride_tricks.sliding_window_view(channel, _SEGMENT + 2 * REACH)[::_SEGMENT]
        magnitudes = np.abs(channel)
        inside = magnitudes[REACH : REACH + segments * _SEGMENT].reshape(segments, -1, HOP).max(axis=2)
        np.maximum(peaks, inside, out=peaks)
        near = np.lib.stride_tricks.sliding_window_view(magnitudes, _SEGMENT + 2 * REACH)[::_SEGMENT]
        high = np.flatnonzero(near.max(axis=1) > least)
        if len(high):
            fine = np.abs(upfirdn(_FINE, around[high], up=_OVERSAMPLING, axis=1))
            skip = 2 * REACH * _OVERSAMPLING
            between = fine[:, skip : skip + _SEGMENT * _OVERSAMPLING].reshape(len(high), -1, HOP * _OVERSAMPLING)
            peaks[high] = np.maximum(peaks[high], between.max(axis=2))
    return np.asarray(peaks.ravel()[: -(-samples // HOP)])
