"""Aimi's part of the sandbox against the exchanges of aimi.md."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.sandbox.music import take
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.visual import visual
from otio_soundtrack.tools.media.probe import probe
from tests.sandbox.asking import Answer, ask, until
from tests.sandbox.conftest import Open

KEY = "sandbox-key-aimi"
FLAGS = {"with_vocals": False, "with_voiceover": False, "with_instrument": True}
SECONDS = 8.0


@pytest.fixture(scope="session")
def video(music: Path) -> Path:
    """Return a cut of eight seconds with sound."""
    return visual(take("calm", SECONDS, 3), ("cut",), music)


def post(box: Sandbox, path: str, body: Any, key: str | None = KEY, headers: dict[str, str] | None = None) -> Answer:
    """Send a body."""
    return ask("POST", f"{box.environment['AIMI_BASE_URL']}/{path}", body, key=key, headers=headers)


def multipart(*parts: tuple[str, str | None, bytes, str]) -> tuple[bytes, dict[str, str]]:
    """Return a multipart body of (name, file name, content, media type) and its header."""
    raw = b""
    for name, filename, content, media_type in parts:
        file = f'; filename="{filename}"' if filename else ""
        typed = f"Content-Type: {media_type}\r\n" if media_type else ""
        raw += f'--q9\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{typed}\r\n'.encode() + content + b"\r\n"
    return raw + b"--q9--\r\n", {"Content-Type": "multipart/form-data; boundary=q9"}


def typed(value: Any) -> bytes:
    """Return a JSON part's content."""
    return json.dumps(value).encode()


def send_chunk(box: Sandbox, task: str, number: int, content: bytes) -> Answer:
    """Send a chunk (4.2)."""
    payload = ("payload", None, typed({"taskid": task, "chunk_index": number}), "application/json")
    body, headers = multipart(payload, ("chunk", f"chunk_{number}.bin", content, "application/octet-stream"))
    return post(box, "sync_upload_chunk", body, headers=headers)


def uploaded(box: Sandbox, video: Path) -> str:
    """Upload a video in two chunks, the second first, and return its task."""
    content = video.read_bytes()
    task: str = post(box, "sync_upload_init", {"filename": "cut.mp4", "filesize": len(content)}).json["taskid"]
    half = len(content) // 2
    for number, part in ((1, content[half:]), (0, content[:half])):
        assert send_chunk(box, task, number, part).json == {"taskid": task, "chunk_index": number, "message": "Chunk received"}
    done = post(box, "sync_upload_complete", {"taskid": task, "total_chunks": 2})
    assert done.json == {"taskid": task, "message": "Upload complete"}
    return task


def generate(box: Sandbox, task: str, analysis: Any, **flags: Any) -> Answer:
    """Ask for a plan (4.6)."""
    body, headers = multipart(
        ("analysis", "analysis.json", typed(analysis), "application/json"),
        ("payload", None, typed({"taskid": task, **FLAGS, **flags}), "application/json"),
    )
    return post(box, "sync_generate", body, headers=headers)


def planned(box: Sandbox, video: Path, **flags: Any) -> tuple[str, Any]:
    """Return a task and its plan."""
    task = uploaded(box, video)
    analysis = post(box, "sync_video_analysis", {"taskid": task}).json
    return task, generate(box, task, analysis, **flags).json["plan"]


def execute(box: Sandbox, task: str, plan: Any) -> Answer:
    """Start a plan (4.7)."""
    body, headers = multipart(
        ("plan", "plan.json", typed(plan), "application/json"), ("payload", None, typed({"taskid": task}), "application/json")
    )
    return post(box, "sync_execute", body, headers=headers)


def finished(box: Sandbox, execution: str) -> Any:
    """Poll slower than the rule until an execution has come to an end."""

    def asked() -> Answer:
        time.sleep(8 / 400)
        return post(box, "sync_status", {"execid": execution})

    return until(asked, lambda answer: answer.json["status"] not in ("pending", "processing")).json


