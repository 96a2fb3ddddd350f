"""What a provider says of itself, so that it can be explained without being called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from otio_soundtrack.model.cue import AiStatus

Capability = Literal["match", "generate", "extend", "remix", "stems", "wav", "render", "visualize", "plan"]


@dataclass(frozen=True, kw_only=True)
class ReferenceLimits:
    """What a service takes as a reference (temp track)."""

    most_bytes: int
    least_seconds: float
    most_seconds: float


@dataclass(frozen=True, kw_only=True)
class PictureLimits:
    """What a service takes as the cut."""

    most_bytes: int
    needs_sound: bool
    """Whether a picture without an audio track is refused: then a silent one is laid in."""
    needs_speech: bool = False
    """Whether the production sound matters to it; where not, a smaller picture does."""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a provider says of itself."""

    name: str
    """What ``--provider`` takes."""
    title: str
    model: str
    """Engine or model with its version: the same brief on the same model may be taken from the store."""
    capabilities: frozenset[Capability]
    key_variable: str | None = None
    """Environment variable of the key, None where none is needed."""
    base_url: str | None = None
    """Origin of the service, None for a provider in this process; ``<NAME>_BASE_URL`` in the environment overrides it."""
    paid: bool = False
    voice: bool = False
    """Whether it can sing; one that cannot says so where a voice is asked for."""
    ai: AiStatus
    licence: str
    """Terms of what it makes, a sentence."""
    licensed_by_track: bool = False
    """Whether the terms of a piece are its own, to be read in its file."""
    most_takes: int = 10
    """Takes that one run may ask for."""
    picture: PictureLimits | None = None
    """What it takes as the cut, None where it never sees the picture."""
    reference: ReferenceLimits | None = None
    """What it takes as a reference, None where it takes none."""
    needs_reference: bool = False
    calls_back: bool = False
    """Whether it reports to an address of the user's that a job is done."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What ``--set NAME=VALUE`` may say to it, each with a sentence."""
    prices_of: str = ""
    """Date of the price table, ISO 8601; empty where the service publishes none."""
