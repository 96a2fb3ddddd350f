"""Every named situation happens where its table says, and the sandbox is fine where none is turned on."""

from __future__ import annotations

import http.client
import io
from typing import Any

import numpy as np
import pytest
import soundfile

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.sandbox.environment import SERVICES
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.situations import SITUATIONS, switches
from tests.sandbox.asking import Answer, ask, until
from tests.sandbox.conftest import Open

MUSICAPI = {"custom_mode": True, "mv": "sonic-v5", "prompt": "slow", "title": "Last Light", "make_instrumental": True}
SUNO = {
    "customMode": True,
    "instrumental": True,
    "model": "V5",
    "style": "cinematic",
    "title": "Last Light",
    "callBackUrl": "https://hooks.example/suno",
}
REMIX = {"song_reference_url": "https://files.example/reference.mp3", "prompt": "jazz"}
PAID: dict[str, tuple[str, Any]] = {
    "musicapi": ("/api/v1/sonic/create", MUSICAPI),
    "suno": ("/api/v1/generate", SUNO),
    "soundverse": ("/v7/generate/remix", REMIX),
    "slipstream": ("/api/v4/soundtrack/video/", {"url": "https://youtu.be/Zx81abcdEFG"}),
}
"""A call that costs or begins something, of each service where one is enough."""
REFUSED = {"musicapi": 429, "suno": 200, "soundverse": 429, "slipstream": 429}


def paid(box: Sandbox, service: str) -> Answer:
    """Send the service's paid call."""
    path, body = PAID[service]
    return ask("POST", box.addresses.origin(service) + path, body, key=f"sandbox-key-{service}")


def begun(box: Sandbox, service: str) -> int:
    """Return how often something began there."""
    return len(box.state()["services"][service]["submissions"])


def state(box: Sandbox, task: str) -> Answer:
    """Ask for a task of MusicAPI."""
    return ask("GET", f"{box.addresses.origin('musicapi')}/api/v1/sonic/task/{task}", key="sandbox-key-musicapi")


def clips(box: Sandbox) -> list[Any]:
    """Create a song at MusicAPI and return its clips when both have come to an end."""
    task = paid(box, "musicapi").json["task_id"]

    def ended(answer: Answer) -> bool:
        return answer.status == 200 and all(one["state"] in ("succeeded", "failed") for one in answer.json["data"])

    data: list[Any] = until(lambda: state(box, task), ended).json["data"]
    return data


def heard(answer: Answer) -> tuple[np.ndarray[Any, Any], float]:
    """Return decoded samples and their length in seconds."""
    samples, rate = soundfile.read(io.BytesIO(answer.body))
    return samples, len(samples) / rate


@pytest.mark.parametrize("service", sorted(PAID))
def test_rate_limited_refuses_two_calls_and_begins_nothing(opened: Open, service: str) -> None:
    """rate_limited."""
    box = opened("rate_limited")
    for _ in range(2):
        answer = paid(box, service)
        assert answer.status == REFUSED[service]
        assert begun(box, service) == 0
        if answer.status == 429:
            assert int(answer.headers["retry-after"]) >= 1
    paid(box, service)
    assert begun(box, service) == 1


@pytest.mark.parametrize("service", sorted(PAID))
def test_a_wrong_key_is_refused_and_never_kept(opened: Open, service: str) -> None:
    """bad_key; the record knows keys as hashes only."""
    box = opened("bad_key")
    answer = paid(box, service)
    assert answer.status == 401 or answer.json["code"] == 401
    assert begun(box, service) == 0
    assert "sandbox-key" not in str(box.state())
    assert box.state()["services"][service]["seen"][0]["headers"]["authorization"].startswith("sha256:")


@pytest.mark.parametrize("service", sorted(PAID))
@pytest.mark.parametrize(("situation", "count"), [("error_page", 0), ("error_page_begun", 1)])
def test_a_proxy_answers_with_a_page(opened: Open, service: str, situation: str, count: int) -> None:
    """error_page and error_page_begun: the same page, whether something began or not."""
    box = opened(situation)
    answer = paid(box, service)
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (502, "text/html")
    assert begun(box, service) == count


