"""What moves in the picture is what sounds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.visual.film import frames_for
from otio_soundtrack.visual.movement import heights, spectra

RATE = Fraction(30)
SECOND = 48_000


def tone(hertz: float, seconds: float, level: float = 0.5) -> np.ndarray:
    """Return a stereo tone."""
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SECOND)) / SECOND)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("hertz", [110.0, 440.0, 2000.0, 9000.0])
def test_a_tone_lifts_the_bar_of_its_pitch_most(hertz: float) -> None:
    """60 bars are even in octaves from 50 Hz to 14 kHz."""
    levels = spectra(tone(hertz, 1.0), RATE, 30, 60)
    expected = 60 * np.log(hertz / 50) / np.log(14_000 / 50)
    assert abs(int(levels[15].argmax()) + 0.5 - expected) <= 1.5
    assert levels[15].max() > 0.8


def test_bars_stand_at_the_bottom_in_silence_and_fall_slowly_into_it() -> None:
    """They rise at once, as meters do, and take half a second to fall from the top."""
    music = np.concatenate([np.zeros((SECOND, 2), np.float32), tone(1000, 1.0), np.zeros((SECOND, 2), np.float32)])
    loudest = spectra(music, RATE, 90, 40).max(axis=1)
    assert loudest[:28].max() == 0
    assert loudest[31] > 0.9
    assert 0.3 < loudest[66] < 0.9
    assert loudest[88] == 0
    assert spectra(np.zeros((SECOND, 2), np.float32), RATE, 30, 40).max() == 0


def test_noise_of_a_silent_file_is_not_drawn_as_music() -> None:
    """Dither at −90 dBFS."""
    noise = np.random.default_rng(1).normal(0, 10 ** (-90 / 20), (SECOND, 2)).astype(np.float32)
    assert spectra(noise, RATE, 30, 40).max() < 0.3


def test_the_waveform_is_as_high_as_the_music_is_loud() -> None:
    """The loudest column reaches the top, one of silence has no height."""
    found = heights(np.concatenate([tone(440, 1.0, 0.1), tone(440, 1.0, 0.8), np.zeros((SECOND, 2), np.float32)]), 6)
    assert found[2:4] == pytest.approx([1, 1], abs=0.01)
    assert found[:2] == pytest.approx([0.125**0.75] * 2, abs=0.01)
    assert found[4:].max() == 0


@given(samples=st.integers(1, 10**8), rate=st.sampled_from([Fraction(24), Fraction(30), Fraction(30_000, 1001), Fraction(25)]))
@settings(max_examples=50)
def test_frames_hold_the_music_and_less_than_one_more(samples: int, rate: Fraction) -> None:
    """The length of the video is that of the music, rounded up to a frame."""
    music = Fraction(samples, SECOND)
    assert music <= frames_for(samples, rate) / rate < music + 1 / rate
