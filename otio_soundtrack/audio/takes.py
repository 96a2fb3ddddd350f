"""Files of services as sound that we can work with: decoded once to their end, 48 kHz stereo, placed to the sample.

What an encoder put before the first sample (priming of MP3 and AAC) is left out exactly once, gaps between stamps are silence,
and in a video the sound lies where the picture says. The decoded sound is kept under the hash of the file that it came from.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from otio_soundtrack.errors import UnreadableMediaError, UnusableTakeError
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.floatwave import FloatWave, write_float_wav
from otio_soundtrack.tools.media.sound import SoundReader

LONGEST_S = 3600.0
"""No service gives more than an hour; a header that leads there is damage or an attack. 1.4 GB on disk."""
MOST_CHANNELS = 8
"""7.1 is the most that music is delivered in."""
RATES_HZ = (8_000, 192_000)
"""Telephones to masters; whatever is outside was not made as music."""
SLOWEST = 2.0
"""Decoding that takes this many times as long as the music is no music any more; the slowest codec needs a hundredth."""
LEAST_PATIENCE_S = 60.0

_DAMAGED_FEW = 2
"""Packets that may be damaged: tags at the end of MP3 files look like packets that are."""
_TEXT_BEGINS = (b"<", b"{", b"[")
_SHORT_SHARE, _SHORT_S = 0.02, 0.5
"""What may be missing of the length that the file tells of itself: containers round, encoders pad."""
_GUESSED_FORMATS = (".aac", ".adts")
"""Formats whose length FFmpeg guesses from the bit rate."""
_MP3_TAGS = (b"Xing", b"Info", b"VBRI")
_MP3_HEAD_BYTES = 4096
_ID3_BYTES = 10
_UNTOLD = (0, 0xFFFF_FFFF)
"""Sizes that a writer leaves in a WAV that it could not go back to."""
_OGG_PAGE_BYTES = 65_307
"""The largest page (RFC 3533 §6)."""
_OGG_FLAGS_AT, _OGG_LAST = 5, 4
"""Byte and bit of a page that say whether it is the last of its stream (RFC 3533 §6)."""


def decoded(path: Path, folder: Path) -> FloatWave:
    """Return the sound of a file.

    Args:
        path: mp3, wav, m4a, mp4 with or without picture, ogg, flac …
        folder: where decoded sound is kept; what was decoded before is taken from there.

    Returns:
        48 kHz, stereo, float32; sample 0 is the first of the music, or the first frame of the picture.

    Raises:
        UnusableTakeError: no sound, damaged, cut off, or beyond the limits of length, rate, channels and time.
        StoreError: no room for it.
    """
    if not path.is_file():
        raise UnusableTakeError(f"there is no file {path.name}.", hint="Is its path right?")
    kept = folder / f"{sha256(path)}.wav"
    if not kept.is_file():
        try:
            write_float_wav(kept, _whole(path))
        except UnreadableMediaError as error:
            raise UnusableTakeError(_unreadable(path), hint="Get it again, or take another.") from error
    return FloatWave(kept)


def _whole(path: Path) -> Iterator[Samples]:
    """Yield the sound from position 0 on, gaps filled."""
    reader = SoundReader(path)
    try:
        _check(reader, path)
        until = time.monotonic() + max(LEAST_PATIENCE_S, SLOWEST * min(LONGEST_S, float(reader.told_seconds or 0)))
        position = 0
        for start, piece in reader.pieces():
            if start + len(piece) <= position:
                continue
            if start + len(piece) > LONGEST_S * SAMPLE_RATE_HZ:
                raise UnusableTakeError(f"{path.name} is longer than {LONGEST_S / 60:g} minutes.", hint="Take a shorter one.")
            if time.monotonic() > until:
                raise UnusableTakeError(f"{path.name} took too long to decode.", hint="Get it again, or take another.")
            if start > position:
                yield from _silence(start - position)
            fresh = piece[max(0, position - start) :]
            if not np.isfinite(fresh).all():
                raise UnusableTakeError(f"{path.name} holds samples that are not numbers.", hint="Get it again.")
            yield fresh
            position = start + len(piece)
        _check_end(reader, path, position / SAMPLE_RATE_HZ)
    finally:
        reader.close()


def _check(reader: SoundReader, path: Path) -> None:
    """Refuse what headers say before anything is decoded."""
    if not 1 <= reader.channels <= MOST_CHANNELS:
        raise UnusableTakeError(f"{path.name} claims {reader.channels} channels.", hint="Ask for a stereo file.")
    if not RATES_HZ[0] <= reader.rate <= RATES_HZ[1]:
        raise UnusableTakeError(f"{path.name} claims {reader.rate} samples a second.", hint="Ask for a file at 48 kHz.")


def _check_end(reader: SoundReader, path: Path, seconds: float) -> None:
    """Refuse what is damaged inside or ended before its time."""
    if seconds <= 0:
        raise UnusableTakeError(f"{path.name} holds no sound at all.", hint="Get it again, or take another.")
    if reader.damaged > _DAMAGED_FEW:
        raise UnusableTakeError(f"{path.name} is damaged in {reader.damaged} places.", hint="Get it again.")
    if _lacks_its_end(path):
        raise UnusableTakeError(f"{path.name} breaks off at {seconds:.1f} s.", hint="Get it again.")
    told = None if _guessed(path) else reader.told_seconds
    if told is not None and not reader.has_picture and seconds < (1 - _SHORT_SHARE) * told - _SHORT_S:
        raise UnusableTakeError(f"{path.name} breaks off at {seconds:.1f} of {float(told):.1f} s.", hint="Get it again.")


def _guessed(path: Path) -> bool:
    """Return whether the length that FFmpeg tells is a guess: raw AAC, MP3 without the tag that counts its frames."""
    with path.open("rb") as stream:
        head = stream.read(_ID3_BYTES)
        if head[:3] == b"ID3" and len(head) == _ID3_BYTES:
            # four times seven bits (ID3v2 §3.1)
            size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
            stream.seek(_ID3_BYTES + size)
            head = b""
        head += stream.read(_MP3_HEAD_BYTES)
    frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return path.suffix.lower() in _GUESSED_FORMATS or (frame and not any(tag in head for tag in _MP3_TAGS))


def _lacks_its_end(path: Path) -> bool:
    """Return whether a WAV is smaller than it says, or an Ogg has no last page: FFmpeg takes both for shorter music."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(8)
        if head[:4] == b"RIFF":
            told = int.from_bytes(head[4:8], "little")
            return told not in _UNTOLD and size < told + len(head)
        if head[:4] != b"OggS":
            return False
        stream.seek(max(0, size - _OGG_PAGE_BYTES))
        tail = stream.read()
    last = tail.rfind(b"OggS")
    return last < 0 or not tail[last + _OGG_FLAGS_AT] & _OGG_LAST


def _silence(samples: int) -> Iterator[Samples]:
    while samples > 0:
        yield np.zeros((min(samples, SAMPLE_RATE_HZ), 2), np.float32)
        samples -= SAMPLE_RATE_HZ


def _unreadable(path: Path) -> str:
    """Say what a file is that cannot be decoded."""
    with path.open("rb") as stream:
        head = stream.read(64).lstrip()
    if not head:
        return f"{path.name} is empty."
    if head.startswith(_TEXT_BEGINS):
        return f"{path.name} is a page or a message, no music."
    return f"{path.name} cannot be decoded as sound."
