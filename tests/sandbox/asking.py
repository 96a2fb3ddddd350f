"""Plain HTTP, as somebody who has only read the fact sheets would send it."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def ask(method: str, url: str, body: Any = None, *, key: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """Send one request on a connection of its own; a body that is no bytes goes as JSON, a key as a bearer's."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    sent = dict(headers or {})
    raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    if raw is not None:
        sent.setdefault("Content-Type", "application/json")
    if key is not None:
        sent["Authorization"] = f"Bearer {key}"
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), raw, sent)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def until(asked: Callable[[], Answer], done: Callable[[Answer], bool]) -> Answer:
    """Ask again and again until an answer is final."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = asked()
        if done(answer):
            return answer
        time.sleep(0.02)
    raise AssertionError("it never came to an end")
