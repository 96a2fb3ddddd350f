"""Calls and streams: sent at most once where they cost something, tried again only where surely nothing was started."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from otio_soundtrack.errors import (
    JobOpenError,
    JobStateUnknownError,
    RateLimitedError,
    SoundtrackError,
    StoreError,
    UnavailableError,
)
from otio_soundtrack.jobs import kept, purse
from otio_soundtrack.jobs.leaving import Departure, request_digest, things_of
from otio_soundtrack.jobs.settling import AGAIN, balance, settle, unknown_error
from otio_soundtrack.jobs.waiting import MOST_OBEYED_SECONDS, asked_to_wait, backoff
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.provider.steps import Call, Poll, Price, Stream
from otio_soundtrack.tools.ledger import StepRow

MOST_UNREACHED, MOST_SLOWED = 3, 6
"""Tries more for a service that cannot be reached; for one that says that it is busy, which tells when to come again."""


class LostError(Exception):
    """The wire gave an error instead of an answer."""

    def __init__(self, cause: SoundtrackError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass
class Answer:
    """What came of one try."""

    outcome: str = ""
    """For the ledger; empty until there is something to keep."""
    value: Any = None
    service_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


Try = Callable[[Departure, Answer], Awaitable[None]]
"""One try: fills the answer in, or raises what the module of the steps says, or :class:`LostError`."""


async def call(work: Work, step: Call[Any], row: StepRow | None) -> Any:  # noqa: ANN401  # the step's own result
    """Make a call and return its result, which is kept."""

    async def once(departure: Departure, answer: Answer) -> None:
        wire = await work.door()
        try:
            reply = await wire.send(step.request, leaving=departure)
        except SoundtrackError as error:
            raise LostError(error) from error
        answer.headers, answer.outcome = reply.headers, kept.of_reply(reply)
        answer.value = step.read(reply)
        answer.service_id = answer.value if isinstance(answer.value, str) else ""

    return await perform(work, step, row, once, risky=step.price is not None and not step.repeatable)


async def perform(work: Work, step: Call[Any] | Stream[Any], row: StepRow | None, once: Try, *, risky: bool) -> Any:  # noqa: ANN401
    """Do a step by tries and return its result, which is kept.

    Args:
        work: the job.
        step: the step.
        row: what the ledger has of it, None for nothing.
        once: one try.
        risky: whether doing it twice may cost twice.

    Raises:
        ConsentError: nobody consented to its price, or the cap is reached; nothing was sent.
        JobStateUnknownError: a risky step may or may not have been started.
        SoundtrackError: what the service's answer means.
    """
    if risky and row is not None and row.state in ("sending", "unknown"):
        settled = await settle(work, step, row)
        if settled is not AGAIN:
            return settled
    if step.price is not None:
        await reserve(work, step, step.price)
    things = await things_of(work, step.label, step.request)
    tried = 0
    while True:
        departure, answer = Departure(work, step.label, things, paid=step.price is not None, risky=risky), Answer()
        try:
            await once(departure, answer)
        except LostError as lost:
            wait = _after_loss(work, step, departure, lost.cause, tried, risky=risky)
        except (UnavailableError, RateLimitedError) as error:
            wait = _after_no(work, step, answer, error, tried)
        except SoundtrackError as error:
            _keep_error(work, step, error, risky=risky and departure.left)
            raise
        except Exception:  # a bug of ours in reading: what was paid for is kept, so that a better version reads it
            if answer.outcome and risky:
                work.ledger.settle(work.job.id, step.label, "done", outcome=answer.outcome)
            raise
        else:
            _keep(work, step, answer)
            work.budget.refund()
            return answer.value
        tried += 1
        await work.clock.sleep(wait)


def _keep(work: Work, step: Call[Any] | Stream[Any], answer: Answer) -> None:
    """Keep an answer; where the disk takes it not, at least its reader keeps what it was."""
    try:
        work.ledger.settle(work.job.id, step.label, "done", outcome=answer.outcome, service_id=answer.service_id)
    except StoreError as error:
        if step.price is not None and answer.service_id:
            error.hint = f"{error.hint} {work.title} began {answer.service_id!r} for {step.label!r}: note that down.".strip()
        raise


async def reserve(work: Work, step: Call[Any] | Stream[Any] | Poll[Any], price: Price) -> None:
    """Reserve the price of a step and note that it comes next, on disk.

    Raises:
        ConsentError: nobody consented to it, or the cap is reached.
    """
    purse.pay(work.ledger, work.job, step.label, price)
    alone = price.credits != 0.0 and not work.ledger.others_move(work.job.provider, work.job.id, step.label)
    before = await balance(work) if alone else None
    work.ledger.begin(
        work.job.id, step.label, paid=True, price=price.credits, balance=before, digest=request_digest(step.request)
    )


def _after_loss(
    work: Work, step: Call[Any] | Stream[Any], departure: Departure, cause: SoundtrackError, tried: int, *, risky: bool
) -> float:
    """Return the seconds to wait after a try without an answer, or raise what ends the step."""
    if departure.left and risky:
        _keep_unknown(work, step)
        sent = work.ledger.step(work.job.id, step.label)
        raise unknown_error(work, step.label, sent=sent.sent if sent else None, why=cause.message) from cause
    if not isinstance(cause, UnavailableError):
        _keep_error(work, step, cause, risky=False)
        raise cause
    return _again(work, step, cause, None, tried)


def _after_no(work: Work, step: Call[Any] | Stream[Any], answer: Answer, error: SoundtrackError, tried: int) -> float:
    """Return the seconds to wait after an answer that says that nothing was started, or raise what ends the step."""
    return _again(work, step, error, asked_to_wait(answer.headers, work.clock), tried)


def _again(work: Work, step: Call[Any] | Stream[Any], error: SoundtrackError, asked: float | None, tried: int) -> float:
    slowed = isinstance(error, RateLimitedError) or asked is not None
    if step.price is not None:
        work.ledger.settle(work.job.id, step.label, "reserved")
    most = MOST_SLOWED if slowed else MOST_UNREACHED
    if tried >= most or (asked or 0.0) > MOST_OBEYED_SECONDS or not work.budget.takes(slowed=slowed):
        work.ledger.release(work.job.id, step.label)
        raise error
    work.tell("busy, waiting" if slowed else "not reached, waiting")
    return asked if asked is not None else backoff(tried, work.clock)


def _keep_error(work: Work, step: Call[Any] | Stream[Any], error: SoundtrackError, *, risky: bool) -> None:
    """Keep what ended a step."""
    if risky and isinstance(error, (JobStateUnknownError, JobOpenError)):
        _keep_unknown(work, step)
        sent = work.ledger.step(work.job.id, step.label)
        raise unknown_error(work, step.label, sent=sent.sent if sent else None, why=error.message.rstrip(".")) from error
    if kept.is_final(error):
        work.ledger.settle(work.job.id, step.label, "failed", outcome=kept.of_error(error))
        if isinstance(error, kept.COSTS_NOTHING):
            work.ledger.release(work.job.id, step.label)
    elif risky:
        _keep_unknown(work, step)


def _keep_unknown(work: Work, step: Call[Any] | Stream[Any]) -> None:
    work.ledger.settle(work.job.id, step.label, "unknown")
