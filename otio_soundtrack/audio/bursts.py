"""Bursts: how much begins where two sounds are joined, against what begins there in the take itself.

A join is heard first by its attack: a chord that nobody prepared, or one that is struck twice. What would be written around a
join is therefore rendered before it is chosen, and the rise of its spectrum compared with that of the beat that is entered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.joints import blended
from otio_soundtrack.audio.varispeed import read_exact
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

_WINDOW, _HOP = 2048, SAMPLE_RATE_HZ // 100
_HANN = np.hanning(_WINDOW).astype(np.float32)
_CONTRAST = 50.0
"""Magnitudes are heard as the logarithm of one plus so many of them."""
_BEFORE, _AFTER = SAMPLE_RATE_HZ // 10, SAMPLE_RATE_HZ * 6 // 100
"""Around a join in which an attack is heard as that of the join: 100 ms and 60 ms."""
_SILENT = 1e-3
"""Rise below which nothing begins."""


@dataclass(frozen=True)
class Fade:
    """A cross-fade."""

    samples: int
    before: int
    """Samples of it that lie before the join."""


def burst(sound: Sound, out: int, into: int, fade: Fade) -> float:
    """Return how much begins at a join against the take: 1 is as much as there.

    Args:
        sound: the take.
        out: sample at which it is left.
        into: sample at which it is entered.
        fade: from the one to the other.
    """
    before, after = _BEFORE + _WINDOW // 2, _AFTER + _WINDOW // 2
    whole = read_exact(sound, into - before, before + after)
    own = _rise(whole)
    if own < _SILENT:
        return 1.0
    first = before - fade.before
    written = whole.copy()
    written[: max(0, first)] = read_exact(sound, out - before, max(0, first))
    skipped = max(0, -first)
    leaving = read_exact(sound, out - fade.before, fade.samples)
    mixed = blended(leaving, read_exact(sound, into - fade.before, fade.samples))[skipped:]
    stop = min(len(written), max(0, first) + len(mixed))
    written[max(0, first) : stop] = mixed[: stop - max(0, first)]
    return _rise(written) / own


def _rise(sound: Samples) -> float:
    """Return the strongest rise of the spectrum from one moment to the next."""
    frames: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(sound.mean(axis=1), _WINDOW)[::_HOP]
    loud = np.log1p(_CONTRAST * np.abs(np.fft.rfft(frames * _HANN, axis=1)))
    return float(np.maximum(np.diff(loud, axis=0), 0).sum(axis=1).max(initial=0.0))
