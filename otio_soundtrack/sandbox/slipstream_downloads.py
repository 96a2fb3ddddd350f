"""Slipstream's audio downloads and licences (fact sheet slipstream.md, sections 3.9 and 3.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.archive import zipped
from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.lengths import sounding
from otio_soundtrack.sandbox.music import file_of
from otio_soundtrack.sandbox.slipstream_answers import (
    FORBIDDEN,
    NOT_FOUND,
    PREPARING,
    REQUIRED,
    UUID_FORM,
    envelope,
    field_error,
    no,
)
from otio_soundtrack.sandbox.slipstream_catalogue import Track
from otio_soundtrack.sandbox.state import World, json_or_none, stamp

ZIP_S = 10.0
"""How long an archive takes (assumed)."""
SLOWER = 4
"""Factor of the situation slow_finish."""
LINK_S = 600.0
"""A signed link dies within minutes."""
_MOST_PROJECT = 255
"""Characters of a project's name."""
_DAILY, _MONTHLY = 1000, 30_000
"""Licences, as in the example."""


@dataclass
class Preparing:
    """Renders and archives that are being made."""

    world: World
    begun: dict[str, float] = field(default_factory=dict)
    """What was asked → the second at which it began."""

    def ready(self, request: Request, what: str, name: str, seconds: float) -> bool:
        """Return whether something is made; the first to ask begins it."""
        if name not in self.begun:
            self.begun[name] = self.world.now()
            self.world.begin(request, "slipstream", what, name, body=json_or_none(b"null"))
        seconds *= SLOWER if self.world.holds("slow_finish", "slipstream") else 1
        never = self.world.holds("stuck", "slipstream") or self.world.holds("job_failed", "slipstream")
        return not never and self.world.now() - self.begun[name] >= seconds

    def allowed(self, track: Track) -> None:
        """Refuse what the account may stream, but not download (A53)."""
        if track.facts["restricted"] or self.world.holds("out_of_credits", "slipstream"):
            raise Said(no(403, FORBIDDEN))


class Downloads:
    """The calls."""

    def __init__(self, world: World, shelf: Shelf, tracks: Mapping[str, Track], work: Preparing) -> None:
        """Take the tracks by their ids, and what is being made."""
        self._world = world
        self._shelf = shelf
        self._tracks = tracks
        self._work = work
        self._licences = 0

    def routes(self, desk: Desk, counter: Desk) -> list[BaseRoute]:
        """Return the paths; licences have a counter of their own, with other manners."""
        return [
            desk.route("POST", "/api/v4/download/audio/{id}/", self._download, "paid"),
            desk.route("GET", "/api/v4/download/audio/{id}/", self._redirect, "paid"),
            counter.route("POST", "/api/v1/licenses/generate", self._licence),
        ]

    async def _download(self, request: Request) -> Response:
        body = json_or_none(await request.body())
        fields = _download_fields(body if isinstance(body, dict) else {})
        return self._delivered(request, *fields)

    async def _redirect(self, request: Request) -> Response:
        query = request.query_params
        formats = [one for text in query.getlist("format") for one in text.split(",")]
        body = {"type": query.get("type"), **({"format": formats} if formats else {})}
        given = self._delivered(request, *_download_fields({name: value for name, value in body.items() if value is not None}))
        url = json_or_none(bytes(given.body)).get("url")
        return RedirectResponse(url, 302) if url else given

    def _delivered(self, request: Request, kind: str, formats: tuple[str, ...], stems: bool) -> Response:
        track = self._tracks.get(request.path_params["id"])
        if track is None or kind != "track":
            return no(404, NOT_FOUND)
        self._work.allowed(track)
        take = track.take.sounding_as(sounding(self._world, "slipstream"))
        if stems or len(formats) > 1:
            name = f"{track.id}-{'-'.join(sorted(formats))}-{stems}"
            if not self._work.ready(request, "archive", name, ZIP_S):
                return no(202, PREPARING)
            make = partial(zipped, take, self._shelf.folder, mp3="mp3" in formats)
            return JSONResponse({"url": self._shelf.link("slipstream", f"{name}.zip", make, lifetime=LINK_S)})
        form: Literal["mp3", "wav"] = "wav" if formats == ("wav",) else "mp3"
        self._world.begin(request, "slipstream", "download", track.id, body={"format": form})

        def made() -> Path:
            return file_of(take, form, self._shelf.folder)

        return JSONResponse({"url": self._shelf.link("slipstream", f"{track.id}.{form}", made, lifetime=LINK_S)})

    async def _licence(self, request: Request) -> Response:
        body = json_or_none(await request.body())
        fields: dict[str, Any] = body if isinstance(body, dict) else {}
        user = request.headers.get("x-user-id")
        if not user:
            return envelope(400, "MISSING_USER_ID", "X-User-ID header is required.")
        if not UUID_FORM.match(str(fields.get("track_id"))):
            return envelope(400, "INVALID_REQUEST", "track_id must be a UUID.")
        if len(str(fields.get("project_name", ""))) > _MOST_PROJECT:
            return envelope(400, "INVALID_REQUEST", f"project_name may not exceed {_MOST_PROJECT} characters.")
        track = self._tracks.get(fields["track_id"])
        if track is None:
            return envelope(404, "TRACK_NOT_FOUND", "Track does not exist.")
        self._licences += 1
        name = uuid4().hex
        shown = {
            "license_id": name,
            "license_url": name,
            "track_id": track.id,
            "track_name": track.facts["name"],
            "artist_name": track.facts["artist"]["name"],
            "user_id": user,
            "created_at": f"{stamp(self._world, self._world.now()):%Y-%m-%dT%H:%M:%S.000Z}",
            "expires_at": None,
        }
        used = {"daily_used": self._licences, "monthly_used": self._licences, "daily_limit": _DAILY, "monthly_limit": _MONTHLY}
        return JSONResponse({"success": True, "license": shown, "usage": used})


def _download_fields(body: dict[str, Any]) -> tuple[str, tuple[str, ...], bool]:
    kind, formats, stems = body.get("type"), body.get("format", ["mp3"]), body.get("include_stems", False)
    if kind is None:
        raise Said(field_error("type", REQUIRED))
    if kind not in ("track", "soundfx", "stem"):
        raise Said(field_error("type", f'"{kind}" is not a valid choice.'))
    wrong = [one for one in formats if one not in ("mp3", "wav")] if isinstance(formats, list) else [formats]
    if wrong:
        raise Said(field_error("format", f'"{wrong[0]}" is not a valid choice.'))
    if stems and kind != "track":
        raise Said(field_error("include_stems", "Only valid when type is track."))
    return str(kind), tuple(dict.fromkeys(formats)) or ("mp3",), bool(stems)
