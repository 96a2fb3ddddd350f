"""What must be known of a picture stream before it is cut up: key frames, rate, shape (floor 2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.video.stream import VideoStream

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors
from otio_soundtrack.tools.media.probe import is_still, picture_rate

_QUARTER_TURN = 90
_LONGEST_REORDERING = 16
"""Frames by which H.264 and HEVC may delay a picture (size of their picture buffer); a larger shift is an edit list."""
_USUAL_RATE_HZ = Fraction(25)
"""Stands for a rate that a file does not say; only costs are estimated with it."""


@dataclass(frozen=True, kw_only=True)
class PictureIndex:
    """What a planner needs to know of a source of pictures."""

    keys: tuple[Fraction, ...]
    """Times of the key frames that the container lists, seconds from the first frame, in order; empty where it lists none.
    They may be early by the reordering delay: good for planning, and checked again by the reader when it seeks."""
    rate: Fraction
    """Frames per second."""
    aspect: Fraction
    """Width ÷ height as shown: pixel shape and rotation counted in."""
    pixels: int
    """Width × height as stored: what decoding one frame costs."""
    lines: int = 0
    """Lines as shown: rotation counted in; 0 where nobody asked."""


def picture_index(path: Path) -> PictureIndex:
    """Read the index of a movie or a still.

    Raises:
        UnreadableMediaError: not media, or without pictures.
    """
    with OpenMedia(path) as media, media_errors(path):
        picture = media.picture()
        if picture is None:
            raise UnreadableMediaError(f"media file {path} has no picture.")
        context = picture.codec_context
        keys: tuple[Fraction, ...] = ()
        aspect = Fraction(context.width, context.height) * (picture.sample_aspect_ratio or 1)
        lines = context.height
        if not is_still(media.container.format.name, picture) and not must_count(media, picture):
            # Matroska reads its list of key frames with the first seek
            media.container.seek(0, stream=picture, backward=True)
            keys = key_times(picture)
            if _turned(media, picture):
                aspect, lines = 1 / aspect, context.width
        rate = picture_rate(picture) or _USUAL_RATE_HZ
        return PictureIndex(keys=keys, rate=rate, aspect=aspect, pixels=context.width * context.height, lines=lines)


def key_times(picture: VideoStream) -> tuple[Fraction, ...]:
    """Return the times of key frames in seconds from the first frame, none below 0."""
    base = picture.time_base
    stamps = sorted(entry.timestamp for entry in picture.index_entries if entry.is_keyframe)
    if base is None or not stamps:
        return ()
    # MP4 lists decoding times: the first key frame is shown later by the reordering delay, and so are all others
    first = picture.start_time if picture.start_time is not None else stamps[0]
    delay = max(0, first - stamps[0])
    if delay * base * (picture_rate(picture) or _USUAL_RATE_HZ) > _LONGEST_REORDERING:
        delay = 0
    return tuple(sorted({max(Fraction(0), (stamp + delay - first) * base) for stamp in stamps}))


def must_count(media: OpenMedia, picture: VideoStream) -> bool:
    """Return whether frames must be counted from the head, because their stamps do not tell when they are shown.

    AVI stores the order of decoding only. With B-frames FFmpeg guesses the rest, late by a frame and out of order for what DivX
    and its like have written; the frames themselves come out in the right order, one for each tick.
    """
    return media.container.format.name == "avi" and bool(picture.codec_context.has_b_frames)


def _turned(media: OpenMedia, picture: VideoStream) -> bool:
    """Return whether the pictures lie on their side; the display matrix travels with the frames, so one is decoded."""
    media.only(picture.index)
    for frame in media.container.decode(picture):
        return abs(frame.rotation) % (2 * _QUARTER_TURN) == _QUARTER_TURN
    return False
