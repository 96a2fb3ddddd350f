"""The parts of the picture that are drawn by us (pure): the ground, bars, waveform, and the disc of a track without a cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.visual.layout import Box, Layout
from otio_soundtrack.visual.movement import Levels
from otio_soundtrack.visual.palette import Colour, ground, mixed

Pixels = NDArray[np.uint8]
"""sRGB [shape=(height, width, 3)], or with alpha [shape=(height, width, 4)]."""
Floats = NDArray[np.float32]

_WHITE: Colour = (255, 255, 255)
_UNLIT = 0.22
"""How much of its colour what has not sounded yet shows."""
_COVER_SHARE = 0.34
"""How much of the blurred cover shines through the ground."""
_VIGNETTE = 0.55
"""How much darker the corners are than the middle of the light."""
_FALL_OFF, _GLOW_REACH, _GLOW = 1.6, 3.2, 0.16
"""How soon the light falls off and how near to its middle the glow stays, over the diagonal; how much of the colour is in it."""
_DITHER = 1.2
"""Levels of noise that keep a dark slope from showing its steps."""
_BAR_SHARE, _COLUMN_SHARE = 0.62, 0.6
"""Of its place that a bar, or a column of the waveform, fills."""
_LEAST_COLUMN = 0.05
"""Of its height that a column of silence has."""
_HUB, _HUB_RING = 0.30, 0.012
"""Radius of the middle of the disc, and width of its rim, in shares of the disc's."""
_CORNER = 0.03
"""Radius of the corners of a cover in shares of its side."""


class Ground:
    """The ground of a video: dark, with light from behind the cover. Where the light falls is worked out once."""

    def __init__(self, layout: Layout, blurred: Pixels | None) -> None:
        """Take the picture, and the cover, blurred, in its size; None where there is none."""
        rows = np.arange(layout.height, dtype=np.float32)[:, None]
        columns = np.arange(layout.width, dtype=np.float32)[None, :]
        art = layout.art
        away = np.hypot(rows - (art.top + art.height / 2), columns - (art.left + art.width / 2))
        away /= np.float32(np.hypot(layout.width, layout.height))
        light = (1 - _VIGNETTE * np.clip(away * _FALL_OFF, 0, 1))[..., None]
        self._glow = np.exp(-((away * _GLOW_REACH) ** 2))[..., None]
        noise = np.random.default_rng(0).random((layout.height, layout.width, 1), np.float32) * np.float32(_DITHER)
        self._light, self._added = light, noise
        if blurred is not None:
            self._light = light * np.float32(1 - _COVER_SHARE)
            self._glow *= np.float32(1 - _COVER_SHARE)
            self._added = noise + blurred * (np.float32(_COVER_SHARE) * light)

    def picture(self, colour: Colour) -> Pixels:
        """Return the ground in a colour."""
        plain = np.array(ground(colour), np.float32)
        near = np.array(mixed(ground(colour), colour, _GLOW), np.float32)
        painted = plain * self._light
        painted += (near - plain) * self._glow
        painted += self._added
        return np.asarray(np.clip(painted, 0, 255, out=painted), np.uint8)


