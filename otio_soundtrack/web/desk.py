"""The routes of the audition page."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.web.stage import Stage

PAGE = Path(__file__).with_name("page")
OUTLINE_POINTS = 2000
"""Points of a waveform: a line a pixel on a wide screen."""
BODY_BYTES = 1000
"""Of a pick; what is longer is none."""

Answer = Callable[[Request], Awaitable[Response]]


def application(stage: Stage) -> Starlette:
    """Return the application; who may call it is the guard's business."""

    async def page(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        return FileResponse(PAGE / name) if name in {one.name for one in PAGE.iterdir()} else _nothing()

    async def no_icon(_: Request) -> Response:
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def state(_: Request) -> Response:
        return JSONResponse(await run_in_threadpool(stage.shown))

    async def picture(_: Request) -> Response:
        return FileResponse(stage.picture, media_type="video/mp4")

    async def sound(request: Request) -> Response:
        return FileResponse(stage.audition.sound(*_place(request)), media_type="audio/wav")

    async def waveform(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(stage.audition.outline, *_place(request), OUTLINE_POINTS))

    async def track(request: Request) -> Response:
        return FileResponse(await run_in_threadpool(stage.preview, *_place(request)))

    async def pick(request: Request) -> Response:
        asked = await _numbers(request)
        if "rank" in asked:
            stage.take_up(asked["rank"])
        else:
            await run_in_threadpool(stage.choose, asked["cue"], asked["take"])
        return JSONResponse(await run_in_threadpool(stage.shown))

    routes = [
        Route("/", page),
        Route("/page/{name}", page),
        Route("/favicon.ico", no_icon),
        Route("/state", state),
        Route("/picture.mp4", picture),
        Route("/sound/{cue:int}/{take:int}", _guarded(sound)),
        Route("/track/{cue:int}/{take:int}", _guarded(track)),
        Route("/waveform/{cue:int}/{take:int}", _guarded(waveform)),
        Route("/pick", _guarded(pick), methods=["POST"]),
    ]
    return Starlette(routes=routes)


def _place(request: Request) -> tuple[int, int]:
    return int(request.path_params["cue"]), int(request.path_params["take"])


async def _numbers(request: Request) -> dict[str, int]:
    """Return the numbers that a pick names.

    Raises:
        ValueError, KeyError: it is no pick.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > BODY_BYTES:
            raise ValueError("too long")
    asked: Any = json.loads(body)
    if not isinstance(asked, dict) or not all(type(value) is int and value >= 0 for value in asked.values()):
        raise ValueError("no pick")
    return asked


def _guarded(answer: Answer) -> Answer:
    """Return an answer that tells what was wrong instead of breaking off."""

    async def safe(request: Request) -> Response:
        try:
            return await answer(request)
        except (IndexError, KeyError, ValueError):
            return _nothing()
        except SoundtrackError as error:
            return JSONResponse({"error": str(error)}, HTTPStatus.CONFLICT)

    return safe


def _nothing() -> Response:
    return JSONResponse({"error": "there is no such thing here."}, HTTPStatus.NOT_FOUND)
