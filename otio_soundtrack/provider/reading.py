"""Reading what a service sends: anything may lack, be added or be of another type; nothing of it is shown unwashed (pure)."""

from __future__ import annotations

import math
import re
from typing import Any

from otio_soundtrack.errors import BadReplyError, SoundtrackError
from otio_soundtrack.model.wire import Reply

MOST_SHOWN = 200
"""Characters of a service's own words that a person is shown."""
_QUERY = re.compile(r"(https?://[^\s?#\"'<>]+)[?#][^\s\"'<>]*", re.IGNORECASE)
"""A URL with a query: signatures and tokens live there."""
_CREDENTIAL = re.compile(
    r"\b(bearer|basic|token|api[-_ ]?key|authorization)\b\s*[:=]?\s*(?:bearer\s+)?(?=\S*\d|\S{16})\S+", re.IGNORECASE
)
"""A service may repeat the key that it was sent; a word without a figure is none."""


def said(text: object) -> str:
    """Return a service's own words for people: one printable line, bounded, no key, no query of a URL; empty for no text."""
    if not isinstance(text, str):
        return ""
    washed = _CREDENTIAL.sub(r"\1 …", _QUERY.sub(r"\1", text[: 10 * MOST_SHOWN]))
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in washed).split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def json_of(reply: Reply) -> Any:  # noqa: ANN401  # anything
    """Return the body as JSON, None where it is none."""
    try:
        return reply.json()
    except BadReplyError:
        return None


def record(value: object) -> dict[str, Any]:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> tuple[dict[str, Any], ...]:
    """Return the objects of a JSON array, nothing for anything else."""
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def text_at(value: object, *names: str) -> str:
    """Return the first of these fields that is a text with something in it, else an empty text."""
    fields = record(value)
    found = (fields.get(name) for name in names)
    return next((one.strip() for one in found if isinstance(one, str) and one.strip()), "")


def id_at(value: object, *names: str) -> str:
    """Return the first of these fields that can be an id: a text, or a whole number as text."""
    fields = record(value)
    for name in names:
        one = fields.get(name)
        if isinstance(one, str) and one.strip():
            return one.strip()
        if isinstance(one, int) and not isinstance(one, bool):
            return str(one)
    return ""


def number_of(value: object) -> float | None:
    """Return a finite number, also one that is written as text, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def number_at(value: object, *names: str) -> float | None:
    """Return the first of these fields that is a finite number (see :func:`number_of`), else None."""
    fields = record(value)
    return next((number for name in names if (number := number_of(fields.get(name))) is not None), None)


class Borne:
    """Counts answers that may be borne a few times in a row, like a task that is not known yet.

    It lives in the ``read`` of one poll: only the final answer is kept, so nothing that is replayed depends on it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._seen = 0

    def once_more(self, error: SoundtrackError) -> None:
        """Count one.

        Raises:
            SoundtrackError: the one given, where it was borne often enough.
        """
        self._seen += 1
        if self._seen > self._most:
            raise error

    def over(self) -> None:
        """Begin to count anew: another answer came."""
        self._seen = 0
