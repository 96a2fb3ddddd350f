"""MusicAPI.ai, sonic (fact sheet musicapi.md)."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.calls_back import Message, later
from otio_soundtrack.sandbox.desk import Desk, Said
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.lengths import NOTHING_S, lengths, sounding
from otio_soundtrack.sandbox.music import Take, take
from otio_soundtrack.sandbox.musicapi_rules import COVERS, EXTENDS, SMALL_MODELS, TASK_TYPES, fault_of
from otio_soundtrack.sandbox.musicapi_tasks import DONE_S, Clip, Task, Tasks
from otio_soundtrack.sandbox.state import World, json_or_none

PRICES = {"create": 20.0, "extend": 15.0, "concat": 2.0, "wav": 2.0, "upload": 0.0}
"""Credits a call (section 9, for a new song as read in October 2026); an upload's price is not recorded."""
TAKES_S, EXTENSIONS_S = (93.4, 101.0), (61.2, 58.7)
"""Lengths in the exchanges M06 and M11."""
UPLOAD_S = 30.0
"""Length of every uploaded reference: the sandbox fetches none."""
SMALL_MOST_S, MOST_S = 120.0, 480.0
"""Longest song of the models."""
_PRICED = {"create_music": "create", "persona_music": "create", "concat_music": "concat"}
"""Which price holds for which kind of task; extensions, covers and the rest cost the same."""
RETRY_S = 1
"""Seconds after which who called too often may call again; one is the least that the header can say."""
NO_CREDITS = "The remaining credits are not enough. You can buy more one-time credit packs or subscribe."
DEFAULT_SECRET = "default-webhook-secret"  # noqa: S105  # of the sandbox
"""What signs webhooks for which no secret was sent."""


def no(status: int, message: str, **headers: str) -> Response:
    """Return an error."""
    return JSONResponse({"error": message}, status, headers)


class Errors:
    """How the service says no."""

    def unauthorised(self, header: str | None) -> Response:
        """Answer a key that is missing, malformed or unknown (M-E16 to M-E18)."""
        if header is None:
            return no(401, "Authorization header is missing.")
        return no(401, "Invalid API key." if header.startswith("Bearer ") else "Invalid authorization format.")

    def too_often(self) -> Response:
        """Answer who calls too often (M-E25)."""
        return no(429, "Too many requests.", **{"Retry-After": str(RETRY_S)})

    def fault(self) -> Response:
        """Answer with a fault (M-E24)."""
        return no(500, "Internal Server Error.")


