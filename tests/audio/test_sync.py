"""Whether cuts are heard: clicks that the test itself laid on cuts, beside them, or nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

from otio_soundtrack.audio.spectra import MOMENTS_HZ, spectra
from otio_soundtrack.audio.sync import cuts_heard, cuts_on_beats, last_attack, ranks
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import RATE

SECONDS = 40.0


def clicks(times: np.ndarray, folder: Path, *, seconds: float = SECONDS, seed: int = 5) -> Path:
    """Write short noise bursts at times over a quiet hum, and return the file."""
    chance = np.random.default_rng(seed)
    count = int(seconds * RATE)
    sound = 0.02 * np.sin(2 * np.pi * 110 * np.arange(count) / RATE)
    length = RATE // 20
    for at in times:
        begin = round(at * RATE)
        part = sound[begin : begin + length]
        part += 0.3 * chance.uniform(-1, 1, len(part)) * np.exp(-np.arange(len(part)) / 600)
    write_wav(folder / "clicks.wav", np.repeat(sound[:, None], 2, axis=1))
    return folder / "clicks.wav"


def cuts(seed: int) -> np.ndarray:
    """Return the seconds of uneven cuts."""
    times = np.cumsum(np.random.default_rng(seed).uniform(1.2, 3.5, 15))
    return times[times < SECONDS - 1.5]


def test_clicks_on_the_cuts_are_heard(tmp_path: Path) -> None:
    """As clear as can be: far above chance, no shift does as well, and the ranks are at the top."""
    sound = spectra(clicks(cuts(1), tmp_path))
    found = cuts_heard(sound.onset, sound.seconds, cuts(1))
    assert found is not None
    assert found.z > 6
    assert found.p <= 1 / 501 + 1e-3
    assert found.percentile > 0.95


def test_clicks_that_know_nothing_of_the_cuts_are_chance(tmp_path: Path) -> None:
    """Twelve other edits over the same clicks: about zero on average, as a z is, and hardly ever above 2."""
    sound = spectra(clicks(cuts(1), tmp_path))
    found = [cuts_heard(sound.onset, sound.seconds, cuts(seed)) for seed in range(2, 26)]
    scores = np.array([one.z for one in found if one is not None])
    assert len(scores) == 24
    assert abs(scores.mean()) < 0.6
    assert (scores > 2).sum() <= 3


def test_clicks_that_are_a_tenth_of_a_second_late_are_not_heard_as_cuts(tmp_path: Path) -> None:
    """100 ms are more than the 40 ms in which sound and picture are one."""
    sound = spectra(clicks(cuts(1) + 0.1, tmp_path))
    found = cuts_heard(sound.onset, sound.seconds, cuts(1))
    assert found is not None
    assert found.z < 2


def test_a_few_milliseconds_do_not_matter(tmp_path: Path) -> None:
    """A frame of 25 ms early is still one event."""
    sound = spectra(clicks(cuts(1) - 0.025, tmp_path))
    found = cuts_heard(sound.onset, sound.seconds, cuts(1))
    assert found is not None
    assert found.z > 6


@pytest.mark.parametrize("times", [(), (3.0,), (3.0, 9.0)])
def test_too_few_cuts_tell_nothing(times: tuple[float, ...], tmp_path: Path) -> None:
    """None, not a number."""
    sound = spectra(clicks(cuts(1), tmp_path))
    assert cuts_heard(sound.onset, sound.seconds, times) is None


def test_silence_and_stings_tell_nothing() -> None:
    """No attack, or no room to shift in."""
    assert cuts_heard(np.zeros(4000), 40.0, (3.0, 9.0, 20.0)) is None
    assert cuts_heard(np.ones(200), 2.0, (0.3, 0.9, 1.2)) is None


def test_attacks_lie_where_the_clicks_are(tmp_path: Path) -> None:
    """The strongest moments are the clicks, within 20 ms."""
    times = np.array([1.0, 4.5, 7.25])
    onset = spectra(clicks(times, tmp_path, seconds=10.0)).onset
    strongest = np.sort(onset.argsort()[::-1][:3]) / MOMENTS_HZ
    assert strongest == pytest.approx(times, abs=0.02)


def test_cuts_on_beats_are_counted_against_chance() -> None:
    """Beats each half second, cuts exactly on, 30 ms off, 60 ms off, and between: worked out by hand."""
    beats = np.arange(0, 10, 0.5)
    found = cuts_on_beats(beats, 10.0, (1.0, 2.53, 4.06, 5.75), 0.05)
    assert found is not None
    assert (found.cuts, found.within_frame, found.within_40_ms) == (4, 0.5, 0.5)
    # 50 ms on either side of each half second, but for the first beat, which has only one side
    assert found.within_frame_chance == pytest.approx((20 * 0.1 - 0.05) / 10)
    assert found.kappa == pytest.approx((0.5 - 0.195) / (1 - 0.195))


def test_beats_so_dense_that_nothing_is_off_are_no_merit() -> None:
    """Chance is one and kappa zero."""
    found = cuts_on_beats(np.arange(0, 10, 0.05), 10.0, (1.01, 2.02), 0.1)
    assert found is not None
    assert found.within_frame == 1.0
    assert found.kappa == pytest.approx(0.0, abs=0.05)


def test_without_beats_or_cuts_nothing_is_counted() -> None:
    """None."""
    assert cuts_on_beats((), 10.0, (1.0,), 0.04) is None
    assert cuts_on_beats((1.0,), 10.0, (), 0.04) is None


def test_the_last_attack_is_found(tmp_path: Path) -> None:
    """The last click is 2.5 s before the end."""
    sound = spectra(clicks(np.array([1.0, 3.0, 5.5]), tmp_path, seconds=8.0))
    assert last_attack(sound.onset, sound.seconds) == pytest.approx(2.5, abs=0.03)
    assert last_attack(np.zeros(100), 1.0) is None


def test_ranks_are_those_of_the_statisticians() -> None:
    """SciPy's, ties included; their correlation is Spearman's."""
    values, others = np.array([3.0, 1.0, 3.0, 2.0, 9.0, 1.0]), np.array([1.0, 2.0, 2.0, 5.0, 4.0, 0.5])
    assert ranks(values) == pytest.approx(rankdata(values))
    assert np.corrcoef(ranks(values), ranks(others))[0, 1] == pytest.approx(spearmanr(values, others).statistic)
