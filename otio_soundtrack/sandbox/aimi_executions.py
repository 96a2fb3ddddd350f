"""Executions of plans: their states, the rule on polling, their files (sections 4.7 to 4.9)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from otio_soundtrack.sandbox.aimi_plans import length, words
from otio_soundtrack.sandbox.aimi_tasks import Upload
from otio_soundtrack.sandbox.archive import zipped
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.lengths import lengths, sounding
from otio_soundtrack.sandbox.music import Take, take
from otio_soundtrack.sandbox.state import World
from otio_soundtrack.sandbox.visual import visual
from otio_soundtrack.tools.files import write_text

PENDING_S = 5.0
LEAST_S = 20.0
"""An execution takes about as long as its video, but no less than this."""
LEAST_GAP_S, CLOSE_POLLS, COOLDOWN_S = 5.0, 3, 60.0
"""Three polls closer than five seconds make a minute of cooldown (FAQ; the numbers are the sheet's)."""
SLOWER = 4
"""Factor of the situation slow_finish."""


@dataclass
class Execution:
    """A run of a plan."""

    id: str
    upload: Upload
    plan: dict[str, Any]
    take: Take
    begun: float
    """The sandbox's second."""
    price: float
    number: int
    polled: float = float("-inf")
    close: int = 0
    """Polls in a row that came too early."""
    cold_until: float = 0.0
    given_back: bool = False


@dataclass
class Executions:
    """All executions."""

    MOST: ClassVar[int] = 10
    """At once, of one user."""

    world: World
    shelf: Shelf
    all: dict[str, Execution] = field(default_factory=dict)

    def add(self, name: str, upload: Upload, plan: dict[str, Any], price: float) -> Execution:
        """Begin an execution; the same plan again is other music."""
        number = len(self.all) + 1
        seconds = lengths(self.world, "aimi", (length(plan),), told=True)[0]
        wanted = take(words(plan), seconds, number).sounding_as(sounding(self.world, "aimi"))
        one = Execution(name, upload, plan, wanted, self.world.now(), price, number)
        self.all[name] = one
        return one

    def running(self) -> int:
        """Return how many have not come to an end."""
        return sum(self.status(one) in ("pending", "processing") for one in self.all.values())

    def status(self, one: Execution) -> str:
        """Return the state of an execution now."""
        age = (self.world.now() - one.begun) / (SLOWER if self.world.holds("slow_finish", "aimi") else 1)
        if age < PENDING_S:
            return "pending"
        if age < max(LEAST_S, one.upload.seconds) or self.world.holds("stuck", "aimi"):
            return "processing"
        if self.world.holds("job_failed", "aimi") or (self.world.holds("partial_success", "aimi") and one.number % 2 == 0):
            if not one.given_back:
                one.given_back = True
                self.world.give_back("aimi", one.price)
            return "error"
        return "finished"

    def cooling(self, one: Execution) -> float:
        """Return for how many of the sandbox's seconds a poller has to wait, 0 where the pace is right; counts the poll."""
        now = self.world.now()
        one.close = one.close + 1 if now - one.polled < LEAST_GAP_S else 0
        one.polled = now
        if one.close >= CLOSE_POLLS:
            one.cold_until, one.close = now + COOLDOWN_S, 0
        return max(0.0, one.cold_until - now)

    def shown(self, one: Execution) -> dict[str, Any]:
        """Return what polling is told."""
        status = self.status(one)
        if status == "pending":
            return {"status": status, "url": None, "message": "Your plan has been submitted and is awaiting execution."}
        if status == "processing":
            told = "Still processing your request, please try again in a few minutes."
            return {"status": status, "url": None, "message": told}
        if status == "error":
            report = {"execid": one.id, "error": "Section 2 references an unknown soundset"}
            url = self.shelf.link("aimi", f"{one.id}-failed.json", self._document(report))
            return {"status": status, "url": url, "message": "Error generating video. You can view the error report"}
        results = self._document({"execid": one.id, "duration": one.take.seconds})
        return {
            "status": status,
            "url": self._result(one),
            "queryurl": self.shelf.link("aimi", f"{one.id}-results.json", results),
            "message": "Finished and ready for download",
        }

    def _result(self, one: Execution) -> str:
        if one.plan.get("zipped") or self.world.holds("zip_result", "aimi"):
            return self.shelf.link("aimi", f"{one.id}.zip", lambda: zipped(one.take, self.shelf.folder, video=True))
        return self.shelf.link("aimi", f"{one.id}.mp4", lambda: visual(one.take, ("Aimi Sync", one.id), self.shelf.folder))

    def _document(self, content: dict[str, Any]) -> Callable[[], Path]:
        def make() -> Path:
            path = self.shelf.folder / f"{content['execid']}-{'failed' if 'error' in content else 'results'}.json"
            write_text(path, json.dumps(content))
            return path

        return make
