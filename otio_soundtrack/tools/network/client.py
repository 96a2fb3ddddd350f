"""The one client: requests as data go out, replies as data come back (floor 2).

The key goes to the origin of the service's base URL and to nobody else; nothing is redirected with it. Addresses that a service
names are https and public, checked after resolution and on every redirect, unless their exact origin is trusted by setting.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
import httpx

from otio_soundtrack.access import Access, NetworkSettings, origin
from otio_soundtrack.errors import BadReplyError
from otio_soundtrack.model.wire import Reply, Request
from otio_soundtrack.tools.network.answer import Answer, told_apart
from otio_soundtrack.tools.network.body import Body, body_of
from otio_soundtrack.tools.network.events import events
from otio_soundtrack.tools.network.failures import BrokenOffError, ForbiddenAddressError
from otio_soundtrack.tools.network.guard import LEAVING, GuardedBackend, Leaving, Resolver, resolve
from otio_soundtrack.tools.network.places import Places

MOST_REDIRECTS = 5
"""Storage services use one or two."""
CONNECT_S = 15.0
"""Longest wait for a connection."""
IDLE_S = 3.0
"""How long a connection waits for the next request: less than any server does (uvicorn 5 s, nginx 75 s), because a paid call on a
connection that the other side is just closing is a call whose fate nobody knows."""
MOST_CALL_S = 1800.0
"""Longest call with everything, however little comes at a time: thirty megabytes on a slow line take some minutes."""
MOST_CONNECTIONS = 100
_HARMLESS = ("Range", "If-Range")
"""Headers of a request that go along to another origin."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
EVENT_STREAM = "text/event-stream"
_AGENT = "otio-soundtrack"
Tell = Callable[[], None]


def _of_others(_record: logging.LogRecord) -> bool:
    """Keep the library's log of our calls to ourselves: it holds headers, and links in them are secrets."""
    return LEAVING.get() is None


for _name in ("httpcore.http11", "httpcore.connection", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_of_others)


@cache
def _trust() -> ssl.SSLContext:
    """Return whom we trust to say who is who; read once, because that takes a while."""
    return ssl.create_default_context(cafile=certifi.where())


def _nothing() -> None:
    """Tell nobody."""


