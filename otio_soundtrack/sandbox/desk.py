"""What every call to a service passes: the record, the key, the pace, the situations; and answers that are none."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from otio_soundtrack.sandbox.environment import key_of
from otio_soundtrack.sandbox.state import World, json_or_none

Handler = Callable[[Request], Awaitable[Response]]
Kind = Literal["paid", "poll", "free"]
TRANSPORT = "otio_soundtrack.transport"
"""Where the server leaves the connection for those who break it."""
_MOST_LOGGED = 1 << 20
"""Bytes of a body that are kept in the record; uploads are larger and are counted instead."""


class Manners(Protocol):
    """How a service says what every service says."""

    def unauthorised(self, header: str | None) -> Response:
        """Answer a key that is missing (None), malformed or unknown."""

    def too_often(self) -> Response:
        """Answer who calls too often."""

    def fault(self) -> Response:
        """Answer with a fault that passes."""


class Said(Exception):  # noqa: N818  # it is an answer, given in the middle of the work
    """Ends the handling of a call with an answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


def reset(transport: asyncio.Transport) -> None:
    """Reset a connection: who is at its other end is told that it is broken, and what was under way is lost."""
    held: socket.socket = transport.get_extra_info("socket")
    # to linger zero seconds means: reset
    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class CutReply(Response):
    """An answer of which the first bytes come, status line and headers counted, and no more."""

    def __init__(self, answer: Response, after: int) -> None:
        super().__init__(status_code=answer.status_code)
        self._answer, self._after = answer, after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer into a connection that closes in its middle."""
        scope[TRANSPORT].left = self._after
        await self._answer(scope, receive, send)


class Severed(Response):
    """No answer: the connection is reset."""

    def __init__(self) -> None:
        super().__init__(status_code=200)
        self.status_code = 0

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        """Reset the connection."""
        reset(scope[TRANSPORT])
        await asyncio.sleep(0.01)  # until the server has seen that nobody is there to be answered


class CutShort(Response):
    """An answer that promises all of its body and ends before."""

    def __init__(self, answer: Response, after: int) -> None:
        super().__init__(answer.body, status_code=answer.status_code)
        self.raw_headers = answer.raw_headers
        self._after = after

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the first bytes, then close."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[: self._after], "more_body": True})
        scope[TRANSPORT].close()
        await asyncio.sleep(0.01)


def page(status: int = 502) -> Response:
    """Return the page of a proxy that lost its service."""
    return HTMLResponse("<html><body><h1>Bad Gateway</h1><p>The server is temporarily unable.</p></body></html>", status)


class Desk:
    """The counter of one service."""

    def __init__(
        self,
        world: World,
        service: str,
        manners: Manners,
        *,
        key_header: str = "authorization",
        most: tuple[int, float] | None = None,
    ) -> None:
        """Open the desk.

        Args:
            world: of the sandbox.
            service: whose desk it is.
            manners: how it says what every service says.
            key_header: lower case; ``authorization`` wants ``Bearer KEY``, any other the key alone.
            most: calls in so many of the sandbox's seconds, more are refused; None: any number.
        """
        self._world = world
        self._service = service
        self._manners = manners
        self._key_header = key_header
        self._most = most
        self._recent: deque[float] = deque(maxlen=most[0] if most else 0)
        self._keys = {f"Bearer {key_of(service)}" if key_header == "authorization" else key_of(service)}

    def route(self, method: str, path: str, handler: Handler, kind: Kind = "free", *, keyed: bool = True) -> Route:
        """Return a route whose calls pass the desk.

        Args:
            method: HTTP's.
            path: Starlette's pattern.
            handler: what does it.
            kind: whether it costs, asks for a job's state, or neither.
            keyed: whether it needs the key.
        """

        async def answer(request: Request) -> Response:
            raw = b"" if request.headers.get("content-type", "").startswith("multipart/") else await request.body()
            body = json_or_none(raw) if len(raw) <= _MOST_LOGGED else f"{len(raw)} bytes"
            seen = self._world.note(request, self._service, kind, body)
            try:
                self._at_the_door(request, kind, keyed=keyed)
                given = self._on_the_way_out(request, await handler(request), kind)
            except Said as said:
                given = said.answer
            seen.status = given.status_code
            seen.body = getattr(request.state, "shown", seen.body)
            return given

        return Route(path, answer, methods=[method])

    def _at_the_door(self, request: Request, kind: Kind, *, keyed: bool) -> None:
        header = request.headers.get(self._key_header)
        if (keyed or header is not None) and (header not in self._keys or self._happens("bad_key")):
            raise Said(self._manners.unauthorised(header))
        if self._crowded() or (kind == "paid" and self._happens("rate_limited")):
            raise Said(self._manners.too_often())
        if kind == "paid" and self._happens("lost_request"):
            raise Said(Severed())
        if kind == "paid" and self._happens("error_page"):
            raise Said(page())
        if kind == "poll" and self._happens("server_error_then_fine"):
            raise Said(self._manners.fault())

    def _on_the_way_out(self, request: Request, given: Response, kind: Kind) -> Response:
        if kind == "paid" and getattr(request.state, "begun", False):
            if self._happens("lost_reply"):
                return Severed()
            if self._happens("error_page_begun"):
                return page()
            if self._happens("cut_reply"):
                return CutReply(given, self._world.switches.after("cut_reply", self._service))
        return given

    def _crowded(self) -> bool:
        if self._most is None:
            return False
        now = self._world.now()
        if len(self._recent) == self._most[0] and now - self._recent[0] < self._most[1]:
            return True
        self._recent.append(now)
        return False

    def _happens(self, situation: str) -> bool:
        return self._world.switches.happens(situation, self._service)
