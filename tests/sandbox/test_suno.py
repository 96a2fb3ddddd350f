"""The suno gateway's part of the sandbox against the exchanges of suno.md, at both of its operators."""

from __future__ import annotations

import base64
import hmac
import http.client
from typing import Any

import pytest

from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.suno_callbacks import CALLBACK_KEY, signature
from tests.sandbox.asking import Answer, Receiver, ask, until
from tests.sandbox.conftest import Open

KEY = "sandbox-key-suno"
HOOK = "https://hooks.example/suno"
CUSTOM = {
    "customMode": True,
    "instrumental": True,
    "model": "V5",
    "style": "cinematic, rising, warm strings",
    "title": "Last Light",
    "callBackUrl": HOOK,
}
"""Exchange U01."""
OPERATORS = ("suno", "sunoapi")


def base(box: Sandbox, operator: str = "suno") -> str:
    """Return an operator's origin."""
    return box.addresses.origin(operator)


def post(box: Sandbox, path: str, body: Any, operator: str = "suno", key: str | None = KEY) -> Answer:
    """Send a body."""
    return ask("POST", f"{base(box, operator)}/api/v1/{path}", body, key=key)


def record(box: Sandbox, task: str, kind: str = "generate", operator: str = "suno") -> Answer:
    """Ask for a record once."""
    return ask("GET", f"{base(box, operator)}/api/v1/{kind}/record-info?taskId={task}", key=KEY)


def made(box: Sandbox, body: Any = CUSTOM, path: str = "generate", operator: str = "suno") -> Any:
    """Start music and return its final record."""
    task = post(box, path, body, operator).json["data"]["taskId"]
    waiting = ("PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS")
    return until(lambda: record(box, task, operator=operator), lambda answer: answer.json["data"]["status"] not in waiting).json[
        "data"
    ]


def converted(box: Sandbox, kind: str, body: Any, operator: str = "suno") -> Any:
    """Start a conversion and return its final record."""
    task = post(box, f"{kind}/generate", body, operator).json["data"]["taskId"]
    done = until(lambda: record(box, task, kind, operator), lambda answer: answer.json["data"]["successFlag"] != "PENDING")
    return done.json["data"]


@pytest.mark.parametrize("operator", OPERATORS)
def test_music_goes_through_its_stages(opened: Open, operator: str) -> None:
    """U01, U10 to U13: pending, text, first, success; two tracks of different lengths."""
    box = opened(speed=60)
    answer = post(box, "generate", CUSTOM, operator)
    assert (answer.status, answer.json["code"], answer.json["msg"]) == (200, 200, "success")
    task = answer.json["data"]["taskId"]
    seen: dict[str, Any] = {}

    def done(answer: Answer) -> bool:
        seen.setdefault(answer.json["data"]["status"], answer.json["data"])
        return bool(answer.json["data"]["status"] == "SUCCESS")

    until(lambda: record(box, task, operator=operator), done)
    assert list(seen) == ["PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS", "SUCCESS"]
    assert seen["PENDING"]["response"] is None
    assert [one["audioUrl"] for one in seen["TEXT_SUCCESS"]["response"]["sunoData"]] == ["", ""]
    first = seen["FIRST_SUCCESS"]["response"]["sunoData"]
    assert first[0]["audioUrl"]
    assert first[1]["audioUrl"] is None
    tracks = seen["SUCCESS"]["response"]["sunoData"]
    assert [one["duration"] for one in tracks] == [6.0, 7.2]
    keys = {"id", "audioUrl", "streamAudioUrl", "imageUrl", "prompt", "modelName", "title", "tags", "createTime", "duration"}
    assert tracks[0].keys() == keys
    assert ask("GET", tracks[0]["audioUrl"]).headers["content-type"] == "audio/mpeg"


def test_v6_makes_twenty_seconds_unless_told(opened: Open) -> None:
    """U02, trap 5."""
    box = opened()
    v6 = {**CUSTOM, "model": "V6"}
    assert made(box, v6)["response"]["sunoData"][0]["duration"] == 20.0
    assert made(box, {**v6, "duration": 42})["response"]["sunoData"][0]["duration"] == 42.0


@pytest.mark.parametrize(("situation", "seconds"), [("extension_whole", 11.0), ("extension_part", 6.0)])
def test_an_extension_is_the_whole_song_or_its_new_part(opened: Open, situation: str, seconds: float) -> None:
    """U21, U23 and section 6."""
    box = opened(f"{situation}@suno")
    source = made(box)["response"]["sunoData"][0]
    extend = {
        "defaultParamFlag": True,
        "audioId": source["id"],
        "model": "V5",
        "continueAt": 5,
        "prompt": "Keep the theme",
        "style": "calm ending",
        "title": "Last Light",
        "callBackUrl": HOOK,
    }
    longer = made(box, extend, "generate/extend")
    assert (longer["operationType"], longer["parentMusicId"]) == ("extend", source["id"])
    assert longer["response"]["sunoData"][0]["duration"] == seconds
    for change in ({"continueAt": 6.0}, {"model": "V4"}):
        assert post(box, "generate/extend", {**extend, **change}).json["code"] == 422
    assert post(box, "generate/extend", {**extend, "audioId": "nope"}).json["code"] == 404


