"""Soundverse: AI Remix v7 (fact sheet soundverse.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.lengths import lengths, sounding
from otio_soundtrack.sandbox.music import take
from otio_soundtrack.sandbox.soundverse_jobs import EventStream, Job, Jobs
from otio_soundtrack.sandbox.soundverse_reference import ReferenceError_, reference_seconds
from otio_soundtrack.sandbox.state import World, json_or_none

PRICE = 10.0
"""Credits of a remix: no page tells them, this is ours."""
EXTEND_PRICE = 5.0
"""Credits of an extension: ours too."""
EXTENSION_S, EXTEND_WORK_S = 30.0, 60.0
"""Default length of the new part; how long the service works on it (assumed)."""
UNKNOWN_S = 100.0
"""Length of a remix whose reference lies somewhere in a network: the sandbox does not fetch it."""
MOST_PROMPT = 1024
"""Characters (assumed from the song page)."""
RETRY_S = 1
"""Seconds; one is the least that the header can say."""


def no(status: int, message: str, **more: Any) -> Response:  # noqa: ANN401  # JSON
    """Return one of the two shapes of errors."""
    return JSONResponse({"success": False, "message": message, **more}, status)


def detail(status: int, text: object) -> Response:
    """Return the other one."""
    return JSONResponse({"detail": text}, status)


class Errors:
    """How the service says no."""

    def unauthorised(self, _header: str | None) -> Response:
        """Answer a key that is none (S-E10)."""
        return detail(401, "Not authenticated")

    def too_often(self) -> Response:
        """Answer who calls too often (S-E05)."""
        given = no(429, "Rate limits have been passed for the user.")
        given.headers["Retry-After"] = str(RETRY_S)
        return given

    def fault(self) -> Response:
        """Answer with a fault that passes (S-E07)."""
        text = "Service temporarily unavailable. Please try again in a moment."
        return no(503, text, error="Database connection pool exhausted")


class Remixes:
    """The calls."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        self._jobs = Jobs(world, shelf)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        desk = Desk(self._world, "soundverse", Errors())
        return [
            desk.route("POST", "/v7/generate/remix", self._remix, "paid"),
            desk.route("POST", "/v6/extend/music", self._extend, "paid"),
            desk.route("GET", "/status/generation/{message_id}", self._documented_state, "poll"),
            desk.route("GET", "/status/generations/{message_id}", self._state, "poll"),
            desk.route("GET", "/v5/status", self._state, "poll"),
            *(desk.route(method, "/{rest:path}", self._nowhere) for method in ("GET", "POST")),
        ]

    async def _nowhere(self, _request: Request) -> Response:
        return detail(404, "Not Found")

    async def _remix(self, request: Request) -> Response:
        body = _checked(json_or_none(await request.body()))
        try:
            seconds = await asyncio.to_thread(reference_seconds, body["song_reference_url"])
        except ReferenceError_ as error:
            return no(400, f"Reference audio error: {error}")
        if self._world.holds("refused_content", "soundverse"):
            return no(400, "The prompt was refused by the content filter.")
        if not self._world.charge("soundverse", PRICE):
            return no(402, "Insufficient balance for this operation.")
        words = str(body.get("prompt") or body.get("lyrics"))
        usual = UNKNOWN_S if seconds is None else seconds
        length = lengths(self._world, "soundverse", (usual,), told=seconds is not None)[0]
        wanted = take(words, length, self._jobs.number() + 1).sounding_as(sounding(self._world, "soundverse"))
        job = self._jobs.add(wanted, PRICE)
        self._world.begin(request, "soundverse", "remix", job.id, price=PRICE, body=body)
        return self._stream(job)

    def _stream(self, job: Job) -> EventStream:
        happens = self._world.switches.happens
        cut = "queued" if happens("cut_stream", "soundverse") else "90" if happens("cut_stream_at_90", "soundverse") else None
        job.fails = happens("error_chunk", "soundverse") or self._world.holds("job_failed", "soundverse")
        return EventStream(self._jobs, job, cut_at=cut, awkward=self._world.holds("awkward_stream", "soundverse"))

    async def _extend(self, request: Request) -> Response:
        body = _extension(json_or_none(await request.body()))
        if not self._world.charge("soundverse", EXTEND_PRICE):
            return no(402, "Insufficient balance for this operation.")
        name = PurePosixPath(urlsplit(body["audio_url"]).path).stem
        known = self._jobs.jobs.get(name)
        source = known.take if known else take(str(body.get("prompt", "")), UNKNOWN_S, 1)
        seconds = 1.0 if self._world.holds("extension_adds_nothing", "soundverse") else float(body.get("duration", EXTENSION_S))
        whole = source.continued(source.seconds, seconds, self._jobs.number() + 1)
        wanted = whole.last if self._world.holds("extension_part", "soundverse") else whole
        job = self._jobs.add(wanted.sounding_as(sounding(self._world, "soundverse")), EXTEND_PRICE)
        self._world.begin(request, "soundverse", "extend", job.id, price=EXTEND_PRICE, body=body)
        await asyncio.sleep(EXTEND_WORK_S / self._world.speed)
        return JSONResponse(self._jobs.delivered(job))

    async def _documented_state(self, request: Request) -> Response:
        return detail(404, "Not Found") if self._world.holds("status_moved", "soundverse") else await self._state(request)

    async def _state(self, request: Request) -> Response:
        name = request.path_params.get("message_id") or request.query_params.get("message_id", "")
        job = self._jobs.jobs.get(name)
        return detail(404, "Not Found") if job is None else JSONResponse(self._jobs.state(job))


