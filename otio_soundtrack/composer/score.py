"""The score: what is played when, by whom. Independent of how it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Stem(str, Enum):
    """The groups that are delivered apart."""

    DRUMS = "drums"
    BASS = "bass"
    HARMONY = "harmony"
    MELODY = "melody"
    FX = "fx"


@dataclass(frozen=True)
class Note:
    """One note."""

    stem: Stem
    voice: str
    """Name of the voice that plays it, a key of :data:`composer.voices.VOICES`."""
    start: float
    """Seconds from the first sample at which it is heard to begin; slow voices are started earlier by the mix."""
    seconds: float
    """How long it is held, above 0; what rings afterwards is up to the voice."""
    pitch: int
    """MIDI number, 60 is middle C; which drum variant for voices without pitch."""
    velocity: float
    """How hard it is played, 0–1."""

    @property
    def end(self) -> float:
        """Seconds at which it is let go."""
        return self.start + self.seconds


@dataclass(frozen=True)
class Score:
    """All notes of a cue."""

    notes: tuple[Note, ...]
    """In order of their start."""
    beats: tuple[float, ...]
    """Seconds of every beat inside the cue."""
    final: float
    """Seconds at which the last chord starts."""
    fade: float
    """Seconds before the end over which everything comes to rest."""
