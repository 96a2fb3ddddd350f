"""Tracks of a library: what is heard in them, and whose they are (floor 1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from otio_soundtrack.model.features import Frozen

NOT_ON_FILE = "not on file"
"""What is shown where nobody has written something down. It is never filled in from elsewhere."""
CURVE_POINTS = 32
"""Points of an energy curve: a track of three minutes has one every six seconds, about two bars."""
MOST_SECTIONS = 12
"""Section starts that are kept of a track."""
NO_KEY = -1


class Rights(Frozen):
    """What a file or a service says of a piece of music; empty where it says nothing."""

    title: str = ""
    composer: str = ""
    publisher: str = ""
    isrc: str = ""
    """International Standard Recording Code, twelve characters without hyphens."""
    licence: str = ""
    """The terms, in the words of the file."""

    def told(self) -> Rights:
        """Return the same with :data:`NOT_ON_FILE` where nothing is said."""
        return Rights(**{name: value or NOT_ON_FILE for name, value in self.model_dump().items()})


@dataclass(frozen=True, kw_only=True)
class Tags:
    """What is written in a music file."""

    rights: Rights = field(default_factory=Rights)
    artist: str = ""
    words: tuple[str, ...] = ()
    """Album, genre, mood, comment … as they are written: what is searched besides title and names."""


@dataclass(frozen=True, kw_only=True)
class Descriptors:
    """What is heard in a track."""

    seconds: float
    tempo_bpm: float
    """Beats a minute as they are tapped; half or twice as many may be felt."""
    pulse: float
    """How clear the beat is, 0–1."""
    tonic: int
    """Pitch class of the key, 0 is C; :data:`NO_KEY` where no pitch is heard."""
    minor: bool
    clarity: float
    """How clear the key is, 0–1."""
    energy: float
    """How much is going on, 0–1, on the scale of plans."""
    percussive: float
    """How far attacks stand out, 0–1."""
    brightness: float
    """Share of the high in the spectrum, 0 dark to 1 bright."""
    valence: float
    """−1 dark of mood to 1 light: major against minor, and brightness."""
    voice: float
    """Share of the music in which somebody seems to sing or speak, 0–1."""
    lufs: float
    """Integrated loudness; −70 where it has none."""
    curve: tuple[float, ...]
    """Energy over the whole track, 0–1 of its own range [length=CURVE_POINTS]."""
    sections: tuple[float, ...] = ()
    """Seconds at which something new begins, in order, MOST_SECTIONS at most."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """A track of the library."""

    path: Path
    size: int
    """Bytes."""
    modified_ns: int
    """When the file was last changed, nanoseconds since 1970."""
    sha256: str
    tags: Tags
    heard: Descriptors
    number: int = 0
    """In the index, from 1; 0 before it is there."""

    @property
    def title(self) -> str:
        """The title, else the name of the file."""
        return self.tags.rights.title or self.path.stem
