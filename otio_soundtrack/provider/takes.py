"""Clips of a service, listened to, and the takes that are made of them (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from otio_soundtrack.model.wire import Fetched, Reply, Request
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


def clip(track_id: str, url: str, *, title: str, seconds: float | None, facts: dict[str, str]) -> dict[str, Any]:
    """Return a clip as plain data, which outlives a process: what a poll for clips has as its result."""
    return {
        "id": track_id,
        "url": url,
        "title": title,
        "seconds": seconds,
        "facts": {name: one for name, one in facts.items() if one},
    }


def tracks_of(
    task_id: str, clips: Sequence[dict[str, Any]], again: Request, ready: Callable[[Reply], Sequence[dict[str, Any]]]
) -> tuple[Track, ...]:
    """Return clips as tracks whose links can be renewed.

    Args:
        task_id: of the task that made them.
        clips: as :func:`clip` gives them.
        again: the question whose answer holds fresh links.
        ready: answer → its clips.
    """

    def track(one: dict[str, Any]) -> Track:
        def link(reply: Reply) -> str:
            for other in ready(reply):
                if other["id"] == one["id"]:
                    return str(other["url"])
            raise JobFailedError("the service has no link to the clip any more.")

        return Track(
            task_id=task_id,
            track_id=one["id"],
            url=one["url"],
            title=one["title"],
            said_seconds=one["seconds"],
            facts=one["facts"],
            renew=Call(label=f"fresh link {task_id} {one['id']}", request=again, read=link),
        )

    return tuple(track(one) for one in clips)


def listened(label: str, tracks: tuple[Track, ...]) -> Course[tuple[tuple[Part, ...], tuple[str, ...]]]:
    """Return the course that downloads clips and listens to them: those that are usable, and why the others are not."""
    parts: list[Part] = []
    notes: list[str] = []
    for number, track in enumerate(tracks, start=1):
        found = yield from _part(f"{label} file {number}", f"{label} sound {number}", track)
        if isinstance(found, Part):
            parts.append(found)
        else:
            notes.append(f"Clip {track.track_id} was not used: {found}")
    return tuple(parts), tuple(notes)


def _part(file_label: str, sound_label: str, track: Track) -> Course[Part | str]:
    """Return a clip as a part, or why it cannot be used."""
    try:
        file = yield from fetched(Fetch(label=file_label, url=track.url, kind="audio", renew=track.renew))
        sound = yield from heard(Hear(label=sound_label, file=file))
    except FINAL as error:
        return error.message
    return Part(track=track, file=file, heard=sound)
