"""Answers of a service with something wrong in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from otio_soundtrack.model.wire import Reply
from tests.providers.driver import reply

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([[{}]]),
    st.just({"state": {"a": 1}}),
    st.just("x" * 5000),
)
STATUSES = st.sampled_from(
    [200, 200, 200, 200, 201, 202, 102, 301, 400, 401, 402, 403, 404, 409, 413, 422, 429, 455, 500, 502, 503, 504]
)


@st.composite
def mutated(draw: st.DrawFn, good: object) -> Reply:
    """Return a good JSON answer with up to four places changed, left out or added, under any status; or no JSON at all."""
    status = draw(STATUSES)
    if draw(st.integers(0, 9)) == 0:
        return reply(draw(st.sampled_from([b"", b"<html>", b"[" * 3000, b"\xff\xfe", b'{"a":', b"null", b"7"])), status)
    body = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(0, 4))):
        body = _changed(draw, body)
    return reply(json.dumps(body), status)


def _changed(draw: st.DrawFn, body: Any) -> Any:
    odd = json.loads(json.dumps(draw(ODD)))  # a copy: it is changed in turn
    places = list(_places(body))
    if not places:
        return odd
    holder, key = draw(st.sampled_from(places))
    how = draw(st.sampled_from(["other", "gone", "added", "whole"]))
    if how == "whole" and draw(st.integers(0, 5)) == 0:
        return odd
    if how == "gone":
        del holder[key]
    elif how == "added" and isinstance(holder, dict):
        holder[draw(st.text(max_size=8))] = odd
    else:
        holder[key] = odd
    return body


def _places(value: Any) -> Any:
    """Yield every holder with each of its keys."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
