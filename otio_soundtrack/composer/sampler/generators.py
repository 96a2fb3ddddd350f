"""Generators: what a zone says, by number (SoundFont 2.04, section 8.1.2)."""

from __future__ import annotations

from enum import IntEnum

from otio_soundtrack.composer.voices.exact import rounded


class Gen(IntEnum):
    """Numbers of the generators that are obeyed."""

    START = 0
    END = 1
    LOOP_START = 2
    LOOP_END = 3
    START_COARSE = 4
    TREMBLE_TO_PITCH = 5
    """From the modulation oscillator, as the next two of this name."""
    VIBRATO_TO_PITCH = 6
    BEND_TO_PITCH = 7
    """From the modulation envelope."""
    CUTOFF = 8
    RESONANCE = 9
    TREMBLE_TO_CUTOFF = 10
    BEND_TO_CUTOFF = 11
    END_COARSE = 12
    TREMBLE_TO_VOLUME = 13
    PAN = 17
    TREMBLE_DELAY = 21
    TREMBLE_RATE = 22
    VIBRATO_DELAY = 23
    VIBRATO_RATE = 24
    BEND_DELAY = 25
    BEND_ATTACK = 26
    BEND_HOLD = 27
    BEND_DECAY = 28
    BEND_SUSTAIN = 29
    BEND_RELEASE = 30
    BEND_HOLD_BY_KEY = 31
    BEND_DECAY_BY_KEY = 32
    DELAY = 33
    ATTACK = 34
    HOLD = 35
    DECAY = 36
    SUSTAIN = 37
    RELEASE = 38
    HOLD_BY_KEY = 39
    DECAY_BY_KEY = 40
    INSTRUMENT = 41
    KEYS = 43
    VELOCITIES = 44
    LOOP_START_COARSE = 45
    KEY = 46
    VELOCITY = 47
    ATTENUATION = 48
    LOOP_END_COARSE = 50
    SEMITONES = 51
    CENTS = 52
    SAMPLE = 53
    LOOPS = 54
    SCALE = 56
    CLASS = 57
    ROOT = 58


DEFAULTS: dict[int, int] = {
    Gen.CUTOFF: 13_500,
    **dict.fromkeys((Gen.TREMBLE_DELAY, Gen.VIBRATO_DELAY, Gen.BEND_DELAY, Gen.BEND_ATTACK, Gen.BEND_HOLD), -12_000),
    **dict.fromkeys((Gen.BEND_DECAY, Gen.BEND_RELEASE, Gen.DELAY, Gen.ATTACK, Gen.HOLD, Gen.DECAY, Gen.RELEASE), -12_000),
    Gen.KEY: -1,
    Gen.VELOCITY: -1,
    Gen.SCALE: 100,
    Gen.ROOT: -1,
}
"""Values of generators that nobody sets; all others 0."""

OF_INSTRUMENTS_ONLY = frozenset(
    {
        *(Gen.START, Gen.END, Gen.LOOP_START, Gen.LOOP_END, Gen.START_COARSE, Gen.END_COARSE, Gen.LOOP_START_COARSE),
        *(Gen.LOOP_END_COARSE, Gen.KEY, Gen.VELOCITY, Gen.LOOPS, Gen.CLASS, Gen.ROOT, Gen.SAMPLE, Gen.INSTRUMENT),
        *(Gen.KEYS, Gen.VELOCITIES),
    }
)
"""Generators to which a preset adds nothing."""

COARSE = 32_768
"""Samples in a step of the coarse offsets."""

_NOTHING, _LONGEST = -12_000.0, 8_000.0
"""Timecents: a millisecond, which is taken for no time at all, and 100 s."""
_C0_HZ = 8.175798915643707
"""Frequency of 0 absolute cents: MIDI key 0."""
_LOWEST_CENTS, _HIGHEST_CENTS = -16_000.0, 16_000.0


def seconds(timecents: float) -> float:
    """Return a time in seconds: 0 timecents are a second, 1200 more twice as long."""
    if timecents <= _NOTHING:
        return 0.0
    return rounded(2.0 ** (min(timecents, _LONGEST) / 1200))


def hertz(cents: float) -> float:
    """Return a frequency given in absolute cents."""
    return rounded(_C0_HZ * 2.0 ** (min(max(cents, _LOWEST_CENTS), _HIGHEST_CENTS) / 1200))
