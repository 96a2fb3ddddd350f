"""A service that is as simple as one can be, and its other end: a counter of what it was really asked to do."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import (
    CreditsError,
    JobFailedError,
    JobStateUnknownError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from otio_soundtrack.jobs import Clock, LinkExpiredError
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider.ask import Ask, Delivery, Offer, Quote, QuoteLine, Wording
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.steps import (
    Broken,
    Call,
    Course,
    Fetch,
    Hear,
    Heard,
    Pace,
    Pending,
    Poll,
    Price,
    Stream,
    done,
    fetched,
    streamed,
    together,
)
from otio_soundtrack.tools.files import store_errors

CREATE, EXTEND = 10.0, 5.0
PACE = Pace(first_seconds=2.0, every_seconds=3.0, patience_seconds=60.0)
DECLARATION = Declaration(
    name="toy", title="Toy", model="t1", capabilities=frozenset({"generate"}), paid=True, ai="generated", licence="none",
    base_url="https://toy.example",
)  # fmt: skip


def meaning(reply: Reply) -> Any:
    """Return the body of a good answer, or raise what the answer means."""
    raise_for = {
        401: RefusedError("the key is wrong."),
        402: CreditsError("no credits."),
        429: RateLimitedError("too fast."),
        500: JobStateUnknownError("an error page."),
        503: UnavailableError("down."),
    }
    if reply.status in raise_for:
        raise raise_for[reply.status]
    return reply.json()


def _state(body: Any) -> Pending | str:
    if body["state"] == "failed":
        raise JobFailedError("the job failed.")
    return str(body["url"]) if body["state"] == "done" else Pending(stage=body["state"], share=0.5, job_id=body["id"])


def _event(data: str) -> Pending | str:
    told = json.loads(data)
    return str(told["task"]) if told.get("last") else Pending(stage="s", job_id=told.get("task"))


@dataclass(frozen=True)
class Toy:
    """The client: create, wait, download, listen, extend until long enough, deliver."""

    declaration: Declaration = DECLARATION
    extends: int = 1
    has_balance: bool = False
    streams: bool = False
    repeatable: bool = False

    def check(self, _ask: Ask, /) -> None:
        """Everything goes."""

    def wording(self, ask: Ask, /) -> Wording:
        """Return the prompt."""
        return Wording(sent={"prompt": ask.brief.prompt})

    def quote(self, _ask: Ask, /) -> Quote:
        """Return one call and some extends."""
        extend = QuoteLine(what="extend", credits=EXTEND, least=0, most=self.extends)
        return Quote(lines=(QuoteLine(what="create", credits=CREATE, least=1, most=1), extend))

    def balance(self) -> Call[float] | None:
        """Return the question for the credits, where wanted."""
        request = Request(method="GET", path="/balance")
        return (
            Call(label="balance", request=request, read=lambda reply: float(meaning(reply)["credits"]))
            if self.has_balance
            else None
        )

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Create, then extend."""
        name = f"create {ask.brief.prompt}"
        if self.streams:
            task = yield from self._streamed(name)
        else:
            task = yield from done(self._paid("create", name, CREATE))
        file, sound = yield from self._take("create", task)
        for number in range(self.extends):
            task = yield from done(self._paid(f"extend {number}", f"{name} {number}", EXTEND))
            file, sound = yield from self._take(f"extend {number}", task)
        return Delivery(offers=(Offer(file=file, heard=sound, service_ids=(task,)),))

    def _paid(self, label: str, name: str, price: float) -> Call[str]:
        request = Request(method="POST", path="/create", json={"name": name})
        return Call(
            label=label,
            request=request,
            read=lambda reply: str(meaning(reply)["task"]),
            price=Price(credits=price),
            repeatable=self.repeatable,
            called_back=lambda body: body["task"] if body.get("name") == name else None,
        )

    def _streamed(self, name: str) -> Course[str]:
        stream = Stream(
            label="create",
            request=Request(method="POST", path="/stream", json={"name": name}),
            opened=lambda reply: None if reply.status == 200 else meaning(reply),
            event=_event,
            price=Price(credits=CREATE),
        )
        found = yield from streamed(stream)
        return found.job_id if isinstance(found, Broken) else found

    def _take(self, label: str, task: str) -> Course[tuple[Fetched, Heard]]:
        poll = Poll(
            label=f"{label} state",
            request=Request(method="GET", path=f"/task/{task}"),
            read=lambda reply: _state(meaning(reply)),
            pace=PACE,
            called_back=lambda body: _state(body) if body.get("id") == task else None,
        )
        url = yield from done(poll)
        renew = Call(label="fresh", request=poll.request, read=lambda reply: str(meaning(reply)["url"]))
        file = yield from fetched(Fetch(label=f"{label} file", url=url, kind="audio", renew=renew))
        (sound,) = yield from together((Hear(label=f"{label} sound", file=file),), 1)
        return file, sound


