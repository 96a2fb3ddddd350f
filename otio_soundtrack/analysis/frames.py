"""What is measured on every frame while the cut is decoded (the frame meter).

The decoder gives thumbs (``thumbs.py``) in batches from several threads; :meth:`FrameTable.measure` is therefore a pure function
of arrays, and the table in record order comes back through :meth:`FrameTable.finish`.

A row holds five measures and a *signature*: block means of luma and chroma, small enough to keep for a two-hour film (53 numbers
a frame) and rich enough to compare any two frames later. That is what tells a cut from a flash: after a flash the
picture from before comes back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis.thumbs import Pictures, Planes, block_means, pictures

LUMA, SATURATION, WARMTH, CHANGE, MOTION = range(5)
"""Columns: mean luma 0–1; mean saturation 0–1; warmth −1–1; change to the frame before 0–1, light and colour and all; the same
without what a change of exposure explains, in luma alone."""
SIGNATURE = slice(5, 53)
"""Columns of the signature."""
COLUMNS = 53

LUMA_BLOCKS = (4, 8)
CHROMA_BLOCKS = (2, 4)
"""Rows and columns of the signature's blocks: 32 of luma, 8 each of Cb and Cr."""

CHROMA_WEIGHT = 0.5
"""Weight of a step in Cb or Cr against one in luma when pictures are compared: real chroma uses about half of its range."""
SATURATED_RADIUS = 0.5
"""Distance from grey in the CbCr plane that counts as fully saturated: a pure BT.709 primary lies at 0.9 to 1.1, but the most
colourful photographs seldom pass 0.5 anywhere, and a measure is for pictures, not for colour bars."""
WARM_SPAN = 0.35
"""Mean Cr − Cb of a picture that counts as wholly warm: lit by candles or a sunset."""


class FrameTable:
    """Measures of every frame of the cut, in record order. Satisfies the exporter's ``FrameMeter``."""

    def __init__(self) -> None:
        self._table: NDArray[np.float32] | None = None

    @property
    def table(self) -> NDArray[np.float32]:
        """The rows [shape=(frames, COLUMNS)].

        Raises:
            ValueError: the export has not finished.
        """
        if self._table is None:
            raise ValueError("the frame table is read before the export has finished")
        return self._table

    def measure(self, thumbs: NDArray[np.uint8], before: NDArray[np.uint8] | None, /) -> NDArray[np.float32]:
        """Return the rows of consecutive frames. Pure: may be called from several threads at once.

        Args:
            thumbs: [shape=(n, 3456)], consecutive frames.
            before: the frame before the first of them [shape=(3456,)], None at the first frame of the cut (its change is 0).

        Returns:
            rows [shape=(n, COLUMNS)].
        """
        first = thumbs[:1] if before is None else before[np.newaxis]
        seen = pictures(np.concatenate([first, thumbs]))
        rows = np.empty((len(thumbs), COLUMNS), np.float32)
        rows[:, LUMA] = seen.luma[1:].mean(axis=(1, 2))
        rows[:, SATURATION] = _saturation(seen)[1:]
        rows[:, WARMTH] = np.clip((seen.red - seen.blue)[1:].mean(axis=(1, 2)) / WARM_SPAN, -1, 1)
        rows[:, CHANGE] = _change(seen)
        rows[:, MOTION] = _motion(seen.luma)
        rows[:, SIGNATURE] = _signature(seen)[1:]
        return rows

    def finish(self, table: NDArray[np.float32], /) -> None:
        """Take the table of the whole cut [shape=(frames, COLUMNS)].

        Raises:
            ValueError: another shape.
        """
        if table.ndim != 2 or table.shape[1] != COLUMNS:
            raise ValueError(f"a frame table has the shape (frames, {COLUMNS}), got {table.shape}")
        self._table = table


def distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how different pictures are by their signatures: 0 the same, about 0.05 alike, 0.2 and more another picture.

    Args:
        one: signatures [shape=(..., 48)].
        other: signatures of the same shape.
    """
    steps = np.abs(one - other)
    luma_blocks = LUMA_BLOCKS[0] * LUMA_BLOCKS[1]
    chroma = CHROMA_WEIGHT * steps[..., luma_blocks:].mean(axis=-1, dtype=np.float32)
    return np.asarray(steps[..., :luma_blocks].mean(axis=-1, dtype=np.float32) + 2 * chroma, np.float32)


def _saturation(seen: Pictures) -> Planes:
    radius = np.hypot(seen.blue, seen.red)
    return np.asarray(np.clip(radius / SATURATED_RADIUS, 0, 1).mean(axis=(1, 2)), np.float32)


def _change(seen: Pictures) -> Planes:
    luma = np.abs(np.diff(seen.luma, axis=0)).mean(axis=(1, 2))
    blue = np.abs(np.diff(seen.blue, axis=0)).mean(axis=(1, 2))
    red = np.abs(np.diff(seen.red, axis=0)).mean(axis=(1, 2))
    return np.asarray(luma + CHROMA_WEIGHT * (blue + red), np.float32)


def _motion(luma: Planes) -> Planes:
    """Return the mean luma step after the best common gain is taken off: flicker and fades are not movement."""
    before, after = luma[:-1], luma[1:]
    mean_before = before.mean(axis=(1, 2), keepdims=True)
    mean_after = after.mean(axis=(1, 2), keepdims=True)
    covariance = ((before - mean_before) * (after - mean_after)).mean(axis=(1, 2), keepdims=True)
    variance = ((before - mean_before) ** 2).mean(axis=(1, 2), keepdims=True)
    gain = np.clip(covariance / np.maximum(variance, np.float32(1e-6)), 0.5, 2.0)
    explained = mean_after + gain * (before - mean_before)
    return np.asarray(np.abs(after - explained).mean(axis=(1, 2)), np.float32)


def _signature(seen: Pictures) -> Planes:
    parts = [block_means(seen.luma, *LUMA_BLOCKS)]
    parts += [block_means(plane, *CHROMA_BLOCKS) for plane in (seen.blue, seen.red)]
    return np.concatenate(parts, axis=1)