@pytest.mark.parametrize("service", sorted(PAID))
@pytest.mark.parametrize(("situation", "count"), [("lost_request", 0), ("lost_reply", 1)])
def test_a_connection_is_reset(opened: Open, service: str, situation: str, count: int) -> None:
    """lost_request and lost_reply: the same reset, whether something began or not."""
    box = opened(situation)
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        paid(box, service)
    assert begun(box, service) == count


def test_out_of_credits_is_told_by_every_service_that_counts(opened: Open) -> None:
    """out_of_credits."""
    box = opened("out_of_credits")
    assert paid(box, "musicapi").status == 403
    assert paid(box, "suno").json["code"] == 402
    assert paid(box, "soundverse").status == 402
    assert [begun(box, service) for service in SERVICES] == [0] * 5


def test_two_polls_fail_and_then_it_is_fine(opened: Open) -> None:
    """server_error_then_fine."""
    box = opened("server_error_then_fine", speed=1.0)
    task = paid(box, "musicapi").json["task_id"]
    assert [state(box, task).status for _ in range(3)] == [500, 500, 202]


def test_a_stuck_job_never_ends(opened: Open) -> None:
    """stuck: after ten times its usual time it still runs."""
    box = opened("stuck", speed=10_000)
    task = paid(box, "musicapi").json["task_id"]
    until(lambda: Answer(200, {}, b""), lambda _: box.state()["now"] > 1200)
    assert state(box, task).status == 202


def test_a_slow_job_tells_no_middle_stages(opened: Open) -> None:
    """slow_finish: first not ready, then all at once."""
    box = opened("slow_finish")
    task = paid(box, "musicapi").json["task_id"]
    seen: list[Answer] = []
    until(lambda: state(box, task), lambda answer: bool(seen.append(answer) or answer.status == 200))
    assert {answer.status for answer in seen[:-1]} == {202}
    assert [one["state"] for one in seen[-1].json["data"]] == ["succeeded", "succeeded"]


def test_a_failed_job_gives_its_credits_back(opened: Open) -> None:
    """job_failed."""
    box = opened("job_failed")
    assert {one["state"] for one in clips(box)} == {"failed"}
    assert box.state()["services"]["musicapi"]["spent"] == 0


def test_one_of_two_takes_fails(opened: Open) -> None:
    """partial_success."""
    assert [one["state"] for one in clips(opened("partial_success"))] == ["succeeded", "failed"]


def test_a_first_link_is_dead_and_the_next_lives(opened: Open) -> None:
    """expired_link: asking for the state again gives a fresh one."""
    box = opened("expired_link")
    task = paid(box, "musicapi").json["task_id"]
    done = until(lambda: state(box, task), lambda answer: b'"audio_url":"http' in answer.body)
    dead = ask("GET", done.json["data"][0]["audio_url"])
    assert (dead.status, dead.body) == (403, b"<Error><Code>AccessDenied</Code></Error>")
    fresh = state(box, task).json["data"][0]["audio_url"]
    assert ask("GET", fresh).status == 200
    assert state(box, task).json["data"][0]["audio_url"] == fresh


@pytest.mark.parametrize(
    ("situation", "seconds"), [("short_audio", (2.0, 2.4)), ("long_audio", (12.0, 14.4)), ("odd_length", (6.377, 7.387))]
)
def test_takes_have_other_lengths(opened: Open, situation: str, seconds: tuple[float, float]) -> None:
    """short_audio, long_audio, odd_length: the decoded length, whatever the answer tells."""
    lengths = [heard(ask("GET", one["audio_url"]))[1] for one in clips(opened(situation))]
    assert lengths == pytest.approx(seconds, abs=0.001)


def test_an_odd_length_is_told_rounded_down(opened: Open) -> None:
    """odd_length: nobody may trust the duration that is told."""
    assert [one["duration"] for one in clips(opened("odd_length"))] == ["6.0", 7]


@pytest.mark.parametrize(("situation", "silent_from"), [("silent_audio", 0.0), ("silent_tail", 0.5)])
def test_takes_are_silent(opened: Open, situation: str, silent_from: float) -> None:
    """silent_audio and silent_tail."""
    samples, _ = heard(ask("GET", clips(opened(situation))[0]["audio_url"]))
    first = round(len(samples) * silent_from)
    assert np.abs(samples[first + 4800 :]).max() < 0.001
    assert first == 0 or np.abs(samples[:first]).max() > 0.1


