"""What a service sends is read with care and shown washed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import JobFailedError, LimitError, SettingsError
from otio_soundtrack.provider import options, reading
from tests.providers.driver import reply


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("two\nlines\x00 and\tmore", "two lines and more"),
        ("see https://cdn.example/a.mp3?Signature=abc&x=1 now", "see https://cdn.example/a.mp3 now"),
        ("bad header: Bearer sk-secret-1", "bad header: Bearer …"),
        ("Authorization: Bearer sk-secret-1", "Authorization …"),
        ("api_key=sk-secret-1 is wrong", "api_key … is wrong"),
        ("Authorization header is missing.", "Authorization header is missing."),
        (None, ""),
        (404, ""),
    ],
)
def test_words_of_a_service_are_shown_without_keys_queries_and_control_signs(text: object, shown: str) -> None:
    """A service may repeat what it was sent."""
    assert reading.said(text) == shown


@given(st.text(max_size=3000))
def test_words_of_a_service_are_one_bounded_line(text: str) -> None:
    """Whatever it sends."""
    washed = reading.said(text)
    assert len(washed) <= reading.MOST_SHOWN
    assert "\n" not in washed


@pytest.mark.parametrize(
    ("value", "number"),
    [("93.4", 93.4), (101, 101.0), (None, None), ("long", None), (True, None), ("nan", None), ("1e999", None), ([], None)],
)
def test_a_number_is_read_from_text_too(value: object, number: float | None) -> None:
    """Durations come in both forms; what is no finite number is none."""
    assert reading.number_at({"duration": value}, "duration") == number


def test_fields_are_found_under_any_of_their_names() -> None:
    """Camel case here, snake case there; empty texts do not count."""
    assert (
        reading.text_at({"audioUrl": "", "audio_url": " https://a.example/b "}, "audioUrl", "audio_url") == "https://a.example/b"
    )
    assert reading.id_at({"taskId": 17}, "task_id", "taskId") == "17"
    assert reading.id_at({"taskId": True}, "taskId") == ""
    assert reading.records([{}, 3, {"a": 1}]) == ({}, {"a": 1})
    assert reading.records({"a": 1}) == ()
    assert reading.record([1]) == {}


def test_a_body_that_is_no_json_is_none() -> None:
    """An error page, an empty body, and brackets without end."""
    assert reading.json_of(reply("<html>", 502)) is None
    assert reading.json_of(reply(b"")) is None
    assert reading.json_of(reply("[" * 100_000)) is None
    assert reading.json_of(reply({"a": 1})) == {"a": 1}


def test_an_odd_answer_is_borne_so_many_times_in_a_row() -> None:
    """Another answer between begins the count anew."""
    borne = reading.Borne(2)
    error = JobFailedError("unknown task.")
    borne.once_more(error)
    borne.once_more(error)
    borne.over()
    borne.once_more(error)
    borne.once_more(error)
    with pytest.raises(JobFailedError):
        borne.once_more(error)


def test_options_beyond_what_a_service_takes_are_refused_with_what_it_takes() -> None:
    """Before anything is sent."""
    with pytest.raises(SettingsError, match=r"from 0 to 1"):
        options.number({"weight": "1.5"}, "weight", 0, 1)
    with pytest.raises(SettingsError):
        options.number({"weight": "much"}, "weight", 0, 1)
    with pytest.raises(SettingsError, match="one of: m, f"):
        options.one_of({"voice": "x"}, "voice", ("m", "f"), "")
    with pytest.raises(LimitError, match="9 characters"):
        options.text({"title": "nine sign"}, "title", 8)
    assert options.number({}, "weight", 0, 1) is None
    assert options.number({"weight": "0.25"}, "weight", 0, 1) == 0.25
    assert options.one_of({}, "voice", ("m", "f"), "") == ""
    assert options.text({"title": " A "}, "title", 1) == "A"
