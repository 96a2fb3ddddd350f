"""Connections to checked addresses only: a name is resolved once, every answer is judged, and the judged address is called."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpcore

from otio_soundtrack.tools.network.addresses import is_public
from otio_soundtrack.tools.network.failures import ForbiddenAddressError, NotSentError

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""Name and port → addresses."""


@dataclass
class Leaving:
    """What is to be done right before the first byte of a request leaves, and whether that has happened."""

    tell: Callable[[], None] = field(default=lambda: None)
    left: bool = False

    def now(self) -> None:
        """Bytes are about to leave."""
        if not self.left:
            self.tell()
            self.left = True


LEAVING: ContextVar[Leaving | None] = ContextVar("LEAVING", default=None)
"""Of the request that this task makes."""


async def resolve(host: str, port: int) -> list[str]:
    """Return all addresses of a name, from the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for the HTTP library; the name in TLS stays the host's."""

    def __init__(self, exempt: Callable[[str, int], bool], *, offline: bool, resolver: Resolver = resolve) -> None:
        """Take whose host and port may have any address, whether no socket is opened at all, and who resolves names."""
        self._exempt = exempt
        self._offline = offline
        self._resolver = resolver
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the library's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address that answers.

        Raises:
            NotSentError: offline, or the name has no address.
            ForbiddenAddressError: one of its addresses is not public.
            httpcore.ConnectError, httpcore.ConnectTimeout: nobody answers.
        """
        if self._offline:
            raise NotSentError(
                "we are offline (OTIO_SOUNDTRACK_OFFLINE=1); nothing was sent.", hint="Unset it, or use --provider local."
            )
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise NotSentError(f"{host} has no address.", hint="Is the network up?") from error
        if not self._exempt(host, port) and not all(is_public(address) for address in addresses):
            raise ForbiddenAddressError(
                f"{host} leads to an address that is not public; nothing was sent there.",
                hint="If that is meant, name its origin in OTIO_SOUNDTRACK_TRUSTED_ORIGINS.",
            )
        failure: Exception = NotSentError(f"{host} has no address.", hint="Is the network up?")
        for address in addresses:
            try:
                stream = await self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:  # noqa: PERF203  # each address stands for itself
                failure = error
            else:
                return _Watched(stream)
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Sleep, for the library."""
        await asyncio.sleep(seconds)


class _Watched(httpcore.AsyncNetworkStream):
    """A connection that says when the first byte of a request is about to leave; the handshake of TLS is none."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        leaving = LEAVING.get()
        if leaving is not None:
            leaving.now()
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _Watched(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # the library's interface
        return self._stream.get_extra_info(info)
