"""No connection to an address that only this machine or its neighbours can reach."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpcore
import pytest

from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.tools.network.addresses import is_public
from otio_soundtrack.tools.network.download import download
from otio_soundtrack.tools.network.failures import ForbiddenAddressError, NotSentError
from otio_soundtrack.tools.network.guard import GuardedBackend
from tests.tools.network.server import PUBLIC, Asked, Script, answer, network, serving


def _words(text: str) -> list[str]:
    """Return the words of a table; a tabulator cannot stand in it."""
    return [word.replace("<TAB>", "\t") for word in text.split()]


CLOSED = _words("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 2002:c0a8:101:: 2001:10::1
2001:20::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""")
OPEN = _words("""
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.0.1.1 198.17.255.255 223.255.255.255
2606:4700:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888 64:ff9b::808:808 2002:808:808:: ::ffff:8.8.8.8
""")
HOSTS = _words("""
127.0.0.1 127.1 127.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0177.0.0.01 127.0.0.1. 127.255.255.254 127.8.9.1
0 0.0.0.0 00.00.00.00 0x0 localhost LOCALHOST LocalHost localhost. [::1] [0:0:0:0:0:0:0:1] [0000::0001] [::] [::ffff:127.0.0.1]
[::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [2002:7f00:1::] [fe80::1%25lo]
[::1%25lo] ①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 ⓛocalhost %31%32%37.0.0.1 local%68ost 127.0.0.1%00.example.com loc<TAB>alhost
service.example@127.0.0.1 service.example:443@127.0.0.1 :@127.0.0.1 127.0.0.1\\@service.example service.example\\@127.0.0.1
service.example#@127.0.0.1 inside.example metadata.example mixed.example wrapped.example six.example empty.example
""")
SCHEMES = ("http", "ftp", "file", "gopher", "unix", "ws", "javascript", "data", "HTTP")
NAMES = {
    "inside.example": ["127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "wrapped.example": ["64:ff9b::7f00:1"],
    "six.example": ["::1"],
    "empty.example": [],
}


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_not_public_are_told(address: str) -> None:
    """Every block of the registries, wrapped or not."""
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_addresses_that_anybody_may_reach_are_told(address: str) -> None:
    """Also those just beside a closed block, and public ones that are wrapped."""
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "1.2.3", "::g", "8.8.8.8 "])
def test_what_is_no_address_is_not_public(text: str) -> None:
    """A resolver that answers with anything else is not believed."""
    assert not is_public(text)


async def _system(host: str, port: int) -> list[str]:
    """Answer for invented names; numbers and localhost are read by the system, without a question to anybody."""
    if host in NAMES:
        return NAMES[host]
    if any(letter.isalpha() for letter in host.replace("x", "")) and "localhost" not in host.lower() and ":" not in host:
        raise OSError("no such name")
    found = await asyncio.get_running_loop().getaddrinfo(host, port)
    return [str(one[4][0]) for one in found]


def _ok(_asked: Asked) -> Script:
    return [answer(b"ID3 music")]


@pytest.mark.parametrize("form", ["https://{host}:{port}/take.mp3", "http://{host}:{port}/take.mp3"])
def test_hostile_addresses_get_no_connection(form: str, tmp_path: Path) -> None:
    """More than fifty ways to write this machine, each with and without TLS: typed errors, and nobody is called."""

    async def run() -> tuple[int, list[str]]:
        async with serving(_ok) as server, network(resolver=_system) as client:
            wrong = []
            for host in HOSTS:
                url = form.format(host=host, port=server.port)
                try:
                    await download(client, url, tmp_path, kind="audio")
                except (ForbiddenAddressError, NotSentError):
                    continue
                except Exception as error:  # noqa: BLE001  # that is the finding
                    wrong.append(f"{url}: {error!r}")
                else:
                    wrong.append(url)
            return server.accepts, wrong

    assert len(HOSTS) >= 50
    assert asyncio.run(run()) == (0, [])


