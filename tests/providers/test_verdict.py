"""What a refusing answer means by its HTTP status, and what it says."""

from __future__ import annotations

import pytest
from hypothesis import given

from otio_soundtrack.errors import (
    BadReplyError,
    JobOpenError,
    JobStateUnknownError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.verdict import Judge, code_of, words_of
from tests.providers.driver import reply
from tests.providers.mutations import mutated

JUDGE = Judge(service="Tune", key_variable="TUNE_API_KEY")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"detail": "Not found."}, "Not found."),
        ({"detail": [{"loc": ["body", "x"], "msg": "field required"}, {"msg": "too long"}]}, "field required; too long"),
        ({"success": False, "error": {"code": "X", "message": "Not yours."}}, "Not yours."),
        ({"success": False, "message": "Busy.", "error": "pool exhausted"}, "Busy."),
        ({"error": "No such list."}, "No such list."),
        ({"file": ["File is too large."]}, "file: File is too large."),
        ("<html><body><h1>Bad Gateway</h1></body></html>", "Bad Gateway"),
        ("", "nothing"),
        ({"detail": "see https://h.example/a?sig=secret"}, "see https://h.example/a"),
    ],
)
def test_the_words_of_every_family_of_bodies_are_found_and_washed(body: object, words: str) -> None:
    """A person reads them; queries of links are secrets."""
    assert words_of(reply(body, 400)) == words


def test_codes_are_found_in_both_places() -> None:
    """Beside the words, or in the envelope."""
    assert code_of(reply({"error_code": "video_no_audio"}, 422)) == "video_no_audio"
    assert code_of(reply({"error": {"code": "QUOTA"}}, 429)) == "QUOTA"
    assert code_of(reply("<html>", 400)) == ""


@pytest.mark.parametrize(
    ("status", "free", "paid", "waiting"),
    [
        (200, BadReplyError, JobStateUnknownError, BadReplyError),
        (400, RefusedError, RefusedError, RefusedError),
        (401, RefusedError, RefusedError, JobOpenError),
        (403, RefusedError, RefusedError, JobOpenError),
        (408, UnavailableError, JobStateUnknownError, UnavailableError),
        (429, RateLimitedError, RateLimitedError, RateLimitedError),
        (500, UnavailableError, JobStateUnknownError, UnavailableError),
        (503, UnavailableError, JobStateUnknownError, UnavailableError),
        (504, UnavailableError, JobStateUnknownError, UnavailableError),
    ],
)
def test_a_status_means_something_else_where_money_moved(
    status: int, free: type[ProviderError], paid: type[ProviderError], waiting: type[ProviderError]
) -> None:
    """A fault is asked again where nothing is paid, unknown where it is; a dead key loses no job that was begun."""
    answer = reply({"detail": "so"}, status)
    assert type(JUDGE.free(answer, "a song")) is free
    assert type(JUDGE.paid(answer, "a song")) is paid
    assert type(JUDGE.waiting(answer, "a song")) is waiting


def test_a_busy_service_that_says_when_to_come_again_has_begun_nothing() -> None:
    """A gateway gives the same status, and JSON too, for a service that was too slow to answer."""
    assert type(JUDGE.paid(reply({"detail": "busy"}, 503, retry_after="5"), "a song")) is UnavailableError
    assert type(JUDGE.paid(reply("<html>busy</html>", 503, retry_after="5"), "a song")) is JobStateUnknownError


@given(answer=mutated({"detail": [{"msg": "x"}], "error": {"code": "y", "message": "z"}, "file": ["w"]}))
def test_any_answer_is_an_error_of_ours_in_one_line(answer: Reply) -> None:
    """Whatever its body is."""
    for judge in (JUDGE.free, JUDGE.paid, JUDGE.waiting):
        error = judge(answer, "a song")
        assert isinstance(error, ProviderError)
        assert len(error.message) < 400
