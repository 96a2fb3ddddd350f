"""Many timelines: pictures and sound in worker processes, services and their ledger in this one."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from otio_soundtrack.access import require_key
from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import PictureError, ProviderError, SettingsError, StoreError
from otio_soundtrack.jobs import Consent, Desk, Order, Result, open_desk, run_async
from otio_soundtrack.pipeline.batch.bench import Errand, Failed, Finish, Prepare, do
from otio_soundtrack.pipeline.batch.parcel import packed, unpacked
from otio_soundtrack.pipeline.scoring.finishing import Account
from otio_soundtrack.pipeline.scoring.preparing import Prepared
from otio_soundtrack.pipeline.services.obtaining import all_of, orders_of
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import JobEars, clock, open_wire
from otio_soundtrack.pipeline.takes.requested import Delivered
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import ScoreOptions, home, score_options
from otio_soundtrack.tools.cluster import Cluster
from otio_soundtrack.tools.crew import Crew, WorkerLostError
from otio_soundtrack.tools.ledger import Lock

JOBS_AT_ONCE = 10
"""Jobs that services work on at a time: the least that one of them allows an account (Aimi: 10 runs)."""
MOST_BEGUN = 32
"""Timelines on their way at a time, so that disk and memory stay bounded: enough that services need not wait for pictures."""
MOST_DEATHS = 8
"""Workers that one task may cost: farms take machines away, but what kills so many is at fault itself."""
_NOT_FOR_MANY = ("in_place", "media_dir", "midi", "plan", "service_plan", "dry_run")
"""Options of ``score`` that name one file, or what is done with one timeline."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a timeline of a batch ended."""

    timeline: Path
    output: Path
    account: Account | None = None
    """None where it failed."""
    error: Exception | None = None
    """None where it is done; an error of ours, or a bug."""


class Staff(Protocol):
    """Who does tasks: worker processes of this machine, or of a cluster."""

    async def do(self, task: bytes, /) -> bytes:
        """Do a task; raises WorkerLostError where its worker died."""


def batch(
    timelines: Sequence[Path | str],
    folder: Path | str | None = None,
    *,
    workers: int | None = None,
    scheduler: str = "",
    progress: Progress = silent,
    **options: object,
) -> tuple[Ended, ...]:
    """Score many timelines, each into ``<stem>_scored.otio``; one that fails does not stop the others.

    All of them share one consent, one cap, one ledger and one limit on jobs at a time. Done again, it gives the same: what
    services delivered is in the store, and what was broken off is taken up.

    Args:
        timelines: any files that OTIO reads.
        folder: where the scored timelines and their media go; None: each beside its timeline.
        workers: processes of this machine that do the work; None: one a core.
        scheduler: address of a Dask scheduler whose workers do the work instead; empty: this machine.
        progress: is told how far the batch is.
        options: options of ``score``, the same for all.

    Returns:
        how each ended, in order.

    Raises:
        SettingsError: an option, or two timelines that would be written to one place; nothing was done.
        KeyMissingError: the service that was named needs a key; nothing was done.
        StoreError: another batch works in this store; nothing was done.
    """
    given = {name: value for name, value in options.items() if value is not None}
    asked = score_options(**given)
    if one := next((name for name in _NOT_FOR_MANY if name in given), None):
        raise SettingsError(
            f"--{one.replace('_', '-')} is for one timeline, not for a batch.", hint="Use `otio-soundtrack score`."
        )
    if workers is not None and workers < 1:
        raise SettingsError(f"--workers {workers}: nobody would work.", hint="Give 1 or more.")
    errands = _errands(timelines, None if folder is None else Path(folder), given)
    if "provider" in given and asked.provider in SERVICES:
        who = SERVICES[asked.provider].declaration
        require_key(who.name, who.base_url, who.key_variable)
    lock = Lock(home() / "jobs" / "batch.lock")
    if not lock.taken():
        raise StoreError(
            f"another batch works in {home()}.", hint="Wait until it has ended, or set another OTIO_SOUNDTRACK_HOME for this one."
        )
    try:
        return run_async(lambda: _run(errands, asked, workers or _cores(), scheduler, progress))
    finally:
        lock.free()


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """Return variables without any key of a service or of storage: what a worker may know."""
    keys = {one.declaration.key_variable for one in SERVICES.values()}
    return {name: value for name, value in environment.items() if name not in keys and not name.startswith("AWS_")}


