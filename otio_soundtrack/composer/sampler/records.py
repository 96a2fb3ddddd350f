"""The tables of a SoundFont (``pdta``), as NumPy records, and the one error for files that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.sampler.riff import Chunk
from otio_soundtrack.errors import UnreadableMediaError

Table = NDArray[Any]
"""Structured array [shape=(records,)], the last record a terminator."""

_BAG = [("generator", "<u2"), ("modulator", "<u2")]
_MODULATOR = [("source", "<u2"), ("target", "<u2"), ("amount", "<i2"), ("amount_source", "<u2"), ("transform", "<u2")]
_GENERATOR = [("number", "<u2"), ("amount", "<i2")]
LAYOUTS: dict[bytes, list[tuple[str, str]]] = {
    b"phdr": [
        ("name", "S20"),
        ("programme", "<u2"),
        ("bank", "<u2"),
        ("bag", "<u2"),
        ("library", "<u4"),
        ("genre", "<u4"),
        ("morphology", "<u4"),
    ],
    b"pbag": _BAG,
    b"pmod": _MODULATOR,
    b"pgen": _GENERATOR,
    b"inst": [("name", "S20"), ("bag", "<u2")],
    b"ibag": _BAG,
    b"imod": _MODULATOR,
    b"igen": _GENERATOR,
    b"shdr": [
        ("name", "S20"),
        ("start", "<u4"),
        ("end", "<u4"),
        ("loop_start", "<u4"),
        ("loop_end", "<u4"),
        ("rate", "<u4"),
        ("key", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("kind", "<u2"),
    ],
}
"""Fields of every table (SoundFont 2.04, section 7)."""


def damaged(path: Path, what: str) -> UnreadableMediaError:
    """Return the error for a SoundFont that is broken in one place."""
    return UnreadableMediaError(
        f"the SoundFont {path} is damaged: {what}.", hint="Fetch it again, or leave --sound out.", path=path
    )


def read_table(stream: BinaryIO, chunk: Chunk, path: Path) -> Table:
    """Return a table.

    Raises:
        UnreadableMediaError: it is cut off, or has no record but the terminator.
    """
    layout = np.dtype(LAYOUTS[chunk.name])
    stream.seek(chunk.start)
    content = stream.read(chunk.size)
    name = chunk.name.decode("ascii")
    if len(content) < chunk.size:
        raise damaged(path, f"its table {name} is cut off")
    table = np.frombuffer(content[: len(content) // layout.itemsize * layout.itemsize], layout)
    if len(table) < 1:
        raise damaged(path, f"its table {name} is empty")
    return table
