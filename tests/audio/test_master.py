"""The master: loudness, ceiling, stems. Judged by pyloudnorm and by oversampling with SciPy, not by our meter."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from otio_soundtrack.audio.master import Levelled, master
from tests.audio.sounds import RATE, music


def mastered(mix: np.ndarray, lufs: float, ceiling: float = -1.0) -> np.ndarray:
    """Return a mix at its loudness."""
    return Levelled(mix, master(mix, lufs=lufs, ceiling_dbtp=ceiling))[:]


def true_peak_dbtp(mix: np.ndarray) -> float:
    """Return the peak of the signal oversampled eight times."""
    return float(20 * np.log10(np.abs(resample_poly(mix.astype(np.float64), 8, 1, axis=0)).max()))


@pytest.mark.parametrize("lufs", [-24.0, -16.0, -11.0])
@pytest.mark.parametrize("ceiling", [-1.0, -3.0])
def test_music_gets_its_loudness_below_its_ceiling(lufs: float, ceiling: float) -> None:
    """Loudness within 0.1 LU and peaks at most at the ceiling, as others measure them."""
    mix = mastered(music(8) + music(8, seed=2) * np.float32(0.5), lufs, ceiling)
    assert pyloudnorm.Meter(RATE).integrated_loudness(mix.astype(np.float64)) == pytest.approx(lufs, abs=0.1)
    assert true_peak_dbtp(mix) <= ceiling + 0.05


def test_the_stems_are_the_mix() -> None:
    """Their sum is the mix to a step of 24 bits, also where the limiter works."""
    one, two = music(4), music(4, seed=2)
    level = master(one + two, lufs=-10.0, ceiling_dbtp=-1.0)
    together = sum(Levelled(stem, level, whole_steps=False)[:].astype(np.float64) for stem in (one, two))
    assert np.abs(together - Levelled(one + two, level)[:]).max() < 2.0**-21


@given(st.integers(min_value=0, max_value=9_000), st.integers(min_value=0, max_value=9_000))
@settings(max_examples=30, deadline=None)
def test_a_stretch_is_the_same_alone_and_in_the_whole(start: int, stop: int) -> None:
    """Whoever reads block by block hears what is heard at once."""
    mix = music(0.5)[:9_000]
    sound = Levelled(mix, master(mix, lufs=-8.0, ceiling_dbtp=-3.0))
    assert np.array_equal(sound[start:stop], sound[:][start:stop])


def test_the_mix_lies_on_the_grid_of_24_bits() -> None:
    """What is written to disk is what was judged."""
    mix = mastered(music(2), -16.0)
    assert np.array_equal(np.rint(mix * 2.0**23), mix * 2.0**23)


@given(st.integers(min_value=1, max_value=30_000), st.floats(min_value=0.001, max_value=8.0))
@settings(max_examples=25, deadline=None)
def test_any_short_cue_keeps_length_and_ceiling(samples: int, gain: float) -> None:
    """From one sample on, however loud it comes."""
    sound = np.random.default_rng(samples).uniform(-gain, gain, (samples, 2)).astype(np.float32)
    mix = mastered(sound, -6.0)
    assert mix.shape == (samples, 2)
    assert np.abs(mix).max() <= 10 ** (-1.0 / 20)


def test_a_mix_far_below_the_gate_is_brought_up() -> None:
    """A quiet mix is not taken for silence."""
    mix = mastered(music(4) * np.float32(1e-3), -20.0)
    assert pyloudnorm.Meter(RATE).integrated_loudness(mix.astype(np.float64)) == pytest.approx(-20.0, abs=0.1)


def test_silence_stays_silence() -> None:
    """There is nothing to bring to a level."""
    assert not mastered(np.zeros((1000, 2), np.float32), -16.0).any()


def test_the_mix_given_is_left_alone() -> None:
    """The master works on copies."""
    mix = music(1)
    before = mix.copy()
    mastered(mix, -12.0)
    assert np.array_equal(mix, before)
