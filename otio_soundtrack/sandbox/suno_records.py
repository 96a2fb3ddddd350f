"""What suno's gateway keeps: tasks of music with their tracks, conversions; and how it shows them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.music import Take
from otio_soundtrack.sandbox.state import World, stamp

TEXT_S, FIRST_S, DONE_S = 30.0, 120.0, 150.0
"""Stream link after 30 to 40 s, files after 2 to 3 min (quick start page)."""
WAV_S, VIDEO_S = 40.0, 120.0
"""Seconds of a conversion, as in the exchanges U32 and U42."""
SLOWER = 4
"""Factor of the situation slow_finish."""
OPERATIONS = {"generate": "generate", "extend": "extend", "upload-cover": "upload_cover", "upload-extend": "upload_extend"}


@dataclass
class Track:
    """A track of a task."""

    id: str
    take: Take
    title: str
    tags: str
    model: str


@dataclass
class Task:
    """A task of music."""

    id: str
    call: str
    body: dict[str, Any]
    begun: float
    """The sandbox's second."""
    price: float
    tracks: list[Track]
    parent: str = ""
    given_back: bool = False


@dataclass
class Conversion:
    """A WAV or a video of a track."""

    id: str
    kind: str
    """``wav`` or ``mp4``."""
    task: Task
    track: Track
    body: dict[str, Any]
    begun: float


