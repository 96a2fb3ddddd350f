"""What is sent, to whom, and what is known when it goes wrong."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from otio_soundtrack.errors import BadReplyError, SoundtrackError, StoreError
from otio_soundtrack.model.wire import FilePiece, Part, Reply, Request
from otio_soundtrack.tools.network import client as door
from otio_soundtrack.tools.network.download import download
from otio_soundtrack.tools.network.failures import BrokenOffError, ForbiddenAddressError, NotSentError
from tests.tools.network.server import KEY, Asked, Script, Server, answer, network, serving, trusting

PAID = Request(method="POST", path="/v1/songs", json={"prompt": "Über den Wolken", "seconds": 83.5}, silence_seconds=5.0)
AUTHORIZED = f"Bearer {KEY}"
NAME = 'a"\r\nX: y.mp4'


def _send(script: Callable[[Asked], Script], request: Request) -> tuple[Reply, Server]:
    async def run() -> tuple[Reply, Server]:
        async with serving(script) as server, network(server.url) as client:
            return await client.send(request), server

    return asyncio.run(run())


def test_json_arrives_as_it_was_said() -> None:
    """With key, path, query and length."""
    request = Request(method="POST", path="/v1/songs", query=(("a", "1 & 2"), ("b", "ü")), json={"title": "Ü", "n": None})
    reply, server = _send(lambda _: [answer(b'{"id": 7}', 201, retry_after="3", set_cookie="x=1")], request)
    asked = server.asked[0]
    assert (asked.method, asked.target) == ("POST", "/v1/songs?a=1+%26+2&b=%C3%BC")
    assert json.loads(asked.body) == {"title": "Ü", "n": None}
    assert (asked.headers["authorization"], asked.headers["content-type"]) == (AUTHORIZED, "application/json")
    assert (reply.status, reply.json(), reply.headers["retry-after"]) == (201, {"id": 7}, "3")
    assert "set-cookie" not in reply.headers


def test_pieces_of_files_arrive_as_parts_byte_by_byte(tmp_path: Path) -> None:
    """Names cannot break out of their header, and a piece is as long as was said."""
    file = tmp_path / "cut.mp4"
    file.write_bytes(bytes(range(256)) * 1000)
    parts = (
        Part(name="number", content="2"),
        Part(
            name="chunk",
            content=FilePiece(path=file, start=70_000, length=130_000),
            filename='a"\r\nX: y.mp4',
            media_type="video/mp4",
        ),
    )
    _, server = _send(lambda _: [answer()], Request(method="POST", path="/upload", parts=parts))
    asked = server.asked[0]
    boundary = asked.headers["content-type"].partition("boundary=")[2]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    lines = [
        f'{head}number"\r\n\r\n2\r\n',
        f'{head}chunk"; filename="a%22%0D%0AX: y.mp4"\r\nContent-Type: video/mp4\r\n\r\n',
    ]
    assert asked.body == "".join(lines).encode() + file.read_bytes()[70_000:200_000] + f"\r\n--{boundary}--\r\n".encode()


@pytest.mark.parametrize("piece", [FilePiece(path=Path("absent")), FilePiece(path=Path(__file__), start=10**9)])
def test_a_file_that_is_not_there_is_told_before_anything_leaves(piece: FilePiece) -> None:
    """Nobody is called for half an upload."""

    async def run() -> int:
        async with serving(lambda _: [answer()]) as server, network(server.url) as client:
            with pytest.raises(StoreError):
                await client.send(Request(method="POST", path="/upload", parts=(Part(name="file", content=piece),)))
            return server.accepts

    assert asyncio.run(run()) == 0


@pytest.mark.parametrize(
    "status", [200, 201, 202, 301, 307, 400, 401, 402, 403, 404, 405, 409, 413, 422, 429, 430, 500, 502, 503, 504]
)
def test_every_status_is_an_answer(status: int) -> None:
    """What it means is for the provider to say; what was posted is never sent on."""
    reply, server = _send(lambda _: [answer(b"{}", status, location="/elsewhere")], PAID)
    assert (reply.status, len(server.asked)) == (status, 1)


def test_an_answer_beyond_all_measure_is_refused() -> None:
    """Nine megabytes of spaces are no answer."""
    with pytest.raises(BadReplyError):
        _send(lambda _: [answer(b" " * 9_000_000)], PAID)


def test_a_silent_service_is_left_after_its_silence() -> None:
    """Bytes have left: what has become of them is not known."""
    start = time.monotonic()
    with pytest.raises(BrokenOffError):
        _send(lambda _: [30.0], Request(method="POST", path="/v1/songs", json={}, silence_seconds=0.2))
    assert time.monotonic() - start < 2.0


def test_a_service_that_trickles_is_left_after_all_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is no silence, but no answer either."""
    monkeypatch.setattr(door, "MOST_CALL_S", 0.3)

    def trickle(_: Asked) -> Script:
        yield b"HTTP/1.1 200 OK\r\nX-Slow: "
        for _byte in range(500):
            yield b"x"
            yield 0.02

    start = time.monotonic()
    with pytest.raises(BrokenOffError):
        _send(trickle, PAID)
    assert time.monotonic() - start < 2.0


