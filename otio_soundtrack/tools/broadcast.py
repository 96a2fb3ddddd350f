"""Broadcast Wave: a WAV file with a ``bext`` chunk that says what it is and where it belongs (floor 2).

Layout: EBU Tech 3285 v2 (2011), section 2.3. The sound is that of a plain WAV file, byte for byte.
"""

from __future__ import annotations

import struct
import wave
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from otio_soundtrack.tools.files import written_whole
from otio_soundtrack.tools.waveform import BLOCK_SAMPLES

LONGEST_NAME = 32
"""Characters of originator and originator's reference."""

_VERSION = 2
"""Of the chunk: the first with loudness."""
_FIXED = struct.Struct("<256s32s32s10s8sQH64s5h180s")
"""Description, originator, reference, date, time, time reference, version, UMID, loudness, reserved. Coding history follows."""
_NO_FIGURE = 0x7FFF
"""A loudness that is not told (Tech 3285, 2.3)."""
_HUNDREDTHS = 100
"""Loudness is told in hundredths of a unit."""
_FORMAT = struct.Struct("<HHIIHH")
_PCM = 1
_HEADER_BYTES = 8
"""Name and size of a chunk."""


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What a ``bext`` chunk says. Text beyond ASCII becomes ``?``; what is too long is cut."""

    description: str
    """256 characters at most."""
    originator: str
    """32 at most."""
    originator_reference: str
    """32 at most: names this very sound."""
    made: datetime
    time_reference: int
    """Samples from midnight to the first one."""
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    max_momentary_lufs: float | None


def write_bwf(path: Path, source: Path, extension: Extension) -> None:
    """Write the sound of a plain WAV file as Broadcast Wave, whole or not at all.

    Args:
        path: file to write.
        source: PCM, as :func:`.waveform.write_wav` writes it.
        extension: what the file shall say of itself.

    Raises:
        StoreError: the file cannot be written.
    """
    with wave.open(str(source), "rb") as sound, written_whole(path) as scratch, scratch.open("wb") as stream:
        channels, width, rate, samples = sound.getparams()[:4]
        bext = _chunk(b"bext", _bext(extension, f"A=PCM,F={rate},W={8 * width},M={'stereo' if channels > 1 else 'mono'}"))
        form = _chunk(b"fmt ", _FORMAT.pack(_PCM, channels, rate, rate * channels * width, channels * width, 8 * width))
        size = samples * channels * width
        stream.write(b"RIFF" + struct.pack("<I", 4 + len(bext) + len(form) + _HEADER_BYTES + size + size % 2) + b"WAVE")
        stream.write(bext + form + b"data" + struct.pack("<I", size))
        while block := sound.readframes(BLOCK_SAMPLES):
            stream.write(block)
        stream.write(bytes(size % 2))


def _bext(said: Extension, coding: str) -> bytes:
    figures = (said.integrated_lufs, None, said.true_peak_dbtp, said.max_momentary_lufs, None)
    fixed = _FIXED.pack(
        _ascii(said.description),
        _ascii(said.originator),
        _ascii(said.originator_reference),
        said.made.strftime("%Y-%m-%d").encode(),
        said.made.strftime("%H:%M:%S").encode(),
        said.time_reference,
        _VERSION,
        b"",  # no UMID
        *(_NO_FIGURE if figure is None else round(_HUNDREDTHS * figure) for figure in figures),
        b"",
    )
    return fixed + _ascii(f"{coding},T={said.originator}\r\n")


def _ascii(text: str) -> bytes:
    return text.encode("ascii", "replace")


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk of RIFF, which has an even number of bytes."""
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
