"""Questions that are asked until the answer is final: at the documented pace, with patience, and never for ever."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from otio_soundtrack.errors import JobOpenError, JobStateUnknownError, RateLimitedError, SoundtrackError, UnavailableError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.calling import reserve
from otio_soundtrack.jobs.leaving import Departure, things_of
from otio_soundtrack.jobs.waiting import MOST_OBEYED_SECONDS, asked_to_wait, distance
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.provider.steps import Pending, Poll
from otio_soundtrack.tools.ledger import StepRow

MOST_UNANSWERED = 8
"""Questions in a row without an answer after which the job is left open: the network is gone, not slow."""
LISTEN_SECONDS = 1.0
"""Between looks into the inbox of callbacks while a question waits."""


async def poll(work: Work, step: Poll[Any], row: StepRow | None) -> Any:  # noqa: ANN401  # the step's own result
    """Ask until there is a result, which is kept.

    Raises:
        ConsentError: nobody consented to the price of the first question.
        JobOpenError: it still runs and patience is at its end.
        SoundtrackError: what the service's answer means.
    """
    if step.price is not None:
        await reserve(work, step, step.price)
    elif row is None:
        work.ledger.begin(work.job.id, step.label, paid=False)
    return await _Asking(work, step, at_once=step.price is not None or row is not None).until_final()


class _Asking:
    """One poll."""

    def __init__(self, work: Work, step: Poll[Any], *, at_once: bool) -> None:
        self._work, self._step = work, step
        self._wait = 0.0 if at_once else step.pace.first_seconds * work.clock.pace
        self._end = work.clock.now() + step.pace.patience_seconds * work.clock.pace
        self._asked = self._unanswered = self._heard = 0
        self._stage = "waiting"

    async def until_final(self) -> Any:  # noqa: ANN401  # as above
        """Return the result, which is kept."""
        while True:
            await self._listened()
            told, outcome = await self._answered()
            if outcome:
                self._work.ledger.settle(self._work.job.id, self._step.label, "done", outcome=outcome)
                return told
            if self._work.clock.now() >= self._end:
                raise self._work.open_error(f"the service still says {self._stage!r}")

    async def _listened(self) -> None:
        """Wait for the time of the next question; a callback that tells of an end ends the waiting."""
        work, until = self._work, self._work.clock.now() + self._wait
        while not self._called_back() and (left := until - work.clock.now()) > 0.0:
            await work.clock.sleep(min(left, LISTEN_SECONDS) if work.job.token else left)

    def _called_back(self) -> bool:
        """Return whether a callback tells of an end. It is not believed, whoever signed it: the service is asked now."""
        if self._step.called_back is None:
            return False
        texts = self._work.ledger.callbacks(self._work.job.token)[self._heard :]
        self._heard += len(texts)
        return any(self._ends(self._step.called_back, json.loads(text)) for text in texts)

    def _ends(self, called_back: Callable[[Any], Any], body: object) -> bool:
        try:
            told = called_back(body)
        except SoundtrackError:  # it tells of a failure: an end as well
            return True
        return told is not None and not self._pending(told)

    async def _answered(self) -> tuple[Any, str]:
        """Ask once; an outcome of "" says that it is not final."""
        work, step = self._work, self._step
        headers = {}
        self._wait = distance(step.pace.every_seconds, self._asked, work.clock)
        self._asked += 1
        try:
            things = await things_of(work, step.label, step.request) if self._asked == 1 else ()
            departure = Departure(work, step.label, things, paid=step.price is not None and self._asked == 1, risky=False)
            reply = await (await work.door()).send(step.request, leaving=departure)
            headers = dict(reply.headers)
            told = step.read(reply)
        except (UnavailableError, RateLimitedError) as error:
            self._put_off(error, asked_to_wait(headers, work.clock))
            return None, ""
        except SoundtrackError as error:
            self._keep(error)
            raise
        self._unanswered = 0
        return (None, "") if self._pending(told) else (told, kept.of_reply(reply))

    def _put_off(self, error: SoundtrackError, asked: float | None) -> None:
        """Wait longer, or give up for now."""
        self._unanswered += 1
        if asked is not None and asked > MOST_OBEYED_SECONDS:
            raise self._work.open_error(f"the service asks to wait {asked:.0f} s", cause=error)
        if self._unanswered >= MOST_UNANSWERED:
            raise self._work.open_error(f"it cannot be asked now ({error.message.rstrip('.')})", cause=error)
        self._wait = max(self._wait, asked or 0.0)

    def _pending(self, told: object) -> bool:
        if not isinstance(told, Pending):
            return False
        self._stage = told.stage
        if told.job_id:
            self._work.ledger.told_id(self._work.job.id, self._step.label, told.job_id)
        self._work.tell(told.stage, told.share)
        return True

    def _keep(self, error: SoundtrackError) -> None:
        if isinstance(error, (JobOpenError, JobStateUnknownError)):
            raise self._work.open_error(error.message.rstrip("."), cause=error)
        if kept.is_final(error):
            self._work.ledger.settle(self._work.job.id, self._step.label, "failed", outcome=kept.of_error(error))