class Sonic:
    """The calls."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        self._shelf = shelf
        self._say = Errors()
        self._tasks = Tasks(world, shelf)

    def routes(self) -> list[BaseRoute]:
        """Return every path of the service."""
        desk = Desk(self._world, "musicapi", self._say)
        return [
            desk.route("POST", "/api/v1/sonic/create", partial(self._create, None), "paid"),
            desk.route("POST", "/api/v1/sonic/upload-cover", partial(self._create, "upload_cover"), "paid"),
            desk.route("POST", "/api/v1/sonic/upload-extend", partial(self._create, "upload_extend"), "paid"),
            desk.route("POST", "/api/v1/sonic/upload", self._upload, "paid"),
            desk.route("POST", "/api/v1/sonic/wav", self._wav, "paid"),
            desk.route("GET", "/api/v1/sonic/task/{task_id:path}", self._task, "poll"),
            desk.route("GET", "/api/v1/get-credits", self._credits),
        ]

    async def _credits(self, _request: Request) -> Response:
        if self._world.holds("balance_missing", "musicapi"):
            return no(500, "Internal Server Error.")
        left = 0.0 if self._world.holds("out_of_credits", "musicapi") else self._world.accounts["musicapi"].credits
        return JSONResponse({"credits": int(left), "extra_credits": 0})

    async def _create(self, by_path: str | None, request: Request) -> Response:
        body = await _body(request)
        kind = by_path or body.get("task_type", "create_music")
        source = self._tasks.clips.get(str(body.get("continue_clip_id")))
        known = by_path is not None or kind in TASK_TYPES
        wrong = fault_of(kind, body) or self._wrong_source(kind, body, source) if known else "task_type is invalid"
        if wrong:
            return no(400, wrong)
        if self._world.holds("refused_content", "musicapi"):
            return no(403, "The description contains an artist name.")
        price = self._charge(_PRICED.get(kind, "extend"))
        task = self._begun(kind, body, source, price)
        self._world.begin(request, "musicapi", kind, task.id, price=price, body=body)
        if isinstance(body.get("webhook_url"), str):
            secret = str(body.get("webhook_secret") or DEFAULT_SECRET)
            later(self._world, "musicapi", DONE_S + 0.5, body["webhook_url"], partial(self._told, task, secret))
        return JSONResponse({"message": "success", "task_id": task.id})

    def _charge(self, call: str) -> float:
        """Take the price of a call."""
        if not self._world.charge("musicapi", PRICES[call]):
            raise Said(no(403, NO_CREDITS))
        return PRICES[call]

    def _wrong_source(self, kind: str, body: dict[str, Any], source: Clip | None) -> str | None:
        if "continue_clip_id" not in body or kind.startswith("upload_"):
            return None
        if source is None or (kind == "concat_music" and (source.whole is None or self._world.holds("concat_fails", "musicapi"))):
            return "clip not found"
        if source.uploaded != ("_upload_" in kind) and kind in (*EXTENDS, *COVERS):
            return "clip not found"
        return "continue_at is invalid" if kind in EXTENDS and body["continue_at"] > source.take.seconds else None

    def _begun(self, kind: str, body: dict[str, Any], source: Clip | None, price: float) -> Task:
        number = len(self._tasks.tasks) + 1
        # a joined song is called what its part is called
        told = source.body if kind == "concat_music" and source else body
        clips = [
            Clip(str(uuid4()), take=made.sounding_as(sounding(self._world, "musicapi")), whole=whole, body=told)
            for made, whole in self._made(kind, body, source, number)
        ]
        return self._tasks.add(kind, clips, price, paired=bool(body.get("auto_concat")))

    def _made(self, kind: str, body: dict[str, Any], source: Clip | None, number: int) -> list[tuple[Take, Take | None]]:
        """Return the takes of a new task, each with the whole song that a join would make of it."""
        most = SMALL_MOST_S if body.get("mv") in SMALL_MODELS else MOST_S
        words = " ".join(str(body[name]) for name in ("tags", "prompt", "gpt_description_prompt", "title") if name in body)
        if kind == "concat_music":
            return [(source.whole, None)] if source and source.whole else []
        if kind not in EXTENDS:
            told = "duration" in body
            usual = (float(body["duration"]),) * 2 if told else TAKES_S
            return [
                (take(words, min(one, most), number * 2 + at), None)
                for at, one in enumerate(lengths(self._world, "musicapi", usual, told=told))
            ]
        before = source.take if source else take(words, UPLOAD_S, number)
        at = min(float(body["continue_at"]), before.seconds)
        parts = lengths(self._world, "musicapi", EXTENSIONS_S)
        if self._world.holds("extension_adds_nothing", "musicapi"):
            parts = (NOTHING_S, NOTHING_S)
        room = max(NOTHING_S, most - at)
        wholes = [before.continued(at, min(one, room), number * 2 + which) for which, one in enumerate(parts)]
        if self._world.holds("extension_whole", "musicapi"):
            return [(one, None) for one in wholes]
        return [(one.last, one) for one in wholes]

    async def _upload(self, request: Request) -> Response:
        body = await _body(request)
        url = body.get("url")
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            return no(400, "Audio URL is not accessible. Please provide a public direct audio file URL.")
        clip = Clip(str(uuid4()), take=take("reference", UPLOAD_S, 1), whole=None, body={}, uploaded=True)
        self._tasks.clips[clip.id] = clip
        self._world.begin(request, "musicapi", "upload", clip.id, price=PRICES["upload"], body=body)
        return JSONResponse({"code": 200, "message": "success", "clip_id": clip.id})

    async def _wav(self, request: Request) -> Response:
        body = await _body(request)
        clip = self._tasks.clips.get(str(body.get("clip_id")))
        if clip is None:
            return no(400, "clip not found")
        self._world.begin(request, "musicapi", "wav", clip.id, price=self._charge("wav"), body=body)
        url = self._shelf.music("musicapi", clip.id, clip.take, "wav")
        return JSONResponse({"message": "success", "data": {"wav_url": url}})

    async def _task(self, request: Request) -> Response:
        task_id = request.path_params["task_id"]
        if not task_id:
            return no(400, "missing task id.")
        task = self._tasks.tasks.get(task_id)
        return no(400, "task not found.") if task is None else self._tasks.answer(task)

    def _told(self, task: Task, secret: str) -> Message:
        shown = self._tasks.shown(task)
        failed = all(one["state"] == "failed" for one in self._tasks.clips_shown(task))
        body = {"code": 500 if failed else 200, "message": "Task failed" if failed else "success", "task_id": task.id}
        raw = json.dumps(body | {"data": shown}, separators=(",", ":")).encode()
        key = "forged" if self._world.holds("callbacks_forged", "musicapi") else secret
        timestamp = str(int(time.time()))
        return raw, {
            "X-Webhook-Id": f"wh_{task.id[:8]}",
            "X-Webhook-Event": "song.failed" if failed else "song.completed",
            "X-Webhook-Timestamp": timestamp,
            "X-Webhook-Signature": signature(timestamp, raw, key),
        }


async def _body(request: Request) -> dict[str, Any]:
    body = json_or_none(await request.body())
    if not isinstance(body, dict):
        raise Said(no(400, "body must be a JSON object"))
    return body


def signature(timestamp: str, raw: bytes, secret: str) -> str:
    """Return the signature of a webhook: HMAC-SHA256 over timestamp, dot and the exact body (webhook guide)."""
    return f"sha256={hmac.new(secret.encode(), timestamp.encode() + b'.' + raw, 'sha256').hexdigest()}"


def application(world: World, shelf: Shelf, own: Sequence[BaseRoute]) -> Starlette:
    """Return the service.

    Args:
        world: of the sandbox.
        shelf: where results lie.
        own: routes of the sandbox itself.
    """
    return Starlette(routes=[*own, *Sonic(world, shelf).routes()])
