"""What a note of a SoundFont sounds like: every generator that is obeyed, against the arithmetic of the specification."""

from __future__ import annotations

from math import log2
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.composer.sampler.player import Preset, Stroke
from tests.composer.sampler.builder import (
    INSTRUMENT,
    KEYS,
    SAMPLE,
    VELOCITIES,
    Font,
    Recording,
    Zone,
    looped_sine,
    one_sample,
    sine,
)
from tests.composer.sampler.playing import cents, hertz_of, level, note, opened, together

HZ = 480.0
LOOP = 54
MIDDLE = 0.5**0.5
"""Gain of either side for a sound in the middle."""


PANNED = [(-500, 1.0, 0.0), (0, MIDDLE, MIDDLE), (500, 0.0, 1.0), (-250, 0.9239, 0.3827)]
"""Pan of the file, and the gains that sine and cosine of the angle give."""


def absolute(hertz: float) -> int:
    """Return a frequency as the file says it: cents above MIDI key 0."""
    return round(1200 * log2(hertz / 8.175798915643707))


def timecents(seconds: float) -> int:
    """Return a time as the file says it."""
    return round(1200 * log2(seconds))


@pytest.mark.parametrize(
    ("generators", "key", "semitones"),
    [
        ({}, 69, 0.0),
        ({}, 81, 12.0),
        ({}, 62, -7.0),
        ({51: -2, 52: 30}, 69, -1.7),
        ({58: 60}, 69, 9.0),
        ({56: 50}, 79, 5.0),
        ({56: 0}, 40, 0.0),
        ({46: 71}, 30, 2.0),
    ],
)
def test_pitch_follows_key_root_tuning_and_scale(generators: dict[int, int], key: int, semitones: float, tmp_path: Path) -> None:
    """Within a tenth of a cent: plain keys, tuning, another root, quarter-tone scale, no scale, a fixed key."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, **generators}), tmp_path, key=key)[0]
    assert abs(cents(hertz_of(sound), HZ * 2 ** (semitones / 12))) < 0.1


@pytest.mark.parametrize(("rate", "correction"), [(24_000, 0), (44_100, 0), (48_000, -37), (96_000, 12)])
def test_pitch_follows_rate_and_correction_of_the_sample(rate: int, correction: int, tmp_path: Path) -> None:
    """The same samples at another rate are another pitch."""
    sound = note(one_sample(looped_sine(HZ, rate=rate, correction=correction), {LOOP: 1}), tmp_path)[0]
    assert abs(cents(hertz_of(sound), HZ * rate / 48_000 * 2 ** (correction / 1200))) < 0.1


@pytest.mark.parametrize("velocity", [1, 40, 64, 100, 127])
def test_loudness_is_the_square_of_velocity(velocity: int, tmp_path: Path) -> None:
    """Default modulator: 960 centibels on a concave curve."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1}), tmp_path, velocity=velocity)
    assert level(sound[0, 4800:19_200]) == pytest.approx(0.5 * MIDDLE * (velocity / 127) ** 2, rel=1e-3)


def test_a_font_may_take_the_velocity_out_of_the_loudness(tmp_path: Path) -> None:
    """The same modulator with an amount of 0 stands in place of the default one."""
    font = one_sample(looped_sine(HZ), {LOOP: 1}, modulators=[(0x0502, 48, 0, 0, 0)])
    assert level(note(font, tmp_path, velocity=20)[0, 4800:19_200]) == pytest.approx(0.5 * MIDDLE, rel=1e-3)


@pytest.mark.parametrize(
    ("source", "value", "added"),
    [(0x0002, 100, 100 / 127), (0x0102, 100, 27 / 127), (0x0203, 100, 2 * 69 / 127 - 1), (0x0C02, 63, 0.0), (0x0C02, 64, 1.0)],
)
def test_a_modulator_bends_a_generator_by_velocity_or_key(source: int, value: int, added: float, tmp_path: Path) -> None:
    """Velocity up and down, key both ways around the middle, velocity as a switch: 1200 cents of fine tuning at the top."""
    font = one_sample(looped_sine(HZ), {LOOP: 1}, modulators=[(source, 52, 1200, 0, 0)])
    sound = note(font, tmp_path, velocity=value)[0]
    assert abs(cents(hertz_of(sound), HZ * 2**added)) < 0.1


def test_attenuation_counts_four_tenths(tmp_path: Path) -> None:
    """200 centibels in the file are 8 dB to the ear: so did the cards that fonts were made for."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, 48: 200}), tmp_path)
    assert level(sound[0, 4800:19_200]) == pytest.approx(0.5 * MIDDLE * 10 ** (-8 / 20), rel=1e-3)


@pytest.mark.parametrize(
    ("pan", "left", "right"), [(-500, 1.0, 0.0), (0, MIDDLE, MIDDLE), (500, 0.0, 1.0), (-250, 0.9239, 0.3827)]
)
def test_pan_keeps_the_power(pan: int, left: float, right: float, tmp_path: Path) -> None:
    """Sine and cosine of the place."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, 17: pan}), tmp_path)
    assert level(sound[0, 4800:19_200]) == pytest.approx(0.5 * left, abs=1e-3)
    assert level(sound[1, 4800:19_200]) == pytest.approx(0.5 * right, abs=1e-3)