def test_an_extension_by_the_settings_of_its_source_needs_no_more(opened: Open) -> None:
    """U22."""
    box = opened()
    source = made(box)["response"]["sunoData"][0]
    body = {"defaultParamFlag": False, "audioId": source["id"], "model": "V5", "callBackUrl": HOOK}
    assert made(box, body, "generate/extend")["response"]["sunoData"][0]["duration"] == 11.0


def test_references_are_covered_and_continued(opened: Open) -> None:
    """U24 and U25."""
    box = opened()
    cover = {**CUSTOM, "uploadUrl": "https://files.example/reference.mp3", "audioWeight": 0.6}
    assert made(box, cover, "generate/upload-cover")["operationType"] == "upload_cover"
    extend = {
        "uploadUrl": "https://files.example/reference.mp3",
        "defaultParamFlag": True,
        "instrumental": True,
        "model": "V5",
        "continueAt": 45,
        "prompt": "Carry on",
        "style": "warm jazz trio",
        "title": "Reference, longer",
        "callBackUrl": HOOK,
    }
    assert made(box, extend, "generate/upload-extend")["operationType"] == "upload_extend"


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_track_is_converted_once(opened: Open, operator: str) -> None:
    """U30 to U32, U40 to U42, U-E05, U-E06, U-E24: a new id, times as text and as milliseconds, 409 the second time."""
    box = opened()
    music = made(box, operator=operator)
    track = music["response"]["sunoData"][1]
    body = {"taskId": music["taskId"], "audioId": track["id"], "callBackUrl": HOOK}
    wav = converted(box, "wav", body, operator)
    assert (wav["successFlag"], wav["musicId"]) == ("SUCCESS", track["id"])
    assert isinstance(wav["createTime"], str)
    assert ask("GET", wav["response"]["audioWavUrl"]).body[:4] == b"RIFF"
    again = post(box, "wav/generate", body, operator).json
    assert (again["code"], again["msg"]) == (409, "WAV record already exists")
    assert again["data"] == (None if operator == "suno" else {"taskId": wav["taskId"]})
    video = converted(box, "mp4", {**body, "author": "Ada Rivers", "domainName": "music.example"}, operator)
    assert (video["musicIndex"], video["successFlag"]) == (1, "SUCCESS")
    assert isinstance(video["createTime"], int)
    assert ask("GET", video["response"]["videoUrl"]).body[4:8] == b"ftyp"
    assert post(box, "mp4/generate", body, operator).json["code"] == 409
    assert record(box, music["taskId"], "mp4", operator).json["data"]["taskId"] == video["taskId"]


def test_kie_shows_zero_for_a_video_that_was_taken(opened: Open) -> None:
    """U46."""
    box = opened()
    music = made(box)
    body = {"taskId": music["taskId"], "audioId": music["response"]["sunoData"][0]["id"], "callBackUrl": HOOK}
    assert post(box, "mp4/generate", body).json["code"] == 0


@pytest.mark.parametrize(
    ("operator", "change", "code"),
    [
        ("sunoapi", {"style": None, "title": None}, 400),
        ("suno", {"style": None}, 422),
        ("sunoapi", {"style": "x" * 1001}, 413),
        ("suno", {"style": "x" * 1001}, 422),
        ("suno", {"model": "V5.5"}, 422),
        ("suno", {"callBackUrl": None}, 422),
        ("suno", {"duration": 60}, 422),
        ("suno", {"styleWeight": 1.5}, 422),
    ],
)
def test_wrong_fields_are_refused_and_cost_nothing(opened: Open, operator: str, change: dict[str, Any], code: int) -> None:
    """U-E01, U-E07, U-E25: HTTP says 200."""
    box = opened()
    body = {name: value for name, value in {**CUSTOM, **change}.items() if value is not None}
    answer = post(box, "generate", body, operator)
    assert (answer.status, answer.json["code"], answer.json["data"]) == (200, code, None)
    assert ask("GET", f"{base(box)}/api/v1/generate/credit", key=KEY).json["data"] == 1000


@pytest.mark.parametrize(("operator", "poor", "often"), [("suno", 402, [429, 429]), ("sunoapi", 429, [405, 430])])
def test_codes_mean_other_things_at_the_other_operator(opened: Open, operator: str, poor: int, often: list[int]) -> None:
    """U-E02 to U-E04, U-E08, U-E09, U-E20 to U-E22, U-E26."""
    box = opened("rate_limited@suno", credits=10)
    assert [post(box, "generate", CUSTOM, operator).json["code"] for _ in range(2)] == often
    empty = post(box, "generate", CUSTOM, operator)
    assert (empty.status, empty.json["code"], empty.json["msg"]) == (200, poor, "Insufficient credits")
    assert post(box, "generate", CUSTOM, operator, key="wrong").json["code"] == 401
    assert post(box, "generates", CUSTOM, operator).json["code"] == 404
    assert post(box, "generate", b'{"taskId": ', operator).json["code"] == 400


