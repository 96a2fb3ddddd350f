"""Dissolves, fades, slates and shapes: what is on the picture where more than one thing, or nothing real, is shown."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from otio_soundtrack.model.cut import CutList, PictureFile, Source, SourceKind
from otio_soundtrack.picture import fold
from otio_soundtrack.picture.export import export_cut
from tests.media.barcode import read
from tests.media.movies import numbered_movie, write_still
from tests.picture.cutting import PAL, codes, cut_list, layer, luma

HEIGHT = 180
LEVELS = 3
"""Levels by which the encoder may change a flat picture at crf 26."""


def exported(cuts: CutList, path: Path, **more: int) -> PictureFile:
    """Export small and return the file."""
    file = export_cut(cuts, path, **{"height": HEIGHT, **more})
    assert file is not None
    return file


@pytest.fixture(scope="module")
def shades(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two movies of flat greys: 60 and 180."""
    folder = tmp_path_factory.mktemp("shades")
    dark = numbered_movie(folder / "dark.mp4", source=0, frames=100, rate=PAL, shade=lambda _: 60)
    light = numbered_movie(folder / "light.mp4", source=1, frames=100, rate=PAL, shade=lambda _: 180)
    return dark, light


def below(path: Path) -> list[float]:
    """Return the mean luma of the lower half of every frame, where no code is."""
    return [float(plane[plane.shape[0] // 2 :].mean()) for plane in luma(path)]


def test_a_dissolve_mixes_by_its_weights(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """Every frame of a dissolve is the weighted mean of both sides, its neighbours are pure."""
    up = [(k + 0.5) / 25 for k in range(25)]
    mix = [layer(shades[0], 2, weights=[1 - w for w in up]), layer(shades[1], 1, weights=up)]
    exported(cut_list(25.0, (10, [layer(shades[0], "1.6")]), (25, mix), (10, [layer(shades[1], 2)])), tmp_path / "cut.mp4")
    wanted = [60.0] * 10 + [60 * (1 - w) + 180 * w for w in up] + [180.0] * 10
    assert np.abs(np.array(below(tmp_path / "cut.mp4")) - wanted).max() <= LEVELS


def test_the_ends_of_a_dissolve_show_the_right_frames(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """With weights 1 and 0 at its ends a dissolve shows exactly one side there."""
    weights = [1.0, 0.5, 0.0]
    mix = [layer(shades[0], "1.2", weights=weights), layer(shades[1], "2.4", weights=[1 - w for w in weights])]
    exported(cut_list(25.0, (3, mix)), tmp_path / "cut.mp4")
    shown = codes(tmp_path / "cut.mp4")
    assert (shown[0], shown[2]) == ((0, 30), (1, 62))


def test_a_fade_is_a_weight_on_black(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """One layer with falling weights fades to black."""
    down = [1 - k / 20 for k in range(20)]
    exported(cut_list(25.0, (20, [layer(shades[1], 0, weights=down)])), tmp_path / "cut.mp4")
    assert np.abs(np.array(below(tmp_path / "cut.mp4")) - [180 * w + 16 * (1 - w) for w in down]).max() <= LEVELS


def test_three_layers_add_up(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """A nested dissolve is three layers; a colour is one of them."""
    white = Source(kind=SourceKind.COLOUR, name="white", colour=(255, 255, 255))
    three = [layer(shades[0], 0, weights=[0.5] * 5), layer(shades[1], 0, weights=[0.25] * 5), layer(white, 0, weights=[0.25] * 5)]
    exported(cut_list(25.0, (5, three)), tmp_path / "cut.mp4")
    assert np.abs(np.array(below(tmp_path / "cut.mp4")) - (30 + 45 + 235 / 4)).max() <= LEVELS


def test_a_dissolve_into_reverse_and_freeze_shows_their_frames(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """Sides of a blend may play in reverse or stand still."""
    one, none = [1.0] * 6, [0.0] * 6
    reverse = [layer(shades[0], 2, -1, weights=one), layer(shades[1], 1, 0, weights=none)]
    freeze = [layer(shades[0], 2, -1, weights=none), layer(shades[1], 1, 0, weights=one)]
    exported(cut_list(25.0, (6, reverse), (6, freeze)), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(0, 50 - k) for k in range(6)] + [(1, 25)] * 6


def test_more_dissolves_than_fit_at_once_are_right(
    shades: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With scratch space for one dissolve only, four are made in waves and nothing changes."""
    weights = [1.0, 0.6, 0.4, 0.0]
    mixes = [
        (4, [layer(shades[0], n, weights=weights), layer(shades[1], n, weights=[1 - w for w in weights])]) for n in (0, 1, 2, 3)
    ]
    exported(cut_list(25.0, *mixes), tmp_path / "once.mp4")
    monkeypatch.setattr(fold, "PENDING_BYTES", 320 * 180 * 3 // 2 * 8)
    exported(cut_list(25.0, *mixes), tmp_path / "waves.mp4")
    assert (tmp_path / "once.mp4").read_bytes() == (tmp_path / "waves.mp4").read_bytes()


def test_slates_are_readable_grey_and_differ(tmp_path: Path) -> None:
    """A slate is neither black nor the slate of another clip, and its name is written in it."""
    slates = [Source(kind=SourceKind.SLATE, name=name, reason="no such file: /vol/a.mov") for name in ("shot 010", "shot 020")]
    file = exported(cut_list(25.0, *((5, [layer(slate, 0)]) for slate in slates)), tmp_path / "cut.mp4", height=360)
    first, second = (plane for k, plane in enumerate(luma(tmp_path / "cut.mp4")) if k in (2, 7))
    assert 35 < np.median(first) < 80
    assert (first > 180).sum() > 500
    assert np.abs(first.astype(int) - second).max() > 100
    assert file.slated == ("shot 010", "shot 020")


def test_a_phone_held_upright_is_turned(footage: dict[str, Path], tmp_path: Path) -> None:
    """Rotation by 90 degrees: the picture stands upright, and the code runs up its left side as the display matrix asks."""
    file = exported(cut_list(25.0, (5, [layer(footage["turned"], 1)])), tmp_path / "cut.mp4", height=320)
    assert (file.width, file.height) == (180, 320)
    turned = next(luma(tmp_path / "cut.mp4"))
    # FFmpeg's own player turns this file the same way
    assert read(np.rot90(turned, -1)) == (5, 25)


def test_another_shape_gets_bars_and_keeps_its_own(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """A square source in a wide cut stands in the middle between black bars; a pixel shape counts."""
    square = numbered_movie(tmp_path / "square.mp4", source=2, frames=10, rate=PAL, size=(180, 180), shade=lambda _: 200)
    wide = numbered_movie(
        tmp_path / "wide.mp4", source=3, frames=10, rate=PAL, size=(180, 180), shade=lambda _: 200, pixel_aspect=Fraction(16, 9)
    )
    file = exported(
        cut_list(25.0, (30, [layer(shades[0], 0)]), (5, [layer(square, 0)]), (5, [layer(wide, 0)])), tmp_path / "c.mp4"
    )
    planes = list(luma(tmp_path / "c.mp4"))
    assert (file.width, file.height) == (320, 180)
    assert planes[32][150, [0, 60, 160, 259, 319]].tolist() == pytest.approx([16, 16, 200, 16, 16], abs=LEVELS)
    assert planes[37][150, [0, 160, 319]].tolist() == pytest.approx([200, 200, 200], abs=LEVELS)


def test_the_width_follows_the_shape_that_is_on_screen_longest(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """Two square cuts against one shorter wide one."""
    square = numbered_movie(tmp_path / "square.mp4", source=2, frames=20, rate=PAL, size=(180, 180))
    file = exported(cut_list(25.0, (10, [layer(shades[0], 0)]), (20, [layer(square, 0)])), tmp_path / "c.mp4")
    assert (file.width, file.height) == (180, 180)


def test_alpha_lies_over_black(tmp_path: Path) -> None:
    """Half transparent white is grey."""
    rgba = np.full((90, 160, 4), 255, np.uint8)
    rgba[..., 3] = 128
    path = write_still(tmp_path / "half.png", av.VideoFrame.from_ndarray(rgba, "rgba"))
    exported(cut_list(25.0, (5, [layer(Source(kind=SourceKind.STILL, name="half", path=path), 0)])), tmp_path / "c.mp4")
    # white at half opacity in limited range: 16 + 219 / 2
    assert below(tmp_path / "c.mp4") == pytest.approx([126] * 5, abs=LEVELS)


def test_a_long_fade_is_smooth_over_segments(shades: tuple[Path, Path], tmp_path: Path) -> None:
    """A dissolve longer than one segment has no step where segments meet."""
    frames = 2 * fold.MIXED_FRAMES // 3
    up = [(k + 0.5) / (2 * frames) for k in range(2 * frames)]
    mix = [layer(shades[0], 0, weights=[1 - w for w in up]), layer(shades[1], 0, weights=up)]
    exported(cut_list(25.0, (2 * frames, mix)), tmp_path / "cut.mp4")
    steps = [after - before for before, after in pairwise(below(tmp_path / "cut.mp4"))]
    assert max(map(abs, steps)) <= LEVELS
