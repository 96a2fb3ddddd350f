"""Drawn pictures with writing on them (floor 2): the one door of Pillow."""

from __future__ import annotations

import textwrap
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Ink = tuple[int, int, int]
Box = tuple[int, int, int]

_GREY = 38
"""Level of a slate's ground: dark, yet clearly not black."""
_TINT = 20
"""Most levels by which the ground of a clip differs from grey, so that two slates in a row are seen to be two."""
_INK, _FAINT_INK = (235, 235, 235), (165, 165, 165)
_NAME_SHARE, _REASON_SHARE = 1 / 11, 1 / 17
"""Height of the letters in shares of the picture: 33 and 21 lines at 360."""
_MARGIN_SHARE = 1 / 16
_LETTER_WIDTH = 0.56
"""Mean width of a letter in shares of its height."""
_NAME_LINES, _REASON_LINES = 3, 4
"""Most lines of each; longer texts end in an ellipsis."""


def slate(width: int, height: int, name: str, reason: str) -> NDArray[np.uint8]:
    """Draw a slate that stands for a clip that cannot be shown.

    Args:
        width: pixels.
        height: lines.
        name: of the clip.
        reason: why it cannot be shown; may be empty.

    Returns:
        sRGB [shape=(height, width, 3)]; its ground differs from clip to clip.
    """
    # the digest only chooses a tint that is the same on every run
    tint = [byte % (_TINT + 1) for byte in sha256(name.encode("utf-8", "surrogatepass")).digest()[:3]]
    image = Image.new("RGB", (width, height), (_GREY + tint[0], _GREY + tint[1], _GREY + tint[2]))
    draw = ImageDraw.Draw(image)
    margin = round(height * _MARGIN_SHARE)
    draw.rectangle((margin // 2, margin // 2, width - 1 - margin // 2, height - 1 - margin // 2), outline=_FAINT_INK)
    left, room = margin * 2, width - 4 * margin
    letter = round(height * _NAME_SHARE)
    top = _written(draw, name or "(no name)", (left, margin * 2, room), letter=letter, lines=_NAME_LINES, ink=_INK)
    letter = round(height * _REASON_SHARE)
    _written(draw, reason, (left, top + margin, room), letter=letter, lines=_REASON_LINES, ink=_FAINT_INK)
    return np.asarray(image, np.uint8)


def _font(letter: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return DejaVu Sans, which lies in matplotlib's wheel and has Latin, Greek and Cyrillic; Pillow's own has ASCII only."""
    found = find_spec("matplotlib")
    if found is not None and found.origin is not None:
        file = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
        if file.is_file():
            return ImageFont.truetype(str(file), letter)
    return ImageFont.load_default(letter)


def _written(draw: ImageDraw.ImageDraw, text: str, box: Box, *, letter: int, lines: int, ink: Ink) -> int:
    """Write a text in lines into a box (left, top, width); return where the next may begin."""
    left, top, width = box
    letter = max(letter, 1)
    font = _font(letter)
    columns = max(4, int(width / (letter * _LETTER_WIDTH)))
    printable = "".join(char if char.isprintable() else " " for char in text)
    for line in textwrap.wrap(printable, columns, max_lines=lines, placeholder="…", break_long_words=True):
        draw.text((left, top), line, font=font, fill=ink)
        top += round(letter * 1.25)
    return top
