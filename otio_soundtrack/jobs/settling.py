"""Paid calls whose fate is unknown: settled by callback or balance, told otherwise, and never sent again on a guess."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from otio_soundtrack.access import LOOPBACK
from otio_soundtrack.errors import JobStateUnknownError, SoundtrackError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.provider.steps import Call, Stream
from otio_soundtrack.tools.ledger import StepRow

SETTLED_SECONDS = 60.0
"""After which a balance that has not moved says that nothing was started: services take credits when they accept a job."""
BALANCE_TOLERANCE = 1e-6
"""Credits; balances are decimal fractions."""


class Again:
    """Nothing was started: the call may be sent again."""


AGAIN = Again()


async def settle(work: Work, step: Call[Any] | Stream[Any], row: StepRow) -> Any:  # noqa: ANN401  # the step's own result
    """Return the result of a step whose fate is unknown, or ``AGAIN`` where it surely was not started.

    Raises:
        JobStateUnknownError: nobody can know; told with service, time and how to clear it.
        SoundtrackError: a callback told of a failure.
    """
    if isinstance(step, Call) and step.called_back is not None:
        for text in work.ledger.callbacks(work.job.token):
            body = json.loads(text)
            try:
                value = step.called_back(body)
            except SoundtrackError as error:
                if kept.is_final(error):
                    work.ledger.settle(work.job.id, step.label, "failed", outcome=kept.of_error(error))
                raise
            if value is not None:
                work.ledger.settle(work.job.id, step.label, "done", outcome=kept.of_callback(body))
                return value
    fell = await _fall(work, row)
    if fell is not None and abs(fell) <= BALANCE_TOLERANCE:
        return AGAIN
    work.ledger.settle(work.job.id, step.label, "unknown")
    taken = fell if fell is not None and fell >= (row.credits or BALANCE_TOLERANCE) else None
    raise unknown_error(work, step.label, sent=row.sent, fell=taken)


async def balance(work: Work) -> float | None:
    """Return the credits left, None where the service does not tell them now."""
    call = work.service.balance()
    if call is None:
        return None
    try:
        return float(call.read(await (await work.door()).send(call.request, leaving=_nothing)))
    except SoundtrackError:  # it only helps to settle; the paid call itself will say what is wrong
        return None


def unknown_error(
    work: Work, label: str, *, sent: float | None, fell: float | None = None, why: str = ""
) -> JobStateUnknownError:
    """Return the error that tells of an unknown call: service, time, what is known, how to clear it."""
    when = "" if sent is None else f" sent {datetime.fromtimestamp(sent, timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    known = f"{fell:g} credits were taken since, so it was started" if fell is not None else "it may have been started and paid"
    identity = work.job.id
    return JobStateUnknownError(
        f"{work.title}: nobody knows what became of the paid call {label!r} of job {identity}{when}"
        f"{f' ({why})' if why else ''}: {known}. It was not sent again.",
        hint=f"Look at your account there; then `otio-soundtrack jobs resume {identity}` asks what can be asked, "
        f"`jobs resubmit {identity}` sends it once more, `jobs forget {identity}` drops it.",
    )


async def _fall(work: Work, row: StepRow) -> float | None:
    """Return by how many credits the balance fell since a call was sent, None where that says nothing about this call."""
    if row.balance_before is None or row.sent is None or work.service.balance() is None:
        return None
    work.tell("looking whether the last call was started")
    await work.clock.sleep(await _settling_seconds(work))  # in full: the wall clock may have been set since it was sent
    now = await balance(work)
    if now is None or work.ledger.others_move(work.job.provider, row.job, row.label):
        return None
    return row.balance_before - now


async def _settling_seconds(work: Work) -> float:
    """Return how long a balance takes to tell the truth: a pace makes only a service on this machine quicker."""
    call = work.service.balance()
    here = call is not None and (await work.door()).host(call.request) in LOOPBACK
    return SETTLED_SECONDS * (work.clock.pace if here else max(work.clock.pace, 1.0))


def _nothing() -> None:
    """A question for the balance is no news for the ledger."""
