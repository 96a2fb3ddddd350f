"""Jobs of services: never lost and never paid twice (floor 4).

========== ================================================================================================
desk       orders in, results out: one event loop, many jobs
clerk      which job answers an order, and how it ended
drawer     what a person does with jobs: list, show, resume, resubmit, forget
bridge     from ordinary code into the loop
request_key  the identity of a request
purse      consent and cap
runner     a course, step by step, from kept outcomes
calling    calls and streams, at most once where they cost
streaming  server-sent events
polling    questions until the answer is final
files      downloads, and what the ears do
settling   paid calls whose fate is unknown
leaving    what leaves the machine
kept       outcomes as the ledger keeps them
waiting    pace, jitter, budget
work       a job and what is needed to work on it
wire       whom the runner works with
========== ================================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from otio_soundtrack.jobs.bridge import run_async
from otio_soundtrack.jobs.clerk import Order, Result
from otio_soundtrack.jobs.desk import Desk, open_desk, run_jobs
from otio_soundtrack.jobs.drawer import Details, Entry, answered, details, entries, forget, resubmit, resume
from otio_soundtrack.jobs.purse import NO_CONSENT, Consent, quoted, require
from otio_soundtrack.jobs.request_key import request_key
from otio_soundtrack.jobs.waiting import Clock
from otio_soundtrack.jobs.wire import Ears, LinkExpiredError, OpenWire, Wire
from otio_soundtrack.progress import Progress, silent

__all__ = [
    "NO_CONSENT",
    "Clock",
    "Consent",
    "Desk",
    "Details",
    "Ears",
    "Entry",
    "LinkExpiredError",
    "OpenWire",
    "Order",
    "Result",
    "Wire",
    "answered",
    "details",
    "entries",
    "forget",
    "open_desk",
    "quoted",
    "request_key",
    "require",
    "resubmit",
    "resume",
    "run",
    "run_async",
    "run_jobs",
]


def run(
    orders: Sequence[Order],
    *,
    home: Path,
    open_wire: OpenWire,
    ears: Ears,
    consent: Consent = NO_CONSENT,
    progress: Progress = silent,
    clock: Clock | None = None,
) -> tuple[Result, ...]:
    """Do orders from ordinary code, also inside a running event loop; see :func:`run_jobs`."""
    return run_async(
        lambda: run_jobs(orders, home=home, open_wire=open_wire, ears=ears, consent=consent, progress=progress, clock=clock)
    )
