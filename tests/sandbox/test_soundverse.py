"""Soundverse's part of the sandbox against the exchanges of soundverse.md."""

from __future__ import annotations

import http.client
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import soundfile

from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.tools.waveform import write_wav
from tests.sandbox.asking import Answer, ask, until
from tests.sandbox.conftest import Open

KEY = "sandbox-key-soundverse"
REMIX = {"song_reference_url": "https://files.example/reference.mp3", "prompt": "warm jazz trio", "parameters": {}}
"""Exchange S01."""


def remix(box: Sandbox, body: Any = REMIX, key: str | None = KEY) -> Answer:
    """Send a remix and read its stream to the end."""
    return ask("POST", f"{box.environment['SOUNDVERSE_BASE_URL']}/v7/generate/remix", body, key=key)


def state(box: Sandbox, message_id: str) -> Answer:
    """Ask for the state of a remix."""
    return ask("GET", f"{box.environment['SOUNDVERSE_BASE_URL']}/status/generation/{message_id}", key=KEY)


def events(raw: bytes) -> list[dict[str, Any]]:
    """Return the events of a stream, comments and line ends passed over."""
    lines = raw.decode().replace("\r\n", "\n").split("\n")
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]


def broken(box: Sandbox) -> list[dict[str, Any]]:
    """Send a remix whose stream breaks off; return what came before."""
    parts = urlsplit(box.environment["SOUNDVERSE_BASE_URL"])
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    try:
        connection.request("POST", "/v7/generate/remix", json.dumps(REMIX), {"Authorization": f"Bearer {KEY}"})
        with pytest.raises(http.client.IncompleteRead) as caught:
            connection.getresponse().read()
    finally:
        connection.close()
    return events(caught.value.partial)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name that http.server gives it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("situations", [(), ("awkward_stream",)])
def test_a_remix_is_a_stream_of_ten_events(opened: Open, situations: tuple[str, ...]) -> None:
    """S01: stages in order, the id from the second on, the result in the last; split events and CRLF read the same."""
    answer = remix(opened(*situations))
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream")
    told = events(answer.body)
    assert [one["status"] for one in told] == [
        *("validating", "queued", "starting", "initializing", "uploading"),
        *("streaming", "streaming", "streaming", "streaming", "completed"),
    ]
    assert [one.get("progress") for one in told[5:]] == [0, 50, 90, 100, 100]
    assert [one["chunkIndex"] for one in told] == list(range(10))
    assert "message_id" not in told[0]
    assert len({one["message_id"] for one in told[1:]}) == 1
    assert [one["isComplete"] for one in told] == [False] * 9 + [True]
    assert "audio_url" not in told[8]
    assert told[8]["streaming_ready"] is True
    assert ask("GET", told[9]["audio_url"]).headers["content-type"] == "audio/mpeg"


def test_a_stream_that_breaks_at_90_is_recovered_through_the_state(opened: Open) -> None:
    """S03, S06 and S07: the job lives on; it was begun once."""
    box = opened("cut_stream_at_90", speed=100)
    told = broken(box)
    assert told[-1]["progress"] == 90
    job = told[-1]["message_id"]
    assert state(box, job).json["isComplete"] is False
    done = until(lambda: state(box, job), lambda answer: bool(answer.json["isComplete"]))
    assert done.json["status"] == "completed"
    assert done.json["audio_url"].startswith("http://127.0.0.1")
    assert len(box.state()["services"]["soundverse"]["submissions"]) == 1


def test_a_stream_may_break_before_the_id(opened: Open) -> None:
    """S04: nobody can know; in the sandbox it began."""
    box = opened("cut_stream")
    assert [one["status"] for one in broken(box)] == ["validating"]
    assert len(box.state()["services"]["soundverse"]["submissions"]) == 1


