"""Titles and compositing of branded videos (floor 2): the one door of moviepy, opened late because it takes most of a second.

moviepy draws the writing and lays the parts of a picture over each other, once for every picture that stands still. What moves is
not composited with it: :mod:`otio_soundtrack.visual`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""sRGB [shape=(height, width, 3)], or with alpha [shape=(height, width, 4)]."""


@dataclass(frozen=True)
class Layer:
    """A picture at its place in another."""

    pixels: Picture
    left: int = 0
    top: int = 0


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Lines of text as they shall be drawn."""

    lines: tuple[str, ...]
    letter: int
    """Size of the letters, pixels."""
    font: Path | None
    """None is the face that comes with Pillow (Aileron)."""
    ink: tuple[int, int, int] = (255, 255, 255)
    opacity: float = 1.0
    """0–1."""
    align: Literal["left", "center"] = "left"


def written(writing: Writing) -> Picture:
    """Return drawn text with alpha; the first line always begins at the same place, with room for what hangs over the lines."""
    from moviepy import TextClip

    side, below = max(1, writing.letter // 8), max(2, writing.letter // 2)
    clip = TextClip(
        font=None if writing.font is None else str(writing.font),
        text="\n".join(writing.lines),
        font_size=writing.letter,
        color=writing.ink,
        text_align=writing.align,
        interline=writing.letter // 6,
        margin=(side, side, side, below),  # moviepy cuts what hangs below the last line
    )
    drawn = np.asarray(clip.get_frame(0), np.uint8)
    alpha = np.asarray(clip.mask.get_frame(0)) * (255 * writing.opacity)
    return np.dstack([drawn[..., :3], np.rint(alpha).astype(np.uint8)])


def composited(width: int, height: int, layers: Sequence[Layer]) -> Picture:
    """Return layers laid over each other, the first at the bottom [shape=(height, width, 3)]."""
    from moviepy import CompositeVideoClip, ImageClip

    clips = [ImageClip(layer.pixels).with_position((layer.left, layer.top)) for layer in layers]
    whole = CompositeVideoClip(clips, size=(width, height)).with_duration(1)
    return np.ascontiguousarray(whole.get_frame(0), np.uint8)
