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
from otio_soundtrack.tools.media.encoder import AAC_FRAME, EncodedPacket, set_up_sound
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors


def write_with_sound(path: Path, picture: Path, sound: Iterator[EncodedPacket], *, samples: int, sound_bit_rate: int) -> None:
    """Write an MP4 file with the pictures of another file, not encoded again, and a sound.

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
        try:
            with av.open(f"file:{path.absolute()}", "w", format="mp4", options={"movflags": "+faststart"}) as container:
                video = container.add_stream_from_template(source)
                audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
                set_up_sound(audio.codec_context, sound_bit_rate)
                container.start_encoding()
                for packet in media.container.demux(source):
                    if packet.size:
                        packet.stream = video
                        container.mux_one(packet)
                for one in sound:
                    container.mux_one(_placed(one, audio, samples))
        except av.FFmpegError as error:
            if isinstance(error, OSError):
                raise
            raise ExportError(f"{picture.name} could not be given another sound: {error.strerror or error}.") from error


def _placed(one: EncodedPacket, stream: Stream, samples: int) -> Packet[Stream]:
    """Give a packet of sound its place; the last ends with the sound, not with its frame."""
    packet: Packet[Stream] = Packet(one.payload)
    packet.pts = packet.dts = one.stamp
    packet.duration = max(1, min(AAC_FRAME, samples - one.stamp))
    packet.time_base = Fraction(1, SAMPLE_RATE_HZ)
    packet.is_keyframe = True
    packet.stream = stream
    return packet
