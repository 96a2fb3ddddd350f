"""The media host: results under links that expire, in ranges, and damaged on request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from otio_soundtrack.sandbox.desk import CutShort
from otio_soundtrack.sandbox.environment import HOST
from otio_soundtrack.sandbox.music import Take, file_of
from otio_soundtrack.sandbox.state import KEY_HEADERS, World

LIFETIME_S = 86_400.0
"""How long a link lives, in the sandbox's own seconds: no service promises more."""
MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "zip": "application/zip",
    "json": "application/json",
    "jpeg": "image/jpeg",
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_BLOCK = 4096
_PAGE = b"<!doctype html><html><body>Please sign in to continue.</body></html>"


@dataclass
class _Link:
    """A link that was given out."""

    make: Callable[[], Path]
    """Gives the file, and makes it on the first call; runs in a thread."""
    media_type: str
    service: str
    until: float
    """The sandbox's second at which it dies."""
    goes_to: str = ""
    """Where it redirects to; empty: nowhere."""


@dataclass
class Shelf:
    """What lies at the media host."""

    world: World
    folder: Path
    """Where made files are kept."""
    _links: dict[str, _Link] = field(default_factory=dict)
    _given: dict[str, list[str]] = field(default_factory=dict)
    """Name of a result → its links, the newest last."""
    _making: dict[str, asyncio.Lock] = field(default_factory=dict)

    def music(self, service: str, name: str, wanted: Take, form: Literal["mp3", "wav"] = "mp3") -> str:
        """Return a link to a take; while it lives the same."""
        return self.link(service, f"{name}.{form}", lambda: file_of(wanted, form, self.folder))

    def link(
        self, service: str, name: str, make: Callable[[], Path], *, media_type: str | None = None, lifetime: float = LIFETIME_S
    ) -> str:
        """Return a link to a file; while it lives the same.

        Args:
            service: whose result it is: its situations happen to it.
            name: what the link ends with; the same result has the same name.
            make: gives the file.
            media_type: None: by the name.
            lifetime: how long it lives, in the sandbox's seconds.
        """
        given = self._given.setdefault(f"{service}/{name}", [])
        if self.world.holds("hostile_url", service):
            return self._hostile(service, name)
        if not given or self._links[given[-1]].until <= self.world.now():
            dead = not given and self.world.holds("expired_link", service)
            token = sha256(f"{service}/{name}/{len(given)}".encode()).hexdigest()[:20]
            until = self.world.now() + (0.0 if dead else lifetime)
            self._links[token] = _Link(make, media_type or MEDIA_TYPES[name.rsplit(".", 1)[-1]], service, until)
            given.append(token)
        return f"{self.world.addresses.origin('media')}/{given[-1]}/{name}"

    def _hostile(self, service: str, name: str) -> str:
        """Return one of the links that nobody must follow; the name chooses which."""
        trap = self.world.addresses.origin("trap")
        token = sha256(f"hostile/{service}/{name}".encode()).hexdigest()[:20]
        port = self.world.addresses.ports["trap"]
        choices = (
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
            f"{trap}/{name}",
            "file:///etc/passwd",
            f"{self.world.addresses.origin('media')}/{token}/{name}",
            f"http://2130706433:{port}/{name}",
            f"http://[::ffff:127.0.0.1]:{port}/{name}",
            f"http://{HOST}@localhost:{port}/{name}",
        )
        self._links[token] = _Link(Path, "", service, LIFETIME_S * 365, goes_to=f"{trap}/{name}")
        return choices[int(token, 16) % len(choices)]

    def routes(self) -> list[Route]:
        """Return the routes of the media host and of the trap."""
        return [Route("/{token}/{name}", self._serve, methods=["GET", "HEAD"])]

    async def _serve(self, request: Request) -> Response:
        given = await self._response(request)
        self.world.fetches.append(
            {
                "path": request.url.path,
                "method": request.method,
                "range": request.headers.get("range"),
                "status": given.status_code,
                "keys": sorted(name for name in KEY_HEADERS if name in request.headers),
            }
        )
        return given

    async def _response(self, request: Request) -> Response:
        link = self._links.get(request.path_params["token"])
        if link is None:
            return PlainTextResponse("gone", 404)
        if link.goes_to:
            return RedirectResponse(link.goes_to, 302)
        if link.until <= self.world.now():
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        if self.world.holds("html_instead_of_audio", link.service):
            return Response(_PAGE, 200, media_type="text/html")
        content = await self._content(request.path_params["token"], link)
        if self.world.holds("corrupt_audio", link.service):
            content = damaged(content)
        given = ranged(request, content, link.media_type)
        if self.world.holds("truncated_audio", link.service) and request.method == "GET":
            first = int(given.headers.get("content-range", "bytes 0-").split()[1].split("-")[0])
            return CutShort(given, max(0, len(content) // 2 - first))
        return given

    async def _content(self, token: str, link: _Link) -> bytes:
        async with self._making.setdefault(token, asyncio.Lock()):
            path = await asyncio.to_thread(link.make)
        return await asyncio.to_thread(path.read_bytes)


def damaged(content: bytes) -> bytes:
    """Return a file whose second half is noise: it begins as it should and does not decode to its end."""
    half = len(content) // 2
    noise = b"".join(sha256(str(at).encode()).digest() * (_BLOCK // 32) for at in range(half // _BLOCK + 1))
    return content[:half] + noise[: len(content) - half]


def ranged(request: Request, content: bytes, media_type: str) -> Response:
    """Return a file, or the range of it that was asked for (RFC 9110 §14), with an entity tag.

    A range whose ``If-Range`` names another file is ignored; one that begins behind the end is refused with 416.
    """
    tag = f'"{sha256(content).hexdigest()[:16]}"'
    headers = {"accept-ranges": "bytes", "etag": tag}
    asked = _RANGE.match(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", tag) != tag or not any(asked.groups()):
        return _answer(request, content, 200, media_type, headers)
    first, last = asked[1], asked[2]
    start = int(first) if first else max(0, len(content) - int(last))
    end = min(int(last), len(content) - 1) if first and last else len(content) - 1
    if start > end:
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{len(content)}"})
    headers["content-range"] = f"bytes {start}-{end}/{len(content)}"
    return _answer(request, content[start : end + 1], 206, media_type, headers)


def _answer(request: Request, content: bytes, status: int, media_type: str, headers: dict[str, str]) -> Response:
    if request.method == "HEAD":
        return Response(status_code=status, media_type=media_type, headers={**headers, "content-length": str(len(content))})
    return Response(content, status, media_type=media_type, headers=headers)
