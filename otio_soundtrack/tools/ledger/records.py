"""Rows of the ledger as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

JobState = Literal["open", "unknown", "done", "failed", "forgotten"]
"""``open`` may be taken up; ``unknown`` holds a paid call whose fate nobody knows; ``failed`` is final."""
StepState = Literal["reserved", "sending", "done", "failed", "unknown"]
"""``reserved``: nothing has left yet; ``sending``: bytes may have left and no answer is kept."""


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """A job."""

    id: str
    request_key: str
    """SHA-256 of what is asked of whom."""
    provider: str
    model: str
    kind: str
    """Which of the service's courses: ``score``, ``search`` …"""
    arguments: str
    """Further arguments of the course, JSON."""
    cue: str
    """What it is for, for people."""
    state: JobState
    ask: str
    """JSON."""
    quote: str
    """What it was said to cost, for people."""
    run: str
    """The run whose purse pays."""
    yes: bool
    """Whether that run consented to whatever it costs."""
    cap: float | None
    """Credits that the run consented to."""
    token: str
    """Secret part of the callback address, empty where nobody listens."""
    created: float
    """Seconds since 1970, UTC, as all times here."""
    updated: float
    note: str = ""
    """Why it is in its state, a sentence."""


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """A step of a job."""

    job: str
    label: str
    state: StepState
    credits: float | None
    """Price, None for free calls and where none is published."""
    paid: bool
    """Whether it may cost something."""
    balance_before: float | None
    """Credits left right before it was sent, None where the service does not tell."""
    digest: str
    """SHA-256 of the request, empty for steps without one."""
    outcome: str
    """JSON from which the result is made again; empty while there is none."""
    service_id: str
    created: float
    sent: float | None
    """When the first byte was about to leave; None while none has."""
    updated: float

    @property
    def unsure(self) -> bool:
        """Whether it was sent, may have cost something, and nobody knows: the service's id is all that going on takes."""
        return self.paid and self.state in ("sending", "unknown") and not self.service_id


@dataclass(frozen=True, kw_only=True)
class Left:
    """Something that left the machine."""

    job: str
    label: str
    at: float
    host: str
    what: str
    """Name of the field, ``body`` for JSON."""
    sha256: str
    size: int
    """Bytes."""
