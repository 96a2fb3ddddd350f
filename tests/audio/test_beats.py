"""Beats, bars and sections of music whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.audio.beats import LEAST_PULSE, pulse
from otio_soundtrack.audio.traits import traits
from tests.audio.bands import RATE, band


@pytest.mark.parametrize(
    ("bpm", "metre", "slower"), [(104, 4, 0.0), (76, 4, 0.0), (90, 3, 0.0), (140, 3, 0.0), (128, 4, 0.0), (84, 4, 0.25)]
)
def test_beats_bars_and_tempo_are_found(bpm: float, metre: int, slower: float) -> None:
    """In four and in three, steady and slowing down by a quarter."""
    sound, beats = band(bpm=bpm, metre=metre, bars=24, slower=slower)
    tapped = pulse(traits(sound))
    inner = beats[4:-metre]
    assert max(np.abs(tapped.beats - beat).min() for beat in inner) < 0.04
    assert tapped.metre == metre
    assert max(np.abs(tapped.bars - beat).min() for beat in beats[metre:-metre:metre]) < 0.04
    if not slower:
        assert tapped.tempo_bpm == pytest.approx(bpm, rel=0.005)


def test_noise_has_no_pulse_to_speak_of() -> None:
    """Rain is no music; a band has ten times its pulse."""
    rain = 0.1 * np.random.default_rng(0).standard_normal((20 * RATE, 2)).astype(np.float32)
    assert pulse(traits(rain)).strength < LEAST_PULSE < 0.3 < pulse(traits(band(bars=8)[0])).strength


@pytest.mark.parametrize("samples", [0, 1, 500, RATE // 10, RATE])
def test_very_short_sound_has_a_grid_too(samples: int) -> None:
    """Whatever a file holds, there is a first beat inside of it."""
    tapped = pulse(traits(np.full((samples, 2), 0.1, np.float32)))
    assert len(tapped.beats) >= 1
    assert tapped.beats[0] < max(samples / RATE, 0.02)
