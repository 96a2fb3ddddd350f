"""Sound as few numbers as a picture has columns (pure)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.times import SAMPLE_RATE_HZ

WINDOW = 4096
"""Samples of one spectrum: 85 ms, 12 Hz apart."""
BANDS = 180
"""Bands between the lowest and the highest frequency, even in octaves: about two a semitone less."""
_FLOOR = 1e-12
_AT_ONCE = 200
"""Spectra computed at once: 3 MB."""

Row = NDArray[np.float64]


def envelope(samples: NDArray[np.float32], columns: int) -> tuple[Row, Row, Row]:
    """Return lowest and highest sample and RMS of even stretches.

    Args:
        samples: [shape=(n, channels)], n ≥ 1.
        columns: stretches wanted; fewer where there are fewer samples.
    """
    edges = np.linspace(0, len(samples), min(columns, len(samples)) + 1).astype(np.int64)
    # one stretch at a time: a long cue squared at once would take a gigabyte
    parts = [samples[first:after] for first, after in pairwise(edges.tolist())]
    lows = np.array([part.min() for part in parts], np.float64)
    highs = np.array([part.max() for part in parts], np.float64)
    return lows, highs, np.array([np.sqrt(np.mean(part * part, dtype=np.float64)) for part in parts])


def band_levels(samples: NDArray[np.float32], columns: int, lowest: float, highest: float) -> NDArray[np.float64]:
    """Return the level of bands that are even in octaves, dB under the loudest [shape=(BANDS, columns)].

    Args:
        samples: 48 kHz [shape=(n, channels)], n ≥ 1.
        columns: moments wanted; fewer where there are fewer samples.
        lowest: Hz.
        highest: Hz.
    """
    columns = min(columns, len(samples))
    mono = np.pad(samples @ np.full(samples.shape[1], 1 / samples.shape[1], np.float32), WINDOW // 2)
    centres = ((np.arange(columns) + 0.5) * len(samples) / columns).astype(np.int64)
    edges = np.geomspace(lowest, highest, BANDS + 1) * WINDOW / SAMPLE_RATE_HZ
    low = np.floor(edges[:-1]).astype(np.int64)
    high = np.maximum(np.ceil(edges[1:]).astype(np.int64), low + 1)
    hann = np.hanning(WINDOW).astype(np.float32)
    power = np.empty((BANDS, columns))
    for first in range(0, columns, _AT_ONCE):
        block = centres[first : first + _AT_ONCE]
        spectra = np.abs(np.fft.rfft(mono[block[:, np.newaxis] + np.arange(WINDOW)] * hann, axis=1)) ** 2
        sums = np.concatenate([np.zeros((len(block), 1)), np.cumsum(spectra, axis=1)], axis=1)
        power[:, first : first + len(block)] = ((sums[:, high] - sums[:, low]) / (high - low)).T
    return np.asarray(10 * np.log10(np.maximum(power / power.max(), _FLOOR)), np.float64)
