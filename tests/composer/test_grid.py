"""Beats and bars lie where the plan says."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.composer.grid import grid
from otio_soundtrack.model.plan import Anchor, Mood
from tests.composer.plans import EVERYBODY, plan_of


def section(start: int, tempo: float) -> tuple[int, Mood, float, str, float, tuple]:
    """Return a section of a tempo."""
    return (start, Mood.CALM, 0.5, "C major", tempo, EVERYBODY)


@pytest.mark.parametrize("first_beat", [0.0, 0.31, -0.2, 2.6])
def test_one_tempo_is_kept_through_all_sections(first_beat: float) -> None:
    """Beats of 0.5 s from the first bar line on, whatever sections there are."""
    plan = plan_of(1000, sections=[section(0, 120.0), section(313, 120.0), section(700, 120.0)], first_beat=first_beat)
    beats = np.array(grid(plan).beats_inside)
    assert np.allclose((beats - first_beat) % 0.5 % 0.5, 0, atol=1e-9) or np.allclose(
        np.minimum((beats - first_beat) % 0.5, 0.5 - (beats - first_beat) % 0.5), 0, atol=1e-9
    )
    assert np.allclose(np.diff(beats), 0.5)
    assert beats[0] < 0.5


def test_each_section_begins_a_bar_on_the_nearest_beat() -> None:
    """Frame 313 is 12.52 s: the beat at 12.5 s; frame 707 is 28.28 s: the beat at 28.5 s."""
    plan = plan_of(1000, sections=[section(0, 120.0), section(313, 120.0), section(707, 120.0)])
    cue = grid(plan)
    starts = [cue.time(bar.beat) for bar in cue.bars if bar.place == 0]
    assert np.allclose(starts, [0.0, 12.5, 28.5])


def test_a_new_tempo_begins_on_the_picture_change() -> None:
    """100 to 130 bpm at frame 313: a beat lies on 12.52 s, and no beat before it is a quarter longer or shorter."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0), section(313, 130.0)]))
    beats = np.array(cue.beats_inside)
    assert np.abs(beats - 12.52).min() < 1e-9
    gaps = np.diff(beats[beats <= 12.53])
    assert np.all(np.abs(gaps / 0.6 - 1) < 0.25)
    assert np.allclose(np.diff(beats[beats >= 12.51]), 60 / 130)


def test_bars_follow_each_other_up_to_the_final_chord() -> None:
    """No gap, no overlap, from the first sample on."""
    cue = grid(plan_of(1500, sections=[section(0, 97.0), section(400, 97.0)], first_beat=0.7, beats_per_bar=3))
    assert cue.time(cue.bars[0].beat) == pytest.approx(0.0, abs=1e-9)
    ends = [bar.beat + bar.beats for bar in cue.bars]
    assert np.allclose(ends[:-1], [bar.beat for bar in cue.bars[1:]])
    assert ends[-1] == cue.final


def test_the_bar_in_which_the_cue_begins_is_a_pick_up() -> None:
    """A first bar line at 0.7 s leaves a part of a bar before it, which is not counted."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0)], first_beat=0.7))
    assert [bar.place for bar in cue.bars[:3]] == [-1, 0, 1]
    assert cue.time(cue.bars[1].beat) == pytest.approx(0.7)


def test_time_and_beat_are_inverse() -> None:
    """Also through a change of tempo."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0), section(313, 130.0)]))
    for seconds in np.linspace(0, 40, 81):
        assert cue.time(cue.beat(seconds)) == pytest.approx(seconds, abs=1e-9)


ANCHORS = tuple(
    Anchor(frame=frame, beat=beat, kind=kind)
    for frame, beat, kind in (
        (120, 8.0, "cut"),
        (199, 13.5, "cut"),
        (313, 22.0, "section"),
        (700, 48.0, "hit"),
        (930, 64.0, "end"),
    )
)


def test_anchors_are_met_within_a_sample() -> None:
    """On beats and on off-beat eighths: less than 1/48000 s from the frame."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0), section(313, 100.0)], anchors=ANCHORS))
    for anchor in ANCHORS:
        assert abs(cue.time(anchor.beat) - anchor.frame / 25) < 1 / 48_000


def test_an_anchored_section_begins_a_bar_after_a_half_bar() -> None:
    """Beat 22 is not a multiple of four: the bar before it has two beats, and the section begins on its frame."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0), section(313, 100.0)], anchors=ANCHORS))
    first = next(bar for bar in cue.bars if bar.section == 1)
    before = cue.bars[cue.bars.index(first) - 1]
    assert (first.beat, before.beat, before.beats) == (22, 20, 2)
    assert cue.time(first.beat) == pytest.approx(313 / 25, abs=1e-9)


def test_the_last_chord_starts_where_the_end_is_anchored() -> None:
    """Frame 930 is 37.2 s."""
    cue = grid(plan_of(1000, sections=[section(0, 100.0), section(313, 100.0)], anchors=ANCHORS))
    assert cue.final == 64
    assert cue.time(cue.final) == pytest.approx(37.2, abs=1e-9)
    assert cue.bars[-1].beat + cue.bars[-1].beats == 64
