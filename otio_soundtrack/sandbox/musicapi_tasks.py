"""The tasks of MusicAPI with their clips, and how polling shows them (M03 to M20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.music import Take
from otio_soundtrack.sandbox.state import World, stamp

NOT_READY_S, FIRST_S, DONE_S = 30.0, 80.0, 120.0
"""Seconds until polling shows clips, one of them finished, both: a minute to three as a rule (Python quick start)."""
CONCAT_S = 30.0
SLOWER = 4
"""Factor of the situation slow_finish."""


@dataclass
class Clip:
    """A piece of music."""

    id: str
    take: Take
    whole: Take | None
    """What a join makes of it; None where it is no continuation."""
    body: dict[str, Any]
    """Of the request that made it."""
    uploaded: bool = False


@dataclass
class Task:
    """A paid request and its clips."""

    id: str
    kind: str
    clips: list[Clip]
    begun: float
    """The sandbox's second."""
    price: float
    paired: bool
    """Whether each clip is shown together with the joined song (``auto_concat``)."""
    given_back: bool = False


@dataclass
class Tasks:
    """All tasks."""

    world: World
    shelf: Shelf
    tasks: dict[str, Task] = field(default_factory=dict)
    clips: dict[str, Clip] = field(default_factory=dict)

    def add(self, kind: str, clips: list[Clip], price: float, *, paired: bool) -> Task:
        """Begin a task."""
        task = Task(str(uuid4()), kind, clips, self.world.now(), price, paired)
        self.tasks[task.id] = task
        self.clips |= {one.id: one for one in clips}
        return task

    def answer(self, task: Task) -> Response:
        """Return what polling is told."""
        age = self._age(task)
        if self.world.holds("stuck", "musicapi") or age < (CONCAT_S if task.kind == "concat_music" else NOT_READY_S):
            return JSONResponse({"type": "not_ready", "error": "Task is not ready yet"}, 202)
        if self.world.holds("slow_finish", "musicapi") and age < DONE_S:
            return JSONResponse({"type": "not_ready", "error": "Task is not ready yet"}, 202)
        failed = self.world.holds("job_failed", "musicapi") and age >= DONE_S
        return JSONResponse({"code": 200, "message": "Task failed" if failed else "success", "data": self.shown(task)})

    def shown(self, task: Task) -> list[dict[str, Any]]:
        """Return the clips as ``data`` shows them: plainly, or in pairs."""
        plain = self.clips_shown(task)
        if not task.paired:
            return plain
        wholes = [one.whole for one in task.clips]
        return [
            {"extended": one, "full": self._full(one, whole) if whole and one["state"] == "succeeded" else None}
            for one, whole in zip(plain, wholes, strict=True)
        ]

    def clips_shown(self, task: Task) -> list[dict[str, Any]]:
        """Return each clip's state."""
        return [self._clip(task, clip, number) for number, clip in enumerate(task.clips)]

    def _age(self, task: Task) -> float:
        return (self.world.now() - task.begun) / (SLOWER if self.world.holds("slow_finish", "musicapi") else 1)

    def _state(self, task: Task, number: int) -> str:
        age = self._age(task)
        done = {"concat_music": CONCAT_S}.get(task.kind, DONE_S if number else FIRST_S)
        if age < done:
            return "running"
        if self.world.holds("job_failed", "musicapi"):
            if not task.given_back:
                task.given_back = True
                self.world.give_back("musicapi", task.price)
            return "failed"
        return "failed" if number and self.world.holds("partial_success", "musicapi") else "succeeded"

    def _clip(self, task: Task, clip: Clip, number: int) -> dict[str, Any]:
        state = self._state(task, number)
        done = state == "succeeded"
        seconds: float = int(clip.take.seconds) if number or self.world.holds("odd_length", "musicapi") else clip.take.seconds
        body = clip.body
        return {
            "clip_id": clip.id,
            "state": state,
            "title": body.get("title", "Untitled"),
            "tags": body.get("tags", ""),
            "lyrics": "[Instrumental]" if body.get("make_instrumental") else body.get("prompt", ""),
            "image_url": f"{self.world.addresses.origin('media')}/image/{clip.id}.jpeg" if done else None,
            "audio_url": self.shelf.music("musicapi", clip.id, clip.take) if done else None,
            "video_url": None,
            "created_at": f"{stamp(self.world, task.begun):%Y-%m-%dT%H:%M:%S.000Z}",
            "mv": body.get("mv", "sonic-v5"),
            "gpt_description_prompt": body.get("gpt_description_prompt"),
            # text in one clip and a whole number in the other: both were seen (M06)
            "duration": (seconds if number else f"{seconds:.1f}") if done else None,
            "negative_tags": body.get("negative_tags", ""),
            "style_weight": body.get("style_weight"),
            "weirdness_constraint": body.get("weirdness_constraint"),
        }

    def _full(self, shown: dict[str, Any], whole: Take) -> dict[str, Any]:
        name = f"{shown['clip_id']}-full"
        url = self.shelf.music("musicapi", name, whole)
        self.clips.setdefault(name, Clip(name, whole, None, {}))
        return shown | {"clip_id": name, "audio_url": url, "duration": f"{whole.seconds:.1f}"}
