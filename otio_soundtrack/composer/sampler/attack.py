"""How fast a sound speaks, and how loud it is: both are measured, because a font does not say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices.exact import rms, rounded
from otio_soundtrack.times import SAMPLE_RATE_HZ

HEARD_S = 0.6
"""Seconds of a note that its loudness is measured over."""
_FIRST_S = 0.4
"""Seconds in which the first peak lies."""
_SMOOTH_S = 0.01
"""Seconds over which loudness is averaged."""
_HALF = 0.5
"""Share of the first peak at which the ear puts the beginning."""


def speaks_after(sounds: Sequence[NDArray[np.float32]]) -> float:
    """Return the seconds to half of the first peak.

    Args:
        sounds: notes from their first sample, float32 [shape=(2, samples)]; several, because layers beat against each other
            differently on each key, and their mean is what counts.

    Returns:
        0–0.4; 0 for silence.
    """
    power = np.zeros(int(_FIRST_S * SAMPLE_RATE_HZ))
    for sound in sounds:
        first = sound[:, : len(power)].astype(np.float64)
        # whole numbers, so that the order of summing does not show
        power[: first.shape[1]] += np.rint(np.square(first).sum(axis=0) * 2.0**30)
    window = int(_SMOOTH_S * SAMPLE_RATE_HZ)
    sums = np.concatenate([np.zeros(1), np.cumsum(power)])
    level = sums[window:] - sums[:-window]
    peak = float(level.max())
    if peak <= 0:
        return 0.0
    reached = int(np.argmax(level >= _HALF * _HALF * peak))
    # a window ends half of its length after what it tells of; a sound that is there at once has no attack
    return reached / SAMPLE_RATE_HZ if reached == 0 else (reached + window / 2) / SAMPLE_RATE_HZ


def heard(sound: NDArray[np.float32]) -> float:
    """Return the root mean square of the first 0.6 s of a note, both sides together [shape=(2, samples)]."""
    first = np.zeros((2, int(HEARD_S * SAMPLE_RATE_HZ)))
    length = min(first.shape[1], sound.shape[1])
    first[:, :length] = sound[:, :length]
    return rounded(rms(first), 24)