def test_offline_opens_no_socket_and_asks_no_name() -> None:
    """Not even the service's own."""

    async def nobody(_host: str, _port: int) -> list[str]:
        raise AssertionError("a name was asked for")

    async def run() -> int:
        async with serving(lambda _: [answer()]) as server, network(server.url, offline=True, resolver=nobody) as client:
            with pytest.raises(NotSentError):
                await client.send(PAID)
            return server.accepts

    assert asyncio.run(run()) == 0


def test_nobody_there_means_nothing_was_sent() -> None:
    """A closed port, and a name that nobody has: the ledger is not told that anything leaves."""
    told = []

    async def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    async def run() -> None:
        async with serving(lambda _: [answer()]) as server:
            closed = server.url
        for client in (network(closed), network("https://service.example", resolver=unknown)):
            async with client:
                with pytest.raises(NotSentError):
                    await client.send(PAID, leaving=lambda: told.append(1))

    asyncio.run(run())
    assert told == []


def test_leaving_is_told_once_before_the_first_byte() -> None:
    """The server has seen nothing yet when the ledger is told; where that fails, nothing leaves at all."""
    seen: list[int] = []

    async def run() -> int:
        async with serving(lambda _: [answer()]) as server, network(server.url) as client:
            await client.send(PAID, leaving=lambda: seen.append(server.received))
            before = server.received

            def refuse() -> None:
                raise StoreError("the disk is full")

            with pytest.raises(StoreError):
                await client.send(PAID, leaving=refuse)
            await asyncio.sleep(0.05)
            return server.received - before

    assert asyncio.run(run()) == 0
    assert seen == [0]


async def _at_loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_tls_is_spoken_with_the_name_though_the_address_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate is judged by the host of the URL."""
    monkeypatch.setattr(door, "_trust", trusting)

    async def run() -> tuple[int, str]:
        async with serving(lambda _: [answer()], tls=True) as server, network(server.url, resolver=_at_loopback) as client:
            return (await client.send(PAID)).status, server.asked[0].headers["authorization"]

    assert asyncio.run(run()) == (200, AUTHORIZED)


@pytest.mark.parametrize("trusted", [True, False], ids=["wrong name", "unknown issuer"])
def test_a_stranger_with_the_right_address_is_told_nothing(trusted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handshake fails: no byte of the request has left, and the ledger was not told so."""
    if trusted:
        monkeypatch.setattr(door, "_trust", trusting)
    told: list[int] = []

    async def run() -> list[Asked]:
        async with serving(lambda _: [answer()], tls=True) as server:
            url = server.url.replace("files", "other") if trusted else server.url
            async with network(url, resolver=_at_loopback) as client:
                with pytest.raises(NotSentError):
                    await client.send(PAID, leaving=lambda: told.append(1))
            return server.asked

    assert asyncio.run(run()) == []
    assert told == []


WHOLE = answer(b'{"code":200,"data":{"taskId":"5c79be8e"}}')


