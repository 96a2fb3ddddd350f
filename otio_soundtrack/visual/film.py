"""Frames and sound to a file: encoded in closed segments side by side, laid into MP4 in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from os import cpu_count
from pathlib import Path
from threading import Event

import numpy as np

from otio_soundtrack.errors import ExportError
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.progress import Progress
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.media.encoder import EncodedPacket, PictureFormat, SegmentEncoder, SoundEncoder
from otio_soundtrack.tools.media.framing import frame_of
from otio_soundtrack.tools.media.writer import counted_frames, write_movie
from otio_soundtrack.visual.frames import Frames

SOUND_BIT_RATE = 256_000
"""Bits a second of AAC: what the networks re-encode from without loss that is heard."""
_CRF = 19
"""x264's quality: fine slopes of a dark ground stay slopes."""
_SEGMENT_S = 8
"""Seconds of a segment: the encoder starts anew so often, and so many packets wait in memory."""
_BLOCK = 10 * SAMPLE_RATE_HZ
_STEP = "drawing the video"


def write_film(path: Path, frames: Frames, count: int, sound: Sound, progress: Progress) -> None:
    """Write the video.

    Args:
        path: the file, overwritten.
        frames: the picture.
        count: how many frames it has; their end is the end of the music, rounded up to a frame.
        sound: the music, 48 kHz, stereo.
        progress: is told how far the work is.

    Raises:
        ExportError: the file does not hold what was written.
        OSError: the disk is full, the file is not writable.
    """
    layout = frames.scene.layout
    form = PictureFormat(width=layout.width, height=layout.height, rate=frames.rate, crf=_CRF)
    progress(_STEP, 0.0)
    frames.prepare()
    picture = _picture(form, frames, count, progress)
    write_movie(path, form, picture, _sound(sound), samples=len(sound), sound_bit_rate=SOUND_BIT_RATE)
    held = counted_frames(path)
    if held != count:
        raise ExportError(f"the written file holds {held} frames instead of {count}.", hint="Is the disk full or failing?")
    progress(_STEP, 1.0)


def _picture(form: PictureFormat, frames: Frames, count: int, progress: Progress) -> Iterator[EncodedPacket]:
    """Give the packets of the picture in decoding order, segments made side by side."""
    length = max(1, round(_SEGMENT_S * form.rate))
    starts = deque(range(0, count, length))
    workers = cpu_count() or 1
    pool = ThreadPoolExecutor(workers, thread_name_prefix="frames")
    broken_off = Event()
    waiting: deque[tuple[int, Future[list[EncodedPacket]]]] = deque()
    try:
        while starts or waiting:
            while starts and len(waiting) <= workers:
                first = starts.popleft()
                waiting.append((first, pool.submit(_segment, form, frames, first, min(first + length, count), broken_off)))
            first, done = waiting.popleft()
            yield from done.result()
            progress(_STEP, min(1.0, (first + length) / count) * 0.99)
    finally:
        broken_off.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _segment(form: PictureFormat, frames: Frames, first: int, after: int, broken_off: Event) -> list[EncodedPacket]:
    """Return the packets of a closed segment, stamped from the head of the video; nothing of use where it was broken off."""
    encoder = SegmentEncoder(form)
    packets: list[EncodedPacket] = []
    for number in range(first, after):
        if broken_off.is_set():
            break
        packets += encoder.put(frame_of(frames.planes(number)))
    return [replace(packet, stamp=packet.stamp + first) for packet in (*packets, *encoder.finish())]


def _sound(sound: Sound) -> Iterator[EncodedPacket]:
    """Give the packets of the sound; what is beyond full scale is cut off there, as every player does."""
    encoder = SoundEncoder(SOUND_BIT_RATE)
    for start in range(0, len(sound), _BLOCK):
        yield from encoder.put(np.clip(sound[start : start + _BLOCK], -1.0, 1.0).astype(np.float32))
    yield from encoder.finish()


def frames_for(samples: int, rate: Fraction) -> int:
    """Return how many frames hold so many samples: the last one may show a little longer than the music sounds."""
    return -int(-(samples * rate) // SAMPLE_RATE_HZ)
