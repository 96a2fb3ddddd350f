"""Encoders of the exported cut: H.264 in segments that can be joined, AAC in one stream (floor 2).

*Conventions.* Every segment is closed (it begins with a key frame and refers to nothing outside), and all segments of a cut share
one :class:`PictureFormat`, hence the same headers: their packets can be laid one after another into one stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from otio_soundtrack.times import SAMPLE_RATE_HZ, round_half_up
from otio_soundtrack.tools.media.pictures import Frame

REORDERING = 2
"""Frames by which a packet may have to be decoded before it is shown: two B-frames in a row, with a reference among them."""
PROXY_CRF, FINAL_CRF = 26, 20
"""x264's quality of a proxy (26 at 360 lines: about 0.5 Mbit/s) and of what an audience sees, where encoding is hard to find."""
_KEY_SECONDS = 2
"""Longest distance of key frames: a player may jump to each."""
_HEAD_START = 4
"""A segment may spend one part in so many of a second's bits ahead of time: every segment does, so it must be little."""
_QUICK = {"subq": "1", "trellis": "0", "partitions": "i8x8,i4x4"}
"""x264 searches motion to half a sample and in whole blocks: two fifths less work a frame for 13 % more bytes (measured on
640×360). A fixed pattern of B-frames would take those bytes back, but fades then lose their light."""
_BT709 = 1
_LIMITED = 1
"""Codes of ITU-T H.273 and FFmpeg for the BT.709 colours and limited range, as :mod:`.framing` makes them."""
AAC_FRAME = 1024
"""Samples in an AAC frame."""


@dataclass(frozen=True, kw_only=True)
class PictureFormat:
    """How the picture of a cut is encoded."""

    width: int
    """Pixels, even."""
    height: int
    """Lines, even."""
    rate: Fraction
    """Frames per second, constant."""
    preset: str = "veryfast"
    """x264's trade of speed for size."""
    crf: int = PROXY_CRF
    """x264's quality: lower is better."""
    max_bit_rate: int | None = None
    """Bits per second that no stretch of two seconds exceeds, None without bound."""


@dataclass(frozen=True)
class EncodedPacket:
    """A packet as an encoder gave it, not yet at its place in the cut."""

    stamp: int
    """When it is shown: frames from the head of its segment, or samples from the head of the sound."""
    is_key: bool
    payload: bytes


def set_up_picture(context: VideoCodecContext, form: PictureFormat) -> None:
    """Give a codec context all that goes into the headers of the stream."""
    context.width, context.height = form.width, form.height
    context.pix_fmt = "yuv420p"
    context.time_base = 1 / form.rate
    context.framerate = form.rate
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED
    # one thread: segments are made side by side, and slices or frame threads would change the headers
    context.thread_count = 1
    options = {"preset": form.preset, "crf": str(form.crf), "g": str(round_half_up(_KEY_SECONDS * form.rate)), "bf": "2"}
    options |= _QUICK
    if form.max_bit_rate is not None:
        options |= {
            "maxrate": str(form.max_bit_rate),
            "bufsize": str(form.max_bit_rate),
            "rc_init_occupancy": str(form.max_bit_rate // _HEAD_START),
        }
    context.options = options


def set_up_sound(context: AudioCodecContext, bit_rate: int) -> None:
    """Give a codec context all that goes into the headers of the sound."""
    context.bit_rate = bit_rate
    context.sample_rate = SAMPLE_RATE_HZ
    context.layout = "stereo"
    context.format = "fltp"
    context.time_base = Fraction(1, SAMPLE_RATE_HZ)


class SegmentEncoder:
    """Encodes one segment of the cut."""

    def __init__(self, form: PictureFormat) -> None:
        """Open an encoder."""
        self._context = av.CodecContext.create("libx264", "w")
        set_up_picture(self._context, form)
        self._context.flags |= Flags.global_header
        self._base = 1 / form.rate
        self._frames = 0

    def put(self, frame: Frame) -> list[EncodedPacket]:
        """Encode the next frame (of the size of the format); the same frame may be put again."""
        frame.pts = self._frames
        frame.time_base = self._base
        # the source's picture types must not steer the encoder
        frame.pict_type = 0
        self._frames += 1
        return self._packets(frame)

    def finish(self) -> list[EncodedPacket]:
        """Give what is left; afterwards the encoder is closed."""
        return self._packets(None)

    def _packets(self, frame: Frame | None) -> list[EncodedPacket]:
        packets = self._context.encode(frame)
        return [EncodedPacket(packet.pts or 0, packet.is_keyframe, bytes(packet)) for packet in packets]


class SoundEncoder:
    """Encodes the sound of the cut as AAC."""

    def __init__(self, bit_rate: int) -> None:
        """Open an encoder for 48 kHz stereo.

        Args:
            bit_rate: bits per second.
        """
        self._context = av.CodecContext.create("aac", "w")
        set_up_sound(self._context, bit_rate)
        self._context.flags |= Flags.global_header
        self._waiting: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._samples = 0

    def put(self, window: NDArray[np.float32]) -> Iterator[EncodedPacket]:
        """Encode the next stretch of sound: float32 [shape=(samples, 2)], full scale ±1.0."""
        self._waiting = np.concatenate([self._waiting, window])
        whole = len(self._waiting) // AAC_FRAME * AAC_FRAME
        for at in range(0, whole, AAC_FRAME):
            yield from self._encoded(self._waiting[at : at + AAC_FRAME])
        self._waiting = self._waiting[whole:]

    def finish(self) -> Iterator[EncodedPacket]:
        """Encode what is left; afterwards the encoder is closed."""
        if len(self._waiting):
            yield from self._encoded(self._waiting)
        yield from self._packets(None)

    def _encoded(self, samples: NDArray[np.float32]) -> Iterator[EncodedPacket]:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), "fltp", "stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._samples
        self._samples += len(samples)
        yield from self._packets(frame)

    def _packets(self, frame: AudioFrame | None) -> Iterator[EncodedPacket]:
        for packet in self._context.encode(frame):
            yield EncodedPacket(packet.pts or 0, True, bytes(packet))
