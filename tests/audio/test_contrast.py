"""Changes as they will be heard: on music of two sounds, four times eight bars, A B A B."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.audio.contrast import begun, contrasts, unmet
from otio_soundtrack.audio.similarity import Beats
from otio_soundtrack.model.fit import Segment

BEAT, PART = 24_000, 32
SOUNDS = np.repeat([0, 1, 0, 1], PART)


@pytest.fixture(scope="module")
def two_sounds() -> Beats:
    """Beats that differ where their sounds do, and hardly otherwise."""
    count = len(SOUNDS)
    step = (0.05 + (SOUNDS[:, None] != SOUNDS[None])).astype(np.float32)
    return Beats(
        positions=np.arange(count + 1) * BEAT,
        jump=step,
        step=step,
        natural=np.sort(np.diag(step, 1).astype(float)),
        novelty=np.zeros(count),
        attack=np.zeros(count),
        level_db=np.zeros(count),
    )


def test_a_join_is_a_change_where_it_brings_two_sounds_together(two_sounds: Beats) -> None:
    """From A into B and from B into A: as strong as the take's own changes. From A into A: none. Near the ends: unknown."""
    entries = np.array([10, 44, 80, 120, 3])
    found = contrasts(two_sounds, entries)
    assert found[16] == pytest.approx([0.0, 1.0, 0.0, 0.0, 0.0])  # 120 is within two bars of the end
    assert found[48, :3] == pytest.approx([1.0, 0.0, 1.0])
    assert not found[:8].any()
    assert found[PART, 1] == pytest.approx(1.0)  # as the take itself goes from A to B


def test_a_hit_is_met_by_what_is_played_not_by_where_it_stands_in_the_take(two_sounds: Beats) -> None:
    """Left in A, entered at a change of the take: a change only if it is one from there."""
    change = 2 * PART * BEAT  # from B to A in the take
    a_into_a = (Segment(start=0, stop=20 * BEAT), Segment(start=change, stop=len(SOUNDS) * BEAT))
    b_into_a = (Segment(start=0, stop=52 * BEAT), Segment(start=change, stop=len(SOUNDS) * BEAT))
    assert unmet(two_sounds, a_into_a, [20 * BEAT / 48_000]) > 0.9
    assert unmet(two_sounds, b_into_a, [52 * BEAT / 48_000]) == 0.0
    assert unmet(two_sounds, b_into_a, [52 * BEAT / 48_000 + 0.4]) > 0.9
    assert unmet(two_sounds, b_into_a, [PART * BEAT / 48_000, 52 * BEAT / 48_000]) == 0.0


def test_in_music_of_a_few_bars_nothing_is_a_change(two_sounds: Beats) -> None:
    """There is nothing to compare with: hits are unmet, and no join is told to be one."""
    short = Beats(
        positions=two_sounds.positions[:11],
        jump=two_sounds.jump[:10, :10],
        step=two_sounds.step[:10, :10],
        natural=two_sounds.natural[:9],
        novelty=np.zeros(10),
        attack=np.zeros(10),
        level_db=np.zeros(10),
    )
    assert not contrasts(short, np.array([4, 8])).any()
    assert unmet(short, (Segment(start=0, stop=10 * BEAT),), [1.0, 2.0]) == 2.0


def test_a_stop_is_no_beginning() -> None:
    """As loud or louder: all of it; six decibels softer: half; twelve and more, or silence: nothing."""
    levels = np.array([-20.0] * 8 + [-20.0] * 8 + [-26.0] * 8 + [-14.0] * 8 + [-90.0] * 8 + [-20.0] * 8)
    found = begun(levels)
    assert found[[8, 24, 40]].tolist() == [1.0, 1.0, 1.0]
    assert found[16] == pytest.approx(0.5)
    assert found[32] == 0.0
    joined = begun(levels, np.array([0, 16, 24, 32]))
    assert joined[8] == pytest.approx([1.0, 0.5, 1.0, 0.0])
    assert joined[28] == pytest.approx([0.5, 0.0, 1.0, 0.0])
