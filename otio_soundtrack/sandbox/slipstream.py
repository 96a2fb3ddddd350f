"""Slipstream Music (fact sheet slipstream.md): uploads, searches, renders, downloads, licences."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.files import Shelf, ranged
from otio_soundtrack.sandbox.lengths import sounding
from otio_soundtrack.sandbox.music import file_of
from otio_soundtrack.sandbox.rendering import rendered
from otio_soundtrack.sandbox.slipstream_answers import (
    NOT_FOUND,
    PREPARING,
    REQUIRED,
    UUID_FORM,
    Errors,
    LicenceErrors,
    field_error,
    no,
)
from otio_soundtrack.sandbox.slipstream_catalogue import catalogue
from otio_soundtrack.sandbox.slipstream_downloads import Downloads, Preparing
from otio_soundtrack.sandbox.slipstream_searches import YOUTUBE, Searches
from otio_soundtrack.sandbox.slipstream_videos import MOST_BYTES, SUFFIXES, Unanalysable, Video, Videos
from otio_soundtrack.sandbox.state import World, json_or_none

MOST_CALLS = (120, 60.0)
"""Calls in so many seconds (a knob of the sheet's test server)."""
UPLOAD_S, RENDER_S = 8.0, 20.0
"""How long things take (assumed)."""


class Music:
    """The calls."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        self._shelf = shelf
        self._tracks = {track.id: track for track in catalogue(world.lengths)}
        self._videos = Videos(shelf.folder)
        self._work = Preparing(world)
        self._downloads = Downloads(world, shelf, self._tracks, self._work)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        desk = Desk(self._world, "slipstream", Errors(), most=MOST_CALLS)
        v4 = "/api/v4"
        return [
            desk.route("POST", f"{v4}/soundtrack/video/", self._upload, "paid"),
            desk.route("GET", f"{v4}/soundtrack/video/{{id}}/", self._video),
            desk.route("POST", f"{v4}/soundtrack/video/{{id}}/download/", self._render, "paid"),
            *Searches(list(self._tracks.values()), self._knows).routes(desk),
            desk.route("GET", f"{v4}/{{language}}/tracks/{{id}}/", self._track),
            desk.route("GET", f"{v4}/stream/{{id}}/", self._stream, keyed=False),
            *self._downloads.routes(desk, Desk(self._world, "slipstream", LicenceErrors())),
        ]

    def _knows(self, value: str) -> bool:
        if self._videos.knows(value) and self._world.switches.happens("expired_upload", "slipstream"):
            self._videos.all = {name: one for name, one in self._videos.all.items() if one.value != value}
        return self._videos.knows(value)

    async def _upload(self, request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind == "multipart/form-data":
            video = await self._file(request)
        elif kind == "application/json":
            video = await self._link(request)
        else:
            return no(415, f'Unsupported media type "{kind}" in request.')
        self._world.begin(request, "slipstream", "upload", video.id, body=request.state.shown)
        return JSONResponse(video.shown(), 201)

    async def _file(self, request: Request) -> Video:
        async with request.form() as form:
            file = form.get("file")
            if form.get("url") is not None and file is not None:
                raise Said(no(400, "Cannot provide both 'file' and 'url'. Choose one."))
            if not isinstance(file, UploadFile):
                raise Said(no(400, "Either 'file' or 'url' must be provided."))
            name, content = file.filename or "", await file.read()
        request.state.shown = {"file": name, "bytes": len(content)}
        if name.rsplit(".", 1)[-1].lower() not in SUFFIXES:
            allowed = ", ".join(SUFFIXES)
            raise Said(field_error("file", f"File extension is not allowed. Allowed extensions are: {allowed}."))
        if len(content) > MOST_BYTES:
            raise Said(field_error("file", "File size cannot exceed 60 MB."))
        await asyncio.sleep(UPLOAD_S / self._world.speed)
        try:
            return await asyncio.to_thread(self._videos.file, name, content, self._world.addresses.origin("media"))
        except Unanalysable as error:
            raise Said(no(422, error.text, code=error.code)) from error

    async def _link(self, request: Request) -> Video:
        body = json_or_none(await request.body())
        request.state.shown = body
        if not isinstance(body, dict):
            raise Said(no(400, "JSON parse error - Expecting value: line 1 column 1 (char 0)"))
        if "url" not in body:
            raise Said(no(400, "Either 'file' or 'url' must be provided."))
        if not isinstance(body["url"], str) or not YOUTUBE.match(body["url"]):
            raise Said(no(400, "Please provide a valid YouTube URL."))
        return self._videos.link(body["url"])

    async def _video(self, request: Request) -> Response:
        video = self._videos.all.get(request.path_params["id"])
        return no(404, NOT_FOUND) if video is None else JSONResponse(video.shown())

    async def _render(self, request: Request) -> Response:
        body = json_or_none(await request.body())
        track_id, volumes, start = _render_fields(body if isinstance(body, dict) else {})
        video, track = self._videos.all.get(request.path_params["id"]), self._tracks.get(track_id)
        if video is None or track is None:
            return no(404, NOT_FOUND)
        path = video.path
        if path is None:
            return no(400, "Downloads are only available for uploaded files.")
        self._work.allowed(track)
        name = f"{video.id}-{track.id}-{volumes[0]}-{volumes[1]}-{start}"
        if not self._work.ready(request, "render", name, RENDER_S):
            return JSONResponse({"send_email": True, "detail": PREPARING}, 202)
        take = track.take.sounding_as(sounding(self._world, "slipstream"))
        make = partial(rendered, path, take, volumes, start, self._shelf.folder)
        return JSONResponse({"url": self._shelf.link("slipstream", f"{name}.mp4", make)})

    async def _track(self, request: Request) -> Response:
        track = self._tracks.get(request.path_params["id"])
        return no(404, NOT_FOUND) if track is None else JSONResponse({**track.facts, **track.more})

    async def _stream(self, request: Request) -> Response:
        track = self._tracks.get(request.path_params["id"])
        if track is None:
            return no(404, NOT_FOUND)
        path = await asyncio.to_thread(file_of, track.take, "mp3", self._shelf.folder)
        return ranged(request, await asyncio.to_thread(path.read_bytes), "audio/mpeg")


def _render_fields(body: dict[str, Any]) -> tuple[str, tuple[float, float], float]:
    track_id = body.get("track_id")
    if track_id is None:
        raise Said(field_error("track_id", REQUIRED))
    if not isinstance(track_id, str) or not UUID_FORM.match(track_id):
        raise Said(field_error("track_id", "Must be a valid UUID."))
    numbers = {name: body.get(name, default) for name, default in (("video_volume", 1), ("track_volume", 1), ("track_start", 0))}
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Said(field_error(name, "A valid number is required."))
        if value < 0:
            raise Said(field_error(name, "Ensure this value is greater than or equal to 0."))
        if name != "track_start" and value > 1:
            raise Said(field_error(name, "Ensure this value is less than or equal to 1.0."))
    return track_id, (float(numbers["video_volume"]), float(numbers["track_volume"])), float(numbers["track_start"])


def application(world: World, shelf: Shelf, own: Sequence[BaseRoute]) -> Starlette:
    """Return the service.

    Args:
        world: of the sandbox.
        shelf: where results lie.
        own: routes of the sandbox itself.
    """
    lost = {404: _lost, 405: _lost}
    app = Starlette(routes=[*own, *Music(world, shelf).routes()], exception_handlers=lost)
    app.router.redirect_slashes = False  # Starlette would, but in its own way
    return app


async def _lost(request: Request, error: Any) -> Response:  # noqa: ANN401  # Starlette's own
    """Answer a path that is none (GET: to the one with a slash at its end, as Django does) or another method (A17, A20)."""
    if error.status_code == 405:
        return no(405, f'Method "{request.method}" not allowed.')
    if request.method == "GET" and not request.url.path.endswith("/"):
        return RedirectResponse(f"{request.url.path}/", 301)
    return HTMLResponse("<h1>Not Found</h1>", 404)
