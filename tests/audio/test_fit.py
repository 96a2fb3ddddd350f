"""Music laid on a length: exact, its own beginning and ending kept, joined where nobody hears it."""

from __future__ import annotations

import functools
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from otio_soundtrack.audio.changes import changes
from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.errors import FitError
from otio_soundtrack.model.fit import FitPlan
from tests.audio.bands import RATE, band
from tests.audio.sounds import music

MINUTE = 60 * RATE


@functools.cache
def taken(bpm: float = 104, metre: int = 4, bars: int = 40, seconds: float | None = None) -> MusicFacts:
    """Return a band's take, listened to once; cut off where seconds are given."""
    sound = band(bpm=bpm, metre=metre, bars=bars)[0]
    return analyse_music(sound if seconds is None else sound[: int(seconds * RATE)])


def fitted(facts: MusicFacts, samples: int, **asked: object) -> tuple[FitPlan, NDArray[np.float32]]:
    """Return plan and sound."""
    plan = plan_fit(facts, samples, **asked)  # type: ignore[arg-type]
    return plan, render_fit(plan, facts.sound)


@settings(max_examples=12, deadline=None)
@given(samples=st.integers(2 * RATE, 3 * MINUTE), bpm=st.sampled_from([104.0, 77.0]), whole=st.booleans())
@example(samples=3_077_609, bpm=77.0, whole=False)
def test_every_length_is_exact_and_sounds_to_its_end(samples: int, bpm: float, whole: bool) -> None:
    """From two seconds to three minutes, from a take of a minute and a half, with an ending and without."""
    facts = taken(bpm=bpm, seconds=None if whole else 60.0)
    plan, sound = fitted(facts, samples)
    assert len(sound) == samples == plan.samples
    assert np.isfinite(sound).all()
    assert np.abs(sound[-RATE:]).max() > 1e-4
    assert np.abs(sound[-4:]).max() < 10 ** (-40 / 20)
    assert plan.ending != "made" or np.abs(sound[-RATE // 2 :]).max() > 10 ** (-60 / 20)
    assert abs(plan.stretch_cents) <= 5


@pytest.mark.parametrize("samples", [10 * MINUTE + 1, 217 * RATE + 12_345])
def test_long_cues_are_exact_too(samples: int) -> None:
    """Many times the take, and said so."""
    plan, sound = fitted(taken(), samples)
    assert len(sound) == samples
    assert plan.notes if samples > 4 * taken().end else plan.ending == "kept"
    # the same join is not used twice in a row
    joins = [(round(one.from_, 1), round(one.to, 1)) for one in plan.seams]
    assert all(one != other for one, other in pairwise(joins))


@pytest.mark.parametrize(("bpm", "metre"), [(104, 4), (90, 3)])
@pytest.mark.parametrize("share", [0.45, 0.83, 1.0, 1.5])
def test_beginning_and_ending_are_those_of_the_take_to_the_sample(bpm: float, metre: int, share: float) -> None:
    """Five seconds of either are found again; only some of the last chord's ring may be missing at the end."""
    facts = taken(bpm=bpm, metre=metre)
    plan, sound = fitted(facts, int(share * facts.samples) + 777)
    source = facts.sound[0 : facts.samples]
    assert plan.ending == "kept"
    np.testing.assert_array_equal(sound[: 5 * RATE], source[: 5 * RATE])
    stop = plan.segments[-1].stop
    assert facts.end - facts.ring < stop <= facts.samples
    tail, own = sound[-5 * RATE :, 0], source[stop - 5 * RATE : stop, 0]
    np.testing.assert_array_equal(tail[: 5 * RATE - plan.ring], own[: 5 * RATE - plan.ring])
    assert np.corrcoef(tail, own)[0, 1] > 0.95


@pytest.mark.parametrize("share", [0.5, 0.7, 1.4])
def test_joins_keep_the_place_in_the_bar_and_the_level(share: float) -> None:
    """Bars of the band are known; at a join no moment is 3 dB softer than the two sides of it."""
    beats = band(bpm=104, bars=40)[1]
    facts = taken()
    plan, sound = fitted(facts, int(share * facts.samples))
    assert plan.seams
    source = facts.sound[0 : facts.samples]
    for seam in plan.seams:
        left, entered = (int(np.abs(beats - at).argmin()) for at in (seam.from_, seam.to))
        assert abs(beats[left] - seam.from_) < 0.06
        assert abs(beats[entered] - seam.to) < 0.06
        assert (left - entered) % 4 == 0
        at, out, into = (round(seconds * RATE) for seconds in (seam.at, seam.from_, seam.to))
        for k in range(-9600, 9600, 960):
            heard, leaving, entering = (
                np.sqrt(np.mean(x[y + k : y + k + 960] ** 2)) for x, y in ((sound, at), (source, out), (source, into))
            )
            assert 20 * np.log10(heard / min(leaving, entering)) > -3


def test_joins_and_changes_are_told_where_they_are_heard() -> None:
    """A stretch before them moves them: at the told time the sound is that of the place that is entered."""
    facts = taken(bpm=90, metre=3)
    plan, sound = fitted(facts, facts.samples // 2 + 777)
    (seam,) = plan.seams
    assert abs(plan.segments[0].samples - seam.at * RATE) > 200
    at, to = (round(seconds * RATE) for seconds in (seam.at, seam.to))
    own = facts.sound[to + 4800 : to + 14_400][:, 0]
    lags = {lag: float(np.dot(sound[at + 4800 + lag : at + 14_400 + lag, 0], own)) for lag in range(-400, 401, 8)}
    assert abs(max(lags, key=lags.__getitem__)) <= 8
    for change in changes(facts, plan):
        if seam.at < change.at < (plan.samples - plan.keep_last) / RATE:
            place = seam.to * RATE + (change.at - seam.at) * RATE * plan.step
            assert np.abs(facts.beats.positions - place).min() <= 2


def test_a_join_has_no_click() -> None:
    """The largest step between two samples is one of the take."""
    facts = taken()
    plan, sound = fitted(facts, int(0.6 * facts.samples))
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    own = np.abs(np.diff(facts.sound[0 : facts.samples], axis=0)).max()
    for seam in plan.seams:
        at = round(seam.at * RATE)
        assert steps[at - 9600 : at + 9600].max() <= own


@pytest.mark.parametrize("steps", range(0, 8, 2))
def test_an_ending_is_known_by_its_last_five_seconds_whatever_the_length(steps: int) -> None:
    """Also where its chord must ring shorter, because bars do not add up: correlated at the best place in the take."""
    facts = taken(bpm=120, bars=32)
    plan, sound = fitted(facts, int((41.0 + 0.27 * steps) * RATE))
    last, own = sound[-5 * RATE :].mean(axis=1), np.asarray(facts.sound[facts.end - 12 * RATE : facts.end]).mean(axis=1)
    products = fftconvolve(np.concatenate([own, np.zeros(RATE)]), last[::-1], "valid")
    squares = np.concatenate([[0.0], np.cumsum(np.concatenate([own, np.zeros(RATE)]) ** 2)])
    energies = (squares[len(last) :] - squares[: -len(last)]) * float(last @ last)
    assert plan.ending == "kept"
    assert float((products / np.sqrt(energies)).max()) > 0.98


@pytest.mark.parametrize("share", [2.3, 3.1, 3.9])
def test_what_is_longer_than_the_take_never_uses_a_join_twice(share: float) -> None:
    """By the second time a listener would know it for a loop."""
    facts = taken(bars=24)
    plan = plan_fit(facts, int(share * facts.end))
    joins = [(seam.from_, seam.to) for seam in plan.seams]
    assert len(joins) >= 2
    assert len(set(joins)) == len(joins)


def test_a_take_without_an_ending_is_given_one_and_that_is_said() -> None:
    """The last chord begins on a bar line and rings."""
    beats = band(bpm=104, bars=40)[1]
    facts = taken(seconds=70.0)
    plan, sound = fitted(facts, 40 * RATE)
    assert plan.ending == "made"
    chord = (plan.segments[-1].stop - plan.ring) / RATE
    assert np.abs(beats[::4] - chord).min() < 0.04
    level = [np.sqrt(np.mean(one**2)) for one in np.array_split(sound[-plan.ring :, 0], 6)]
    assert level[-1] < 0.03 * level[0]
    np.testing.assert_array_equal(sound[: 20 * RATE], facts.sound[0 : 20 * RATE])


@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.0, 3.3, 5.0])
def test_a_sting_is_the_best_window_and_names_the_second_best(seconds: float) -> None:
    """No joins in so little time."""
    plan, sound = fitted(taken(), int(seconds * RATE))
    assert not plan.seams
    assert len(sound) == int(seconds * RATE)
    assert plan.notes
    assert plan.runner_up
    assert np.sqrt(np.mean(sound**2)) > 0.01


@pytest.mark.parametrize("own", [2.0, 5.0, 9.0])
@pytest.mark.parametrize("wanted", [3.0, 7.31, 30.0, 100.0])
def test_takes_of_a_few_seconds_are_fitted_to_anything(own: float, wanted: float) -> None:
    """They repeat; that is said."""
    facts = analyse_music(music(own))
    plan, sound = fitted(facts, int(wanted * RATE))
    assert len(sound) == int(wanted * RATE)
    if wanted > 4 * own:
        assert any("repeat" in note for note in plan.notes)


def test_music_without_beats_is_fitted() -> None:
    """A slow swell of tones."""
    time = np.arange(80 * RATE) / RATE
    swell = 0.2 * np.sin(2 * np.pi * 110 * time) * (0.6 + 0.4 * np.sin(2 * np.pi * time / 11)) * np.minimum(1, (80 - time) / 6)
    facts = analyse_music(np.repeat(swell[:, None], 2, axis=1).astype(np.float32))
    for seconds in (12, 55.5, 130):
        _, sound = fitted(facts, int(seconds * RATE))
        assert len(sound) == int(seconds * RATE)
        steps = np.abs(np.diff(sound[:, 0]))
        assert steps.max() < 3 * np.abs(np.diff(swell)).max()


@pytest.mark.parametrize(("bpm", "metre", "slower"), [(120, 4, 0.2), (168, 6, 0.0)])
def test_tempo_changes_and_six_eighths_are_fitted(bpm: float, metre: int, slower: float) -> None:
    """Exact, with the take's own ending; no beat at a join is half a beat early or late."""
    sound, beats = band(bpm=bpm, metre=metre, bars=120 // metre, slower=slower)
    facts = analyse_music(sound)
    plan, laid = fitted(facts, int(0.62 * len(sound)))
    assert len(laid) == int(0.62 * len(sound))
    assert plan.ending == "kept"
    assert plan.seams
    for seam in plan.seams:
        assert max(np.abs(beats - seam.from_).min(), np.abs(beats - seam.to).min()) < 0.25 * 60 / bpm


def test_the_own_length_is_the_take_itself() -> None:
    """Nothing is done where nothing is to do."""
    facts = taken()
    plan, sound = fitted(facts, facts.samples)
    np.testing.assert_array_equal(sound, facts.sound[0 : facts.samples])
    assert plan.stretch_cents == 0
    assert not plan.seams


def test_the_result_can_begin_inside_of_the_take() -> None:
    """The best start that a service names."""
    facts = taken()
    _, sound = fitted(facts, 40 * RATE, start_seconds=12.5)
    np.testing.assert_array_equal(sound[: 5 * RATE], facts.sound[int(12.5 * RATE) : int(17.5 * RATE)])


def test_hits_are_met_by_stronger_changes_than_without_asking() -> None:
    """The tempo is rigid: wanted are bar lines of the result, what should be there is a new section."""
    facts, bar = taken(bars=64), 4 * 60 / 104
    strengths = []
    for number in (7, 12, 15):
        wanted = 0.25 + number * bar
        plan = plan_fit(facts, 70 * RATE, hits=[wanted])
        assert plan.hits[0].error == pytest.approx(0, abs=0.05)
        strengths.append(plan.hits[0].strength)
    assert min(strengths) >= 0.25


def test_seven_hits_are_met_by_seven_changes() -> None:
    """Each may have a join of its own."""
    plan = plan_fit(taken(bars=40), 75 * RATE, hits=[9.3, 17.1, 25.7, 34.2, 43.9, 52.4, 60.8])
    assert [hit.at for hit in plan.hits if hit.error is None or abs(hit.error) > 0.13] == []


def test_a_hit_between_two_beats_is_met_by_leaving_early() -> None:
    """No arrangement of whole beats has one there; the join lies on the hit, and it is told by how much a beat is cut short."""
    facts, beat = taken(bars=64), 60 / 104
    wanted = 0.25 + 48.5 * beat
    plan, sound = fitted(facts, 70 * RATE, hits=[wanted])
    assert len(sound) == 70 * RATE
    assert plan.hits[0].error == pytest.approx(0, abs=1 / 24)
    at_hit = min(plan.seams, key=lambda seam: abs(seam.at - wanted))
    assert at_hit.at == pytest.approx(wanted, abs=0.001)
    assert 0.3 * beat < at_hit.early / RATE < 0.7 * beat


def test_a_hit_that_nothing_is_near_is_named_as_missed() -> None:
    """Beyond the music."""
    plan, _ = fitted(taken(), 40 * RATE, hits=[300.0])
    assert plan.hits[0].error is None


def test_silence_is_refused() -> None:
    """There is nothing to fit."""
    with pytest.raises(FitError, match="silent"):
        analyse_music(np.zeros((RATE, 2), np.float32))


def test_a_plan_survives_json() -> None:
    """It is kept with the take, and rendered again from there."""
    facts = taken()
    plan, sound = fitted(facts, 50 * RATE, hits=[20.0])
    again = FitPlan.model_validate_json(plan.model_dump_json())
    assert again == plan
    np.testing.assert_array_equal(render_fit(again, facts.sound), sound)


@pytest.mark.parametrize(("samples", "start"), [(0, 0.0), (-5, 0.0), (48_000, 1e6)])
def test_lengths_and_starts_that_are_none_are_bugs_of_the_caller(samples: int, start: float) -> None:
    """No sensible plan exists."""
    with pytest.raises(ValueError, match="cannot lay"):
        plan_fit(taken(), samples, start_seconds=start)
