"""Suno's gateway, in the words of both of its operators (fact sheet suno.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.desk import Desk, Handler, Said
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.lengths import NOTHING_S, lengths, sounding
from otio_soundtrack.sandbox.music import Take, take
from otio_soundtrack.sandbox.state import World, json_or_none
from otio_soundtrack.sandbox.suno_callbacks import Callbacks
from otio_soundtrack.sandbox.suno_records import Conversion, Records, Task, Track
from otio_soundtrack.sandbox.suno_rules import NEW_MODELS, SMALL_MODELS, Fault, fault_of
from otio_soundtrack.sandbox.suno_uploads import Uploads
from otio_soundtrack.sandbox.visual import visual

Dialect = Literal["kie", "sunoapi"]
PRICES = {"generate": 12.0, "extend": 12.0, "upload-cover": 12.0, "upload-extend": 12.0, "wav": 1.0, "mp4": 2.0}
"""Credits a call: no page tells them, these are ours."""
MOST_CALLS = (20, 10.0)
"""Calls in so many seconds (quick start page)."""
TAKES_S, EXTENSIONS_S = (118.6, 131.2), (113.0, 109.5)
"""Lengths in the exchanges U13 and U23."""
V6_DEFAULT_S = 20.0
SMALL_MOST_S, MOST_S = 240.0, 480.0
"""Longest song of the models."""
EXTEND_BEFORE_END_S = 1.0
"""Where the service continues when it is not told (assumed: the end)."""
PREFIX = {"generate": "gen", "extend": "ext", "upload-cover": "cov", "upload-extend": "upx"}
CODES = {
    "kie": {"json": 400, "field": 422, "long": 422, "credits": 402},
    "sunoapi": {"json": 400, "field": 400, "long": 413, "credits": 429},
}


@dataclass
class Envelopes:
    """How the gateway answers."""

    world: World
    dialect: Dialect
    _often: int = 0

    def ok(self, data: object) -> Response:
        """Return a success; on its video page kie shows 0 for it."""
        return JSONResponse({"code": 200, "msg": "success", "data": data})

    def no(self, code: int, message: str, data: object = None) -> Response:
        """Return a failure: HTTP says 200, the code says what it is."""
        status = code if code == 500 or self.world.holds("mirrored_codes", "suno") else 200
        return JSONResponse({"code": code, "msg": message, "data": data}, status)

    def unauthorised(self, _header: str | None) -> Response:
        """Answer a key that is none."""
        return self.no(401, "Unauthorized")

    def too_often(self) -> Response:
        """Answer who calls too often: one operator has two codes for that."""
        self._often += 1
        if self.dialect == "sunoapi" and self._often % 2:
            return self.no(405, "Rate limit exceeded")
        return self.no(429 if self.dialect == "kie" else 430, "Your call frequency is too high")

    def fault(self) -> Response:
        """Answer with a fault."""
        return self.no(500, "Server error")


class Gateway:
    """The calls."""

    def __init__(self, world: World, shelf: Shelf, dialect: Dialect) -> None:
        self._world = world
        self._say = Envelopes(world, dialect)
        self._dialect = dialect
        self._records = Records(world, shelf, lambda one: partial(visual, one.track.take, _lines(one), shelf.folder))
        wav_field = "audio_wav_url" if dialect == "kie" else "audioWavUrl"
        self._callbacks = Callbacks(world, self._records, signed=dialect == "kie", wav_field=wav_field)
        self._uploads = Uploads(world, shelf)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the gateway."""
        desk = Desk(self._world, "suno", self._say, most=MOST_CALLS)
        starts: dict[str, Handler] = {
            **{path: partial(self._start, call) for call, path in _MUSIC.items()},
            "/api/v1/wav/generate": partial(self._convert, "wav"),
            "/api/v1/mp4/generate": partial(self._convert, "mp4"),
        }
        return [
            *(desk.route("POST", path, handler, "paid") for path, handler in starts.items()),
            desk.route("GET", "/api/v1/generate/record-info", self._record, "poll"),
            desk.route("GET", "/api/v1/wav/record-info", partial(self._conversion, "wav"), "poll"),
            desk.route("GET", "/api/v1/mp4/record-info", partial(self._conversion, "mp4"), "poll"),
            desk.route("GET", "/api/v1/generate/credit", self._credit),
            *self._uploads.routes(desk),
            *(desk.route(method, "/{rest:path}", self._nowhere) for method in ("GET", "POST")),
        ]

    async def _nowhere(self, _request: Request) -> Response:
        return self._say.no(404, "Not found")

    async def _credit(self, _request: Request) -> Response:
        if self._world.holds("balance_missing", "suno"):
            return self._say.no(404, "Not found")
        left = 0 if self._world.holds("out_of_credits", "suno") else int(self._world.accounts["suno"].credits)
        return self._say.ok(left)

    async def _body(self, call: str, request: Request) -> dict[str, Any]:
        """Return the body of a call, checked."""
        body = json_or_none(await request.body())
        codes = CODES[self._dialect]
        if body is None:
            raise Said(self._say.no(codes["json"], "The parameter is not in a valid JSON format"))
        if fault := fault_of(call, body):
            raise self._refused(fault)
        checked: dict[str, Any] = body
        return checked

    def _refused(self, fault: Fault) -> Said:
        return Said(self._say.no(CODES[self._dialect]["long" if fault.too_long else "field"], fault.message))

    def _charge(self, call: str) -> float:
        """Take the price of a call."""
        if not self._world.charge("suno", PRICES[call]):
            raise Said(self._say.no(CODES[self._dialect]["credits"], "Insufficient credits"))
        return PRICES[call]

    def _source(self, body: dict[str, Any]) -> Track:
        """Return the track that is continued."""
        source = self._records.track(body["audioId"])
        if source is None:
            raise Said(self._say.no(404, "Not found"))
        if body["model"] != source.model:
            raise self._refused(Fault("model must be the model of the source"))
        if body.get("continueAt", 0) >= source.take.seconds:
            raise self._refused(Fault("continueAt must be below the length of the source"))
        return source

    async def _start(self, call: str, request: Request) -> Response:
        body = await self._body(call, request)
        source = self._source(body) if call == "extend" else None
        price = self._charge(call)
        task = self._task(call, body, source, price)
        self._world.begin(request, "suno", call, task.id, price=price, body=body)
        self._callbacks.expect(task)
        return self._say.ok({"taskId": task.id})

    def _task(self, call: str, body: dict[str, Any], source: Track | None, price: float) -> Task:
        number = len(self._records.tasks) + 1
        takes = self._takes(body, source, number)
        title, tags = str(body.get("title", "Untitled")), str(body.get("style", body.get("prompt", "")))
        tracks = [Track(str(uuid4()), one, title, tags, body["model"]) for one in takes]
        task = Task(
            id=f"{PREFIX[call]}_{uuid4().hex[:10]}",
            call=call,
            body=body,
            begun=self._world.now(),
            price=price,
            tracks=tracks,
            parent=source.id if source else "",
        )
        self._records.tasks[task.id] = task
        return task

    def _takes(self, body: dict[str, Any], source: Track | None, number: int) -> list[Take]:
        most = SMALL_MOST_S if body["model"] in SMALL_MODELS else MOST_S
        words = " ".join(str(body[name]) for name in ("style", "prompt", "title") if name in body)
        if source is None:
            told = "duration" in body or body["model"] in NEW_MODELS
            usual = (float(body.get("duration", V6_DEFAULT_S)),) * 2 if told else TAKES_S
            chosen = lengths(self._world, "suno", usual, told=told)
            new = [take(words, min(one, most), number * 2 + at) for at, one in enumerate(chosen)]
        else:
            at = min(float(body.get("continueAt", source.take.seconds - EXTEND_BEFORE_END_S)), source.take.seconds)
            parts = lengths(self._world, "suno", EXTENSIONS_S)
            if self._world.holds("extension_adds_nothing", "suno"):
                parts = (NOTHING_S, NOTHING_S)
            room = max(NOTHING_S, most - at)
            whole = [source.take.continued(at, min(one, room), number * 2 + which) for which, one in enumerate(parts)]
            new = [one.last for one in whole] if self._world.holds("extension_part", "suno") else whole
        return [one.sounding_as(sounding(self._world, "suno")) for one in new]

    async def _convert(self, kind: str, request: Request) -> Response:
        body = await self._body(kind, request)
        task = self._records.tasks.get(body["taskId"])
        track = next((one for one in task.tracks if one.id == body["audioId"]), None) if task else None
        if task is None or track is None:
            return self._say.no(404, "Not found")
        known = self._records.conversion(kind, task.id, track.id)
        if known is None:
            refused = self._world.holds("409", "suno")
            price = 0.0 if refused else self._charge(kind)
            known = Conversion(f"{kind}_{uuid4().hex[:10]}", kind, task, track, body, self._world.now())
            self._records.conversions[known.id] = known
            if not refused:
                self._world.begin(request, "suno", kind, known.id, price=price, body=body)
                self._callbacks.expect_conversion(known)
                code = 0 if self._dialect == "kie" else 200  # kie's video page shows 0 (U46)
                return JSONResponse({"code": code, "msg": "success", "data": {"taskId": known.id}})
        what = "WAV" if kind == "wav" or self._dialect == "kie" else "Mp4"
        told = {"taskId": known.id} if kind == "wav" and self._dialect == "sunoapi" else None
        return self._say.no(409, f"{what} record already exists", told)

    async def _record(self, request: Request) -> Response:
        task = self._records.tasks.get(request.query_params.get("taskId", ""))
        return self._say.no(404, "Record not found") if task is None else self._say.ok(self._records.shown(task))

    async def _conversion(self, kind: str, request: Request) -> Response:
        one = self._records.conversion(kind, request.query_params.get("taskId", ""))
        return self._say.no(404, "Record not found") if one is None else self._say.ok(self._records.converted(one))


_MUSIC = {
    "generate": "/api/v1/generate",
    "extend": "/api/v1/generate/extend",
    "upload-cover": "/api/v1/generate/upload-cover",
    "upload-extend": "/api/v1/generate/upload-extend",
}


def _lines(one: Conversion) -> tuple[str, ...]:
    """Return what is written into a video: title, author, domain."""
    return tuple(text for text in (one.track.title, one.body.get("author", ""), one.body.get("domainName", "")) if text)


def application(world: World, shelf: Shelf, own: Sequence[BaseRoute], dialect: Dialect) -> Starlette:
    """Return the gateway of one operator.

    Args:
        world: of the sandbox.
        shelf: where results lie.
        own: routes of the sandbox itself.
        dialect: whose meanings of codes.
    """
    return Starlette(routes=[*own, *Gateway(world, shelf, dialect).routes()])