@dataclass
class Shop:
    """The other end: counts what was begun; ``answers`` says what goes wrong, by the number of the paid call."""

    begun: list[str] = field(default_factory=list)
    balance: float = 100.0
    polls: int = 0
    polls_needed: int = 1
    downloads: int = 0
    answers: dict[int, Any] = field(default_factory=dict)
    poll_answers: dict[int, Any] = field(default_factory=dict)
    expired: int = 0
    events_told: int = 3
    paid_calls: Iterator[int] = field(default_factory=lambda: count(0))
    headers: dict[str, str] = field(default_factory=dict)

    def create(self, body: Any) -> tuple[int, Any]:
        """Begin a job, and take its price."""
        self.begun.append(body["name"])
        self.balance -= EXTEND if body["name"][-1].isdigit() else CREATE
        return 200, {"task": f"t{len(self.begun)}", "name": body["name"]}

    def task(self, identity: str) -> tuple[int, Any]:
        """Tell how a job is."""
        self.polls += 1
        ready = self.polls % (self.polls_needed + 1) == 0 or self.polls_needed == 0
        return 200, {
            "id": identity,
            "state": "done" if ready else "composing",
            "url": f"https://files.example/{identity}?token=s3cret",
        }


@dataclass
class ShopWire:
    """A wire to a shop in this process, with the ways in which real wires break."""

    shop: Shop

    def host(self, _request: Request, /) -> str:
        """Return the shop's host."""
        return "toy.example"

    async def send(self, request: Request, /, *, leaving: Callable[[], None]) -> Reply:
        """Answer."""
        await asyncio.sleep(0)
        if request.method == "POST":
            reply = self._paid(request, leaving)
            await asyncio.sleep(0)  # who is cancelled here does not get the answer
            return reply
        leaving()
        if request.path == "/balance":
            return self._reply(200, {"credits": self.shop.balance})
        odd = self.shop.poll_answers.pop(self.shop.polls, None)
        if odd is not None:
            self.shop.polls += 1
            if isinstance(odd, Exception):
                raise odd
            return self._reply(odd, {})
        return self._reply(*self.shop.task(request.path.rsplit("/", 1)[-1]))

    def _paid(self, request: Request, leaving: Callable[[], None]) -> Reply:
        odd = self.shop.answers.pop(next(self.shop.paid_calls), None)
        if odd == "unreached":
            raise UnavailableError("refused.")
        leaving()
        if odd == "lost before":
            raise UnavailableError("reset.")
        if isinstance(odd, int):
            return self._reply(odd, {})
        status, body = self.shop.create(request.json)
        if odd == "lost after":
            raise UnavailableError("reset.")
        if odd == "killed":
            raise KeyboardInterrupt
        return self._reply(status, body)

    async def events(
        self, request: Request, /, *, leaving: Callable[[], None], opened: Callable[[Reply], None]
    ) -> AsyncGenerator[str, None]:
        """Tell an id and an end, or break on the way."""
        odd = self.shop.answers.pop(next(self.shop.paid_calls), None)
        leaving()
        opened(self._reply(odd if isinstance(odd, int) else 200, {}))
        _, body = self.shop.create(request.json)
        if odd == "lost at once":
            raise UnavailableError("reset.")
        yield json.dumps({"task": body["task"]})
        await asyncio.sleep(0)
        if odd == "lost later":
            raise UnavailableError("reset.")
        if odd == "killed":
            raise KeyboardInterrupt
        yield json.dumps({"task": body["task"], "last": True})

    async def download(self, url: str, folder: Path, /, *, kind: str, or_archive: bool, with_key: bool) -> Fetched:
        """Write a little file under its hash."""
        self.shop.downloads += 1
        if self.shop.expired:
            self.shop.expired -= 1
            raise LinkExpiredError("gone.")
        body = f"music of {url.partition('?')[0]}".encode()
        digest = hashlib.sha256(body).hexdigest()
        path = folder / f"{digest}.mp3"
        with store_errors(path):
            path.write_bytes(body)
        return Fetched(path=path, sha256=digest, size=len(body))

    def _reply(self, status: int, body: Any) -> Reply:
        return Reply(status=status, headers=self.shop.headers, body=json.dumps(body).encode(), url="https://toy.example/")


class ToyEars:
    """Hears the same in everything."""

    def hear(self, _file: Fetched, /) -> Heard:
        """Return ten seconds."""
        return Heard(seconds=10.0, sounding_until=10.0, ends=True, bars=(0.0, 2.0), tempo_bpm=120.0)

    def same_start(self, _one: Fetched, _other: Fetched, _seconds: float, /) -> bool:
        """All begin alike."""
        return True

    def join(self, first: Fetched, _at_seconds: float, _second: Fetched, _folder: Path, /) -> Fetched:
        """Return the first."""
        return first

    def unpack(self, file: Fetched, _folder: Path, /) -> tuple[Fetched, ...]:
        """Return the file."""
        return (file,)

    def publish(self, path: Path, /) -> str:
        """Return an address."""
        return f"https://files.example/{path.name}"


def open_shop(shop: Shop) -> Any:
    """Return what opens the wire to a shop."""

    @asynccontextmanager
    async def opened(_service: Any) -> AsyncGenerator[ShopWire, None]:
        yield ShopWire(shop)

    return opened


@dataclass
class HeldTime:
    """Time that passes only by waiting."""

    moment: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.moment += seconds
        await asyncio.sleep(0)

    def clock(self, pace: float = 1.0) -> Clock:
        """Return the clock of the runner, without chance."""
        return replace(Clock(), now=lambda: self.moment, sleep=self.sleep, chance=lambda: 0.5, pace=pace)
