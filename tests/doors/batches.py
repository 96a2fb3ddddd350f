"""The bar of a batch: many short timelines by a service, killed in the middle; nothing is lost, torn, or paid twice.

``python -m tests.doors.batches [TIMELINES KILLS]`` (``make sweep``): each of two workers is killed so often (50 and 5), then in a
second batch the coordinator itself.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

import opentimelineio as otio
import psutil

from otio_soundtrack.sandbox.server import Sandbox
from tests.footage import FPS, edit, movie
from tests.jobs.sweep import ROOT, begun, quick_sandbox

WORKERS = 2
SHORTEST_FRAMES = 72
"""Of the cuts; each is a frame longer than the one before, so that each is a request of its own. All are shorter than a take of
the sandbox (6 s): each takes one paid call, none is extended."""
SAMPLES_A_FRAME = 48_000 // int(FPS)
LET_WORK_SECONDS = (0.2, 2.0)
"""Between kills of the same worker, from chance: in the middle of whatever it does."""

FIRST_KILL_SECONDS, LATER_SECONDS = 2.0, 0.7
"""Of a coordinator: the first while it starts, the others deeper and deeper in the work."""


@dataclass
class Found:
    """What became of a batch."""

    exit_code: int
    told: dict[str, Any]
    kills: list[int]
    """Of each worker."""
    submissions: int = 0
    torn: list[str] = field(default_factory=list)
    """Files that cannot be read, or hold other than they say."""
    environments: set[str] = field(default_factory=set)
    """What workers had in their environment, ``NAME=VALUE``."""

    @property
    def results(self) -> int:
        """Return how many timelines were scored."""
        return sum("error" not in one for one in self.told["timelines"])


def cuts(folder: Path, count: int) -> list[Path]:
    """Write short timelines of one movie, each a frame longer than the one before."""
    movie(folder / "a.mp4", shade=90)
    paths = []
    for number in range(count):
        paths.append(folder / f"reel{number:02}.otio")
        timeline = edit(("a.mp4", 0, 40), ("a.mp4", 60, SHORTEST_FRAMES - 40 + number), name=f"reel {number}")
        otio.adapters.write_to_file(timeline, str(paths[-1]))
    return paths


def command(timelines: list[Path], out: Path, *more: str) -> list[str]:
    """Return the words of the command."""
    words = ["batch", *map(str, timelines), "-o", str(out), "--provider", "musicapi", "--yes", "--workers", str(WORKERS)]
    return [sys.executable, "-m", "otio_soundtrack", *words, "--json", "--quiet", *more]


def variables(box: Sandbox, home: Path) -> dict[str, str]:
    """Return its environment."""
    return {**os.environ, **box.environment, "OTIO_SOUNDTRACK_HOME": str(home), "PYTHONPATH": str(ROOT)}


def run(box: Sandbox, timelines: list[Path], out: Path, home: Path, kills: int, *more: str) -> Found:
    """Run the command on them, kill each of its workers so often, and look at what it left."""
    before = len(begun(box, "musicapi"))
    counted, seen = [0] * WORKERS, set[str]()
    with TemporaryFile() as printed:  # a pipe would be full while we only look at processes
        with subprocess.Popen(command(timelines, out, *more), cwd=ROOT, env=variables(box, home), stdout=printed) as process:
            for place in _killed(process, kills, seen):
                counted[place] += 1
        printed.seek(0)
        told = json.load(printed)
    found = Found(exit_code=process.returncode, told=told, kills=counted, environments=seen)
    found.submissions = len(begun(box, "musicapi")) - before
    found.torn = list(torn(out))
    return found


def run_and_kill(box: Sandbox, timelines: list[Path], out: Path, home: Path, kills: int) -> Found:
    """Kill the coordinator so often, each time later, and run the batch once more to its end."""
    before = len(begun(box, "musicapi"))
    for number in range(kills):
        with subprocess.Popen(command(timelines, out), cwd=ROOT, env=variables(box, home), stdout=subprocess.DEVNULL) as process:
            time.sleep(FIRST_KILL_SECONDS + number * LATER_SECONDS)
            process.kill()
    found = run(box, timelines, out, home, 0)
    found.submissions = len(begun(box, "musicapi")) - before
    return found


def _killed(process: subprocess.Popen[bytes], kills: int, environments: set[str]) -> Iterator[int]:
    """Kill workers while the batch runs; yield the place in the crew of each that died by it."""
    chance, places = random.Random(1), dict[int, int]()
    left, due = [kills] * WORKERS, [0.0] * WORKERS
    while process.poll() is None:
        for worker in _workers(process.pid):
            if worker.pid not in places:
                alive = {pid for pid in places if psutil.pid_exists(pid)}
                taken = {places[pid] for pid in alive}
                places[worker.pid] = next((place for place in range(WORKERS) if place not in taken), 0)
                due[places[worker.pid]] = time.monotonic() + chance.uniform(*LET_WORK_SECONDS)
            place = places[worker.pid]
            if left[place] and time.monotonic() >= due[place]:
                try:
                    environments.update(f"{name}={value}" for name, value in worker.environ().items())
                    worker.kill()
                except psutil.Error:  # it has just ended by itself
                    continue
                left[place] -= 1
                yield place
        time.sleep(0.05)


def _workers(coordinator: int) -> list[psutil.Process]:
    try:
        return [one for one in psutil.Process(coordinator).children() if one.status() != psutil.STATUS_ZOMBIE]
    except psutil.Error:
        return []


def torn(out: Path) -> Iterator[str]:
    """Yield what cannot be read under a folder: timelines, their music and its records."""
    for path in sorted(one for one in out.rglob("*") if one.is_file() and not one.name.startswith(".")):
        if fault := _fault(path):
            yield f"{path.name}: {fault}"


def _fault(path: Path) -> str:
    """Return what is wrong with a file, empty where nothing is."""
    try:
        if path.suffix == ".otio":
            (clip,) = otio.adapters.read_from_file(str(path)).tracks[-1].find_clips()
            with wave.open(clip.media_reference.target_url.removeprefix("file://")) as audio:
                frames = audio.getnframes()
                whole = frames * audio.getnchannels() * audio.getsampwidth() == len(audio.readframes(frames))
            wanted = clip.source_range.duration.value * SAMPLES_A_FRAME
            return "" if whole and frames == wanted else f"its music has {frames} samples of {wanted}"
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
    except Exception as error:  # noqa: BLE001  # whatever it is, the file is torn
        return repr(error)
    return ""


def main() -> None:
    """Hold the bar."""
    count, kills = (int(word) for word in sys.argv[1:]) if len(sys.argv) > 1 else (50, 5)
    with TemporaryDirectory() as folder, quick_sandbox(Path(folder) / "music") as box:
        place = Path(folder)
        reels = cuts(place / "reels", count)
        good = [
            _told("workers", run(box, reels, place / "scored", place / "home", kills), count, kills),
            _told("coordinator", run_and_kill(box, reels, place / "again", place / "other home", kills), count),
        ]
    sys.exit(not all(good))


def _told(who: str, found: Found, count: int, kills: int = 0) -> bool:
    """Print what was found, and return whether it is as promised: a call that was cut off is told, never sent again."""
    failed = [one["error"] for one in found.told["timelines"] if "error" in one]
    unknown = sum(one["kind"] == "JobStateUnknownError" for one in failed)
    keys = [one for one in found.environments if "_API_KEY" in one or one.startswith("AWS_")]
    sys.stdout.write(
        f"killed {who}: {found.results} results, {unknown} told as unknown, {found.submissions} submissions, "
        f"{len(found.torn)} torn, kills of each worker {found.kills}, {len(keys)} keys seen, exit {found.exit_code}\n"
    )
    for line in (*found.torn, *map(str, failed)):
        sys.stdout.write(f"  {line}\n")
    sys.stdout.flush()
    whole = found.results + unknown == count and found.results <= found.submissions <= count and min(found.kills) == kills
    return whole and not found.torn and not keys and (who == "coordinator" or unknown == 0)


if __name__ == "__main__":
    main()
