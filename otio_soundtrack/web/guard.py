"""Who is let in: requests to this very address, from the browser that used the link, and from no other page.

The page reads and writes files of the user, so three doors are shut. A *link* works once: whoever finds it later in a history
or a log is too late. The cookie that it leaves goes to no script and no other site. And requests must name the address that we
listen on, so that a foreign host name that points to 127.0.0.1 (DNS rebinding) reaches nothing.
"""

from __future__ import annotations

import hmac
import secrets
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_BYTES = 32
"""Of chance in link and cookie; 16 are past guessing (OWASP, session management)."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: itself. Nothing leaves 127.0.0.1."""
_HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Stands before an application."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        """Take the application and the port that it is reached at."""
        self._app = app
        self._host = f"127.0.0.1:{port}"
        self._cookie = f"audition_{port}"
        self._link: str | None = secrets.token_urlsafe(TOKEN_BYTES)
        self._session = secrets.token_urlsafe(TOKEN_BYTES)
        self.link = f"http://{self._host}/?token={self._link}"
        """The link that opens the page, once."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        refused = self._answer(Request(scope))
        await (self._app if refused is None else refused)(scope, receive, safely)

    def _answer(self, request: Request) -> Response | None:
        """Return what a request gets that does not come through, None where it may."""
        if request.headers.get("host") != self._host:
            return _refused("this page answers at its own address only")
        token = request.query_params.get("token")
        if token is not None and request.url.path == "/":
            return self._first(token)
        if not self._knows(request):
            return _refused("open the link that `otio-soundtrack audition` printed; it works once")
        if request.method not in ("GET", "HEAD") and not self._own(request.headers):
            return _refused("only the page itself may change anything")
        return None

    def _first(self, token: str) -> Response:
        """Return the answer to a link: the page with a cookie, once."""
        if self._link is None or not hmac.compare_digest(token.encode(), self._link.encode()):
            return _refused("this link is wrong or was used already; `otio-soundtrack audition` prints a new one")
        self._link = None
        answer = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        answer.set_cookie(self._cookie, self._session, httponly=True, samesite="strict", path="/")
        return answer

    def _knows(self, request: Request) -> bool:
        given = request.cookies.get(self._cookie, "")
        return hmac.compare_digest(given.encode(), self._session.encode())

    def _own(self, headers: Headers) -> bool:
        return headers.get("origin") == f"http://{self._host}" and headers.get("content-type") == "application/json"


def _refused(why: str) -> Response:
    return PlainTextResponse(f"Refused: {why}.\n", HTTPStatus.FORBIDDEN)
