"""Every named situation of the sandbox at every service, through the command: a result or a typed error, never paid twice.

``python -m tests.doors.situations [NAME …]`` (in ``make sweep``) prints a line each and fails where a promise is broken.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otio_soundtrack import errors
from otio_soundtrack.cli.main import main
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.situations import SITUATIONS
from tests.footage import small_cut

SPEED = 400.0
LENGTHS, SHORT_LENGTHS = (11.0, 13.0), (5.0, 6.0)
"""Seconds of the two songs of a create: longer than the cue of 8.3 s, or shorter where extending is what is looked at."""
CUE_SAMPLES = 400_000
EXTENDING = ("extension_part", "extension_whole", "extension_adds_nothing", "concat_fails", "short_audio")
REFERENCE = ["--reference-url", "https://files.example/temp.mp3"]


def pairs(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield situation and service; the first is that nothing goes wrong."""
    for name, situation in {"": None, **SITUATIONS}.items():
        for service in ("slipstream", "aimi", "musicapi", "soundverse", "suno") if situation is None else situation.services:
            if not names or name in names or service in names:
                yield name, service


def scored(timeline: Path, out: Path, service: str) -> tuple[int, dict[str, Any]]:
    """Score the small cut; return exit code and what was printed."""
    words = ["score", str(timeline), "-o", str(out / "out.otio"), "--provider", service, "--yes", "--quiet", "--json"]
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = main(words + (REFERENCE if service == "soundverse" else []))
    return code, json.loads(told.getvalue())


def paid(state: dict[str, Any]) -> int:
    """Return how many things that cost something a service has begun; a call that began nothing may be made again."""
    return sum(1 for one in state["submissions"] if one["price"] > 0)


def faults(code: int, told: dict[str, Any], out: Path, state: dict[str, Any], most: int) -> list[str]:
    """Return what was promised and did not happen."""
    found = []
    if code == 0:
        found += [f"{cue['samples']} samples" for cue in told["cues"] if cue["samples"] != CUE_SAMPLES]
    else:
        kind = getattr(errors, str(told.get("error", {}).get("kind")), None)
        if kind is None or kind.exit_code != code or not told["error"]["hint"]:
            found.append(f"exit {code} with {told}")
        found += [f"left behind: {path.name}" for path in out.rglob("*") if path.is_file()]
    if paid(state) > most:
        found.append(f"{paid(state)} paid jobs")
    return found


def sweep(names: list[str]) -> bool:
    """Print a line a pair; return whether every promise held, in the first run and in the one after it."""
    good = True
    with TemporaryDirectory() as scratch:
        room = Path(scratch)
        timeline = small_cut(room / "footage")
        for name, service in pairs(names):
            place = room / f"{name or 'well'}-{service}"
            settings: dict[str, Any] = {"speed": SPEED, "folder": room / "music"}
            settings["lengths"] = SHORT_LENGTHS if name in EXTENDING else LENGTHS
            with Sandbox(situations=[f"{name}@{service}"] if name else [], **settings) as box:
                os.environ.update(box.environment, OTIO_SOUNDTRACK_HOME=str(place / "home"))
                wrong: list[str] = []
                ends: list[str] = []
                most: int | None = None
                for number in (1, 2):
                    code, told = scored(timeline, place / f"out{number}", service)
                    state = box.state()["services"][service]
                    most = max(1, paid(state)) if most is None else most
                    wrong += faults(code, told, place / f"out{number}", state, most)
                    ends.append(f"{code} {told.get('error', {}).get('kind', '')}".strip())
                wrong += ["the trap was touched"] if box.state()["trapped"] else []
            ended = " → ".join(ends)
            print(f"{name or 'nothing goes wrong':24} {service:11} {ended:50} {'; '.join(wrong)}", flush=True)  # noqa: T201
            good = good and not wrong
    return good


if __name__ == "__main__":
    sys.exit(0 if sweep(sys.argv[1:]) else 1)
