"""What a person does with jobs: look at them, take them up, send once more, forget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.jobs.bridge import run_async
from otio_soundtrack.jobs.clerk import Result, order_of
from otio_soundtrack.jobs.desk import run_jobs
from otio_soundtrack.jobs.purse import NO_CONSENT, Consent
from otio_soundtrack.jobs.waiting import Clock
from otio_soundtrack.jobs.wire import Ears, OpenWire
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider.service import Service
from otio_soundtrack.tools.ledger import JobRow, JobState, Ledger, Left, StepRow


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A job in the list."""

    job: JobRow
    state: JobState
    """As it is: a job whose paid call was cut off by the end of its process is ``unknown``, whatever its row says."""
    calls: int
    """Paid calls that were sent."""
    credits: float
    """Reserved or spent."""
    busy: bool
    """Whether a process works on it now."""


@dataclass(frozen=True, kw_only=True)
class Details:
    """A job with everything that the ledger has of it."""

    entry: Entry
    steps: tuple[StepRow, ...]
    left: tuple[Left, ...]
    """What left the machine."""


def entries(home: Path) -> tuple[Entry, ...]:
    """Return all jobs that are not forgotten, the newest first."""
    with Ledger(home) as ledger:
        return tuple(_entry(ledger, job) for job in ledger.jobs() if job.state != "forgotten")


def answered(home: Path, request_key: str) -> bool:
    """Return whether the answer to a request is kept."""
    with Ledger(home) as ledger:
        jobs = ledger.jobs_of(request_key)
        return bool(jobs) and jobs[0].state == "done"


def details(home: Path, identity: str) -> Details:
    """Return everything about a job.

    Raises:
        SettingsError: there is no such job.
    """
    with Ledger(home) as ledger:
        job = _found(ledger, identity)
        return Details(entry=_entry(ledger, job), steps=ledger.steps(job.id), left=ledger.left(job.id))


def resume(
    home: Path,
    identity: str | None,
    *,
    services: Mapping[str, Service],
    open_wire: OpenWire,
    ears: Ears,
    consent: Consent = NO_CONSENT,
    progress: Progress = silent,
    clock: Clock | None = None,
) -> tuple[Result, ...]:
    """Take up a job, or all that are not finished, with the consent they were begun with where none is given now.

    Raises:
        SettingsError: there is no such job, it is forgotten, or its service is not in this version.
    """
    with Ledger(home) as ledger:
        if identity is not None:
            chosen = [_found(ledger, identity)]
        else:
            chosen = [job for job in ledger.jobs() if job.state in ("open", "unknown")]
        if identity is not None and chosen[0].state == "forgotten":
            raise SettingsError(f"job {chosen[0].id} was forgotten.", hint="Ask for its music again.")
    orders = [order_of(job, _service(job, services)) for job in reversed(chosen)]
    return run_async(
        lambda: run_jobs(
            orders,
            home=home,
            open_wire=open_wire,
            ears=ears,
            consent=consent,
            stored_consent=True,
            progress=progress,
            clock=clock,
        )
    )


def resubmit(home: Path, identity: str) -> Entry:
    """Clear the paid calls of a job whose fate is unknown, so that they are sent again when it is taken up.

    Raises:
        SettingsError: there is no such job, nothing in it is unknown, or a process works on it.
    """
    with Ledger(home) as ledger:
        job = _found(ledger, identity)
        lock = ledger.lock(job.request_key)
        if not lock.taken():
            raise SettingsError(f"a process works on job {job.id}.", hint="Wait until it has ended.")
        try:
            if not _unsure(ledger.steps(job.id)):
                raise SettingsError(
                    f"nothing in job {job.id} is unknown; it is {job.state}.", hint="`jobs resume` goes on with it."
                )
            ledger.send_again(job.id)
        finally:
            lock.free()
        return _entry(ledger, _found(ledger, job.id))


def forget(home: Path, identity: str) -> Entry:
    """Drop a job: it is not listed, not taken up and no answer any more. Its rows stay as a record of what was sent and paid.

    Raises:
        SettingsError: there is no such job, or a process works on it.
    """
    with Ledger(home) as ledger:
        job = _found(ledger, identity)
        lock = ledger.lock(job.request_key)
        if not lock.taken():
            raise SettingsError(f"a process works on job {job.id}.", hint="Wait until it has ended.")
        try:
            ledger.set_state(job.id, "forgotten", "by the user")
        finally:
            lock.free()
        return _entry(ledger, _found(ledger, job.id))


def _found(ledger: Ledger, identity: str) -> JobRow:
    job = ledger.job(identity)
    if job is None:
        raise SettingsError(f"there is no job {identity!r}, or several begin so.", hint="See `otio-soundtrack jobs`.")
    return job


def _service(job: JobRow, services: Mapping[str, Service]) -> Service:
    if job.provider not in services:
        raise SettingsError(
            f"job {job.id} is of {job.provider}, which this version does not know.", hint="Use the one that began it."
        )
    return services[job.provider]


def _entry(ledger: Ledger, job: JobRow) -> Entry:
    steps = ledger.steps(job.id)
    lock = ledger.lock(job.request_key)
    busy = job.state != "done" and not lock.taken()
    if not busy and job.state != "done":
        lock.free()
    state: JobState = "unknown" if job.state == "open" and not busy and _unsure(steps) else job.state
    calls = sum(1 for step in steps if step.paid and step.sent is not None)
    return Entry(job=job, state=state, calls=calls, credits=ledger.spent(job=job.id), busy=busy)


def _unsure(steps: tuple[StepRow, ...]) -> bool:
    return any(step.unsure for step in steps)
