"""Which requests suno's gateway takes: the rules of ``suno-openapi.yaml`` in words of our own (tests compare the two)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

NEW_MODELS = ("V6", "V6_WILD", "V6_MINI")
OLD_MODELS = ("V5_5", "V5", "V4_5PLUS", "V4_5ALL", "V4_5", "V4", "V3_5")
SMALL_MODELS = ("V4", "V3_5")
"""Models with the limits of the beginning."""
WITH_DURATION = ("V5_5", *NEW_MODELS)
SMALL_PROMPT, SMALL_STYLE, SIMPLE_PROMPT, NEW_SIMPLE_PROMPT = 3000, 200, 500, 3000
"""Characters."""
CUSTOM_ONLY = (
    *("title", "negativeTags", "duration", "vocalGender", "styleWeight", "weirdnessConstraint", "audioWeight", "variety"),
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a request."""

    message: str
    too_long: bool = False
    """Whether a text is too long: one operator has a code of its own for that."""


Body = Mapping[str, Any]
Check = Callable[[Any], str | None]


def _text(most: int) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, str):
            return "must be a string"
        return f"must be at most {most} characters" if len(value) > most else None

    return check


def _number(low: float, high: float, *, whole: bool = False) -> Check:
    def check(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or (whole and value != int(value)):
            return "must be a number"
        return None if low <= value <= high else f"must be from {low:g} to {high:g}"

    return check


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be a boolean"


def _one_of(*choices: str) -> Check:
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}"


def _named(value: object) -> str | None:
    return None if isinstance(value, str) and value else "must be a string that is not empty"


def _address(value: object) -> str | None:
    parts = urlsplit(value) if isinstance(value, str) else None
    return None if parts and parts.scheme in ("http", "https") and parts.netloc else "must be a URL"


def _addresses(most: int | None) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, list) or any(_address(one) for one in value):
            return "must be a list of URLs"
        return None if most is None or len(value) <= most else f"must have at most {most} entries"

    return check


def _behind_zero(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "must be a number"
    return None if value > 0 else "must be above 0"


_SHARED: dict[str, Check] = {
    "model": _one_of(*NEW_MODELS, *OLD_MODELS),
    "callBackUrl": _address,
    "prompt": _text(5000),
    "style": _text(1000),
    "title": _text(80),
    "vocalGender": _one_of("m", "f"),
    "styleWeight": _number(0, 1),
    "weirdnessConstraint": _number(0, 1),
    "audioWeight": _number(0, 1),
    "personaId": _text(10**6),
    "personaModel": _one_of("style_persona", "voice_persona"),
}
_ANY_TEXT = _text(10**6)
FIELDS: dict[str, dict[str, Check]] = {
    "generate": {
        **_SHARED,
        "customMode": _flag,
        "instrumental": _flag,
        "lyrics": _text(5000),
        "negativeTags": _text(1000),
        "variety": _number(0, 4, whole=True),
        "duration": _number(10, 360),
        "imageUrls": _addresses(5),
        "videoUrls": _addresses(1),
        "audioUrls": _addresses(None),
    },
    "extend": {
        **_SHARED,
        "defaultParamFlag": _flag,
        "audioId": _named,
        "continueAt": _behind_zero,
        "negativeTags": _ANY_TEXT,
    },
    "upload-cover": {
        **_SHARED,
        "uploadUrl": _address,
        "customMode": _flag,
        "instrumental": _flag,
        "lyrics": _text(5000),
        "negativeTags": _ANY_TEXT,
    },
    "upload-extend": {
        **_SHARED,
        "uploadUrl": _address,
        "defaultParamFlag": _flag,
        "instrumental": _flag,
        "continueAt": _behind_zero,
        "negativeTags": _ANY_TEXT,
    },
    "wav": {"taskId": _named, "audioId": _named, "callBackUrl": _address},
    "mp4": {"taskId": _named, "audioId": _named, "callBackUrl": _address, "author": _text(50), "domainName": _text(50)},
}
REQUIRED = {
    "generate": ("customMode", "instrumental", "callBackUrl", "model"),
    "extend": ("defaultParamFlag", "audioId", "callBackUrl", "model"),
    "upload-cover": ("uploadUrl", "callBackUrl", "model"),
    "upload-extend": ("uploadUrl", "defaultParamFlag", "callBackUrl", "model"),
    "wav": ("taskId", "audioId", "callBackUrl"),
    "mp4": ("taskId", "audioId", "callBackUrl"),
}


def fault_of(call: str, body: object) -> Fault | None:
    """Return what is wrong with the body of a call, None where nothing is.

    Args:
        call: a key of :data:`FIELDS`.
        body: as it was sent; unknown fields are ignored.
    """
    if not isinstance(body, dict):
        return Fault("the body must be an object")
    for name in REQUIRED[call]:
        if name not in body:
            return Fault(f"{name} is required")
    for name, check in FIELDS[call].items():
        if name in body and (wrong := check(body[name])):
            return Fault(f"{name} {wrong}", too_long=isinstance(body[name], str) and "characters" in wrong)
    return _together(call, body)


def _together(call: str, body: Body) -> Fault | None:
    """Return what is wrong with fields that are right one by one."""
    if call in ("extend", "upload-extend"):
        asked = ("continueAt", "prompt", "style", "title") if call == "extend" else ("continueAt", "style", "title")
        return _missing(body, asked) if body["defaultParamFlag"] else None
    if call == "generate":
        return _of_model(body) or (_new_mode(body) if body["model"] in NEW_MODELS else _old_mode(body))
    if call == "upload-cover" and body["model"] in OLD_MODELS:
        return _missing(body, ("customMode", "instrumental")) or _old_mode(body)
    return None


def _of_model(body: Body) -> Fault | None:
    if "duration" in body and body["model"] not in WITH_DURATION:
        return Fault(f"duration is not for {body['model']}")
    if body["model"] in SMALL_MODELS:
        return _too_long(body, "prompt", SMALL_PROMPT) or _too_long(body, "style", SMALL_STYLE)
    return None


def _old_mode(body: Body) -> Fault | None:
    if not body["customMode"]:
        return _missing(body, ("prompt",)) or _too_long(body, "prompt", SIMPLE_PROMPT)
    return _missing(body, ("style", "title") if body["instrumental"] else ("style", "title", "prompt"))


def _new_mode(body: Body) -> Fault | None:
    references = ("imageUrls", "videoUrls", "audioUrls")
    if body["customMode"]:
        return _refused(body, references) or _none_of(body, ("style", "lyrics", "negativeTags"))
    return (
        _refused(body, CUSTOM_ONLY)
        or _none_of(body, (*references, "style", "lyrics"))
        or _too_long(body, "prompt", NEW_SIMPLE_PROMPT)
    )


def _missing(body: Body, names: tuple[str, ...]) -> Fault | None:
    lacking = [name for name in names if name not in body]
    if not lacking:
        return None
    return Fault(f"{' and '.join(names) if len(names) == 2 else ', '.join(names)} {'are' if len(names) > 1 else 'is'} required")


def _refused(body: Body, names: tuple[str, ...]) -> Fault | None:
    found = [name for name in names if name in body]
    return Fault(f"{found[0]} is not allowed in this mode") if found else None


def _none_of(body: Body, names: tuple[str, ...]) -> Fault | None:
    return None if any(name in body for name in names) else Fault(f"one of {', '.join(names)} is required")


def _too_long(body: Body, name: str, most: int) -> Fault | None:
    return Fault(f"{name} must be at most {most} characters", too_long=True) if len(body.get(name, "")) > most else None
