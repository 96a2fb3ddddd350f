"""The loudness meter against the signals of EBU Tech 3341 and against another implementation."""

from __future__ import annotations

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.tools.loudness import LoudnessMeter, k_weighting, measure
from tests.audio.sounds import RATE, music, sine, tone


@pytest.mark.parametrize("dbfs", [-23.0, -33.0])
def test_a_sine_has_the_loudness_that_tech_3341_says(dbfs: float) -> None:
    """Cases 1 and 2: a stereo 1 kHz sine of x dBFS has x LUFS, within 0.1 LU."""
    assert measure(tone(1000, dbfs, 20)).integrated_lufs == pytest.approx(dbfs, abs=0.1)


def test_quiet_stretches_are_gated() -> None:
    """Case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS give -23.0 LUFS."""
    signal = np.concatenate([tone(1000, -36, 10), tone(1000, -23, 60), tone(1000, -36, 10)])
    assert measure(signal).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("part", "degrees", "dbfs", "expected"),
    [(4, 0, -6.02, -6.0), (4, 45, -6.02, -6.0), (6, 60, -6.02, -6.0), (8, 67.5, -6.02, -6.0), (4, 45, 2.984, 3.0)],
)
def test_peaks_between_the_samples_are_found(part: int, degrees: float, dbfs: float, expected: float) -> None:
    """Cases 15 to 19: sines at fractions of the rate whose samples miss the peak, within +0.2 and -0.4 dB."""
    heard = measure(sine(RATE / part, dbfs, 1.0, phase=np.radians(degrees))).true_peak_dbtp
    assert heard is not None
    assert expected - 0.4 <= heard <= expected + 0.2


def test_the_filters_are_those_that_the_standard_prints() -> None:
    """BS.1770-4 annex 1, tables 1 and 2, at 48 kHz."""
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    assert np.allclose(k_weighting(RATE), [shelf, high_pass], rtol=0, atol=1e-8)


@pytest.mark.parametrize("rate", [44_100, 96_000])
def test_another_sample_rate_gives_the_same_loudness(rate: int) -> None:
    """The filters are made for the rate: a 1 kHz sine of -23 dBFS is -23 LUFS everywhere."""
    wave = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(10 * rate) / rate)
    meter = LoudnessMeter(sample_rate=rate)
    meter.hear(np.stack([wave, wave], axis=1).astype(np.float32))
    assert meter.result().integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_music_is_as_loud_as_another_meter_finds(seed: int) -> None:
    """Pyloudnorm is written from the same standard by other people."""
    signal = np.concatenate([music(6, seed=seed) * 0.02, music(8, seed=seed), np.zeros((RATE * 3, 2), np.float32)])
    other = pyloudnorm.Meter(RATE).integrated_loudness(signal.astype(np.float64))
    assert measure(signal).integrated_lufs == pytest.approx(other, abs=0.1)


def test_less_than_a_gating_block_has_no_integrated_loudness() -> None:
    """BS.1770 gates blocks of 0.4 s: one sample less, and there is none."""
    assert measure(tone(1000, -23, 0.4)[:-1]).integrated_lufs is None
    assert measure(tone(1000, -23, 0.4)).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("samples", [0, 100, 4 * RATE])
def test_silence_has_neither_loudness_nor_peak(samples: int) -> None:
    """Nothing to hear is None, not a number."""
    heard = measure(np.zeros((samples, 2), np.float32))
    assert (heard.integrated_lufs, heard.true_peak_dbtp) == (None, None)
    assert set(heard.momentary) <= {-70.0}


def test_a_peak_in_the_last_sample_is_heard() -> None:
    """The filter looks at whole tenths of a second; what is left over counts too."""
    signal = np.zeros((RATE + 123, 2), np.float32)
    signal[-1] = 0.9
    heard = measure(signal).true_peak_dbtp
    assert heard is not None
    assert heard >= 20 * np.log10(0.9) - 0.01


@given(st.lists(st.integers(min_value=0, max_value=9000), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_how_the_sound_is_cut_into_blocks_does_not_matter(lengths: list[int]) -> None:
    """A law: any division of the same sound gives the same measures."""
    signal = music(1.5)[: sum(lengths)]
    meter = LoudnessMeter()
    for start, stop in zip(np.cumsum([0, *lengths[:-1]]), np.cumsum(lengths), strict=True):
        meter.hear(signal[start:stop])
    assert meter.result() == measure(signal)


def test_the_momentary_curve_has_ten_values_a_second() -> None:
    """A stretch of 1.25 s has 13 tenths, the last of them begun."""
    assert len(measure(music(1.25)).momentary) == 13


@pytest.mark.parametrize("bad", [np.zeros(5, np.float32), np.zeros((5, 3), np.float32), np.full((5, 2), np.nan, np.float32)])
def test_what_is_not_stereo_sound_is_refused(bad: np.ndarray) -> None:
    """A caller's mistake is a ValueError."""
    with pytest.raises(ValueError, match="meter"):
        LoudnessMeter().hear(bad)