def test_more_than_twenty_calls_in_ten_seconds_are_refused(opened: Open) -> None:
    """Section 2, request limit."""
    box = opened(speed=1.0)
    codes = [ask("GET", f"{base(box)}/api/v1/generate/credit", key=KEY).json["code"] for _ in range(22)]
    assert codes == [200] * 20 + [429] * 2


def test_codes_may_be_mirrored_in_the_status(opened: Open) -> None:
    """U-E40."""
    assert post(opened("mirrored_codes", credits=0), "generate", CUSTOM).status == 402


def test_records_may_be_in_snake_case(opened: Open) -> None:
    """U14."""
    data = made(opened("snake_case"))
    assert data["response"]["sunoData"][0]["audio_url"]
    assert "operationType" not in data


def test_unknown_records_are_404_in_the_body(opened: Open) -> None:
    """U20."""
    answer = record(opened(), "nope")
    assert (answer.status, answer.json) == (200, {"code": 404, "msg": "Record not found", "data": None})


@pytest.mark.parametrize(
    ("situation", "status", "tracks"),
    [
        ("job_failed", "GENERATE_AUDIO_FAILED", None),
        ("refused_content", "SENSITIVE_WORD_ERROR", None),
        ("callback_exception", "CALLBACK_EXCEPTION", 2),
        ("partial_success", "SUCCESS", 1),
    ],
)
def test_final_states_are_told(opened: Open, situation: str, status: str, tracks: int | None) -> None:
    """U16 to U18, trap 8."""
    data = made(opened(f"{situation}@suno"))
    assert data["status"] == status
    ready = [one for one in (data["response"] or {"sunoData": []})["sunoData"] if one["audioUrl"]]
    assert len(ready) == (tracks or 0)


def test_files_are_uploaded_in_two_ways(opened: Open) -> None:
    """U26 to U28 and U-E42."""
    box = opened()
    head = '--BOUND\r\nContent-Disposition: form-data; name="uploadPath"\r\n\r\nsoundtrack\r\n--BOUND\r\n'
    part = 'Content-Disposition: form-data; name="file"; filename="reference.mp3"\r\nContent-Type: audio/mpeg\r\n\r\nID3\r\n'
    url = f"{base(box)}/api/file-stream-upload"
    kind = {"Content-Type": "multipart/form-data; boundary=BOUND"}
    stream = ask("POST", url, f"{head}{part}--BOUND--\r\n".encode(), key=KEY, headers=kind).json
    assert (stream["success"], stream["data"]["filePath"]) == (True, "soundtrack/reference.mp3")
    fetched = ask("GET", stream["data"]["downloadUrl"])
    assert (fetched.body, fetched.headers["content-type"]) == (b"ID3", "audio/mpeg")
    body = {"base64Data": "data:audio/mpeg;base64,SUQzBAAAAAAA", "uploadPath": "soundtrack", "fileName": "tiny.mp3"}
    assert ask("POST", f"{base(box)}/api/file-base64-upload", body, key=KEY).json["data"]["fileSize"] == 9
    refused = ask("POST", f"{base(box)}/api/file-url-upload", {"fileUrl": "https://x.example", "uploadPath": "s"}, key=KEY)
    assert (refused.json["success"], refused.json["msg"]) == (False, "File could not be fetched")


def test_the_signature_of_a_callback_is_that_of_the_sheet() -> None:
    """U69, with its test vector."""
    assert signature("mp4task_41c7e0", "1795132800", "test-hmac-key") == {
        "X-Webhook-Timestamp": "1795132800",
        "X-Webhook-Signature": "pijsJY6AueuHwnKwabOoR66y1j44ZLASZxfQFM+EyuA=",
    }


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_stage_is_called_back(opened: Open, operator: str) -> None:
    """U60 to U62: snake case, doubled fields; signed at one operator."""
    heard: list[tuple[dict[str, str], Any]] = []
    with Receiver(heard) as url:
        box = opened(speed=60)
        task = made(box, {**CUSTOM, "callBackUrl": url}, operator=operator)["taskId"]
        until(lambda: Answer(200, {}, b""), lambda _: len(heard) == 3)
    stages = [body["data"]["callbackType"] for _, body in heard]
    assert stages == ["text", "first", "complete"]
    assert {body["data"]["task_id"] for _, body in heard} == {task}
    last = heard[-1][1]["data"]["data"]
    assert last[1]["source_audio_url"] == last[1]["audio_url"]
    headers = heard[-1][0]
    if operator == "sunoapi":
        assert "x-webhook-signature" not in headers
        return
    signed = f"{task}.{headers['x-webhook-timestamp']}".encode()
    wanted = hmac.new(CALLBACK_KEY.encode(), signed, "sha256").digest()
    assert base64.b64decode(headers["x-webhook-signature"]) == wanted


def test_a_lost_reply_leaves_a_task_that_was_paid(opened: Open) -> None:
    """Section 11, crash on POST."""
    box = opened("lost_reply@suno")
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        post(box, "generate", CUSTOM)
    state = box.state()["services"]["suno"]
    assert (len(state["submissions"]), state["credits"]) == (1, 988)
