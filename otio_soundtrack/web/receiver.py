"""The receiver: services report to it that a job is done, and whoever waits for the job asks at once instead of at the next poll.

It is reached from the internet, so it believes nothing. Only the address of a job that is known and waits is taken, and nobody
guesses one: its last part is a secret of 256 bits. What is posted is bounded, must be a JSON object, is kept once, and only a few
times a job; it ends the waiting, and the service itself is asked what is true. It gives nothing out.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.ledger import Ledger
from otio_soundtrack.web.serving import Server, listen

MOST_BYTES = 256 * 1024
"""Of a callback: two songs with their lyrics have 20 KB."""
MOST_SECONDS = 10.0
"""For a callback to arrive; services wait 15 s for the answer."""
MOST_AT_ONCE = 64
"""Connections; beyond them 503, and services try again."""
LONGEST_TOKEN = 64
"""Characters; ours have 43."""


class Receiver:
    """A server in a thread of its own, from ``with`` to its end."""

    def __init__(self, home: Path, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Prepare; nothing is opened before it is entered.

        Args:
            home: folder of the store, whose ledger has the inbox.
            host: address to listen at.
            port: 0 for one that is free.
        """
        self._home, self._host, self._port = home, host, port

    def __enter__(self) -> Receiver:
        """Listen; callbacks are taken when this returns.

        Raises:
            SettingsError: somebody else listens there, or there is no such address.
            StoreError: the ledger cannot be used.
        """
        Ledger(self._home).close()  # made or upgraded now: a callback has no time for that
        listening = listen("receiver", self._host, self._port)
        self.port: int = listening.getsockname()[1]
        self._server = Server(application(self._home), listening, name="receiver", most_at_once=MOST_AT_ONCE).__enter__()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        """Stop; what is posted in this moment is posted again later."""
        self._server.__exit__(None, None, None)


def application(home: Path) -> Starlette:
    """Return the receiver of a store: POST to any path whose last part is a job's own token."""

    async def posted(request: Request) -> Response:
        try:
            await asyncio.to_thread(_keep, home, request.url.path, await asyncio.wait_for(_object(request), MOST_SECONDS))
        except _No as no:
            return Response(status_code=no.status)
        except asyncio.TimeoutError:
            return Response(status_code=HTTPStatus.REQUEST_TIMEOUT)
        except StoreError:  # it is posted again later
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return Response(status_code=HTTPStatus.OK)

    return Starlette(routes=[Route("/{rest:path}", posted, methods=["POST"])])


class _No(Exception):  # noqa: N818  # an answer, no failure of ours
    """Ends the taking of a callback with a status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


async def _object(request: Request) -> str:
    """Return the JSON object that was posted, in one way of writing it; of a body that is too large no more is read."""
    body = bytearray()
    try:
        async for block in request.stream():
            body += block
            if len(body) > MOST_BYTES:
                raise _No(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        told = json.loads(body)
    except (ValueError, RecursionError, ClientDisconnect) as error:
        raise _No(HTTPStatus.BAD_REQUEST) from error
    if not isinstance(told, dict):
        raise _No(HTTPStatus.BAD_REQUEST)
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def _keep(home: Path, path: str, text: str) -> None:
    """Keep a callback on disk for the job whose token the path ends in."""
    token = path.rstrip("/").rsplit("/", 1)[-1]
    if not token or len(token) > LONGEST_TOKEN:
        raise _No(HTTPStatus.NOT_FOUND)
    with Ledger(home) as ledger:
        if not ledger.note_callback(token, text):
            raise _No(HTTPStatus.NOT_FOUND)
