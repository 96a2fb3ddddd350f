"""Server-sent events (WHATWG HTML, section 9.2), as far as services use them: the data of each event."""

from __future__ import annotations

from collections.abc import AsyncIterator

from otio_soundtrack.errors import BadReplyError

MOST_EVENT_BYTES = 1_000_000
"""Largest event: they hold some hundred bytes."""

END_MARK = "[DONE]"
"""What some gateways send after the last event; it is none."""


async def events(blocks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield the data of every event of a stream; comments, names and ids are passed over.

    Args:
        blocks: the stream as it comes, cut anywhere.

    Raises:
        BadReplyError: an event without end.
    """
    data: list[str] = []
    async for line in _lines(blocks):
        if line:
            name, _, value = line.partition(":")
            if name == "data":
                data.append(value.removeprefix(" "))
            if sum(map(len, data)) > MOST_EVENT_BYTES:
                raise BadReplyError(f"an event of the service is larger than {MOST_EVENT_BYTES:,} characters.")
        elif data:
            if data != [END_MARK]:
                yield "\n".join(data)
            data = []
    if data and data != [END_MARK]:  # the last event of a stream that ends without an empty line
        yield "\n".join(data)


async def _lines(blocks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Yield lines, whichever of the three line ends a service uses."""
    waiting = b""
    async for block in blocks:
        waiting += block
        # a carriage return at the very end may be half of a pair
        ready, waiting = _whole(waiting)
        for line in ready:
            yield line
        if len(waiting) > MOST_EVENT_BYTES:
            raise BadReplyError(f"a line of the service is larger than {MOST_EVENT_BYTES:,} bytes.")
    ready, _ = _whole(waiting + b"\n")
    for line in ready:
        yield line


def _whole(text: bytes) -> tuple[list[str], bytes]:
    """Return the complete lines at the head of a text, and what is left."""
    lines: list[str] = []
    while True:
        ends = [place for place in (text.find(b"\n"), text.find(b"\r")) if place >= 0]
        if not ends:
            return lines, text
        end = min(ends)
        if text[end : end + 1] == b"\r" and end + 1 == len(text):
            return lines, text
        after = end + (2 if text[end : end + 2] == b"\r\n" else 1)
        lines.append(text[:end].decode("utf-8", errors="replace"))
        text = text[after:]
