"""Runs the contestants one after another and prints the table with the bars."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

from benchmarks.export.contestants import CONTESTANTS
from benchmarks.export.cut import codes, forty_shots
from benchmarks.export.material import FOLDER, make_all
from benchmarks.export.need import need
from tests.media.barcode import read

CAREFUL_RATIO = 3.0
"""moviepy's careful way must cost at least so many times our CPU seconds."""
DECODING_RATIO = 1.0
"""We may cost at most so many times the plain decoding in record order."""
MEMORY_GB = 0.7
"""Most memory of our export, resident, all processes."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """What a contestant cost."""

    cpu: float
    """CPU seconds, children included."""
    wall: float
    """Seconds."""
    memory: int
    """Most bytes resident at once, children included."""
    right: int
    """Frames that show what they should."""
    checkable: int
    """Frames that carry a code."""


def main() -> bool:
    """Print the tables; return whether every bar is held."""
    make_all(imageio_ffmpeg.get_ffmpeg_exe())
    costs = {}
    for name in CONTESTANTS:
        costs[name] = run(name)
        print(f"{name:18} {costs[name].cpu:7.1f} CPU s  {costs[name].wall:7.1f} s  {costs[name].memory / 1e9:5.2f} GB")
    return report(costs) & need()


def run(name: str) -> Cost:
    """Run a contestant in its own process and check what it wrote."""
    out = FOLDER.parent / f"{name.replace(', ', '_').replace(' ', '_')}.mp4"
    out.unlink(missing_ok=True)
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.export.contestants", name, str(out)])
    most = [0]
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, most, done))
    watch.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watch.join()
    if process.returncode:
        raise SystemExit(f"{name} ended with {process.returncode}")
    right, checkable = checked(out) if out.exists() else (0, 0)
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - began, most[0], right, checkable)


def _watch(pid: int, most: list[int], done: threading.Event) -> None:
    """Note the most memory that a process and its children have at once."""
    while not done.wait(_LOOK_SECONDS):
        most[0] = max(most[0], _resident(pid))


def _resident(pid: int) -> int:
    """Return resident bytes of a process and everything below it; 0 where it has just ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_resident(int(child)) for child in children)


def checked(out: Path) -> tuple[int, int]:
    """Return how many frames are right, and how many could be checked."""
    wanted = codes(forty_shots())
    right = 0
    with av.open(str(out)) as container:
        for frame, code in zip(container.decode(video=0), wanted, strict=False):
            luma = np.asarray(frame.to_ndarray()[: frame.height], np.uint8)
            right += code is not None and read(luma) == code
    return right, sum(code is not None for code in wanted)


def report(costs: dict[str, Cost]) -> bool:
    """Print the table; return whether the bars are held."""
    mine = costs["ours"]
    print(f"\n{'export of the 40-shot cut':26} {'CPU s':>7} {'× ours':>7} {'wall s':>7} {'memory GB':>10} {'frames right':>14}")
    for name, cost in costs.items():
        right = f"{cost.right}/{cost.checkable}" if cost.checkable else "–"
        print(f"{name:26} {cost.cpu:7.1f} {cost.cpu / mine.cpu:7.2f} {cost.wall:7.1f} {cost.memory / 1e9:10.2f} {right:>14}")
    bars = {
        f"moviepy's careful way costs ≥ {CAREFUL_RATIO:g} × ours": costs["moviepy, careful"].cpu / mine.cpu >= CAREFUL_RATIO,
        f"ours costs ≤ {DECODING_RATIO:g} × plain decoding": mine.cpu <= DECODING_RATIO * costs["decoding"].cpu,
        f"memory ≤ {MEMORY_GB:g} GB": mine.memory <= MEMORY_GB * 1e9,
        "every frame right": mine.right == mine.checkable,
    }
    for bar, held in bars.items():
        print(f"  {'held' if held else 'MISSED':7} {bar}")
    return all(bars.values())
