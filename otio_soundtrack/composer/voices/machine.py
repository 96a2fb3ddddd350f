"""Strokes of the other palettes: snare, wooden box, and the kick, clap and hat of a drum machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices.exact import Signal, decay, noise, on_grid, rise, sine
from otio_soundtrack.composer.voices.filters import band_pass, high_pass, low_pass
from otio_soundtrack.times import SAMPLE_RATE_HZ

_LOWEST_HZ = 24.0
"""What is below moves loudspeakers and is not heard."""
_ATTACK = 24
"""Samples over which a stroke begins: half a millisecond, so that it does not click."""
_CLAPS_S = (0.0, 0.011, 0.023)
"""When the hands of a clap meet, seconds."""


def _closed(middle: Signal, side: Signal) -> NDArray[np.float32]:
    """Return both sides, without what is too low and without a click at either end."""
    sound = np.stack([high_pass(middle + side, _LOWEST_HZ), high_pass(middle - side, _LOWEST_HZ)], axis=1)
    release = len(middle) // 5
    sound[:_ATTACK] *= rise(_ATTACK)[:, None]
    sound[len(middle) - release :] *= rise(release)[::-1, None]
    return on_grid(sound)


def _falling(hz: float, fall: float, fall_s: float, seconds: float, samples: int) -> Signal:
    """Return a tone whose pitch falls to ``hz`` from so many times more."""
    turns = np.cumsum(1 + fall * decay(fall_s, samples)) * (hz / SAMPLE_RATE_HZ)
    return sine(turns) * decay(seconds, samples)


def _snare(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.35 * SAMPLE_RATE_HZ)
    wires = high_pass(low_pass(noise(1500 + variant, samples), 5000.0 + 4000.0 * hardness), 900.0) * decay(0.24, samples)
    skin = _falling(188.0 * (1 + 0.01 * (variant % 3)), 0.35, 0.05, 0.16, samples)
    return _closed(0.7 * wires + 0.6 * skin, 0.2 * high_pass(noise(1550 + variant, samples), 2500.0) * decay(0.2, samples))


def _deep_kick(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.55 * SAMPLE_RATE_HZ)
    body = _falling(47.0, 3.0 + 1.5 * hardness, 0.06, 0.5, samples)
    click = low_pass(noise(1600 + variant, samples), 1500.0 + 3000.0 * hardness) * decay(0.02, samples)
    return _closed(0.9 * body + 0.5 * hardness * click, np.zeros(samples))


def _clap(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.3 * SAMPLE_RATE_HZ)
    hands = band_pass(noise(1700 + variant, samples), 1250.0, 1.1)
    shape = 0.35 * decay(0.22, samples)
    for at in _CLAPS_S:
        start = int(at * SAMPLE_RATE_HZ)
        shape[start:] += 0.6 * decay(0.03, samples - start)
    bright = high_pass(noise(1750 + variant, samples), 2500.0) * (0.1 + 0.15 * hardness)
    return _closed((1.5 * hands + bright) * shape, 0.3 * band_pass(noise(1770 + variant, samples), 1800.0, 0.8) * shape)


def _hat(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.11 * SAMPLE_RATE_HZ)
    metal = high_pass(noise(1800 + variant, samples), 6500.0 + 1500.0 * hardness) * decay(0.06 + 0.03 * hardness, samples)
    return _closed(0.9 * metal, 0.2 * high_pass(noise(1850 + variant, samples), 8000.0) * decay(0.05, samples))


def _box(variant: int, hardness: float) -> NDArray[np.float32]:
    """Return a hand on a wooden box with strings inside (a cajón)."""
    samples = int(0.3 * SAMPLE_RATE_HZ)
    wood = _falling(92.0 * (1 + 0.015 * (variant % 3)), 0.4, 0.04, 0.2, samples)
    buzz = band_pass(noise(1900 + variant, samples), 1500.0 + 900.0 * hardness, 0.6) * decay(0.09, samples)
    return _closed(0.8 * wood + (0.3 + 0.5 * hardness) * buzz, 0.08 * noise(1950 + variant, samples) * decay(0.05, samples))


STROKES: dict[str, Callable[[int, float], NDArray[np.float32]]] = {
    name: lru_cache(maxsize=32)(make)
    for name, make in {"snare": _snare, "deep kick": _deep_kick, "clap": _clap, "hat": _hat, "box": _box}.items()
}
"""Every stroke by name: a function of variant and hardness (0–1), as in :mod:`.drums`."""
