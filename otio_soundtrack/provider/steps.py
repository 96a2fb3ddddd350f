"""What a service needs done, as data: a provider yields steps, the job runner does them and hands the results back.

A course of steps is a generator, and the generator is the job: it holds no state but what it was handed. The runner keeps the
outcome of every step under its label. A job that was broken off is taken up by running its course again from the beginning,
the kept outcomes handed in without anybody being called; so a course must be a pure function of its ask and of its outcomes:
no clock, no chance, no files, no environment. Labels are unique within a job and the same in every run of it.

Errors. ``read`` functions raise the errors of :mod:`otio_soundtrack.errors`, and the runner throws them into the course:

=====================  ======================================================================================================
UnavailableError,      nothing was started; the runner waits (``Retry-After`` first) and calls again, also a paid call,
RateLimitedError       within its budget and deadline
JobStateUnknownError   a paid call whose fate the answer does not tell (500, an error page): kept as unknown, never sent again
JobOpenError           the job cannot be asked now, but runs on (a key that expired during the wait): not kept, the job stays open
any other              final: kept like a result, so that a course that catches it (a refused take) takes the same way again
=====================  ======================================================================================================

A connection that breaks is judged by the runner alone: before the first byte left it counts as UnavailableError; later, for a
paid call that is not ``repeatable``, as JobStateUnknownError.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from otio_soundtrack.model.wire import Fetched, Reply, Request

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a call costs by the provider's price table."""

    credits: float | None
    """In the service's own unit; None where it publishes no price: then only ``--yes`` consents, no cap can hold it."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long a job is waited for."""

    first_seconds: float
    """Before the first question: nothing is ready earlier."""
    every_seconds: float
    """Between questions; grows a little and is shaken, but is never shorter than this."""
    patience_seconds: float
    """Until the job is left open, to be taken up later; not a failure."""


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A job that still runs."""

    stage: str
    """In the service's own words, for the progress bar."""
    share: float | None = None
    """How much is done, 0–1; None where the service does not say."""
    job_id: str | None = None
    """The service's id, as soon as it is told: the runner keeps it at once."""


@dataclass(frozen=True, kw_only=True)
class Call(Generic[T]):
    """One call whose answer is the result."""

    label: str
    request: Request
    read: Callable[[Reply], T]
    """Reply → result; pure. Raises what the module's table says."""
    price: Price | None = None
    """None: free. A price asks for consent and is reserved on disk before anything leaves."""
    repeatable: bool = False
    """Whether the same call twice does the same as once (free calls always count as such)."""
    called_back: Callable[[Any], T | None] | None = None
    """JSON of a callback for this job → result; None where that callback is about something else. Settles an unknown call."""


@dataclass(frozen=True, kw_only=True)
class Poll(Generic[T]):
    """A question that is asked until the answer is final."""

    label: str
    request: Request
    read: Callable[[Reply], Pending | T]
    pace: Pace
    price: Price | None = None
    """Of the first question, where asking starts the work (a render); such calls are repeatable by their nature."""
    called_back: Callable[[Any], Pending | T | None] | None = None
    """JSON of a callback for this job → as ``read``; None where it is about something else. An end that it tells is not believed:
    the question is asked at once."""


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A stream that ended before its last event, after the service had told its id."""

    job_id: str


@dataclass(frozen=True, kw_only=True)
class Stream(Generic[T]):
    """A call that answers with server-sent events; its result is the last event's, or :class:`Broken`.

    A stream that breaks before an id was told leaves the call unknown.
    """

    label: str
    request: Request
    opened: Callable[[Reply], None]
    """Is shown status, headers and, where it is no event stream, the body; raises what the module's table says."""
    event: Callable[[str], Pending | T]
    """``data`` of an event → how far it is, or the result."""
    price: Price | None = None
    patience_seconds: float = 1800.0
    """Until a stream that still lives is given up as :class:`Broken`."""


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """A download into the store: checked address, bounded, resumed, verified by its first bytes; result :class:`Fetched`."""

    label: str
    url: str
    kind: Literal["audio", "video", "media", "archive", "json"]
    """What its first bytes must be; ``media`` is audio or video, and an archive where ``or_archive`` says so."""
    or_archive: bool = False
    with_key: bool = False
    """Whether the key goes along: only to the base URL's origin (previews behind the API), never to another."""
    renew: Call[str] | None = None
    """Asked once for a fresh link where this one has expired (403, 404, 410)."""


@dataclass(frozen=True, kw_only=True)
class Unpack:
    """The music in an archive or a video, taken out sample-aligned; result: a tuple of :class:`Fetched`, the mix first."""

    label: str
    file: Fetched


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was measured on a file that passed its acceptance test."""

    seconds: float
    """Decoded length, not the one that headers or the service tell."""
    sounding_until: float
    """Seconds of the last sound."""
    ends: bool
    """Whether it comes to rest by itself."""
    bars: tuple[float, ...]
    """Seconds of bar lines, as far as they could be found."""
    tempo_bpm: float


@dataclass(frozen=True, kw_only=True)
class Hear:
    """The acceptance test and the measuring of a take; result :class:`Heard`; a refused take raises UnusableTakeError."""

    label: str
    file: Fetched


@dataclass(frozen=True, kw_only=True)
class SameStart:
    """Whether two takes begin with the same music (first ten seconds, decoded, correlated); result ``bool``."""

    label: str
    one: Fetched
    other: Fetched
    seconds: float = 10.0
    """How much of the beginnings is compared; less where they are known to part earlier."""


@dataclass(frozen=True, kw_only=True)
class Join:
    """Two takes in one: ``first`` up to ``at_seconds``, then ``second``; cross-faded; result :class:`Fetched`."""

    label: str
    first: Fetched
    at_seconds: float
    second: Fetched


@dataclass(frozen=True, kw_only=True)
class Publish:
    """A local file put where the service can fetch it, by the user's own uploader; result: its URL."""

    label: str
    path: Path


@dataclass(frozen=True, kw_only=True)
class Together(Generic[T]):
    """Steps without order among them, several at once; result: a tuple of their results in order."""

    steps: tuple[Step, ...]
    at_once: int
    """How many at most."""


Step: TypeAlias = "Call[Any] | Poll[Any] | Stream[Any] | Fetch | Unpack | Hear | SameStart | Join | Publish | Together[Any]"
Course: TypeAlias = Generator[Step, Any, T]
"""A job: yields steps, is sent their results, returns its own."""


def done(step: Call[T] | Poll[T]) -> Course[T]:
    """Yield a call or poll and return its result, whose type is known then (``yield from`` it)."""
    result: T = yield step
    return result


def streamed(step: Stream[T]) -> Course[T | Broken]:
    """Yield a stream and return its result."""
    result: T | Broken = yield step
    return result


def fetched(step: Fetch | Join) -> Course[Fetched]:
    """Yield a step that gives a file and return that."""
    result: Fetched = yield step
    return result


def heard(step: Hear) -> Course[Heard]:
    """Yield a hearing and return what was heard."""
    result: Heard = yield step
    return result


def together(steps: tuple[Step, ...], at_once: int) -> Course[tuple[Any, ...]]:
    """Yield steps at once and return their results in order; where one raises, the others are finished first."""
    results: tuple[Any, ...] = yield Together(steps=steps, at_once=at_once)
    return results
