"""Signed addresses, against what Amazon publishes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest

from otio_soundtrack.access import Secret
from otio_soundtrack.tools.network.presign import LONGEST_S, StorageKey, presigned

# Amazon S3 API reference, "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)", its example
KEY = StorageKey(identity="AKIAIOSFODNN7EXAMPLE", secret=Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
NOW = datetime(2013, 5, 24, tzinfo=timezone.utc)


def test_the_published_example_is_signed_as_published() -> None:
    """``GET /test.txt`` of ``examplebucket``, for a day, on 2013-05-24: the address of the page, byte for byte."""
    assert presigned("GET", "https://examplebucket.s3.amazonaws.com/test.txt", KEY, seconds=86400, now=NOW) == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE"
        "%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


def test_the_moment_is_told_in_utc() -> None:
    """Whatever the clock of the machine shows."""
    there = NOW.astimezone(timezone(timedelta(hours=-7)))
    one, other = (presigned("PUT", "https://s.example/b/a b.mp3", KEY, seconds=60, now=now) for now in (NOW, there))
    assert one == other
    assert urlsplit(one).path == "/b/a%20b.mp3"


def test_method_object_host_region_and_span_are_signed() -> None:
    """Each changes the signature: the address allows one thing only."""
    url = "https://s.example/b/a.mp3"
    other = StorageKey(identity=KEY.identity, secret=KEY.secret, region="eu-west-1")
    made = [
        presigned("GET", url, KEY, seconds=60, now=NOW),
        presigned("PUT", url, KEY, seconds=60, now=NOW),
        presigned("GET", "https://s.example/b/b.mp3", KEY, seconds=60, now=NOW),
        presigned("GET", "https://t.example/b/a.mp3", KEY, seconds=60, now=NOW),
        presigned("GET", url, KEY, seconds=61, now=NOW),
        presigned("GET", url, other, seconds=60, now=NOW),
    ]
    assert len({parse_qs(urlsplit(one).query)["X-Amz-Signature"][0] for one in made}) == len(made)


@pytest.mark.parametrize("seconds", [0, -1, LONGEST_S + 1])
def test_no_address_holds_for_ever(seconds: int) -> None:
    """Seven days are the most that storage takes."""
    with pytest.raises(ValueError, match="seconds"):
        presigned("GET", "https://s.example/a", KEY, seconds=seconds, now=NOW)


def test_the_secret_is_in_no_address() -> None:
    """Only its signature."""
    assert "wJalr" not in presigned("GET", "https://s.example/a", KEY, seconds=60, now=NOW) + repr(KEY)
