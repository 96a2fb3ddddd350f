"""Boundaries of sections, against an exhaustive search."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.planning.sections import (
    LENGTH_COST,
    SECTION_COST,
    SHORTEST,
    Boundary,
    section_starts,
    typical_length,
)

RATE = 25.0


def merit(starts: tuple[int, ...], novelty: dict[int, float], frames: int) -> float:
    """Return what a choice of section starts is worth, minus infinity where a section is too short."""
    edges = [*starts, frames]
    lengths = [after - before for before, after in pairwise(edges)]
    if len(starts) > 1 and min(lengths) < min(SHORTEST * RATE, frames / 2):
        return float("-inf")
    typical = typical_length(frames / RATE) * RATE
    return sum(novelty[start] - SECTION_COST for start in starts if start) - sum(
        LENGTH_COST * log2(length / typical) ** 2 for length in lengths
    )


@settings(max_examples=100, deadline=None)
@given(st.integers(100, 3000), st.dictionaries(st.integers(1, 2999), st.floats(0, 1), max_size=9))
def test_the_best_of_all_choices_is_found(frames: int, novelty: dict[int, float]) -> None:
    """Dynamic programming against trying every set of boundaries."""
    novelty = {frame: value for frame, value in novelty.items() if frame < frames}
    places = [Boundary(frame=frame, novelty=novelty[frame]) for frame in sorted(novelty)]
    found = section_starts(places, frames, RATE)
    choices = ((0, *picked) for size in range(len(novelty) + 1) for picked in combinations(sorted(novelty), size))
    best = max(merit(choice, novelty, frames) for choice in choices)
    assert merit(tuple(found), novelty, frames) == pytest.approx(best)


@pytest.mark.parametrize(("seconds", "expected"), [(1, 8), (30, 10.95), (60, 15.5), (180, 26.8), (7200, 30)])
def test_typical_sections_grow_with_the_cue(seconds: float, expected: float) -> None:
    """Eight to thirty seconds."""
    assert typical_length(seconds) == pytest.approx(expected, abs=0.05)
