"""What is requested of a service for the cues of a timeline, and what came of it: values that another process may be handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from otio_soundtrack.jobs import Result
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.provider.ask import Ask


@dataclass(frozen=True, kw_only=True)
class Requested:
    """What is requested for the cues of a timeline."""

    cues: tuple[PlannedCue, ...]
    """All of them, as the studio's scripts left their briefs where a service is asked."""
    kept: Mapping[str, tuple[Accepted, ...]] = field(default_factory=dict)
    """Takes of an earlier cut by the id of the cue that they are fitted to: nobody is asked for it."""
    asks: Mapping[str, Ask] = field(default_factory=dict)
    """What a service is asked, by the id of the cue; empty where the embedded engine plays."""
    notes: tuple[str, ...] = ()
    """What the service cannot be asked, sentences."""
    lost: tuple[str, ...] = ()
    """Takes of an earlier cut that are gone, sentences."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a service delivered for the cues that it was asked for: all of them."""

    results: Mapping[str, Result] = field(default_factory=dict)
    """By the id of the cue."""
    notes: tuple[str, ...] = ()
    """What is to be said of it, sentences."""
