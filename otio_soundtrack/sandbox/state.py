"""What was asked of the sandbox, what it began, charged and handed out; keys only as hashes."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any

from starlette.requests import Request

from otio_soundtrack.sandbox.environment import SERVICES, Addresses
from otio_soundtrack.sandbox.situations import Switches

KEY_HEADERS = ("authorization", "x-api-key", "x-aimi-token", "x-aimi-key", "api-key", "x-user-id", "cookie")
"""Headers that carry who somebody is: shown as a hash."""
_HASH_SIGNS = 12
_SECRET_FIELDS = frozenset({"webhook_secret"})
_MOST_NOTED = 20_000
"""Calls that are remembered; the oldest are forgotten first."""


def masked(text: str) -> str:
    """Return what stands for a key in the open: enough to see whether two are the same."""
    return f"sha256:{sha256(text.encode()).hexdigest()[:_HASH_SIGNS]}"


@dataclass(kw_only=True)
class Seen:
    """A call as it came."""

    at: float
    """Real seconds since the sandbox began."""
    service: str
    kind: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any = None
    status: int | None = None
    """Of the answer; None while it is being given, 0 where the connection was cut instead."""


@dataclass(kw_only=True)
class Account:
    """An account with one service."""

    credits: float
    spent: float = 0.0
    """Charged in all, what was given back taken off."""


@dataclass(kw_only=True)
class Submission:
    """Something that costs and was begun."""

    at: float
    service: str
    what: str
    id: str
    price: float
    body: Any


@dataclass(kw_only=True)
class World:
    """Everything that the services of a sandbox share. All of it lives in one event loop."""

    addresses: Addresses
    speed: float
    """How many times faster than life."""
    switches: Switches
    accounts: dict[str, Account]
    lengths: tuple[float, float] | None
    """Seconds of the two takes of a new song, None: as the sheets show them."""
    began: float = field(default_factory=time.monotonic)
    seen: list[Seen] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    fetches: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    trapped: list[str] = field(default_factory=list)
    """What came to the trap: a line a connection or call."""

    def real(self) -> float:
        """Return real seconds since the sandbox began."""
        return time.monotonic() - self.began

    def now(self) -> float:
        """Return the sandbox's own seconds since it began: real ones times speed."""
        return self.real() * self.speed

    def holds(self, situation: str, service: str) -> bool:
        """Return whether a situation holds at a service."""
        return self.switches.holds(situation, service)

    def charge(self, service: str, price: float) -> bool:
        """Take credits, or return False where there are not enough."""
        account = self.accounts[service]
        if self.holds("out_of_credits", service) or account.credits < price:
            return False
        account.credits -= price
        account.spent += price
        return True

    def give_back(self, service: str, price: float) -> None:
        """Give credits back."""
        self.accounts[service].credits += price
        self.accounts[service].spent -= price

    def begin(self, request: Request, service: str, what: str, job: str, *, price: float = 0.0, body: Any = None) -> None:  # noqa: ANN401  # whatever was sent
        """Note that something began."""
        request.state.begun = True
        self.submissions.append(
            Submission(at=self.real(), service=service, what=what, id=job, price=price, body=without_secrets(body))
        )

    def note(self, request: Request, service: str, kind: str, body: Any) -> Seen:  # noqa: ANN401  # whatever was sent
        """Remember a call."""
        query = f"?{request.url.query}" if request.url.query else ""
        one = Seen(
            at=self.real(),
            service=service,
            kind=kind,
            method=request.method,
            path=request.url.path + query,
            headers={name: masked(value) if name in KEY_HEADERS else value for name, value in request.headers.items()},
            body=without_secrets(body),
        )
        self.seen.append(one)
        del self.seen[:-_MOST_NOTED]
        return one

    def shown(self) -> dict[str, Any]:
        """Return everything as JSON, for tests and for the curious."""
        return {
            "speed": self.speed,
            "now": self.now(),
            "situations": self.switches.named(),
            "services": {name: self._service(name) for name in SERVICES},
            "fetches": self.fetches,
            "callbacks": self.callbacks,
            "trapped": self.trapped,
        }

    def _service(self, name: str) -> dict[str, Any]:
        calls = [vars(one) for one in self.seen if one.service == name]
        return {
            "credits": self.accounts[name].credits,
            "spent": self.accounts[name].spent,
            "submissions": [vars(one) for one in self.submissions if one.service == name],
            "calls": len(calls),
            "paid_calls": sum(call["kind"] == "paid" for call in calls),
            "polls": [call for call in calls if call["kind"] == "poll"],
            "seen": calls,
        }


def stamp(world: World, at: float) -> datetime:
    """Return the date that the sandbox's clock showed at one of its own seconds; it goes faster than the wall's."""
    return datetime.fromtimestamp(time.time() - world.real() + at, tz=timezone.utc)


def without_secrets(body: Any) -> Any:  # noqa: ANN401  # whatever was sent
    """Return a body without what is nobody's business."""
    if isinstance(body, dict):
        return {name: masked(str(value)) if name in _SECRET_FIELDS else value for name, value in body.items()}
    return body


def json_or_none(raw: bytes) -> Any:  # noqa: ANN401  # whatever was sent
    """Return a body as JSON, None where it is none."""
    try:
        return json.loads(raw)
    except ValueError:
        return None
