"""Who measures while the cut goes by (room picture): what the analysis must offer so that one decode serves both.

*Conventions.* A thumb is a frame shrunk by area averaging to 64 × 36 ``yuv420p``, limited range, BT.709: 2304 bytes of Y, 576 of
U, 576 of V, each line by line. It holds the whole frame without letterbox bars, whatever shape it has.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

THUMB_WIDTH, THUMB_HEIGHT = 64, 36
"""Pixels of a thumb: enough for mean light and colour and for the change between frames, small enough to cost nothing."""
THUMB_BYTES = THUMB_WIDTH * THUMB_HEIGHT * 3 // 2
"""Bytes of a thumb: Y in full, U and V at half size."""
BATCH_FRAMES = 256
"""Most thumbs that are measured at once."""

Thumbs = NDArray[np.uint8]
Rows = NDArray[np.float32]


class FrameMeter(Protocol):
    """Measures frames."""

    def measure(self, thumbs: Thumbs, before: Thumbs | None, /) -> Rows:
        """Measure consecutive frames. Called from several threads at once, must not keep state between calls.

        Args:
            thumbs: uint8 [shape=(n, THUMB_BYTES)], n from 1 to BATCH_FRAMES.
            before: uint8 [shape=(THUMB_BYTES,)], the frame before in record order; None at the first frame of all.

        Returns:
            float32 [shape=(n, k)], the same k always.
        """

    def finish(self, table: Rows, /) -> None:
        """Take all rows in record order, float32 [shape=(frames, k)]; called once, from the thread that called the export."""


class SoundMeter(Protocol):
    """Hears the production sound."""

    def hear(self, window: NDArray[np.float32], /) -> None:
        """Take the next stretch of the mix; called in order, from one thread.

        Args:
            window: float32 [shape=(samples, 2)], 48 kHz, full scale ±1.0, not clipped.
        """
