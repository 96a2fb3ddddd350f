"""The master: loudness, ceiling, stems. Judged by pyloudnorm and by oversampling with SciPy, not by our meter."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from otio_soundtrack.audio.master import master
from tests.audio.sounds import RATE, music


def true_peak_dbtp(mix: np.ndarray) -> float:
    """Return the peak of the signal oversampled eight times."""
    return float(20 * np.log10(np.abs(resample_poly(mix.astype(np.float64), 8, 1, axis=0)).max()))


@pytest.mark.parametrize("lufs", [-24.0, -16.0, -11.0])
@pytest.mark.parametrize("ceiling", [-1.0, -3.0])
def test_music_gets_its_loudness_below_its_ceiling(lufs: float, ceiling: float) -> None:
    """Loudness within 0.1 LU and peaks at most at the ceiling, as others measure them."""
    mix, _ = master({"a": music(8), "b": music(8, seed=2) * 0.5}, lufs=lufs, ceiling_dbtp=ceiling)
    assert pyloudnorm.Meter(RATE).integrated_loudness(mix.astype(np.float64)) == pytest.approx(lufs, abs=0.1)
    assert true_peak_dbtp(mix) <= ceiling + 0.05


def test_the_stems_are_the_mix() -> None:
    """Their sum is the mix to a step of 24 bits, also where the limiter works."""
    stems = {"a": music(4), "b": music(4, seed=2)}
    mix, levelled = master(stems, lufs=-10.0, ceiling_dbtp=-1.0)
    assert list(levelled) == ["a", "b"]
    assert np.abs(levelled["a"].astype(np.float64) + levelled["b"] - mix).max() < 2.0**-21


def test_the_mix_lies_on_the_grid_of_24_bits() -> None:
    """What is written to disk is what was judged."""
    mix, _ = master({"a": music(2)}, lufs=-16.0, ceiling_dbtp=-1.0)
    assert np.array_equal(np.rint(mix * 2.0**23), mix * 2.0**23)


@given(st.integers(min_value=1, max_value=30_000), st.floats(min_value=0.001, max_value=8.0))
@settings(max_examples=25, deadline=None)
def test_any_short_cue_keeps_length_and_ceiling(samples: int, gain: float) -> None:
    """From one sample on, however loud it comes."""
    sound = np.random.default_rng(samples).uniform(-gain, gain, (samples, 2)).astype(np.float32)
    mix, _ = master({"a": sound}, lufs=-6.0, ceiling_dbtp=-1.0)
    assert mix.shape == (samples, 2)
    assert np.abs(mix).max() <= 10 ** (-1.0 / 20)


def test_a_mix_far_below_the_gate_is_brought_up() -> None:
    """A quiet mix is not taken for silence."""
    mix, _ = master({"a": music(4) * 1e-3}, lufs=-20.0, ceiling_dbtp=-1.0)
    assert pyloudnorm.Meter(RATE).integrated_loudness(mix.astype(np.float64)) == pytest.approx(-20.0, abs=0.1)


def test_silence_stays_silence() -> None:
    """There is nothing to bring to a level."""
    mix, levelled = master({"a": np.zeros((1000, 2), np.float32)}, lufs=-16.0, ceiling_dbtp=-1.0)
    assert not mix.any()
    assert not levelled["a"].any()


@pytest.mark.parametrize("stems", [{}, {"a": np.zeros((3, 2), np.float32), "b": np.zeros((4, 2), np.float32)}])
def test_no_stems_or_uneven_stems_are_a_callers_mistake(stems: dict[str, np.ndarray]) -> None:
    """Refused before anything is computed."""
    with pytest.raises(ValueError, match="stem"):
        master(stems, lufs=-16.0, ceiling_dbtp=-1.0)


def test_the_stems_given_are_left_alone() -> None:
    """The master works on copies."""
    stem = music(1)
    before = stem.copy()
    master({"a": stem}, lufs=-12.0, ceiling_dbtp=-1.0)
    assert np.array_equal(stem, before)