async def _run(
    errands: Sequence[Errand], asked: ScoreOptions, workers: int, scheduler: str, progress: Progress
) -> tuple[Ended, ...]:
    """Do all errands."""
    async with AsyncExitStack() as stack:
        staff: Staff = await stack.enter_async_context(
            Cluster(scheduler, do)
            if scheduler
            else Crew(min(workers, len(errands)), "otio_soundtrack.pipeline.batch.bench", bare(os.environ))
        )
        desk = await stack.enter_async_context(
            open_desk(
                home=home(),
                open_wire=open_wire,
                ears=JobEars(Ears(home() / "decoded")),
                consent=Consent(yes=asked.yes, max_cost=asked.max_cost),
                clock=clock(),
            )
        )
        office = _Office(staff=staff, desk=desk, progress=progress, total=len(errands))
        return tuple(await asyncio.gather(*(office.see_to(errand) for errand in errands)))


@dataclass(kw_only=True)
class _Office:
    """What all errands of a batch share."""

    staff: Staff
    desk: Desk
    progress: Progress
    total: int
    ended: int = 0
    begun: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_BEGUN))
    asking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(JOBS_AT_ONCE))

    async def see_to(self, errand: Errand) -> Ended:
        """Do an errand and return how it ended."""
        async with self.begun:
            try:
                account, error = await self._done(errand), None
            except Exception as failure:  # noqa: BLE001  # told with its timeline; the others go on
                account, error = None, failure
        self.ended += 1
        how = "done" if error is None else f"failed: {error}"
        self.progress(f"{self.ended} of {self.total}: {errand.timeline.name} {how}", self.ended / self.total)
        return Ended(timeline=errand.timeline, output=errand.output, account=account, error=error)

    async def _done(self, errand: Errand) -> Account:
        ready: Prepared = await self._by_staff(Prepare(errand=errand))
        delivered = await self._delivered(ready) if ready.requested.asks else Delivered()
        account: Account = await self._by_staff(Finish(errand=errand, prepared=ready, delivered=delivered))
        return account

    async def _delivered(self, ready: Prepared) -> Delivered:
        """Return what a service delivers for a timeline; errors are those of :func:`obtaining.delivered`."""
        try:
            orders, notes = orders_of(ready.requested, ready.asked)
            return all_of(ready.requested, await asyncio.gather(*map(self._ordered, orders)), notes)
        except ProviderError as error:
            error.hint = " ".join([*ready.requested.lost, error.hint])
            raise

    async def _ordered(self, order: Order) -> Result:
        async with self.asking:
            return await self.desk.do(order)

    async def _by_staff(self, task: Prepare | Finish) -> Any:  # noqa: ANN401  # what the task returns
        """Return what a worker makes of a task; one that dies gives way to the next."""
        parcel = packed(task)
        for _ in range(MOST_DEATHS):
            try:
                result = unpacked(await self.staff.do(parcel))
            except WorkerLostError:
                continue
            if isinstance(result, Failed):
                raise result.error
            return result
        raise PictureError(
            f"{MOST_DEATHS} workers died while they worked on {task.errand.timeline}.",
            hint="It needs more memory than there is, or its media crash the decoder: score it alone, with fewer --workers.",
        )


def _errands(timelines: Sequence[Path | str], folder: Path | None, given: Mapping[str, object]) -> tuple[Errand, ...]:
    """Return what is to be done, with paths that mean the same to every worker.

    Raises:
        SettingsError: two timelines would be written to one place, or over one another.
    """
    paths = [Path(one).absolute() for one in timelines]
    if not paths:
        raise SettingsError("no timeline given.", hint="Give at least one.")
    outputs = [(path.parent if folder is None else folder.absolute()) / f"{path.stem}_scored.otio" for path in paths]
    places = Counter(output.resolve() for output in outputs)
    inputs = {path.resolve() for path in paths}
    for path, output in zip(paths, outputs, strict=True):
        if places[output.resolve()] > 1:
            raise SettingsError(
                f"{path} and another timeline would both be written to {output}.",
                hint="Rename one, leave -o out, or score them in two batches.",
            )
        if output.resolve() in inputs:
            raise SettingsError(f"{path} would be written to {output}, which is to be scored too.", hint="Give another -o DIR.")
    options = {name: _everywhere(name, value) for name, value in given.items()}
    return tuple(
        Errand(timeline=path, output=output, options=options, home=home().absolute())
        for path, output in zip(paths, outputs, strict=True)
    )


def _everywhere(name: str, value: object) -> object:
    """Return an option whose path means the same in every working folder."""
    if isinstance(value, Path) or (name in ("sound", "reference", "media_root") and Path(str(value)).exists()):
        return str(Path(str(value)).absolute())
    return value


def _cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
