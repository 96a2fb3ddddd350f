"""What is heard in a track, in 77 bytes: a hundred thousand of them are read in a moment and compared as columns (pure).

Shares are kept in 255 steps: finer than any of these measures means.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.track import CURVE_POINTS, MOST_SECTIONS, Descriptors

STEPS = 255
"""Of a share from 0 to 1."""
SIGNED_STEPS = 127
"""Of a share from −1 to 1, on either side."""
SECTION_HZ = 10
"""Section starts are kept in tenths of a second, as far as 16 bits reach: 109 minutes."""
_MOST_TENTHS = 0xFFFF

ROW = np.dtype(
    [
        ("seconds", "<f4"),
        ("tempo", "<f4"),
        ("lufs", "<f4"),
        ("pulse", "u1"),
        ("tonic", "i1"),
        ("minor", "?"),
        ("clarity", "u1"),
        ("energy", "u1"),
        ("percussive", "u1"),
        ("brightness", "u1"),
        ("valence", "i1"),
        ("voice", "u1"),
        ("curve", "u1", (CURVE_POINTS,)),
        ("sections", "<u2", (MOST_SECTIONS,)),
    ]
)
"""One track. What is on disk has this form: another one is another version of the index."""

Rows = NDArray[Any]
"""Tracks as columns [dtype=ROW, shape=(tracks,)]."""
_SHARES = ("pulse", "clarity", "energy", "percussive", "brightness", "voice")


def packed(heard: Descriptors) -> bytes:
    """Return what is heard in a track as it is kept."""
    row = np.zeros((), ROW)
    row["seconds"], row["tempo"], row["lufs"] = heard.seconds, heard.tempo_bpm, heard.lufs
    row["tonic"], row["minor"] = heard.tonic, heard.minor
    for name in _SHARES:
        row[name] = round(STEPS * getattr(heard, name))
    row["valence"] = round(SIGNED_STEPS * heard.valence)
    row["curve"] = np.rint(STEPS * np.asarray(heard.curve))
    starts = [min(_MOST_TENTHS, round(SECTION_HZ * at)) for at in heard.sections if at > 0]
    row["sections"][: len(starts)] = starts
    return row.tobytes()


def rows(kept: bytes) -> Rows:
    """Return packed tracks, one after the other, as columns."""
    return np.frombuffer(kept, ROW)


def unpacked(row: Any) -> Descriptors:  # noqa: ANN401  # an element of Rows has no type of its own
    """Return one of :func:`rows`."""
    return Descriptors(
        seconds=float(row["seconds"]),
        tempo_bpm=float(row["tempo"]),
        lufs=float(row["lufs"]),
        tonic=int(row["tonic"]),
        minor=bool(row["minor"]),
        valence=float(row["valence"]) / SIGNED_STEPS,
        curve=tuple((row["curve"] / STEPS).tolist()),
        sections=tuple((row["sections"][row["sections"] > 0] / SECTION_HZ).tolist()),
        **{name: float(row[name]) / STEPS for name in _SHARES},
    )


def share(found: Rows, name: str) -> NDArray[np.float32]:
    """Return a column of shares, 0–1 (``valence`` −1 to 1) [shape=(tracks,)]."""
    return found[name].astype(np.float32) / np.float32(SIGNED_STEPS if name == "valence" else STEPS)