def test_an_answer_that_is_cut_at_any_byte_leaves_it_unknown() -> None:
    """Every byte of the answer to a paid call: never an answer, never "nothing was sent"."""
    cuts = iter(range(len(WHOLE)))

    async def run() -> list[type[Exception]]:
        ended: list[type[Exception]] = []
        async with serving(lambda _: [WHOLE[: next(cuts)]]) as server, network(server.url) as client:
            for _ in range(len(WHOLE)):
                with pytest.raises(SoundtrackError) as raised:
                    await client.send(PAID)
                ended.append(raised.type)
            assert len(server.asked) == len(WHOLE)  # each was sent once
        return ended

    assert len(WHOLE) > 120
    assert set(asyncio.run(run())) == {BrokenOffError}


def test_a_request_that_is_cut_at_any_byte_is_not_sent_only_where_nothing_arrived() -> None:
    """The server resets after so many bytes: who has seen a byte may have understood, and nobody says otherwise."""

    async def run() -> tuple[list[tuple[type[Exception], int, int]], int]:
        ended = []
        async with serving(lambda _: [answer()]) as server, network(server.url) as client:
            await client.send(PAID)
            length = server.received
            for cut in range(length):
                server.reading_ends_after, before = cut, server.received
                told: list[int] = []
                with pytest.raises((NotSentError, BrokenOffError)) as raised:
                    await client.send(PAID, leaving=lambda told=told: told.append(1))
                ended.append((raised.type, server.received - before, len(told)))
            return ended, len(server.asked)

    ended, understood = asyncio.run(run())
    assert len(ended) >= 180
    assert understood == 1
    assert all(kind is BrokenOffError for kind, arrived, _ in ended if arrived)
    assert all(told == 1 for kind, _, told in ended if kind is BrokenOffError)


REDIRECTS = [(status, hops) for status in (301, 302, 303, 307, 308) for hops in (1, 2, 5, 6)]


@pytest.mark.parametrize(("status", "hops"), REDIRECTS)
def test_a_question_follows_five_redirects_and_no_sixth(status: int, hops: int) -> None:
    """Within the service, with its key; then it is no answer."""

    def script(asked: Asked) -> Script:
        at = int(asked.target[1:])
        return [answer(b"{}", status, location=f"/{at + 1}") if at < hops else answer(b'{"at": "end"}')]

    async def run() -> tuple[object, list[Asked]]:
        async with serving(script) as server, network(server.url) as client:
            try:
                ended: object = (await client.send(Request(method="GET", path="/0"))).json()
            except BadReplyError:
                ended = None
            return ended, server.asked

    ended, asked = asyncio.run(run())
    assert ended == ({"at": "end"} if hops <= 5 else None)
    assert len(asked) == min(hops, 5) + 1
    assert all(one.headers["authorization"] == AUTHORIZED for one in asked)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/x",
        "//127.0.0.1:{other}/x",
        "https://127.0.0.1:{other}/x",
        "http://localhost:{other}/x",
        "https://localhost:{other}/x",
        "https://[::1]:{other}/x",
        "https://2130706433:{other}/x",
        "https://user@127.0.0.1:{other}/x",
        "ftp://127.0.0.1:{other}/x",
        "file:///etc/passwd",
        "https://169.254.169.254/latest",
        "https://[::ffff:127.0.0.1]:{other}/x",
        "https://\x7f:{other}/",
        "https://[",
    ],
)
def test_a_redirect_is_judged_like_any_address(target: str) -> None:
    """The way there was trusted; that says nothing of where it leads."""

    async def run() -> int:
        async with serving(lambda _: [answer()]) as other:
            place = target.format(other=other.port)
            async with serving(lambda _: [answer(b"", 302, location=place)]) as server, network(server.url) as client:
                with pytest.raises((ForbiddenAddressError, NotSentError)):
                    await client.send(Request(method="GET", path="/0"))
            return other.accepts

    assert asyncio.run(run()) == 0


