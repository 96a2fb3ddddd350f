"""Downloads: bounded, taken up where they broke off, judged by their bytes, and in place only when whole."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Literal

from otio_soundtrack.errors import BadReplyError, RateLimitedError, UnavailableError
from otio_soundtrack.model.wire import Fetched, Request
from otio_soundtrack.tools.files import sha256, store_errors
from otio_soundtrack.tools.network.answer import Answer
from otio_soundtrack.tools.network.client import Network
from otio_soundtrack.tools.network.failures import BrokenOffError, ExpiredLinkError
from otio_soundtrack.tools.sniff import HEAD_BYTES, sniffed

FileKind = Literal["audio", "video", "media", "archive", "json"]
_TAKEN: dict[FileKind, tuple[str, ...]] = {
    "audio": ("audio", "video"),  # MPEG-4 may hold sound alone: the decoder says
    "video": ("video",),
    "media": ("audio", "video"),
    "archive": ("archive",),
    "json": ("json",),
}
_EXPIRED = frozenset({403, 404, 410})
_BUSY = 429
_WHOLE, _PART, _BEYOND = 200, 206, 416
_TAG = re.compile(r'"[\x21\x23-\x7e]*"\Z')
"""A strong tag (RFC 9110 §8.8.3): it promises the same bytes."""
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)\Z")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a download may be and take."""

    most_bytes: int = 2_000_000_000
    """An hour of 24-bit WAV has 1 GB."""
    most_seconds: float = 3600.0
    least_bytes_a_second: float = 1000.0
    """Below it, measured over a window, nobody waits for the rest."""
    window_seconds: float = 30.0
    silence_seconds: float = 60.0


@dataclass(kw_only=True)
class _Begun:
    """What is known of a download that has begun; beside its part on disk, without its address."""

    etag: str = ""
    total: int | None = None
    have: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class _Errand:
    """A download: where it grows, and what is taken."""

    part: Path
    facts: Path
    bounds: Bounds
    taken: tuple[str, ...]

    def drop(self) -> None:
        """Throw away what came."""
        with store_errors(self.part):
            self.part.unlink(missing_ok=True)
            self.facts.unlink(missing_ok=True)


