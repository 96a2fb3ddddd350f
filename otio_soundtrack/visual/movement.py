"""What moves in the picture, measured on the music (pure): its spectrum at every frame, its level over its length."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ, frame_samples

Levels = NDArray[np.float32]

_WINDOW = 4096
"""85 ms around the middle of a frame: what is seen is what is heard."""
_PADDED = 2 * _WINDOW
"""Zeros behind the window draw the bass smoothly: its bands are narrower than 12 Hz."""
_LOWEST_HZ, _HIGHEST_HZ = 50.0, 14_000.0
_TILT_DB = 3.0
"""Decibels an octave: music falls by so much, and its treble would not be seen."""
_LOUD_PERCENTILE = 99.7
"""What reaches the top: a single louder moment does not make all others small."""
_RANGE_DB = 44.0
"""From the bottom to the top."""
_FALL_A_SECOND = 1.9
"""Heights by which a bar falls in a second; it rises at once, as meters do."""
_AT_ONCE = 64
"""Frames whose spectra are computed together: 4 MB."""
_QUIETEST_DB = -5.0
"""Level of a band, by the scale of the transform, that reaches the top at the least: however soft the music, noise of 90 dB below
full scale stays at the bottom."""
_SHAPE = 0.75
"""Power of the level that a column of the waveform shows: soft passages are still seen."""


def spectra(sound: Sound, rate: Fraction, frames: int, bands: int) -> Levels:
    """Return how high every bar stands at every frame.

    Args:
        sound: 48 kHz.
        rate: frames per second.
        frames: how many; after the sound there is silence.
        bands: bars, even in octaves from 50 Hz to 14 kHz.

    Returns:
        float32 [shape=(frames, bands)], 0–1.
    """
    hertz = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, bands + 1)
    edges = hertz * _PADDED / SAMPLE_RATE_HZ
    hann = np.hanning(_WINDOW).astype(np.float32)
    tilt = _TILT_DB * np.log2(np.sqrt(hertz[1:] * hertz[:-1]) / _LOWEST_HZ)
    decibels = np.empty((frames, bands), np.float32)
    for first in range(0, frames, _AT_ONCE):
        stretch = range(first, min(first + _AT_ONCE, frames))
        windows = np.stack([_around(sound, (frame_samples(n, rate) + frame_samples(n + 1, rate)) // 2) for n in stretch])
        power = np.abs(rfft(windows * hann, _PADDED, axis=1)) ** 2
        # power up to any place between two bins, so that a band may be narrower than a bin
        summed = np.concatenate([np.zeros((len(power), 1)), np.cumsum(power, axis=1, dtype=np.float64)], axis=1)
        whole = edges.astype(np.int64)
        upto = summed[:, whole] + (edges - whole) * (summed[:, whole + 1] - summed[:, whole])
        decibels[first : first + len(power)] = 10 * np.log10(np.diff(upto, axis=1) / np.diff(edges) + 1e-9) + tilt
    loud = float(np.percentile(decibels, _LOUD_PERCENTILE)) if decibels.size else 0.0
    return _falling(np.clip(1 + (decibels - max(loud, _QUIETEST_DB)) / _RANGE_DB, 0, 1), float(rate))


def heights(sound: Sound, columns: int) -> Levels:
    """Return how high every column of the waveform stands: the level of its stretch [shape=(columns,)], 0–1."""
    edges = np.linspace(0, len(sound), columns + 1).astype(np.int64).tolist()
    level = np.zeros(columns, np.float32)
    for column, (first, after) in enumerate(pairwise(edges)):
        if after > first:
            level[column] = np.sqrt(np.mean(np.square(sound[first:after], dtype=np.float64)))
    return (level / max(float(level.max(initial=0.0)), 1e-6)) ** np.float32(_SHAPE)


def _falling(level: Levels, rate: float) -> Levels:
    """Let bars rise at once and fall slowly."""
    fall = np.float32(_FALL_A_SECOND / rate)
    for frame in range(1, len(level)):
        np.maximum(level[frame], level[frame - 1] - fall, out=level[frame])
    return level.astype(np.float32)


def _around(sound: Sound, centre: int) -> Levels:
    """Return a window of the music as mono; before its head and after its end there is silence."""
    first, after = centre - _WINDOW // 2, centre + _WINDOW // 2
    part = sound[max(0, min(first, len(sound))) : min(len(sound), after)]
    mono = part.mean(axis=1, dtype=np.float32) if len(part) else np.zeros(0, np.float32)
    before = max(0, -first)
    return np.pad(mono, (before, _WINDOW - before - len(mono)))
