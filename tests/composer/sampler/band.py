"""A small General MIDI font: a held tone, a plucked one and a burst of noise in the place of every instrument."""

from __future__ import annotations

import numpy as np

from otio_soundtrack.composer.sampler.programmes import DRUM_BANK, PROGRAMMES
from otio_soundtrack.composer.voices.orchestra import ENSEMBLES
from tests.composer.sampler.builder import INSTRUMENT, SAMPLE, Font, Recording, Zone, sine

ATTACK_S = 0.3
"""Seconds of the bowed sounds' straight rise."""
BOWED = tuple(ENSEMBLES)


def band(*, seed: int = 5, attack_s: float = ATTACK_S) -> Font:
    """Return the font; the seed is that of the noise."""
    noise = np.random.default_rng(seed).uniform(-0.6, 0.6, 12_000) * np.exp(-np.arange(12_000) / 2000)
    # eight harmonics, in whole cycles in the loop; 480 Hz read at 44 kHz is the A of 440 Hz
    bright = np.sum([sine(480.0 * number, 48_000, 0.3 / number) for number in range(1, 9)], axis=0)
    attack = round(1200 * np.log2(attack_s))
    bowed = [Zone({34: attack, 38: -1200, 54: 1, SAMPLE: 0})]
    plucked = [Zone({36: 2400, 37: 1000, 38: 0, 54: 1, SAMPLE: 0})]
    struck = [Zone({56: 0, 38: 0, SAMPLE: 1})]
    presets = {}
    for voice, programme in sorted(PROGRAMMES.items(), key=lambda one: one[0] in BOWED):  # where two share one, it is bowed
        kind = 2 if programme.key is not None or programme.bank == DRUM_BANK else 0 if voice in BOWED else 1
        presets[programme.bank, programme.number] = [Zone({INSTRUMENT: kind})]
    return Font([Recording(bright, loop=(24_000, 36_000), rate=44_000), Recording(noise)], [bowed, plucked, struck], presets)
