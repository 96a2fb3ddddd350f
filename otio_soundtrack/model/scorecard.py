"""What takes of a provider turned out to be, measured on what it gave (floor 1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One take, as its provider gave it."""

    provider: str
    sha256: str
    """Of the file."""
    asked_seconds: float
    """Length of the cue that it was for."""
    seconds: float
    """Real length, decoded."""
    tail_seconds: float
    """Silence after the last sound."""
    lufs: float | None
    """Integrated loudness; None where it has none."""
    drift: float | None
    """By how much the tempo of the last third differs from that of the first, per cent; None with too few beats to tell."""
    credits: float
    """What it cost."""
    refused: str = ""
    """Why it could not be used; empty where it could."""


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """All takes of one provider; figures are medians of those that could be used."""

    takes: int
    refused: int
    length_ratio: float | None
    """Real over asked length; None where no take could be used, as for all that follow."""
    tail_seconds: float | None
    lufs: float | None
    drift: float | None
    """Per cent; None also where no take had beats enough."""
    credits_per_second: float | None
    """Of all takes, those that were refused too: they are paid for."""
