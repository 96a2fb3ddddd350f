"""Downloads, and what the ears do with files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from otio_soundtrack.errors import BadReplyError, RateLimitedError, SoundtrackError, UnavailableError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.leaving import Departure
from otio_soundtrack.jobs.request_key import digest
from otio_soundtrack.jobs.waiting import backoff
from otio_soundtrack.jobs.wire import LinkExpiredError, in_thread
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.steps import Fetch, Hear, Join, Publish, SameStart, Unpack
from otio_soundtrack.tools.files import sha256, store_errors
from otio_soundtrack.tools.ledger import Left

MOST_TRIES = 5
"""Of a download: each goes on where the last one broke off."""

Look = Hear | SameStart | Join | Publish | Unpack


async def fetch(work: Work, step: Fetch) -> Fetched:
    """Download a file into the store and return it.

    Raises:
        BadReplyError: what came is not such a file, or its link has expired and there is no fresh one.
        UnavailableError: it breaks off again and again.
        SoundtrackError: what asking for a fresh link gave.
    """
    url, renewed, tried = step.url, False, 0
    while True:
        try:  # each try goes on where the last one broke off
            work.tell("downloading")
            wire = await work.door()
            async with work.ledger.lock(digest(["download", url])):  # two that grow one part at once would spoil it
                file = await wire.download(url, work.store, kind=step.kind, or_archive=step.or_archive, with_key=step.with_key)
        except LinkExpiredError as error:  # noqa: PERF203  # it is tried a few times at most
            if step.renew is None or renewed:
                told = BadReplyError(
                    f"{work.title} gave a link to a file that has expired.", hint="Ask the service for the file."
                )
                raise _kept(work, step.label, told) from error
            url, renewed = await _fresh(work, step.label, step.renew.request, step.renew.read), True
        except (UnavailableError, RateLimitedError) as error:
            tried += 1
            if tried >= MOST_TRIES or not work.budget.takes(slowed=isinstance(error, RateLimitedError)):
                raise
            await work.clock.sleep(backoff(tried, work.clock))
        except SoundtrackError as error:
            raise _kept(work, step.label, error)  # noqa: B904  # it is the same error
        else:
            work.ledger.settle(work.job.id, step.label, "done", outcome=kept.of_value(file))
            return file


async def look(work: Work, step: Look) -> Any:  # noqa: ANN401  # by the kind of the step
    """Let the ears do a step in a thread and return its result, which is kept."""
    work.tell("listening")
    if isinstance(step, Publish):
        work.ledger.note_left([await in_thread(lambda: _given(work, step))])
    try:
        value = await in_thread(_looking(work, step))
    except SoundtrackError as error:
        raise _kept(work, step.label, error)  # noqa: B904  # it is the same error
    work.ledger.settle(work.job.id, step.label, "done", outcome=kept.of_value(value))
    return value


def _given(work: Work, step: Publish) -> Left:
    """Return the note of a file that is about to be put where a service can fetch it."""
    with store_errors(step.path):
        digest, size = sha256(step.path), step.path.stat().st_size
    at = work.clock.wall()
    return Left(job=work.job.id, label=step.label, at=at, host="your own storage", what="reference", sha256=digest, size=size)


def _looking(work: Work, step: Look) -> Callable[[], Any]:
    ears, store = work.ears, work.store
    if isinstance(step, Hear):
        return lambda: ears.hear(step.file)
    if isinstance(step, SameStart):
        return lambda: bool(ears.same_start(step.one, step.other, step.seconds))
    if isinstance(step, Join):
        return lambda: ears.join(step.first, step.at_seconds, step.second, store)
    if isinstance(step, Unpack):
        return lambda: tuple(ears.unpack(step.file, store))
    return lambda: ears.publish(step.path)


async def _fresh(work: Work, label: str, request: Any, read: Callable[[Any], str]) -> str:  # noqa: ANN401  # a request, a reply
    """Ask for a fresh link; it is not kept, for it will expire as well."""
    try:
        return read(await (await work.door()).send(request, leaving=Departure(work, label, (), paid=False, risky=False)))
    except SoundtrackError as error:
        raise _kept(work, label, error)  # noqa: B904  # it is the same error


def _kept(work: Work, label: str, error: SoundtrackError) -> SoundtrackError:
    """Return an error; a final one is kept."""
    if kept.is_final(error):
        work.ledger.settle(work.job.id, label, "failed", outcome=kept.of_error(error))
    return error
