"""The sandbox as a whole: how it is opened, found, asked and closed."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from otio_soundtrack import access
from otio_soundtrack.cli import sandbox as command
from otio_soundtrack.cli.main import main
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.sandbox.environment import DESKS, SERVICES
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.situations import SITUATIONS
from tests.sandbox.asking import ask
from tests.sandbox.conftest import Open

ROOT = Path(__file__).resolve().parents[2]


def test_its_environment_is_what_our_own_doors_read(opened: Open) -> None:
    """Keys, base URLs, trusted origins and pace are taken by the readers of the environment."""
    box = opened(speed=50)
    for name in SERVICES:
        reached = access.access(name, "https://real.example", f"{name.upper()}_API_KEY", box.environment)
        assert reached.base_url == box.addresses.origin(name)
        assert reached.key is not None
    settings = access.network_settings(box.environment)
    assert box.addresses.origin("media") in settings.trusted_origins
    assert box.addresses.origin("trap") not in settings.trusted_origins
    assert settings.pace == pytest.approx(1 / 50)


def test_it_listens_on_loopback_only_and_on_ports_of_their_own(opened: Open) -> None:
    """Nobody in the network reaches it; each service has its own origin, the media host too."""
    box = opened()
    assert len(set(box.addresses.ports.values())) == len(DESKS)
    assert {box.addresses.origin(name).rsplit(":", 1)[0] for name in DESKS} == {"http://127.0.0.1"}


def test_it_starts_and_stops_at_once(music: Path) -> None:
    """Nothing is composed at the start (0.04 s on a quiet machine); afterwards the ports are closed."""
    began = time.monotonic()
    with Sandbox(folder=music) as box:
        assert time.monotonic() - began < 3.0
        port = box.addresses.ports["suno"]
        began = time.monotonic()
    assert time.monotonic() - began < 6.0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_it_closes_while_a_stream_is_open(music: Path) -> None:
    """A remix that never ends does not keep it open."""
    with Sandbox(folder=music, speed=400, situations=["stuck@soundverse"]) as box:
        connection = socket.create_connection(("127.0.0.1", box.addresses.ports["soundverse"]), timeout=5)
        body = b'{"song_reference_url": "https://x.example/a.mp3", "prompt": "jazz"}'
        head = "POST /v7/generate/remix HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sandbox-key-soundverse\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert connection.recv(15).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
    connection.close()
    assert time.monotonic() - began < 15.0


def test_a_taken_port_is_told(music: Path) -> None:
    """One clear error, and no port is left open."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port}"), Sandbox(port=port, folder=music):
            pass


@pytest.mark.parametrize("settings", [{"speed": 0}, {"speed": float("nan")}, {"port": 65530}, {"situations": ["nonsense"]}])
def test_settings_that_cannot_be_obeyed_are_refused(settings: dict[str, object]) -> None:
    """Typed, before anything is opened."""
    with pytest.raises(SettingsError), Sandbox(**settings):  # type: ignore[arg-type]
        pass


def test_its_ports_follow_each_other_where_one_is_given(music: Path) -> None:
    """``--port`` makes an environment that can be written down."""
    for first in (20010, 20110, 20210):  # somebody may hold one of them
        try:
            with Sandbox(port=first, folder=music) as box:
                assert list(box.addresses.ports.values()) == list(range(first, first + len(DESKS)))
                return
        except SettingsError:  # noqa: PERF203  # three times
            continue
    pytest.fail("three stretches of ports were taken")


def test_the_record_tells_calls_polls_and_fetches(opened: Open) -> None:
    """What tests want to know: how often, when, with which key."""
    box = opened()
    url = box.environment["SUNO_BASE_URL"]
    ask("GET", f"{url}/api/v1/generate/record-info?taskId=x", key="sandbox-key-suno")
    ask("GET", f"{box.addresses.origin('media')}/nothing/there.mp3", key="sandbox-key-suno")
    state = box.state()
    suno = state["services"]["suno"]
    assert (suno["calls"], suno["paid_calls"], len(suno["polls"])) == (1, 0, 1)
    assert suno["polls"][0]["status"] == 200
    assert state["fetches"] == [
        {"path": "/nothing/there.mp3", "method": "GET", "range": None, "status": 404, "keys": ["authorization"]}
    ]
    assert "sandbox-key" not in json.dumps(state)


def test_the_command_prints_lines_to_paste_and_closes_on_interrupt(tmp_path: Path) -> None:
    """``otio-soundtrack sandbox``: export lines, then it serves; ^C ends it with 0."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "otio_soundtrack", "sandbox", "--speed", "100"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        lines = [process.stdout.readline() for _ in range(12)]
        values = dict(re.fullmatch(r"export (\w+)='?([^']*)'?\n", line).groups() for line in lines)  # type: ignore[union-attr]
        assert values["OTIO_SOUNDTRACK_PACE"] == "0.01"
        answer = ask("GET", f"{values['SUNO_BASE_URL']}/api/v1/generate/credit", key=values["SUNO_API_KEY"])
        assert answer.json == {"code": 200, "msg": "success", "data": 1000}
        assert "^C closes it" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, rest) == (0, "")
    assert "closed" in told


def test_the_command_lists_situations(capsys: pytest.CaptureFixture[str]) -> None:
    """``--situation list`` tells what can go wrong, as JSON too."""
    assert main(["sandbox", "--situation", "list"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in SITUATIONS)
    assert main(["sandbox", "--situation", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out).keys() == SITUATIONS.keys()


def test_without_its_web_server_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extra is named, the exit code is that of settings."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "otio_soundtrack.sandbox.server", raising=False)
    assert main(["sandbox"]) == 2
    assert "pip install 'otio-soundtrack[web]'" in capsys.readouterr().err
    assert command.DEFAULT_SPEED == 50.0


def test_the_environment_is_told_as_lines_and_as_one_object(opened: Open) -> None:
    """Lines that a shell takes, or JSON for scripts; both hold the same."""
    box = opened()
    result = command.Open(box, quiet=True)
    assert result.json() == box.environment
    assert dict(line.removeprefix("export ").split("=", 1) for line in result.text().splitlines()) == {
        name: shlex.quote(value) for name, value in box.environment.items()
    }