def test_a_corrupt_file_begins_well_and_does_not_decode(opened: Open) -> None:
    """corrupt_audio: the right length and type, noise in its second half."""
    box = opened("corrupt_audio")
    url = clips(box)[0]["audio_url"]
    bad = ask("GET", url)
    box.turn("corrupt_audio", on=False)
    good = ask("GET", url)
    assert len(bad.body) == len(good.body)
    assert bad.body[: len(bad.body) // 2] == good.body[: len(good.body) // 2]
    assert bad.body != good.body


def test_a_truncated_file_never_comes_whole(opened: Open) -> None:
    """truncated_audio: all of it is promised, half of it comes, also in ranges."""
    box = opened("truncated_audio")
    url = clips(box)[0]["audio_url"]
    for headers in ({}, {"Range": "bytes=10-"}):
        with pytest.raises(http.client.IncompleteRead):
            ask("GET", url, headers=headers)


def test_a_page_comes_instead_of_audio(opened: Open) -> None:
    """html_instead_of_audio: with 200."""
    answer = ask("GET", clips(opened("html_instead_of_audio"))[0]["audio_url"])
    assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "text/html")


def test_hostile_links_lead_where_nobody_must_go(opened: Open) -> None:
    """hostile_url: metadata, loopback, files, other spellings of loopback, a redirect; the trap tells who came."""
    box = opened("hostile_url")
    links = {one["audio_url"] for _ in range(12) for one in clips(box)}
    trap = box.addresses.ports["trap"]
    kinds = {
        "metadata": "169.254.169.254",
        "file": "file:///",
        "loopback": f"127.0.0.1:{trap}",
        "decimal": "2130706433",
        "mapped": "[::ffff:",
        "user": "@localhost",
        "redirect": box.addresses.origin("media"),
    }
    found = {name for name, sign in kinds.items() if any(sign in link for link in links)}
    assert len(found) >= 5, links
    assert box.state()["trapped"] == []
    ask("GET", f"{box.addresses.origin('trap')}/song.mp3")
    assert box.state()["trapped"] == ["connected", "GET /song.mp3"]


def test_a_redirecting_link_leads_to_the_trap(opened: Open) -> None:
    """hostile_url: a link of the trusted media host that redirects to one that is not."""
    box = opened("hostile_url")
    media = box.addresses.origin("media")
    link = next(one["audio_url"] for _ in range(40) for one in clips(box) if one["audio_url"].startswith(media))
    answer = ask("GET", link)
    assert answer.status == 302
    assert answer.headers["location"].startswith(box.addresses.origin("trap"))


def test_a_conversion_may_exist_already(opened: Open) -> None:
    """409: the first call is refused too, and costs nothing; the record is there."""
    box = opened("409")
    origin = box.addresses.origin("suno")

    def get(path: str) -> Any:
        return ask("GET", f"{origin}/api/v1/{path}", key="sandbox-key-suno").json["data"]

    task = paid(box, "suno").json["data"]["taskId"]
    record = f"generate/record-info?taskId={task}"
    until(lambda: Answer(200, {}, b""), lambda _: get(record)["status"] == "SUCCESS")
    track = get(record)["response"]["sunoData"][0]["id"]
    body = {"taskId": task, "audioId": track, "callBackUrl": "https://hooks.example/suno"}
    before = get("generate/credit")
    assert ask("POST", f"{origin}/api/v1/mp4/generate", body, key="sandbox-key-suno").json["code"] == 409
    assert get(f"mp4/record-info?taskId={task}")["musicId"] == track
    assert get("generate/credit") == before


@pytest.mark.parametrize("service", ["musicapi", "soundverse"])
def test_content_is_refused_at_once(opened: Open, service: str) -> None:
    """refused_content, where it is an answer and no state."""
    box = opened("refused_content")
    assert paid(box, service).status in (400, 403)
    assert begun(box, service) == 0


