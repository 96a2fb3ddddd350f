"""Clips of a service, listened to, and the takes that are made of them (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from otio_soundtrack.errors import (
    AudioError,
    BadReplyError,
    ConsentError,
    CreditsError,
    JobFailedError,
    LimitError,
    RefusedError,
)
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.steps import Call, Course, Fetch, Hear, Heard, fetched, heard

FINAL = (RefusedError, CreditsError, ConsentError, LimitError, BadReplyError, JobFailedError, AudioError)
"""What ends an attempt for good, but not the job: what is there already is still good."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """A clip that a service has ready."""

    task_id: str
    track_id: str
    url: str
    title: str = ""
    said_seconds: float | None = None
    """Length that the service tells: good for choosing, never for cutting."""
    facts: dict[str, Any] = field(default_factory=dict)
    renew: Call[str] | None = None
    """The call that gives a fresh link."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A clip that was listened to, and where in the take it lies."""

    track: Track
    file: Fetched
    heard: Heard
    starts_at: float = 0.0
    """Seconds of the take at which its first sample lies."""

    @property
    def end(self) -> float:
        """Seconds of its last sound, from its own first sample."""
        return min(self.heard.sounding_until, self.heard.seconds)


@dataclass(frozen=True, kw_only=True)
class Take:
    """What one take is made of."""

    file: Fetched
    heard: Heard
    parts: tuple[Part, ...]
    """One where the service has the whole as one clip; more where parts were joined here."""
    joins: tuple[float, ...] = ()
    """Seconds of joins, by the service or here."""
    newest: Part | None = None
    """The continuation inside a song that the service joined: continued instead, where the joined song is refused."""

    @property
    def end(self) -> float:
        """Seconds of its last sound."""
        return min(self.heard.sounding_until, self.heard.seconds)


def listened(label: str, tracks: tuple[Track, ...]) -> Course[tuple[tuple[Part, ...], tuple[str, ...]]]:
    """Return the course that downloads clips and listens to them: those that are usable, and why the others are not."""
    parts: list[Part] = []
    notes: list[str] = []
    for number, track in enumerate(tracks, start=1):
        found = yield from _part(f"{label} file {number}", f"{label} sound {number}", track)
        if isinstance(found, Part):
            parts.append(found)
        else:
            notes.append(f"Clip {number} of {label} was not used: {found}")
    return tuple(parts), tuple(notes)


def _part(file_label: str, sound_label: str, track: Track) -> Course[Part | str]:
    """Return a clip as a part, or why it cannot be used."""
    try:
        file = yield from fetched(Fetch(label=file_label, url=track.url, kind="audio", renew=track.renew))
        sound = yield from heard(Hear(label=sound_label, file=file))
    except FINAL as error:
        return error.message
    return Part(track=track, file=file, heard=sound)
