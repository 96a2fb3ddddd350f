"""The identity of a request: what is asked, not how it is written."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.jobs import request_key
from otio_soundtrack.jobs.request_key import digest
from otio_soundtrack.provider.ask import LocalFile
from tests.jobs.toy import DECLARATION
from tests.providers.briefs import ask

NUMBERS = st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def key(**fields: Any) -> str:
    """Return the key of an ask."""
    return request_key(DECLARATION, "score", ask(**fields), {})


def picture(path: str, sha256: str = "a" * 64) -> LocalFile:
    """Return a picture."""
    return LocalFile(path=Path(path), sha256=sha256, size=10, seconds=60.0)


def respelled(value: Any) -> Any:
    """Return the same value written in another way: keys in reverse order, decomposed text, whole numbers as floats."""
    if isinstance(value, str):
        return unicodedata.normalize("NFD", value)
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return tuple(respelled(one) for one in value)
    if isinstance(value, dict):
        return {respelled(name): respelled(one) for name, one in reversed(value.items())}
    return value


@settings(max_examples=200, deadline=None)
@given(value=VALUES)
def test_the_same_value_written_otherwise_has_the_same_digest(value: Any) -> None:
    """Order of keys, Unicode form and spelling of numbers do not count."""
    assert digest(respelled(value)) == digest(value)
    assert digest(json.loads(json.dumps(value))) == digest(value)


@settings(max_examples=200, deadline=None)
@given(one=VALUES, other=VALUES)
def test_different_values_have_different_digests(one: Any, other: Any) -> None:
    """Equal digests only where a reader of JSON would see the same."""
    same = _plain(one) == _plain(other)
    assert (digest(one) == digest(other)) is same


def test_contents_of_files_count_and_paths_do_not() -> None:
    """The same cut exported elsewhere is the same request."""
    assert key(picture=picture("/a/cut.mp4")) == key(picture=picture("/b/other.mp4"))
    assert key(picture=picture("/a/cut.mp4")) != key(picture=picture("/a/cut.mp4", "b" * 64))


def test_who_listens_for_callbacks_does_not_count() -> None:
    """The token is another in every run."""
    assert key(callback_url="https://me.example/1") == key(callback_url="https://me.example/2")


def test_prompt_options_kind_and_model_count() -> None:
    """Each of them is other music."""
    other_model = DECLARATION.__class__(**{**vars(DECLARATION), "model": "t2"})
    keys = [
        key(),
        key(prompt="slow"),
        key(options={"style": "a"}),
        key(takes=2),
        request_key(DECLARATION, "search", ask(), {"count": 5}),
        request_key(DECLARATION, "search", ask(), {"count": 6}),
        request_key(other_model, "score", ask(), {}),
    ]
    assert len(set(keys)) == len(keys)


def _plain(value: Any) -> str:
    """Return a value as canonical text, by other means than the code under test."""
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, (int, float)):
        return f"n{value + 0.0!r}" if value else "n0.0"
    if isinstance(value, str):
        return f"s{unicodedata.normalize('NFC', value)!r}"
    if isinstance(value, (list, tuple)):
        return f"[{','.join(_plain(one) for one in value)}]"
    merged = {unicodedata.normalize("NFC", name): one for name, one in value.items()}
    return f"{{{','.join(f'{name!r}:{_plain(one)}' for name, one in sorted(merged.items()))}}}"
