"""MusicAPI's part of the sandbox against the exchanges of musicapi.md."""

from __future__ import annotations

import hmac
import http.client
import json
from typing import Any

import pytest

from otio_soundtrack.sandbox.musicapi import signature
from otio_soundtrack.sandbox.server import Sandbox
from tests.sandbox.asking import Answer, Receiver, ask, until
from tests.sandbox.conftest import Open

KEY = "sandbox-key-musicapi"
SEED = {
    "custom_mode": True,
    "mv": "sonic-v5",
    "prompt": "A slow instrumental that swells toward one bright peak",
    "tags": "cinematic, rising, warm strings",
    "title": "Last Light",
    "make_instrumental": True,
}
"""Exchange M01."""
EXTEND = {"task_type": "extend_music", "custom_mode": True, "mv": "sonic-v5", "use_suno_cdn": False}


def post(box: Sandbox, path: str, body: Any, key: str | None = KEY) -> Answer:
    """Send a body."""
    return ask("POST", f"{box.environment['MUSICAPI_BASE_URL']}/api/v1/sonic/{path}", body, key=key)


def poll(box: Sandbox, task: str) -> Answer:
    """Ask for a task once."""
    return ask("GET", f"{box.environment['MUSICAPI_BASE_URL']}/api/v1/sonic/task/{task}", key=KEY)


def made(box: Sandbox, body: Any, path: str = "create") -> list[Any]:
    """Create something and wait until all of its clips have come to an end."""
    task = post(box, path, body).json["task_id"]

    def done(answer: Answer) -> bool:
        return answer.status == 200 and all(one["state"] in ("succeeded", "failed") for one in answer.json["data"])

    return until(lambda: poll(box, task), done).json["data"]


def credits_left(box: Sandbox) -> int:
    """Ask for the balance."""
    return ask("GET", f"{box.environment['MUSICAPI_BASE_URL']}/api/v1/get-credits", key=KEY).json["credits"]


def test_a_song_is_created_polled_and_fetched(opened: Open) -> None:
    """M01, M06 and M24: two clips of different lengths, one duration as text, one as a number."""
    box = opened()
    created = post(box, "create", SEED)
    assert (created.status, created.json["message"]) == (200, "success")
    first, second = made(box, SEED)
    assert first["duration"] == "6.0"
    assert second["duration"] == 7
    assert {
        "clip_id",
        "state",
        "title",
        "tags",
        "lyrics",
        "image_url",
        "audio_url",
        "video_url",
        "created_at",
        "mv",
    } <= first.keys()
    fetched = ask("GET", first["audio_url"])
    assert (fetched.status, fetched.headers["content-type"], fetched.headers["accept-ranges"]) == (200, "audio/mpeg", "bytes")
    assert int(fetched.headers["content-length"]) == len(fetched.body)
    resumed = ask("GET", first["audio_url"], headers={"Range": "bytes=1000-"})
    assert (resumed.status, resumed.headers["content-range"]) == (206, f"bytes 1000-{len(fetched.body) - 1}/{len(fetched.body)}")
    assert resumed.body == fetched.body[1000:]


def test_a_task_is_not_ready_at_first(opened: Open) -> None:
    """M03: 202, told by its type, without data."""
    box = opened(speed=1.0)
    waiting = poll(box, post(box, "create", SEED).json["task_id"])
    assert (waiting.status, waiting.json["type"], "data" in waiting.json) == (202, "not_ready", False)


def test_an_extension_is_the_new_part_and_concat_joins_it(opened: Open) -> None:
    """M10 to M13: the joined length is continue_at plus the new part; prices are 20, 15 and 2."""
    box = opened()
    source = made(box, SEED)[0]
    part = made(box, {**EXTEND, "continue_clip_id": source["clip_id"], "continue_at": 5.0})[0]
    assert float(part["duration"]) == 6.0
    (whole,) = made(box, {"task_type": "concat_music", "continue_clip_id": part["clip_id"]})
    assert float(whole["duration"]) == 11.0
    assert credits_left(box) == 1000 - 20 - 15 - 2


def test_an_extension_may_be_the_whole_song(opened: Open) -> None:
    """Section 13, extend returns: whole."""
    box = opened("extension_whole")
    source = made(box, SEED)[0]
    whole = made(box, {**EXTEND, "continue_clip_id": source["clip_id"], "continue_at": 5.0})[0]
    assert float(whole["duration"]) == 11.0


