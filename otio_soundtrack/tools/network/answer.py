"""Answers, read as they come and within bounds; and what it means when one does not come whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpcore

from otio_soundtrack.errors import BadReplyError
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.tools.network.failures import BrokenOffError, NotSentError
from otio_soundtrack.tools.network.guard import Leaving

MOST_BODY_BYTES = 8_000_000
"""Largest answer that is read whole: plans and analyses have some hundred kilobytes."""
_KEPT_HEADERS = (
    "content-type",
    "content-length",
    "content-encoding",
    "retry-after",
    "retry-after-ms",
    "location",
    "etag",
    "content-range",
    "accept-ranges",
    "date",
)


class Answer:
    """An answer whose body is read as it comes."""

    def __init__(self, response: httpcore.Response, url: str, watch: Leaving) -> None:
        """Take the answer, where it came from, and what has left for it."""
        self._response = response
        self._watch = watch
        self.url = url
        self.status = response.status
        named = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers)
        self.headers = {name: value for name, value in named if name in _KEPT_HEADERS}

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes.

        Raises:
            BrokenOffError: it ends before its end.
        """
        with told_apart(self._watch, urlsplit(self.url).hostname or ""):
            async for block in self._response.aiter_stream():
                yield block

    async def whole(self) -> bytes:
        """Return the body.

        Raises:
            BadReplyError: it is larger than any answer of a service.
            BrokenOffError: it ends before its end.
        """
        body = bytearray()
        async for block in self.blocks():
            body += block
            if len(body) > MOST_BODY_BYTES:
                raise BadReplyError(f"the answer of {urlsplit(self.url).hostname} is larger than {MOST_BODY_BYTES:,} bytes.")
        return bytes(body)

    def reply(self, body: bytes = b"") -> Reply:
        """Return the answer as data."""
        return Reply(status=self.status, headers=self.headers, body=body, url=self.url)


@contextmanager
def told_apart(watch: Leaving, host: str) -> Iterator[None]:
    """Turn what the library raises into what matters: whether anything has left."""
    try:
        yield
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError, OSError) as error:
        if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.PoolTimeout) or not watch.left:
            raise NotSentError(f"{host} cannot be reached; nothing was sent.", hint="Is the network up?") from error
        what = "is silent" if isinstance(error, httpcore.TimeoutException) else "broke off the connection"
        raise BrokenOffError(f"{host} {what} before its answer was complete.") from error
