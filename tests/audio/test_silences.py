"""Silence is no music: what becomes of takes with long silences, and of those that are hardly more."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.audio.facts import analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.errors import FitError
from tests.audio.bands import RATE, band
from tests.audio.sounds import music

Sound = NDArray[np.float32]
WANTED = 30 * RATE + 77


@functools.cache
def take() -> Sound:
    """Return a band's take of 58 seconds, with its own ending."""
    return band(bars=24)[0][: 58 * RATE]


def silence(seconds: float) -> Sound:
    """Return nothing."""
    return np.zeros((int(seconds * RATE), 2), np.float32)


def longest_hole(sound: Sound) -> float:
    """Return the seconds of the longest silence, that before the first sound included."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > 1e-3)
    return float(np.diff(loud, prepend=0).max()) / RATE


def test_a_long_silence_before_the_music_is_left_out_and_that_is_said() -> None:
    """A breath stays; told places are those of the file."""
    sound = np.concatenate([silence(20), take()])
    plan = plan_fit(analyse_music(sound), WANTED)
    laid = render_fit(plan, sound)
    assert len(laid) == WANTED
    assert longest_hole(laid) < 0.6
    assert plan.segments[0].start / RATE == pytest.approx(20, abs=0.3)
    assert any("left out: 0.0 to 20.0 s" in note for note in plan.notes)
    for seam in plan.seams:
        assert 20 < min(seam.from_, seam.to) < max(seam.from_, seam.to) < len(sound) / RATE
    whole = plan_fit(analyse_music(sound), len(sound))
    assert longest_hole(render_fit(whole, sound)) < 0.6


def test_a_long_silence_in_the_middle_is_left_out_by_a_join_in_it() -> None:
    """Beginning and ending are those of the file; the join leads from silence to silence."""
    cut = 40 * RATE
    sound = np.concatenate([take()[:cut], silence(15), take()[cut:]])
    plan = plan_fit(analyse_music(sound), len(take()))
    laid = render_fit(plan, sound)
    assert len(laid) == len(take())
    assert longest_hole(laid) <= 1.01
    np.testing.assert_array_equal(laid[: 5 * RATE], sound[: 5 * RATE])
    across = [seam for seam in plan.seams if seam.from_ < 55 and 54 < seam.to < 55]
    assert len(across) == 1
    assert 40 < across[0].from_ < 41
    assert sum(one.samples for one in plan.segments) == plan.natural
    assert len(plan.seams) == len(plan.segments) - 1


def test_music_without_a_beat_is_told_wherever_something_was_chosen_in_it() -> None:
    """Rain that is joined, or made to end; not where it is as it was."""
    rain = np.random.default_rng(1).normal(0, 0.1, (40 * RATE, 2)).astype(np.float32)
    rain[-4 * RATE :] *= np.linspace(1, 0, 4 * RATE, dtype=np.float32)[:, None] ** 2
    for sound, seconds, said in ((rain, 60, True), (rain[: 30 * RATE], 20, True), (rain, 40, False)):
        assert any("no clear beat" in note for note in plan_fit(analyse_music(sound), seconds * RATE).notes) == said


def test_a_pause_of_the_music_stays() -> None:
    """A second and a half is one: the take as long as it is comes out as it is."""
    sound = np.concatenate([take()[: 20 * RATE], silence(1.5), take()[20 * RATE :]])
    plan = plan_fit(analyse_music(sound), len(sound))
    np.testing.assert_array_equal(render_fit(plan, sound), sound)


def test_a_long_silence_after_the_music_is_no_part_of_its_length() -> None:
    """Asked is the length of the file: music fills it."""
    sound = np.concatenate([take(), silence(12)])
    laid = render_fit(plan_fit(analyse_music(sound), len(sound)), sound)
    assert np.abs(laid[-4 * RATE : -RATE]).max() > 1e-3


def test_sections_of_a_file_with_silences_are_told_in_its_time() -> None:
    """They move with the music."""
    plain, later = analyse_music(take()), analyse_music(np.concatenate([silence(20), take()]))
    assert plain.sections
    assert later.sections == pytest.approx([20 + section for section in plain.sections], abs=0.1)


def test_what_is_as_good_as_silent_is_refused() -> None:
    """A whisper, with the way out."""
    with pytest.raises(FitError, match="silent") as caught:
        analyse_music(1e-3 * music(10))
    assert "louder" in caught.value.hint


@pytest.mark.parametrize("seconds", [0.1, 0.7])
def test_less_than_a_second_of_music_is_not_repeated(seconds: float) -> None:
    """It is a sound, no music; what is shorter than it is cut from it all the same."""
    one = np.concatenate([silence(8), music(30)[: int(seconds * RATE)], silence(8)])
    with pytest.raises(FitError, match="too short"):
        plan_fit(analyse_music(one), 10 * RATE)
    assert len(render_fit(plan_fit(analyse_music(one), 2400), one)) == 2400


@pytest.mark.parametrize(("own", "wanted", "said"), [(10.0, 30.0, True), (10.0, 8.0, False), (30.0, 40.0, False)])
def test_music_of_a_few_seconds_that_is_made_longer_is_said(own: float, wanted: float, *, said: bool) -> None:
    """Below twenty seconds a listener knows it all when it is heard again."""
    plan = plan_fit(analyse_music(band(bars=16)[0][: int(own * RATE)]), int(wanted * RATE))
    assert any("repeat" in note for note in plan.notes) == said
