"""The words of the local library: which tracks say some words, and where (floor 2; SQLite's full-text index)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

FIELDS = ("title", "artist", "composer", "tags", "place")
"""Where words stand; ``place`` are the names of file and folder."""
_BEFORE, _AFTER = "\x02", "\x03"
"""Around what is found; tags hold printable characters only."""

Query = Callable[[str, tuple[object, ...]], list[Any]]
"""Returns the rows, tuples, of a statement and its values."""


def saying(ask: Query, words: Iterable[str], fields: Sequence[str]) -> list[int]:
    """Return the numbers of the tracks that say one of some words.

    Args:
        ask: of the index.
        words: letters and digits only, compared by their stems.
        fields: where, of :data:`FIELDS`.
    """
    sought = _sought(words)
    found = ask("SELECT rowid FROM words WHERE words MATCH ?", (f"{{{' '.join(fields)}}} : ({sought})",)) if sought else []
    return [number for (number,) in found]


def said(ask: Query, words: Sequence[str], numbers: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Return what a few tracks themselves say of some words, by their numbers, then by column.

    Args:
        ask: of the index.
        words: as for :func:`saying`.
        numbers: of the tracks.
    """
    sought = _sought(words)
    if not sought or not numbers:
        return {}
    columns = ", ".join(f"highlight(words, {place}, '{_BEFORE}', '{_AFTER}')" for place in range(len(FIELDS)))
    among = ", ".join("?" * len(numbers))
    rows = ask(f"SELECT rowid, {columns} FROM words WHERE words MATCH ? AND rowid IN ({among})", (sought, *numbers))  # noqa: S608
    return {
        number: {name: met for name, text in zip(FIELDS, texts, strict=True) if (met := _met(text))} for number, *texts in rows
    }


def _sought(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _met(text: str) -> tuple[str, ...]:
    """Return what is marked in a text, each once, whatever its capitals."""
    marked = [part.split(_AFTER, 1)[0] for part in text.split(_BEFORE)[1:]]
    return tuple({part.lower(): part for part in reversed(marked)}.values())[::-1]
