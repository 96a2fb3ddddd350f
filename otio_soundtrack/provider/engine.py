"""A provider in this process: brief in, music out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider.declaration import Declaration


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """Music as an embedded engine gives it: exactly as long as the cue with its handles, not yet brought to its loudness."""

    mix: Sound
    stems: Mapping[str, Sound]
    """Parts whose sum is the mix, all of its length; empty where they were not wanted."""
    tempo_bpm: float
    key: str
    beats: tuple[float, ...]
    """Seconds of every beat from the first sample of the cue."""


class Engine(Protocol):
    """A provider that makes music in this process, from a brief alone, the same bytes every time."""

    declaration: Declaration

    def render(self, brief: Brief, progress: Progress, /, *, stems: bool = False, handles: Handles = NO_HANDLES) -> Rendering:
        """Return the music that the brief asks for, with its stems where they are wanted; the mix is the same.

        With handles the cue comes to rest at its end all the same: what leads into its first notes and what rings on after its
        last lies beyond it.
        """