@pytest.mark.parametrize(
    ("situation", "seconds"), [("extension_part", 6.0), ("extension_whole", 11.0), ("extension_adds_nothing", 3.0)]
)
def test_extensions_come_in_three_ways(opened: Open, situation: str, seconds: float) -> None:
    """extension_part, extension_whole, extension_adds_nothing."""
    box = opened(f"{situation}@musicapi")
    body = {"task_type": "extend_music", "custom_mode": True, "mv": "sonic-v5"}
    source = clips(box)[0]["clip_id"]
    url = f"{box.addresses.origin('musicapi')}/api/v1/sonic/create"
    answer = ask("POST", url, {**body, "continue_clip_id": source, "continue_at": 5, "gpt_description_prompt": "x"}, key=KEY)
    task = answer.json["task_id"]
    done = until(lambda: state(box, task), lambda answer: b'"audio_url":"http' in answer.body)
    assert float(done.json["data"][0]["duration"]) == seconds


KEY = "sandbox-key-musicapi"


def test_a_join_may_be_refused(opened: Open) -> None:
    """concat_fails."""
    box = opened("concat_fails")
    url = f"{box.addresses.origin('musicapi')}/api/v1/sonic/create"
    extend = {"task_type": "extend_music", "custom_mode": True, "mv": "sonic-v5", "continue_at": 5}
    task = ask("POST", url, {**extend, "continue_clip_id": clips(box)[0]["clip_id"]}, key=KEY).json["task_id"]
    part = until(lambda: state(box, task), lambda answer: b'"audio_url":"http' in answer.body).json["data"][0]["clip_id"]
    answer = ask("POST", url, {"task_type": "concat_music", "continue_clip_id": part}, key=KEY)
    assert (answer.status, answer.json) == (400, {"error": "clip not found"})


def test_nobody_knows_the_balance(opened: Open) -> None:
    """balance_missing."""
    box = opened("balance_missing")
    assert ask("GET", f"{box.addresses.origin('musicapi')}/api/v1/get-credits", key=KEY).status == 500
    suno = ask("GET", f"{box.addresses.origin('suno')}/api/v1/generate/credit", key="sandbox-key-suno")
    assert suno.json["code"] == 404


def test_situations_are_turned_on_and_off_while_it_runs(opened: Open) -> None:
    """``POST /_sandbox/situation``, for one service and for a number of calls."""
    box = opened()
    box.turn("error_page", service="musicapi", times=1)
    assert box.state()["situations"] == {"error_page": ["musicapi"]}
    assert (paid(box, "suno").status, paid(box, "musicapi").status, paid(box, "musicapi").status) == (200, 502, 200)
    url = f"{box.addresses.origin('suno')}/_sandbox/situation"
    wrong = ask("POST", url, {"name": "nonsense"})
    assert (wrong.status, "nonsense" in wrong.json["error"]) == (400, True)


def test_unknown_situations_are_refused_by_name() -> None:
    """A clear error with what there is; a service where it cannot happen is refused too."""
    with pytest.raises(SettingsError, match="nonsense"):
        switches(["nonsense"])
    with pytest.raises(SettingsError, match="cut_stream"):
        switches(["cut_stream@suno"])


def test_the_table_of_situations_is_complete() -> None:
    """Each has a sentence and happens at services that there are."""
    for name, situation in SITUATIONS.items():
        assert situation.sentence.endswith("."), name
        assert set(situation.services) <= set(SERVICES), name
        assert situation.services, name


@pytest.mark.parametrize("after", [0, 1, 160])
def test_a_reply_breaks_off_after_some_bytes(opened: Open, after: int) -> None:
    """cut_reply: before the status line, in it, in the body; what was asked for began."""
    box = opened()
    box.turn("cut_reply", service="musicapi", after=after)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        paid(box, "musicapi")
    assert begun(box, "musicapi") == 1
    assert paid(box, "musicapi").status == 200


@pytest.mark.parametrize("after", [1, 30, 200])
def test_a_request_breaks_off_after_some_bytes(opened: Open, after: int) -> None:
    """cut_request: in the request line, in the headers, in the body; nothing began."""
    box = opened()
    box.turn("cut_request", service="suno", after=after)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        paid(box, "suno")
    assert begun(box, "suno") == 0
    assert paid(box, "suno").status == 200
