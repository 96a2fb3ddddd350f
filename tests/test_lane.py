"""Lanes of keyframes: ours, and those that a person has edited."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from otio_soundtrack.model.lane import GainLane
from otio_soundtrack.model.tidy import tidy

POINTS = st.lists(st.tuples(st.floats(0, 7200), st.floats(-60, 0)), max_size=20).map(lambda points: tuple(sorted(points)))


@given(POINTS)
def test_a_lane_of_ours_is_known_after_its_way_through_a_file(points: tuple[tuple[float, float], ...]) -> None:
    """Metadata are rounded and written as JSON; that is no edit."""
    lane = GainLane.of(points, "medium")
    back = GainLane.model_validate(json.loads(json.dumps(tidy(lane.model_dump(mode="json")))))
    assert back == lane
    assert not back.edited


def test_a_changed_point_is_an_edit_and_so_is_a_lane_by_hand() -> None:
    """One number is enough; whole numbers are numbers too."""
    lane = GainLane.of(((1.0, 0.0), (1.5, -8.0)), "medium").model_dump(mode="json")
    lane["points"][1][1] = -6
    assert GainLane.model_validate(lane).edited
    assert GainLane.model_validate({"points": [[0, -3]]}).edited


@pytest.mark.parametrize("points", [[[2, 0], [1, -8]], [[0, -200]], [[0, 40]], [["x", 0]], [[1]], 5])
def test_a_lane_that_means_nothing_is_refused(points: object) -> None:
    """Backwards, beyond every fader, not numbers."""
    with pytest.raises(ValidationError):
        GainLane.model_validate({"points": points})
