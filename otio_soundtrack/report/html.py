"""The pieces that report pages are made of; all text from outside is escaped here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from otio_soundtrack.report.style import STYLE

_GENERATOR = '<meta name="generator" content="otio-soundtrack">'
"""What tells our reports from other pages."""
_HEAD_BYTES = 1024
"""The mark stands near the beginning of the file."""


def is_report(path: Path) -> bool:
    """Return whether a file is a report that we wrote, and may be replaced."""
    try:
        with path.open("rb") as stream:
            return _GENERATOR.encode() in stream.read(_HEAD_BYTES)
    except OSError:  # a folder, or closed to us: not ours to replace
        return False


def document(title: str, under: str, parts: Iterable[str]) -> str:
    """Return a whole page.

    Args:
        title: as text.
        under: the line under it, as text.
        parts: HTML; empty ones are left out.
    """
    shown = escape(title)
    head = (
        f'<meta charset="utf-8">{_GENERATOR}<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{shown} · soundtrack</title><style>{STYLE}</style>"
    )
    body = joined([f"<header><h1>{shown}</h1><p>{escape(under)}</p></header>", *parts])
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def joined(parts: Iterable[str]) -> str:
    """Return parts one after the other, empty ones left out."""
    return "\n".join(part for part in parts if part)


def counted(number: int, noun: str) -> str:
    """Return ``1 cue``, ``2 cues``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(sentences: Iterable[str]) -> str:
    """Return sentences as a list, empty where there are none."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>" if items else ""


def warned(warnings: Sequence[str]) -> str:
    """Return the box of warnings, empty where there are none."""
    return f'<section class="warnings"><h2>Warnings</h2>{listed(warnings)}</section>' if warnings else ""


def terms(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names with their values."""
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
    return f"<dl>{cells}</dl>" if cells else ""


def player(audio: str) -> str:
    """Return a player of a file beside the page: its bare name leads there."""
    return f'<audio controls preload="none" src="{escape(quote(audio))}"></audio>'


def picture(png: bytes | None, words: str) -> str:
    """Return a wide picture, which is scrolled sideways on a narrow screen; empty for None."""
    return "" if png is None else f'<figure tabindex="0">{_image(png, words)}</figure>'


def small_picture(png: bytes, words: str) -> str:
    """Return a picture that is readable on the narrowest screen; several stand side by side where there is room."""
    return f'<figure class="small">{_image(png, words)}</figure>'


def _image(png: bytes, words: str) -> str:
    return f'<img alt="{escape(words)}" src="data:image/png;base64,{b64encode(png).decode("ascii")}">'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; on a narrow screen each row becomes a card whose cells carry their column's name."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-name="{escape(name)}">{escape(cell)}</td>' for name, cell in zip(head, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
