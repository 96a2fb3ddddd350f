"""Requests and replies as data: what a service is sent and what it answers, without anybody sending (floor 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from otio_soundtrack.errors import BadReplyError

DEFAULT_SILENCE_S = 60.0
"""Longest silence of a service inside one call, where its sheet says nothing else."""
SHOWN_CHARS = 200
"""How much of an unreadable answer is shown to a person."""


@dataclass(frozen=True, kw_only=True)
class FilePiece:
    """Bytes of a local file, read when they are sent, never before."""

    path: Path
    start: int = 0
    """First byte."""
    length: int | None = None
    """Bytes; None: to the end of the file."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a multipart body."""

    name: str
    content: str | FilePiece
    filename: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """A call below the service's base URL. The key is no part of it: only the door to the network knows that."""

    method: Literal["GET", "POST", "PUT"]
    path: str
    """Begins with ``/``; or a whole URL on another origin that the service documents for uploads (see ``with_key``)."""
    query: tuple[tuple[str, str], ...] = ()
    json: Any = None
    """Body as JSON, None for none."""
    parts: tuple[Part, ...] = ()
    """Body as multipart/form-data."""
    file: FilePiece | None = None
    """Body as it is, of a file."""
    headers: Mapping[str, str] = field(default_factory=dict)
    accept: str = "application/json"
    with_key: bool = True
    """Whether the key goes along; it never goes to another origin than the base URL's."""
    silence_seconds: float = DEFAULT_SILENCE_S
    """How long the service may be silent inside this call."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back, whole and bounded."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; only those that say something about the body or about waiting."""
    body: bytes
    url: str
    """Where it came from, for links that are relative to it."""

    @property
    def text(self) -> str:
        """The body as text; bytes that are none become replacement characters."""
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:  # noqa: ANN401  # what a service sends can be anything until a provider has looked at it
        """Return the body as JSON.

        Raises:
            BadReplyError: it is none (an error page, an empty body).
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:  # brackets without end are no answer either
            raise BadReplyError(f"the service answered {self.status} with something that is no JSON: {self.shown!r}.") from error

    @property
    def shown(self) -> str:
        """The beginning of the body, for people."""
        return " ".join(self.text[:SHOWN_CHARS].split())


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file that lies in the store, whole, under its hash, as the service gave it."""

    path: Path
    sha256: str
    size: int
    """Bytes."""
