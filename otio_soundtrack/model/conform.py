"""What a later version of a cut needs to know of an earlier one, and what became of its music (floor 1)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from otio_soundtrack.model.features import Frozen


class Shot(Frozen):
    """A shot as a cut has it: enough to find it again in another version of the cut."""

    start: int
    """First frame on the timeline."""
    frames: int
    name: str
    """Of its clip."""
    source: str
    """File name of its media, or what stands for them: a folder may move, a name stays."""
    at: float
    """Source second of its first frame."""
    speed: float = 1.0
    """Source seconds a record second; 0 where every moment of it looks the same."""

    @property
    def end(self) -> int:
        """First frame after it."""
        return self.start + self.frames


class Remembered(Frozen):
    """What is kept of a cue for the day on which its cut has changed: in its sidecar, and by its hash in the store."""

    asked: dict[str, Any] = Field(default_factory=dict)
    """Options that the user gave, by their names; JSON types."""
    service: str = ""
    """SHA-256 of what only the service was told; empty for nothing. Its words may hold addresses that open doors."""
    start_seconds: float = 0.0
    """Where in the take as it came the cue begins."""
    title: str = ""
    """What its provider calls the take."""
    shots: tuple[Shot, ...] = ()
    """The shots under the cue."""


class ShotChange(Frozen):
    """What became of one shot."""

    kind: Literal["added", "removed", "trimmed", "retimed", "moved"]
    """``moved``: it changed places with other shots; one that only comes earlier or later with all others is not told."""
    name: str
    before: str | None
    """Record timecode of its first frame in the earlier cut, None for one that was added."""
    after: str | None
    """The same in this cut, None for one that was removed."""
    frames_before: int | None
    frames_after: int | None


class Moved(Frozen):
    """Something in the music that lies elsewhere now; seconds from the first frame of the cue."""

    what: Literal["hit", "join"]
    label: str = ""
    before: float | None
    """None: it is new."""
    after: float | None
    """None: it is gone."""


class Conformed(Frozen):
    """How the music of an earlier cut became that of this one."""

    how: Literal["refitted", "composed"]
    """``refitted``: the stored take was laid on the new length; ``composed``: written anew with the same seed, key and mood."""
    earlier_sha256: str
    """Of the music that was there."""
    frames_before: int
    frames_after: int
    shots: tuple[ShotChange, ...] | None
    """In order of this cut, removed ones where they were; None: nothing is known of the earlier cut."""
    music: tuple[Moved, ...]
    notes: tuple[str, ...] = ()
    """What else a person should know, a sentence each."""
