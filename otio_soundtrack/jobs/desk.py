"""Where orders are handed in: they become jobs, all are worked on in one event loop, and every one ends in a result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import JobOpenError, SoundtrackError, StoreError
from otio_soundtrack.jobs import purse
from otio_soundtrack.jobs.clerk import Order, Result, began, new_job, result_of, state_after, taken_up
from otio_soundtrack.jobs.kept import is_final
from otio_soundtrack.jobs.purse import NO_CONSENT, Consent
from otio_soundtrack.jobs.runner import run_course
from otio_soundtrack.jobs.waiting import Budget, Clock
from otio_soundtrack.jobs.wire import Ears, OpenWire, Wire
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider.service import Service
from otio_soundtrack.tools.ledger import JobRow, Ledger

AGAIN_HINT = "`--fresh` asks, and pays, anew."


async def run_jobs(
    orders: Sequence[Order],
    *,
    home: Path,
    open_wire: OpenWire,
    ears: Ears,
    consent: Consent = NO_CONSENT,
    stored_consent: bool = False,
    progress: Progress = silent,
    clock: Clock | None = None,
) -> tuple[Result, ...]:
    """Do orders, all at once, and return how each ended, in order.

    An order that was done before is answered from the store without a call. One that another process works on is waited for.

    Args:
        orders: what is wanted.
        home: folder of the store.
        open_wire: opens the door to a service; called once a service, and only if somebody has to be asked.
        ears: what is done with files.
        consent: what the run may spend.
        stored_consent: whether jobs that are taken up go on with the consent they were begun with, where ``consent`` gives none.
        progress: is told how far each job is.
        clock: time, chance and pace.

    Raises:
        StoreError: the ledger cannot be used.
    """
    async with open_desk(home=home, open_wire=open_wire, ears=ears, consent=consent, progress=progress, clock=clock) as desk:
        doing = (desk.do(order, stored_consent=stored_consent) for order in orders)
        return _all_of(await asyncio.gather(*doing, return_exceptions=True))


@asynccontextmanager
async def open_desk(
    *,
    home: Path,
    open_wire: OpenWire,
    ears: Ears,
    consent: Consent = NO_CONSENT,
    progress: Progress = silent,
    clock: Clock | None = None,
) -> AsyncIterator[Desk]:
    """Give a desk that takes orders as they come, under one consent, until the end of the context; see :func:`run_jobs`."""
    async with AsyncExitStack() as doors:
        with Ledger(home) as ledger:
            yield Desk(
                ledger=ledger,
                home=home,
                doors=_Doors(doors, open_wire),
                ears=ears,
                consent=consent,
                progress=progress,
                clock=clock or Clock(),
            )


def _all_of(ended: Sequence[Result | BaseException]) -> tuple[Result, ...]:
    """Return the results; what is no result (a full disk, a bug) is raised after all others have ended."""
    results = [one for one in ended if isinstance(one, Result)]
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return tuple(results)


class _Doors:
    """Doors to services, each opened once."""

    def __init__(self, stack: AsyncExitStack, open_wire: OpenWire) -> None:
        self._stack, self._open_wire = stack, open_wire
        self._open: dict[str, Wire] = {}
        self._opening = asyncio.Lock()

    async def to(self, service: Service) -> Wire:
        """Return the door to a service."""
        name = service.declaration.name
        async with self._opening:
            if name not in self._open:
                self._open[name] = await self._stack.enter_async_context(self._open_wire(service))
        return self._open[name]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What all orders of a run share."""

    ledger: Ledger
    home: Path
    doors: _Doors
    ears: Ears
    consent: Consent
    progress: Progress
    clock: Clock
    budgets: dict[str, Budget] = field(default_factory=dict)

    async def do(self, order: Order, *, stored_consent: bool = False) -> Result:
        """Do an order and return how it ended; arguments and errors are those of :func:`run_jobs`."""
        job: JobRow | None = None
        lock = self.ledger.lock(order.key)
        if not lock.taken():
            self.progress(f"{order.service.declaration.title}: waiting for another run that asks the same", 0.0)
            await lock.__aenter__()
        try:
            job = taken_up(self.ledger, order)
            job = await self._new(order) if job is None else self._with_consent(job, stored=stored_consent)
            return await self._work_on(job, order.as_begun(job))
        except SoundtrackError as error:
            if job is None:
                return Result(job="", provider=order.service.declaration.name, state="failed", error=error)
            return self._ended(job, error)
        finally:
            lock.free()

    async def _new(self, order: Order) -> JobRow:
        """Return a new job, after everything was checked that can be checked without sending."""
        order.service.check(order.ask)
        quoted = ""
        if order.kind == "score":
            quote = order.service.quote(order.ask)
            purse.require(order.service.declaration, quote, self.consent)
            quoted = purse.quoted(quote)
        await self.doors.to(order.service)
        job = new_job(order, quoted, self.consent)
        known = self.ledger.jobs_of(order.after)
        self.ledger.add(job)
        if known and known[0].state == "done":
            self.ledger.hand_on(known[0].id, job.id)
        return job

    def _with_consent(self, job: JobRow, *, stored: bool) -> JobRow:
        """Return a job that is taken up, with the consent that holds for it now."""
        given = self.consent
        if not given.given and stored:
            return job
        if given.given and job.state != "done":
            self.ledger.set_consent(job.id, run=given.run, yes=given.yes, cap=given.max_cost)
        return replace(job, run=given.run, yes=given.yes, cap=given.max_cost)

    async def _work_on(self, job: JobRow, order: Order) -> Result:
        name = order.service.declaration.name
        asked = False

        async def door() -> Wire:
            nonlocal asked
            asked = True
            return await self.doors.to(order.service)

        work = Work(
            job=job,
            service=order.service,
            ask=order.ask,
            ledger=self.ledger,
            door=door,
            ears=self.ears,
            home=self.home,
            clock=self.clock,
            budget=self.budgets.setdefault(name, Budget()),
            progress=self.progress,
        )
        value: Any = await run_course(work, order.course())
        self.ledger.set_state(job.id, "done")
        work.tell("done", 1.0)
        return result_of(self.ledger, job, value=value, kept=not asked)

    def _ended(self, job: JobRow, error: SoundtrackError) -> Result:
        """Note how a job ended that did not deliver, and return that."""
        paid = any(began(step) for step in self.ledger.steps(job.id))
        with suppress(StoreError) if isinstance(error, StoreError) else nullcontext():  # the disk that failed it fails this too
            self.ledger.set_state(job.id, state_after(error), str(error))
        if paid and is_final(error) and AGAIN_HINT not in error.hint:
            error.hint = f"{error.hint} {AGAIN_HINT}".strip()
        if paid and error.retryable:
            told = JobOpenError(
                f"job {job.id} is not finished: {error.message}",
                hint=f"It is kept: take it up with `otio-soundtrack jobs resume {job.id}`; nothing is paid twice.",
            )
            told.__cause__ = error
            error = told
        error.jobs = (job.id,)
        return result_of(self.ledger, job, error=error)
