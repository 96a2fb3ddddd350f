"""Server-sent events: the id is kept with the first event that tells it, so that a broken stream is no lost job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from otio_soundtrack.errors import SoundtrackError, UnavailableError
from otio_soundtrack.jobs import kept
from otio_soundtrack.jobs.calling import Answer, LostError, perform
from otio_soundtrack.jobs.leaving import Departure
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.steps import Broken, Pending, Stream
from otio_soundtrack.tools.ledger import StepRow

LEAST_PATIENCE_S = 15.0
"""In whatever pace: a stream that is given up is not lost, but asking for its state costs time."""


async def stream(work: Work, step: Stream[Any], row: StepRow | None) -> Any:  # noqa: ANN401  # the step's own result
    """Follow a stream and return the result of its last event, or :class:`Broken`; both are kept."""
    if row is not None and row.state in ("sending", "unknown") and row.service_id:
        return _broken(work, step, row.service_id)

    async def once(departure: Departure, answer: Answer) -> None:
        follower = _Follower(work, step, answer)
        try:
            await asyncio.wait_for(follower.follow(departure), max(step.patience_seconds * work.clock.pace, LEAST_PATIENCE_S))
        except LostError:
            if not follower.service_id:
                raise
        except asyncio.TimeoutError as error:
            if not follower.service_id:
                raise LostError(UnavailableError(f"{work.title} told nothing for too long.")) from error
        if not answer.outcome:
            answer.value = Broken(job_id=follower.service_id)
            answer.outcome = kept.of_value(answer.value)

    return await perform(work, step, row, once, risky=step.price is not None)


class _Follower:
    """Reads one stream to its end."""

    def __init__(self, work: Work, step: Stream[Any], answer: Answer) -> None:
        self._work, self._step, self._answer = work, step, answer
        self.service_id = ""

    async def follow(self, departure: Departure) -> None:
        """Read until the result.

        Raises:
            LostError: the stream broke, or ended before its last event without having told an id.
        """
        events = (await self._work.door()).events(self._step.request, leaving=departure, opened=self._opened)
        async with aclosing(_lost_or(events)) as found:
            async for data in found:
                if self._is_last(data):
                    return
        if not self.service_id:
            raise LostError(UnavailableError(f"{self._work.title} ended its stream without a result."))

    def _is_last(self, data: str) -> bool:
        told = self._step.event(data)
        if not isinstance(told, Pending):
            self._answer.value, self._answer.outcome = told, kept.of_event(data)
            self._answer.service_id = self.service_id
            return True
        if told.job_id and not self.service_id:
            self.service_id = told.job_id
            self._work.ledger.told_id(self._work.job.id, self._step.label, told.job_id)
        self._work.tell(told.stage, told.share)
        return False

    def _opened(self, reply: Reply) -> None:
        self._answer.headers = reply.headers
        try:
            self._step.opened(reply)
        except SoundtrackError as error:
            raise _Refusal(error) from error


class _Refusal(Exception):  # noqa: N818  # carries the provider's own error through the door to the network
    """What the provider made of the answer that opened the stream."""

    def __init__(self, meaning: SoundtrackError) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning


async def _lost_or(events: AsyncIterator[str]) -> AsyncGenerator[str, None]:
    """Pass events on; an error of the wire becomes :class:`LostError`, one of the provider stays what it is."""
    try:
        while True:
            try:
                data = await events.__anext__()
            except StopAsyncIteration:
                return
            except _Refusal as refusal:
                raise refusal.meaning from refusal
            except SoundtrackError as error:
                raise LostError(error) from error
            yield data
    finally:
        if isinstance(events, AsyncGenerator):
            await events.aclose()


def _broken(work: Work, step: Stream[Any], service_id: str) -> Broken:
    found = Broken(job_id=service_id)
    work.ledger.settle(work.job.id, step.label, "done", outcome=kept.of_value(found))
    return found
