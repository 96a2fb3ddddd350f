"""Downloads are whole and what they should be, or they are not there."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from otio_soundtrack.errors import BadReplyError, RateLimitedError, SoundtrackError, UnavailableError
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.tools.network.download import Bounds, download
from otio_soundtrack.tools.network.failures import BrokenOffError, ExpiredLinkError
from tests.tools.network.server import Asked, Script, answer, network, serving

MUSIC = b"ID3\x04" + bytes(range(256)) * 80
"""Some 20 KB that begin like an MP3 file."""
TAG = '"v1"'
FREE = Bounds()
Told = Callable[[Asked], Script]


def _fetch(script: Told, folder: Path, times: int = 1, bounds: Bounds = FREE) -> tuple[Fetched | SoundtrackError, list[Asked]]:
    """Download so often, and return how the last time ended and what was asked."""

    async def run() -> tuple[Fetched | SoundtrackError, list[Asked]]:
        ended: Fetched | SoundtrackError = SoundtrackError("nothing was asked")
        async with serving(script) as server, network("https://service.example", server.url) as client:
            for _ in range(times):
                try:
                    ended = await download(client, f"{server.url}/a?Signature=s3cr3t", folder, kind="audio", bounds=bounds)
                except SoundtrackError as error:  # noqa: PERF203  # each time stands for itself
                    ended = error
            return ended, server.asked

    return asyncio.run(run())


def _taken(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if ".part" not in path.name]


def _chunked(body: bytes, *, ends: bool) -> bytes:
    head = answer(b"", content_length="", transfer_encoding="chunked", content_type="audio/mpeg")
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return head + b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in pieces) + (b"0\r\n\r\n" if ends else b"")


def _ranged(asked: Asked, content: bytes = MUSIC, tag: str = TAG) -> bytes:
    """Answer as a good storage does (RFC 9110 §13.1.5, §14)."""
    start = int(asked.headers.get("range", "bytes=0-")[6:].partition("-")[0])
    if "range" not in asked.headers or asked.headers.get("if-range") != tag:
        return answer(content, etag=tag, content_type="audio/mpeg")
    if start >= len(content):
        return answer(b"", 416, content_range=f"bytes */{len(content)}")
    return answer(content[start:], 206, etag=tag, content_range=f"bytes {start}-{len(content) - 1}/{len(content)}")


@pytest.mark.parametrize(
    "sent", [answer(MUSIC, etag=TAG), answer(MUSIC), _chunked(MUSIC, ends=True)], ids=["tag", "plain", "chunked"]
)
def test_a_good_file_lies_under_the_hash_of_its_bytes(sent: bytes, tmp_path: Path) -> None:
    """Whole, private, named by what it is, and nothing else is left."""
    mask = os.umask(0)
    try:
        fetched, _ = _fetch(lambda _: [sent], tmp_path / "store")
    finally:
        os.umask(mask)
    digest = hashlib.sha256(MUSIC).hexdigest()
    assert fetched == Fetched(path=tmp_path / "store" / f"{digest}.mp3", sha256=digest, size=len(MUSIC))
    assert fetched.path.read_bytes() == MUSIC
    assert list((tmp_path / "store").iterdir()) == [fetched.path]
    assert stat.S_IMODE(fetched.path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


@pytest.mark.parametrize("form", ["length", "chunked"])
def test_a_file_that_is_cut_anywhere_is_not_taken(form: str, tmp_path: Path) -> None:
    """At every hundredth of its bytes, in both forms in which the end is known: nothing is taken, nothing is final."""
    whole = answer(MUSIC) if form == "length" else _chunked(MUSIC, ends=False)
    cuts = iter(range(100))
    head = whole.index(b"\r\n\r\n") + 4

    def script(_: Asked) -> Script:
        return [whole[: head + (len(whole) - head) * next(cuts) // 100]]

    async def run() -> list[type[Exception]]:
        ended: list[type[Exception]] = []
        async with serving(script) as server, network("https://service.example", server.url) as client:
            for _ in range(100):
                with pytest.raises(SoundtrackError) as raised:
                    await download(client, f"{server.url}/a.mp3", tmp_path, kind="audio")
                ended.append(raised.type)
        return ended

    assert set(asyncio.run(run())) == {BrokenOffError}
    assert _taken(tmp_path) == []


NO_MUSIC = {
    "message": b'{"code": 404, "msg": "task not found"}',
    "list": b"[]",
    "marked message": b"\xef\xbb\xbf" + b'{"error": 1}',
    "wide message": '{"error": "x"}'.encode("utf-16"),
    "spaced message": b"\n\n  " + b'{"error": 1}',
    "page": b"<!DOCTYPE html><html><body>expired</body></html>",
    "storage error": b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    "text": b"Not Found",
    "nothing": b"",
    "one byte": b"I",
    "zeros": bytes(5000),
    "packed": gzip.compress(MUSIC),
    "archive": b"PK\x03\x04" + bytes(100),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "photograph": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100),
    "document": b"%PDF-1.7" + bytes(100),
    "program": b"\x7fELF" + bytes(100),
    "playlist": b"#EXTM3U\nhttp://127.0.0.1/a.ts",
    "picture in a form": b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(100),
    "wave without its form": b"XXXX\x00\x00\x00\x00WAVEfmt ",
    "other form": b"FORM\x00\x00\x00\x00ILBM" + bytes(100),
}


@pytest.mark.parametrize("kind", ["audio/mpeg", "application/octet-stream"])
@pytest.mark.parametrize("what", NO_MUSIC)
def test_what_is_no_music_is_not_taken_whatever_it_is_called(what: str, kind: str, tmp_path: Path) -> None:
    """Status 200 and the type of a sound prove nothing; of what came nothing is left."""
    ended, _ = _fetch(lambda _: [answer(NO_MUSIC[what], content_type=kind)], tmp_path)
    assert type(ended) is BadReplyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, ExpiredLinkError) for status in (403, 404, 410)),
        *((status, BadReplyError) for status in (201, 202, 204, 206, 304, 400, 401, 402, 409, 416, 422, 451)),
        *((status, UnavailableError) for status in (500, 502, 503, 504, 520)),
        (429, RateLimitedError),
    ],
)
def test_an_answer_that_is_no_file_is_told_by_its_status(status: int, error: type[Exception], tmp_path: Path) -> None:
    """Also where its body is music."""
    ended, _ = _fetch(lambda _: [answer(b"" if status in (204, 304) else MUSIC, status)], tmp_path)
    assert type(ended) is error
    assert _taken(tmp_path) == []


@pytest.mark.parametrize("packing", ["gzip", "br", "deflate", "zstd"])
def test_a_file_that_was_packed_unasked_is_not_unpacked(packing: str, tmp_path: Path) -> None:
    """We ask for the bytes as they are; a small answer that opens to a thousand times its size stays closed."""
    sent = answer(gzip.compress(b"ID3" + bytes(10_000_000)), content_encoding=packing)
    ended, asked = _fetch(lambda _: [sent], tmp_path)
    assert type(ended) is BadReplyError
    assert asked[0].headers["accept-encoding"] == "identity"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", ["20485", "99999", "2000000000"])
def test_a_length_that_is_longer_than_the_file_breaks_off(length: str, tmp_path: Path) -> None:
    """What is missing may still come: it can be asked again."""
    ended, _ = _fetch(lambda _: [answer(MUSIC, content_length=length)], tmp_path)
    assert isinstance(ended, BrokenOffError)
    assert _taken(tmp_path) == []


def test_a_file_without_end_stops_at_its_bound(tmp_path: Path) -> None:
    """Bytes beyond the bound are not written."""

    def endless(_: Asked) -> Script:
        yield answer(b"", content_length="", content_type="audio/mpeg") + b"ID3"
        while True:
            yield bytes(65536)

    ended, _ = _fetch(endless, tmp_path, bounds=Bounds(most_bytes=1_000_000))
    assert type(ended) is BadReplyError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_says_it_is_too_large_is_not_begun(tmp_path: Path) -> None:
    """Its first byte is not written."""
    ended, _ = _fetch(lambda _: [answer(MUSIC)], tmp_path, bounds=Bounds(most_bytes=len(MUSIC) - 1))
    assert type(ended) is BadReplyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(most_seconds=0.3),
        Bounds(window_seconds=0.1, least_bytes_a_second=1e6),
    ],
    ids=["time", "speed"],
)
def test_a_file_that_trickles_is_not_waited_for(bounds: Bounds, tmp_path: Path) -> None:
    """Neither beyond its time nor below its speed, though it never falls silent."""

    def slow(_: Asked) -> Script:
        yield answer(MUSIC)[:-1000]
        for _byte in range(900):
            yield b"x"
            yield 0.02

    start = time.monotonic()
    ended, _ = _fetch(slow, tmp_path, bounds=bounds)
    assert isinstance(ended, BrokenOffError)
    assert time.monotonic() - start < 1.5
    assert _taken(tmp_path) == []


def test_a_silent_storage_is_left(tmp_path: Path) -> None:
    """After its silence, not after all its time."""
    ended, _ = _fetch(lambda _: [answer(MUSIC)[:5000], 30.0], tmp_path, bounds=Bounds(silence_seconds=0.1))
    assert isinstance(ended, BrokenOffError)


def test_a_download_that_broke_off_anywhere_goes_on_there(tmp_path: Path) -> None:
    """At fifty places: the same bytes, and nothing is fetched twice."""
    cuts = [1 + (len(MUSIC) - 2) * number // 49 for number in range(50)]
    first = iter(cuts)

    def script(asked: Asked) -> Script:
        whole = _ranged(asked)
        return [whole if "range" in asked.headers else whole[: len(whole) - len(MUSIC) + next(first)]]

    async def run() -> tuple[set[str], list[Asked]]:
        hashes = set()
        async with serving(script) as server, network("https://service.example", server.url) as client:
            for cut in cuts:
                url = f"{server.url}/{cut}"
                with pytest.raises(BrokenOffError):
                    await download(client, url, tmp_path, kind="audio")
                hashes.add((await download(client, url, tmp_path, kind="audio")).sha256)
            return hashes, server.asked

    hashes, asked = asyncio.run(run())
    assert hashes == {hashlib.sha256(MUSIC).hexdigest()}
    assert [one.headers.get("range") for one in asked] == [each for cut in cuts for each in (None, f"bytes={cut}-")]
    assert {one.headers["if-range"] for one in asked[1::2]} == {TAG}


OTHER = b"ID3\x03" + bytes(reversed(range(256))) * 70
SECOND: dict[str, Callable[[Asked], bytes]] = {
    "ranges are ignored": lambda _: answer(OTHER, etag=TAG),
    "the tag has changed": lambda asked: _ranged(asked, OTHER, '"v2"'),
    "the piece is of another file": lambda asked: (
        answer(OTHER[9:], 206, etag='"v2"', content_range=f"bytes 9-{len(OTHER) - 1}/{len(OTHER)}")
        if "range" in asked.headers
        else answer(OTHER, etag='"v2"')
    ),
    "the piece begins elsewhere": lambda asked: (
        answer(OTHER[9:], 206, etag=TAG, content_range=f"bytes 9-{len(OTHER) - 1}/{len(OTHER)}")
        if "range" in asked.headers
        else answer(OTHER, etag=TAG)
    ),
    "the piece is of a file of another length": lambda asked: (
        answer(OTHER[5000:], 206, etag=TAG, content_range=f"bytes 5000-{len(OTHER) - 1}/{len(OTHER)}")
        if "range" in asked.headers
        else answer(OTHER, etag=TAG)
    ),
    "the piece does not say where it is from": lambda asked: (
        answer(OTHER[5000:], 206, etag=TAG) if "range" in asked.headers else answer(OTHER, etag=TAG)
    ),
    "the range is beyond": lambda asked: (
        answer(b"", 416, content_range=f"bytes */{len(OTHER)}") if "range" in asked.headers else answer(OTHER, etag=TAG)
    ),
    "only weak tags": lambda _: answer(OTHER, etag='W/"v1"'),
}


@pytest.mark.parametrize("second", SECOND)
def test_a_file_that_is_another_one_now_is_begun_again(second: str, tmp_path: Path) -> None:
    """No byte of the first is in the result, whatever the storage does when it is asked for the rest."""
    first = [True]

    def script(asked: Asked) -> Script:
        if first:
            first.pop()
            return [answer(MUSIC, etag=TAG)[:-15484]]  # 5,000 bytes of it came
        return [SECOND[second](asked)]

    ended, _ = _fetch(script, tmp_path, times=2)
    assert isinstance(ended, Fetched)
    assert ended.path.read_bytes() == OTHER


@pytest.mark.parametrize(
    "facts", ["", "{", "[]", "{}", '{"etag": 5, "total": "x"}', '{"unknown": 1}', '{"etag": "\\"v1\\"", "total": 3}']
)
def test_a_part_of_which_nothing_is_known_is_begun_again(facts: str, tmp_path: Path) -> None:
    """Notes that are torn, strange or do not fit the part are not believed."""
    _fetch(lambda asked: [_ranged(asked)[:-1000]], tmp_path)
    next(tmp_path.glob("*.json")).write_text(facts)
    # another server has another port, so the part is given the name that it would have there
    ended, asked = _refetch(tmp_path)
    assert isinstance(ended, Fetched)
    assert ended.path.read_bytes() == MUSIC
    assert "range" not in asked[0].headers


def _refetch(folder: Path) -> tuple[Fetched, list[Asked]]:
    """Download again from another server, as if it were the same."""

    async def run() -> tuple[Fetched, list[Asked]]:
        async with serving(lambda asked: [_ranged(asked)]) as server, network("https://service.example", server.url) as client:
            url = f"{server.url}/a"
            name = hashlib.sha256(url.encode()).hexdigest()
            for path in list(folder.iterdir()):
                path.rename(folder / f"{name}{'.part.json' if path.suffix == '.json' else '.part'}")
            return await download(client, url, folder, kind="audio"), server.asked

    return asyncio.run(run())


def test_a_part_that_was_all_of_it_is_placed_without_another_byte(tmp_path: Path) -> None:
    """We were killed between the last byte and its place: 416 says that nothing is missing."""
    _fetch(lambda asked: [_ranged(asked)[:-1]], tmp_path)
    part = next(tmp_path.glob("*.part"))
    part.write_bytes(MUSIC)
    ended, asked = _refetch(tmp_path)
    assert ended.path.read_bytes() == MUSIC
    assert [one.headers.get("range") for one in asked] == [f"bytes={len(MUSIC)}-"]


def test_what_is_kept_of_a_download_does_not_tell_its_address(tmp_path: Path) -> None:
    """The signature in a link is a secret: neither notes nor errors hold it."""
    ended, _ = _fetch(lambda asked: [_ranged(asked)[:-1000]], tmp_path)
    notes = next(tmp_path.glob("*.json"))
    assert set(json.loads(notes.read_text())) == {"etag", "total", "have"}
    assert stat.S_IMODE(notes.stat().st_mode) == 0o600
    assert isinstance(ended, BrokenOffError)
    everything = repr(ended) + str(ended) + notes.read_text() + "".join(map(str, tmp_path.iterdir()))
    assert "s3cr3t" not in everything
    assert "Signature" not in everything
