"""What a file is, by its first bytes (pure): names and headers of services are not believed."""

from __future__ import annotations

from typing import Literal

HEAD_BYTES = 4096
"""Bytes that are looked at."""
Kind = Literal["audio", "video", "archive", "json", "page", "unknown"]
"""``video`` stands for MPEG-4 of any content, ``page`` for HTML and XML."""

_MAGIC: tuple[tuple[int, bytes, Kind, str], ...] = (
    (0, b"ID3", "audio", ".mp3"),
    (0, b"fLaC", "audio", ".flac"),
    (0, b"OggS", "audio", ".ogg"),
    (0, b"PK\x03\x04", "archive", ".zip"),
    (0, b"PK\x05\x06", "archive", ".zip"),
    (8, b"AIFF", "audio", ".aiff"),
    (8, b"AIFC", "audio", ".aiff"),
    (8, b"WAVE", "audio", ".wav"),
    (4, b"ftypM4A", "audio", ".m4a"),
    (4, b"ftyp", "video", ".mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video", ".mkv"),
)
_OUTER: dict[bytes, tuple[bytes, ...]] = {b"WAVE": (b"RIFF", b"RF64"), b"AIFF": (b"FORM",), b"AIFC": (b"FORM",)}
"""What stands before the names of forms that lie in a container (EA IFF 85, EBU Tech 3306)."""
_LAYER_ONE = 3
"""MPEG audio that nobody serves, and whose first two bytes are the mark of UTF-16 text."""
_BOMS = (b"\xef\xbb\xbf",)


def sniffed(head: bytes) -> tuple[Kind, str]:
    """Return kind and suffix of a file.

    Args:
        head: its first :data:`HEAD_BYTES`, or all of it.
    """
    for place, magic, kind, suffix in _MAGIC:
        if head[place : place + len(magic)] == magic and head[:4] in _OUTER.get(magic, (head[:4],)):
            return kind, suffix
    if _is_mpeg_audio(head):
        return ("audio", ".aac") if head[1] & 0x06 == 0 else ("audio", ".mp3")
    text = head
    for mark in _BOMS:
        text = text.removeprefix(mark)
    text = text.lstrip()
    if text[:1] in (b"{", b"["):
        return "json", ".json"
    if text[:1] == b"<":
        return "page", ".html"
    return "unknown", ".bin"


def _is_mpeg_audio(head: bytes) -> bool:
    """Return whether a file begins with a frame of MPEG audio (ISO 11172-3) or ADTS: twelve bits set, and fields that exist."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    layer, rate = head[1] >> 1 & 0x03, head[2] >> 2 & 0x03
    if layer == 0:  # ADTS
        return head[1] & 0xF6 == 0xF0 and head[2] >> 2 & 0x0F < 13
    if layer == _LAYER_ONE:
        return False
    return head[1] >> 3 & 0x03 != 1 and head[2] >> 4 != 0x0F and rate != 3
