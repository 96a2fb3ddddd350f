"""Generators: OTIO fixes no kinds for them, so names and parameters are read as real writers use them.

Seen in files: FCP7 XML ``Color`` named "Blue Matte", ``Slug`` named "Black Video" or "Transparent Video", ``GraphicAndType``;
Kdenlive ``SolidColor`` with ``0xRRGGBBAA``; toucan ``toucan:Fill`` with ``[r, g, b, a]``; OTIO's own ``SMPTEBars`` and ``black``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from opentimelineio import schema

Rgb = tuple[int, int, int]

_WHITE_LEVEL = 255
_NAMED: dict[str, Rgb] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "gray": (128, 128, 128),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
}
_PLAIN = re.compile(r"colou?r|solid|matte|fill|constant|slug|black", re.IGNORECASE)
"""Words that say that the whole picture is one colour."""
_LAID_OVER = re.compile(r"title|text|caption|subtitle|graphic|lower.?third|adjustment|burn.?in|watermark", re.IGNORECASE)
"""Words for what is laid over other picture."""
_CLEAR = re.compile(r"transparent", re.IGNORECASE)
_HEX = re.compile(r"^(?:#|0x)([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})?$", re.IGNORECASE)
_PARAMETERS = ("color", "colour", "Color", "Colour")
_CHANNELS = 3


class Look(Enum):
    """What a generator shows, as far as it matters to who sees what."""

    CLEAR = "clear"
    """Nothing."""
    PLAIN = "plain"
    """One colour."""
    OVERLAY = "overlay"
    """A title or the like over other picture, which we do not draw."""
    UNKNOWN = "unknown"
    """A full picture that we cannot draw."""


def look_of(reference: schema.GeneratorReference, clip_name: str) -> Look:
    """Return what a generator shows."""
    words = _words(reference, clip_name)
    if _CLEAR.search(words):
        return Look.CLEAR
    if colour_of(reference, clip_name) is not None:
        return Look.PLAIN
    return Look.OVERLAY if _LAID_OVER.search(words) else Look.UNKNOWN


def colour_of(reference: schema.GeneratorReference, clip_name: str) -> Rgb | None:
    """Return the colour of a generator that is one colour, None for any other."""
    words = _words(reference, clip_name)
    given = _parameter(reference.parameters)
    if given is not None and _PLAIN.search(words):
        return given
    if not _PLAIN.search(words) or _LAID_OVER.search(words):
        return None
    return next((rgb for name, rgb in _NAMED.items() if re.search(rf"(?<![a-z]){name}(?![a-z])", words, re.IGNORECASE)), None)


def _words(reference: schema.GeneratorReference, clip_name: str) -> str:
    # a colon or an underscore between words is no letter, so "toucan:Fill" and "solid_red" read as words
    return f"{reference.generator_kind} {reference.name} {clip_name}".replace("_", " ")


def _parameter(parameters: Mapping[str, object]) -> Rgb | None:
    """Return the colour that the parameters give."""
    value = next((parameters[name] for name in _PARAMETERS if name in parameters), None)
    if isinstance(value, str):
        if match := _HEX.match(value.strip()):
            return int(match[1], 16), int(match[2], 16), int(match[3], 16)
        return _NAMED.get(value.strip().lower())
    if isinstance(value, Sequence):
        levels = [level for level in value if isinstance(level, (int, float)) and 0 <= level <= 1]
        if len(levels) >= _CHANNELS and len(levels) == len(value):
            red, green, blue = (round(level * _WHITE_LEVEL) for level in levels[:_CHANNELS])
            return red, green, blue
    return None
