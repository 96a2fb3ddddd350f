"""Encoded packets laid into an MP4 file (floor 2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import lcm
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from otio_soundtrack.errors import ExportError
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.media.encoder import (
    AAC_FRAME,
    REORDERING,
    EncodedPacket,
    PictureFormat,
    set_up_picture,
    set_up_sound,
)
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors


def write_movie(
    path: Path,
    form: PictureFormat,
    picture: Iterator[EncodedPacket],
    sound: Iterator[EncodedPacket],
    *,
    samples: int,
    sound_bit_rate: int,
) -> None:
    """Write an MP4 file with its index at the front (faststart).

    Args:
        path: the file, overwritten.
        form: what the packets of the picture were encoded with.
        picture: packets in decoding order; stamps count frames from the head of the cut.
        sound: AAC packets; stamps count samples, from −1024 on (the encoder's priming).
        samples: length of the sound.
        sound_bit_rate: what the sound was encoded with.

    Raises:
        OSError: the disk is full, the file is not writable.
    """
    # the prefix keeps FFmpeg from reading a protocol into the name
    name = f"file:{path.absolute()}"
    try:
        with av.open(name, "w", format="mp4", options=muxer_options(form.rate)) as container:
            video, audio = _streams(container, form, sound_bit_rate)
            container.start_encoding()
            for packet in interleaved(_picture_packets(picture, video, form), placed_sound(sound, audio, samples)):
                container.mux_one(packet)
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise ExportError(f"the cut could not be written to {path}: {error.strerror or error}.") from error


def muxer_options(rate: Fraction) -> dict[str, str]:
    """Return the muxer's options: a time scale in which lengths of picture and sound are whole numbers, so none is rounded."""
    return {"movflags": "+faststart", "movie_timescale": str(lcm(rate.numerator, SAMPLE_RATE_HZ))}


def counted_frames(path: Path) -> int:
    """Return how many packets of picture a written file really holds.

    Raises:
        UnreadableMediaError: it cannot be read back.
    """
    with OpenMedia(path) as media, media_errors(path):
        picture = media.picture()
        if picture is None:
            return 0
        media.only(picture.index)
        return sum(1 for packet in media.container.demux(picture) if packet.size)


def _streams(container: OutputContainer, form: PictureFormat, sound_bit_rate: int) -> tuple[VideoStream, AudioStream]:
    video = container.add_stream("libx264", rate=form.rate)
    set_up_picture(video.codec_context, form)
    video.time_base = 1 / form.rate
    audio = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
    set_up_sound(audio.codec_context, sound_bit_rate)
    return video, audio


def _picture_packets(packets: Iterator[EncodedPacket], stream: VideoStream, form: PictureFormat) -> Iterator[Packet[Stream]]:
    """Give every packet its place: shown as stamped, decoded in the order in which they come."""
    for number, encoded in enumerate(packets):
        packet: Packet[Stream] = Packet(encoded.payload)
        packet.pts = encoded.stamp
        packet.dts = number - REORDERING
        packet.duration = 1
        packet.time_base = 1 / form.rate
        packet.is_keyframe = encoded.is_key
        packet.stream = stream
        yield packet


def placed_sound(packets: Iterator[EncodedPacket], stream: AudioStream, samples: int) -> Iterator[Packet[Stream]]:
    """Give every packet of sound its place; the last ends with the sound, not with its frame."""
    for encoded in packets:
        packet: Packet[Stream] = Packet(encoded.payload)
        packet.pts = packet.dts = encoded.stamp
        packet.duration = max(1, min(AAC_FRAME, samples - encoded.stamp))
        packet.time_base = Fraction(1, SAMPLE_RATE_HZ)
        packet.is_keyframe = True
        packet.stream = stream
        yield packet


def interleaved(picture: Iterator[Packet[Stream]], sound: Iterator[Packet[Stream]]) -> Iterator[Packet[Stream]]:
    """Merge two streams by decoding time."""
    heard = next(sound, None)
    for packet in picture:
        while heard is not None and _decoding_time(heard) <= _decoding_time(packet):
            yield heard
            heard = next(sound, None)
        yield packet
    if heard is not None:
        yield heard
        yield from sound


def _decoding_time(packet: Packet[Stream]) -> Fraction:
    return (packet.dts or 0) * packet.time_base
