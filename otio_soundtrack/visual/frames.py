"""Frames: the dark picture with what sounds, or has sounded, copied over from the lit one. Each stands for itself."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.times import frame_seconds
from otio_soundtrack.visual.layout import Box
from otio_soundtrack.visual.painting import bar_places, disc_angles
from otio_soundtrack.visual.palette import passage_at
from otio_soundtrack.visual.scene import Planes, Scene, Still

_FADE_S = 0.9
"""How long one colour takes to become the next."""
_WHITE_Y, _BLACK_Y = 235, 16
"""BT.709 in limited range."""
_MINUTE_S = 60


@dataclass(frozen=True, eq=False)
class Frames:
    """The frames of one video, in any order and from any thread."""

    scene: Scene
    rate: Fraction

    def planes(self, number: int) -> Planes:
        """Return a frame as the encoder takes it: Y, U and V after one another [shape=(height × 3 / 2, width)]."""
        at = float(frame_seconds(number, self.rate))
        still = self._still(at)
        picture = still.dark.copy()
        gone = min(1.0, at / self.scene.shown.seconds)
        for target, lit, part in zip(_views(picture), _views(still.lit), (1, 2, 2), strict=True):
            self._bars(number, target, lit, part)
            _copied(target, lit, self.scene.layout.wave, part, columns=round(gone * self.scene.layout.wave.width))
            if self.scene.cover is None:
                self._disc(gone, target, lit, part)
        self._clock(int(at), picture)
        return picture

    def prepare(self) -> None:
        """Paint every colour: threads then only read."""
        for passage in self.scene.shown.passages:
            self.scene.still(passage.colour)

    def _still(self, at: float) -> Still:
        """Return the picture of a moment; around the beginning of a passage its colour comes in."""
        passages = self.scene.shown.passages
        now = passage_at(passages, at)
        share = (at - passages[now].start) / _FADE_S
        still = self.scene.still(passages[now].colour)
        if now == 0 or share >= 1 or passages[now - 1].colour == passages[now].colour:
            return still
        before = self.scene.still(passages[now - 1].colour)
        return Still(_between(before.dark, still.dark, share), _between(before.lit, still.lit, share))

    def _bars(self, number: int, target: Planes, lit: Planes, part: int) -> None:
        """Light the bars as high as they stand."""
        box = self.scene.layout.bars
        levels = self.scene.shown.levels[number]
        places = self._places[::part]
        height = np.where(places >= 0, levels[np.maximum(places, 0)], 0.0) * (box.height // part)
        rows = np.arange(box.height // part, 0, -1)[:, None] - 0.5
        mask = rows < height[None, : box.width // part]
        inside = _inside(box, part)
        np.copyto(target[inside], lit[inside], where=mask)

    def _disc(self, gone: float, target: Planes, lit: Planes, part: int) -> None:
        """Light the disc as far round as the music has gone."""
        inside = _inside(self.scene.layout.art, part)
        np.copyto(target[inside], lit[inside], where=self._angles[part] < gone)

    def _clock(self, second: int, picture: Planes) -> None:
        """Write the time that has gone."""
        alpha, left, top = self._drawn(second)
        room = picture[top : top + alpha.shape[0], left : left + alpha.shape[1]]
        room[:] = room + (_WHITE_Y - room.astype(np.float32)) * alpha

    @lru_cache(maxsize=8)  # noqa: B019  # the frames live as long as their video
    def _drawn(self, second: int) -> tuple[NDArray[np.float32], int, int]:
        layer = self.scene.figures(clock(second))
        return layer.pixels[..., 3].astype(np.float32) / np.float32(255), layer.left, layer.top

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        return bar_places(self.scene.layout.bars, self.scene.shown.levels.shape[1])

    @cached_property
    def _angles(self) -> dict[int, NDArray[np.float32]]:
        whole = disc_angles(self.scene.layout.art.width)
        return {1: whole, 2: np.ascontiguousarray(whole[::2, ::2])}


def clock(seconds: int) -> str:
    """Return a time as people read it: ``3:07``."""
    return f"{seconds // _MINUTE_S}:{seconds % _MINUTE_S:02d}"


def _views(picture: Planes) -> tuple[Planes, Planes, Planes]:
    """Return views of Y, U and V."""
    width = picture.shape[1]
    height = picture.shape[0] * 2 // 3
    flat = picture.reshape(-1)
    luma, quarter = width * height, width * height // 4
    half = (height // 2, width // 2)
    return (
        flat[:luma].reshape(height, width),
        flat[luma : luma + quarter].reshape(half),
        flat[luma + quarter :].reshape(half),
    )


def _inside(box: Box, part: int) -> tuple[slice, slice]:
    """Return a box on a plane of a half or a whole of the lines."""
    return slice(box.top // part, box.bottom // part), slice(box.left // part, box.right // part)


def _copied(target: Planes, lit: Planes, box: Box, part: int, *, columns: int) -> None:
    rows, all_columns = _inside(box, part)
    some = slice(all_columns.start, all_columns.start + columns // part)
    target[rows, some] = lit[rows, some]


def _between(one: Planes, other: Planes, share: float) -> Planes:
    """Return a picture between two, in 256 steps of integers: a quarter of the time that floats take."""
    weight = np.uint16(round(share * 256))
    return ((one * (np.uint16(256) - weight) + other * weight) >> np.uint16(8)).astype(np.uint8)
