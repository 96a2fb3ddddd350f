"""Remix jobs, what their stream tells and when, and what is told to those who ask later (sections 3 and 4)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from otio_soundtrack.sandbox.desk import TRANSPORT
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.music import Take
from otio_soundtrack.sandbox.state import World

STAGES: tuple[tuple[float, str, int | None], ...] = (
    *((0.0, "validating", None), (1.0, "queued", None), (3.0, "starting", None), (6.0, "initializing", None)),
    *((10.0, "uploading", None), (15.0, "streaming", 0), (60.0, "streaming", 50), (90.0, "streaming", 90)),
    *((210.0, "streaming", 100), (215.0, "completed", 100)),
)
"""Seconds, stage, progress (S01): two silent minutes at 90, as the seed tells of several."""
FAILS_AT_S = 20.0
SLOWER = 4
"""Factor of the situation slow_finish."""
SONG = "Café Müller – Nº 5"
"""Name of every remix: names may hold any letters, and events may be split inside one."""
_GLANCE_S = 0.01
"""Real seconds between looks at the clock."""


@dataclass
class Job:
    """A remix."""

    id: str
    take: Take
    begun: float
    """The sandbox's second."""
    price: float
    fails: bool = False
    given_back: bool = False


@dataclass
class Jobs:
    """All remixes."""

    world: World
    shelf: Shelf
    jobs: dict[str, Job] = field(default_factory=dict)

    def number(self) -> int:
        """Return how many there are."""
        return len(self.jobs)

    def add(self, wanted: Take, price: float) -> Job:
        """Begin a remix."""
        job = Job(str(uuid4()), wanted, self.world.now(), price)
        self.jobs[job.id] = job
        return job

    def age(self, job: Job) -> float:
        """Return how long a job has worked, seconds of the sandbox."""
        return (self.world.now() - job.begun) / (SLOWER if self.world.holds("slow_finish", "soundverse") else 1)

    def reached(self, job: Job) -> int:
        """Return how many of its events a job has reached."""
        age = self.age(job)
        stuck = self.world.holds("stuck", "soundverse")
        count = sum(1 for at, _, progress in STAGES if at <= age and not (stuck and progress == 100))
        return min(count, 6) if job.fails else count

    def failed(self, job: Job) -> bool:
        """Return whether a job has failed; then its price was given back."""
        if not job.fails or self.age(job) < FAILS_AT_S:
            return False
        if not job.given_back:
            job.given_back = True
            self.world.give_back("soundverse", job.price)
        return True

    def event(self, job: Job, number: int) -> dict[str, Any]:
        """Return one event of the stream."""
        _, stage, progress = STAGES[number]
        told: dict[str, Any] = {} if stage == "validating" else {"message_id": job.id}
        told |= {"isComplete": stage == "completed", "status": stage}
        if stage == "completed":
            told["audio_url"] = self.shelf.music("soundverse", job.id, job.take)
        if stage in ("queued", "completed"):
            told |= self._art(job)
        if progress is not None:
            told["progress"] = progress
        if stage == "streaming" and progress == 100:
            stream = f"{self.world.addresses.origin('soundverse')}/stream/{job.id}"
            told |= {"stream_url": stream, "streaming_ready": True, "version": 1}
        return told | {"chunkIndex": number}

    def failure(self, job: Job, number: int) -> dict[str, Any]:
        """Return the event of a failure (S05)."""
        told = {"message_id": job.id, "isComplete": True, "status": "failed", "error": "Generation failed"}
        return told | {"operation": "remix_song", "chunkIndex": number}

    def state(self, job: Job) -> dict[str, Any]:
        """Return what is told to those who ask (S06 to S08): the fields of a chunk."""
        if self.failed(job):
            told = self.failure(job, 0)
        else:
            told = {"message_id": job.id, **self.event(job, max(0, self.reached(job) - 1)), "operation": "remix_song"}
        return {name: value for name, value in told.items() if name != "chunkIndex"}

    def delivered(self, job: Job) -> dict[str, Any]:
        """Return the answer of a call without a stream (S17)."""
        url = self.shelf.music("soundverse", job.id, job.take)
        one = {"audio_url": url, "song_name": SONG, "licenses": {"licenses": "Royalty Free"}}
        return {"message_id": job.id, "album_art": self._art(job)["album_art"], "audio_data": [one]}

    def _art(self, job: Job) -> dict[str, str]:
        return {"album_art": f"{self.world.addresses.origin('media')}/image/{job.id}.png", "song_name": SONG}


class EventStream(Response):
    """The stream of a job: events when they are due, silence between them."""

    def __init__(self, jobs: Jobs, job: Job, *, cut_at: str | None, awkward: bool) -> None:
        """Prepare a stream.

        Args:
            jobs: all jobs.
            job: whose stream it is.
            cut_at: before which event the connection breaks: ``queued``, or ``90`` for right after that; None: nowhere.
            awkward: whether events come split and in clumps, with comments and CRLF.
        """
        super().__init__(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        del self.headers["content-length"]
        self._jobs, self._job = jobs, job
        self._cut_at, self._awkward = cut_at, awkward

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await self._told(scope, send, gone)
        finally:
            gone.cancel()

    async def _told(self, scope: Scope, send: Send, gone: asyncio.Future[None]) -> None:
        number = 0
        while not gone.done():
            for one in range(number, self._jobs.reached(self._job)):
                if self._cut_at == "queued" and STAGES[one][1] == "queued":
                    await _broken(scope)
                    return
                await self._send(send, self._jobs.event(self._job, one))
                number = one + 1
                if self._cut_at == "90" and STAGES[one][2] == 90:
                    await _broken(scope)
                    return
            failed = self._jobs.failed(self._job)
            if failed:
                await self._send(send, self._jobs.failure(self._job, number))
            if failed or number == len(STAGES):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            await asyncio.sleep(_GLANCE_S)

    async def _send(self, send: Send, event: dict[str, Any]) -> None:
        for piece in _written(event, awkward=self._awkward):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            if self._awkward:
                await asyncio.sleep(_GLANCE_S)


def _written(event: dict[str, Any], *, awkward: bool) -> Iterator[bytes]:
    """Yield an event as it goes over the wire; an awkward one in two pieces, if possible split inside a letter."""
    text = f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
    if not awkward:
        yield text.encode()
        return
    raw = (": still here\r\n" + text.replace("\n", "\r\n")).encode()
    inside = next((at for at, byte in enumerate(raw) if 0x80 <= byte < 0xC0), len(raw) // 2)
    yield raw[:inside]
    yield raw[inside:]


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _broken(scope: Scope) -> None:
    scope[TRANSPORT].close()
    await asyncio.sleep(_GLANCE_S)