def test_zones_split_keys_and_velocities(tmp_path: Path) -> None:
    """Low keys sound at one pitch, high ones at another, hard ones at a third, and between them nothing."""
    zones = [
        Zone({KEYS: (0, 50), 56: 0, LOOP: 1, SAMPLE: 0}),
        Zone({KEYS: (60, 127), VELOCITIES: (0, 90), 56: 0, 51: 12, LOOP: 1, SAMPLE: 0}),
        Zone({KEYS: (60, 127), VELOCITIES: (91, 127), 56: 0, 51: 24, LOOP: 1, SAMPLE: 0}),
    ]
    font = Font([looped_sine(HZ)], [zones], {(0, 0): [Zone({INSTRUMENT: 0})]})
    for key, velocity, factor in ((50, 120, 1), (60, 90, 2), (60, 91, 4)):
        assert abs(cents(hertz_of(note(font, tmp_path, key=key, velocity=velocity)[0]), HZ * factor)) < 0.1
    assert note(font, tmp_path, key=55).shape == (2, 0)


def test_a_preset_adds_to_its_instruments_and_global_zones_are_inside_the_others(tmp_path: Path) -> None:
    """2 semitones of the instrument's global zone, overruled by 3 in the second zone; the preset adds 1 and 0.5 everywhere."""
    instrument = [Zone({51: 2, LOOP: 1, 56: 0}), Zone({KEYS: (0, 60), SAMPLE: 0}), Zone({KEYS: (61, 127), 51: 3, SAMPLE: 0})]
    preset = [Zone({52: 50}), Zone({51: 1, INSTRUMENT: 0})]
    font = Font([looped_sine(HZ)], [instrument], {(0, 0): preset})
    for key, semitones in ((60, 3.5), (61, 4.5)):
        assert abs(cents(hertz_of(note(font, tmp_path, key=key)[0]), HZ * 2 ** (semitones / 12))) < 0.1


def test_a_sample_without_loop_is_played_once(tmp_path: Path) -> None:
    """A tenth of a second, however long the key is held."""
    sound = note(one_sample(Recording(sine(HZ, 4800))), tmp_path, held=96_000)
    assert abs(sound.shape[1] - 4800) <= 2


def test_a_loop_goes_on_without_a_seam(tmp_path: Path) -> None:
    """Two seconds from a recording of one: the sine goes on as if it had been recorded so."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1}), tmp_path, held=96_000)
    assert np.abs(sound[0, 48:96_000] - MIDDLE * sine(HZ, 96_000)[48:]).max() < 2e-3


@pytest.mark.parametrize(("held", "longest"), [(9600, 0), (24_000, 6000), (60_000, 6000)])
def test_a_loop_that_ends_with_the_key_is_followed_by_the_rest(held: int, longest: int, tmp_path: Path) -> None:
    """Mode 3: 480 Hz while the key is held, then what was recorded after the loop, here 1200 Hz; no turn if let go before it."""
    recording = Recording(np.concatenate([sine(480, 12_000), sine(1200, 24_000)]), loop=(6000, 12_000))
    sound = note(one_sample(recording, {LOOP: 3, 38: timecents(4)}), tmp_path, held=held)[0]
    assert abs(cents(hertz_of(sound, at=held - 5000), 480)) < 1
    assert abs(cents(hertz_of(sound, at=held + 14_000), 1200)) < 1
    before = max(held, 12_000)
    assert before + 24_000 <= len(sound) + 2 <= before + 24_000 + longest + 4


def test_the_envelope_rises_holds_falls_and_ends(tmp_path: Path) -> None:
    """Delay 0.1, attack 0.4 (half way: half), hold 0.2, 96 dB a second down to −24 dB, then 48 dB a second after the key."""
    stages = {33: timecents(0.1), 34: timecents(0.4), 35: timecents(0.2), 36: 0, 37: 250, 38: timecents(2)}
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, **stages}), tmp_path, held=96_000)[0] / (0.5 * MIDDLE)

    def db(second: float) -> float:
        at = round(second * 48_000)
        return 20 * np.log10(level(sound[at - 100 : at + 100]))

    assert np.abs(sound[:4790]).max() == 0
    for second, wanted in ((0.3, -6.02), (0.6, 0.0), (0.8, -9.6), (1.5, -24.0), (1.99, -24.0), (2.25, -36.0), (2.75, -60.0)):
        assert db(second) == pytest.approx(wanted, abs=0.35), second
    assert len(sound) == pytest.approx((2 + 72 / 48) * 48_000, abs=200)


def test_low_keys_hold_and_fall_longer_where_the_font_says_so(tmp_path: Path) -> None:
    """100 timecents a key: an octave below middle C everything lasts twice as long."""
    stages = {35: timecents(0.2), 39: 100, 36: 0, 40: 100, 37: 1000, 56: 0}
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, **stages}), tmp_path, key=48, held=96_000)[0] / (0.5 * MIDDLE)
    for second, wanted in ((0.38, 0.0), (0.9, -24.0), (1.4, -48.0)):
        at = round(second * 48_000)
        assert 20 * np.log10(level(sound[at - 100 : at + 100])) == pytest.approx(wanted, abs=0.4)


@pytest.mark.parametrize(("cutoff", "wanted_db"), [(120.0, -24.2), (480.0, -3.0), (1920.0, 0.0)])
def test_the_filter_takes_twelve_decibels_an_octave(cutoff: float, wanted_db: float, tmp_path: Path) -> None:
    """A Butterworth low pass of second order: 1/√(1 + (f/fc)⁴)."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, 8: absolute(cutoff)}), tmp_path)
    assert 20 * np.log10(level(sound[0, 4800:19_200]) / (0.5 * MIDDLE)) == pytest.approx(wanted_db, abs=0.15)


