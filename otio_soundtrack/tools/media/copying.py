"""Whether the pictures of a file can be taken over into MP4 as they are (floor 2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from otio_soundtrack.tools.media.opening import OpenMedia, media_errors

HELD_BY_MP4 = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4"})
"""Codecs that MP4 holds and players expect in it."""
_JITTER = Fraction(1, 4)
"""Share of a frame by which stamps may be rounded (Matroska: milliseconds)."""


@dataclass(frozen=True, kw_only=True)
class CopyFacts:
    """What decides about a copy."""

    codec: str
    """FFmpeg's name."""
    width: int
    height: int
    frames: int


def copy_facts(path: Path, rate: Fraction) -> CopyFacts | None:
    """Return the facts of a file whose pictures can be copied; its packets are read, none is decoded but the first.

    Args:
        path: a media file.
        rate: frames per second that every frame must keep.

    Returns:
        None where they cannot: a codec that MP4 does not hold, frames that are not evenly spaced, stamps that are missing,
        pictures that lie on their side.

    Raises:
        UnreadableMediaError: not media.
    """
    with OpenMedia(path) as media, media_errors(path):
        picture = media.picture()
        if picture is None or picture.time_base is None or picture.codec_context.name not in HELD_BY_MP4:
            return None
        codec = picture.codec_context.name
        media.only(picture.index)
        stamps: list[int] = []
        for packet in media.container.demux(picture):
            if not packet.size:
                continue
            if packet.pts is None or packet.dts is None or packet.is_discard or packet.is_corrupt:
                return None
            stamps.append(packet.pts)
        stamps.sort()
        first = picture.start_time or 0
        steady = all(abs((stamp - first) * picture.time_base * rate - number) <= _JITTER for number, stamp in enumerate(stamps))
        if not stamps or not steady:
            return None
        media.container.seek(stamps[0], stream=picture)
        frame = next(media.container.decode(picture), None)
        if frame is None or frame.rotation:
            return None
        return CopyFacts(codec=codec, width=frame.width, height=frame.height, frames=len(stamps))
