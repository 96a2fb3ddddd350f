"""A tempo lies on cuts where the time between them is whole beats."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.library.rhythm import HEARD_Z, LEAST_CUTS, LEVELS, rhythm

SPEEDS = [speed for speed, _ in LEVELS]


def on_beats(bpm: float, *, beats: int, cuts: int = 24, seed: int = 3) -> tuple[float, ...]:
    """Return cuts that lie one to four times so many beats of a tempo apart, from anywhere on."""
    steps = np.random.default_rng(seed).integers(1, 5, cuts) * beats
    return tuple((0.37 + np.cumsum(steps) * 60 / bpm).tolist())


@pytest.mark.parametrize(("tempo", "speed"), [(100.0, 1.0), (50.0, 2.0), (200.0, 0.5)])
def test_cuts_on_beats_are_found_at_the_tempo_and_at_half_and_double_of_it(tempo: float, speed: float) -> None:
    """A tracker that taps half or twice as fast sees them on eighths or on half bars."""
    known = rhythm(on_beats(100.0, beats=1))
    suits, level = known.suits(np.array([tempo]))
    assert suits[0] > 0.7
    assert known.z(np.array([tempo]), speed)[0] > 2 * HEARD_Z
    assert SPEEDS[level[0]] in (speed, 1.0)


def test_another_tempo_lies_on_them_no_better_than_by_chance() -> None:
    """91 beats a minute have nothing to do with 100."""
    suits, _ = rhythm(on_beats(100.0, beats=1)).suits(np.array([91.0, 107.0]))
    assert max(suits) < 0.6 * rhythm(on_beats(100.0, beats=1)).suits(np.array([100.0]))[0][0]


def test_random_cuts_are_on_the_beats_of_few_tempi() -> None:
    """By chance z is spread by 1: of 40 random cuts and 100 tempi hardly any lies beyond 3."""
    cuts = tuple(np.cumsum(np.random.default_rng(5).exponential(2.5, 40) + 0.5).tolist())
    z = rhythm(cuts).z(np.arange(60.0, 160.0), 1.0)
    assert np.std(z) == pytest.approx(1, abs=0.35)
    assert np.mean(np.abs(z) > 3) <= 0.03


def test_few_cuts_say_nothing() -> None:
    """With four cuts any tempo can be right."""
    known = rhythm((1.0, 2.0, 3.0, 4.0)[: LEAST_CUTS - 1])
    assert not known.known
    assert known.suits(np.array([60.0]))[0].tolist() == [0.0]