@dataclass
class Records:
    """Everything that the gateway keeps, and its look on paper."""

    world: World
    shelf: Shelf
    video: Callable[[Conversion], Any]
    """Gives what makes the file of a video."""
    tasks: dict[str, Task] = field(default_factory=dict)
    conversions: dict[str, Conversion] = field(default_factory=dict)

    def track(self, track_id: str) -> Track | None:
        """Return a track of any task."""
        return next((one for task in self.tasks.values() for one in task.tracks if one.id == track_id), None)

    def conversion(self, kind: str, task_or_id: str, track_id: str = "") -> Conversion | None:
        """Return a conversion by its own id, or by that of its task (and track)."""
        for one in self.conversions.values():
            if one.kind == kind and (one.id == task_or_id or (one.task.id == task_or_id and track_id in ("", one.track.id))):
                return one
        return None

    def status(self, task: Task) -> str:
        """Return the state of a task now."""
        age = self.world.now() - task.begun
        slow = self.world.holds("slow_finish", "suno")
        if slow:
            age /= SLOWER
        for situation, status in (("refused_content", "SENSITIVE_WORD_ERROR"), ("job_failed", "GENERATE_AUDIO_FAILED")):
            if age >= TEXT_S and self.world.holds(situation, "suno"):
                self._give_back(task)
                return status
        if self.world.holds("stuck", "suno"):
            return "PENDING" if age < TEXT_S else "TEXT_SUCCESS"
        if age >= DONE_S:
            return "CALLBACK_EXCEPTION" if self.world.holds("callback_exception", "suno") else "SUCCESS"
        if age < TEXT_S or slow:
            return "PENDING"
        return "TEXT_SUCCESS" if age < FIRST_S else "FIRST_SUCCESS"

    def _give_back(self, task: Task) -> None:
        if not task.given_back:
            task.given_back = True
            self.world.give_back("suno", task.price)

    def shown(self, task: Task) -> dict[str, Any]:
        """Return a task as ``record-info`` shows it (U10 to U19)."""
        status = self.status(task)
        failed = status in ("SENSITIVE_WORD_ERROR", "GENERATE_AUDIO_FAILED")
        snake = self.world.holds("snake_case", "suno")
        tracks = [self._track(task, one, status, snake=snake) for one in task.tracks]
        empty = failed or status == "PENDING"
        record = {
            "taskId": task.id,
            "parentMusicId": task.parent,
            "param": json.dumps(task.body, separators=(",", ":")),
            "response": None if empty else {"taskId": task.id, "sunoData": tracks},
            "status": status,
            "type": "GENERATE",
            "operationType": OPERATIONS[task.call],
            "errorCode": {"SENSITIVE_WORD_ERROR": 400, "GENERATE_AUDIO_FAILED": 500}.get(status),
            "errorMessage": {
                "SENSITIVE_WORD_ERROR": "Text refused by the content filter",
                "GENERATE_AUDIO_FAILED": "Audio could not be made",
                "CALLBACK_EXCEPTION": "Callback address did not answer",
            }.get(status),
        }
        kept = ("taskId", "status", "response", "errorCode", "errorMessage")
        return {name: record[name] for name in kept} if snake else record

    def _ready(self, task: Task, track: Track, status: str) -> bool:
        first = track is task.tracks[0]
        if not first and self.world.holds("partial_success", "suno"):
            return False
        return status in ("SUCCESS", "CALLBACK_EXCEPTION") or (first and status == "FIRST_SUCCESS")

    def _track(self, task: Task, track: Track, status: str, *, snake: bool) -> dict[str, Any]:
        ready = self._ready(task, track, status)
        url = self.shelf.music("suno", track.id, track.take) if ready else ("" if status == "TEXT_SUCCESS" else None)
        media = self.world.addresses.origin("media")
        seconds = float(int(track.take.seconds)) if self.world.holds("odd_length", "suno") else round(track.take.seconds, 2)
        if snake:
            return {
                "id": track.id,
                "audio_url": url,
                "source_audio_url": url,
                "stream_audio_url": f"{media}/stream/{track.id}",
                "image_url": f"{media}/image/{track.id}.jpeg",
                "model_name": f"chirp-{track.model.lower()}",
                "title": track.title,
                "duration": seconds if ready else None,
            }
        return {
            "id": track.id,
            "audioUrl": url,
            "streamAudioUrl": f"{media}/stream/{track.id}",
            "imageUrl": f"{media}/image/{track.id}.jpeg",
            "prompt": "",
            "modelName": f"chirp-{track.model.lower()}",
            "title": track.title,
            "tags": track.tags,
            "createTime": self.text_time(task.begun),
            "duration": seconds if ready else None,
        }

    def converted(self, one: Conversion) -> dict[str, Any]:
        """Return a conversion as its ``record-info`` shows it (U31 to U45): times of WAVs as text, of videos as milliseconds."""
        age = self.world.now() - one.begun
        takes = (WAV_S if one.kind == "wav" else VIDEO_S) * (SLOWER if self.world.holds("slow_finish", "suno") else 1)
        failed = age >= takes and self.world.holds("job_failed", "suno")
        done = age >= takes and not failed and not self.world.holds("stuck", "suno")
        time = self.text_time if one.kind == "wav" else self.number_time
        record: dict[str, Any] = {"taskId": one.id, "musicId": one.track.id, "callbackUrl": one.body["callBackUrl"]}
        if one.kind == "mp4":
            record["musicIndex"] = one.task.tracks.index(one.track)
        flag = "CALLBACK_EXCEPTION" if self.world.holds("callback_exception", "suno") else "SUCCESS"
        return record | {
            "completeTime": time(one.begun + takes) if done or failed else None,
            "response": {"audioWavUrl" if one.kind == "wav" else "videoUrl": self.url(one)} if done else None,
            "successFlag": flag if done else f"GENERATE_{one.kind.upper()}_FAILED" if failed else "PENDING",
            "createTime": time(one.begun),
            "errorCode": 500 if failed else None,
            "errorMessage": "Conversion failed" if failed else None,
        }

    def url(self, one: Conversion) -> str:
        """Return the link to a conversion's file."""
        if one.kind == "wav":
            return self.shelf.music("suno", one.track.id, one.track.take, "wav")
        return self.shelf.link("suno", f"{one.id}.mp4", self.video(one))

    def text_time(self, at: float) -> str:
        """Return a moment as text without its zone."""
        return f"{stamp(self.world, at):%Y-%m-%d %H:%M:%S}"

    def number_time(self, at: float) -> int:
        """Return a moment in milliseconds since 1970."""
        return int(stamp(self.world, at).timestamp() * 1000)
