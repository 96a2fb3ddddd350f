"""Tones: what a region makes of a key and a velocity, in seconds, hertz and gains."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from otio_soundtrack.composer.sampler.envelopes import Envelope
from otio_soundtrack.composer.sampler.font import Sample
from otio_soundtrack.composer.sampler.generators import COARSE, Gen, hertz, seconds
from otio_soundtrack.composer.sampler.regions import Region
from otio_soundtrack.composer.voices.exact import rounded
from otio_soundtrack.times import SAMPLE_RATE_HZ

ATTENUATION_SHARE = 0.4
"""Of the attenuation in the file this much is heard: the sound cards for which fonts were made did so, and FluidSynth does."""
_MOST_ATTENUATION = 1440.0
"""Centibels."""
_SHORTEST_ATTACK_S = 0.001
"""Seconds: faster would click."""
_SHORTEST_RELEASE = -7200.0
"""Timecents, 16 ms: shorter would click."""
_STEPS = (2.0**-8, 2.0**6)
"""Slowest and fastest reading of a sample: eight octaves down, six up; beyond lie damaged tunings."""
_RESONANCE_AT_REST_DB = 3.01
"""A resonance of 0 dB is a filter without a hump."""
_WIDE_OPEN = 13_500.0
"""Absolute cents from which the filter is open: 20 kHz."""
LOWEST_CUTOFF = 1500.0
"""Absolute cents: 19 Hz."""
_MOST_RESONANCE = 960.0
"""Centibels."""
_ENVELOPE_TOP = 1000.0
"""Tenths of a percent, or centibels, of a sustain level that is silence."""
_MIDDLE_KEY = 60
_HALF_PAN = 500.0
"""Pan in tenths of a percent from the middle to a side."""


@dataclass(frozen=True)
class Pitch:
    """How a sample is read: where, how fast, and how that moves."""

    start: int
    """First sample."""
    end: int
    """First sample after the recording."""
    loop: tuple[int, int] | None
    """First sample of the loop and first after it; None: it is played once."""
    leaves_loop: bool
    """Whether the rest of the recording follows when the note is let go."""
    step: float
    """Samples of the recording a sample of ours."""
    bend_cents: float
    """At the top of the modulation envelope."""
    tremble_cents: float
    """At the top of the modulation oscillator."""
    vibrato_cents: float


@dataclass(frozen=True)
class Filter:
    """A low pass of 12 dB an octave, and how it moves."""

    cents: float
    """Cutoff, absolute cents."""
    resonance: float
    """Height of the hump at the cutoff: Q of the filter."""
    bend_cents: float
    tremble_cents: float

    @property
    def moves(self) -> bool:
        """Return whether the cutoff changes within a note."""
        return bool(self.bend_cents or self.tremble_cents)


@dataclass(frozen=True)
class Slow:
    """A slow oscillator."""

    delay: float
    """Seconds."""
    hertz: float


@dataclass(frozen=True)
class Tone:
    """A note of one region."""

    pitch: Pitch
    filter: Filter | None
    """None: wide open."""
    loudness: Envelope
    bend: Envelope
    tremble: Slow
    vibrato: Slow
    tremble_db: float
    """Loudness at the top of the modulation oscillator."""
    left: float
    right: float
    """Gains."""


def tone(region: Region, sample: Sample, key: int, velocity: int, pan: float) -> Tone:
    """Return what a region makes of a note.

    Args:
        region: that plays it.
        sample: of the region.
        key: MIDI key.
        velocity: 1–127.
        pan: −1 left to 1 right, in addition to the region's own.
    """
    played_key, played_velocity = region.plain(Gen.KEY), region.plain(Gen.VELOCITY)
    key = played_key if 0 <= played_key <= 127 else key
    velocity = played_velocity if 0 < played_velocity <= 127 else velocity

    def value(number: Gen) -> float:
        return region.value(number, key, velocity)

    left, right = _gains(value(Gen.ATTENUATION) - (1 - ATTENUATION_SHARE) * region.plain(Gen.ATTENUATION), value(Gen.PAN), pan)
    return Tone(
        pitch=_pitch(region, sample, key, velocity),
        filter=_filter(region, key, velocity),
        loudness=_envelope(region, key, velocity, Gen.DELAY, Gen.HOLD_BY_KEY),
        bend=_envelope(region, key, velocity, Gen.BEND_DELAY, Gen.BEND_HOLD_BY_KEY),
        tremble=Slow(seconds(value(Gen.TREMBLE_DELAY)), hertz(value(Gen.TREMBLE_RATE))),
        vibrato=Slow(seconds(value(Gen.VIBRATO_DELAY)), hertz(value(Gen.VIBRATO_RATE))),
        tremble_db=value(Gen.TREMBLE_TO_VOLUME) / 10,
        left=left,
        right=right,
    )


def _gains(centibels: float, region_pan: float, pan: float) -> tuple[float, float]:
    gain = 10 ** (-min(max(centibels, 0.0), _MOST_ATTENUATION) / 200)
    place = min(max(region_pan / _HALF_PAN + pan, -1.0), 1.0)
    angle = (place + 1) * pi / 4
    return rounded(gain * cos(angle)), rounded(gain * sin(angle))


def _pitch(region: Region, sample: Sample, key: int, velocity: int) -> Pitch:
    start, end, loop_start, loop_end = (
        place + region.plain(fine) + COARSE * region.plain(coarse)
        for place, fine, coarse in (
            (0, Gen.START, Gen.START_COARSE),
            (len(sample.sound), Gen.END, Gen.END_COARSE),
            (sample.loop_start, Gen.LOOP_START, Gen.LOOP_START_COARSE),
            (sample.loop_end, Gen.LOOP_END, Gen.LOOP_END_COARSE),
        )
    )
    end = min(max(end, 1), len(sample.sound))
    start = min(max(start, 0), end - 1)
    mode = region.plain(Gen.LOOPS)
    loops = mode & 1 and start <= loop_start < loop_end <= end
    root = region.plain(Gen.ROOT)
    root = root if 0 <= root <= 127 else sample.key
    cents = (
        (key - root) * region.value(Gen.SCALE, key, velocity)
        + 100 * region.value(Gen.SEMITONES, key, velocity)
        + region.value(Gen.CENTS, key, velocity)
        + sample.correction
    )
    octaves = min(max(cents / 1200, -16.0), 16.0)
    return Pitch(
        start=start,
        end=end,
        loop=(loop_start, loop_end) if loops else None,
        leaves_loop=bool(mode & 2),
        step=rounded(min(max(2.0**octaves * sample.rate / SAMPLE_RATE_HZ, _STEPS[0]), _STEPS[1])),
        bend_cents=region.value(Gen.BEND_TO_PITCH, key, velocity),
        tremble_cents=region.value(Gen.TREMBLE_TO_PITCH, key, velocity),
        vibrato_cents=region.value(Gen.VIBRATO_TO_PITCH, key, velocity),
    )


def _filter(region: Region, key: int, velocity: int) -> Filter | None:
    cents = region.value(Gen.CUTOFF, key, velocity)
    bend_cents, tremble_cents = (region.value(number, key, velocity) for number in (Gen.BEND_TO_CUTOFF, Gen.TREMBLE_TO_CUTOFF))
    resonance_cb = min(max(region.value(Gen.RESONANCE, key, velocity), 0.0), _MOST_RESONANCE)
    # what moves the cutoff further up than open is not heard
    lowest = cents + min(0.0, bend_cents) - abs(tremble_cents)
    if lowest >= _WIDE_OPEN and resonance_cb == 0:
        return None
    return Filter(
        cents=max(cents, LOWEST_CUTOFF),
        resonance=rounded(10 ** ((resonance_cb / 10 - _RESONANCE_AT_REST_DB) / 20)),
        bend_cents=bend_cents,
        tremble_cents=tremble_cents,
    )


def _envelope(region: Region, key: int, velocity: int, first: Gen, by_key: Gen) -> Envelope:
    """Return the envelope whose six generators begin at ``first``, with the two that follow the key at ``by_key``."""
    delay, attack, hold, decay, sustain, release = (region.value(first + number, key, velocity) for number in range(6))
    keys = _MIDDLE_KEY - key
    hold += keys * region.value(by_key, key, velocity)
    decay += keys * region.value(by_key + 1, key, velocity)
    return Envelope(
        delay=seconds(delay),
        attack=max(seconds(attack), _SHORTEST_ATTACK_S),
        hold=seconds(hold),
        decay=seconds(decay),
        sustain=1 - min(max(sustain, 0.0), _ENVELOPE_TOP) / _ENVELOPE_TOP,
        release=seconds(max(release, _SHORTEST_RELEASE)),
    )
