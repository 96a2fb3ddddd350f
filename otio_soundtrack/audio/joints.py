"""Joints: where two sounds agree to the sample, and how one becomes the other without a dip or a bump.

Two sounds that are alike add up as amplitudes, two that are not as powers. A cross-fade of equal power is 3 dB too loud in the
middle for the first, one of equal gain 3 dB too soft for the second. Here both gains are divided by the level that their sum
would have with the correlation that was measured (after Fink, Holters and Zölzer 2016, Signal-matched power-complementary
cross-fading).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from otio_soundtrack.model.sound import Samples

_NEAR = 0.1
"""What the longest shift must gain in correlation before it is preferred to none."""
_QUIET = 1e-9
"""Energy below which there is nothing to compare."""


@dataclass(frozen=True)
class Match:
    """Where a sound fits another best."""

    lag: int
    """Samples by which the second is read later to lie under the first."""
    likeness: float
    """Correlation there, −1 to 1."""


def match(one: NDArray[np.float32], other: NDArray[np.float32], reach: int) -> Match:
    """Return where a stretch of sound is found in another.

    Args:
        one: mono [shape=(n,)].
        other: mono [shape=(n + 2 · reach,)]; ``reach`` is where the first would lie without a shift.
        reach: samples.
    """
    products = correlate(other, one, "valid", method="fft").astype(np.float64)
    squares = np.concatenate([[0.0], np.cumsum(np.square(other, dtype=np.float64))])
    energies = np.maximum(squares[len(one) :] - squares[: len(squares) - len(one)], 0) * float(
        np.square(one, dtype=np.float64).sum()
    )
    likeness = np.where(energies > _QUIET, products / np.sqrt(np.maximum(energies, _QUIET)), 0.0)
    # of equally good places the nearest, so that steady tones do not wander
    preferred = likeness - _NEAR * np.abs(np.arange(len(likeness)) - reach) / max(reach, 1)
    best = int(preferred.argmax())
    return Match(best - reach, float(np.clip(likeness[best], -1, 1)))


def likeness(one: Samples, other: Samples) -> float:
    """Return the correlation of two stretches of equal length, 0 where one is silent."""
    energy = float(np.square(one, dtype=np.float64).sum() * np.square(other, dtype=np.float64).sum())
    return float(np.sum(one.astype(np.float64) * other) / energy**0.5) if energy > _QUIET else 0.0


def blended(leaving: Samples, entering: Samples) -> Samples:
    """Return the cross-fade of two stretches of equal length [shape=(samples, 2)], as loud as they are."""
    count = len(leaving)
    turn = (np.arange(count) + 0.5)[:, None] / count * (np.pi / 2)
    out, into = np.cos(turn), np.sin(turn)
    alike = max(0.0, likeness(leaving, entering))
    level = np.sqrt(out**2 + into**2 + 2 * alike * out * into)
    return np.asarray((leaving * out + entering * into) / level, np.float32)
