"""The hall: one reverberation for all stems, block by block.

A synthetic impulse response (noise whose bands die away at the rates of a wooden hall, after a few early reflections) is
convolved by overlapping Fourier transforms. Impulse response and signal are whole numbers, so their convolution is a whole
number too: what comes out of the transform is rounded to it, and no trace is left of how this machine's transform rounds.
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from otio_soundtrack.composer.voices.exact import decay, noise, rise, rms
from otio_soundtrack.composer.voices.filters import high_pass, low_pass
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ

RESPONSE = 1 << 17
"""Samples of the impulse response: 2.7 s."""

_TRANSFORM = 1 << 19
"""Samples of a transform: three quarters of it are new sound."""
STEP = _TRANSFORM - RESPONSE
"""Samples of a block, 8.2 s."""
_SMALLEST = 1 << 12
_PRE_DELAY_S = 0.016
_BANDS = ((90.0, 400.0, 2.5), (400.0, 1600.0, 2.3), (1600.0, 4500.0, 1.7), (4500.0, 10_000.0, 0.9))
"""From hertz, to hertz, seconds by which it falls by 60 dB."""
_EARLY = ((0.007, 0.55), (0.013, 0.45), (0.019, 0.4), (0.026, 0.34), (0.035, 0.28), (0.047, 0.22))
"""Early reflections: seconds after the pre-delay, level against the hall's first moment."""
_BUILD_UP_S = 0.014
_SIGNAL_STEPS = 1 << 19
"""Whole numbers a unit of signal: noise at −125 dB."""
_RESPONSE_STEPS = 1 << 21
"""Whole numbers a unit of the response, whose energy is 1. With these two the transform's error stays below a tenth."""


@lru_cache(maxsize=8)
def _response(size: int) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return the spectra of both sides of the impulse response in whole numbers, as far as a transform of this size has room."""
    room = RESPONSE if size == _TRANSFORM else size // 2
    left, right = (fft.rfft(_side(side)[:room], size) for side in (1, 2))
    return left, right


@lru_cache(maxsize=2)
def _side(side: int) -> NDArray[np.float64]:
    hall = np.zeros(RESPONSE)
    for number, (low, high, seconds) in enumerate(_BANDS):
        band = low_pass(high_pass(noise(10 * number + side, RESPONSE), low), high)
        hall += band * decay(seconds, RESPONSE)
    build_up = int(_BUILD_UP_S * SAMPLE_RATE_HZ)
    hall[:build_up] *= rise(build_up)
    first_moment = 12 * rms(hall[:build_up])
    for number, (seconds, level) in enumerate(_EARLY):
        hall[int(seconds * (1 + 0.09 * side) * SAMPLE_RATE_HZ)] += level * first_moment * (-1) ** (number * side)
    pre_delay = int(_PRE_DELAY_S * SAMPLE_RATE_HZ)
    hall = np.concatenate([np.zeros(pre_delay), hall[: RESPONSE - pre_delay]])
    end = RESPONSE // 4
    hall[-end:] *= rise(end)[::-1]
    return np.asarray(np.rint(hall * (_RESPONSE_STEPS / (rms(hall) * sqrt(RESPONSE)))))


class Hall:
    """The hall while a cue is played: what rings on from block to block."""

    def __init__(self, samples: int) -> None:
        """Open the hall.

        Args:
            samples: length of the cue. Of a short one a single transform of twice the length holds all that is heard.
        """
        self._size = _TRANSFORM if 2 * samples > _TRANSFORM else max(_SMALLEST, 1 << (2 * samples - 1).bit_length())
        self._tails = [np.zeros(RESPONSE, np.float32) for _ in range(2)]

    def ring(self, send: Samples) -> Samples:
        """Return what the hall gives back during a block.

        Args:
            send: float32 [shape=(samples, 2)], at most :data:`STEP` samples, blocks in order.

        Returns:
            The hall alone, of the same shape.
        """
        back = np.empty_like(send)
        for side, (spectrum, tail) in enumerate(zip(_response(self._size), self._tails, strict=True)):
            if not send[:, side].any() and not tail.any():
                back[:, side] = 0.0
                continue
            rung = _convolved(send[:, side], spectrum, self._size)
            known = min(RESPONSE, self._size)
            rung[:known] += tail[:known]
            back[:, side] = rung[: len(send)]
            after = rung[len(send) : len(send) + RESPONSE]
            tail[: len(after)], tail[len(after) :] = after, 0.0
        return back


def _convolved(block: NDArray[np.float32], spectrum: NDArray[np.complex128], size: int) -> NDArray[np.float32]:
    """Return one side in the hall [shape=(size,)]."""
    whole = block * np.float64(_SIGNAL_STEPS)
    rung = fft.rfft(np.rint(whole, out=whole), size, overwrite_x=True)
    rung *= spectrum
    out = fft.irfft(rung, size, overwrite_x=True)
    np.rint(out, out=out)
    out *= 1.0 / (_SIGNAL_STEPS * _RESPONSE_STEPS)
    return out.astype(np.float32)
