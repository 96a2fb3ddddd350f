"""The small pictures that the analysis looks at: their layout and their light and colour (pure, on arrays).

A thumb is one frame as planar yuv420p at 64 × 36 in limited range: 2304 bytes Y (row-major 36 × 64), then 576 U and 576 V
(18 × 32 each). Small on purpose: noise, grain and interlacing are averaged away, and what is left is what decides whether two
pictures are the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

THUMB_WIDTH, THUMB_HEIGHT = 64, 36
LUMA_BYTES = THUMB_WIDTH * THUMB_HEIGHT
CHROMA_BYTES = LUMA_BYTES // 4
THUMB_BYTES = LUMA_BYTES + 2 * CHROMA_BYTES

BLACK_CODE, WHITE_CODE = 16, 235
"""Limited range luma of black and white (ITU-R BT.709 table 4)."""
NEUTRAL_CODE = 128
CHROMA_SPAN = 112.0
"""Chroma codes from neutral to full colour, limited range."""

Planes = NDArray[np.float32]


class Pictures(NamedTuple):
    """Consecutive thumbs as planes."""

    luma: Planes
    """0 (black) to 1 (white) [shape=(n, 36, 64)]; codes outside the legal range are clipped."""
    blue: Planes
    """Cb −1 to 1 [shape=(n, 18, 32)]."""
    red: Planes
    """Cr −1 to 1 [shape=(n, 18, 32)]."""


def pictures(thumbs: NDArray[np.uint8]) -> Pictures:
    """Return thumbs as planes.

    Args:
        thumbs: [shape=(n, THUMB_BYTES)].

    Raises:
        ValueError: another shape or type.
    """
    if thumbs.ndim != 2 or thumbs.shape[1] != THUMB_BYTES or thumbs.dtype != np.uint8:
        raise ValueError(f"thumbs must be uint8 [shape=(n, {THUMB_BYTES})], got {thumbs.dtype} {thumbs.shape}")
    count = len(thumbs)
    y, u, v = np.split(thumbs, [LUMA_BYTES, LUMA_BYTES + CHROMA_BYTES], axis=1)
    scale = np.float32(1 / (WHITE_CODE - BLACK_CODE))
    luma = np.clip((y.astype(np.float32) - BLACK_CODE) * scale, 0, 1)
    half = (count, THUMB_HEIGHT // 2, THUMB_WIDTH // 2)
    return Pictures(luma.reshape(count, THUMB_HEIGHT, THUMB_WIDTH), _chroma(u).reshape(half), _chroma(v).reshape(half))


def _chroma(codes: NDArray[np.uint8]) -> Planes:
    return np.asarray(np.clip((codes.astype(np.float32) - NEUTRAL_CODE) / np.float32(CHROMA_SPAN), -1, 1), np.float32)


def block_means(planes: Planes, rows: int, columns: int) -> Planes:
    """Return the means of equal blocks of each plane, row by row [shape=(n, rows × columns)]; the blocks must fit evenly."""
    count, height, width = planes.shape
    blocks = planes.reshape(count, rows, height // rows, columns, width // columns)
    return np.asarray(blocks.mean(axis=(2, 4), dtype=np.float32).reshape(count, rows * columns), np.float32)
