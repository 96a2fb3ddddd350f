"""A picture file as pixels (floor 2): covers of branded videos."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from otio_soundtrack.tools.media.pictures import still_frame

_LARGEST = 4096
"""Pixels a side beyond which a cover is shrunk before it is looked at: 48 MB."""


def square_picture(path: Path, side: int) -> NDArray[np.uint8]:
    """Return the middle square of a picture file.

    Args:
        path: JPEG, PNG, WebP … or the first frame of a movie.
        side: pixels a side of what is wanted.

    Returns:
        sRGB [shape=(side, side, 3)].

    Raises:
        UnreadableMediaError: no such file, or not a picture.
    """
    frame = still_frame(path)
    shrink = min(1.0, _LARGEST / max(frame.width, frame.height))
    whole = (
        frame.reformat(max(1, round(frame.width * shrink)), max(1, round(frame.height * shrink)), format="rgb24")
        .to_ndarray()
        .astype(np.uint8)
    )
    edge = min(whole.shape[:2])
    top, left = (whole.shape[0] - edge) // 2, (whole.shape[1] - edge) // 2
    return resized(whole[top : top + edge, left : left + edge], side, side)


def resized(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture [shape=(height, width, 3)] in another size: smaller by averaging, larger smoothly."""
    frame = VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24")
    how = Interpolation.AREA if width <= frame.width else Interpolation.BICUBIC
    return np.asarray(VideoReformatter().reformat(frame, width, height, format="rgb24", interpolation=how).to_ndarray(), np.uint8)