def test_a_wav_is_answered_at_once(opened: Open) -> None:
    """M21."""
    box = opened()
    clip = made(box, SEED)[0]
    answer = post(box, "wav", {"clip_id": clip["clip_id"]})
    assert answer.json["message"] == "success"
    assert ask("GET", answer.json["data"]["wav_url"]).body[:4] == b"RIFF"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mv": None}, "mv is invalid"),
        ({"mv": "sonic-v4-5-all"}, "mv is invalid"),
        ({"make_instrumental": "true"}, "make_instrumental must be a boolean"),
        ({"mv": "sonic-v4", "prompt": "x" * 3001}, "prompt must be less than 3000 characters"),
        ({"tags": "x" * 1001}, "tags must be less than 1000 characters"),
        ({"title": "x" * 81}, "title must be less than 80 characters"),
        ({"custom_mode": False, "gpt_description_prompt": "x" * 401}, "gpt_description_prompt must be less than 400 characters"),
        ({"custom_mode": False}, "description is required"),
        ({"task_type": "extend_music", "continue_at": 90}, "name and continue_clip_id are required fields."),
        ({"task_type": "concat_music", "continue_clip_id": "c1a0b6de-0999"}, "clip not found"),
        ({"task_type": "concat_music", "continue_clip_id": "c1", "duration": 120}, "duration is not allowed"),
    ],
)
def test_a_wrong_request_is_refused_and_costs_nothing(opened: Open, change: dict[str, Any], message: str) -> None:
    """M-E01 to M-E13, word by word."""
    box = opened()
    body = {name: value for name, value in {**SEED, **change}.items() if value is not None}
    answer = post(box, "create", body)
    assert (answer.status, answer.json) == (400, {"error": message})
    assert credits_left(box) == 1000


def test_continue_at_lies_inside_the_clip(opened: Open) -> None:
    """M-E10."""
    box = opened()
    clip = made(box, SEED)[0]
    answer = post(box, "create", {**EXTEND, "continue_clip_id": clip["clip_id"], "continue_at": 999})
    assert (answer.status, answer.json) == (400, {"error": "continue_at is invalid"})


def test_keys_are_refused_in_three_ways(opened: Open) -> None:
    """M-E16 to M-E18."""
    box = opened()
    assert post(box, "create", SEED, key=None).json == {"error": "Authorization header is missing."}
    url = f"{box.environment['MUSICAPI_BASE_URL']}/api/v1/sonic/create"
    assert ask("POST", url, SEED, headers={"Authorization": "Token x"}).json == {"error": "Invalid authorization format."}
    wrong = post(box, "create", SEED, key="wrong-key")
    assert (wrong.status, wrong.json) == (401, {"error": "Invalid API key."})


def test_unknown_and_missing_tasks_are_400(opened: Open) -> None:
    """M-E14 and M-E15."""
    box = opened()
    assert (poll(box, "nope").status, poll(box, "nope").json) == (400, {"error": "task not found."})
    assert (poll(box, "").status, poll(box, "").json) == (400, {"error": "missing task id."})


def test_an_empty_account_is_403(opened: Open) -> None:
    """M-E19."""
    answer = post(opened(credits=19), "create", SEED)
    assert answer.status == 403
    assert answer.json["error"].startswith("The remaining credits are not enough.")


def test_a_reference_is_uploaded_and_covered(opened: Open) -> None:
    """M15, M16 and M-E27: uploaded clips need the tasks that are named for them."""
    box = opened()
    refused = post(box, "upload", {"url": "private.mp3"})
    assert (refused.status, refused.json["error"][:12]) == (400, "Audio URL is")
    clip = post(box, "upload", {"url": "https://files.example/reference.mp3"}).json["clip_id"]
    cover = {**SEED, "task_type": "cover_upload_music", "continue_clip_id": clip}
    assert post(box, "create", {**cover, "task_type": "cover_music"}).status == 400
    assert len(made(box, cover)) == 2


def test_a_lost_reply_leaves_a_job_that_was_paid(opened: Open) -> None:
    """Section 13, create crash: charge, start, drop the connection."""
    box = opened("lost_reply@musicapi")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(box, "create", SEED)
    assert credits_left(box) == 980
    assert len(box.state()["services"]["musicapi"]["submissions"]) == 1
    assert post(box, "create", SEED).status == 200


def test_the_webhook_is_signed_as_the_sheet_says(opened: Open) -> None:
    """M30, with its test vector: HMAC-SHA256 over timestamp, dot and the raw body."""
    raw = (
        b'{"code":200,"message":"success","task_id":"7d0f2b1e-5c7a-4a55-9a1d-3f6f0c2e9b10","data":[{"clip_id":'
        b'"c1a0b6de-0001-4f00-8000-000000000001","state":"succeeded","audio_url":"https://cdn.example/c1.mp3","duration":93.4}]}'
    )
    wanted = "sha256=f98e9dc019b83c75f18d6346e1aaa1a74ec3234293126ec6487a31c6bb6c440f"
    assert signature("1795132800", raw, "test-secret") == wanted
    heard: list[tuple[dict[str, str], Any]] = []
    with Receiver(heard) as url:
        box = opened()
        made(box, {**SEED, "webhook_url": url, "webhook_secret": "s3cret"})
        until(lambda: Answer(200, {}, b""), lambda _: bool(heard))
        headers, told = heard[0]
        body = json.dumps(told, separators=(",", ":")).encode()
        signed = hmac.new(b"s3cret", headers["x-webhook-timestamp"].encode() + b"." + body, "sha256").hexdigest()
        assert headers["x-webhook-signature"] == f"sha256={signed}"
        assert headers["x-webhook-event"] == "song.completed"
        assert "s3cret" not in str(box.state())
