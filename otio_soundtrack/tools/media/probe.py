"""What a media file says of itself, read without decoding it (floor 2)."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from av.video.stream import VideoStream

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cut import MediaFacts
from otio_soundtrack.times import exact_rate
from otio_soundtrack.tools.media.opening import OpenMedia

_MICROSECOND = Fraction(1, 1_000_000)
"""Unit in which FFmpeg gives the length of a container."""
_IMAGE_FORMATS = ("_pipe", "image2")
"""How FFmpeg names its readers of single pictures: ``png_pipe``, ``jpeg_pipe``, ``exr_pipe`` …"""
_TIMECODE = re.compile(r"^(\d{1,2}):(\d{2}):(\d{2})([:;.])(\d{2,3})$")
_DROPPED_A_MINUTE = {30: 2, 60: 4, 120: 8}
"""Frame numbers that drop-frame timecode leaves out each minute but the tenth (SMPTE ST 12-1), by nominal rate."""


def probe(path: Path) -> MediaFacts:
    """Read what a media file says of itself.

    Args:
        path: a local file; its name is never read as a protocol or a pattern.

    Returns:
        the facts. Cover art is not a picture.

    Raises:
        UnreadableMediaError: absent, a folder, empty, not media, or without a picture or sound that can be decoded.
    """
    with OpenMedia(path) as media:
        container = media.container
        picture = media.picture()
        has_sound = any(stream.codec_context is not None for stream in container.streams.audio)
        if picture is None and not has_sound:
            raise UnreadableMediaError(f"media file {path} holds neither picture nor sound.")
        still = picture is not None and is_still(container.format.name, picture)
        rate = None if picture is None or still else picture_rate(picture)
        return MediaFacts(
            has_picture=picture is not None,
            has_sound=has_sound,
            is_still=still,
            rate=rate,
            duration=None if still or container.duration is None else container.duration * _MICROSECOND,
            start_timecode=_start_timecode(media, rate),
        )


def is_still(format_name: str, picture: VideoStream) -> bool:
    """Return whether a file is one picture: by its format, or because its stream says that it holds one frame (HEIF, AVIF)."""
    return format_name.endswith(_IMAGE_FORMATS[0]) or format_name == _IMAGE_FORMATS[1] or picture.frames == 1


def picture_rate(picture: VideoStream) -> Fraction | None:
    """Return the frames per second of a stream of pictures, None where the file does not say."""
    for rate in (picture.average_rate, picture.guessed_rate, picture.base_rate):
        if rate:
            return exact_rate(float(rate))
    return None


def _start_timecode(media: OpenMedia, rate: Fraction | None) -> Fraction | None:
    """Return the timecode of the first frame in seconds since midnight, None where the file carries none."""
    container = media.container
    written = [container.metadata, *(stream.metadata for stream in container.streams)]
    for tags in written:
        named = {key.lower(): value for key, value in tags.items()}
        if rate is not None and "timecode" in named:
            return timecode_seconds(named["timecode"], rate)
    for tags in written:
        reference = tags.get("time_reference", "")
        sound = container.streams.audio
        if reference.isdecimal() and sound and sound[0].rate:
            return Fraction(int(reference), sound[0].rate)
    return None


def timecode_seconds(text: str, rate: Fraction) -> Fraction | None:
    """Return the time that a timecode label stands for.

    Args:
        text: ``HH:MM:SS:FF``, with ``;`` or ``.`` before the frames for drop-frame.
        rate: frames per second.

    Returns:
        exact seconds since midnight: frame count ÷ rate, as OpenTimelineIO counts them; None where the text is no timecode.
    """
    match = _TIMECODE.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, frames = (int(match[group]) for group in (1, 2, 3, 5))
    nominal = round(rate)
    total_minutes = hours * 60 + minutes
    count = (total_minutes * 60 + seconds) * nominal + frames
    if match[4] in ";." and nominal in _DROPPED_A_MINUTE:
        count -= _DROPPED_A_MINUTE[nominal] * (total_minutes - total_minutes // 10)
    return count / rate
