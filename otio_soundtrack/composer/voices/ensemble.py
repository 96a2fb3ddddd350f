"""Sustained sounds of many players: strings, choir, horns and warm pads.

Each pitch is a loop made in the spectrum (after Nasca's PADsynth): every harmonic is a narrow hump of noise-like phases
instead of a line, as wide as the players' pitches differ. Such a loop has no seam and never beats in a regular way. Two loops
with the same phases, a dark and a bright one, are mixed over the course of a note: that is the bow or breath opening the
sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from otio_soundtrack.composer.voices.exact import Signal, hertz, on_grid, phasors, ramped, rise, rms, rounded, sine
from otio_soundtrack.times import SAMPLE_RATE_HZ

_LOOP_LEVEL = 0.16
"""Root mean square of a loop: its peaks then stay below 1."""
_HIGHEST_HZ = 16_000.0
_PLACE_STRIDE = 7919
"""Samples between the starting places of neighbouring notes in a loop: a prime, so that they do not come round."""
_NARROWEST_BINS = 0.8
_AIR = 0.035
"""Level of bow or breath noise against the strongest harmonic."""
_INAUDIBLE = 3e-5
"""Harmonics come to an end where they are 90 dB below the first."""
_REACH = 3.2
"""Width of a hump on either side in standard deviations that is written into the spectrum."""
_CONTROL = 512
"""Samples between values of slow movements; between them they go in straight lines."""
_BREATH_HZ = 0.31
"""How often a held sound opens and closes a little, a second."""


@dataclass(frozen=True, kw_only=True)
class Ensemble:
    """What makes one sustained instrument."""

    cents: float = 22.0
    """How far the players' pitches differ."""
    spread: float = 1.0
    """Exponent: how the width grows with the harmonic's number."""
    roll_off: float = 1.0
    """Exponent: harmonic n has 1/n to this power before the body."""
    odd_only: float = 0.0
    """0 for all harmonics, 1 for odd ones only (clarinet-like, hollow)."""
    dark_hz: float = 900.0
    """Where the dark loop begins to fall off."""
    bright_hz: float = 3200.0
    """Where the bright loop begins to fall off."""
    formants: tuple[tuple[float, float, float], ...] = ()
    """Resonances of the body or the mouth: hertz, width in hertz, gain."""
    air: float = 0.0
    """Loudness of bow or breath noise."""
    loop_bits: int = 17
    """Size of the loop as a power of 2: 17 is 2.7 s, whose return is not heard; voices of short notes do with less."""
    attack_s: float = 0.25
    """Seconds until a note has spoken at a middle velocity; harder notes speak faster."""
    release_s: float = 0.5
    """Seconds after the note."""

    def sound(self, pitch: int, velocity: float, seconds: float, attack_s: float, place: int) -> NDArray[np.float32]:
        """Return a held note.

        Args:
            pitch: MIDI number.
            velocity: 0–1; more opens the sound, it does not make it louder.
            seconds: until it is let go.
            attack_s: seconds of its beginning.
            place: any number; notes with different ones start at different places of the loop.

        Returns:
            float32 [shape=(samples, 2)], peak about 1.
        """
        dark, bright = _loops(self, pitch)
        loop = 1 << self.loop_bits
        held, release = int(seconds * SAMPLE_RATE_HZ), int(self.release_s * SAMPLE_RATE_HZ)
        attack = max(1, min(int(attack_s * SAMPLE_RATE_HZ), held))
        opening = self._opening(velocity, held + release, held, place)
        closed = 1 - opening
        for gain in (opening, closed):
            gain[:attack] *= rise(attack).astype(np.float32)
            gain[held:] *= rise(release)[::-1].astype(np.float32)
        start = place * _PLACE_STRIDE % loop
        sound = np.empty((held + release, 2), np.float32)
        at = 0
        while at < len(sound):
            stop = min(len(sound), at + loop - start)
            read = slice(start, start + stop - at)
            for side in range(2):  # column by column: rows of two are slower
                np.multiply(dark[read, side], closed[at:stop], out=sound[at:stop, side])
                sound[at:stop, side] += bright[read, side] * opening[at:stop]
            at, start = stop, 0
        return sound

    def _opening(self, velocity: float, length: int, held: int, place: int) -> NDArray[np.float32]:
        """Return the share of the bright loop over a note: it swells to the middle, breathes slowly, and closes at the end."""
        marks = np.arange(0, length + 2 * _CONTROL, _CONTROL)
        swell = 0.55 + 0.45 * sine(np.minimum(marks / max(1, held), 1.0) / 2)
        breath = 1 + 0.15 * sine(np.asarray(marks * (_BREATH_HZ / SAMPLE_RATE_HZ) + 0.37 * place, np.float64))
        return ramped(np.minimum(1.0, velocity * velocity * swell * breath), _CONTROL)[:length]


