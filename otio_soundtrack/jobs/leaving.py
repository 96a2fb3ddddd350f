"""What leaves the machine: its digest, and the list in the ledger, written before the first byte goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from otio_soundtrack.errors import PictureError
from otio_soundtrack.jobs.request_key import digest
from otio_soundtrack.jobs.wire import in_thread
from otio_soundtrack.jobs.work import Work
from otio_soundtrack.model.wire import FilePiece, Request
from otio_soundtrack.tools.ledger import Left, StepState

_READ_BYTES = 1 << 20


class Departure:
    """Is called right before the first byte of a request leaves, and remembers that it was."""

    def __init__(self, work: Work, label: str, things: tuple[Left, ...], *, paid: bool, risky: bool) -> None:
        """Make ready.

        Args:
            work: the job.
            label: the step.
            things: what leaves.
            paid: whether it may cost something: then the ledger has to know that it went.
            risky: whether sending it twice may cost twice: then its state is ``sending`` until there is an answer.
        """
        self._work, self._label, self._things, self._paid, self._risky = work, label, things, paid, risky
        self.left = False
        """Whether bytes may have left."""

    def __call__(self) -> None:
        """Note it, on disk where money may move."""
        if self._paid:
            state: StepState = "sending" if self._risky else "reserved"
            self._work.ledger.departs(self._work.job.id, self._label, state, self._things)
        elif self._things:
            self._work.ledger.note_left(self._things)
        self.left = True


def request_digest(request: Request) -> str:
    """Return the SHA-256 of what a request says; files by place and length."""
    parts: list[Any] = [
        [
            one.name,
            one.content if isinstance(one.content, str) else [str(one.content.path), one.content.start, one.content.length],
        ]
        for one in request.parts
    ]
    return digest([request.method, request.path, request.query, request.json, parts])


async def things_of(work: Work, label: str, request: Request) -> tuple[Left, ...]:
    """Return the list of what leaves with a request: body, texts and pieces of files.

    Raises:
        PictureError: a file that is to be sent cannot be read.
    """
    if request.json is None and not request.parts:
        return ()
    host, now = (await work.door()).host(request), work.clock.wall()

    def listed() -> tuple[Left, ...]:
        return tuple(
            Left(job=work.job.id, label=label, at=now, host=host, what=what, sha256=sha, size=size)
            for what, sha, size in _hashed(request)
        )

    return await in_thread(listed) if request.parts else listed()


def _hashed(request: Request) -> Iterator[tuple[str, str, int]]:
    """Yield name, SHA-256 and size of what leaves."""
    if request.json is not None:
        body = json.dumps(request.json, sort_keys=True, separators=(",", ":")).encode()
        yield "body", hashlib.sha256(body).hexdigest(), len(body)
    for part in request.parts:
        if isinstance(part.content, FilePiece):
            yield (part.name, *_piece(part.content))
        else:
            text = part.content.encode()
            yield part.name, hashlib.sha256(text).hexdigest(), len(text)


def _piece(piece: FilePiece) -> tuple[str, int]:
    found, size = hashlib.sha256(), 0
    try:
        with piece.path.open("rb") as stream:
            stream.seek(piece.start)
            while piece.length is None or size < piece.length:
                block = stream.read(_READ_BYTES if piece.length is None else min(_READ_BYTES, piece.length - size))
                if not block:
                    break
                found.update(block)
                size += len(block)
    except OSError as error:
        raise PictureError(f"{piece.path} cannot be read and was not sent: {error.strerror or error}.") from error
    return found.hexdigest(), size
