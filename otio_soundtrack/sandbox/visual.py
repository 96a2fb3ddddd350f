"""Videos that services make: a still card with writing on it, and the music."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil
from pathlib import Path

from otio_soundtrack.model.sound import Samples
from otio_soundtrack.sandbox.music import Take, identity, samples
from otio_soundtrack.tools.files import written_whole
from otio_soundtrack.tools.lettering import slate
from otio_soundtrack.tools.media.encoder import EncodedPacket, PictureFormat, SegmentEncoder, SoundEncoder
from otio_soundtrack.tools.media.framing import Framer
from otio_soundtrack.tools.media.writer import write_movie

WIDTH, HEIGHT = 320, 180
"""Small: nobody looks at it for long."""
RATE = Fraction(25)
SOUND_BITS = 192_000
"""Bits a second of the sound."""
_STRETCH = 1 << 16
"""Samples that are encoded at a time."""


def visual(wanted: Take, lines: tuple[str, ...], folder: Path) -> Path:
    """Return the video of a take, made on the first call: H.264 and AAC in MP4, as long as the music.

    Args:
        wanted: the music.
        lines: what is written on the card, the first one large.
        folder: where it is kept.

    Raises:
        StoreError: it cannot be written.
    """
    name = sha256("\n".join((identity(wanted), *lines)).encode()).hexdigest()[:24]
    path = folder / f"{name}.mp4"
    if not path.exists():
        sound = samples(wanted)
        with written_whole(path) as scratch:
            form = PictureFormat(width=WIDTH, height=HEIGHT, rate=RATE)
            frames = ceil(wanted.seconds * RATE)
            write_movie(scratch, form, _card(form, lines, frames), encoded(sound), samples=len(sound), sound_bit_rate=SOUND_BITS)
    return path


def _card(form: PictureFormat, lines: tuple[str, ...], frames: int) -> Iterator[EncodedPacket]:
    """Yield the packets of a still picture."""
    first, rest = (lines[0], " · ".join(lines[1:])) if lines else ("", "")
    frame = Framer(form.width, form.height).painted(slate(form.width, form.height, first, rest))
    encoder = SegmentEncoder(form)
    for _ in range(frames):
        yield from encoder.put(frame)
    yield from encoder.finish()


def encoded(sound: Samples) -> Iterator[EncodedPacket]:
    """Yield a sound as AAC."""
    encoder = SoundEncoder(SOUND_BITS)
    for start in range(0, len(sound), _STRETCH):
        yield from encoder.put(sound[start : start + _STRETCH])
    yield from encoder.finish()
