"""Endings that are not the take's own: made of a chord, faded as the last resort."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from tests.audio.bands import RATE, band

TWENTIETH = RATE // 20


@functools.cache
def loop(seconds: float) -> MusicFacts:
    """Return the beginning of a band's take: it is cut off, and has no ending."""
    return analyse_music(band(bars=40)[0][: int(seconds * RATE)])


def levels(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the level of every twentieth of a second, dB."""
    whole = sound[len(sound) % TWENTIETH :].reshape(-1, TWENTIETH, 2)
    return 10 * np.log10(np.square(whole, dtype=np.float64).mean(axis=(1, 2)) + 1e-12)


@pytest.mark.parametrize("wanted", [3.0, 14.3, 33.0, 70.0])
def test_music_that_only_repeats_and_has_no_ending_is_faded_and_that_is_named(wanted: float) -> None:
    """Two seconds of it: no bar line on which a chord could ring. It falls evenly to nothing, and only at the end."""
    facts = loop(2.0)
    plan = plan_fit(facts, int(wanted * RATE))
    sound = render_fit(plan, facts.sound)
    assert plan.ending == "faded"
    assert 0 < plan.ring <= 4 * RATE
    whole = plan.model_copy(update={"ring": 0})
    own = render_fit(whole, facts.sound)
    np.testing.assert_array_equal(sound[: -plan.ring], own[: -plan.ring])
    heard = np.abs(own[-plan.ring :, 0]) > 0.01
    gain = sound[-plan.ring :, 0][heard] / own[-plan.ring :, 0][heard]
    assert gain[0] > 0.98
    assert (np.diff(gain) <= 1e-5).all()
    assert gain[-1] < 0.1
    assert np.abs(sound[-1]).max() < 1e-6


@pytest.mark.parametrize("wanted", [8.0, 21.0, 55.0, 90.0, 200.0])
def test_music_that_has_chords_is_never_faded(wanted: float) -> None:
    """Fading is the last resort: without an ending one is made, a whole take keeps its own."""
    assert plan_fit(loop(60.0), int(wanted * RATE)).ending == "made"


@pytest.mark.parametrize("wanted", [21.0, 47.3])
def test_a_made_ending_rings_without_a_click_and_no_louder_than_its_chord(wanted: float) -> None:
    """Its attack is whole, then it falls: by more than 30 dB, never up by more than the music itself, to silence."""
    facts = loop(60.0)
    plan = plan_fit(facts, int(wanted * RATE))
    sound = render_fit(plan, facts.sound)
    ring, stop = plan.ring, plan.segments[-1].stop
    chord = facts.sound[stop - ring : stop - ring + RATE // 4]
    np.testing.assert_allclose(sound[-ring : -ring + 480], chord[:480], atol=0.01)
    assert np.abs(np.diff(sound[-ring - 480 :], axis=0)).max() <= 1.1 * np.abs(np.diff(sound[:-ring], axis=0)).max()
    assert np.abs(sound[-ring:]).max() <= 1.3 * np.abs(facts.sound[0 : facts.end]).max()
    heard = levels(sound[-ring:])
    assert heard[-3:].max() < heard[:6].max() - 30
    late = heard[len(heard) // 3 :]
    assert (np.diff(late) < 6).all()
    assert np.abs(sound[-1]).max() < 1e-6


def test_a_made_ending_is_no_louder_than_the_music_before_it() -> None:
    """Of music that is clipped already: a room on top of its chord would make all of it softer."""
    loud = np.clip(4 * np.asarray(loop(60.0).sound.file), -1, 1)
    plan = plan_fit(analyse_music(loud), 71 * RATE)
    assert plan.ending == "made"
    assert np.abs(render_fit(plan, loud)[-plan.ring :]).max() <= 1.0
