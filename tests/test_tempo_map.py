"""Beats lie where the anchors of a plan say, and bend smoothly between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.interpolate import PchipInterpolator

from otio_soundtrack.model.plan import Anchor, Plan
from otio_soundtrack.model.tempo_map import tempo_map
from tests.composer.plans import EVERYBODY, plan_of

ANCHORS = ((60, 4.0, "cut"), (109, 7.5, "cut"), (178, 12.0, "section"), (240, 16.0, "hit"), (420, 28.0, "end"))


def anchored(anchors: tuple = ANCHORS, tempi: tuple[float, float] = (100.0, 100.0), **more: object) -> Plan:
    """Return a plan of 20 s at 25 frames a second, a section start on frame 178, with anchors (frame, beat, kind)."""
    sections = [(0, "calm", 0.5, "C major", tempi[0], EVERYBODY), (178, "calm", 0.5, "C major", tempi[1], EVERYBODY)]
    made = tuple(Anchor(frame=frame, beat=beat, kind=kind) for frame, beat, kind in anchors)
    return plan_of(500, sections=sections, anchors=made, **more)


def test_a_plan_without_anchors_has_no_tempo_map() -> None:
    """Its sections keep their tempi."""
    assert tempo_map(anchored(())) is None


def test_every_anchor_is_met_within_a_sample() -> None:
    """Frame over rate is where the beat is, far below 1/48000 s; halves too."""
    curve = tempo_map(anchored())
    for frame, beat, _ in ANCHORS:
        assert curve.time(beat) == pytest.approx(frame / 25, abs=1e-9)
    assert curve.time(0.0) == 0.0


def test_between_anchors_the_curve_is_the_monotone_cubic_of_scipy() -> None:
    """An independent PCHIP through the same knots; its ends differ, so that two knots on each side are added and not compared."""
    beats = [-16.0, -8.0, 0.0, *(beat for _, beat, _ in ANCHORS), 36.0, 44.0]
    times = [-9.6, -4.8, 0.0, *(frame / 25 for frame, _, _ in ANCHORS), 16.8 + 4.8, 16.8 + 9.6]
    oracle, curve = PchipInterpolator(beats, times), tempo_map(anchored())
    for beat in np.linspace(0, 28, 113):
        assert curve.time(float(beat)) == pytest.approx(float(oracle(beat)), abs=1e-9)


def test_time_and_beat_are_inverse_also_outside_the_anchors() -> None:
    """Seconds to beats and back."""
    curve = tempo_map(anchored(first_beat=0.3))
    for seconds in np.linspace(-6, 26, 97):
        assert curve.time(curve.beat(float(seconds))) == pytest.approx(float(seconds), abs=1e-8)


def test_a_section_whose_tempo_a_person_changes_runs_at_that_tempo() -> None:
    """100 to 70 beats a minute over 7.12 s are 8.3 beats, so that the section starts on beat 8; the rest runs as before."""
    curve = tempo_map(anchored(tempi=(70.0, 100.0)))
    assert [(one.frame, one.beat) for one in curve.anchors] == [(178, 8.0), (240, 12.0), (420, 24.0)]
    assert curve.time(8.0) == pytest.approx(178 / 25)


def test_an_anchor_that_nobody_could_play_gives_way() -> None:
    """Twelve beats in ten frames contradict the tempo; the anchors after it hold."""
    curve = tempo_map(anchored(((60, 4.0, "cut"), (70, 16.0, "cut"), (420, 28.0, "end"))))
    assert [(one.frame, one.beat) for one in curve.anchors] == [(60, 4.0), (420, 28.0)]


@pytest.mark.parametrize(
    ("anchors", "said"),
    [
        (((60, 4.0, "cut"), (50, 8.0, "cut")), "does not come after"),
        (((60, 4.0, "cut"), (80, 4.0, "cut")), "does not come after"),
        (((60, 4.0, "end"), (80, 6.0, "cut")), "another follows"),
        (((600, 4.0, "cut"),), "before frame 500"),
        (((0, 4.0, "cut"),), "after the first beat"),
        (((60, -4.0, "cut"),), "greater than 0"),
    ],
)
def test_anchors_that_make_no_sense_are_refused(anchors: tuple, said: str) -> None:
    """With the reason."""
    with pytest.raises(ValidationError, match=said):
        anchored(anchors)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 499), st.integers(1, 200)), min_size=1, max_size=12),
    st.floats(40, 200),
    st.floats(40, 200),
    st.floats(-1, 0.03),
)
def test_whatever_a_person_writes_the_beat_runs_forwards_at_a_playable_tempo(
    places: list[tuple[int, int]], one: float, other: float, first_beat: float
) -> None:
    """Any increasing anchors and any tempi: no beat is longer or shorter than twice what a section asks for."""
    frames, halves = sorted({frame for frame, _ in places}), sorted({half for _, half in places})
    anchors = tuple((frame, half / 2, "cut") for frame, half in zip(frames, halves, strict=False))
    curve = tempo_map(anchored(anchors, (one, other), first_beat=first_beat))
    gaps = np.diff([curve.time(beat / 4) for beat in range(-8, 4 * 70)]) * 4
    assert gaps.min() > 0.5 * 60 / max(one, other)
    assert gaps.max() < 2.0 * 60 / min(one, other)
