"""Bodies of requests: JSON, a file, or parts with pieces of files; files are read while they are sent."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeAlias

from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.wire import FilePiece, Part, Request

_BLOCK = 1 << 16
"""Bytes read at a time."""
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})
"""How names in multipart headers are written (HTML standard, multipart/form-data encoding)."""

Body: TypeAlias = "bytes | AsyncIterator[bytes]"


def body_of(request: Request) -> tuple[Body, dict[str, str]]:
    """Return the body of a request and the headers that describe it.

    Raises:
        StoreError: a file that is to be sent is not there, or shorter than the piece of it.
    """
    if request.parts:
        return _multipart(request.parts)
    if request.json is not None:
        text = json.dumps(request.json, ensure_ascii=False, separators=(",", ":")).encode()
        return text, {"Content-Type": "application/json", "Content-Length": str(len(text))}
    if request.file is not None:
        return _read(request.file), {"Content-Length": str(_length(request.file))}
    return b"", {"Content-Length": "0"} if request.method == "POST" else {}


def _multipart(parts: tuple[Part, ...]) -> tuple[Body, dict[str, str]]:
    boundary = secrets.token_hex(16)
    heads = [_head(part, boundary) for part in parts]
    heads[0] = heads[0].removeprefix(b"\r\n")
    end = f"\r\n--{boundary}--\r\n".encode()
    length = sum(len(head) + _length(part.content) for head, part in zip(heads, parts, strict=True)) + len(end)

    async def blocks() -> AsyncIterator[bytes]:
        for head, part in zip(heads, parts, strict=True):
            yield head
            if isinstance(part.content, str):
                yield part.content.encode()
                continue
            async for block in _read(part.content):
                yield block
        yield end

    return blocks(), {"Content-Type": f"multipart/form-data; boundary={boundary}", "Content-Length": str(length)}


def _head(part: Part, boundary: str) -> bytes:
    lines = [f'--{boundary}\r\nContent-Disposition: form-data; name="{part.name.translate(_QUOTED)}"']
    if part.filename is not None:
        lines[0] += f'; filename="{part.filename.translate(_QUOTED)}"'
    if part.media_type is not None:
        lines.append(f"Content-Type: {part.media_type}")
    return ("\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


def _length(content: str | FilePiece) -> int:
    if isinstance(content, str):
        return len(content.encode())
    try:
        there = content.path.stat().st_size - content.start
    except OSError as error:
        raise StoreError(f"{content.path.name} is to be sent and is not there.", hint="Score the timeline again.") from error
    if there < 0 or (content.length is not None and there < content.length):
        raise StoreError(f"{content.path.name} is shorter than what is to be sent of it.", hint="Score the timeline again.")
    return there if content.length is None else content.length


async def _read(piece: FilePiece) -> AsyncIterator[bytes]:
    """Yield a piece of a file; the disk is asked in another thread."""
    at, end = piece.start, piece.start + _length(piece)
    while at < end:
        block = await asyncio.to_thread(_block, piece.path, at, min(_BLOCK, end - at))
        if not block:
            raise StoreError(f"{piece.path.name} became shorter while it was sent.", hint="Score the timeline again.")
        yield block
        at += len(block)


def _block(path: Path, at: int, count: int) -> bytes:
    with path.open("rb") as file:
        file.seek(at)
        return file.read(count)
