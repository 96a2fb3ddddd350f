"""Struck and plucked things: sums of decaying partials (modal synthesis), with the noise of what strikes them.

Each note has two layers of strings or bars, a hair out of tune with each other and one to each side: that gives the beating and
width of real instruments.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, pi, sin

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices.exact import Signal, decay, decaying_sines, hertz, noise, on_grid, rise, rounded
from otio_soundtrack.composer.voices.filters import band_pass, low_pass
from otio_soundtrack.times import SAMPLE_RATE_HZ

_HIGHEST_HZ = 16_000.0
"""Partials above it are left out."""
_INAUDIBLE = 630.0
"""A partial that is 56 dB below the note's loudest is left out."""
_REFERENCE_HZ = 261.6
"""Middle C: decay times are given there and shrink with the root of the frequency above it."""
_LONGEST_S = 6.0


@dataclass(frozen=True, kw_only=True)
class Modal:
    """What makes one instrument."""

    ratios: tuple[float, ...] = ()
    """Frequencies of the partials as multiples of the lowest; empty: a stiff string."""
    stiffness: float = 0.0
    """Inharmonicity B of a string: partial n lies at n·√(1 + B·n²)."""
    partials: int = 16
    """Most partials of a string."""
    struck_at: float = 0.13
    """Where the string is struck or plucked, as a share of its length: it lacks the partials that have a node there."""
    roll_off: float = 1.0
    """Exponent: partial n has 1/n to this power at full brightness."""
    soft_hz: float = 700.0
    """Brightness at the softest touch: partials fall by half a neper each so many hertz."""
    hard_hz: float = 3500.0
    """The same at the hardest touch."""
    ring_s: float = 3.0
    """Seconds by which the lowest partial of middle C falls by 60 dB."""
    damping: float = 0.55
    """How much faster higher partials decay: exponent on the partial's ratio."""
    detune_cents: float = 1.6
    """Distance between the two layers."""
    attack_s: float = 0.002
    """Softness of the beginning."""
    knock: float = 0.0
    """Loudness of the striking noise against the tone."""
    knock_hz: float = 900.0
    """Its middle frequency."""
    knock_s: float = 0.03
    """Its decay by 60 dB."""

    def sound(self, pitch: int, hardness: float) -> NDArray[np.float32]:
        """Return a note that rings out.

        Args:
            pitch: MIDI number.
            hardness: touch, 0–1; it changes brightness and noise, not loudness.

        Returns:
            float32 [shape=(samples, 2)], peak about 1.
        """
        fundamental = hertz(pitch)
        ring = min(_LONGEST_S, self.ring_s * min(1.6, (_REFERENCE_HZ / fundamental) ** 0.5))
        partials = self._partials(fundamental, hardness)
        length = int(ring * SAMPLE_RATE_HZ)
        sides = [self._side(partials, fundamental, ring, length, side) for side in (-1, 1)]
        if self.knock:
            strike = self._strike(hardness, pitch)
            for number, side in enumerate(sides):
                side[: len(strike[number])] += strike[number][:length]
        sound = np.stack(sides, axis=1)
        attack = min(length, max(2, int(self.attack_s * SAMPLE_RATE_HZ)))
        sound[:attack] *= rise(attack)[:, None]
        release = length // 4  # what is left at the end goes without a click
        sound[length - release :] *= rise(release)[::-1, None]
        return on_grid(sound)

    def _partials(self, fundamental: float, hardness: float) -> list[tuple[float, float]]:
        """Return (frequency ratio, amplitude) of each partial; the amplitudes add up to 1."""
        ratios = self.ratios or tuple(n * (1 + self.stiffness * n * n) ** 0.5 for n in range(1, self.partials + 1))
        brightness = self.soft_hz + (self.hard_hz - self.soft_hz) * hardness
        found = []
        for number, ratio in enumerate(ratios, start=1):
            if ratio * fundamental < _HIGHEST_HZ:
                comb = 1.0 if self.ratios else abs(sin(pi * number * self.struck_at)) + 0.05
                tilt = exp(-0.5 * (ratio - 1) * fundamental / brightness)
                found.append((ratio, comb * tilt * number**-self.roll_off))
        total = sum(amplitude for _, amplitude in found)
        return [(rounded(ratio), rounded(amplitude / total)) for ratio, amplitude in found]

    def _side(self, partials: list[tuple[float, float]], fundamental: float, ring: float, length: int, side: int) -> Signal:
        """Return one layer: the sum of all partials that are heard."""
        cents = side * self.detune_cents / 2
        loudest = max(amplitude for _, amplitude in partials)
        bells = []
        for number, (ratio, amplitude) in enumerate(partials):
            if amplitude * _INAUDIBLE > loudest:
                # partials drift apart a little, each in its own way, as real strings and bars do
                bent = cents * (1 + 0.35 * sin(2.1 * number + 0.7 * side))
                bells.append((rounded(ratio * fundamental * 2 ** (bent / 1200)), amplitude, ring / ratio**self.damping))
        return decaying_sines(bells, length)

    def _strike(self, hardness: float, pitch: int) -> tuple[Signal, Signal]:
        """Return the noise of the hammer, finger or beater on both sides."""
        samples = int(self.knock_s * SAMPLE_RATE_HZ)
        centre = self.knock_hz * (0.7 + 0.6 * hardness)
        level = self.knock * (0.4 + 0.6 * hardness)
        left, right = (
            level
            * 4
            * band_pass(low_pass(noise(1000 * side + pitch, samples), 4 * centre), centre, 0.6)
            * decay(self.knock_s, samples)
            for side in (1, 2)
        )
        return left, right
