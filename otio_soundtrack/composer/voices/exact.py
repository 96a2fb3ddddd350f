"""Arithmetic that gives the same bits on every machine.

Sines, exponentials and transforms of vector libraries differ in the last bit between processors. Here sines are read from a
table of rounded values, decays are repeated multiplications by a rounded factor, and what a transform made is rounded to a
grid far coarser than its error and far finer than hearing. Sums and products of single numbers are exact to the standard (IEEE
754).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt, ldexp, pi, sin

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.times import SAMPLE_RATE_HZ

Signal = NDArray[np.float64]
"""One channel: float64 [shape=(samples,)]."""

_TABLE_BITS = 14
"""16,384 entries: read with straight lines between them the sine is right to 2e-8 (−154 dB)."""
_FACTOR_BITS = 40
"""Bits after the point that are kept of a factor: its own error in different libraries is 2⁻⁵²."""
_SOUND_BITS = 20
"""Bits after the point that are kept of a finished sound: noise at −130 dB."""
_EXACT_BITS, _MOST_PARTIALS = 23, 48
"""Bits after the point of two factors: the sum of 96 such products has 53 bits at most, as many as a float64 holds."""
_ROWS = 8
"""Rows multiplied at a time: too few for the matrix library to wake threads, which would wait longer than they work."""
_SIXTY_DB = 6.907755278982137
"""Natural logarithm of 1000: a decay of 60 dB."""


def rounded(value: float, bits: int = _FACTOR_BITS) -> float:
    """Return a number with so many bits after the point."""
    return ldexp(round(ldexp(value, bits)), -bits)


def on_grid(sound: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a sound rounded to multiples of 2⁻²⁰, exact in float32 up to ±8."""
    steps = sound * 2.0**_SOUND_BITS
    whole = np.rint(steps, out=steps).astype(np.float32)
    whole *= np.float32(2.0**-_SOUND_BITS)
    return whole


_TABLE = np.array([rounded(sin(2 * pi * index / (1 << _TABLE_BITS))) for index in range((1 << _TABLE_BITS) + 1)])
_RISE = np.append(np.diff(_TABLE), 0.0)


def sine(cycles: Signal) -> Signal:
    """Return the sine of a phase in cycles (1.0 is a full turn)."""
    place = (cycles - np.floor(cycles)) * (1 << _TABLE_BITS)
    index = place.astype(np.int64)
    values: Signal = _TABLE[index] + (place - index) * _RISE[index]
    return values


def cosine(cycles: Signal) -> Signal:
    """Return the cosine of a phase in cycles."""
    return sine(cycles + 0.25)


def phasors(seed: int, count: int) -> NDArray[np.complex128]:
    """Return points of the unit circle in no order: white noise as phases, in steps of a 16,384th of a turn."""
    place = (np.random.PCG64(seed).random_raw(count) >> np.uint64(64 - _TABLE_BITS)).astype(np.int64)
    turned = np.empty(count, np.complex128)
    turned.real, turned.imag = _TABLE[(place + (1 << _TABLE_BITS) // 4) % (1 << _TABLE_BITS)], _TABLE[place]
    return turned


def decay(seconds_60_db: float, samples: int) -> Signal:
    """Return an exponential decay from 1 that falls by 60 dB in the given time."""
    factor = decay_factor(seconds_60_db)
    curve = np.full(samples, factor)
    curve[:1] = 1.0
    return np.asarray(np.multiply.accumulate(curve))


def _decays(seconds_60_db: Sequence[float], samples: int) -> NDArray[np.float64]:
    """Return several decays [shape=(decays, samples)]."""
    curves = np.repeat(np.array([decay_factor(seconds) for seconds in seconds_60_db])[:, None], samples, axis=1)
    curves[:, :1] = 1.0
    return np.asarray(np.multiply.accumulate(curves, axis=1))


def decay_factor(seconds_60_db: float) -> float:
    """Return the factor from one sample to the next of a decay by 60 dB in the given time."""
    return rounded(2.718281828459045 ** (-_SIXTY_DB / (seconds_60_db * SAMPLE_RATE_HZ)))


def decaying_sines(partials: Sequence[tuple[float, float, float]], samples: int) -> Signal:
    """Return the sum of decaying sines that begin at phase 0.

    Sample q·r + s of a partial is the product of its value after q·r samples and its value after s more, so that the sum over
    all partials is a product of two small matrices. Their entries have so few bits that it is exact in any order of summing.

    Args:
        partials: hertz, amplitude, and seconds to 60 dB below; amplitudes add up to 1 at most.
        samples: length.
    """
    if len(partials) > _MOST_PARTIALS:
        raise ValueError(f"at most {_MOST_PARTIALS} partials add up exactly, not {len(partials)}")
    row = max(1, isqrt(samples))
    rows = -(-samples // (row * _ROWS)) * _ROWS
    cycles = np.array([hz / SAMPLE_RATE_HZ for hz, _, _ in partials])[:, None]
    amplitudes = np.array([amplitude for _, amplitude, _ in partials])[:, None]
    slow = amplitudes * _decays([seconds / row for _, _, seconds in partials], rows)
    fast = _decays([seconds for _, _, seconds in partials], row)
    turns, turn = cycles * (np.arange(rows, dtype=np.float64) * row), cycles * np.arange(row, dtype=np.float64)
    far = np.concatenate([slow * sine(turns), slow * cosine(turns)])
    near = np.concatenate([fast * cosine(turn), fast * sine(turn)])
    for part in (far, near):
        np.rint(np.ldexp(part, _EXACT_BITS, out=part), out=part)
    blocks = np.ascontiguousarray(far.T).reshape(-1, _ROWS, len(far)) @ near
    return np.asarray(blocks.ravel()[:samples] * 2.0 ** (-2 * _EXACT_BITS))


def noise(seed: int, samples: int) -> Signal:
    """Return white noise, −1 to 1, from a generator whose sequence is fixed for good (PCG64's raw output)."""
    raw = np.random.PCG64(seed).random_raw(samples)
    return np.asarray((raw >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1.0)


def hertz(pitch: float) -> float:
    """Return the frequency of a MIDI pitch, equal temperament at A4 = 440 Hz."""
    return rounded(440.0 * 2.0 ** ((pitch - 69) / 12))


def rise(samples: int) -> Signal:
    """Return a smooth way from 0 to 1 (raised cosine), ends left out."""
    return np.asarray(0.5 - 0.5 * cosine((np.arange(samples) + 0.5) / max(1, samples) / 2))


def rms(sound: NDArray[np.float64]) -> float:
    """Return the root mean square, rounded so that the order of summing does not show."""
    return rounded(float(np.sqrt(np.mean(np.square(sound)))), 30)


def ramped(marks: NDArray[np.float64], step: int) -> NDArray[np.float32]:
    """Return a curve of straight lines through marks.

    Args:
        marks: values [shape=(n,)], n at least 2.
        step: samples from one to the next.

    Returns:
        float32 [shape=((n − 1) × step,)].
    """
    ramp = (np.arange(step) / step).astype(np.float32)
    start, rising = marks[:-1].astype(np.float32), np.diff(marks).astype(np.float32)
    return np.asarray((start[:, None] + rising[:, None] * ramp).ravel())
