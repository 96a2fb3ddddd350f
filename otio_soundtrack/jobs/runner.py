"""Runs a course: kept outcomes are handed in by label, the next step is done, its outcome is kept, and so on to the end."""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar

from otio_soundtrack.errors import ConsentError, SoundtrackError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.calling import call
from otio_soundtrack.jobs.files import fetch, look
from otio_soundtrack.jobs.polling import poll
from otio_soundtrack.jobs.streaming import stream
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.provider.steps import Call, Course, Fetch, Poll, Step, Stream, Together
from otio_soundtrack.tools.ledger import StepRow

T = TypeVar("T")


async def run_course(work: Work, course: Course[T]) -> T:
    """Run a course to its end and return what it returns.

    Final errors are thrown into the course, which may know another way; so is :class:`ConsentError`, which is kept only once the
    course did go another way. Everything else ends the run and leaves the job as it is.

    Raises:
        SoundtrackError: what the course did not catch, or what ended the run.
    """
    value: Any = None
    error: SoundtrackError | None = None
    refused = ""
    try:
        while True:
            try:
                step = course.throw(error) if error is not None else course.send(value)
            except StopIteration as end:
                result: T = end.value
                return result
            if refused and isinstance(error, ConsentError):
                work.ledger.settle(work.job.id, refused, "failed", outcome=kept.of_error(error))
            value, error, refused = None, None, ""
            try:
                value = await _do(work, step)
            except SoundtrackError as failure:
                if not (kept.is_final(failure) or isinstance(failure, ConsentError)):
                    raise
                error, refused = failure, "" if isinstance(step, Together) else step.label
    finally:
        course.close()


async def _do(work: Work, step: Step) -> Any:  # noqa: ANN401  # by the kind of the step
    """Return the result of a step, from the ledger where it is kept."""
    if isinstance(step, Together):
        return await _do_together(work, step)
    row = work.ledger.step(work.job.id, step.label)
    if row is not None and row.state in ("done", "failed"):
        try:
            return kept.result(step, row.outcome)
        except kept.Lost:
            row = None
    return await _do_now(work, step, row)


async def _do_now(work: Work, step: Step, row: StepRow | None) -> Any:  # noqa: ANN401  # as above
    if isinstance(step, Call):
        return await call(work, step, row)
    if isinstance(step, Poll):
        return await poll(work, step, row)
    if isinstance(step, Stream):
        return await stream(work, step, row)
    if isinstance(step, Fetch):
        return await fetch(work, step)
    if isinstance(step, Together):
        return await _do_together(work, step)
    return await look(work, step)


async def _do_together(work: Work, step: Together[Any]) -> tuple[Any, ...]:
    """Do steps at once; where one raises, the others are finished first, and what ends the run goes before what is final."""
    free = asyncio.Semaphore(max(step.at_once, 1))

    async def one(part: Step) -> Any:  # noqa: ANN401  # as above
        async with free:
            return await _do(work, part)

    results = await asyncio.gather(*(one(part) for part in step.steps), return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    if failures:
        raise min(failures, key=_gravity)
    return tuple(results)


def _gravity(failure: BaseException) -> int:
    if not isinstance(failure, SoundtrackError):
        return 0
    return 2 if kept.is_final(failure) or isinstance(failure, ConsentError) else 1