def test_a_cut_is_uploaded_analysed_planned_and_played(opened: Open, video: Path) -> None:
    """4.1 to 4.9: the result is a movie as long as the cut, the links carry no key."""
    box = opened()
    task, plan = planned(box, video)
    total = sum(section["beats"] * 60 / section["tempo"] for section in plan["sections"])
    assert total == pytest.approx(SECONDS, abs=0.5)
    execution = execute(box, task, plan).json["execid"]
    done = finished(box, execution)
    assert (done["status"], done["message"]) == ("finished", "Finished and ready for download")
    result = ask("GET", done["url"])
    assert result.body[4:8] == b"ftyp"
    path = video.parent / "result.mp4"
    path.write_bytes(result.body)
    assert float(probe(path).duration or 0) == pytest.approx(SECONDS, abs=0.1)
    assert ask("GET", done["queryurl"]).json["execid"] == execution
    assert [fetch["keys"] for fetch in box.state()["fetches"]] == [[], []]


def test_an_execution_waits_before_it_runs(opened: Open, video: Path) -> None:
    """4.8: pending."""
    box = opened(speed=1.0)
    execution = _quick_execution(box, uploaded(box, video))
    assert post(box, "sync_status", {"execid": execution}).json == {
        "status": "pending",
        "url": None,
        "message": "Your plan has been submitted and is awaiting execution.",
    }


def test_the_plan_comes_back_as_it_was_sent(opened: Open, video: Path) -> None:
    """Section 5: unknown keys survive the round trip; the record shows them."""
    box = opened()
    task, plan = planned(box, video)
    assert {"fxstyle", "id", "masterGain", "parameterPresets", "sections", "x_unknown"} <= plan.keys()
    execute(box, task, plan)
    assert box.state()["services"]["aimi"]["submissions"][0]["body"]["plan"] == plan


def test_stems_come_in_an_archive(opened: Open, video: Path) -> None:
    """A48 and A49: multitrack makes the result a zip with the mix, its stems and the video."""
    box = opened()
    task, plan = planned(box, video, multitrack=True)
    done = finished(box, execute(box, task, plan).json["execid"])
    archive = zipfile.ZipFile(io.BytesIO(ask("GET", done["url"]).body))
    names = set(archive.namelist())
    assert {"audio.wav", "video.mp4"} <= names
    assert any(name.startswith("stems/") for name in names)


def test_chunks_are_checked(opened: Open) -> None:
    """A7 to A10, A12 to A16."""
    box = opened()
    task = post(box, "sync_upload_init", {"filename": "a.mp4"}).json["taskid"]
    assert (send_chunk(box, "nope", 0, b"x").status, send_chunk(box, "nope", 0, b"x").json) == (404, {"detail": "Unknown taskid"})
    large = send_chunk(box, task, 0, bytes(31_457_281))
    assert (large.status, large.json) == (413, {"detail": "Chunk exceeds 30MB"})
    body, headers = multipart(("payload", None, typed({"taskid": task}), "application/json"), ("chunk", "c", b"x", ""))
    assert post(box, "sync_upload_chunk", body, headers=headers).status == 422
    send_chunk(box, task, 0, b"no video")
    lacking = post(box, "sync_upload_complete", {"taskid": task, "total_chunks": 2})
    assert (lacking.status, lacking.json) == (400, {"detail": "Missing chunks: [1]"})
    corrupt = post(box, "sync_upload_complete", {"taskid": task, "total_chunks": 1})
    assert (corrupt.status, corrupt.json) == (400, {"detail": "Unsupported or corrupt video"})
    assert post(box, "sync_upload_complete", {"taskid": task}).status == 422


