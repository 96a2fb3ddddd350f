"""RIFF: the chunks of a file. Some SoundFonts leave out the padding byte after chunks of odd length; both ways are read."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_HEADER_BYTES = 8
"""Four letters and a length of 32 bits."""
_PRINTABLE = frozenset(range(0x20, 0x7F))


@dataclass(frozen=True)
class Chunk:
    """A stretch of a file with a name."""

    name: bytes
    """Four letters."""
    start: int
    """First byte of its content."""
    size: int
    """Bytes of content."""

    @property
    def end(self) -> int:
        """First byte after its content."""
        return self.start + self.size


def chunks(stream: BinaryIO, start: int, end: int) -> Iterator[Chunk]:
    """Yield the chunks that lie between two places of a file.

    Args:
        stream: where they are read from; only the headers are read.
        start: first byte.
        end: first byte after; a last chunk that goes on after it is given with the size it claims.
    """
    at = start
    while at + _HEADER_BYTES <= end:
        stream.seek(at)
        header = stream.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            return
        name, size = header[:4], struct.unpack("<I", header[4:])[0]
        chunk = Chunk(name, at + _HEADER_BYTES, size)
        yield chunk
        at = chunk.end
        if size % 2 and not _name_at(stream, at):
            at += 1


def _name_at(stream: BinaryIO, at: int) -> bool:
    """Return whether the name of a chunk can be here: a padding byte is zero, no letter."""
    stream.seek(at)
    name = stream.read(4)
    return len(name) == 4 and _PRINTABLE.issuperset(name)
