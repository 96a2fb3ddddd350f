"""Slipstream's searches: pages of ranked tracks (fact sheet slipstream.md, sections 1.2, 3.3, 3.5 and 3.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.slipstream_answers import NOT_FOUND, REQUIRED, field_error, no
from otio_soundtrack.sandbox.slipstream_catalogue import WORDS, Track, filtered, ranked, values

DEFAULT_LIMIT, MOST_LIMIT = 20, 100
YOUTUBE = re.compile(r"https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/)|youtu\.be/)[\w-]{11}(?:[?&#].*)?$")
_HASH = re.compile(r"[0-9a-f]{32}$")
_PLATFORMS = (
    *("youtube.com", "youtu.be", "vimeo.com", "soundcloud.com", "spotify.com"),
    *("music.apple.com", "tiktok.com"),
)
_LIMITS = {"time_limit": 60, "bpm_range": 100}
"""Highest value of each number."""


class Searches:
    """The five searches and the list of filters; all are open to those without a key."""

    def __init__(self, tracks: list[Track], knows: Callable[[str], bool]) -> None:
        """Take the catalogue, and what tells whether the hash of a video is known."""
        self._tracks = tracks
        self._knows = knows

    def routes(self, desk: Desk) -> list[BaseRoute]:
        """Return the paths of the searches."""
        searches = {
            "by-video": ("value", self._by_video),
            "by-text": ("text", self._free),
            "by-prompt": ("text", self._free),
            "by-url": ("link", self._by_url),
            "by-id": ("track_id", self._by_id),
        }
        return [
            *(
                desk.route("GET", f"/api/v4/search/ai/{name}/", partial(self._search, name, field, check), "poll", keyed=False)
                for name, (field, check) in searches.items()
            ),
            desk.route("GET", "/api/v4/search/ai/filters/", self._filters, keyed=False),
        ]

    async def _filters(self, _request: Request) -> Response:
        return JSONResponse(values())

    async def _search(self, name: str, field: str, check: Callable[[str], None], request: Request) -> Response:
        query = dict(request.query_params)
        value = query.get(field, "")
        if not value:
            return field_error(field, REQUIRED)
        check(value)
        for number, most in _LIMITS.items():
            if name not in ("by-video", "by-text") and _whole(query, number, 0) > most:
                return field_error(number, f"Ensure this value is less than or equal to {most}.")
        others = [track for track in self._tracks if track.id != value]
        found = filtered(ranked(others, value), query)
        limit = min(_whole(query, "limit", DEFAULT_LIMIT) or DEFAULT_LIMIT, MOST_LIMIT)
        offset = _whole(query, "offset", 0)
        shown = [_shown(track, name, highlights=query.get("highlights") == "true") for track in found[offset : offset + limit]]
        page: dict[str, Any] = {
            "next": _at(query, offset + limit) if offset + limit < len(found) else None,
            "previous": _at(query, max(0, offset - limit)) if offset else None,
            "results": shown,
        }
        if name == "by-text":
            page |= {"did_you_mean": _did_you_mean(self._tracks, query), "playlist_search": {"ids": []}}
        return JSONResponse(page)

    def _by_video(self, value: str) -> None:
        if not _HASH.match(value) and not YOUTUBE.match(value):
            raise Said(field_error("value", "Enter a 32-character hash or a YouTube URL."))
        if _HASH.match(value) and not self._knows(value):
            raise Said(no(404, NOT_FOUND))

    def _free(self, value: str) -> None:
        """Take any text."""

    def _by_url(self, value: str) -> None:
        host = urlsplit(value).hostname or ""
        if not any(host == one or host.endswith(f".{one}") for one in _PLATFORMS):
            raise Said(field_error("link", "Unsupported platform."))

    def _by_id(self, value: str) -> None:
        if all(track.id != value for track in self._tracks):
            raise Said(no(404, NOT_FOUND))


def _whole(query: dict[str, str], name: str, default: int) -> int:
    """Return a number of a query; what is none is passed over."""
    text = query.get(name, "")
    return int(text) if text.isdecimal() else default


def _at(query: dict[str, str], offset: int) -> str:
    """Return the link to another page: a query string alone, as the pages show it."""
    kept = {name: value for name, value in query.items() if name != "offset"}
    return f"?{urlencode(kept | ({'offset': str(offset)} if offset else {}))}"


def _shown(track: Track, search: str, *, highlights: bool) -> dict[str, Any]:
    facts = dict(track.facts)
    if highlights and search == "by-prompt":
        facts["highlights"] = [{"offset": start, "duration": round(end - start, 2)} for start, end, _ in track.highlights()]
    elif highlights and search in ("by-url", "by-id"):
        facts["highlights"] = [{"start": start, "end": end, "score": score} for start, end, score in track.highlights()]
    return facts


def _did_you_mean(tracks: list[Track], query: dict[str, str]) -> dict[str, str] | None:
    """Return the nearest value to a mistyped one (A37): the first that has the same first letter."""
    for name, value in query.items():
        known = sorted({WORDS[name](track) for track in tracks}) if name in WORDS else []
        if known and value.casefold() not in (one.casefold() for one in known):
            near = next((one for one in known if one[:1].casefold() == value[:1].casefold()), None)
            return {name: near} if near else None
    return None
