"""Where requests may go: the service itself, whom the user trusts by name, and https anywhere else (pure)."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from otio_soundtrack.access import DEFAULT_PORTS, NetworkSettings, origin
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.tools.network.failures import ForbiddenAddressError


class Places:
    """The origins that may have any address, and the rule for all others; addresses are judged when they are connected to."""

    def __init__(self, base_url: str, settings: NetworkSettings) -> None:
        """Take the service's base URL, which is the user's own choice, and what the user trusts beyond it."""
        self.home = origin(base_url)
        self._trusted = {self.home, *settings.trusted_origins}
        self._free = {_end(one) for one in self._trusted}

    def exempt(self, host: str, port: int) -> bool:
        """Return whether a connection to a host may lead to any address."""
        return (host.lower(), port) in self._free

    def require(self, url: str) -> None:
        """Check that a URL may be asked.

        Raises:
            ForbiddenAddressError: it is none, two readers would read it differently, it holds a user name, or it is neither https
                nor of a trusted origin.
        """
        try:
            parts, place, read = urlsplit(url), origin(url), httpx.URL(url)
        except (SettingsError, ValueError, httpx.InvalidURL):
            raise _no_address() from None  # the cause shows the address, and that may be a secret
        # who checks and who connects must mean the same machine
        if (read.scheme, read.host, read.port or DEFAULT_PORTS[parts.scheme]) != (parts.scheme, *_end(place)):
            raise _no_address()
        if parts.username is not None or parts.password is not None:
            raise ForbiddenAddressError(
                f"the service named an address at {parts.hostname} with a user name; nothing was sent there."
            )
        trusted = place in self._trusted
        if not trusted and (parts.scheme != "https" or _end(place) in self._free):
            raise ForbiddenAddressError(
                f"the service named an address at {parts.hostname} that is not https or not its own; nothing was sent there.",
                hint="If that is meant, name its origin in OTIO_SOUNDTRACK_TRUSTED_ORIGINS.",
            )


def _no_address() -> ForbiddenAddressError:
    return ForbiddenAddressError("the service named an address that is none; nothing was sent there.")


def _end(place: str) -> tuple[str, int]:
    """Return host and port of an origin in its exact form."""
    host, _, port = place.partition("://")[2].rpartition(":")
    return host, int(port)
