"""What is measured on every frame."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.analysis.frames import CHANGE, COLUMNS, LUMA, MOTION, SATURATION, WARMTH, FrameTable
from tests.analysis.films import film, measured, scenery, shot, thumb


def row_of(picture: np.ndarray) -> np.ndarray:
    """Return the row of a single frame."""
    return FrameTable().measure(picture[np.newaxis], None)[0]


@pytest.mark.parametrize(("code", "luma"), [(16, 0.0), (235, 1.0), (126, (126 - 16) / 219), (0, 0.0), (255, 1.0)])
def test_luma_is_read_in_limited_range(code: int, luma: float) -> None:
    """16 is black and 235 white (BT.709); codes beyond are clipped."""
    picture = np.concatenate([np.full(2304, code, np.uint8), np.full(1152, 128, np.uint8)])
    assert row_of(picture)[LUMA] == pytest.approx(luma, abs=1e-6)


def test_a_grey_picture_has_neither_colour_nor_warmth() -> None:
    """Neutral chroma is zero in both."""
    assert row_of(thumb(0.5))[[SATURATION, WARMTH]].tolist() == [0, 0]


def test_candle_light_is_warm_and_moonlight_is_cold() -> None:
    """Orange in BT.709 has Cr above and Cb below neutral, blue the other way round; the same strength gives the same number."""
    orange, blue = row_of(thumb(0.4, -0.12, 0.12)), row_of(thumb(0.4, 0.12, -0.12))
    assert 0.3 < orange[WARMTH] <= 1
    assert orange[WARMTH] == pytest.approx(-blue[WARMTH], abs=0.02)
    assert orange[SATURATION] == pytest.approx(blue[SATURATION], abs=0.02)


def test_the_first_frame_of_the_cut_has_no_change() -> None:
    """There is nothing before it."""
    assert row_of(thumb(scenery(np.random.default_rng(1))[:36, :64]))[[CHANGE, MOTION]].tolist() == [0, 0]


def test_a_repeated_frame_has_no_change() -> None:
    """Freeze frames and stills are still."""
    picture = thumb(scenery(np.random.default_rng(2))[:36, :64])
    rows = FrameTable().measure(np.stack([picture] * 3), picture)
    assert not rows[:, [CHANGE, MOTION]].any()


def test_a_change_of_exposure_is_change_but_hardly_motion() -> None:
    """Flicker and fades must not look like movement: a camera move of one pixel moves more than a fifth of exposure."""
    land = scenery(np.random.default_rng(3)) * 0.7
    one, dimmed, moved = thumb(land[:36, :64]), thumb(land[:36, :64] * 0.8), thumb(land[:36, 1:65])
    darker, panned = FrameTable().measure(dimmed[np.newaxis], one)[0], FrameTable().measure(moved[np.newaxis], one)[0]
    assert darker[CHANGE] > 0.05
    assert darker[MOTION] < 0.005
    assert panned[MOTION] > 3 * darker[MOTION]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60))
def test_batches_of_any_size_give_the_same_rows(batch: int) -> None:
    """The exporter cuts spans into batches as it likes."""
    thumbs, _ = film(shot(np.random.default_rng(4), 20), shot(np.random.default_rng(5), 17))
    assert np.array_equal(measured(thumbs, batch).table, measured(thumbs, 37).table)


def test_threads_may_measure_at_once() -> None:
    """The measure is a pure function: eight threads on one meter give what one gives."""
    thumbs = shot(np.random.default_rng(6), 64)
    meter = FrameTable()
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda at: meter.measure(thumbs[at : at + 8], thumbs[at - 1] if at else None), range(0, 64, 8)))
    assert np.array_equal(np.concatenate(rows), measured(thumbs).table)


@pytest.mark.parametrize("wrong", [np.zeros((2, 100), np.uint8), np.zeros(3456, np.uint8), np.zeros((2, 3456), np.float32)])
def test_thumbs_of_another_shape_are_refused(wrong: np.ndarray) -> None:
    """A caller's bug is said at once."""
    with pytest.raises(ValueError, match="3456"):
        FrameTable().measure(wrong, None)


def test_a_table_is_not_read_before_the_export_has_finished() -> None:
    """A half-filled table would give wrong features without a word."""
    with pytest.raises(ValueError, match="before the export has finished"):
        _ = FrameTable().table


def test_a_table_of_another_width_is_refused() -> None:
    """Rows of another meter are not ours."""
    with pytest.raises(ValueError, match=str(COLUMNS)):
        FrameTable().finish(np.zeros((4, COLUMNS + 1), np.float32))
