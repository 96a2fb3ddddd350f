"""Numbers as people read them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.model.tidy import as_text, tidy

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def test_noise_of_floating_point_is_gone_at_any_depth() -> None:
    """What a musician calls 120 is 120."""
    noisy = {"tempo_bpm": 119.99999999, "deep": [{"at": 0.1 + 0.2}], "count": 3, "none": None, "yes": True}
    assert tidy(noisy) == {"tempo_bpm": 120.0, "deep": [{"at": 0.3}], "count": 3, "none": None, "yes": True}


def test_the_picture_rate_is_the_very_float_of_the_timeline() -> None:
    """24000/1001 as Resolve writes it."""
    assert tidy({"plan": {"rate": 23.976023976023978}}) == {"plan": {"rate": 23.976023976023978}}


@given(JSON)
def test_tidied_twice_is_tidied_once(value: object) -> None:
    """A law: a record that is read back and written again is the same."""
    assert tidy(tidy(value)) == tidy(value)


def test_keyframes_stand_on_one_line_and_texts_stay_as_they_are() -> None:
    """What is read back is what was written, also where a text looks like a keyframe."""
    value = {"points": [[1.5, -8.0], [2.0, 0.0]], "prompt": "slow [ 1, 2 ]\n[\n 3,\n 4\n]", "three": [1, 2, 3]}
    text = as_text(value)
    assert json.loads(text) == value
    assert "  [1.5, -8.0],\n  [2.0, 0.0]\n" in text
