"""A picture with music under its own sound, as a service renders it."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import numpy as np

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.sandbox.music import Take, identity, samples
from otio_soundtrack.sandbox.visual import SOUND_BITS, encoded
from otio_soundtrack.times import SAMPLE_RATE_HZ, round_half_up
from otio_soundtrack.tools.files import written_whole
from otio_soundtrack.tools.media.probe import probe
from otio_soundtrack.tools.media.remux import write_with_sound
from otio_soundtrack.tools.media.sound import SoundReader


def rendered(picture: Path, wanted: Take, volumes: tuple[float, float], start: float, folder: Path) -> Path:
    """Return a picture with music, made on the first call.

    Args:
        picture: a video with sound; its pictures are taken over as they are.
        wanted: the music; where it is shorter than the picture, silence follows.
        volumes: of the picture's own sound and of the music, 0 to 1.
        start: where in the music the picture begins, seconds.
        folder: where it is kept.

    Raises:
        StoreError: it cannot be written.
        UnreadableMediaError: the picture cannot be read.
    """
    name = sha256(f"{picture.name}/{identity(wanted)}/{volumes}/{start}".encode()).hexdigest()[:24]
    path = folder / f"{name}.mp4"
    if not path.exists():
        mixed = _mixed(picture, wanted, volumes, start)
        with written_whole(path) as scratch:
            write_with_sound(scratch, picture, encoded(mixed), samples=len(mixed), sound_bit_rate=SOUND_BITS)
    return path


def _mixed(picture: Path, wanted: Take, volumes: tuple[float, float], start: float) -> Samples:
    seconds = probe(picture).duration
    if seconds is None:
        raise UnreadableMediaError(f"nobody knows how long {picture.name} is.")
    length = round_half_up(seconds * SAMPLE_RATE_HZ)
    reader = SoundReader(picture)
    try:
        own = reader.read(0, length)
    finally:
        reader.close()
    first = round_half_up(Fraction(start) * SAMPLE_RATE_HZ)
    music = samples(wanted)[first : first + length]
    mixed: Samples = own * np.float32(volumes[0])
    mixed[: len(music)] += music * np.float32(volumes[1])
    np.clip(mixed, -1, 1, out=mixed)
    return mixed
