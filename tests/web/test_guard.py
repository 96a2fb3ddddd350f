"""Who is let in to the audition page, and who is not."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from otio_soundtrack.web.guard import Guard

PORT = 43210
HOME = f"http://127.0.0.1:{PORT}"
OWN = {"origin": HOME, "content-type": "application/json"}


async def answer(_: Request) -> Response:
    """Stand for the page."""
    return PlainTextResponse("the page")


@pytest.fixture
def guard() -> Guard:
    """Return a guard before a page that lets everybody in."""
    return Guard(Starlette(routes=[Route("/", answer), Route("/pick", answer, methods=["POST"])]), PORT)


class Browser:
    """A browser with cookies of its own."""

    def __init__(self, guard: Guard, base: str = HOME) -> None:
        """Take the page that it calls, and the address under which it does."""
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=guard), base_url=base, follow_redirects=True)

    def get(self, url: str, **how: Any) -> httpx.Response:  # what httpx takes
        """Ask."""
        return asyncio.run(self._client.get(url, **how))

    def post(self, url: str, **how: Any) -> httpx.Response:  # what httpx takes
        """Ask for a change."""
        return asyncio.run(self._client.post(url, **how))


def test_the_link_opens_the_page(guard: Guard) -> None:
    """It leaves a cookie and goes on to an address that holds no secret."""
    one = Browser(guard)
    opened = one.get(guard.link)
    assert (opened.status_code, opened.text, str(opened.url)) == (200, "the page", f"{HOME}/")
    assert one.get("/").status_code == 200


def test_the_link_works_once(guard: Guard) -> None:
    """Who finds it in a history is too late; who was in stays in."""
    one, other = Browser(guard), Browser(guard)
    assert one.get(guard.link).status_code == 200
    assert other.get(guard.link).status_code == 403
    assert one.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "ä", "a" * 43, "null"])
def test_a_wrong_token_is_refused_and_leaves_the_link_good(guard: Guard, token: str) -> None:
    """Guessing neither opens the page nor closes it for the one who was invited."""
    one = Browser(guard)
    assert one.get("/", params={"token": token}).status_code == 403
    assert one.get(guard.link).status_code == 200


def test_nobody_comes_in_without_the_cookie(guard: Guard) -> None:
    """Not even once the link was used."""
    one, stranger = Browser(guard), Browser(guard)
    one.get(guard.link)
    assert stranger.get("/").status_code == 403
    assert stranger.post("/pick", content=b"{}", headers=OWN).status_code == 403


def test_another_host_name_reaches_nothing(guard: Guard) -> None:
    """A name that points to 127.0.0.1 is somebody else's page (DNS rebinding)."""
    for base in ("http://evil.example", f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT + 1}"):
        one = Browser(guard, base)
        assert one.get(guard.link.replace(HOME, base)).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://evil.example", "content-type": "application/json"},
        {"origin": "null", "content-type": "application/json"},
        {"origin": HOME, "content-type": "text/plain"},
    ],
)
def test_another_page_cannot_change_anything(guard: Guard, headers: dict[str, str]) -> None:
    """A form of another site carries neither our origin nor JSON."""
    one = Browser(guard)
    one.get(guard.link)
    assert one.post("/pick", content=b"{}", headers=headers).status_code == 403
    assert one.post("/pick", content=b"{}", headers=OWN).status_code == 200


def test_every_answer_forbids_the_browser_to_load_anything_from_elsewhere(guard: Guard) -> None:
    """A refusal too."""
    one = Browser(guard)
    for answered in (one.get("/"), one.get(guard.link), one.get("/")):
        policy = answered.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "http" not in policy
        assert answered.headers["cache-control"] == "no-store"


def test_the_cookie_goes_to_no_script_and_no_other_site(guard: Guard) -> None:
    """HttpOnly and SameSite=Strict."""
    one = Browser(guard)
    cookie = one.get(guard.link, follow_redirects=False).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
