"""A server on loopback that does what a test says, byte by byte, and remembers who came; written without any HTTP library."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import trustme

from otio_soundtrack.access import Access, NetworkSettings, Secret
from otio_soundtrack.tools.network.client import Network
from otio_soundtrack.tools.network.guard import Resolver, resolve

ISSUER = trustme.CA()
"""Made anew for each run: no key lies in the repository."""
CERTIFICATE = ISSUER.issue_cert("files.example")
KEY = "canary-key-4f1d77"
PUBLIC = "93.184.216.34"
"""An address that is not refused; nobody connects to it here."""


def trusting() -> ssl.SSLContext:
    """Return a context that trusts the issuer of this run."""
    context = ssl.create_default_context()
    ISSUER.configure_trust(context)
    return context


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Script = Iterable["bytes | float"]
"""What is answered: bytes to write and seconds to wait; then the connection is closed."""


@dataclass
class Server:
    """What a server saw."""

    port: int = 0
    tls: bool = False
    accepts: int = 0
    received: int = 0
    """Bytes of all requests."""
    asked: list[Asked] = field(default_factory=list)
    reading_ends_after: int | None = None
    """Bytes after which the connection is reset in the middle of a request."""

    @property
    def url(self) -> str:
        """Its origin."""
        return f"https://files.example:{self.port}" if self.tls else f"http://127.0.0.1:{self.port}"


def answer(body: bytes = b"{}", status: int = 200, **headers: str) -> bytes:
    """Return an answer with its true length, unless ``content_length`` says otherwise; empty values leave a header out."""
    named = {"content_length": str(len(body)), "content_type": "application/json", "connection": "close", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status} x", *lines, "", ""]).encode() + body


@asynccontextmanager
async def serving(script: Callable[[Asked], Script], *, tls: bool = False) -> AsyncIterator[Server]:
    """Give a server that answers by a script."""
    seen = Server(tls=tls)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        seen.accepts += 1
        try:
            asked = await _read(reader, seen)
            if asked is None:
                writer.transport.abort()
                return
            seen.asked.append(asked)
            for piece in script(asked):
                if isinstance(piece, bytes):
                    writer.write(piece)
                    await writer.drain()
                else:
                    await asyncio.sleep(piece)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            tasks.discard(task)

    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CERTIFICATE.configure_cert(context)
    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        server.close()
        left = list(tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


async def _read(reader: asyncio.StreamReader, seen: Server) -> Asked | None:
    """Return a request, None where the test wants it cut."""
    text = b""
    whole: int | None = None
    while whole is None or len(text) < whole:
        most = 65536 if seen.reading_ends_after is None else seen.reading_ends_after - len(text)
        if most <= 0:
            return None
        block = await reader.read(most)
        if not block:
            raise asyncio.IncompleteReadError(text, whole)
        text += block
        seen.received += len(block)
        head, mark, _ = text.partition(b"\r\n\r\n")
        if mark:
            fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
            whole = len(head) + 4 + int(fields.get("content-length", "0"))
    lines = text.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    return Asked(method, target, headers, text.partition(b"\r\n\r\n")[2])


def network(
    base_url: str = "https://service.example", *trusted: str, offline: bool = False, resolver: Resolver = resolve
) -> Network:
    """Return a client with the canary as its key."""
    settings = NetworkSettings(trusted_origins=frozenset(trusted), offline=offline)
    return Network(Access(name="test", base_url=base_url, key=Secret(KEY)), settings, resolver=resolver)
