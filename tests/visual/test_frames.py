"""The picture: what is lit has sounded, whatever stands in it lies inside its place, and all shapes have room for all parts."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from otio_soundtrack.settings import Aspect
from otio_soundtrack.tools.typeface import face_for
from otio_soundtrack.visual.frames import Frames, clock
from otio_soundtrack.visual.layout import Box, layout
from otio_soundtrack.visual.palette import MOODS, Passage, of_loudness, passage_at
from otio_soundtrack.visual.scene import Scene, Shown, Words

ASPECTS: tuple[Aspect, ...] = ("16:9", "1:1", "9:16")
RED, BLUE = (220, 60, 60), (60, 90, 220)
LINES = 240


def scene(
    aspect: Aspect = "16:9", *, title: str = "Night", cover: bool = False, seconds: float = 10.0, lines: int = LINES
) -> Scene:
    """Return a scene of ten seconds, red in its first half and blue in its second; bar n stands at n / bands."""
    place = layout(aspect, lines)
    levels = np.tile(np.arange(place.bands, dtype=np.float32) / place.bands, (300, 1))
    return Scene(
        layout=place,
        words=Words(title=face_for(title), author=face_for("Studio Nord"), watermark=face_for("nord.example"), length="0:10"),
        shown=Shown(
            levels=levels, heights=np.ones(40, np.float32), passages=[Passage(0, RED), Passage(5, BLUE)], seconds=seconds
        ),
        cover=np.full((64, 64, 3), 200, np.uint8) if cover else None,
    )


def luma(frames: Frames, number: int) -> np.ndarray:
    """Return the light of a frame [shape=(height, width)], as signed numbers."""
    return frames.planes(number)[: frames.scene.layout.height].astype(np.int16)


def inside(picture: np.ndarray, box: Box) -> np.ndarray:
    """Return the part of a picture in a box."""
    return picture[box.top : box.bottom, box.left : box.right]


@pytest.mark.parametrize("lines", [240, 722, 1080, 1920])
@pytest.mark.parametrize("aspect", ASPECTS)
def test_all_parts_lie_in_the_picture_within_its_safe_margin_and_apart(aspect: Aspect, lines: int) -> None:
    """A twentieth of every side stays free; only figures and watermark share a row."""
    place = layout(aspect, lines)
    assert place.width % 2 == place.height % 2 == 0
    wide, high = (int(part) for part in aspect.split(":"))
    assert place.width / place.height == pytest.approx(wide / high, rel=0.01)
    parts = [place.art, place.title, place.author, place.bars, place.wave, place.clocks]
    for box in (*parts, place.watermark):
        assert box.left >= 0.05 * place.width - 2
        assert box.right <= 0.95 * place.width + 2
        assert box.top >= 0.05 * place.height - 2
        assert box.bottom <= 0.95 * place.height + 2
    for number, one in enumerate(parts):
        for other in parts[number + 1 :]:
            apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top
            assert apart, (one, other)


@pytest.mark.parametrize("cover", [False, True])
def test_only_bars_waveform_disc_and_time_change_within_a_passage(cover: bool) -> None:
    """Title, signature, watermark and cover stand still."""
    frames = Frames(scene(cover=cover), Fraction(30))
    place = frames.scene.layout
    changed = luma(frames, 30) != luma(frames, 120)
    for box in (place.wave, *(() if cover else (place.art,))):
        assert inside(changed, box).any()
        inside(changed, box)[:] = False
    inside(changed, place.clocks)[:] = False
    inside(changed, place.bars)[:] = False
    assert not changed.any()


def test_the_waveform_is_lit_as_far_as_the_music_has_gone() -> None:
    """After 40 % of the time, 40 % of it."""
    frames = Frames(scene(), Fraction(30))
    box = frames.scene.layout.wave
    more = (inside(luma(frames, 120), box) - inside(luma(frames, 0), box)).max(axis=0) > 20
    lit = np.flatnonzero(more)
    assert lit[-1] == pytest.approx(0.4 * box.width, abs=6)
    assert more[: lit[-1]].mean() > 0.4


def test_each_bar_is_lit_as_high_as_it_stands() -> None:
    """Bar n of the scene stands at n / bands of the height."""
    made = scene()
    box, bands = made.layout.bars, made.layout.bands
    lit = luma(Frames(made, Fraction(30)), 60)
    tops = [box.height - int(np.argmax(inside(lit, box)[:, round((n + 0.5) * box.width / bands)] > 90)) for n in (16, 32, 63)]
    assert tops == pytest.approx([box.height * n / bands for n in (16, 32, 63)], abs=2)


def test_the_disc_is_lit_clockwise_from_the_top() -> None:
    """After a quarter of the time the quarter on the upper right."""
    frames = Frames(scene(), Fraction(30))
    box = frames.scene.layout.art
    more = inside(luma(frames, 75), box) - inside(luma(frames, 0), box) > 2
    half = box.width // 2
    assert more[:half, half:].mean() > 0.3
    assert not more[half + 2 :, :].any()
    assert not more[:, : half - 2].any()


def test_a_passage_gives_way_to_the_next_colour_within_a_second() -> None:
    """The bars are red before and blue after, and between them in between."""
    frames = Frames(scene(), Fraction(30))
    place = frames.scene.layout

    def red(number: int) -> float:
        planes = frames.planes(number).reshape(-1)
        quarter = place.width * place.height // 4
        return float(planes[-quarter:].reshape(place.height // 2, -1).astype(float).mean())

    before, at_once, between, after = (red(number) for number in (149, 150, 163, 178))
    assert at_once == pytest.approx(before, abs=0.6)
    assert before > between > after
    assert red(299) == pytest.approx(after, abs=0.6)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_long_title_shrinks_and_then_breaks_off_and_stays_in_its_place(aspect: Aspect) -> None:
    """Pixels that a title adds lie inside of its box; that it was cut off is known."""
    short, long = scene(aspect, title=" "), scene(aspect, title="A very long title of everything that there is to say " * 6)
    changed = luma(Frames(short, Fraction(30)), 0) != luma(Frames(long, Fraction(30)), 0)
    box = long.layout.title
    assert inside(changed, box).any()
    inside(changed, box)[:] = False
    assert not changed.any()
    assert set(long.cut_off) == {"title"}
    assert short.cut_off == []


def test_a_frame_is_the_same_whichever_came_before() -> None:
    """Segments are made side by side."""
    first, second = Frames(scene(), Fraction(30)), Frames(scene(), Fraction(30))
    forwards = [first.planes(number) for number in (10, 155, 290)]
    backwards = [second.planes(number) for number in (290, 155, 10)]
    assert all(np.array_equal(one, other) for one, other in zip(forwards, reversed(backwards), strict=True))


def test_time_is_told_in_minutes_and_seconds() -> None:
    """As players do."""
    assert [clock(one) for one in (0, 59, 60, 3599)] == ["0:00", "0:59", "1:00", "59:59"]


def test_sections_go_from_cool_to_warm_by_their_level_and_neighbours_differ() -> None:
    """Red outweighs blue where it is loud."""
    colours = of_loudness([-30.0, -10.0, -10.2, -20.0])
    assert colours[0][2] > colours[0][0]
    assert colours[1][0] > colours[1][2]
    assert all(one != other for one, other in pairwise(colours))
    assert of_loudness([]) == []
    assert len(set(MOODS.values())) == len(MOODS)
    assert [passage_at([Passage(1, RED), Passage(5, BLUE)], at) for at in (0, 4.9, 5)] == [0, 0, 1]
