"""The measure by which the sweep judges what engines of others play."""

from __future__ import annotations

import numpy as np
import pytest

from tests.doors.engines import LIKENESS, QUIET, measured

AT = 5 * 48_000


@pytest.mark.parametrize("late", [-0.1, 0.0, 0.042, 0.5])
def test_music_that_is_late_is_measured_as_late(late: float) -> None:
    """To a hop of 5 ms, under a codec's noise."""
    chance = np.random.default_rng(1)
    swell = np.repeat(chance.uniform(0, 1, 60), 2400)
    music = (swell * chance.normal(0, 0.1, len(swell))).astype(np.float32)
    heard = chance.normal(0, 1e-5, 12 * 48_000).astype(np.float32)
    begin = AT + round(late * 48_000)
    heard[begin : begin + len(music)] += music
    told, likeness, elsewhere = measured(heard, music, AT)
    assert told == pytest.approx(late, abs=0.006)
    assert likeness > LIKENESS
    assert elsewhere < QUIET


def test_other_music_and_music_elsewhere_do_not_pass() -> None:
    """Neither by chance nor by half."""
    chance = np.random.default_rng(2)
    one, other = (np.repeat(chance.uniform(0, 1, 60), 2400) * chance.normal(0, 0.1, 144_000) for _ in range(2))
    heard = np.zeros(12 * 48_000, np.float32)
    heard[AT : AT + len(other)] = other
    assert measured(heard, one.astype(np.float32), AT)[1] < LIKENESS
    heard[48_000 : 48_000 + len(one)] += one.astype(np.float32)
    assert measured(heard, other.astype(np.float32), AT)[2] > QUIET
