"""The constant tempo whose beats meet points in time best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.planning.tempo import TempoFit, first_bar_line, fit_tempo, score_of


def off_beat(times: np.ndarray, bpm: float, phase: float) -> np.ndarray:
    """Return the distance of times to the nearest beat, seconds."""
    period = 60 / bpm
    return np.abs((times - phase + period / 2) % period - period / 2)


def random_edit(rng: np.random.Generator, seconds: float = 90.0) -> np.ndarray:
    """Return cuts as editors make them: log-normal shots of 2.8 s in the median, on frames at 24 per second."""
    lengths = np.maximum(0.5, rng.lognormal(np.log(2.8), 0.55, 200))
    cuts = np.round(np.cumsum(lengths) * 24) / 24
    return cuts[cuts < seconds - 1.5]


@pytest.mark.parametrize("bpm", [72.0, 88.5, 97.3, 120.0, 127.9])
@pytest.mark.parametrize("phase", [0.0, 0.21, 0.4])
def test_a_planted_tempo_and_phase_are_recovered(bpm: float, phase: float) -> None:
    """24 cuts on beats, half a frame off at random, and six that are on none."""
    rng = np.random.default_rng(round(bpm * 10 + phase * 1000))
    beats = np.sort(rng.choice(np.arange(1, int(85 * bpm / 60)), 24, replace=False))
    cuts = np.concatenate([phase + beats * 60 / bpm + rng.uniform(-0.02, 0.02, 24), rng.uniform(0, 90, 6)])
    fit = fit_tempo(list(cuts), [1.0] * 30, slowest=70, fastest=130, favourite=100)
    assert fit.bpm == pytest.approx(bpm, abs=0.1)
    assert off_beat(np.array([phase]), fit.bpm, fit.phase)[0] < 0.02
    assert fit.score > 6


def test_random_edits_are_met_far_better_than_by_a_random_beat() -> None:
    """Measured for the prototype (facts/music.md §3.2): 0.40 of the cuts within 40 ms against 0.13 by chance."""
    rng = np.random.default_rng(7)
    met, chance = [], []
    for _ in range(20):
        cuts = random_edit(rng)
        fit = fit_tempo(list(cuts), [1.0] * len(cuts), slowest=72, fastest=128, favourite=100)
        met.append(np.mean(off_beat(cuts, fit.bpm, fit.phase) <= 0.04))
        bpm = rng.uniform(72, 128)
        chance.append(np.mean(off_beat(cuts, bpm, rng.uniform(0, 60 / bpm)) <= 0.04))
    assert np.mean(met) >= 0.36
    assert np.mean(chance) <= 0.2


def test_fast_tempi_are_not_favoured() -> None:
    """Without the subtraction of chance the fastest tempo would win nearly always."""
    rng = np.random.default_rng(8)
    tempi = []
    for _ in range(20):
        cuts = random_edit(rng)
        tempi.append(fit_tempo(list(cuts), [1.0] * len(cuts), slowest=72, fastest=128, favourite=100).bpm)
    assert 88 <= np.mean(tempi) <= 112


def test_of_two_tempi_that_meet_the_same_cuts_the_slower_wins() -> None:
    """At twice the tempo there are twice the beats, and chance alone brings more of the others near one."""
    rng = np.random.default_rng(11)
    wins = 0
    for _ in range(10):
        beats = rng.choice(np.arange(1, 100), 16, replace=False) * 0.8
        cuts = np.concatenate([beats, rng.uniform(0, 80, 14)])
        wins += abs(fit_tempo(list(cuts), [1.0] * 30, slowest=70, fastest=155, favourite=112.5).bpm - 75) < 0.2
    assert wins >= 9


def test_the_score_of_chance_is_none() -> None:
    """Over many random sets of points the score of a fixed beat has mean 0 and deviation 1."""
    rng = np.random.default_rng(12)
    scores = [score_of(100.0, 0.1, rng.uniform(0, 600, 40), rng.uniform(0.5, 3, 40)) for _ in range(800)]
    assert abs(np.mean(scores)) < 0.12
    assert 0.9 < np.std(scores) < 1.1


def test_heavy_points_are_met_first() -> None:
    """Section starts weigh three times as much as cuts: they are on the beat where not all can be."""
    rng = np.random.default_rng(9)
    met, others = [], []
    for _ in range(15):
        cuts = random_edit(rng)
        weights = np.ones(len(cuts))
        heavy = rng.choice(len(cuts), 4, replace=False)
        weights[heavy] = 3
        fit = fit_tempo(list(cuts), list(weights), slowest=72, fastest=128, favourite=100)
        off = off_beat(cuts, fit.bpm, fit.phase)
        met.append(np.mean(off[heavy] <= 0.04))
        others.append(np.mean(np.delete(off, heavy) <= 0.04))
    assert np.mean(met) >= 0.6
    assert np.mean(met) > np.mean(others) + 0.2


def test_no_points_give_the_favourite() -> None:
    """An uncut picture."""
    assert fit_tempo([], [], slowest=60, fastest=84, favourite=72) == TempoFit(bpm=72, phase=0.0, score=0.0)


@pytest.mark.parametrize("times", [[3.3], [3.3, 11.9], [0.0, 7.1, 20.0]])
def test_a_few_points_stay_near_the_favourite(times: list[float]) -> None:
    """Up to three points: at most five percent from it, and the heaviest is on a beat."""
    fit = fit_tempo(times, [2.0, *[1.0] * (len(times) - 1)], slowest=60, fastest=120, favourite=90)
    assert 85.4 < fit.bpm < 94.6
    assert off_beat(np.array(times[:1]), fit.bpm, fit.phase)[0] < 0.03


def test_a_given_tempo_is_kept_and_only_its_phase_is_sought() -> None:
    """``--tempo``."""
    fit = fit_tempo([1.0, 3.0, 5.0, 7.0], [1.0] * 4, slowest=113.7, fastest=113.7, favourite=113.7)
    assert fit.bpm == 113.7


@pytest.mark.parametrize(("slowest", "fastest", "favourite"), [(0, 10, 5), (100, 90, 95), (60, 90, 100)])
def test_a_range_that_is_none_is_refused(slowest: float, fastest: float, favourite: float) -> None:
    """A caller's bug."""
    with pytest.raises(ValueError, match="no tempo range"):
        fit_tempo([1.0], [1.0], slowest=slowest, fastest=fastest, favourite=favourite)


