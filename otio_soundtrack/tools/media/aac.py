"""Sound encoded on its own: written, measured, and its packets taken over into a video unchanged (floor 2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.media.encoder import EncodedPacket, SoundEncoder, set_up_sound
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors
from otio_soundtrack.tools.media.writer import placed_sound

_STRETCH = 1 << 16
"""Samples that are encoded at a time."""


def write_aac(path: Path, sound: Sound, bit_rate: int) -> None:
    """Write a sound as AAC in an MP4 file.

    Args:
        path: the file, overwritten; its suffix is ``.m4a`` or ``.mp4``.
        sound: 48 kHz stereo; it is read stretch by stretch.
        bit_rate: bits per second.

    Raises:
        StoreError: the disk is full, the file is not writable.
    """
    with store_errors(path), av.open(f"file:{path.absolute()}", "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE_HZ)
        set_up_sound(stream.codec_context, bit_rate)
        container.start_encoding()
        for packet in placed_sound(_encoded(sound, bit_rate), stream, len(sound)):
            container.mux_one(packet)


def aac_packets(path: Path) -> Iterator[EncodedPacket]:
    """Yield the packets of a file of :func:`write_aac`, as they came from the encoder.

    Raises:
        UnreadableMediaError: it cannot be read back.
    """
    with OpenMedia(path) as media, media_errors(path):
        streams = media.container.streams.audio
        if not streams:
            raise UnreadableMediaError(f"{path} holds no sound.")
        for packet in media.container.demux(streams[0]):
            if packet.size and packet.pts is not None and packet.time_base is not None:
                yield EncodedPacket(int(packet.pts * packet.time_base * SAMPLE_RATE_HZ), True, bytes(packet))


def _encoded(sound: Sound, bit_rate: int) -> Iterator[EncodedPacket]:
    encoder = SoundEncoder(bit_rate)
    for start in range(0, len(sound), _STRETCH):
        yield from encoder.put(sound[start : start + _STRETCH])
    yield from encoder.finish()
