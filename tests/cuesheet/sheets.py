"""Cue sheets for tests."""

from __future__ import annotations

from typing import Any

from opentimelineio import opentime

from otio_soundtrack.cuesheet.rows import Use, sheet_cues
from otio_soundtrack.model.cue_sheet import CueSheet, Production

WRITERS = [
    {"name": "Zoë Ångström", "role": "C", "society": "STIM", "ipi": "00123456789", "share": 60},
    {"name": "Jo Bell", "role": "A", "society": "PRS", "share": 40},
]
LIBRARY: dict[str, Any] = {
    "cue": "1m02",
    "title": "Four in the Morning",
    "usage": "VI",
    "writers": WRITERS,
    "publishers": [{"name": "North Light", "role": "E", "society": "STIM", "ipi": "00987654321", "share": 100}],
    "isrc": "SEXXX2600001",
    "iswc": "T-123.456.789-0",
    "catalogue_number": "NL-0042",
    "album": "Night Work",
    "label": "NL Records",
    "library": "North Light Library",
    "ai": "none",
    "approval": "GEN-7",
    "notes": "call Jo first",
}
"""Every field of the fact sheet's table, on file."""


def ours(cue: str = "1m01", source: str = "aa", ai: str = "full", **more: object) -> dict[str, Any]:
    """Return a record as `score` writes it, as far as a cue sheet reads it."""
    return {"cue_id": cue, "provider": "local", "model": "composer 1", "source_sha256": source, "ai": ai, **more}


def use(first: int, end: int, said: dict[str, Any] | None = None, media: str = "a.wav") -> Use:
    """Return a use of music."""
    return Use(first=first, end=end, name=media, file=media, media=media, said=ours() if said is None else said)


def sheet(*uses: Use, rate: float = 25.0, start: float | None = 90_000, frames: int = 3000, **header: Any) -> CueSheet:
    """Return the cue sheet of a programme."""
    cues, warnings = sheet_cues(uses, ())
    return CueSheet(
        timeline="cut",
        production=Production(**header),
        rate=rate,
        start_time=None if start is None else opentime.RationalTime(start, rate),
        frames=frames,
        cues=cues,
        warnings=warnings,
    )
