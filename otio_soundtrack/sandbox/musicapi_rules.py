"""Which requests MusicAPI takes, and what it says to others (fact sheet musicapi.md, sections 4 and 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SMALL_MODELS = ("sonic-v3-5", "sonic-v4")
MODELS = (
    *SMALL_MODELS,
    *("sonic-v4-5", "sonic-v4-5-plus", "sonic-v5", "sonic-v5-5", "sonic-v6", "sonic-v6-wild", "sonic-v6-mini"),
)
TITLE, DESCRIPTION = 80, 400
PROMPT, SMALL_PROMPT, TAGS, SMALL_TAGS = 5000, 3000, 1000, 200
"""Characters."""
LEAST_S, MOST_S = 10, 360
"""Of the field ``duration``."""
CREATES = ("create_music", "persona_music")
EXTENDS = ("extend_music", "extend_upload_music", "upload_extend")
COVERS = ("cover_music", "cover_upload_music", "upload_cover")
WITHOUT_TEXT = ("concat_music", "remaster")
TASK_TYPES = (*CREATES, *EXTENDS[:2], *COVERS[:2], *WITHOUT_TEXT, "add_instrumental", "add_vocals")
FLAGS = ("custom_mode", "make_instrumental", "auto_lyrics", "use_suno_cdn", "auto_concat")
WEIGHTS = ("style_weight", "weirdness_constraint", "audio_weight")


def fault_of(task_type: str, body: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a request, in the service's words, None where nothing is.

    Args:
        task_type: of the body, or of the path where that has its own.
        body: as it was sent; unknown fields are ignored.
    """
    if task_type == "concat_music":
        if "duration" in body:
            return "duration is not allowed"
        return None if _text(body, "continue_clip_id") else "name and continue_clip_id are required fields."
    return _flags(body) or _model(body) or _source(task_type, body) or _texts(body) or _numbers(task_type, body)


def _flags(body: Mapping[str, Any]) -> str | None:
    wrong = next((name for name in FLAGS if name in body and not isinstance(body[name], bool)), None)
    return f"{wrong} must be a boolean" if wrong else None


def _model(body: Mapping[str, Any]) -> str | None:
    return None if body.get("mv") in MODELS else "mv is invalid"


def _source(task_type: str, body: Mapping[str, Any]) -> str | None:
    by_url = task_type in ("upload_extend", "upload_cover")
    if by_url and not _text(body, "url"):
        return "url is required"
    if not by_url and task_type not in CREATES and not _text(body, "continue_clip_id"):
        return "name and continue_clip_id are required fields."
    if task_type in EXTENDS:
        at = body.get("continue_at")
        if isinstance(at, bool) or not isinstance(at, (int, float)) or at <= 0:
            return "continue_at is invalid"
    return None


def _texts(body: Mapping[str, Any]) -> str | None:
    small = body.get("mv") in SMALL_MODELS
    limits = {
        "prompt": SMALL_PROMPT if small else PROMPT,
        "tags": SMALL_TAGS if small else TAGS,
        "title": TITLE,
        "gpt_description_prompt": DESCRIPTION,
    }
    for name, most in limits.items():
        value = body.get(name, "")
        if not isinstance(value, str):
            return f"{name} must be a string"
        if len(value) > most:
            return f"{name} must be less than {most} characters"
    if not body.get("custom_mode", False) and not body.get("gpt_description_prompt"):
        return "description is required"
    return None


def _numbers(task_type: str, body: Mapping[str, Any]) -> str | None:
    for name in WEIGHTS:
        value = body.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            return f"{name} must be from 0 to 1"
    if "duration" not in body:
        return None
    seconds = body["duration"]
    if task_type not in (*CREATES, *EXTENDS, *COVERS):
        return "duration is not allowed"
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not LEAST_S <= seconds <= MOST_S:
        return f"duration must be a whole number from {LEAST_S} to {MOST_S}"
    return None


def _text(body: Mapping[str, Any], name: str) -> bool:
    return isinstance(body.get(name), str) and bool(body[name])
