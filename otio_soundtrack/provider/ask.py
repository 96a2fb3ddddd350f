"""What a service is asked, what it would cost, and what it delivers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from otio_soundtrack.model.features import Frozen
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.model.track import Rights
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.steps import Heard


class LocalFile(Frozen):
    """A file of the user's that a service is given."""

    path: Path
    sha256: str
    size: int
    """Bytes."""
    seconds: float
    has_sound: bool = True


class Ask(Frozen):
    """One request for the music of one cue. Everything that changes the music is in here: its hash is the request's identity."""

    brief: Brief
    takes: int = 1
    """Takes that are wanted."""
    pick: int = 1
    """Which of the ranked tracks, 1 for the best; for providers that match."""
    picture: LocalFile | None = None
    """The exported cue, where the provider looks at it."""
    reference: LocalFile | None = None
    """Temp track, already cut and encoded within the provider's limits."""
    reference_url: str = ""
    """Where the service can fetch the reference, or what it searches by; empty for none."""
    production_sound: bool = False
    """Whether the production sound is kept in what is asked for."""
    wav: bool = False
    """Whether a lossless file is worth its price."""
    callback_url: str = ""
    """Where the service may report, with this job's token in its path; empty where nobody listens."""
    most_calls: int = Field(default=4, ge=0)
    """Paid calls beyond the first that lengthening may make."""
    options: dict[str, str] = Field(default_factory=dict)
    """What ``--set`` said, by the names of the declaration."""
    service_plan: Any = None
    """The service's own plan document, edited by a person, unknown keys intact (``--plan`` with a plan of the service)."""


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """One kind of paid call."""

    what: str
    """``create``, ``extend``, ``wav``."""
    credits: float | None
    """Of one call; None where no price is published."""
    least: int
    most: int
    """How often it is likely to be made, at least and at most."""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a job would cost by the price table."""

    lines: tuple[QuoteLine, ...]
    notes: tuple[str, ...] = ()
    """What a person should know of it: the table's date, what is not published, when lengthening stops."""

    @property
    def least(self) -> float | None:
        """Credits at least, None where a price is not published."""
        return _sum([None if line.credits is None else line.credits * line.least for line in self.lines])

    @property
    def most(self) -> float | None:
        """Credits at most, None where a price is not published."""
        return _sum([None if line.credits is None else line.credits * line.most for line in self.lines])


@dataclass(frozen=True, kw_only=True)
class Wording:
    """An ask in the service's own words."""

    sent: dict[str, Any]
    """Fields and values as they would be sent."""
    left_out: tuple[str, ...] = ()
    """What the service cannot take, a sentence each."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A take as the service gave it, accepted but not yet fitted."""

    file: Fetched
    heard: Heard
    title: str = ""
    service_ids: tuple[str, ...] = ()
    """Task and clip ids, for support and for later calls (video, stems)."""
    stems: dict[str, Fetched] = field(default_factory=dict)
    joins: tuple[float, ...] = ()
    """Seconds at which parts of it were joined, by the service or by us."""
    start_seconds: float = 0.0
    """Where in the file the cue should begin (best start of a library track)."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the service says of it: tempo, key, writers, licence, cover."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What a job delivered."""

    offers: tuple[Offer, ...]
    """At least one; the best first."""
    notes: tuple[str, ...] = ()
    """What the user should be told: takes refused and why, rounds that added nothing."""
    documents: dict[str, Any] = field(default_factory=dict)
    """Documents of the service worth keeping: its plan, analysis, results."""


class Candidate(Frozen):
    """A track that would suit the cut."""

    rank: int
    """1 is the best."""
    track_id: str
    title: str
    artist: str = ""
    seconds: float | None = None
    tempo_bpm: float | None = None
    key: str = ""
    genre: str = ""
    mood: str = ""
    vocals: str = ""
    preview_url: str = ""
    highlights: tuple[tuple[float, float], ...] = ()
    """Seconds of stretches that suit best."""
    restricted: bool = False
    path: str = ""
    """Where it lies, for tracks on this machine."""
    score: float | None = None
    """How well it suits, 0–1; None where the service does not say."""
    reasons: tuple[str, ...] = ()
    """Why it stands where it stands, in words; what speaks for it first."""
    rights: Rights | None = None
    """Whose it is, each entry ``not on file`` where it is; None where that is not told in a list."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A video that a service made."""

    file: Fetched
    service_ids: tuple[str, ...] = ()
    kind: Literal["render", "visual"] = "render"
    notes: tuple[str, ...] = ()
    """What the user should be told of it: an older video whose writing cannot be changed."""


def _sum(parts: list[float | None]) -> float | None:
    return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)
