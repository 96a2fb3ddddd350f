"""Aimi Sync, version A of its pages (fact sheet aimi.md)."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.aimi_executions import Executions
from otio_soundtrack.sandbox.aimi_plans import FLAGS, GENRES, plan_for, valid
from otio_soundtrack.sandbox.aimi_tasks import MOST_CHUNK, MOST_VIDEO, Upload, UploadFault, Uploads
from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.state import World, json_or_none

PRICE = 1.0
"""Credits of an execution: no page tells any, this is ours."""
RETRY_S = 1
ANALYSIS_SHARE = 0.3
"""Length of an analysis in shares of the video's (assumed)."""
_TYPED = re.compile(rb'name="payload"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*?content-type: application/json', re.IGNORECASE)
"""A part ``payload`` that says it is JSON."""


def no(status: int, detail: object, **headers: str) -> Response:
    """Return an error."""
    return JSONResponse({"detail": detail}, status, headers)


def missing(*place: str) -> Response:
    """Return the error of a field that is not there."""
    return no(422, [{"loc": ["body", *place], "msg": "field required", "type": "value_error.missing"}])


class Errors:
    """How the service says no."""

    def unauthorised(self, header: str | None) -> Response:
        """Answer a token that is missing (A2) or wrong or too old (A1)."""
        return no(401, "Not authenticated" if header is None else "Unauthorized")

    def too_often(self) -> Response:
        """Answer who calls too often (A35)."""
        return no(429, "Too many requests", **{"Retry-After": str(RETRY_S)})

    def fault(self) -> Response:
        """Answer with a fault that passes (A47)."""
        return no(503, "Service Unavailable")


