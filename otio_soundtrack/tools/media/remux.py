"""The pictures of one file, as they are, with another sound (floor 2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.packet import Packet
from av.stream import Stream

from otio_soundtrack.errors import ExportError, UnreadableMediaError
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.media.encoder import EncodedPacket, set_up_sound
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors
from otio_soundtrack.tools.media.probe import picture_rate
from otio_soundtrack.tools.media.writer import interleaved, muxer_options, placed_sound


def write_with_sound(path: Path, picture: Path, sound: Iterator[EncodedPacket], *, samples: int, sound_bit_rate: int) -> None:
    """Write an MP4 file with the pictures of another file, not encoded again, and a sound; neither is held in memory.

    Args:
        path: the file, overwritten.
        picture: a video whose codec MP4 can hold.
        sound: AAC packets; stamps count samples, from −1024 on (the encoder's priming).
        samples: length of the sound.
        sound_bit_rate: what the sound was encoded with.

    Raises:
        UnreadableMediaError: the video cannot be read, or has no pictures.
        ExportError: MP4 cannot hold its codec.
        OSError: the disk is full, the file is not writable.
    """
    with OpenMedia(picture) as media, media_errors(picture):
        source = media.picture()
        if source is None:
            raise UnreadableMediaError(f"media file {picture} has no pictures.")
        media.only(source.index)
        options = muxer_options(picture_rate(source) or Fraction(1))
        try:
            with av.open(f"file:{path.absolute()}", "w", format="mp4", options=options) as container:
                video = container.add_stream_from_template(source)
                audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
                set_up_sound(audio.codec_context, sound_bit_rate)
                container.start_encoding()
                for packet in interleaved(_pictures(media, source, video), placed_sound(sound, audio, samples)):
                    container.mux_one(packet)
        except av.FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise ExportError(f"{picture.name} could not be given another sound: {error.strerror or error}.") from error


def _pictures(media: OpenMedia, source: Stream, video: Stream) -> Iterator[Packet[Stream]]:
    """Yield the packets of a source as they are, its first picture shown at 0."""
    first = source.start_time or 0
    for packet in media.container.demux(source):
        if packet.size:
            packet.pts = None if packet.pts is None else packet.pts - first
            packet.dts = None if packet.dts is None else packet.dts - first
            packet.stream = video
            yield packet
