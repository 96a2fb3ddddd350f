"""What the analysis saw and heard in the cut (floor 1). Written as JSON by ``otio-soundtrack analyze``.

Positions are whole frames at the picture's rate; ends are exclusive.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """Base of all values that cross a boundary: frozen, numbers finite, and a field nobody knows is an error with its name."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Curve(Frozen):
    """A signal sampled at even distances."""

    unit: str
    """What a value means, for people: ``0-1``, ``cuts per minute``, ``LUFS`` …"""
    hz: float
    """Samples a second; sample i covers [i / hz, (i + 1) / hz)."""
    values: tuple[float, ...]


class PictureChange(Frozen):
    """A frame on which the picture changes."""

    frame: int
    origin: Literal["edit", "detected"]
    """``edit``: the timeline says so; ``detected``: seen inside a clip."""
    strength: float
    """How different the two pictures are, 0–1: 0 an invisible change, 1 the strongest of any cut."""


class Region(Frozen):
    """A stretch of record time in frames, end exclusive."""

    start: int
    end: int


class Features(Frozen):
    """All features of a cut."""

    schema_version: Literal[1] = 1
    rate: float
    """Frames per second of the picture."""
    frames: int
    """Length of the picture."""
    changes: tuple[PictureChange, ...]
    """Picture changes in order, frame 0 left out."""
    pace: Curve
    """Cuts per minute over time."""
    motion: Curve
    """Movement inside shots, 0–1: mean change between neighbouring frames, cuts left out, on a fixed scale."""
    brightness: Curve
    """Mean luma, 0–1."""
    saturation: Curve
    """Mean colour saturation, 0–1."""
    warmth: Curve
    """−1 (blue, cold) to 1 (red and yellow, warm), 0 neutral."""
    speech: tuple[Region, ...]
    """Where somebody speaks in the production sound."""
    loudness: Curve
    """Momentary loudness of the production sound, LUFS; −70 stands for silence."""
    integrated_lufs: float | None
    """Integrated loudness of the production sound, None where it is silent or absent."""