def test_https_is_never_left_by_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even to an origin that is trusted without it."""
    monkeypatch.setattr(door, "_trust", trusting)

    async def run() -> int:
        async with serving(lambda _: [answer()]) as plain:
            script = lambda _: [answer(b"", 302, location=f"{plain.url}/x")]  # noqa: E731  # it closes over the port
            async with serving(script, tls=True) as server, network(server.url, plain.url, resolver=_at_loopback) as client:
                with pytest.raises(ForbiddenAddressError):
                    await client.send(Request(method="GET", path="/0"))
            return plain.accepts

    assert asyncio.run(run()) == 0


FLOWS = [
    (way, with_key, status)
    for way in ("direct", "redirect", "twice", "back")
    for with_key in (True, False)
    for status in (301, 302, 303, 307, 308)
]


@pytest.mark.parametrize(("way", "with_key", "status"), FLOWS)
def test_the_key_goes_to_its_service_alone(way: str, with_key: bool, status: int, tmp_path: Path) -> None:
    """Forty ways to a file on another machine: it is fetched, and no header there tells what only the service should know."""

    async def run() -> tuple[list[Asked], list[Asked]]:
        ports: dict[str, str] = {}

        def storage(asked: Asked) -> Script:
            if asked.target == "/hop":
                return [answer(b"", status, location="/file")]
            if asked.target == "/back":
                return [answer(b"", status, location=f"{ports['home']}/onward")]
            return [answer(b"ID3 music")]

        def home(asked: Asked) -> Script:
            return (
                [answer(b"", status, location=ports["storage"] + {"twice": "/hop", "back": "/back"}.get(way, "/file"))]
                if (asked.target == "/start")
                else [answer(b"ID3 music")]
            )

        async with serving(home) as service, serving(storage) as other:
            ports.update(home=service.url, storage=other.url)
            async with network(service.url, other.url) as client:
                url = f"{other.url}/file" if way == "direct" else f"{service.url}/start"
                await download(client, url, tmp_path, kind="audio", with_key=with_key)
                await client.send(
                    Request(method="GET", path=url, headers={"X-Api-Key": KEY, "Cookie": KEY}, with_key=with_key)
                ) if way != "direct" else None
            return service.asked, other.asked

    at_home, elsewhere = asyncio.run(run())
    assert elsewhere
    for asked in elsewhere:
        assert KEY not in str(asked)
    assert all((asked.headers.get("authorization") == AUTHORIZED) == with_key for asked in at_home)


def test_no_error_tells_the_key_or_the_query_of_a_link(tmp_path: Path) -> None:
    """Message, hint, representation and the whole chain of causes, for everything that can go wrong on the way; also encoded."""
    query = "S1gnatur3"
    forms = [KEY, quote(KEY), base64.b64encode(KEY.encode()).decode(), query]
    scripts: list[Script] = [
        [],
        [answer(b"{", 500)],
        [answer(b"<html>", 200)],
        [answer(b"", 302, location=f"ftp://x/?{query}")],
        [answer(b"", 302, location=f"https://127.0.0.1/?{query}")],
        [answer(b"", 302, location=f"https://[?{query}")],
        [b"nonsense"],
        [answer(b"x" * 9_000_000)],
    ]
    texts: list[str] = []

    async def run() -> None:
        for script in scripts:
            async with serving(lambda _, script=script: script) as server, network(server.url) as client:
                for call in (
                    client.send(Request(method="GET", path=f"/x?{query}")),
                    download(client, f"{server.url}/x?{query}", tmp_path, kind="audio", with_key=True),
                ):
                    try:
                        await call
                    except SoundtrackError as error:  # noqa: PERF203  # each call stands for itself
                        texts.append("".join(traceback.format_exception(error)) + repr(error) + error.hint)

    asyncio.run(run())
    assert len(texts) >= 12
    assert [form for form in forms for text in texts if form in text] == []


def test_no_log_tells_the_key_or_where_a_link_leads(caplog: pytest.LogCaptureFixture) -> None:
    """The HTTP library's own log at its loudest holds neither headers nor addresses of ours."""
    caplog.set_level(0)
    _send(
        lambda asked: [answer(b"", 302, location="/x?S1gnatur3") if asked.target == "/" else answer()],
        Request(method="GET", path="/"),
    )
    assert not [text for text in caplog.messages if KEY in text or "S1gnatur3" in text]
    assert not [record for record in caplog.records if record.name.startswith("httpcore.http11")]


def test_many_calls_at_once_tell_their_own_leaving() -> None:
    """Fifty in one loop, each told once."""
    told: list[int] = []

    async def run() -> int:
        async with serving(lambda _: [0.01, answer()]) as server, network(server.url) as client:
            await asyncio.gather(*(client.send(PAID, leaving=lambda one=one: told.append(one)) for one in range(50)))
            return len(server.asked)

    assert asyncio.run(run()) == 50
    assert sorted(told) == list(range(50))
