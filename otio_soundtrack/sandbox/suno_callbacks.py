"""What suno's gateway tells receivers (fact sheet suno.md, section 7; exchanges U60 to U70)."""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from otio_soundtrack.sandbox.calls_back import Message, later
from otio_soundtrack.sandbox.state import World
from otio_soundtrack.sandbox.suno_records import DONE_S, FIRST_S, TEXT_S, VIDEO_S, WAV_S, Conversion, Records, Task

CALLBACK_KEY = "sandbox-callback-key"
"""What the kie operator signs its callbacks with."""
_AFTER_S = 0.5
"""How long after a stage it is told."""


class Callbacks:
    """The callbacks of one operator."""

    def __init__(self, world: World, records: Records, *, signed: bool, wav_field: str) -> None:
        """Take whether they are signed, and how the link of a WAV is spelled."""
        self._world = world
        self._records = records
        self._sign = signed
        self._wav_field = wav_field

    def expect(self, task: Task) -> None:
        """Tell every stage of a task when it is reached."""
        for stage, after in (("text", TEXT_S), ("first", FIRST_S), ("complete", DONE_S)):
            later(self._world, "suno", after + _AFTER_S, task.body["callBackUrl"], partial(self._staged, task, stage))

    def expect_conversion(self, one: Conversion) -> None:
        """Tell a conversion when it is done."""
        done = WAV_S if one.kind == "wav" else VIDEO_S
        later(self._world, "suno", done + _AFTER_S, one.body["callBackUrl"], partial(self._converted, one))

    def _staged(self, task: Task, stage: str) -> Message:
        shown = self._records.shown(task)
        tracks = (shown["response"] or {}).get("sunoData", [])
        failed = shown["errorCode"] is not None
        data = {
            "callbackType": "error" if failed else stage,
            "task_id": task.id,
            "data": None if failed else [_as_called_back(one) for one in (tracks[:1] if stage == "first" else tracks)],
        }
        text = "Music generation failed" if failed else "All generated successfully."
        return {"code": shown["errorCode"] or 200, "msg": text, "data": data}, self._signed(task.id)

    def _converted(self, one: Conversion) -> Message:
        shown = self._records.converted(one)
        url = next(iter((shown["response"] or {}).values()), None)
        name = "video_url" if one.kind == "mp4" else self._wav_field
        body = {"code": 200 if url else 500, "msg": "success" if url else "failed", "data": {"task_id": one.id, name: url}}
        return body, self._signed(one.id)

    def _signed(self, task_id: str) -> Mapping[str, str]:
        """Return the headers of a signed callback; one operator signs none."""
        if not self._sign:
            return {}
        forged = self._world.holds("callbacks_forged", "suno")
        return signature(task_id, str(int(time.time())), "forged" if forged else CALLBACK_KEY)


def signature(task_id: str, timestamp: str, key: str) -> dict[str, str]:
    """Return kie's callback headers: base64 of HMAC-SHA256 over id, dot, timestamp (page webhook-verification)."""
    digest = hmac.new(key.encode(), f"{task_id}.{timestamp}".encode(), "sha256").digest()
    return {"X-Webhook-Timestamp": timestamp, "X-Webhook-Signature": base64.b64encode(digest).decode()}


_SNAKE = {
    "audioUrl": "audio_url",
    "streamAudioUrl": "stream_audio_url",
    "imageUrl": "image_url",
    "modelName": "model_name",
}


def _as_called_back(track: dict[str, Any]) -> dict[str, Any]:
    """Return a track in snake case, with the fields that callbacks double (U60)."""
    shown = {_SNAKE.get(name, name): value for name, value in track.items()}
    return shown | {f"source_{name}": shown[name] for name in ("audio_url", "stream_audio_url", "image_url")}
