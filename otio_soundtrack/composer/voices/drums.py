"""Drums, cymbals and the effects of a modern score: skins with falling pitch, noise, swells and risers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices.exact import Signal, decay, noise, on_grid, rise, sine
from otio_soundtrack.composer.voices.filters import band_pass, high_pass, low_pass
from otio_soundtrack.times import SAMPLE_RATE_HZ

_SKIN = ((1.0, 1.0, 1.0), (1.59, 0.45, 0.5), (2.14, 0.3, 0.36), (2.65, 0.2, 0.3), (3.16, 0.12, 0.22))
"""Modes of a round membrane (ratios of Bessel zeros), loudness, and decay against the lowest."""
_LOWEST_HZ = 24.0
"""What is below moves loudspeakers and is not heard."""
_CYMBAL_HZ = (317.0, 523.7, 811.3, 1187.0, 1731.0, 2399.0, 3467.0, 4789.0)
"""Frequencies without a common measure, which make metal."""


def _skin(hz: float, seconds: float, fall: float, variant: int, *, slap: float, slap_hz: float, hardness: float) -> Signal:
    """Return a drum skin: its modes start sharp and settle, with the noise of stick or hand."""
    samples = int(seconds * SAMPLE_RATE_HZ)
    bent = 1 + fall * (0.5 + 0.5 * hardness) * decay(0.12, samples)
    turns = np.cumsum(bent) * (hz * (1 + 0.012 * (variant % 4 - 1.5)) / SAMPLE_RATE_HZ)
    sound = np.zeros(samples)
    for ratio, level, length in _SKIN:
        sound += (
            level * (1 if ratio == 1 else 0.4 + 0.6 * hardness) * sine(ratio * turns) * decay(seconds * 0.8 * length, samples)
        )
    burst = low_pass(noise(31 * variant + int(hz), samples), slap_hz * (0.5 + hardness)) * decay(
        0.07 + 0.05 * (1 - hardness), samples
    )
    return sound * 0.55 + burst * slap * (0.3 + 0.7 * hardness)


def _tone(hz: float, samples: int) -> Signal:
    return sine(np.arange(samples, dtype=np.float64) * (hz / SAMPLE_RATE_HZ))


def _both(mono: Signal, width: Signal | None = None) -> NDArray[np.float32]:
    """Return both sides, the width added to one and taken from the other; the end is closed without a click."""
    side = np.zeros_like(mono) if width is None else width
    sound = np.stack([high_pass(mono + side, _LOWEST_HZ), high_pass(mono - side, _LOWEST_HZ)], axis=1)
    attack, release = 24, len(mono) // 5
    sound[:attack] *= rise(attack)[:, None]
    sound[len(mono) - release :] *= rise(release)[::-1, None]
    return on_grid(sound)


def _taiko(variant: int, hardness: float) -> NDArray[np.float32]:
    skin = _skin(66.0, 1.5, 0.5, variant, slap=0.9, slap_hz=1900.0, hardness=hardness)
    room = 0.12 * band_pass(noise(900 + variant, len(skin)), 180.0, 0.7) * decay(0.5, len(skin))
    return _both(skin, room)


def _low_tom(variant: int, hardness: float) -> NDArray[np.float32]:
    skin = _skin(98.0, 0.9, 0.35, variant, slap=0.7, slap_hz=2300.0, hardness=hardness)
    return _both(skin, 0.1 * band_pass(noise(800 + variant, len(skin)), 260.0, 0.8) * decay(0.3, len(skin)))


def _frame(variant: int, hardness: float) -> NDArray[np.float32]:
    skin = _skin(142.0, 0.6, 0.18, variant, slap=0.8, slap_hz=3000.0, hardness=hardness)
    return _both(skin, 0.06 * high_pass(noise(700 + variant, len(skin)), 2500.0) * decay(0.15, len(skin)))


def _kick(variant: int, hardness: float) -> NDArray[np.float32]:
    skin = _skin(52.0, 0.5, 1.6, variant, slap=0.35, slap_hz=1200.0, hardness=hardness)
    return _both(low_pass(skin, 1800.0 + 2500 * hardness))


def _shaker(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.14 * SAMPLE_RATE_HZ)
    grains = high_pass(noise(600 + variant, samples), 4200.0 + 1500 * hardness)
    opening = int((0.022 - 0.012 * hardness) * SAMPLE_RATE_HZ)
    shape = decay(0.13, samples)
    shape[:opening] *= rise(opening)
    return _both(0.8 * grains * shape, 0.25 * high_pass(noise(650 + variant, samples), 6000.0) * shape)


def _brush(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.3 * SAMPLE_RATE_HZ)
    hiss = band_pass(noise(500 + variant, samples), 2600.0, 0.5) * decay(0.22, samples)
    tone = _tone(186.0, samples) * decay(0.12, samples)
    return _both(
        1.1 * hiss + 0.35 * hardness * tone, 0.3 * high_pass(noise(550 + variant, samples), 3000.0) * decay(0.18, samples)
    )


def _click(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(0.12 * SAMPLE_RATE_HZ)
    wood = band_pass(noise(400 + variant, samples), 1500.0 + 60 * (variant % 4), 5.0) * decay(0.06, samples)
    tone = _tone(1180.0, samples) * decay(0.05, samples)
    return _both((2.2 * wood + 0.4 * tone) * (0.6 + 0.4 * hardness))


def _metal(seed: int, samples: int, low_hz: float) -> tuple[Signal, Signal]:
    """Return the middle and the side of a cymbal before its envelope."""
    time = np.arange(samples) / SAMPLE_RATE_HZ
    ring = np.zeros(samples)
    for number, hz in enumerate(_CYMBAL_HZ):
        ring += 0.1 * sine(hz * time + 0.6 * sine(hz * 1.483 * time + 0.1 * number))
    return 0.7 * high_pass(noise(seed, samples), low_hz) + high_pass(ring, 900.0), 0.4 * high_pass(
        noise(seed + 1, samples), low_hz
    )


def _cymbal(variant: int, hardness: float) -> NDArray[np.float32]:
    samples = int(2.6 * SAMPLE_RATE_HZ)
    middle, side = _metal(300 + variant, samples, 3200.0)
    shape = 0.6 * decay(0.5, samples) + 0.4 * decay(2.4, samples)
    dull = low_pass(middle * shape, 5000.0 + 7000.0 * hardness)
    return _both(0.6 * dull, 0.6 * side * shape)


def _swell(variant: int, hardness: float) -> NDArray[np.float32]:
    """Return a cymbal roll that grows: it ends where the note ends, see ``SWELLS``."""
    samples = int(2.0 * SAMPLE_RATE_HZ)
    middle, side = _metal(200 + variant, samples, 2600.0)
    grow = np.square(rise(samples)) * decay(4.0, samples)[::-1]
    return _both(0.5 * low_pass(middle * grow, 4000.0 + 6000.0 * hardness), 0.4 * side * grow)


def _riser(variant: int, hardness: float) -> NDArray[np.float32]:
    """Return wind that rises in pitch and loudness over two seconds."""
    samples = int(2.0 * SAMPLE_RATE_HZ)
    share = np.arange(samples) / samples
    sound, side = np.zeros(samples), np.zeros(samples)
    for number, hz in enumerate((300.0, 700.0, 1500.0, 3200.0)):
        place = np.maximum(0.0, 1 - 2.2 * np.abs(share - 0.25 * (number + 1)))
        sound += place * band_pass(noise(100 + variant + number, samples), hz, 1.4)
        side += 0.5 * place * band_pass(noise(150 + variant + number, samples), hz * 1.2, 1.4)
    grow = np.square(share) * (0.6 + 0.4 * hardness)
    return _both(2.0 * sound * grow, 2.0 * side * grow)


def _boom(variant: int, hardness: float) -> NDArray[np.float32]:
    """Return the deep hit under a strong cut: a falling sub tone under a burst of low noise."""
    samples = int(2.4 * SAMPLE_RATE_HZ)
    turns = np.cumsum(1 + 0.9 * decay(0.35, samples)) * (41.0 / SAMPLE_RATE_HZ)
    tone = sine(turns + 0.08 * sine(2 * turns)) * decay(1.9, samples)
    burst = low_pass(noise(50 + variant, samples), 500.0 + 1500.0 * hardness) * decay(0.45, samples)
    side = 0.25 * band_pass(noise(60 + variant, samples), 400.0, 0.6) * decay(0.7, samples)
    return _both(0.8 * tone + 0.9 * hardness * burst, side)


DRUMS: dict[str, Callable[[int, float], NDArray[np.float32]]] = {
    name: lru_cache(maxsize=32)(make)
    for name, make in {
        "taiko": _taiko,
        "low tom": _low_tom,
        "frame": _frame,
        "kick": _kick,
        "shaker": _shaker,
        "brush": _brush,
        "click": _click,
        "cymbal": _cymbal,
        "swell": _swell,
        "riser": _riser,
        "boom": _boom,
    }.items()
}
"""Every drum and effect by name: a function of variant (strokes of different ones differ a little, as with a player) and hardness
(0–1) that gives float32 [shape=(samples, 2)], peak about 1."""

SWELLS = {"swell": 2.0, "riser": 2.0}
"""Seconds before their start at which these begin: their note marks where they arrive."""
