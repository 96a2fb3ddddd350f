"""Sound between its samples, and cross-fades that keep the level."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.audio.joints import blended, match
from otio_soundtrack.audio.varispeed import read_between, read_exact

RATE = 48_000


@pytest.mark.parametrize("hertz", [100, 3000, 10_000])
@pytest.mark.parametrize("step", [1.0, 1.0006, 0.9991])
def test_a_tone_is_read_between_its_samples(hertz: int, step: float) -> None:
    """Against the formula, 70 dB below."""
    places = 100.25 + step * np.arange(20_000)
    tone = np.sin(2 * np.pi * hertz * np.arange(21_000) / RATE)
    sound = np.stack([tone, -tone], axis=1).astype(np.float32)
    heard = read_between(sound, 100.25, step, 20_000)
    expected = np.sin(2 * np.pi * hertz * places / RATE)
    assert np.abs(heard[:, 0] - expected).max() < 10 ** (-70 / 20)
    np.testing.assert_array_equal(heard[:, 1], -heard[:, 0])


def test_outside_of_a_sound_there_is_silence() -> None:
    """Before its beginning and after its end."""
    sound = np.ones((10, 2), np.float32)
    assert read_exact(sound, -3, 16)[:, 0].tolist() == [0] * 3 + [1] * 10 + [0] * 3
    assert not read_exact(sound, 50, 4).any()
    assert len(read_exact(sound, -50, 4)) == 4


@pytest.mark.parametrize("alike", [0.0, 0.3, 0.7, 1.0])
def test_a_cross_fade_keeps_the_level_whatever_it_joins(alike: float) -> None:
    """Within half a decibel in every tenth of it, from other noise to the very same."""
    rng = np.random.default_rng(3)
    one, other = rng.standard_normal((2, 48_000, 2)).astype(np.float32)
    other = np.asarray(alike * one + (1 - alike**2) ** 0.5 * other, np.float32)
    level = [np.sqrt(np.mean(part**2)) for part in np.array_split(blended(one, other), 10)]
    np.testing.assert_allclose(20 * np.log10(level), 0, atol=0.5)


def test_a_stretch_is_found_where_it_is() -> None:
    """Shifted by so many samples, softer."""
    noise = np.random.default_rng(5).standard_normal(5000).astype(np.float32)
    found = match(noise[1000:3000], 0.25 * noise[1000 - 300 + 123 : 3000 + 300 + 123], 300)
    assert found.lag == -123
    assert found.likeness == pytest.approx(1, abs=1e-5)
