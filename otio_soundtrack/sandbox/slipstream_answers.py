"""How Slipstream says no (section 1.1): plainly, with a code, by field, or in an envelope."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse, Response

NOT_FOUND = "Not found."
REQUIRED = "This field is required."
FORBIDDEN = "You do not have permission to perform this action."
PREPARING = "Download is being prepared. Please try again in a few moments."
UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
"""How every id of a track looks."""
RETRY_S = 1
"""Seconds; one is the least that the header can say."""


def no(status: int, detail: str, *, code: str = "", **headers: str) -> Response:
    """Return an error with its text, and its code where it has one."""
    return JSONResponse({"detail": detail, **({"error_code": code} if code else {})}, status, headers)


def field_error(name: str, message: str) -> Response:
    """Return the error of a field."""
    return JSONResponse({name: [message]}, 400)


def envelope(status: int, code: str, message: str) -> Response:
    """Return an error as the licence calls say it."""
    return JSONResponse({"success": False, "error": {"code": code, "message": message}}, status)


class Errors:
    """What every service says, in this one's words."""

    def unauthorised(self, header: str | None) -> Response:
        """Answer a key that is missing (A7) or wrong (A8)."""
        text = "Authentication credentials were not provided." if header is None else "Invalid token."
        return no(401, text, **{"WWW-Authenticate": "Bearer"})

    def too_often(self) -> Response:
        """Answer who calls too often (A14)."""
        text = f"Request was throttled. Expected available in {RETRY_S} seconds."
        return no(429, text, **{"Retry-After": str(RETRY_S)})

    def fault(self) -> Response:
        """Answer with a fault that passes (A25)."""
        return no(500, "AI search is temporarily unavailable.")


class LicenceErrors(Errors):
    """The same, as the licence calls say it."""

    def unauthorised(self, _header: str | None) -> Response:
        """Answer a key that is missing or wrong (A63)."""
        return envelope(401, "INVALID_API_KEY", "API key is missing or invalid.")

    def too_often(self) -> Response:
        """Answer who has had too many (A65)."""
        return envelope(429, "USAGE_LIMIT_EXCEEDED", "Daily licence limit reached.")