def test_weights_that_lack_are_refused() -> None:
    """A caller's bug."""
    with pytest.raises(ValueError, match="weights"):
        fit_tempo([1.0, 2.0], [1.0], slowest=60, fastest=90, favourite=75)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 7200), st.floats(0.01, 5)), min_size=1, max_size=40), st.floats(40, 150), st.floats(1, 1.5)
)
def test_a_fit_lies_in_its_range(points: list[tuple[float, float]], slowest: float, factor: float) -> None:
    """Whatever the points: tempo within the range, phase within a beat, the same again."""
    limits = {"slowest": slowest, "fastest": slowest * factor, "favourite": slowest * (1 + factor) / 2}
    times, weights = [time for time, _ in points], [weight for _, weight in points]
    fit = fit_tempo(times, weights, **limits)
    assert limits["slowest"] <= fit.bpm <= limits["fastest"]
    assert 0 <= fit.phase < fit.period
    assert fit == fit_tempo(times, weights, **limits)


@pytest.mark.parametrize(("section", "expected"), [(8.0, 0.0), (8.5, 0.5), (9.0, 1.0), (9.5, -0.5)])
def test_the_first_bar_line_lets_a_section_begin_on_one(section: float, expected: float) -> None:
    """120 beats a minute, four to the bar: bars of two seconds that meet the section start, nearest to the first frame."""
    fit = TempoFit(bpm=120, phase=0.0, score=0.0)
    assert abs(first_bar_line(fit, 4, [section], [3.0])) == pytest.approx(abs(expected))
    assert (section - first_bar_line(fit, 4, [section], [3.0])) % 2 == pytest.approx(0)


def test_without_points_the_first_bar_line_is_the_beat_nearest_to_the_start() -> None:
    """Music begins with a bar where nothing speaks against it."""
    assert first_bar_line(TempoFit(bpm=120, phase=0.4, score=0.0), 4, [], []) == pytest.approx(-0.1)
