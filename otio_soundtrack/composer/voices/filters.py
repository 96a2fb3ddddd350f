"""Small filters with rounded coefficients (Robert Bristow-Johnson's audio EQ cookbook)."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from scipy.signal import lfilter

from otio_soundtrack.composer.voices.exact import Signal, rounded
from otio_soundtrack.times import SAMPLE_RATE_HZ

Coefficients = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Numerator and denominator of a second-order filter."""

_BUTTERWORTH_Q = 0.7071067811865476


@lru_cache(maxsize=256)
def _cookbook(kind: str, hz: float, q: float) -> Coefficients:
    omega = 2 * pi * min(hz, 0.49 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    turn, alpha = cos(omega), sin(omega) / (2 * q)
    numerators = {
        "low": ((1 - turn) / 2, 1 - turn, (1 - turn) / 2),
        "high": ((1 + turn) / 2, -(1 + turn), (1 + turn) / 2),
        "band": (alpha, 0.0, -alpha),
    }
    scale = 1 + alpha
    b0, b1, b2 = (rounded(value / scale) for value in numerators[kind])
    return (b0, b1, b2), (1.0, rounded(-2 * turn / scale), rounded((1 - alpha) / scale))


def low_pass(sound: Signal, hz: float, q: float = _BUTTERWORTH_Q) -> Signal:
    """Return what is below a frequency (12 dB an octave)."""
    return np.asarray(lfilter(*_cookbook("low", hz, q), sound))


def high_pass(sound: Signal, hz: float, q: float = _BUTTERWORTH_Q) -> Signal:
    """Return what is above a frequency (12 dB an octave)."""
    return np.asarray(lfilter(*_cookbook("high", hz, q), sound))


def band_pass(sound: Signal, hz: float, q: float) -> Signal:
    """Return what is around a frequency; the centre keeps its level."""
    return np.asarray(lfilter(*_cookbook("band", hz, q), sound))
