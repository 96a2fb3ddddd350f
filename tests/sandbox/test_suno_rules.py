"""The sandbox takes exactly those requests that the published schema takes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from otio_soundtrack.sandbox.suno_rules import FIELDS, fault_of

SCHEMA = Path(__file__).resolve().parents[2] / ".." / "shared" / "providers" / "suno-openapi.yaml"
NAMES = {
    "generate": "GenerateRequest",
    "extend": "ExtendRequest",
    "upload-cover": "UploadCoverRequest",
    "upload-extend": "UploadExtendRequest",
    "wav": "WavRequest",
    "mp4": "Mp4Request",
}
FLAG = st.sampled_from([True, False, "true", 1])
WEIGHT = st.sampled_from([0, 1, 0.29, 1.01, -0.1, True, "0.5"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "customMode": FLAG,
    "instrumental": FLAG,
    "defaultParamFlag": FLAG,
    "model": st.sampled_from(["V6", "V6_MINI", "V5_5", "V5", "V4", "V3_5", "V5.5", 5]),
    "callBackUrl": st.sampled_from(["https://hooks.example/suno", "", None]),
    "uploadUrl": st.sampled_from(["https://files.example/a.mp3", "", 7]),
    "prompt": st.sampled_from(["an idea", "x" * 501, "x" * 3001, "x" * 5001, 5]),
    "lyrics": st.sampled_from(["[Verse]", "x" * 5001]),
    "style": st.sampled_from(["jazz", "x" * 201, "x" * 1001]),
    "title": st.sampled_from(["Last Light", "x" * 81]),
    "negativeTags": st.sampled_from(["drums", "x" * 1001, 3]),
    "vocalGender": st.sampled_from(["m", "f", "x"]),
    "styleWeight": WEIGHT,
    "weirdnessConstraint": WEIGHT,
    "audioWeight": WEIGHT,
    "variety": st.sampled_from([0, 4, 5, 1.5, 2.0]),
    "duration": st.sampled_from([9, 10, 180.5, 361, "60"]),
    "continueAt": st.sampled_from([0, 0.1, 110, "110", True]),
    "personaId": st.sampled_from(["p", 1]),
    "personaModel": st.sampled_from(["style_persona", "other"]),
    "imageUrls": st.lists(st.just("https://x.example/a.png"), max_size=6),
    "videoUrls": st.lists(st.just("https://x.example/a.mp4"), max_size=2),
    "audioUrls": st.lists(st.just("https://x.example/a.mp3"), max_size=2),
    "audioId": st.sampled_from(["a", ""]),
    "taskId": st.sampled_from(["t", "", 3]),
    "author": st.sampled_from(["Ada", "x" * 50, "x" * 51]),
    "domainName": st.sampled_from(["music.example", "x" * 51]),
}
"""Good and bad values of every field."""


USUAL = frozenset({"model", "callBackUrl", "customMode", "instrumental", "style", "title"})
"""Fields that most bodies have."""


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Give a call and a body; in every other one each field is right for itself, so that their combination is what counts."""
    call = draw(st.sampled_from(sorted(NAMES)))
    good = draw(st.booleans())
    body: dict[str, Any] = {}
    for name in FIELDS[call]:
        if draw(st.integers(0, 9)) < (8 if name in USUAL else 4):
            value = draw(VALUES[name])
            if not good or validator(call, name).is_valid(value):
                body[name] = value
    return call, body


@cache
def schemas() -> dict[str, Any]:
    """Return the published schema; the test is skipped where this machine has none."""
    if not SCHEMA.exists():
        pytest.skip("the published schema (../shared/providers/suno-openapi.yaml) is not on this machine")
    loaded: dict[str, Any] = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    return loaded["components"]["schemas"]


@cache
def validator(call: str, field: str | None = None) -> Draft202012Validator:
    """Return what checks a whole body, or one field of it."""
    whole = schemas()[NAMES[call]]
    needed = {name: schemas()[name] for name in ("Model", "Weight", "CallBackUrl")}
    return Draft202012Validator({**(whole if field is None else whole["properties"][field]), "components": {"schemas": needed}})


@given(bodies())
@settings(max_examples=250, deadline=None)
def test_a_body_is_taken_just_where_the_schema_takes_it(sent: tuple[str, dict[str, Any]]) -> None:
    """``suno-openapi.yaml``, for every call with a body."""
    call, body = sent
    errors = [error.message for error in validator(call).iter_errors(body)]
    fault = fault_of(call, body)
    assert (fault is None) == (not errors), f"{call} {body}: we say {fault}, the schema says {errors[:2]}"


@pytest.mark.parametrize("call", sorted(NAMES))
def test_every_field_of_the_schema_is_known(call: str) -> None:
    """No field of the schema is passed over."""
    assert FIELDS[call].keys() == schemas()[NAMES[call]]["properties"].keys()
    assert fault_of(call, ["no object"]) is not None
