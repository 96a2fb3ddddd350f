"""Sound as few numbers as a picture has columns (pure)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

WINDOW = 4096
"""Samples of one spectrum: 85 ms, 12 Hz apart."""
BANDS = 180
"""Bands between the lowest and the highest frequency, even in octaves: about two a semitone less."""
_FLOOR = 1e-12
_AT_ONCE = 200
"""Spectra computed at once: 3 MB."""

Row = NDArray[np.float64]


def envelope(sound: Sound, columns: int) -> tuple[Row, Row, Row]:
    """Return lowest and highest sample and RMS of even stretches, read one after another: a long cue is never in memory whole.

    Args:
        sound: n ≥ 1 samples.
        columns: stretches wanted; fewer where there are fewer samples.
    """
    edges = np.linspace(0, len(sound), min(columns, len(sound)) + 1).astype(np.int64).tolist()
    rows = np.empty((3, len(edges) - 1))
    for column, (first, after) in enumerate(pairwise(edges)):
        part = sound[first:after]
        rows[:, column] = part.min(), part.max(), np.sqrt(np.mean(part * part, dtype=np.float64))
    return rows[0], rows[1], rows[2]


def band_levels(sound: Sound, columns: int, lowest: float, highest: float, *, window: int = WINDOW) -> NDArray[np.float64]:
    """Return the level of bands that are even in octaves, dB under the loudest [shape=(BANDS, columns)].

    Args:
        sound: n ≥ 1 samples, 48 kHz.
        columns: moments wanted; fewer where there are fewer samples.
        lowest: Hz.
        highest: Hz.
        window: samples of one spectrum; a shorter one shows moments better, and low tones worse.
    """
    columns = min(columns, len(sound))
    centres = ((np.arange(columns) + 0.5) * len(sound) / columns).astype(np.int64)
    edges = np.geomspace(lowest, highest, BANDS + 1) * window / SAMPLE_RATE_HZ
    low = np.floor(edges[:-1]).astype(np.int64)
    high = np.maximum(np.ceil(edges[1:]).astype(np.int64), low + 1)
    hann = np.hanning(window).astype(np.float32)
    power = np.empty((BANDS, columns))
    for first in range(0, columns, _AT_ONCE):
        block = centres[first : first + _AT_ONCE].tolist()
        spectra = np.abs(np.fft.rfft(np.stack([_around(sound, centre, window) for centre in block]) * hann, axis=1)) ** 2
        sums = np.concatenate([np.zeros((len(block), 1)), np.cumsum(spectra, axis=1)], axis=1)
        power[:, first : first + len(block)] = ((sums[:, high] - sums[:, low]) / (high - low)).T
    return np.asarray(10 * np.log10(np.maximum(power / max(power.max(), _FLOOR), _FLOOR)), np.float64)


def _around(sound: Sound, centre: int, window: int) -> NDArray[np.float32]:
    """Return a window of the sound as mono; before its head and after its end there is silence."""
    first, after = centre - window // 2, centre + window // 2
    part = sound[max(0, first) : min(len(sound), after)].mean(axis=1, dtype=np.float32)
    return np.asarray(np.pad(part, (max(0, -first), max(0, after - len(sound)))), np.float32)
