"""Downloads: bounded, taken up where they broke off, judged by their bytes, and in place only when whole."""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from otio_soundtrack.errors import BadReplyError, RateLimitedError, UnavailableError
from otio_soundtrack.model.wire import Fetched, Request
from otio_soundtrack.tools.files import sha256, store_errors
from otio_soundtrack.tools.network.client import Answer, Network
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
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)\Z")


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
    part, facts = folder / f"{name}.part", folder / f"{name}.part.json"
    taken = (*_TAKEN[kind], *(("archive",) if or_archive else ()))
    begun = _begun(part, facts)
    request = Request(
        method="GET",
        path=url,
        accept="*/*",
        with_key=with_key,
        silence_seconds=bounds.silence_seconds,
        headers={"Range": f"bytes={begun.have}-", "If-Range": begun.etag} if begun.have else {},
    )
    async with network.opened(request) as answer:
        if answer.status == _BEYOND and begun.total == begun.have:
            pass  # all of it was there already
        else:
            _judge(answer)
            begun = _agreed(answer, begun)
            _keep(facts, begun)
            await _receive(answer, part, begun, bounds, taken)
    return _placed(part, facts, folder, taken)


def _judge(answer: Answer) -> None:
    """Raise for an answer that holds no file."""
    if answer.status in _EXPIRED:
        raise ExpiredLinkError("the link to the file is no longer good.")
    if answer.status == _BUSY:
        raise RateLimitedError("the storage of the service asks to slow down.")
    if answer.status >= 500:
        raise UnavailableError(f"the storage of the service answered {answer.status}.")
    if answer.status not in (_WHOLE, _PART):
        raise BadReplyError(f"the storage of the service answered {answer.status} instead of a file.")


def _agreed(answer: Answer, begun: _Begun) -> _Begun:
    """Return where the body of an answer belongs: behind what is there, or at the beginning again.

    Raises:
        BadReplyError: it says that it is another piece than was asked for, or is packed in a way that nobody asked for.
    """
    if answer.headers.get("content-encoding", "identity") not in ("", "identity"):
        raise BadReplyError("the storage of the service packed the file in a way that was not asked for.")
    etag = answer.headers.get("etag", "")
    strong = etag if etag.startswith('"') else ""
    if answer.status == _WHOLE:
        return _Begun(etag=strong, total=_number(answer.headers.get("content-length", "")))
    told = _RANGE.match(answer.headers.get("content-range", ""))
    if told is None or int(told[1]) != begun.have or (strong and strong != begun.etag):
        raise BadReplyError("the storage of the service sent another piece of the file than was asked for.")
    return _Begun(etag=begun.etag, total=None if told[3] == "*" else int(told[3]), have=begun.have)


async def _receive(answer: Answer, part: Path, begun: _Begun, bounds: Bounds, taken: tuple[str, ...]) -> None:
    """Write what comes behind what is there, within bounds."""
    if begun.total is not None and begun.total > bounds.most_bytes:
        raise BadReplyError(f"the file has {begun.total:,} bytes, more than {bounds.most_bytes:,}.")
    start = mark = time.monotonic()
    since_mark, size = 0, begun.have
    with store_errors(part), _opened(part, begun.have) as file:
        head = b""
        async for block in answer.blocks():
            file.write(block)
            size += len(block)
            since_mark += len(block)
            if not begun.have and len(head) < HEAD_BYTES:
                head += block[: HEAD_BYTES - len(head)]
                if len(head) >= HEAD_BYTES:
                    _require(head, taken)
            now = time.monotonic()
            if size > bounds.most_bytes:
                raise BadReplyError(f"the file has more than {bounds.most_bytes:,} bytes.")
            if now - start > bounds.most_seconds:
                raise BrokenOffError(f"the file took longer than {bounds.most_seconds:g} s.")
            if now - mark > bounds.window_seconds:
                if since_mark < bounds.least_bytes_a_second * (now - mark):
                    raise BrokenOffError("the file comes too slowly.")
                mark, since_mark = now, 0
        file.flush()
        os.fsync(file.fileno())
    if begun.total is not None and size != begun.total:
        raise BrokenOffError(f"{size:,} of {begun.total:,} bytes came.")


def _placed(part: Path, facts: Path, folder: Path, taken: tuple[str, ...]) -> Fetched:
    """Move a whole file to its place, where it is what it should be.

    Raises:
        BadReplyError: it is not; it is thrown away.
    """
    with part.open("rb") as file:
        head = file.read(HEAD_BYTES)
    try:
        suffix = _require(head, taken)
    except BadReplyError:
        part.unlink(missing_ok=True)
        facts.unlink(missing_ok=True)
        raise
    digest, size = sha256(part), part.stat().st_size
    with store_errors(folder):
        path = part.replace(folder / f"{digest}{suffix}")
    facts.unlink(missing_ok=True)
    return Fetched(path=path, sha256=digest, size=size)


def _require(head: bytes, taken: tuple[str, ...]) -> str:
    """Return the suffix of a file that is what it should be."""
    kind, suffix = sniffed(head)
    if kind not in taken:
        what = {"json": "a message", "page": "a web page", "unknown": "nothing known"}.get(kind, f"a file of kind {kind}")
        raise BadReplyError(f"the service gave {what} where a file of kind {taken[0]} should be.")
    return suffix


def _begun(part: Path, facts: Path) -> _Begun:
    """Return what is there of a download; nothing where it cannot be gone on with."""
    try:
        known = _Begun(**json.loads(facts.read_text(encoding="utf-8")))
        known.have = part.stat().st_size
    except (OSError, ValueError, TypeError):
        return _Begun()
    return known if known.etag and known.have else _Begun()


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
