"""What can go wrong on the way, told apart by whether anything has left."""

from __future__ import annotations

from otio_soundtrack.errors import RefusedError, UnavailableError


class NotSentError(UnavailableError):
    """Nothing has left this machine: no address, no connection, no trust in the other side, or we are offline."""


class BrokenOffError(UnavailableError):
    """Bytes have left, and the answer is missing, cut or too slow: whether the service has done anything is not known."""


class ForbiddenAddressError(RefusedError):
    """A service named an address that nobody outside may name; nothing was sent there."""


class ExpiredLinkError(RefusedError):
    """A link to a result is no longer good (403, 404, 410)."""