def test_init_is_checked(opened: Open) -> None:
    """A1 to A5."""
    box = opened()
    assert post(box, "sync_upload_init", {"filename": "a.mp4"}, key="expired").json == {"detail": "Unauthorized"}
    assert post(box, "sync_upload_init", {"filename": "a.mp4"}, key=None).json == {"detail": "Not authenticated"}
    assert post(box, "sync_upload_init", {"filename": "a.mp4", "filesize": "big"}).status == 422
    assert post(box, "sync_upload_init", {"filename": "a.mp4", "filesize": 9_000_000_000}).status == 413


def test_the_order_of_calls_is_checked(opened: Open, video: Path) -> None:
    """A17, A29 to A34, A37 to A40."""
    box = opened()
    empty = post(box, "sync_upload_init", {}).json["taskid"]
    assert post(box, "sync_video_analysis", {"taskid": empty}).json == {"detail": "Upload is not complete"}
    task = uploaded(box, video)
    assert generate(box, task, {}).json == {"detail": "Video analysis required"}
    analysis = post(box, "sync_video_analysis", {"taskid": task}).json
    early = generate(box, task, analysis, original_audio=True)
    assert (early.status, early.json) == (400, {"detail": "Audio analysis required for original_audio"})
    assert post(box, "sync_audio_analysis", {"taskid": task}).status == 200
    assert generate(box, task, analysis, original_audio=True).status == 200
    assert generate(box, task, analysis, genre="polka").json == {"detail": "Unknown genre: polka"}
    body, headers = multipart(("payload", None, typed({"taskid": task}), "application/json"))
    absent = post(box, "sync_generate", body, headers=headers)
    assert (absent.status, absent.json["detail"][0]["loc"]) == (422, ["body", "analysis"])
    body, headers = multipart(("analysis", "a.json", b"{}", "application/json"), ("payload", None, typed({"taskid": task}), ""))
    assert post(box, "sync_generate", body, headers=headers).status == 422, "a payload without its type is refused"
    broken = execute(box, task, {"id": "x"})
    assert (broken.status, broken.json) == (400, {"detail": "Invalid plan: sections missing"})
    plain = post(box, "sync_execute", {"taskid": task, "plan": {"sections": [{"index": 0, "beats": 32, "tempo": 90.0}]}})
    assert plain.json["execid"].startswith("ex-")


def test_the_eleventh_execution_at_once_is_refused(opened: Open, video: Path) -> None:
    """A41."""
    box = opened("stuck@aimi")
    task, plan = planned(box, video)
    assert [execute(box, task, plan).status for _ in range(11)] == [200] * 10 + [429]


def test_who_polls_too_fast_has_to_wait(opened: Open, video: Path) -> None:
    """A45: three polls closer than five seconds start a cooldown of a minute."""
    box = opened("stuck@aimi", speed=1.0)
    box.state()
    task = uploaded(box, video)
    execution = _quick_execution(box, task)
    answers = [post(box, "sync_status", {"execid": execution}) for _ in range(5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429, 429]
    assert 50 <= int(answers[-1].headers["retry-after"]) <= 60


def _quick_execution(box: Sandbox, task: str) -> str:
    plan = {"sections": [{"index": 0, "beats": 16, "tempo": 120.0}]}
    started: str = post(box, "sync_execute", {"taskid": task, "plan": plan}).json["execid"]
    return started


def test_unknown_executions_are_inactive(opened: Open) -> None:
    """4.8: told in the body, under another name for the link."""
    answer = post(opened(), "sync_status", {"execid": "ex-1"})
    assert answer.json == {"status": "inactive", "videourl": None, "message": "There is no active execution for id ex-1."}


def test_a_failed_execution_has_a_report(opened: Open, video: Path) -> None:
    """4.8 and 4.9, and the price comes back."""
    box = opened("job_failed@aimi")
    task, plan = planned(box, video)
    done = finished(box, execute(box, task, plan).json["execid"])
    assert done["status"] == "error"
    assert "unknown soundset" in ask("GET", done["url"]).json["error"]
    assert box.state()["services"]["aimi"]["spent"] == 0
