"""Forty generated cues are sound music: judged by listening to the file, and by plain NumPy on the samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from otio_soundtrack.audio.acceptance import accept
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.model.plan import Instrument, Mood
from otio_soundtrack.tools.waveform import read_wav, write_wav
from tests.composer.plans import mixed, plan_of, random_plan

LENGTHS = [90.0, 45.0, *(2.0 * 1.065**number for number in range(38))]
"""Seconds: 2 to 21, and two long ones."""


@pytest.mark.parametrize(("seed", "seconds"), list(enumerate(LENGTHS)))
def test_a_generated_cue_is_whole(seed: int, seconds: float, tmp_path: Path) -> None:
    """No hole, no clipping, an ending, the loudness and the ceiling."""
    plan = random_plan(seed, seconds)
    mix = mixed(plan)
    path = tmp_path / "cue.wav"
    write_wav(path, mix)
    facts = listen(path)
    accept(facts, samples=len(mix), ceiling_dbtp=-1.0)
    assert facts.integrated_lufs == pytest.approx(-16.0, abs=0.1)

    samples, _ = read_wav(path)
    loudest = np.abs(samples).max(axis=1)
    sounding = np.flatnonzero(loudest > 1e-3)
    assert sounding[0] < 48_000 / plan.rate, "nothing sounds in the first frame"
    assert np.diff(sounding).max() <= 48_000, "a hole of more than a second"
    assert len(samples) - sounding[-1] < 48_000, "the end is silent for long"
    assert loudest.max() < 0.9
    assert loudest[-1] == 0.0
    assert loudest[-480:].max() < 10 ** (-50 / 20), "the last 10 ms are not near silence"
    assert np.abs(samples.mean(axis=0)).max() < 1e-3, "a constant offset"
    if seconds > 8:  # the other meter counts the begun block at the end, which weighs in a short cue
        assert pyloudnorm.Meter(48_000).integrated_loudness(samples.astype(np.float64)) == pytest.approx(-16.0, abs=0.1)


@pytest.mark.parametrize("instrument", list(Instrument))
@pytest.mark.parametrize("energy", [0.0, 1.0])
def test_one_player_alone_leaves_no_hole(instrument: Instrument, energy: float) -> None:
    """Even a drum or a bell alone, at the slowest tempo, sounds on."""
    mix = mixed(plan_of(375, sections=[(0, Mood.SAD, energy, "D minor", 40.0, (instrument,))]))
    sounding = np.flatnonzero(np.abs(mix).max(axis=1) > 1e-3)
    assert np.diff(sounding).max() <= 48_000


@pytest.mark.parametrize("frames", [1, 2, 5, 12, 25, 49])
def test_a_sting_of_any_length_sounds_at_once_and_ends(frames: int, tmp_path: Path) -> None:
    """From a single frame on."""
    mix = mixed(plan_of(frames))
    write_wav(tmp_path / "sting.wav", mix)
    accept(listen(tmp_path / "sting.wav"), samples=frames * 1920, ceiling_dbtp=-1.0)
    assert np.flatnonzero(np.abs(mix).max(axis=1) > 1e-3)[0] < 1920


def test_there_is_no_click_in_a_cue_of_slow_voices() -> None:
    """Without anything struck, the signal's second difference stays small: no jump, no cut-off note."""
    mix = mixed(plan_of(500, sections=[(0, Mood.SAD, 0.5, "D minor", 70.0, (Instrument.PAD,))]))[2400:]
    assert np.abs(np.diff(mix, n=2, axis=0)).max() < 0.1 * np.abs(mix).max()


def test_more_energy_is_louder_and_brighter() -> None:
    """Two halves of one cue, 0.2 and 0.9: at least 5 dB and a brighter spectrum."""
    players = tuple(Instrument)
    mix = mixed(
        plan_of(750, sections=[(0, Mood.EPIC, 0.2, "D minor", 96.0, players), (375, Mood.EPIC, 0.9, "D minor", 96.0, players)])
    )
    quiet, loud = mix[48_000 * 2 : 48_000 * 13].mean(axis=1), mix[48_000 * 16 : 48_000 * 26].mean(axis=1)
    assert 10 * np.log10(np.mean(loud**2) / np.mean(quiet**2)) > 5

    def share_above_2_khz(sound: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(sound)) ** 2
        return float(power[int(2000 * len(sound) / 48_000) :].sum() / power.sum())

    assert share_above_2_khz(loud) > 1.5 * share_above_2_khz(quiet)
