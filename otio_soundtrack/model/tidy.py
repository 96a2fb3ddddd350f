"""Numbers for people: what is written into metadata, sidecars and plans carries no noise of floating point (floor 1)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

DECIMALS = 6
"""Of seconds: a twentieth of a sample at 48 kHz. Everything else that we write is coarser."""
_EXACT = frozenset({"rate"})
"""Names whose floats are somebody else's: the picture rate is the very float of the timeline."""
_PAIR = re.compile(r"\[\n\s+(-?[\d.]+),\n\s+(-?[\d.]+)\n\s+\]")
"""Two numbers in a list, as JSON is indented: no text can hold its line breaks."""


def as_text(value: Any) -> str:  # noqa: ANN401  # JSON types
    """Return JSON for people to read and edit: indented, pairs of numbers (keyframes) on one line."""
    return _PAIR.sub(r"[\1, \2]", json.dumps(value, indent=1, ensure_ascii=False)) + "\n"


def tidy(value: Any) -> Any:  # noqa: ANN401  # JSON types in, the same JSON types out
    """Return JSON types with every float rounded, picture rates excepted; the same again changes nothing.

    Args:
        value: JSON types; never changed.
    """
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, Mapping):
        return {name: one if name in _EXACT else tidy(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [tidy(one) for one in value]
    return value
