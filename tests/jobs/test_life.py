"""The life of the process: interrupted, it is gone at once and nothing is lost; many jobs wait in little memory."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otio_soundtrack.jobs import Consent, Order, entries, run, run_jobs
from tests.jobs.toy import HeldTime, Shop, Toy, ToyEars, open_shop
from tests.providers.briefs import ask

ALL = Consent(yes=True)
ROOT = Path(__file__).resolve().parents[2]
WAITER = """
import asyncio, resource, signal, sys
from dataclasses import replace
from pathlib import Path
from otio_soundtrack.cli.main import _stop
from otio_soundtrack.jobs import Clock, Consent, Order, run
from tests.jobs.toy import Shop, Toy, ToyEars, open_shop
from tests.providers.briefs import ask

signal.signal(signal.SIGTERM, _stop)
count, inside = int(sys.argv[2]), sys.argv[3] == "inside"

def peak():
    # ru_maxrss of a child begins at its parent's: Linux keeps it over exec
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))

waiting = 0

def peak():
    status = Path("/proc/self/status")  # the other counter is inherited from the parent where there was an exec
    lines = status.read_text().splitlines() if status.exists() else []
    told = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return told[0] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

async def sleep(seconds):
    global waiting
    waiting += 1
    if waiting == count:
        print(peak(), flush=True)
    await asyncio.sleep(60)

def go():
    orders = [Order(service=Toy(), ask=ask(prompt=f"p{number}x")) for number in range(count)]
    run(orders, home=Path(sys.argv[1]), open_wire=open_shop(Shop()), ears=ToyEars(), consent=Consent(yes=True),
        clock=replace(Clock(), sleep=sleep))

async def within():
    go()

if inside:
    asyncio.run(within())
else:
    go()
"""


def waiter(home: Path, count: int, where: str) -> subprocess.Popen[str]:
    """Start a process in which jobs wait for their first poll."""
    words = [sys.executable, "-c", WAITER, str(home), str(count), where]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("where", ["outside", "inside"])
def test_an_interrupted_process_ends_within_two_seconds_and_its_jobs_stay(
    tmp_path: Path, number: signal.Signals, where: str
) -> None:
    """In its own loop and beside a running one; the job is open, its paid call done."""
    with waiter(tmp_path, 1, where) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip().isdigit()
        began = time.monotonic()
        process.send_signal(number)
        process.wait(10)
        assert time.monotonic() - began < 2.0
    assert process.returncode != 0
    (entry,) = entries(tmp_path)
    assert (entry.state, entry.calls, entry.busy) == ("open", 1, False)


def test_a_job_that_is_cancelled_at_any_await_is_begun_once_and_told(tmp_path: Path) -> None:
    """Whichever turn of the loop it is: what is taken up afterwards is finished, or unknown and never begun again."""

    async def cancelled(home: Path, shop: Shop, turns: int) -> bool:
        orders = [Order(service=Toy(), ask=ask())]
        doing = asyncio.create_task(
            run_jobs(orders, home=home, open_wire=open_shop(shop), ears=ToyEars(), consent=ALL, clock=HeldTime().clock())
        )
        for _ in range(turns):
            await asyncio.sleep(0)
        doing.cancel()
        await asyncio.wait([doing])
        return doing.cancelled()

    ends = set()
    for turns in range(1000):
        shop, home = Shop(), tmp_path / f"{turns}"
        if not asyncio.run(cancelled(home, shop, turns)):
            break
        assert not any(entry.busy for entry in entries(home))
        (result,) = run([Order(service=Toy(), ask=ask())], home=home, open_wire=open_shop(shop), ears=ToyEars(), consent=ALL,
                        clock=HeldTime().clock())  # fmt: skip
        assert len(shop.begun) == len(set(shop.begun)) <= 2
        ends.add(type(result.error).__name__ if result.error else result.state)
    assert turns >= 10
    assert ends == {"done", "JobStateUnknownError"}


def test_two_hundred_jobs_wait_in_less_than_150_megabytes(tmp_path: Path) -> None:
    """Peak of the whole process, with everything that it imported."""
    with waiter(tmp_path, 200, "outside") as process:
        assert process.stdout is not None
        kilobytes = int(process.stdout.readline())
        process.kill()
    assert kilobytes < 150 * 1024
    assert len(entries(tmp_path)) == 200
