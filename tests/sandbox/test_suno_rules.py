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
FLAG = [True, False, "true", 1]
WEIGHT = [0, 1, 0.29, 1.01, -0.1, True, "0.5"]
POOLS: dict[str, list[Any]] = {
    "customMode": FLAG,
    "instrumental": FLAG,
    "defaultParamFlag": FLAG,
    "model": ["V6", "V6_MINI", "V5_5", "V5", "V4", "V3_5", "V5.5", 5],
    "callBackUrl": ["https://hooks.example/suno", "", None],
    "uploadUrl": ["https://files.example/a.mp3", "", 7],
    "prompt": ["an idea", "x" * 501, "x" * 3001, "x" * 5001, 5],
    "lyrics": (["[Verse]", "x" * 5001]),
    "style": ["jazz", "x" * 201, "x" * 1001],
    "title": ["Last Light", "x" * 81],
    "negativeTags": ["drums", "x" * 1001, 3],
    "vocalGender": ["m", "f", "x"],
    "styleWeight": WEIGHT,
    "weirdnessConstraint": WEIGHT,
    "audioWeight": WEIGHT,
    "variety": [0, 4, 5, 1.5, 2.0],
    "duration": [9, 10, 180.5, 361, "60"],
    "continueAt": [0, 0.1, 110, "110", True],
    "personaId": ["p", 1],
    "personaModel": ["style_persona", "other"],
    "imageUrls": [["https://x.example/a.png"] * 5, ["https://x.example/a.png"] * 6],
    "videoUrls": [["https://x.example/a.mp4"], ["https://x.example/a.mp4"] * 2],
    "audioUrls": [[], ["https://x.example/a.mp3"] * 2],
    "audioId": ["a", ""],
    "taskId": ["t", "", 3],
    "author": ["Ada", "x" * 50, "x" * 51],
    "domainName": ["music.example", "x" * 51],
}
"""Good and bad values of every field."""
VALUES = {name: st.sampled_from(pool) for name, pool in POOLS.items()}

HOOK = {"callBackUrl": "https://hooks.example/suno"}
FILE = {"uploadUrl": "https://files.example/a.mp3"}
STYLED = {"style": "jazz", "title": "Last Light"}
GOOD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("generate", {**HOOK, **STYLED, "customMode": True, "instrumental": True, "model": "V5"}),
    ("generate", {**HOOK, **STYLED, "customMode": True, "instrumental": False, "model": "V5", "prompt": "[Verse]"}),
    ("generate", {**HOOK, "customMode": False, "instrumental": True, "model": "V5", "prompt": "an idea"}),
    ("generate", {**HOOK, "customMode": True, "instrumental": True, "model": "V6", "negativeTags": "drums"}),
    ("generate", {**HOOK, "customMode": False, "instrumental": True, "model": "V6", "style": "jazz"}),
    ("extend", {**HOOK, **STYLED, "defaultParamFlag": True, "audioId": "a", "model": "V5", "continueAt": 1, "prompt": "on"}),
    ("extend", {**HOOK, "defaultParamFlag": False, "audioId": "a", "model": "V5"}),
    ("upload-cover", {**HOOK, **FILE, **STYLED, "customMode": True, "instrumental": True, "model": "V5"}),
    ("upload-cover", {**HOOK, **FILE, "customMode": False, "instrumental": True, "model": "V5", "prompt": "an idea"}),
    ("upload-extend", {**HOOK, **FILE, **STYLED, "defaultParamFlag": True, "model": "V5", "continueAt": 1}),
    ("wav", {**HOOK, "taskId": "t", "audioId": "a"}),
    ("mp4", {**HOOK, "taskId": "t", "audioId": "a", "author": "Ada"}),
)
"""A body of each kind that is taken."""


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Give a call and a body that is right but for up to three fields, which are left out or say something else."""
    call, right = draw(st.sampled_from(GOOD))
    body = dict(right)
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS[call])), max_size=3, unique=True)):
        if draw(st.integers(0, 3)):
            body[name] = draw(VALUES[name])
        else:
            body.pop(name, None)
    return call, body


@pytest.mark.parametrize(("call", "body"), GOOD)
def test_each_kind_of_body_is_taken(call: str, body: dict[str, Any]) -> None:
    """By the schema and by us."""
    assert validator(call).is_valid(body)
    assert fault_of(call, body) is None


@pytest.mark.parametrize(("call", "body"), GOOD)
def test_each_field_alone_decides_as_in_the_schema(call: str, body: dict[str, Any]) -> None:
    """Every field of every kind of body left out, and with every value that we know."""
    for name in FIELDS[call]:
        changed = [{**body, name: value} for value in POOLS[name]] + [{key: body[key] for key in body if key != name}]
        for one in changed:
            assert (fault_of(call, one) is None) == validator(call).is_valid(one), f"{call}: {name} = {one.get(name)!r}"


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