class Sync:
    """The eight calls."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        self._uploads = Uploads(shelf.folder)
        self._executions = Executions(world, shelf)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        desk = Desk(self._world, "aimi", Errors())
        return [
            desk.route("POST", "/sync_upload_init", self._init),
            desk.route("POST", "/sync_upload_chunk", self._chunk),
            desk.route("POST", "/sync_upload_complete", self._complete),
            desk.route("POST", "/sync_video_analysis", self._video_analysis),
            desk.route("POST", "/sync_audio_analysis", self._audio_analysis),
            desk.route("POST", "/sync_generate", self._generate),
            desk.route("POST", "/sync_execute", self._execute, "paid"),
            desk.route("POST", "/sync_status", self._status, "poll"),
        ]

    def _task(self, body: dict[str, Any], *, used: bool = False) -> Upload:
        """Return the task that a body names.

        Raises:
            Said: there is none, or it vanished now that it is used for the first time.
        """
        if "taskid" not in body:
            raise Said(missing("taskid"))
        task = self._uploads.tasks.get(str(body["taskid"]))
        if task is not None and used and self._world.switches.happens("expired_upload", "aimi"):
            task = self._uploads.tasks.pop(task.id, None) and None
        if task is None:
            raise Said(no(404, "Unknown taskid"))
        return task

    async def _init(self, request: Request) -> Response:
        body = json_or_none(await request.body()) or {}
        size = body.get("filesize", 0)
        if isinstance(size, bool) or not isinstance(size, int):
            return no(422, [{"loc": ["body", "filesize"], "msg": "value is not a valid integer", "type": "type_error.integer"}])
        if size > MOST_VIDEO:
            return no(413, "Video too large")
        return JSONResponse({"taskid": self._uploads.begin()})

    async def _chunk(self, request: Request) -> Response:
        payload, file = await _parts(request, "chunk")
        number = payload.get("chunk_index")
        request.state.shown = {"payload": payload, "bytes": None if file is None else len(file)}
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            return missing("payload", "chunk_index")
        if file is None:
            return missing("chunk")
        task = self._task(payload)
        if len(file) > MOST_CHUNK:
            return no(413, "Chunk exceeds 30MB")
        if task.video is not None:
            return no(400, "Upload already completed")
        await asyncio.to_thread(task.keep, number, file)
        return JSONResponse({"taskid": task.id, "chunk_index": number, "message": "Chunk received"})

    async def _complete(self, request: Request) -> Response:
        body = json_or_none(await request.body()) or {}
        task = self._task(body)
        total = next((body[name] for name in ("total_chunks", "totalchunks", "chunks", "num_chunks") if name in body), None)
        if isinstance(total, bool) or not isinstance(total, int):
            return missing("total_chunks")
        try:
            await asyncio.to_thread(task.join, total)
        except UploadFault as fault:
            return no(400, str(fault))
        return JSONResponse({"taskid": task.id, "message": "Upload complete"})

    async def _video_analysis(self, request: Request) -> Response:
        task = await self._analysed(request)
        task.seen = True
        thirds = [round(task.seconds * share, 3) for share in (0, 1 / 3, 2 / 3, 1)]
        scenes = [
            {"start": start, "end": end, "description": f"scene {number}"}
            for number, (start, end) in enumerate(pairwise(thirds), start=1)
        ]
        return JSONResponse({"taskid": task.id, "analysis": {"duration": round(task.seconds, 3), "scenes": scenes}})

    async def _audio_analysis(self, request: Request) -> Response:
        task = await self._analysed(request)
        if not task.has_sound:
            return no(422, "Video has no audio stream")
        task.heard = True
        return JSONResponse({"taskid": task.id, "audio_analysis": {"has_speech": False, "segments": []}})

    async def _analysed(self, request: Request) -> Upload:
        task = self._task(json_or_none(await request.body()) or {}, used=True)
        if task.video is None:
            raise Said(no(400, "Upload is not complete"))
        await asyncio.sleep(task.seconds * ANALYSIS_SHARE / self._world.speed)
        return task

    async def _generate(self, request: Request) -> Response:
        payload, analysis = await _parts(request, "analysis")
        request.state.shown = {"payload": payload, "analysis": json_or_none(analysis or b"")}
        if analysis is None or "taskid" not in payload:
            return missing("analysis") if analysis is None else missing("payload", "taskid")
        task = self._task(payload)
        flags = {name: bool(payload.get(name, payload.get(name.removeprefix("with_"), False))) for name in FLAGS}
        if not task.seen or json_or_none(analysis) is None:
            return no(400, "Video analysis required")
        if (flags["original_audio"] or flags["original_audio_voiceover"]) and not task.heard:
            return no(400, "Audio analysis required for original_audio")
        if payload.get("genre", GENRES[0]) not in GENRES:
            return no(400, f"Unknown genre: {payload['genre']}")
        if self._world.holds("refused_content", "aimi"):
            return no(400, "Content refused")
        return JSONResponse({"plan": plan_for(task.seconds, flags, payload.get("genre"))})

    async def _execute(self, request: Request) -> Response:
        if request.headers.get("content-type", "").startswith("application/json"):
            payload = json_or_none(await request.body()) or {}
            plan = payload.get("plan")
        else:
            payload, raw = await _parts(request, "plan")
            if raw is None:
                return missing("plan")
            plan = json_or_none(raw)
        if isinstance(plan, dict) and isinstance(plan.get("plan"), dict):
            plan = plan["plan"]
        request.state.shown = {"taskid": payload.get("taskid"), "plan": plan}
        task = self._task(payload, used=True)
        if not valid(plan):
            return no(400, "Invalid plan: sections missing")
        if self._executions.running() >= self._executions.MOST:
            return no(429, "Maximum of 10 concurrent executions reached.")
        if not self._world.charge("aimi", PRICE):
            return no(402, "Insufficient credits")
        execution = self._executions.add(f"ex-{uuid4().hex[:10]}", task, plan, PRICE)
        self._world.begin(request, "aimi", "execute", execution.id, price=PRICE, body=request.state.shown)
        return JSONResponse({"execid": execution.id})

    async def _status(self, request: Request) -> Response:
        body = json_or_none(await request.body())
        if not isinstance(body, dict) or "execid" not in body:
            return missing("execid")
        execution = self._executions.all.get(str(body["execid"]))
        if execution is None:
            told = f"There is no active execution for id {body['execid']}."
            return JSONResponse({"status": "inactive", "videourl": None, "message": told})
        if left := self._executions.cooling(execution):
            wait = str(max(1, math.ceil(left / self._world.speed)))
            return no(429, "Too many status requests. Cooling down.", **{"Retry-After": wait})
        return JSONResponse(self._executions.shown(execution))


async def _parts(request: Request, name: str) -> tuple[dict[str, Any], bytes | None]:
    """Return the parts ``payload`` and one file of a multipart body; plain fields are taken for a payload too.

    Raises:
        Said: it is no multipart body, or its payload does not say that it is JSON.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Said(missing(name))
    if name != "chunk" and b'name="payload"' in (raw := await request.body()) and not _TYPED.search(raw):
        raise Said(no(422, [{"loc": ["body", "payload"], "msg": "value is not a valid dict", "type": "type_error.dict"}]))
    async with request.form() as form:
        fields = {field: await _text(value) for field, value in form.multi_items() if field not in (name, "file")}
        file = form.get(name) or form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else None
    payload = json_or_none(fields.pop("payload", "{}").encode())
    if not isinstance(payload, dict):
        raise Said(no(422, [{"loc": ["body", "payload"], "msg": "value is not a valid dict", "type": "type_error.dict"}]))
    plain = {"chunk_index" if field in ("chunkindex", "index") else field: text for field, text in fields.items()}
    return {**{field: int(text) if text.isdecimal() else text for field, text in plain.items()}, **payload}, content


async def _text(value: UploadFile | str) -> str:
    return value if isinstance(value, str) else (await value.read()).decode("utf-8", "replace")


def application(world: World, shelf: Shelf, own: Sequence[BaseRoute]) -> Starlette:
    """Return the service.

    Args:
        world: of the sandbox.
        shelf: where results lie.
        own: routes of the sandbox itself.
    """
    return Starlette(routes=[*own, *Sync(world, shelf).routes()])