def test_resonance_lifts_the_cutoff_and_lowers_the_rest_by_half_of_it(tmp_path: Path) -> None:
    """12 dB: the level at the cutoff is 6 dB higher, far below it 6 dB lower, than without."""
    for hertz, wanted in ((480.0, 6 - 3.01), (4800.0, -6.0)):
        sound = note(one_sample(looped_sine(HZ), {LOOP: 1, 8: absolute(hertz), 9: 120}), tmp_path)
        assert 20 * np.log10(level(sound[0, 9600:19_200]) / (0.5 * MIDDLE)) == pytest.approx(wanted, abs=0.2)


def test_the_modulation_envelope_bends_pitch_and_filter(tmp_path: Path) -> None:
    """An octave up at once; and a filter that opens within a second and closes within one after the key."""
    sound = note(one_sample(looped_sine(HZ), {LOOP: 1, 7: 1200}), tmp_path)[0]
    assert abs(cents(hertz_of(sound), 2 * HZ)) < 0.2
    closed = {LOOP: 1, 8: absolute(120), 11: 4800, 26: 0, 30: 0, 38: timecents(20)}
    sound = note(one_sample(looped_sine(HZ), closed), tmp_path, held=72_000)[0] / (0.5 * MIDDLE)
    assert level(sound[960:1440]) < 0.4
    assert level(sound[62_400:67_200]) == pytest.approx(1.0, abs=0.02)
    assert level(sound[129_600:134_400]) < 0.1


def test_oscillators_move_pitch_and_loudness(tmp_path: Path) -> None:
    """Half a turn a second: after half a second at the top, after one and a half at the bottom."""
    slow = absolute(0.5)
    vibrato = note(one_sample(looped_sine(HZ), {LOOP: 1, 6: 100, 24: slow}), tmp_path, held=96_000)[0]
    assert hertz_of(vibrato, at=24_000, size=2048) == pytest.approx(HZ * 2 ** (100 / 1200), rel=1e-3)
    assert hertz_of(vibrato, at=72_000, size=2048) == pytest.approx(HZ * 2 ** (-100 / 1200), rel=1e-3)
    tremolo = note(one_sample(looped_sine(HZ), {LOOP: 1, 13: 60, 22: slow}), tmp_path, held=96_000)[0] / (0.5 * MIDDLE)
    assert level(tremolo[23_800:24_200]) == pytest.approx(10 ** (6 / 20), rel=0.02)
    assert level(tremolo[71_800:72_200]) == pytest.approx(10 ** (-6 / 20), rel=0.02)


def test_a_note_cuts_off_the_one_before_of_its_class(tmp_path: Path) -> None:
    """An open hi-hat and a closed one; without the class both ring on."""
    for group, rings in ((1, False), (0, True)):
        preset = Preset(opened(one_sample(looped_sine(HZ), {LOOP: 1, 56: 0, 57: group}), tmp_path), 0, 0)
        strokes = [Stroke(0, 96_000, 60, 127), Stroke(24_000, 480, 70, 10)]
        sound = together(preset, strokes, 96_000)
        assert (level(sound[0, 60_000:70_000]) > 0.1) == rings


def test_what_was_played_before_does_not_matter(tmp_path: Path) -> None:
    """The same bytes from a fresh preset and from one that kept shorter and longer notes of the same key."""
    font = opened(one_sample(looped_sine(HZ), {LOOP: 1, 8: 9000, 6: 20}), tmp_path)
    fresh, used = Preset(font, 0, 0), Preset(font, 0, 0)
    for held in (100, 90_000):
        used.sound(Stroke(0, held, 60, 80), room=480_000)
    stroke = Stroke(0, 40_000, 60, 80)
    assert fresh.sound(stroke, room=480_000).tobytes() == used.sound(stroke, room=480_000).tobytes()
