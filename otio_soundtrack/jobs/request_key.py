"""The identity of a request: the same music asked of the same service has the same key.

What counts is what is asked: contents of files, not their paths; text, not its Unicode form; numbers, not their spelling.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.declaration import Declaration

_PATHS: dict[str, Any] = {"picture": {"path"}, "reference": {"path"}, "callback_url": True}
"""What says where something lies or who listens, not what is asked."""


def request_key(who: Declaration, kind: str, ask: Ask, arguments: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a request in hexadecimal.

    Args:
        who: the service, with its model.
        kind: which of its courses.
        ask: what is asked.
        arguments: further arguments of the course, JSON types.
    """
    asked = ask.model_dump(mode="json", exclude=_PATHS)
    return digest({"provider": who.name, "model": who.model, "kind": kind, "arguments": dict(arguments), "ask": asked})


def digest(value: object) -> str:
    """Return the SHA-256 of a value of JSON types, the same for all ways of writing the same value."""
    text = json.dumps(_canonical(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 1.0 is 1, -0.0 is 0
    if isinstance(value, Mapping):
        return {str(_canonical(str(name))): _canonical(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_canonical(one) for one in value]
    return value
