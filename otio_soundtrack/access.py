"""How services are reached: keys, origins and pace, from the environment only (floor 1).

A key lives in a :class:`Secret` that shows itself to nobody: not in ``repr``, not in errors, not in JSON.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from otio_soundtrack.errors import KeyMissingError, SettingsError

CALLBACK_VARIABLE = "OTIO_SOUNDTRACK_CALLBACK_URL"
"""Public address of the user's receiver (``otio-soundtrack jobs receive``); a job's own token is added to its path."""
TOKEN_BYTES = 32
"""Of chance in the address of a job: 256 bits are not guessed."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
DEFAULT_PORTS = {"http": 80, "https": 443}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Names of this machine."""


class Secret:
    """Text that is shown only to whoever asks for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text; only the door to the network calls this."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, kw_only=True)
class Access:
    """How one service is reached."""

    name: str
    """Of the provider."""
    base_url: str
    """Origin and path prefix of the service, without a slash at its end."""
    key: Secret | None
    """None where none is needed."""


@dataclass(frozen=True, kw_only=True)
class NetworkSettings:
    """What holds for all services."""

    trusted_origins: frozenset[str] = frozenset()
    """Exact origins that result URLs may point to although they are http, loopback or private."""
    offline: bool = False
    """Whether no socket is opened at all."""
    pace: float = 1.0
    """Factor on all waiting between polls; ``Retry-After`` is obeyed as sent."""


def address(name: str, base_url: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return where a service is reached: what ``<NAME>_BASE_URL`` says, else its declaration."""
    return environment.get(f"{name.upper()}_BASE_URL", base_url).rstrip("/")


def access(name: str, base_url: str, key_variable: str | None, environment: Mapping[str, str] = os.environ) -> Access:
    """Return how a service is reached.

    Args:
        name: of the provider; ``<NAME>_BASE_URL`` overrides its origin.
        base_url: the origin that its declaration names.
        key_variable: environment variable of its key, None where it needs none.
        environment: variables.

    Raises:
        KeyMissingError: the key is needed and not set.
        SettingsError: the base URL is none, carries a user name, or would send the key unprotected to another machine.
    """
    variable, url = f"{name.upper()}_BASE_URL", address(name, base_url, environment)
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise SettingsError(
            f"{variable} is not the address of a service.", hint="Give scheme and host, like https://host.example."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(f"{variable} would send the key unencrypted to another machine.", hint="Use https.")
    key = environment.get(key_variable, "").strip() if key_variable else ""
    if key_variable and not key:
        hint = f"Set {key_variable}, or try it without one in `otio-soundtrack sandbox`; nothing was sent."
        raise KeyMissingError(f"{name} needs a key and {key_variable} is not set.", hint=hint)
    if not key.isascii() or not key.isprintable():
        raise SettingsError(f"{key_variable} holds characters that no key has.", hint="Copy the key again, without line breaks.")
    return Access(name=name, base_url=url, key=Secret(key) if key else None)


def require_key(name: str, base_url: str | None, key_variable: str | None, environment: Mapping[str, str] = os.environ) -> None:
    """Check that a service can be asked; arguments and errors are those of :func:`access`."""
    access(name, base_url or "", key_variable, environment)


def network_settings(environment: Mapping[str, str] = os.environ) -> NetworkSettings:
    """Return what the environment says of all services.

    Raises:
        SettingsError: a variable that cannot be obeyed.
    """
    given = (one.strip() for one in environment.get("OTIO_SOUNDTRACK_TRUSTED_ORIGINS", "").split(","))
    return NetworkSettings(
        trusted_origins=frozenset(origin(one, "OTIO_SOUNDTRACK_TRUSTED_ORIGINS") for one in given if one),
        offline=environment.get("OTIO_SOUNDTRACK_OFFLINE", "") == "1",
        pace=_pace(environment.get("OTIO_SOUNDTRACK_PACE", "1")),
    )


def callback_address(environment: Mapping[str, str] = os.environ) -> str:
    """Return an address at which one job is called back, unlike any other; empty where nobody listens.

    Raises:
        SettingsError: :data:`CALLBACK_VARIABLE` is no address that a service can call.
    """
    base = environment.get(CALLBACK_VARIABLE, "").strip().rstrip("/")
    if not base:
        return ""
    parts = urlsplit(base)
    origin(base, CALLBACK_VARIABLE)
    if parts.username or parts.query or parts.fragment or (parts.scheme == "http" and parts.hostname not in LOOPBACK):
        raise SettingsError(
            f"{CALLBACK_VARIABLE} is no address for callbacks.", hint="Give https://, a host and a path; no query, no user name."
        )
    return f"{base}/{secrets.token_urlsafe(TOKEN_BYTES)}"


def origin(url: str, told_by: str = "the address") -> str:
    """Return scheme, host and port of a URL in one exact form, ``https://host.example:443``.

    Args:
        url: any URL.
        told_by: who gave it, for the error.

    Raises:
        SettingsError: it has no origin.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise SettingsError(f"{told_by} has an address that is none.", hint="An origin looks like https://host.example:8443.")
    return f"{parts.scheme}://{parts.hostname.lower()}:{port or DEFAULT_PORTS[parts.scheme]}"


def _pace(text: str) -> float:
    try:
        pace = float(text)
    except ValueError:
        pace = -1.0
    if not 0.0 < pace <= 1000.0:  # also refuses what is not a number
        raise SettingsError(f"OTIO_SOUNDTRACK_PACE is {text!r}, not a factor above 0.", hint="1 is the pace of the services.")
    return pace
