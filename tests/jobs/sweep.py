"""The sweep: kill the process at each line between an order and its take, run it again, and count what the service was asked.

``python -m tests.jobs.sweep [POINTS] [PROVIDER …]`` (``make sweep``) prints a line a provider and fails where money was lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np

from otio_soundtrack.jobs import details, entries
from otio_soundtrack.provider.ask import LocalFile
from otio_soundtrack.sandbox import music
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.tools.files import sha256
from tests.footage import movie
from tests.providers.briefs import ask

ROOT = Path(__file__).resolve().parents[2]
SPEED = 2000.0
LENGTHS = (6.0, 7.2)
"""Seconds of the sandbox's takes."""
CUE_SECONDS = {"musicapi": 10.0, "suno": 10.0}
"""Longer than a take where a service extends, so that a sweep has two paid calls."""
FREE = ("upload", "download")
"""What may be repeated: an upload, and the question for the link of a library track (Slipstream)."""
TWICE_EVERY, SECOND_STRIDE = 3, 7
"""Every third point is killed in its second run too, at a place far from the first."""
MOST_FALSE = 2
"""Unknown calls of a sweep that in truth were never sent."""


@dataclass
class Count:
    """What a sweep found."""

    points: int = 0
    twice: int = 0
    """Of these, killed once more in the run that took the job up."""
    doubles: int = 0
    """Paid calls that the service began twice."""
    finished: int = 0
    unknown: int = 0
    """Told as unknown and really begun."""
    false: int = 0
    """Told as unknown although nothing was begun."""
    odd: list[str] = field(default_factory=list)
    """Ends that are none of these."""

    @property
    def good(self) -> bool:
        """Whether the promises hold."""
        return self.doubles == 0 and self.false <= MOST_FALSE and not self.odd and self.points > 0


@contextmanager
def quick_sandbox(folder: Path) -> Iterator[Sandbox]:
    """Open a sandbox whose takes are hiss: composing thousands of songs takes hours, and nobody listens here."""
    folder.mkdir(parents=True, exist_ok=True)
    real = music.samples, music.stems, music.identity
    music.samples, music.stems = _hiss, lambda wanted: {"bass": _hiss(wanted)}
    music.identity = lambda wanted: f"hiss-{wanted.seconds:.1f}"
    try:
        with Sandbox(speed=SPEED, lengths=LENGTHS, credits=1e9, folder=folder) as box:
            yield box
    finally:
        music.samples, music.stems, music.identity = real


def _hiss(wanted: music.Take) -> Any:
    count = round(wanted.seconds * 48_000)
    return np.random.default_rng(1).uniform(-0.1, 0.1, (count, 2)).astype(np.float32)


@contextmanager
def sweeper(box: Sandbox, more: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Start the process that forks, with variables of the sandbox and more, and give the function that hands it a task."""
    environment = {**os.environ, **box.environment, **(more or {}), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "tests.jobs.sweeper"]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def do(**task: Any) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"kill": None, "record": False, **task}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        try:
            yield do
        finally:
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def sweep(box: Sandbox, provider: str, points: int, folder: Path) -> Count:
    """Kill at ``points`` lines, evenly over all that are executed, each with a request and a store of its own."""
    count = Count()
    with sweeper(box) as do:
        first = do(home=str(folder / "record"), provider=provider, ask=asked(provider, "record", folder), record=True)
        assert first["told"] is not None, first
        assert first["told"]["state"] == "done", first["told"]["message"]
        places = first["told"]["places"]
        chosen = [places[number * len(places) // points] for number in range(points)] if points < len(places) else places
        for number, place in enumerate(chosen):
            kills = [place]
            if number % TWICE_EVERY == 0:  # the run that takes it up is killed as well
                kills.append(places[(number * SECOND_STRIDE * len(places) // len(chosen)) % len(places)])
            _kill_and_go_on(do, box, count, provider=provider, kills=kills, home=folder / f"{number}", folder=folder)
    return count


def _kill_and_go_on(do: Any, box: Sandbox, count: Count, *, provider: str, kills: list[Any], home: Path, folder: Path) -> None:
    before = len(begun(box, provider))
    task = {"home": str(home), "provider": provider, "ask": asked(provider, f"point {home.name}", folder)}
    if do(**task, kill=kills[0])["signal"] == 0:
        return  # chance took another way: the line was not executed
    count.points += 1
    for again in kills[1:]:
        count.twice += do(**task, kill=again)["signal"] != 0
    told = do(**task)["told"] or {"state": "crashed", "error": None, "message": ""}
    paid = [(one["what"], json.dumps(one["body"], sort_keys=True)) for one in begun(box, provider)[before:]]
    count.doubles += len(paid) - len(set(paid))
    if told["state"] == "done":
        count.finished += 1
    elif told["error"] == "JobStateUnknownError":
        really = len(paid) > _kept(home)
        count.unknown, count.false = count.unknown + really, count.false + (not really)
    else:
        count.odd.append(f"{kills}: {told['state']} {told['message']}")


def _kept(home: Path) -> int:
    """Return how many paid calls the ledger has the answers of."""
    (entry,) = entries(home)
    return sum(step.paid and step.state == "done" for step in details(home, entry.job.id).steps)


def begun(box: Sandbox, provider: str) -> list[dict[str, Any]]:
    """Return what a service began and wants to be paid for."""
    return [one for one in box.state()["services"][provider]["submissions"] if one["what"] not in FREE]


def asked(provider: str, words: str, folder: Path) -> dict[str, Any]:
    """Return an ask of which there is no second."""
    more: dict[str, Any] = {}
    if provider in ("slipstream", "aimi"):
        path = _picture(folder / f"{words}.mp4", provider)
        more["picture"] = LocalFile(path=path, sha256=sha256(path), size=path.stat().st_size, seconds=LENGTHS[0])
    if provider == "soundverse":
        more["reference_url"] = "https://files.example/temp.mp3"
    seconds = CUE_SECONDS.get(provider, LENGTHS[0])
    asked: dict[str, Any] = json.loads(ask(seconds, prompt=words, **more).model_dump_json())
    return asked


def _picture(path: Path, provider: str) -> Path:
    """Write a picture; Slipstream takes none without an audio track."""
    if provider != "slipstream":
        return movie(path)
    with av.open(str(path), "w") as container:
        picture, sound = container.add_stream("libx264", rate=24), container.add_stream("aac", rate=48_000, layout="stereo")
        picture.width, picture.height, picture.pix_fmt = 160, 90, "yuv420p"
        for _ in range(24 * 6):
            container.mux(picture.encode(av.VideoFrame.from_ndarray(np.zeros((90, 160, 3), np.uint8), format="rgb24")))
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 6 * 48_000), np.float32), format="fltp", layout="stereo")
        silence.sample_rate = 48_000
        container.mux(sound.encode(silence))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    return path


def main() -> None:
    """Sweep all services, or those that are named."""
    words = sys.argv[1:]
    points = int(words[0]) if words else 210  # a few are not executed again: chance takes another way
    bad = False
    with TemporaryDirectory() as folder, quick_sandbox(Path(folder) / "music") as box:
        for provider in words[1:] or ("musicapi", "suno", "soundverse", "aimi", "slipstream"):
            began = time.monotonic()
            place = Path(folder) / provider
            place.mkdir()
            found = sweep(box, provider, points, place)
            sys.stdout.write(f"{provider:<11} {found}  {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
            bad = bad or not found.good
    sys.exit(bad)


if __name__ == "__main__":
    main()
