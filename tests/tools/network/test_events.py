"""Streams of events, cut anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import BadReplyError, RefusedError
from otio_soundtrack.model.wire import Reply, Request
from otio_soundtrack.tools.network.events import MOST_EVENT_BYTES, events
from otio_soundtrack.tools.network.failures import BrokenOffError
from tests.tools.network.server import answer, network, serving

STREAM = ': hello\nid: 7\ndata: {"progress": 10}\n\ndata:first\ndata: second\n\n\ndata: ü 𝄞\n\nretry: 5\n\ndata: [DONE]\n\n'
SAID = ['{"progress": 10}', "first\nsecond", "ü 𝄞"]
REQUEST = Request(method="POST", path="/remix", json={}, accept="text/event-stream", silence_seconds=0.3)


def _parsed(blocks: list[bytes]) -> list[str]:
    async def stream() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    async def run() -> list[str]:
        return [data async for data in events(stream())]

    return asyncio.run(run())


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@given(cuts=st.lists(st.integers(0, 200), max_size=12))
def test_events_are_the_same_wherever_blocks_are_cut(line_end: str, cuts: list[int]) -> None:
    """Between the bytes of a letter or of a line end too; comments and ids are passed over (WHATWG HTML 9.2)."""
    text = STREAM.replace("\n", line_end).encode()
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    assert _parsed([text[start:end] for start, end in pairwise(places)]) == SAID


@pytest.mark.parametrize(
    ("text", "said"), [("", []), ("\n\n", []), (": ping\n\n", []), ("data\n\n", [""]), ("data: x", ["x"]), ("data: [DONE]", [])]
)
def test_streams_with_little_in_them_are_read(text: str, said: list[str]) -> None:
    """Nothing, pings alone, an event without content, and a last one without its empty line."""
    assert _parsed([text.encode()]) == said


@pytest.mark.parametrize("piece", [b"x" * 10_000, b"data: " + b"x" * 10_000 + b"\n"], ids=["line", "event"])
def test_an_event_without_end_is_refused(piece: bytes) -> None:
    """Memory is bounded, whether it has lines or not."""
    with pytest.raises(BadReplyError):
        _parsed([piece] * (MOST_EVENT_BYTES // 10_000 + 2))


def _streamed(*pieces: bytes | float, **headers: str) -> tuple[list[str], Exception | None, list[Reply]]:
    """Return what came of a stream: events, how it ended, what was shown at its opening."""
    heard: list[str] = []
    shown: list[Reply] = []

    async def run() -> Exception | None:
        def opened(reply: Reply) -> None:
            shown.append(reply)
            if reply.status != 200:
                raise RefusedError("no")

        async with serving(lambda _: [answer(b"", **headers), *pieces]) as server, network(server.url) as client:
            try:
                async for data in client.events(REQUEST, leaving=lambda: heard.append("left"), opened=opened):
                    heard.append(data)  # noqa: PERF401  # what came before the end matters
            except (BrokenOffError, RefusedError) as error:
                return error
            return None

    return heard, asyncio.run(run()), shown


def test_a_stream_is_heard_as_it_comes() -> None:
    """Told to the ledger first, then opened without a body, then event by event."""
    heard, error, shown = _streamed(
        b"data: 1\n\nda", 0.02, b"ta: 2\n\n", content_length="", content_type="text/event-stream; charset=utf-8"
    )
    assert (heard, error) == (["left", "1", "2"], None)
    assert [(reply.status, reply.body) for reply in shown] == [(200, b"")]


@pytest.mark.parametrize("silent", [True, False])
def test_a_stream_that_breaks_off_tells_so_after_what_it_said(silent: bool) -> None:
    """Cut, or silent for too long: its events have been heard."""
    pieces = (b"b\r\ndata: 90\n\n\r\n", 5.0) if silent else (b"b\r\ndata: 90\n\n\r\n",)
    heard, error, _ = _streamed(*pieces, content_length="", transfer_encoding="chunked", content_type="text/event-stream")
    assert heard == ["left", "90"]
    assert isinstance(error, BrokenOffError)


def test_an_answer_that_is_no_stream_is_shown_whole() -> None:
    """A refusal comes as JSON: the provider reads it, and no event is made of it."""
    text = b'{"error": "balance"}'
    heard, error, shown = _streamed(text, content_length=str(len(text)))
    assert (heard, error) == (["left"], None)
    assert shown[0].json() == {"error": "balance"}
