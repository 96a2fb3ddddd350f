"""The receiver: services report to it that a job is done, and whoever waits for the job asks at once instead of at the next poll.

It is reached from the internet, so it believes nothing. Only the address of a job that is known and waits is taken, and nobody
guesses one: its last part is a secret of 256 bits. What is posted is bounded, must be a JSON object, is kept once, and only a few
times a job; it ends the waiting, and the service itself is asked what is true. It gives nothing out.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from http import HTTPStatus
from pathlib import Path
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.tools.ledger import Ledger

MOST_BYTES = 256 * 1024
"""Of a callback: two songs with their lyrics have 20 KB."""
MOST_SECONDS = 10.0
"""For a callback to arrive; services wait 15 s for the answer."""
MOST_AT_ONCE = 64
"""Connections; beyond them 503, and services try again."""
LONGEST_TOKEN = 64
"""Characters; ours have 43."""
_START_S = 10.0
_STOP_S = 10.0


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
        listening = _listening(self._host, self._port)
        self.port: int = listening.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                application(self._home),
                log_config=None,
                log_level="critical",
                access_log=False,  # paths are secrets
                lifespan="off",
                limit_concurrency=MOST_AT_ONCE,
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="receiver", daemon=True)
        self._thread.start()
        for _ in range(int(_START_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            self._thread.join(0.01)
        if not self._server.started:
            raise SettingsError("the receiver did not start.", hint="Is uvicorn complete? pip install 'otio-soundtrack[web]'")
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        """Stop; what is posted in this moment is posted again later."""
        self._server.should_exit = True
        self._thread.join(_STOP_S)


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


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        one = socket.socket(family, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((host, port))
    except (OSError, OverflowError) as error:
        one.close()
        why = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise SettingsError(
            f"the receiver cannot listen at {host}, port {port}: {why}.", hint="Choose another --port or --host."
        ) from error
    return one