class Network:
    """Connections to one service and to the files that it names; used inside one event loop, as a context."""

    def __init__(self, access: Access, settings: NetworkSettings, *, resolver: Resolver = resolve) -> None:
        """Take how the service is reached, what holds for all, and who resolves names."""
        self._access = access
        self._places = Places(access.base_url, settings)
        backend = GuardedBackend(self._places.exempt, offline=settings.offline, resolver=resolver)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trust(),
            max_connections=MOST_CONNECTIONS,
            max_keepalive_connections=MOST_CONNECTIONS,
            keepalive_expiry=IDLE_S,
            network_backend=backend,
        )

    async def __aenter__(self) -> Network:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    async def send(self, request: Request, *, leaving: Tell = _nothing) -> Reply:
        """Send a request and return the answer, whatever its status.

        Args:
            request: a path below the base URL, or a whole URL.
            leaving: called once, right before the first byte leaves.

        Raises:
            NotSentError: nothing has left.
            BrokenOffError: bytes have left and the answer did not come whole.
            ForbiddenAddressError: a whole URL that nobody may name.
            BadReplyError: an answer beyond all measure.
        """
        try:
            return await asyncio.wait_for(self._sent(request, leaving), MOST_CALL_S)
        except asyncio.TimeoutError as error:
            raise BrokenOffError(f"{self.host(request)} took longer than {MOST_CALL_S:g} s for one answer.") from error

    async def _sent(self, request: Request, leaving: Tell) -> Reply:
        async with self.opened(request, leaving=leaving) as answer:
            return answer.reply(await answer.whole())

    @asynccontextmanager
    async def opened(self, request: Request, *, leaving: Tell = _nothing) -> AsyncIterator[Answer]:
        """Give an answer whose body is still to be read; raises as :meth:`send`."""
        url = self.url_of(request)
        headers = self._headers(request, url)
        content, more = body_of(request)
        headers.update(more)
        for _ in range(MOST_REDIRECTS + 1):
            async with self._exchange(request, url, headers, content, leaving) as answer:
                onward = self._onward(request, url, answer)
                if onward is None:
                    yield answer
                    return
            if origin(onward) != origin(url):
                request = replace(request, headers={name: request.headers[name] for name in request.headers if name in _HARMLESS})
            url, leaving = onward, _nothing  # that has been told
            headers = self._headers(request, url)
        raise BadReplyError(f"more than {MOST_REDIRECTS} redirects from {urlsplit(url).hostname}.")

    def url_of(self, request: Request) -> str:
        """Return where a request goes.

        Raises:
            ForbiddenAddressError: a whole URL that is neither https nor trusted.
        """
        url = self._access.base_url + request.path if request.path.startswith("/") else request.path
        if request.query:
            url += "?" + str(httpx.QueryParams(list(request.query)))
        self._places.require(url)
        return url

    def _headers(self, request: Request, url: str) -> dict[str, str]:
        headers = {"Accept": request.accept, "Accept-Encoding": "identity", "User-Agent": _AGENT, **request.headers}
        if request.with_key and self._access.key is not None and origin(url) == self._places.home:
            headers["Authorization"] = f"Bearer {self._access.key.reveal()}"
        return headers

    def _onward(self, request: Request, url: str, answer: Answer) -> str | None:
        """Return where an answer sends us on, None where it is the answer itself; what was posted is never sent on."""
        target = answer.headers.get("location", "")
        if answer.status not in _REDIRECTS or request.method != "GET" or not target:
            return None
        onward = _joined(url, target)
        if urlsplit(url).scheme == "https" and urlsplit(onward).scheme != "https":
            raise ForbiddenAddressError(
                f"{urlsplit(url).hostname} sends us on to an address that is not https; nothing was sent there."
            )
        self._places.require(onward)
        return onward

    @asynccontextmanager
    async def _exchange(
        self, request: Request, url: str, headers: Mapping[str, str], content: Body, leaving: Tell
    ) -> AsyncIterator[Answer]:
        """Send once, and give the head of the answer."""
        watch = Leaving(leaving)
        LEAVING.set(watch)
        silence = request.silence_seconds
        timeouts = {"connect": CONNECT_S, "read": silence, "write": silence, "pool": CONNECT_S}
        host = urlsplit(url).hostname or ""
        try:
            with told_apart(watch, host):
                sent = httpx.Request(request.method, url, headers=headers, content=content, extensions={"timeout": timeouts})
                raw = httpcore.Request(
                    method=sent.method,
                    url=httpcore.URL(
                        scheme=sent.url.raw_scheme, host=sent.url.raw_host, port=sent.url.port, target=sent.url.raw_path
                    ),
                    headers=sent.headers.raw,
                    content=sent.stream,
                    extensions=sent.extensions,
                )
                response = await self._pool.handle_async_request(raw)
            try:
                yield Answer(response, url, watch)
            finally:
                await response.aclose()
        finally:
            LEAVING.set(None)

    def host(self, request: Request) -> str:
        """Return the machine that a request goes to."""
        return urlsplit(self.url_of(request)).hostname or ""

    async def events(self, request: Request, *, leaving: Tell, opened: Callable[[Reply], None]) -> AsyncIterator[str]:
        """Yield the data of the server-sent events that answer a request.

        Args:
            request: the request.
            leaving: called once, right before the first byte leaves.
            opened: is shown status and headers, and the body where it is no event stream; may raise.

        Raises:
            NotSentError, BrokenOffError, BadReplyError: as :meth:`send`.
        """
        async with self.opened(request, leaving=leaving) as answer:
            streams = answer.headers.get("content-type", "").split(";")[0].strip().lower() == EVENT_STREAM
            opened(answer.reply(b"" if streams else await answer.whole()))
            if not streams:
                return
            async for data in events(answer.blocks()):
                yield data


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        raise ForbiddenAddressError(f"{urlsplit(url).hostname} sends us on to an address that is none.") from None
