"""The contract between the pipeline and whatever makes or finds music (floor 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from otio_soundtrack.model.cue import AiStatus
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.progress import Progress

Capability = Literal["match", "generate", "extend", "remix", "stems", "wav", "render", "visualize", "plan"]


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a provider says of itself, so that it can be explained without being called."""

    name: str
    """What ``--provider`` takes."""
    title: str
    model: str
    """Engine or model with its version: the same brief on the same model may be taken from the store."""
    capabilities: frozenset[Capability]
    key_variable: str | None = None
    """Environment variable of the key, None where none is needed."""
    paid: bool = False
    voice: bool = False
    """Whether it can sing; one that cannot says so where a voice is asked for."""
    ai: AiStatus
    licence: str
    """Terms of what it makes, a sentence."""


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """Music as an embedded engine gives it: exactly as long as the cue, not yet brought to its loudness."""

    mix: Sound
    stems: Mapping[str, Sound]
    """Parts whose sum is the mix, all of the cue's length; empty where they were not wanted."""
    tempo_bpm: float
    key: str
    beats: tuple[float, ...]
    """Seconds of every beat from the first sample."""


class Engine(Protocol):
    """A provider that makes music in this process, from a brief alone, the same bytes every time."""

    declaration: Declaration

    def render(self, brief: Brief, progress: Progress, /, *, stems: bool = False) -> Rendering:
        """Return the music that the brief asks for, with its stems where they are wanted; the mix is the same."""