def test_hostile_schemes_get_no_connection(tmp_path: Path) -> None:
    """Https or nothing, whoever is named."""

    async def run() -> int:
        async with serving(_ok) as server, network(resolver=_system) as client:
            for scheme in SCHEMES:
                for host in ("127.0.0.1", PUBLIC):
                    with pytest.raises(ForbiddenAddressError):
                        await download(client, f"{scheme}://{host}:{server.port}/take.mp3", tmp_path, kind="audio")
            return server.accepts

    assert asyncio.run(run()) == 0


@pytest.mark.parametrize("url", ["", "//127.0.0.1/x", "take.mp3", "https://", "https:///x", "https://[::1", "https://h:99999/"])
def test_what_is_no_address_is_a_typed_error(url: str, tmp_path: Path) -> None:
    """A service that names nothing gets nothing; a path alone is one of its own."""

    async def run() -> None:
        async with network(resolver=_system) as client:
            await download(client, url, tmp_path, kind="audio")

    with pytest.raises(SoundtrackError):
        asyncio.run(run())


class _Sockets(httpcore.AsyncNetworkBackend):
    """Notes who is called, and reaches nobody."""

    def __init__(self) -> None:
        self.called: list[str] = []

    async def connect_tcp(self, host: str, *_more: Any, **_named: Any) -> httpcore.AsyncNetworkStream:
        self.called.append(host)
        raise httpcore.ConnectError("nobody is there")


def test_a_name_that_changes_its_address_is_resolved_once() -> None:
    """What was judged is what is called: a second answer is never asked for."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    sockets = _Sockets()

    async def changing(_host: str, _port: int) -> list[str]:
        return next(answers)

    backend = GuardedBackend(lambda _host, _port: False, offline=False, resolver=changing)
    backend._sockets = sockets  # type: ignore[assignment]
    with pytest.raises(httpcore.ConnectError):
        asyncio.run(backend.connect_tcp("rebinding.example", 443))
    assert sockets.called == [PUBLIC]
    with pytest.raises(ForbiddenAddressError):
        asyncio.run(backend.connect_tcp("rebinding.example", 443))
    assert sockets.called == [PUBLIC]


def test_one_closed_address_among_open_ones_closes_the_name() -> None:
    """Nobody is called, not even the open one."""
    sockets = _Sockets()

    async def mixed(_host: str, _port: int) -> list[str]:
        return [PUBLIC, "::ffff:127.0.0.1"]

    backend = GuardedBackend(lambda _host, _port: False, offline=False, resolver=mixed)
    backend._sockets = sockets  # type: ignore[assignment]
    with pytest.raises(ForbiddenAddressError):
        asyncio.run(backend.connect_tcp("mixed.example", 443))
    assert sockets.called == []


@pytest.mark.parametrize("trusted", [(), ("http://127.0.0.1:1",), ("https://localhost:{port}",), ("http://localhost:{port}",)])
def test_trust_in_one_origin_is_no_trust_in_another(trusted: tuple[str, ...], tmp_path: Path) -> None:
    """Scheme, host and port must all be the same."""

    async def run() -> int:
        async with serving(_ok) as server:
            named = tuple(one.format(port=server.port) for one in trusted)
            async with network("https://service.example", *named) as client:
                for url in (f"http://127.0.0.1:{server.port}/x", f"https://127.0.0.1:{server.port}/x"):
                    with pytest.raises(ForbiddenAddressError):
                        await download(client, url, tmp_path, kind="audio")
            return server.accepts

    assert asyncio.run(run()) == 0


def test_a_trusted_origin_without_tls_is_not_reached_with_it(tmp_path: Path) -> None:
    """Trust in http on a port opens no other way to it."""

    async def run() -> int:
        async with serving(_ok) as server, network("https://service.example", server.url) as client:
            with pytest.raises(ForbiddenAddressError):
                await download(client, server.url.replace("http:", "https:") + "/x", tmp_path, kind="audio")
            return server.accepts

    assert asyncio.run(run()) == 0