def test_a_failure_comes_inside_the_stream(opened: Open) -> None:
    """S05 and S08."""
    box = opened("error_chunk")
    last = events(remix(box).body)[-1]
    assert (last["status"], last["error"], last["isComplete"]) == ("failed", "Generation failed", True)
    assert state(box, last["message_id"]).json["error"] == "Generation failed"


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        ({"song_reference_url": "https://x.example/a.mp3"}, 400, {"detail": "Either prompt or lyrics must be provided"}),
        ({**REMIX, "prompt": "  "}, 400, {"detail": "Either prompt or lyrics must be provided"}),
        (
            {"song_reference_url": 5, "prompt": "jazz"},
            422,
            {"detail": [{"loc": ["body", "song_reference_url"], "msg": "Input should be a valid string", "type": "string_type"}]},
        ),
    ],
)
def test_a_wrong_request_is_refused(opened: Open, body: Any, status: int, answer: Any) -> None:
    """S-E01 and S-E11."""
    given = remix(opened(), body)
    assert (given.status, given.json) == (status, answer)


def test_keys_balance_and_rate_are_told_as_the_sheet_says(opened: Open) -> None:
    """S-E05, S-E06 and S-E10."""
    box = opened("rate_limited@soundverse", credits=5)
    assert (remix(box, key=None).status, remix(box, key="wrong").json) == (401, {"detail": "Not authenticated"})
    limited = remix(box)
    assert (limited.status, limited.json["message"]) == (429, "Rate limits have been passed for the user.")
    assert int(limited.headers["retry-after"]) >= 1
    remix(box)
    poor = remix(box)
    assert (poor.status, poor.json) == (402, {"success": False, "message": "Insufficient balance for this operation."})


def test_unknown_states_are_404(opened: Open) -> None:
    """S09."""
    answer = state(opened(), "unknown")
    assert (answer.status, answer.json) == (404, {"detail": "Not Found"})


def test_a_reference_on_this_machine_is_fetched_and_measured(opened: Open, tmp_path: Path) -> None:
    """S-E02 to S-E04, and a result as long as the reference."""
    for name, seconds in (("short", 5), ("good", 11), ("big", 60)):
        write_wav(tmp_path / f"{name}.wav", np.zeros((48000 * seconds, 2), np.float32))
    (tmp_path / "page.html").write_text("<html>")
    box = opened()
    with served(tmp_path) as base:
        size = (tmp_path / "big.wav").stat().st_size
        refused = {
            "short.wav": "Duration 5.0 s is outside 10-350 s",
            "missing.wav": "Could not download file",
            "page.html": "Not an audio file",
            "big.wav": f"File too large: {size} bytes (max: 10485760)",
        }
        for name, why in refused.items():
            answer = remix(box, {**REMIX, "song_reference_url": f"{base}/{name}"})
            assert (answer.status, answer.json["message"]) == (400, f"Reference audio error: {why}")
        assert events(remix(box, {**REMIX, "song_reference_url": f"{base}/good.wav"}).body)[-1]["status"] == "completed"
    assert len(box.state()["services"]["soundverse"]["submissions"]) == 1


@pytest.mark.parametrize(("situations", "seconds"), [((), 10.0), (("extension_part",), 4.0)])
def test_a_song_is_extended_by_seconds(opened: Open, situations: tuple[str, ...], seconds: float) -> None:
    """S17: one JSON answer; the new part or the whole is measured by its file."""
    box = opened(*situations)
    source = events(remix(box).body)[-1]["audio_url"]
    body = {"audio_url": source, "prompt": "keep the mood", "duration": 4, "side": "right"}
    url = f"{box.environment['SOUNDVERSE_BASE_URL']}/v6/extend/music"
    answer = ask("POST", url, body, key=KEY)
    assert answer.json.keys() == {"message_id", "album_art", "audio_data"}
    assert answer.json["audio_data"][0]["licenses"] == {"licenses": "Royalty Free"}
    samples, rate = soundfile.read(io.BytesIO(ask("GET", answer.json["audio_data"][0]["audio_url"]).body))
    assert len(samples) / rate == pytest.approx(seconds, abs=0.001)
    assert ask("POST", url, {**body, "side": "up"}, key=KEY).status == 422


def test_the_state_may_be_elsewhere(opened: Open) -> None:
    """Section 4: the documented path answers 404, the older ones know."""
    box = opened("status_moved")
    job = events(remix(box).body)[-1]["message_id"]
    assert state(box, job).status == 404
    base = box.environment["SOUNDVERSE_BASE_URL"]
    for path in (f"/status/generations/{job}", f"/v5/status?message_id={job}"):
        assert ask("GET", base + path, key=KEY).json["status"] == "completed"