@lru_cache(maxsize=96)
def _loops(ensemble: Ensemble, pitch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the dark and the bright loop of a pitch; all that are kept together have 200 MB at most."""
    size = 1 << ensemble.loop_bits
    turned = [np.roll(_phases(size, side), pitch * _PLACE_STRIDE) for side in (1, 2)]
    # all four at once: the transform then works on several of them with each instruction
    spectra = np.stack([magnitude * side for magnitude in _magnitudes(ensemble, hertz(pitch)) for side in turned])
    sounds = fft.irfft(spectra, size, axis=1, overwrite_x=True)
    dark, bright = _loop(sounds[:2]), _loop(sounds[2:])
    return dark, bright


def _loop(sides: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return a loop of both sides [shape=(size, 2)]."""
    loop = np.empty((sides.shape[1], 2), np.float32)
    for number, sound in enumerate(sides):
        loop[:, number] = on_grid(sound * (_LOOP_LEVEL / rms(sound)))
    return loop


@lru_cache(maxsize=6)
def _phases(size: int, side: int) -> NDArray[np.complex128]:
    """Return noise-like phases for the bins of a loop's spectrum; every pitch begins elsewhere in them."""
    return phasors(side, size // 2 + 1)


def _magnitudes(ensemble: Ensemble, fundamental: float) -> tuple[Signal, Signal]:
    """Return the magnitude of each bin of the dark and of the bright loop's spectrum."""
    bins = (1 << ensemble.loop_bits) // 2 + 1
    bin_hz = SAMPLE_RATE_HZ / (1 << ensemble.loop_bits)
    both = ((np.zeros(bins), ensemble.dark_hz), (np.zeros(bins), ensemble.bright_hz))
    first_width = (2 ** (ensemble.cents / 1200) - 1) * fundamental
    for number in range(1, int(_HIGHEST_HZ / fundamental) + 1):
        # a loop has no bins between its lines, so that a hump is at least two of them wide
        centre, width = number * fundamental, max(first_width * number**ensemble.spread, _NARROWEST_BINS * bin_hz)
        levels = [_level(ensemble, number, centre, cut_off) for _, cut_off in both]
        if max(levels) < _INAUDIBLE:
            break
        low, high = max(1, int((centre - _REACH * width) / bin_hz)), int((centre + _REACH * width) / bin_hz) + 2
        distance = (np.arange(low, min(high, bins - 1)) * bin_hz - centre) / width
        # a bell that needs no exponential: (1 − d²/r²)⁴ is within a few percent of the normal curve
        bell = np.square(np.square(np.maximum(0.0, 1 - np.square(distance / _REACH)))) / width**0.5
        for (magnitude, _), level in zip(both, levels, strict=True):
            magnitude[low : low + len(bell)] += level * bell
    for magnitude, cut_off in both:
        if ensemble.air:
            np.add(
                magnitude, _air(fundamental, cut_off, bins) * (ensemble.air * _AIR * magnitude.max() * bin_hz**0.5), out=magnitude
            )
    return both[0][0], both[1][0]


def _air(fundamental: float, cut_off: float, bins: int) -> Signal:
    """Return the spectrum of bow or breath: noise from the note upwards that thins out smoothly."""
    hz = np.arange(bins) * (SAMPLE_RATE_HZ / 2 / (bins - 1))
    below, above = hz / fundamental, hz / (1.5 * cut_off)
    return np.asarray(np.square(below) / (1 + np.square(below)) / (1 + np.square(above)) ** 1.5)


def _level(ensemble: Ensemble, number: int, hz: float, cut_off: float) -> float:
    even = 1 - ensemble.odd_only if number % 2 == 0 else 1.0
    body = 1.0 + sum(gain * exp(-(((hz - middle) / width) ** 2)) for middle, width, gain in ensemble.formants)
    return rounded(even * body * number**-ensemble.roll_off * exp(-max(0.0, hz - cut_off) / cut_off) / (1 + (hz / 12_000.0) ** 2))
