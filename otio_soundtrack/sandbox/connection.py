"""The server's side of a connection: within reach of those who break it, counted where it is to be broken after some bytes."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from otio_soundtrack.sandbox.desk import TRANSPORT, reset
from otio_soundtrack.sandbox.state import World

_POSTS = {"aimi": b"POST /sync_execute"}
"""How the requests begin that ``cut_request`` breaks, where not every POST costs something."""


class Breakable:
    """A transport that can be told to close after so many bytes more."""

    def __init__(self, inner: asyncio.Transport) -> None:
        self._inner = inner
        self.left: int | None = None
        """Bytes that still go out; None: all."""

    def write(self, content: bytes) -> None:
        """Send bytes, as many as may still go."""
        if self.left is None:
            self._inner.write(content)
            return
        self._inner.write(content[: self.left])
        self.left -= len(content)
        if self.left <= 0:
            self.left = 0
            self._inner.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the transport has
        return getattr(self._inner, name)


def protocol(world: World) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol with the connection within reach, and with an eye on who connects to the trap."""

    class Protocol(H11Protocol):
        def __init__(
            self,
            config: Config,
            server_state: ServerState,
            app_state: dict[str, Any],
            _loop: asyncio.AbstractEventLoop | None = None,
        ) -> None:
            super().__init__(config, server_state, app_state, _loop)
            inner = self.app

            async def with_transport(scope: Scope, receive: Receive, send: Send) -> None:
                scope[TRANSPORT] = self.transport
                await inner(scope, receive, send)

            self.app = with_transport
            self._cut_in: int | None = None
            """Bytes of the request after which the connection is reset; None: it is not."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(Breakable(transport))  # type: ignore[arg-type]
            self._desk = world.addresses.desk(transport.get_extra_info("sockname")[1])
            if self._desk == "trap":
                world.trapped.append("connected")

        def data_received(self, data: bytes) -> None:
            service = "suno" if self._desk == "sunoapi" else self._desk
            if data.startswith(_POSTS.get(service, b"POST ")) and world.switches.happens("cut_request", service):
                self._cut_in = world.switches.after("cut_request", service)
            if self._cut_in is not None:
                self._cut_in -= len(data)
                if self._cut_in <= 0:
                    reset(self.transport)
                    return
            super().data_received(data)

    return Protocol
