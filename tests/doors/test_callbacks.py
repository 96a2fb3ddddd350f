"""``score`` with a receiver beside it: the sandbox calls back, and the waiting ends; without one, polling does the job."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.settings import home
from otio_soundtrack.web.receiver import Receiver

pytestmark = pytest.mark.xdist_group("services")
Captured = pytest.CaptureFixture[str]
SPEED = 60.0
"""The sandbox has a song after two seconds; our own pace stays as in life, so the first poll would come after 30."""
LENGTHS = (11.0, 13.0)
IN_TIME_S = 25.0


Open = Callable[..., Sandbox]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open a sandbox in a pace of our own, and tell the services where they report to."""
    with ExitStack() as stack:

        def start(*situations: str, pace: float, public: str = "") -> Sandbox:
            (tmp_path / "sandbox").mkdir()
            box = Sandbox(speed=SPEED, lengths=LENGTHS, situations=situations, folder=tmp_path / "sandbox")
            stack.enter_context(box)
            public = public or f"http://127.0.0.1:{stack.enter_context(Receiver(home())).port}/hooks"
            settings = {"OTIO_SOUNDTRACK_PACE": str(pace), "OTIO_SOUNDTRACK_CALLBACK_URL": public}
            for name, value in {**box.environment, **settings}.items():
                monkeypatch.setenv(name, value)
            return box

        yield start


def scored(footage: Path, out: Path, capfd: Captured, provider: str) -> dict[str, Any]:
    """Score the small cut by a service and return the result."""
    words = ["score", str(footage / "small.otio"), "-o", str(out / "out.otio"), "--provider", provider, "--yes"]
    assert main([*words, "--json", "--quiet"]) == 0
    result: dict[str, Any] = json.loads(capfd.readouterr().out)
    return result


@pytest.mark.parametrize("situation", ["", "callbacks_doubled", "callbacks_forged"])
def test_a_callback_ends_the_waiting_and_the_service_is_asked_what_is_true(
    situation: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """One poll instead of one every 30 s, long before the first would have come; doubles change nothing."""
    box = opened(*([situation] if situation else []), pace=1.0)
    began = time.monotonic()
    (job,) = scored(footage, tmp_path, capfd, "suno")["jobs"]
    assert time.monotonic() - began < IN_TIME_S
    state = box.state()
    assert len(state["services"]["suno"]["polls"]) <= 2
    assert len(state["services"]["suno"]["submissions"]) == job["calls"] == 1
    told = [one for one in state["callbacks"] if one["status"] == 200]
    assert told
    assert all(os.environ["SUNO_API_KEY"] not in one["url"] for one in state["callbacks"])
    assert len({one["url"] for one in state["callbacks"]}) == 1


def test_a_lost_callback_costs_nothing_but_time(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """Nobody listens at the public address: the job is polled for at its pace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = opened(pace=1 / SPEED, public=f"http://127.0.0.1:{free.getsockname()[1]}")
    (job,) = scored(footage, tmp_path, capfd, "suno")["jobs"]
    assert (job["state"], job["calls"]) == ("done", 1)
    state = box.state()
    assert len(state["services"]["suno"]["polls"]) >= 1
    assert not [one for one in state["callbacks"] if one["status"] == 200]


def test_a_webhook_of_musicapi_is_heard_as_well(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """The same receiver, the same address for each call of the job."""
    box = opened(pace=1 / SPEED)
    (job,) = scored(footage, tmp_path, capfd, "musicapi")["jobs"]
    assert job["state"] == "done"
    (call,) = [one for one in box.state()["services"]["musicapi"]["seen"] if one["kind"] == "paid"]
    assert call["body"]["webhook_url"].startswith(f"{os.environ['OTIO_SOUNDTRACK_CALLBACK_URL']}/")
