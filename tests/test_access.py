"""How services are reached: keys stay hidden, addresses are exact."""

from __future__ import annotations

import json
import pickle
import traceback

import pytest

from otio_soundtrack.access import NetworkSettings, Secret, access, network_settings, origin
from otio_soundtrack.errors import KeyMissingError, SettingsError

KEY = "canary-7f31"
HOME = "https://api.example"


def test_a_secret_shows_itself_only_when_asked_by_name() -> None:
    """Neither text, nor repr, nor formatting, nor pickling, nor an error around it tells the key."""
    secret = Secret(KEY)
    assert secret.reveal() == KEY
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


def test_the_key_and_the_origin_come_from_the_environment() -> None:
    """The declaration's origin unless the variable says another; blanks around a key are none of it."""
    found = access("suno", HOME, "SUNO_API_KEY", {"SUNO_API_KEY": f" {KEY}\n"})
    assert (found.base_url, found.key.reveal() if found.key else None) == (HOME, KEY)
    there = access("suno", HOME, "SUNO_API_KEY", {"SUNO_API_KEY": KEY, "SUNO_BASE_URL": "http://127.0.0.1:8080/suno/"})
    assert there.base_url == "http://127.0.0.1:8080/suno"
    assert access("local", HOME, None, {}).key is None


def test_a_missing_key_is_named_and_nothing_was_sent() -> None:
    """The hint is the variable."""
    with pytest.raises(KeyMissingError, match="SUNO_API_KEY") as caught:
        access("suno", HOME, "SUNO_API_KEY", {})
    assert "nothing was sent" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    ["", "api.example", "ftp://api.example", "https://user:secret@api.example", "https://api.example?x=1", "http://api.example"],
)
def test_an_address_that_is_none_or_would_tell_the_key_is_refused(url: str) -> None:
    """Also plain http to another machine; the error names the variable and shows neither key nor address."""
    with pytest.raises(SettingsError, match="SUNO_BASE_URL") as caught:
        access("suno", HOME, "SUNO_API_KEY", {"SUNO_API_KEY": KEY, "SUNO_BASE_URL": url})
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert "secret" not in told


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", "tab\tinside"])
def test_a_key_that_cannot_be_a_header_is_refused_without_being_shown(key: str) -> None:
    """A pasted line break would split the request."""
    with pytest.raises(SettingsError) as caught:
        access("suno", HOME, "SUNO_API_KEY", {"SUNO_API_KEY": key})
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://CDN.Example/a?b=c", "https://cdn.example:443"),
        ("http://127.0.0.1:8123/x", "http://127.0.0.1:8123"),
        ("https://[::1]:8443", "https://::1:8443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    """Exactly, whatever was left out."""
    assert origin(url) == expected


@pytest.mark.parametrize("url", ["", "//host", "file:///etc/passwd", "https://", "https://host:99999", "javascript:alert(1)"])
def test_what_has_no_origin_is_refused(url: str) -> None:
    """Only http and https have one."""
    with pytest.raises(SettingsError):
        origin(url)


def test_what_holds_for_all_services_is_read() -> None:
    """Trusted origins, offline, pace; and the defaults are strict."""
    told = {
        "OTIO_SOUNDTRACK_TRUSTED_ORIGINS": "http://127.0.0.1:1, https://files.example",
        "OTIO_SOUNDTRACK_OFFLINE": "1",
        "OTIO_SOUNDTRACK_PACE": "0.02",
    }
    found = network_settings(told)
    assert found.trusted_origins == {"http://127.0.0.1:1", "https://files.example:443"}
    assert (found.offline, found.pace) == (True, 0.02)
    assert network_settings({}) == NetworkSettings()


@pytest.mark.parametrize("pace", ["0", "-1", "nan", "inf", "fast", "1001"])
def test_a_pace_that_is_none_is_refused(pace: str) -> None:
    """A factor above 0."""
    with pytest.raises(SettingsError, match="PACE"):
        network_settings({"OTIO_SOUNDTRACK_PACE": pace})
