"""Does orders in processes that are killed at a line: reads tasks from standard input, forks for each, tells what came of it.

A task is a line of JSON: ``home``, ``provider``, ``ask``, ``kill`` (a place ``[file, line, pass]``, or null) and ``record``. The
answer has the signal that ended the child (0 for none), and what the child told: state, error, places.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import otio_soundtrack
from otio_soundtrack.jobs import Consent, Order, run
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import clock, open_wire
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.steps import Heard

PACKAGE = str(Path(otio_soundtrack.__file__).parent)
WATCHED = ("jobs", "tools/ledger", "tools/network", "providers", "provider", "pipeline/services/wiring")
"""What is between an order and its take."""
DEPARTURE = "departs"
"""What the ledger calls it that the first byte of a paid call is about to leave."""
BYTES_PER_SECOND = 16_000
"""Of music at 128 kbit/s: length enough for a course to decide by."""


class Ears:
    """Judges lengths by sizes: what the ear hears is tested elsewhere, and decoding thousands of takes takes hours."""

    def hear(self, file: Fetched, /) -> Heard:
        """Return a sound that ends."""
        seconds = file.size / BYTES_PER_SECOND
        return Heard(
            seconds=seconds, sounding_until=seconds, ends=True, bars=tuple(map(float, range(int(seconds)))), tempo_bpm=60.0
        )

    def same_start(self, _one: Fetched, _other: Fetched, _seconds: float, /) -> bool:
        """Services are believed."""
        return True

    def join(self, _first: Fetched, _at_seconds: float, second: Fetched, _folder: Path, /) -> Fetched:
        """Return the later one."""
        return second

    def unpack(self, file: Fetched, _folder: Path, /) -> tuple[Fetched, ...]:
        """Return the file."""
        return (file,)

    def publish(self, path: Path, /) -> str:
        """Return an address."""
        return f"https://files.example/{path.name}"


class Tracer:
    """Notes every line of ours at its first execution in each pass, and kills the process at one of them.

    A pass ends with the departure of a paid call: the lines that send an extension are those that sent the song, once more.
    """

    def __init__(self, kill: tuple[str, int, int] | None) -> None:
        self._kill = kill
        self._pass = 0
        self._known: dict[str, str] = {}
        self.places: dict[tuple[str, int, int], None] = {}

    def __call__(self, frame: FrameType, event: str, _value: object) -> Any:
        """Trace our own frames only."""
        name = frame.f_code.co_filename
        if name not in self._known:
            inside = name.removeprefix(PACKAGE + "/")
            self._known[name] = inside if inside != name and inside.startswith(WATCHED) else ""
        if not self._known[name]:
            return None
        if event == "call" and frame.f_code.co_name == DEPARTURE:
            self._pass += 1
        if event == "line":
            place = (self._known[name], frame.f_lineno, self._pass)
            if place == self._kill:
                os.kill(os.getpid(), signal.SIGKILL)
            self.places[place] = None
        return self


def work(task: dict[str, Any]) -> dict[str, Any]:
    """Do an order and return how it ended."""
    order = Order(service=SERVICES[task["provider"]], ask=Ask.model_validate(task["ask"]))
    tracer = Tracer(tuple(task["kill"]) if task["kill"] else None)
    if task["kill"] or task["record"]:
        threading.settrace(tracer)
        sys.settrace(tracer)
    (result,) = run([order], home=Path(task["home"]), open_wire=open_wire, ears=Ears(), consent=Consent(yes=True), clock=clock())
    sys.settrace(None)
    error = result.error
    return {
        "state": result.state,
        "error": type(error).__name__ if error else None,
        "message": str(error) if error else "",
        "places": list(tracer.places) if task["record"] else [],
    }


def forked(task: dict[str, Any]) -> tuple[int, int]:
    """Begin a task in a child and return its number and where it will tell what came of it."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        with os.fdopen(writable, "w") as stream:
            stream.write(json.dumps(work(task)))
        os._exit(0)
    os.close(writable)
    return child, readable


def ended(child: int, readable: int) -> dict[str, Any]:
    """Wait for a child and return what came of it."""
    with os.fdopen(readable) as stream:
        told = stream.read()
    _, status = os.waitpid(child, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": number, "status": status, "told": json.loads(told) if told else None}


def main() -> None:
    """Serve tasks until the input ends; one that says ``times`` is done by so many processes at once, and answered by a list."""
    for line in sys.stdin:
        task = json.loads(line)
        children = [forked(task) for _ in range(task.get("times", 1))]
        answers = [ended(*child) for child in children]
        sys.stdout.write(json.dumps(answers if "times" in task else answers[0]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
