"""Blending is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.picture.blend import blended, fixed_shares

SHAPE = (6, 4)
"""Planes of a picture of 4 × 4."""


def flat(luma: int, colour: int) -> np.ndarray:
    """Return a plain picture."""
    planes = np.full(SHAPE, colour, np.uint8)
    planes[:4] = luma
    return planes


def test_a_whole_share_changes_nothing() -> None:
    """Weight 1 is the picture itself, whatever is below with weight 0."""
    picture = np.random.default_rng(1).integers(0, 256, SHAPE, np.uint8)
    assert np.array_equal(blended([flat(99, 5), picture], [0.0, 1.0]), picture)


def test_no_share_is_black() -> None:
    """Weight 0 of everything is limited-range black."""
    assert np.array_equal(blended([flat(200, 30)], [0.0]), flat(16, 128))


def test_shares_above_one_are_scaled_down() -> None:
    """Two full layers are half of each: nothing overflows."""
    assert np.array_equal(blended([flat(255, 255), flat(255, 255)], [1.0, 1.0]), flat(255, 255))
    assert int(blended([flat(100, 128), flat(200, 128)], [1.0, 1.0])[0, 0]) == 150


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_shares_add_up_to_their_sum(weights: list[float]) -> None:
    """Law: rounded shares are never below 0 and sum to the rounded sum, at most to a whole."""
    shares = fixed_shares(weights)
    assert all(share >= 0 for share in shares)
    assert sum(shares) == pytest.approx(min(1.0, sum(weights)) * 256, abs=0.51)


@given(st.integers(0, 255), st.integers(0, 255), st.floats(0, 1))
def test_a_dissolve_is_the_weighted_mean(first: int, second: int, weight: float) -> None:
    """Law: to half a level plus the rounding of the weight."""
    mix = int(blended([flat(first, 128), flat(second, 128)], [1 - weight, weight])[0, 0])
    assert mix == pytest.approx(first * (1 - weight) + second * weight, abs=0.5 + 255 / 512)
