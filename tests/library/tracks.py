"""Tracks whose character is known, without music."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.track import CURVE_POINTS, Descriptors, Rights, Tags, Track

LEVEL = (0.5,) * CURVE_POINTS
RISING = tuple(np.linspace(0.1, 0.9, CURVE_POINTS).tolist())
FALLING = RISING[::-1]


def heard(**more: object) -> Descriptors:
    """Return what is heard in an ordinary track, with what is given instead."""
    ordinary = {
        "seconds": 180.0,
        "tempo_bpm": 100.0,
        "pulse": 0.5,
        "tonic": 0,
        "minor": False,
        "clarity": 0.8,
        "energy": 0.5,
        "percussive": 0.5,
        "brightness": 0.5,
        "valence": 0.0,
        "voice": 0.0,
        "lufs": -14.0,
        "curve": LEVEL,
    }
    return Descriptors(**ordinary | more)  # type: ignore[arg-type]  # of many types


def track(name: str, *, rights: Rights | None = None, words: tuple[str, ...] = (), **more: object) -> Track:
    """Return a track of a folder that is not there."""
    return Track(
        path=Path("/nowhere/Shelf") / f"{name}.wav",
        size=len(name),
        modified_ns=1,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        tags=Tags(rights=rights or Rights(), words=words),
        heard=heard(**more),
    )


def cut(**more: object) -> Wanted:
    """Return what an ordinary cut of a minute asks, with what is given instead."""
    return Wanted(**{"seconds": 60.0, "energy": 0.5, "curve": LEVEL, "valence": 0.0} | more)  # type: ignore[arg-type]