def bars_picture(box: Box, bands: int, colour: Colour, *, lit: bool) -> Pixels:
    """Return all bars at full height, or what is seen of them in silence: their feet."""
    place = bar_places(box, bands)
    inside = place >= 0
    upward = np.linspace(1, 0, box.height, dtype=np.float32)[:, None, None]
    top = np.array(mixed(colour, _WHITE, 0.45), np.float32)
    painted = np.array(colour, np.float32) * (1 - upward) + top * upward
    whole = np.broadcast_to(painted, (box.height, box.width, 3))
    alpha = np.broadcast_to(inside, (box.height, box.width)).astype(np.float32)
    if not lit:
        feet = np.zeros((box.height, 1), np.float32)
        feet[-max(2, box.height // 60) :] = 0.5
        alpha = alpha * feet
    return _with_alpha(whole, alpha)


def bar_places(box: Box, bands: int) -> NDArray[np.int64]:
    """Return the number of the bar that each column of the box belongs to, −1 between bars [shape=(width,)]."""
    column = np.arange(box.width) + 0.5
    place = column * bands / box.width
    off = np.abs(place - np.floor(place) - 0.5) * 2
    return np.where(off <= _BAR_SHARE, np.floor(place), -1).astype(np.int64)


def columns_of(box: Box, scale: float) -> int:
    """Return how many columns the waveform has: one for every nine pixels of the drawing."""
    return max(8, round(box.width / (9 * scale)))


def wave_picture(box: Box, heights: Levels, colours: Floats, *, lit: bool) -> Pixels:
    """Return the waveform.

    Args:
        box: where it stands.
        heights: of each column, 0–1.
        colours: of each column [shape=(columns, 3)].
        lit: whether it has sounded.
    """
    count = len(heights)
    column = np.minimum(((np.arange(box.width) + 0.5) * count / box.width).astype(np.int64), count - 1)
    share = (np.arange(box.width) + 0.5) * count / box.width - column
    drawn = np.abs(share - 0.5) * 2 <= _COLUMN_SHARE
    half = np.maximum(heights, _LEAST_COLUMN)[column] * box.height / 2
    away = np.abs(np.arange(box.height) + 0.5 - box.height / 2)[:, None]
    alpha = np.clip(half[None, :] - away + 0.5, 0, 1) * drawn[None, :]
    painted = np.broadcast_to(colours[column][None, :, :], (box.height, box.width, 3))
    return _with_alpha(painted, alpha * (1.0 if lit else _UNLIT))


def disc_angles(side: int) -> Floats:
    """Return for each pixel of a square how far round it lies, clockwise from the top: 0–1 [shape=(side, side)]."""
    away = np.arange(side, dtype=np.float32) + 0.5 - side / 2
    return np.asarray((np.arctan2(away[None, :], -away[:, None]) / (2 * np.pi)) % 1.0, np.float32)


def disc_picture(side: int, levels: Levels, colours: Floats, *, lit: bool) -> Pixels:
    """Return a track as a disc: round it goes the time, outwards the spectrum from the bass, in the colours of its passages.

    Args:
        side: pixels of the square.
        levels: heights of the bands over the track [shape=(moments, bands)], 0–1.
        colours: of each moment [shape=(moments, 3)].
        lit: whether it has sounded.
    """
    away = np.arange(side, dtype=np.float32) + 0.5 - side / 2
    radius = np.hypot(away[:, None], away[None, :]) / (side / 2)
    angle = disc_angles(side)
    outward = np.clip((radius - _HUB) / (1 - _HUB), 0, 1)
    strength = _sampled(levels, angle, outward)
    moment = np.minimum((angle * len(colours)).astype(np.int64), len(colours) - 1)
    bright = np.array(_WHITE, np.float32) * 0.5 + colours[moment] * 0.5
    peak = np.clip(strength - 0.75, 0, 0.25)[..., None] * 4
    painted = colours[moment] * (1 - peak) + bright * peak
    soft = 2.0 / side
    ring = np.clip((radius - _HUB) / soft, 0, 1) * np.clip((1 - radius) / soft, 0, 1)
    alpha = ring * (0.07 + 0.93 * strength**1.35) * (1.0 if lit else _UNLIT * 1.25)
    rim = np.clip(1 - np.abs(radius - (_HUB - 2 * _HUB_RING)) / _HUB_RING * 1.2, 0, 1) * 0.55
    return _with_alpha(painted, np.maximum(alpha, rim))


def _sampled(levels: Levels, along: Floats, across: Floats) -> Floats:
    """Return levels between moments and bands [both 0–1, the moments in a circle]."""
    moments, bands = levels.shape
    x, y = along * moments - 0.5, across * (bands - 1)
    x0, y0 = np.floor(x).astype(np.int64), np.minimum(np.floor(y).astype(np.int64), bands - 2)
    fx, fy = (x - x0).astype(np.float32), (y - y0).astype(np.float32)
    first, after = np.clip(x0, 0, moments - 1), np.clip(x0 + 1, 0, moments - 1)
    low = levels[first, y0] * (1 - fx) + levels[after, y0] * fx
    high = levels[first, y0 + 1] * (1 - fx) + levels[after, y0 + 1] * fx
    return np.asarray(low * (1 - fy) + high * fy, np.float32)


def cover_picture(cover: Pixels) -> Pixels:
    """Return a square cover with round corners."""
    return np.dstack([cover, _rounded(cover.shape[0], cover.shape[0] * _CORNER)])


def shadow_picture(side: int, reach: int) -> Pixels:
    """Return the soft shadow of a square, wider by ``reach`` on every side."""
    whole = side + 2 * reach
    away = np.maximum(np.abs(np.arange(whole, dtype=np.float32) + 0.5 - whole / 2) - (side / 2 - reach / 2), 0)
    dark = np.exp(-((np.hypot(away[:, None], away[None, :]) / (0.6 * reach)) ** 2))
    return np.dstack([np.zeros((whole, whole, 3), np.uint8), np.rint(dark * 150).astype(np.uint8)])


def _rounded(side: int, radius: float) -> Pixels:
    """Return the alpha of a square with round corners."""
    away = np.maximum(np.abs(np.arange(side, dtype=np.float32) + 0.5 - side / 2) - (side / 2 - radius), 0)
    return np.asarray(np.rint(np.clip(radius - np.hypot(away[:, None], away[None, :]) + 0.5, 0, 1) * 255), np.uint8)


def _with_alpha(colours: Floats, alpha: Floats) -> Pixels:
    both = np.dstack([np.asarray(colours, np.float32), np.asarray(alpha, np.float32) * 255])
    return np.asarray(np.clip(both + 0.5, 0, 255), np.uint8)
