"""Sound at another speed, as a tape plays it: pitch follows (room picture, pure but for the reading it is given).

*Method.* Band-limited interpolation with a Kaiser-windowed sinc (J. O. Smith, "Digital Audio Resampling"), in blocks; above
single speed the sinc is as wide as needed to keep what would be folded back below half the sample rate out of the band.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

_BLOCK = 8192
"""Samples made at once: bounds the table of taps to a few megabytes."""
_LOBES = 16
"""Zero crossings of the sinc on each side: about 80 dB of rejection with the window below."""
_MOST_TAPS = 96
"""Taps on each side at most: beyond six times the speed nobody hears the difference."""
_KAISER_BETA = 8.0
"""Shape of the window: side lobes at about −80 dB."""
_TABLE_STEPS = 512
"""Steps of the tabulated kernel between zero crossings; its error stays below 16-bit quantisation."""

Window = NDArray[np.float32]


def _kernel() -> NDArray[np.float32]:
    """Return half of the windowed sinc, from its centre on."""
    at = np.arange(_LOBES * _TABLE_STEPS + 1) / _TABLE_STEPS
    window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(0.0, 1.0 - (at / _LOBES) ** 2))) / np.i0(_KAISER_BETA)
    return np.asarray(np.sinc(at) * window, np.float32)


_KERNEL = _kernel()


def retimed(read: Callable[[int, int], Window], at: Fraction, speed: Fraction, samples: int) -> Window:
    """Read sound at another speed.

    Args:
        read: gives source samples: first position, how many.
        at: source position of the first sample wanted, in samples; need not be whole.
        speed: source samples for each sample; below 0 plays in reverse, not 0.
        samples: how many are wanted.

    Returns:
        float32 [shape=(samples, 2)].
    """
    out = np.empty((samples, 2), np.float32)
    # fast playback reads much source for little sound: smaller blocks keep that bounded as well
    block = max(1, min(_BLOCK, floor(_BLOCK * 8 / max(Fraction(1), abs(speed)))))
    for begin in range(0, samples, block):
        count = min(block, samples - begin)
        out[begin : begin + count] = _made(read, at + begin * speed, speed, count)
    return out


def _made(read: Callable[[int, int], Window], at: Fraction, speed: Fraction, samples: int) -> Window:
    squeeze = max(1.0, float(abs(speed)))
    reach = min(_MOST_TAPS, ceil(_LOBES * squeeze))
    last = at + (samples - 1) * speed
    first = floor(min(at, last)) - reach
    source = read(first, floor(max(at, last)) + reach + 2 - first)
    positions = float(at - first) + np.arange(samples) * float(speed)
    whole = np.floor(positions).astype(np.int64)
    out = np.zeros((samples, 2), np.float32)
    total = np.zeros(samples, np.float32)
    for tap in range(1 - reach, reach + 1):
        distance = np.abs(positions - (whole + tap)) / squeeze
        step = np.minimum(np.rint(distance * _TABLE_STEPS).astype(np.int64), len(_KERNEL) - 1)
        weight = _KERNEL[step]
        total += weight
        out += source[whole + tap] * weight[:, None]
    # the taps of each position add up to 1, so that a constant stays one
    return out / total[:, None]
