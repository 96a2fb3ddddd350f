"""Numbers written into frames as black and white bars, and read back after any scaling and encoding.

The upper sixth of a frame holds 24 bars of equal width: 1, 0, three bits of source, thirteen bits of frame number, five bits
of check sum, 1. The check sum is the remainder of ``7 × source + 13 × number + 5`` by 31: a dissolve of two codes reads as none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BARS = 24
SOURCES, NUMBERS = 8, 8192
"""Ranges of what can be written."""
_SHARE = 6
"""The bars take one in so many lines."""
_LIGHT, _DARK = 235, 16
"""White and black in limited range."""


def bits(source: int, number: int) -> list[int]:
    """Return the bars of a frame, 1 is white."""
    check = (source * 7 + number * 13 + 5) % 31
    text = f"10{source:03b}{number:013b}{check:05b}1"
    return [int(bit) for bit in text]


def number_of(bars: list[int]) -> tuple[int, int] | None:
    """Return source and frame number, None where the bars are none of ours."""
    text = "".join(map(str, bars))
    source, number = int(text[2:5], 2), int(text[5:18], 2)
    return (source, number) if bars == bits(source, number) else None


def painted(luma: NDArray[np.uint8], source: int, number: int) -> None:
    """Write the number of a frame into its luma [shape=(height, width)]."""
    height, width = luma.shape
    edges = np.linspace(0, width, BARS + 1).round().astype(int)
    for bit, left, right in zip(bits(source, number), edges[:-1], edges[1:], strict=True):
        luma[: height // _SHARE, left:right] = _LIGHT if bit else _DARK


def read(luma: NDArray[np.uint8]) -> tuple[int, int] | None:
    """Read source and number from a luma plane without bars of its own around it; None where there is no code."""
    height, width = luma.shape
    strip = luma[height // _SHARE // 4 : max(1, height // _SHARE * 3 // 4)].mean(axis=0)
    cell = width / BARS
    levels = [strip[int((k + 0.3) * cell) : max(int((k + 0.3) * cell) + 1, int((k + 0.7) * cell))].mean() for k in range(BARS)]
    return number_of([int(level > (_LIGHT + _DARK) / 2) for level in levels])