async def download(
    network: Network,
    url: str,
    folder: Path,
    *,
    kind: FileKind,
    or_archive: bool = False,
    with_key: bool = False,
    bounds: Bounds = Bounds(),  # frozen
) -> Fetched:
    """Return a file of a service, whole, in a folder under the hash of its bytes.

    One address is downloaded by one caller at a time: all write to the same part.

    Args:
        network: the door.
        url: where it lies.
        folder: private folder of the store.
        kind: what its first bytes must be.
        or_archive: whether an archive will do as well.
        with_key: whether the key goes along, if it is the service's own origin.
        bounds: of size and time.

    Raises:
        ExpiredLinkError: the link is no longer good.
        UnavailableError, RateLimitedError: it did not come whole; what came is kept, and the next call goes on there.
        BadReplyError: it is something else, or beyond its bounds.
        ForbiddenAddressError: an address that nobody may name.
        StoreError: the folder cannot be written.
    """
    with store_errors(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = hashlib.sha256(url.encode()).hexdigest()
    errand = _Errand(
        part=folder / f"{name}.part",
        facts=folder / f"{name}.part.json",
        bounds=bounds,
        taken=(*_TAKEN[kind], *(("archive",) if or_archive else ())),
    )
    ask = Request(method="GET", path=url, accept="*/*", with_key=with_key, silence_seconds=bounds.silence_seconds)
    try:
        await asyncio.wait_for(_fetch(network, ask, errand), bounds.most_seconds)
        return _placed(errand, folder)
    except asyncio.TimeoutError as error:
        raise BrokenOffError(f"the file took longer than {bounds.most_seconds:g} s.") from error
    except BadReplyError:
        errand.drop()
        raise


async def _fetch(network: Network, ask: Request, errand: _Errand) -> None:
    """Bring the part to its end: behind what is there if that can be gone on with, else from the beginning."""
    begun = _begun(errand)
    if begun.have:
        rest = replace(ask, headers={"Range": f"bytes={begun.have}-", "If-Range": begun.etag})
        async with network.opened(rest) as answer:
            if answer.status == _BEYOND and begun.total == begun.have:
                return  # all of it was there already
            if answer.status == _PART and _goes_on(answer, begun):
                await _receive(answer, errand, begun)
                return
            if answer.status not in (_WHOLE, _PART, _BEYOND):
                _judge(answer)
            if answer.status == _WHOLE:
                await _anew(answer, errand)
                return
    async with network.opened(ask) as answer:
        await _anew(answer, errand)


async def _anew(answer: Answer, errand: _Errand) -> None:
    """Write a file from its beginning; what was there goes before anything is noted of the new one."""
    _judge(answer)
    begun = _Begun(etag=_strong(answer), total=_number(answer.headers.get("content-length", "")))
    errand.drop()
    _keep(errand.facts, begun)
    await _receive(answer, errand, begun)


def _judge(answer: Answer) -> None:
    """Raise for an answer that holds no file."""
    if answer.status in _EXPIRED:
        raise ExpiredLinkError("the link to the file is no longer good.")
    if answer.status == _BUSY:
        raise RateLimitedError("the storage of the service asks to slow down.")
    if answer.status >= 500:
        raise UnavailableError(f"the storage of the service answered {answer.status}.")
    if answer.status != _WHOLE:
        raise BadReplyError(f"the storage of the service answered {answer.status} instead of a file.")
    if answer.headers.get("content-encoding", "identity") not in ("", "identity"):
        raise BadReplyError("the storage of the service packed the file in a way that was not asked for.")


def _goes_on(answer: Answer, begun: _Begun) -> bool:
    """Return whether a part of a file is the one behind what is there, of the same file."""
    told = _RANGE.match(answer.headers.get("content-range", ""))
    return (
        told is not None
        and int(told[1]) == begun.have
        and told[3] == str(begun.total)
        and _strong(answer) in ("", begun.etag)
        and answer.headers.get("content-encoding", "identity") in ("", "identity")
    )


def _strong(answer: Answer) -> str:
    """Return the tag of a file, empty where it has none that promises the same bytes."""
    etag = answer.headers.get("etag", "")
    return etag if _TAG.match(etag) else ""


async def _receive(answer: Answer, errand: _Errand, begun: _Begun) -> None:
    """Write what comes behind what is there, within bounds."""
    part, bounds = errand.part, errand.bounds
    if begun.total is not None and begun.total > bounds.most_bytes:
        raise BadReplyError(f"the file has {begun.total:,} bytes, more than {bounds.most_bytes:,}.")
    mark = time.monotonic()
    since_mark, size = 0, begun.have
    with store_errors(part), _opened(part, begun.have) as file:
        head = b""
        async for block in answer.blocks():
            size += len(block)
            if size > bounds.most_bytes:
                raise BadReplyError(f"the file has more than {bounds.most_bytes:,} bytes.")
            file.write(block)
            since_mark += len(block)
            if not begun.have and len(head) < HEAD_BYTES:
                head += block[: HEAD_BYTES - len(head)]
                if len(head) >= HEAD_BYTES:
                    _require(head, errand.taken)
            now = time.monotonic()
            if now - mark > bounds.window_seconds:
                if since_mark < bounds.least_bytes_a_second * (now - mark):
                    raise BrokenOffError("the file comes too slowly.")
                mark, since_mark = now, 0
        file.flush()
        os.fsync(file.fileno())
    if begun.total is not None and size != begun.total:
        raise BrokenOffError(f"{size:,} of {begun.total:,} bytes came.")


def _placed(errand: _Errand, folder: Path) -> Fetched:
    """Move a whole file to its place.

    Raises:
        BadReplyError: it is not what it should be.
    """
    with store_errors(folder):
        with errand.part.open("rb") as file:
            suffix = _require(file.read(HEAD_BYTES), errand.taken)
        digest, size = sha256(errand.part), errand.part.stat().st_size
        path = errand.part.replace(folder / f"{digest}{suffix}")
        errand.facts.unlink(missing_ok=True)
    return Fetched(path=path, sha256=digest, size=size)


def _require(head: bytes, taken: tuple[str, ...]) -> str:
    """Return the suffix of a file that is what it should be."""
    kind, suffix = sniffed(head)
    if kind not in taken:
        what = {"json": "a message", "page": "a web page", "unknown": "nothing known"}.get(kind, f"a file of kind {kind}")
        raise BadReplyError(f"the service gave {what} where a file of kind {taken[0]} should be.")
    return suffix


def _begun(errand: _Errand) -> _Begun:
    """Return what is there of a download; nothing where it cannot be gone on with."""
    try:
        noted = json.loads(errand.facts.read_text(encoding="utf-8"))
        etag, total = noted["etag"], noted["total"]
        have = errand.part.stat().st_size
    except (OSError, ValueError, TypeError, KeyError):
        return _Begun()
    fits = isinstance(etag, str) and _TAG.match(etag) and isinstance(total, int) and 0 < have <= total
    return _Begun(etag=etag, total=total, have=have) if fits else _Begun()


def _keep(facts: Path, begun: _Begun) -> None:
    """Keep what is known beside the part, before the part grows."""
    with store_errors(facts):
        handle = os.open(facts, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(begun), file)


def _opened(part: Path, have: int) -> BinaryIO:
    """Open the part for writing behind what is there; private to the user whatever the mask."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | (0 if have else os.O_TRUNC), 0o600)
    file = os.fdopen(handle, "wb")
    file.seek(have)
    return file


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
