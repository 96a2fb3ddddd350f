"""Worker processes: one task at a time, replaced when they die, gone when nobody needs them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otio_soundtrack.tools.crew import LEAVE_SECONDS, Crew, WorkerLostError

ROOT = Path(__file__).resolve().parents[2]
MEMBER = "tests.tools.crew_member"
PATIENCE_SECONDS = 60.0
"""For machines with more work than cores."""


def crew(size: int = 1) -> Crew:
    """Return workers for tests."""
    return Crew(size, MEMBER, os.environ)


def until(true: object, *, seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait until something holds, and return whether it did in time."""
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]  # a function without arguments
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def gone(pid: int) -> bool:
    """Return whether a process is no more, or only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_worker_answers_whatever_it_prints_and_dies_for_itself_alone() -> None:
    """Printed words are no answer; a large task comes whole; after a death another process takes the place."""

    async def work() -> None:
        async with crew() as workers:
            large = b"x" * 3_000_000
            first, rest = (await workers.do(b"print " + large)).split(b" ", 1)
            assert rest == large
            assert (await workers.do(b"again ")).split()[0] == first
            with pytest.raises(WorkerLostError):
                await workers.do(b"die ")
            assert (await workers.do(b"again ")).split()[0] != first

    asyncio.run(work())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes as Linux shows them")
def test_an_interrupted_task_clears_away_what_is_half_done(tmp_path: Path) -> None:
    """Its process ends, and what it had begun to write is gone."""
    mark = tmp_path / "mark"

    async def work() -> int:
        async with crew() as workers:
            task = asyncio.create_task(workers.do(b"work " + str(mark).encode()))
            while not mark.exists() or not mark.read_text(encoding="utf-8"):
                await asyncio.sleep(0.05)
            pid = int(mark.read_text(encoding="utf-8"))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return pid

    assert gone(asyncio.run(work()))
    assert not mark.exists()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes as Linux shows them")
def test_no_worker_outlives_a_coordinator_that_is_killed(tmp_path: Path) -> None:
    """Killed, not ended: nobody could tell the worker, it notices by itself."""
    mark = tmp_path / "mark"
    code = (
        "import asyncio, os\nfrom otio_soundtrack.tools.crew import Crew\n"
        "async def work():\n"
        f"    async with Crew(1, {MEMBER!r}, os.environ) as workers: await workers.do(b'work ' + {str(mark)!r}.encode())\n"
        "asyncio.run(work())"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as coordinator:
        assert until(lambda: mark.exists() and mark.read_text(encoding="utf-8"))
        pid = int(mark.read_text(encoding="utf-8"))
        coordinator.kill()
    assert until(lambda: gone(pid), seconds=PATIENCE_SECONDS + LEAVE_SECONDS)
    assert not mark.exists()
