"""Orders and the jobs that answer them: which one is taken up, which one is new, how each ended."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from otio_soundtrack.errors import JobStateUnknownError, SettingsError, SoundtrackError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.purse import Consent
from otio_soundtrack.jobs.request_key import request_key
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.service import Matches, Plans, Renders, Service, Visualizes
from otio_soundtrack.provider.steps import Course
from otio_soundtrack.tools.ledger import JobRow, JobState, Ledger, StepRow


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is wanted of a service."""

    service: Service
    ask: Ask
    kind: str = "score"
    """Which course: ``score``, ``search`` (count), ``plan``, ``render`` (track_id, picture_volume, music_volume, start),
    ``visualize`` (service_ids, author, domain_name)."""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What the course takes beside the ask, JSON types."""
    cue: str = ""
    """What it is for, for people; empty where there is one only."""
    fresh: bool = False
    """Whether a finished job is no answer: another take is wanted, and paid. An unfinished one is still taken up."""

    after: str = ""
    """Key of a request whose finished job began in the same way: what it was told for nothing is not asked again."""

    job: JobRow | None = None
    """The very job that is to be taken up; None: whichever answers the request."""

    @property
    def key(self) -> str:
        """Return the request's identity; of a job that is taken up the one it was begun with, by whatever version."""
        return self.job.request_key if self.job else request_key(self.service.declaration, self.kind, self.ask, self.arguments)

    def as_begun(self, job: JobRow) -> Order:
        """Return it with the address at which its job is called back: that of the day on which it was begun."""
        address = str(json.loads(job.ask).get("callback_url", ""))
        return replace(self, ask=self.ask.model_copy(update={"callback_url": address}))

    def course(self) -> Course[Any]:
        """Return the course from its beginning.

        Raises:
            SettingsError: the service has no such course.
        """
        service, ask, given = self.service, self.ask, self.arguments
        if self.kind == "score":
            return service.score(ask)
        if self.kind == "search" and isinstance(service, Matches):
            return service.search(ask, int(given["count"]))
        if self.kind == "plan" and isinstance(service, Plans):
            return service.plan(ask)
        if self.kind == "render" and isinstance(service, Renders):
            volumes = {name: float(given[name]) for name in ("picture_volume", "music_volume", "start")}
            return service.render(ask, str(given["track_id"]), **volumes)
        if self.kind == "visualize" and isinstance(service, Visualizes):
            words = {name: str(given[name]) for name in ("author", "domain_name")}
            return service.visualize(ask, tuple(given["service_ids"]), **words)
        raise SettingsError(f"{service.declaration.title} cannot {self.kind}.", hint="See `otio-soundtrack providers`.")


@dataclass(frozen=True, kw_only=True)
class Result:
    """How an order ended."""

    job: str
    """Id of the job; empty where nothing was begun."""
    provider: str
    state: JobState
    value: Any = None
    """What the course returned; None where it failed."""
    error: SoundtrackError | None = None
    calls: int = 0
    """Paid calls of the job, in all its runs."""
    credits: float = 0.0
    """Credits reserved or spent for it, by the price table."""
    kept: bool = False
    """Whether all of it was there already: nobody was called."""

    def value_or_raise(self) -> Any:  # noqa: ANN401  # what the course returned
        """Return the value, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.value

    def told(self) -> dict[str, object]:
        """Return it as ``--json`` shows jobs."""
        return {"id": self.job, "provider": self.provider, "state": self.state, "calls": self.calls, "credits": self.credits}


def taken_up(ledger: Ledger, order: Order) -> JobRow | None:
    """Return the job that answers an order or will, None where a new one is needed.

    A job that failed after money moved is taken up as well: what failed without a price is tried again, nothing is paid again.
    One that failed for nothing does not hide an earlier one.

    Raises:
        SettingsError: the very job that was to be taken up was forgotten meanwhile.
    """
    jobs = [ledger.job(order.job.id)] if order.job is not None else ledger.jobs_of(order.key)
    row = next((one for one in jobs if one is not None and (order.job or _counts(ledger, one))), None)
    if row is not None and row.state == "forgotten":
        raise SettingsError(f"job {row.id} was forgotten.", hint="Ask for its music again.")
    if row is None or (order.fresh and row.state in ("done", "failed")):
        return None
    if row.state == "failed":
        ledger.drop(row.id, [step.label for step in ledger.steps(row.id) if _failed_for_nothing(step)])
    return row


def began(step: StepRow) -> bool:
    """Return whether a paid call was accepted by the service, whatever became of it: it may have been charged."""
    return step.paid and (step.state == "done" or (step.state == "failed" and not kept.cost_nothing(step.outcome)))


def _counts(ledger: Ledger, job: JobRow) -> bool:
    return job.state != "failed" or any(began(step) for step in ledger.steps(job.id))


def _failed_for_nothing(step: StepRow) -> bool:
    return step.state == "failed" and not began(step)


def new_job(order: Order, quote: str, consent: Consent) -> JobRow:
    """Return a new job for an order."""
    who, now = order.service.declaration, time.time()
    return JobRow(
        id=uuid.uuid4().hex[:10],
        request_key=order.key,
        provider=who.name,
        model=who.model,
        kind=order.kind,
        arguments=json.dumps(dict(order.arguments)),
        cue=order.cue,
        state="open",
        ask=order.ask.model_dump_json(),
        quote=quote,
        run=consent.run,
        yes=consent.yes,
        cap=consent.max_cost,
        token=order.ask.callback_url.rstrip("/").rsplit("/", 1)[-1],
        created=now,
        updated=now,
    )


def order_of(job: JobRow, service: Service) -> Order:
    """Return the order that a job was made from, for that very job.

    Raises:
        SettingsError: another version of ours wrote it in a way that this one does not read.
    """
    try:
        ask = Ask.model_validate_json(job.ask)
    except ValidationError as error:
        raise SettingsError(
            f"job {job.id} was begun by another version, which asked otherwise.", hint="Take it up with that one."
        ) from error
    return Order(service=service, ask=ask, kind=job.kind, arguments=json.loads(job.arguments), cue=job.cue, job=job)


def state_after(error: SoundtrackError) -> JobState:
    """Return how a job stands after an error that its course did not catch."""
    if isinstance(error, JobStateUnknownError):
        return "unknown"
    return "failed" if kept.is_final(error) else "open"


def result_of(
    ledger: Ledger, job: JobRow, *, value: object = None, error: SoundtrackError | None = None, kept: bool = False
) -> Result:
    """Return the result of a job as the ledger has it now."""
    row = ledger.job(job.id) or job
    calls = sum(1 for step in ledger.steps(job.id) if step.paid and step.sent is not None)
    return Result(
        job=job.id,
        provider=job.provider,
        state=row.state,
        value=value,
        error=error,
        calls=calls,
        credits=ledger.spent(job=job.id),
        kept=kept,
    )
