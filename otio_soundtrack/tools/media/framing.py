"""Source frames brought to the shape and colour of the cut (floor 2).

*Conventions.* Everything becomes ``yuv420p`` in limited range with the BT.709 matrix, so that colour is comparable between
sources and the joined segments carry one tag. A source that does not name its matrix has BT.709 from 720 lines up and BT.601
below, as players assume. Pictures keep their shape (pixel shape and rotation counted in) and get black bars where the cut is
wider or taller. Alpha lies over black. Wide-gamut and HDR transfer curves are not mapped, only the matrix is.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from otio_soundtrack.times import round_half_up
from otio_soundtrack.tools.media.pictures import Frame

BLACK_Y, BLACK_UV = 16, 128
"""Black in limited range (BT.709)."""
_HD_LINES = 720
"""From so many lines on an untagged picture has the BT.709 matrix."""
_ITU709, _FCC, _ITU601, _SMPTE240M, _BT2020 = 1, 4, 5, 7, 9
"""Matrices as swscale numbers them (``SWS_CS_*``); PyAV 17, the last for Python 3.10, has no name for the last."""
_MATRICES = {1: _ITU709, 4: _FCC, 5: _ITU601, 6: _ITU601, 7: _SMPTE240M, 9: _BT2020, 10: _BT2020}
"""Matrix by its code in ITU-T H.273, table 4."""
_FULL_RANGE = 2
"""FFmpeg's code for full range (JPEG)."""
_QUARTER_TURN = 90
_THIN_BAR = Fraction(1, 100)
"""Bars thinner than this share of the picture are rounding, not shape: the picture is stretched over them."""


class Framer:
    """Fits frames into the picture of the cut. Keeps scaling tables: use one a thread."""

    def __init__(self, width: int, height: int) -> None:
        """Take the size of the cut, both even."""
        self.width = width
        self.height = height
        self._scaler = VideoReformatter()
        self._shrinker = VideoReformatter()

    def fit(self, frame: Frame, pixel_aspect: Fraction) -> Frame:
        """Scale a source frame so that it just fits into the cut's picture.

        Args:
            frame: any size and pixel format.
            pixel_aspect: width ÷ height of its pixels.

        Returns:
            ``yuv420p``, as wide or as high as the cut, both dimensions even; the same without the bars.
        """
        turns = round(frame.rotation / _QUARTER_TURN) % 4
        aspect = Fraction(frame.width, frame.height) * pixel_aspect
        width, height = self._inner_size(1 / aspect if turns % 2 else aspect)
        if turns % 2:
            width, height = height, width
        scaled = self._over_black(frame, width, height) if _has_alpha(frame) else self._scaled(frame, width, height)
        return _rotated(scaled, turns) if turns else scaled

    def canvas(self, inner: Frame) -> Frame:
        """Return a fitted frame with its bars: the size of the cut."""
        if (inner.width, inner.height) == (self.width, self.height):
            return inner
        left = (self.width - inner.width) // 4 * 2
        top = (self.height - inner.height) // 4 * 2
        planes = []
        for plane, half, black in zip(_planes(inner), (1, 2, 2), (BLACK_Y, BLACK_UV, BLACK_UV), strict=True):
            whole = np.full((self.height // half, self.width // half), black, np.uint8)
            rows, columns = plane.shape
            whole[top // half : top // half + rows, left // half : left // half + columns] = plane
            planes.append(whole)
        return _from_planes(planes)

    def thumb(self, inner: Frame, width: int, height: int) -> NDArray[np.uint8]:
        """Return a fitted frame shrunk by area averaging: Y, U and V after one another [shape=(width × height × 3 / 2,)]."""
        small = self._shrinker.reformat(inner, width, height, format="yuv420p", interpolation=Interpolation.AREA, threads=1)
        return np.asarray(small.to_ndarray(), np.uint8).reshape(-1)

    def _inner_size(self, aspect: Fraction) -> tuple[int, int]:
        """Return the largest even size of this shape inside the cut."""
        whole = Fraction(self.width, self.height)
        if abs(aspect / whole - 1) <= _THIN_BAR:
            return self.width, self.height
        if aspect > whole:
            return self.width, max(2, 2 * round_half_up(self.width / aspect / 2))
        return max(2, 2 * round_half_up(self.height * aspect / 2)), self.height

    def _scaled(self, frame: Frame, width: int, height: int, pixels: str = "yuv420p") -> Frame:
        full = frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj")
        rgb = frame.format.is_rgb
        untagged = _ITU709 if frame.height >= _HD_LINES else _ITU601
        return self._scaler.reformat(
            frame,
            width,
            height,
            format=pixels,
            src_colorspace=None if rgb else _MATRICES.get(frame.colorspace, untagged),
            dst_colorspace=_ITU709,
            src_color_range=ColorRange.JPEG if full or rgb else ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG if pixels == "yuv420p" else ColorRange.JPEG,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )

    def _over_black(self, frame: Frame, width: int, height: int) -> Frame:
        """Scale a frame with alpha and lay it over black."""
        rgba = np.asarray(self._scaled(frame, width, height, "rgba").to_ndarray(), np.uint16)
        opaque = ((rgba[..., :3] * rgba[..., 3:] + 127) // 255).astype(np.uint8)
        return self.painted(opaque)

    def painted(self, rgb: NDArray[np.uint8]) -> Frame:
        """Turn a drawn picture [shape=(height, width, 3), sRGB, even size] into a fitted frame of the same size."""
        frame = VideoFrame.from_ndarray(np.ascontiguousarray(rgb), "rgb24")
        return self._scaled(frame, frame.width, frame.height)


def frame_planes(frame: Frame) -> NDArray[np.uint8]:
    """Return a ``yuv420p`` frame of even size as one array [shape=(height × 3 / 2, width)]: Y, then U and V."""
    return np.asarray(frame.to_ndarray(), np.uint8)


def frame_of(planes: NDArray[np.uint8]) -> Frame:
    """Return the frame whose planes :func:`frame_planes` gave."""
    return VideoFrame.from_ndarray(planes, "yuv420p")


def _has_alpha(frame: Frame) -> bool:
    return any(component.is_alpha for component in frame.format.components) or frame.format.name == "pal8"


def _planes(frame: Frame) -> list[NDArray[np.uint8]]:
    """Return views of Y, U and V without the padding of their lines."""
    views = []
    for plane in frame.planes:
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        views.append(lines[:, : plane.width])
    return views


def _from_planes(planes: list[NDArray[np.uint8]]) -> Frame:
    height, width = planes[0].shape
    frame = VideoFrame(width, height, "yuv420p")
    for target, source in zip(_planes(frame), planes, strict=True):
        target[:] = source
    return frame


def _rotated(frame: Frame, turns: int) -> Frame:
    """Turn a ``yuv420p`` frame by quarter turns, counter-clockwise."""
    return _from_planes([np.rot90(plane, turns) for plane in _planes(frame)])