def _checked(body: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever was sent
    """Return the body of a remix.

    Raises:
        Said: it is wrong.
    """
    if not isinstance(body, dict):
        raise Said(_fault("body", "Input should be a valid dictionary", "dict_type"))
    if "song_reference_url" not in body:
        raise Said(_fault("song_reference_url", "Field required", "missing"))
    for name in ("song_reference_url", "prompt", "lyrics"):
        if name in body and not isinstance(body[name], str):
            raise Said(_fault(name, "Input should be a valid string", "string_type"))
    if not isinstance(body.get("parameters", {}), dict):
        raise Said(_fault("parameters", "Input should be a valid dictionary", "dict_type"))
    if len(body.get("prompt", "")) > MOST_PROMPT:
        raise Said(_fault("prompt", f"String should have at most {MOST_PROMPT} characters", "string_too_long"))
    if not body.get("prompt", "").strip() and not body.get("lyrics", "").strip():
        raise Said(detail(400, "Either prompt or lyrics must be provided"))
    return body


def _extension(body: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever was sent
    """Return the body of an extension (section 5).

    Raises:
        Said: it is wrong.
    """
    if not isinstance(body, dict) or "audio_url" not in body:
        raise Said(_fault("audio_url", "Field required", "missing"))
    if not isinstance(body["audio_url"], str):
        raise Said(_fault("audio_url", "Input should be a valid string", "string_type"))
    seconds = body.get("duration", EXTENSION_S)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds <= 0:
        raise Said(_fault("duration", "Input should be a valid number", "float_parsing"))
    if body.get("side", "right") not in ("left", "right"):
        raise Said(_fault("side", "Input should be 'left' or 'right'", "literal_error"))
    return body


def _fault(name: str, message: str, kind: str) -> Response:
    return detail(422, [{"loc": ["body", name], "msg": message, "type": kind}])


def application(world: World, shelf: Shelf, own: Sequence[BaseRoute]) -> Starlette:
    """Return the service.

    Args:
        world: of the sandbox.
        shelf: where results lie.
        own: routes of the sandbox itself.
    """
    return Starlette(routes=[*own, *Remixes(world, shelf).routes()])
