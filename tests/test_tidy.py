"""Numbers as people read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.model.tidy import tidy

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
