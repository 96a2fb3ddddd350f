"""Suno through its gateways: the exchanges of the sheet, and what the courses make of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import (
    BadReplyError,
    CreditsError,
    JobFailedError,
    JobOpenError,
    JobStateUnknownError,
    LimitError,
    RateLimitedError,
    RefusedError,
    SettingsError,
    SoundtrackError,
    UnavailableError,
    UnusableTakeError,
)
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.reading import json_of
from otio_soundtrack.provider.service import Service, Visualizes
from otio_soundtrack.provider.steps import Call, Course, Fetch, Pending, Poll
from otio_soundtrack.providers.suno import Suno
from tests.providers.briefs import ask
from tests.providers.driver import Answers, Script, music, reply
from tests.providers.mutations import mutated
from tests.providers.suno_schema import REQUESTS, complaints

SERVICE: Service = Suno()
KIE, SUNOAPI = "https://api.kie.ai/api/v1/x", "https://api.sunoapi.org/api/v1/x"
GENERATE, EXTEND, COVER = "POST /api/v1/generate", "POST /api/v1/generate/extend", "POST /api/v1/generate/upload-cover"
WAV, MP4 = "POST /api/v1/wav/generate", "POST /api/v1/mp4/generate"
RECORD, WAV_RECORD, MP4_RECORD = "GET /api/v1/generate/record-info", "GET /api/v1/wav/record-info", "GET /api/v1/mp4/record-info"


def begun(task: str, code: int = 200) -> dict[str, Any]:
    """Return the answer to a paid call."""
    return {"code": code, "msg": "success", "data": {"taskId": task}}


def song(name: str, seconds: float | None = 118.6, *, ready: bool = True, snake: bool = False) -> dict[str, Any]:
    """Return a song as a record tells it, in either spelling."""
    url, stream = (f"https://cdn.example/{name}.mp3" if ready else ""), f"https://cdn.example/stream/{name}"
    told: dict[str, Any] = {"id": name, "title": "Last Light", "tags": "cinematic", "duration": seconds if ready else None}
    if snake:
        source = f"https://cdn.example/src/{name}.mp3"
        return told | {"audio_url": url, "source_audio_url": source, "stream_audio_url": stream, "model_name": "chirp-v6"}
    return told | {"audioUrl": url, "streamAudioUrl": stream, "modelName": "chirp-v5", "createTime": "2026-11-20 00:01:10"}


def entry(status: str, *songs: dict[str, Any], message: str | None = None) -> dict[str, Any]:
    """Return a music record."""
    response = {"taskId": "t1", "sunoData": list(songs)} if songs else None
    data = {
        "taskId": "t1",
        "parentMusicId": "",
        "param": "{}",
        "response": response,
        "status": status,
        "operationType": "generate",
    }
    return {"code": 200, "msg": "success", "data": data | {"errorCode": None, "errorMessage": message}}


def made(flag: str, url: str | None = None, *, field: str = "audioWavUrl") -> dict[str, Any]:
    """Return the record of a lossless file or a video."""
    data = {
        "taskId": "w1",
        "musicId": "a",
        "successFlag": flag,
        "response": {field: url} if url else None,
        "createTime": 1795133400000,
    }
    return {"code": 200, "msg": "success", "data": data | {"errorCode": None, "errorMessage": None}}


TWO = entry("SUCCESS", song("a"), song("b", 131.2))
PENDING = entry("PENDING")


def script(answers: dict[str, list[Any]], sounds: dict[str, Any], **more: Any) -> tuple[Script, Answers]:
    """Return a script of answers and sounds; every body that is sent is held against the published rules."""
    service = Answers(answers)

    def checked(request: Any) -> Reply:
        if request.path in REQUESTS:
            assert complaints(request.path, request.json) == []
        return service(request)

    return Script(service=checked, sounds={f"{name}.mp3": sound for name, sound in sounds.items()}, plain=True, **more), service


def test_a_cue_that_a_song_covers_costs_one_generate() -> None:
    """All states up to the end, in the service's own words; style and title, and an address for callbacks."""
    text = entry("TEXT_SUCCESS", song("a", ready=False), song("b", ready=False))
    run, service = script({GENERATE: [begun("t1")], RECORD: [PENDING, text, TWO]}, {"a": music(118.6), "b": music(131.2)})
    delivery = run.run(SERVICE.score(ask(60.0)))
    assert [offer.file.path.name for offer in delivery.offers] == ["a.mp3"]
    assert delivery.offers[0].service_ids == ("t1", "a")
    assert run.paid == ["create 1"]
    assert run.stages == ["PENDING", "TEXT_SUCCESS"]
    body = service.bodies[GENERATE][0]
    assert (body["customMode"], body["instrumental"], body["model"]) == (True, True, "V5")
    assert body["callBackUrl"].endswith(".invalid/")
    assert "hopeful" in body["style"]
    assert "vocals" in body["negativeTags"]
    assert "prompt" not in body
    assert "duration" not in body


def test_the_first_song_is_taken_at_once_where_it_says_it_is_long_enough() -> None:
    """FIRST_SUCCESS is usable; a short first one waits for the second."""
    first = entry("FIRST_SUCCESS", song("a"), song("b", ready=False))
    run, _ = script({GENERATE: [begun("t1")], RECORD: [first]}, {"a": music(118.6)})
    assert run.run(SERVICE.score(ask(60.0))).offers[0].file.path.name == "a.mp3"
    run, _ = script({GENERATE: [begun("t1")], RECORD: [first, TWO]}, {"a": music(118.6), "b": music(131.2)})
    assert run.run(SERVICE.score(ask(125.0))).offers[0].file.path.name == "b.mp3"
    assert run.stages == ["FIRST_SUCCESS"]


@pytest.mark.parametrize(
    "record",
    [
        entry("SUCCESS", song("a", snake=True)),
        {"code": 200, "data": {"taskId": "t1", "status": "SUCCESS", "response": {"data": [song("a", snake=True)]}}},
        entry("SUCCESS", song("a"), song("b", ready=False)),
        entry("CALLBACK_EXCEPTION", song("a"), message="Callback address did not answer"),
        entry("GENERATE_AUDIO_FAILED", song("a"), song("b", ready=False)),
    ],
)
def test_a_song_with_a_link_is_used_whatever_happened_beside_it(record: dict[str, Any]) -> None:
    """Both spellings; a second song without link; a callback that nobody took; a failed second song."""
    run, _ = script({GENERATE: [begun("t1", code=0)], RECORD: [record]}, {"a": music(118.6)})
    assert [offer.service_ids for offer in run.run(SERVICE.score(ask(60.0, takes=2))).offers] == [("t1", "a")]


@pytest.mark.parametrize(
    ("record", "error", "words"),
    [
        (entry("CREATE_TASK_FAILED", message="Task could not be created"), JobFailedError, "could not be created"),
        (entry("GENERATE_AUDIO_FAILED", message="Audio could not be made"), JobFailedError, "could not be made"),
        (entry("FAILED"), JobFailedError, "FAILED"),
        (entry("SENSITIVE_WORD_ERROR", message="Text refused"), RefusedError, "Text refused"),
        (entry("CALLBACK_EXCEPTION", message="Callback address did not answer"), JobFailedError, "CALLBACK_EXCEPTION"),
        (entry("SUCCESS"), JobFailedError, "nothing to fetch"),
        ({"code": 404, "msg": "Record not found", "data": None}, JobFailedError, "Record not found"),
        ({"code": 200, "msg": "success", "data": None}, JobFailedError, "no record"),
        ({"code": 501, "msg": "Generation failed", "data": None}, JobFailedError, "Generation failed"),
        ({"code": 531, "msg": "Failed, refunded", "data": None}, JobFailedError, "refunded"),
    ],
)
def test_a_task_that_ends_without_a_song_is_an_error_after_what_may_be_borne(
    record: dict[str, Any], error: type[SoundtrackError], words: str
) -> None:
    """A record may be unknown for a minute, and a callback may fail before the song is there; neither lasts for ever."""
    run, _ = script({GENERATE: [begun("t1")], RECORD: [record]}, {})
    with pytest.raises(error, match=words):
        run.run(SERVICE.score(ask(60.0)))


def test_a_record_that_is_late_is_waited_for() -> None:
    """Unknown, empty, unheard-of states, faults and error pages: the task still works."""
    late = [
        {"code": 404, "msg": "Record not found", "data": None},
        {"code": 200, "msg": "success", "data": None},
        entry("DREAMING"),
        {"code": 408, "msg": "Upstream timeout", "data": None},
        reply("<html>Service Unavailable</html>", 503),
        reply({"code": 500, "msg": "Server error", "data": None}, 500),
        entry("CALLBACK_EXCEPTION"),
        TWO,
    ]
    run, _ = script({GENERATE: [begun("t1")], RECORD: late}, {"a": music(118.6), "b": music(131.2)})
    assert len(run.run(SERVICE.score(ask(60.0))).offers) == 1


def test_a_key_that_expires_during_the_wait_leaves_the_job_open() -> None:
    """It runs on at the service; with a new key it is taken up, and nothing is paid twice."""
    run, _ = script({GENERATE: [begun("t1")], RECORD: [PENDING, {"code": 401, "msg": "Unauthorized", "data": None}]}, {})
    with pytest.raises(JobOpenError, match="resume"):
        run.run(SERVICE.score(ask(60.0)))


# ---- length -------------------------------------------------------------------------------------------------------------------


def test_a_short_song_is_extended_and_comes_back_whole() -> None:
    """118.6 s became 223 s: continued from a bar line well before the ending, by the model of its source."""
    run, service = script(
        {
            GENERATE: [begun("t1")],
            EXTEND: [begun("t2")],
            RECORD: [TWO, entry("SUCCESS", song("c", 223.0), song("d", 219.5))],
        },
        {"a": music(118.6), "b": music(131.2), "c": music(223.0), "d": music(219.5)},
        same={("b.mp3", "c.mp3"): True},
    )
    delivery = run.run(SERVICE.score(ask(200.0)))
    assert [offer.file.path.name for offer in delivery.offers] == ["c.mp3"]
    body = service.bodies[EXTEND][0]
    assert (body["audioId"], body["continueAt"], body["model"], body["defaultParamFlag"]) == ("b", 122.0, "V5", True)
    assert run.paid == ["create 1", "take 1 extend 1"]


def test_new_parts_are_joined_here_and_each_is_continued_in_its_own_time() -> None:
    """No join at this service: the second extension counts from the beginning of the first new part."""
    run, service = script(
        {
            GENERATE: [begun("t1")],
            EXTEND: [begun("t2"), begun("t3")],
            RECORD: [TWO, entry("SUCCESS", song("c", 60.0)), entry("SUCCESS", song("d", 60.0))],
            WAV: [begun("w1"), begun("w2"), begun("w3")],
            WAV_RECORD: [made("SUCCESS", f"https://cdn.example/{name}.wav") for name in "bcd"],
        },
        {"a": music(118.6), "b": music(131.2), "c": music(60.0), "d": music(60.0)},
    )
    run.sounds = {**run.sounds, "b.wav": music(131.2), "c.wav": music(60.0), "d.wav": music(60.0)}
    delivery = run.run(SERVICE.score(ask(220.0, wav=True)))
    assert [body["audioId"] for body in service.bodies[EXTEND]] == ["b", "c"]
    assert [body["continueAt"] for body in service.bodies[EXTEND]] == [122.0, 52.0]
    offer = delivery.offers[0]
    assert offer.joins == (122.0, 174.0)
    assert offer.service_ids == ("t1", "b", "t2", "c", "t3", "d")
    assert [(body["taskId"], body["audioId"]) for body in service.bodies[WAV]] == [("t1", "b"), ("t2", "c"), ("t3", "d")]
    assert offer.file.path.name == "b+c@122+d@174.wav"


def test_a_model_that_takes_a_length_is_asked_for_it() -> None:
    """Without it a V6 song lasts 20 s; a bit more than needed is asked for, 10 to 360 s."""
    sunoapi = Suno("https://api.sunoapi.org")
    assert sunoapi.declaration.model == "V6"
    assert sunoapi.wording(ask(60.0)).sent["model"] == "V6"
    lengths = [sunoapi.wording(ask(seconds)).sent["duration"] for seconds in (1.0, 60.0, 600.0)]
    assert lengths == [10.0, 67.0, 360.0]
    assert sunoapi.quote(ask(300.0)).lines[1].most == 0
    assert sunoapi.quote(ask(600.0)).lines[1].least > 0
    assert SERVICE.wording(ask(60.0, options={"dialect": "sunoapi"})).sent["model"] == "V6"


# ---- codes --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words", "at_kie", "at_sunoapi"),
    [
        (400, "style and title are required", RefusedError, RefusedError),
        (401, "Unauthorized", RefusedError, RefusedError),
        (402, "Insufficient credits", CreditsError, CreditsError),
        (404, "Not found", RefusedError, RefusedError),
        (405, "Rate limit exceeded", RateLimitedError, RateLimitedError),
        (413, "Theme or prompt too long", RefusedError, RefusedError),
        (422, "style is too long", RefusedError, RefusedError),
        (429, "Insufficient credits", CreditsError, CreditsError),
        (429, "Your call frequency is too high", RateLimitedError, RateLimitedError),
        (429, "No.", RateLimitedError, CreditsError),
        (430, "Your call frequency is too high", RateLimitedError, RateLimitedError),
        (455, "System maintenance", UnavailableError, UnavailableError),
        (500, "Server error", JobStateUnknownError, JobStateUnknownError),
        (501, "Generation failed", JobStateUnknownError, JobStateUnknownError),
        (505, "Feature disabled", RefusedError, RefusedError),
        (777, "Odd", JobStateUnknownError, JobStateUnknownError),
    ],
)
def test_the_code_in_the_body_counts_in_the_dialect_of_the_operator(
    code: int, words: str, at_kie: type[SoundtrackError], at_sunoapi: type[SoundtrackError]
) -> None:
    """With HTTP 200, and mirrored as HTTP status; 429 means opposite things."""
    read = create(ask(60.0)).read
    for status in (200, code if code >= 400 else 200):
        for url, error in ((KIE, at_kie), (SUNOAPI, at_sunoapi)):
            with pytest.raises(error):
                read(reply({"code": code, "msg": words, "data": None}, status, url=url))
    with pytest.raises(at_sunoapi):
        create(ask(60.0, options={"dialect": "sunoapi"})).read(reply({"code": code, "msg": words}, url=KIE))


@pytest.mark.parametrize(
    "answer",
    [
        reply("<html>Bad Gateway</html>", 502),
        reply("<html>fine</html>", 200),
        reply(b"", 200),
        reply({"code": 200, "msg": "success", "data": None}),
        reply({"code": 0, "msg": "success", "data": None}),
        reply({"code": 200, "msg": "success", "data": {}}),
        reply({"msg": "success", "data": {"taskId": "t1"}}),
    ],
)
def test_a_paid_call_whose_answer_does_not_tell_its_fate_is_unknown(answer: Reply) -> None:
    """It is never sent again by itself."""
    run, _ = script({GENERATE: [answer]}, {})
    with pytest.raises(JobStateUnknownError):
        run.run(SERVICE.score(ask(60.0)))
    assert len(run.sent) == 1


def test_credits_are_read_as_a_number_and_as_an_object() -> None:
    """One page has the one, another the other."""
    call = SERVICE.balance()
    assert call is not None
    assert (call.request.path, call.price) == ("/api/v1/generate/credit", None)
    assert call.read(reply({"code": 200, "msg": "success", "data": 100})) == 100.0
    assert call.read(reply({"code": 200, "data": {"credits": 12}})) == 12.0
    with pytest.raises(BadReplyError):
        call.read(reply({"code": 200, "data": "many"}))
    with pytest.raises(RefusedError):
        call.read(reply({"code": 404, "msg": "Not found", "data": None}))


# ---- lossless files and videos ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["SUCCESS", "CALLBACK_EXCEPTION"])
def test_a_lossless_file_is_made_and_replaces_the_compressed_one(flag: str) -> None:
    """A new task with a record of its own."""
    run, service = script(
        {
            GENERATE: [begun("t1")],
            RECORD: [TWO],
            WAV: [begun("w1")],
            WAV_RECORD: [made("PENDING"), made(flag, "https://cdn.example/a.wav")],
        },
        {"a": music(118.6), "b": music(131.2)},
    )
    run.sounds = {**run.sounds, "a.wav": music(118.6)}
    delivery = run.run(SERVICE.score(ask(60.0, wav=True)))
    assert delivery.offers[0].file.path.name == "a.wav"
    assert service.bodies[WAV][0]["audioId"] == "a"
    assert next(one for one in run.sent if one.path == "/api/v1/wav/record-info").query == (("taskId", "w1"),)


@pytest.mark.parametrize(
    ("told", "asked"),
    [({"taskId": "w9"}, "w9"), (None, "t1")],
)
def test_a_lossless_file_that_exists_is_found_again(told: object, asked: str) -> None:
    """409: under the id that the answer tells, else under that of the music task."""
    run, _ = script(
        {
            GENERATE: [begun("t1")],
            RECORD: [TWO],
            WAV: [{"code": 409, "msg": "WAV record already exists", "data": told}],
            WAV_RECORD: [made("SUCCESS", "https://cdn.example/a.wav")],
        },
        {"a": music(118.6), "b": music(131.2)},
    )
    run.sounds = {**run.sounds, "a.wav": music(118.6)}
    assert run.run(SERVICE.score(ask(60.0, wav=True))).offers[0].file.path.name == "a.wav"
    assert run.sent[-1].query == (("taskId", asked),)


@pytest.mark.parametrize("flag", ["CREATE_TASK_FAILED", "GENERATE_WAV_FAILED"])
def test_a_conversion_that_fails_leaves_the_compressed_file(flag: str) -> None:
    """It is said, and the music is there."""
    run, _ = script(
        {GENERATE: [begun("t1")], RECORD: [TWO], WAV: [begun("w1")], WAV_RECORD: [made(flag)]},
        {"a": music(118.6), "b": music(131.2)},
    )
    delivery = run.run(SERVICE.score(ask(60.0, wav=True)))
    assert delivery.offers[0].file.path.name == "a.mp3"
    assert any("compressed" in note for note in delivery.notes)


def visual(author: str = "Ada Rivers", domain_name: str = "music.example", ids: tuple[str, ...] = ("t1", "a")) -> Course[Any]:
    """Return the course to a video."""
    service = Suno()
    assert isinstance(service, Visualizes)
    return service.visualize(ask(60.0), ids, author=author, domain_name=domain_name)


def test_a_video_is_made_with_author_and_domain() -> None:
    """Its task is new, its record its own."""
    run, service = script({MP4: [begun("v1", code=0)], MP4_RECORD: [made("PENDING"), video("SUCCESS")]}, {})
    clip = run.run(visual())
    assert clip.file.path.name == "v1.mp4"
    assert (clip.kind, clip.notes) == ("visual", ())
    body = service.bodies[MP4][0]
    assert {name: body[name] for name in ("taskId", "audioId", "author", "domainName")} == {
        "taskId": "t1",
        "audioId": "a",
        "author": "Ada Rivers",
        "domainName": "music.example",
    }
    assert run.paid == ["video"]


def video(flag: str) -> dict[str, Any]:
    """Return the record of a video that is there."""
    return made(flag, "https://cdn.example/v1.mp4", field="videoUrl")


@pytest.mark.parametrize(("told", "asked"), [({"taskId": "v9"}, "v9"), (None, "t1")])
def test_a_video_that_exists_is_fetched_and_its_writing_is_said_to_be_old(told: object, asked: str) -> None:
    """The seed's text speaks of WAV: the code counts. New writing on an existing video is not possible."""
    run, _ = script({MP4: [{"code": 409, "msg": "WAV record already exists", "data": told}], MP4_RECORD: [video("SUCCESS")]}, {})
    clip = run.run(visual())
    assert any("existed already" in note for note in clip.notes)
    assert run.sent[-1].query == (("taskId", asked),)


def test_a_video_that_exists_and_cannot_be_found_is_a_failed_job() -> None:
    """There is no other way to it."""
    missing = {"code": 404, "msg": "Not found", "data": None}
    run, _ = script({MP4: [{"code": 409, "msg": "Mp4 record already exists", "data": None}], MP4_RECORD: [missing]}, {})
    with pytest.raises(JobFailedError, match="no record"):
        run.run(visual())


def test_a_video_that_fails_and_one_that_is_at_fault_are_told_apart() -> None:
    """A failed record ends the job; a fault in the paid call leaves it unknown."""
    run, _ = script({MP4: [begun("v1")], MP4_RECORD: [made("GENERATE_MP4_FAILED")]}, {})
    with pytest.raises(JobFailedError):
        run.run(visual())
    run, _ = script({MP4: [{"code": 500, "msg": "failed to add suno mp4 generation task", "data": None}]}, {})
    with pytest.raises(JobStateUnknownError):
        run.run(visual())


def test_writing_in_a_video_is_fifty_characters_at_most_and_never_cut() -> None:
    """Characters, not bytes; nothing was sent."""
    with pytest.raises(LimitError, match="51"):
        visual(author="a" * 51)
    with pytest.raises(LimitError, match="51"):
        visual(domain_name="d" * 51)
    with pytest.raises(SettingsError):
        visual(ids=())
    run, service = script({MP4: [begun("v1")], MP4_RECORD: [video("SUCCESS")]}, {})
    run.run(visual(author="ü" * 50, domain_name=""))
    assert service.bodies[MP4][0]["author"] == "ü" * 50
    assert "domainName" not in service.bodies[MP4][0]


def test_a_video_of_a_take_that_was_joined_here_is_of_its_first_song() -> None:
    """The service has no song that is the whole."""
    run, _ = script({MP4: [begun("v1")], MP4_RECORD: [video("SUCCESS")]}, {})
    assert any("first" in note for note in run.run(visual(ids=("t1", "a", "t2", "c"))).notes)


# ---- words and limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["V6", "V6_WILD", "V6_MINI", "V5_5", "V5", "V4_5PLUS", "V4_5ALL", "V4_5", "V4", "V3_5"])
@pytest.mark.parametrize("instrumental", [True, False])
@pytest.mark.parametrize("mode", ["custom", "simple"])
@pytest.mark.parametrize("lyrics", ["", "[Verse]\nThe harbour lamps are lit"])
def test_every_body_of_every_model_keeps_the_published_rules(model: str, instrumental: bool, mode: str, lyrics: str) -> None:
    """Generate and cover, with every option set and a prompt longer than any limit."""
    options = {
        "model": model,
        "mode": mode,
        "vocal_gender": "f",
        "style_weight": "0.655",
        "weirdness": "0.2",
        "audio_weight": "0.29",
    }
    options |= {"lyrics": lyrics, "callback_url": "https://hooks.example/suno"} if lyrics else {}
    for prompt in ("", "warm strings, slow build " * 300):
        wanted = ask(60.0, instrumental=instrumental, options=options, prompt=prompt)
        wording = SERVICE.wording(wanted)
        assert complaints("/api/v1/generate", wording.sent) == []
        assert bool(prompt) == any("left out" in note and "strings" in note for note in wording.left_out)
        cover = SERVICE.wording(Ask.model_validate({**wanted.model_dump(), "reference_url": "https://files.example/a.mp3"}))
        assert complaints("/api/v1/generate/upload-cover", cover.sent) == []


def test_a_prompt_is_part_of_the_style_and_says_nothing_twice() -> None:
    """Instrumental songs of custom mode have no other field that is read."""
    style = SERVICE.wording(ask(60.0, prompt="Slow, hopeful strings in D minor.")).sent["style"]
    assert style.startswith("Slow, hopeful strings in D minor, ")
    assert style.count("D minor") == 1
    assert style.count("hopeful") == 1


def test_voices_without_lyrics_are_described_to_the_models_that_would_sing_the_prompt() -> None:
    """Older models sing what custom mode calls prompt; V6 writes its own words in custom mode, which knows a length."""
    told = SERVICE.wording(ask(60.0, instrumental=False)).sent
    assert (told["customMode"], told["instrumental"]) == (False, False)
    assert len(told["prompt"]) <= 500
    new = SERVICE.wording(ask(60.0, instrumental=False, options={"model": "V6"})).sent
    assert (new["customMode"], new["duration"]) == (True, 67.0)
    assert "prompt" not in new
    sung = SERVICE.wording(ask(60.0, instrumental=False, options={"lyrics": "la la", "vocal_gender": "f"})).sent
    assert (sung["prompt"], sung["vocalGender"], sung["customMode"]) == ("la la", "f", True)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"title": "t" * 81}, LimitError),
        ({"style": "s" * 1001}, LimitError),
        ({"negative_tags": "s" * 1001}, LimitError),
        ({"model": "V4", "style": "s" * 201}, LimitError),
        ({"model": "V5.5"}, SettingsError),
        ({"dialect": "other"}, SettingsError),
        ({"callback_url": "hooks.example"}, SettingsError),
        ({"weirdness": "-0.1"}, SettingsError),
        ({"tempo": "90"}, SettingsError),
    ],
)
def test_an_ask_beyond_the_services_limits_is_refused_before_anything_is_sent(
    options: dict[str, str], error: type[SoundtrackError]
) -> None:
    """A text of the user's own is never cut."""
    with pytest.raises(error):
        SERVICE.check(ask(60.0, options=options))


def test_a_reference_is_covered_with_both_flags() -> None:
    """They are required before V6 and do no harm after it."""
    run, service = script({COVER: [begun("t1")], RECORD: [TWO]}, {"a": music(118.6), "b": music(131.2)})
    run.run(SERVICE.score(ask(60.0, reference_url="https://files.example/temp.mp3", options={"audio_weight": "0.6"})))
    body = service.bodies[COVER][0]
    assert (body["uploadUrl"], body["customMode"], body["instrumental"]) == ("https://files.example/temp.mp3", True, True)
    assert body["audioWeight"] == 0.6


def test_takes_are_made_two_at_a_time() -> None:
    """Three takes are two generates."""
    run, _ = script(
        {GENERATE: [begun("t1"), begun("t2")], RECORD: [TWO, entry("SUCCESS", song("c"), song("d"))]},
        {"a": music(118.6), "b": UnusableTakeError("it is silent."), "c": music(118.6), "d": music(118.6)},
    )
    delivery = run.run(SERVICE.score(ask(60.0, takes=3)))
    assert [offer.file.path.stem for offer in delivery.offers] == ["a", "c", "d"]
    assert SERVICE.quote(ask(60.0, takes=3)).lines[0].least == 2


def test_a_quote_names_the_calls_and_no_price() -> None:
    """None is published, so no sum is told."""
    quote = SERVICE.quote(ask(200.0, wav=True))
    assert (quote.least, quote.most) == (None, None)
    assert [line.what for line in quote.lines] == ["create", "extend", "wav"]
    assert quote.lines[1].most >= 1
    assert any("--yes" in note for note in quote.notes)


# ---- callbacks ----------------------------------------------------------------------------------------------------------------


def create(wanted: Ask) -> Call[str]:
    """Return the first call of a job."""
    step = next(SERVICE.score(wanted))
    assert isinstance(step, Call)
    return step


def poll(wanted: Ask) -> Poll[Any]:
    """Return the first poll of a job whose task is ``t1``."""
    course = SERVICE.score(wanted)
    next(course)
    step = course.send("t1")
    assert isinstance(step, Poll)
    return step


def conversion() -> tuple[Call[Any], Poll[Any]]:
    """Return call and poll of a video."""
    course = visual()
    call = next(course)
    step = course.send(["v1", False])
    assert isinstance(call, Call)
    assert isinstance(step, Poll)
    return call, step


def told(stage: str, *songs: dict[str, Any], task: str = "t1", code: int = 200) -> dict[str, Any]:
    """Return a music callback."""
    return {"code": code, "msg": "…", "data": {"callbackType": stage, "task_id": task, "data": list(songs) or None}}


def test_a_callback_tells_the_id_of_a_call_whose_answer_was_lost() -> None:
    """A music call by a music callback, a video by one that has its field; an earlier task of the job does not count again."""
    call = create(ask(60.0, callback_url="https://hooks.example/token"))
    assert call.request.json["callBackUrl"] == "https://hooks.example/token"
    assert call.called_back is not None
    assert call.called_back(told("text", task="t7")) == "t7"
    assert call.called_back({"code": 200, "data": {"task_id": "w1", "audioWavUrl": None}}) is None
    assert call.called_back(None) is None
    course = SERVICE.score(ask(60.0, takes=3))
    next(course)
    second = course.send("t1")
    assert isinstance(second, Call)
    assert second.called_back is not None
    assert second.called_back(told("first", task="t1")) is None
    assert second.called_back(told("first", task="t2")) == "t2"
    start, _ = conversion()
    assert start.called_back is not None
    assert start.called_back({"code": 0, "data": {"task_id": "v2", "video_url": "https://cdn.example/v2.mp4"}}) == ["v2", False]
    assert start.called_back(told("complete", task="t1")) is None


def test_a_callback_delivers_the_songs_of_its_own_task() -> None:
    """Complete ones at once, a first one where it suffices; failures are left to the record."""
    called_back = poll(ask(60.0)).called_back
    assert called_back is not None
    one, two = song("a", snake=True), song("b", 131.2, snake=True)
    assert [clip["id"] for clip in called_back(told("complete", one, two))] == ["a", "b"]
    assert [clip["url"] for clip in called_back(told("first", one))] == ["https://cdn.example/a.mp3"]
    assert isinstance(called_back(told("first", song("a", 20.0, snake=True))), Pending)
    assert isinstance(called_back(told("text", song("a", ready=False, snake=True))), Pending)
    for code in (400, 451, 500, 531):
        assert isinstance(called_back(told("error", code=code)), Pending)
    assert called_back(told("complete", one, task="t2")) is None


def test_a_callback_delivers_a_video() -> None:
    """With code 200 or 0; a failure is left to the record."""
    _, step = conversion()
    assert step.called_back is not None
    for code in (200, 0):
        body = {"code": code, "msg": "…", "data": {"task_id": "v1", "video_url": "https://cdn.example/v1.mp4"}}
        assert step.called_back(body) == "https://cdn.example/v1.mp4"
    assert isinstance(step.called_back({"code": 400, "msg": "…", "data": {"task_id": "v1", "video_url": None}}), Pending)
    assert step.called_back({"code": 200, "data": {"task_id": "v2", "video_url": "https://cdn.example/v2.mp4"}}) is None


def test_a_dead_link_is_renewed_from_the_record() -> None:
    """The song is never made again for a link."""
    course = SERVICE.score(ask(60.0))
    next(course)
    step = course.send("t1")
    assert isinstance(step, Poll)
    fetch = course.send(step.read(reply(TWO)))
    assert isinstance(fetch, Fetch)
    assert fetch.renew is not None
    assert fetch.renew.request == step.request
    assert fetch.renew.read(reply(TWO)) == "https://cdn.example/a.mp3"
    with pytest.raises(JobFailedError):
        fetch.renew.read(reply(entry("SUCCESS", song("b"))))


def test_a_dead_link_to_a_video_is_renewed_from_its_record() -> None:
    """It costs nothing."""
    course = visual()
    next(course)
    step = course.send(["v1", False])
    assert isinstance(step, Poll)
    fetch = course.send("https://cdn.example/v1.mp4?Expires=1")
    assert isinstance(fetch, Fetch)
    assert fetch.renew is not None
    assert (fetch.renew.request, fetch.renew.price) == (step.request, None)
    assert fetch.renew.read(reply(video("SUCCESS"))) == "https://cdn.example/v1.mp4"
    with pytest.raises(JobFailedError):
        fetch.renew.read(reply(made("PENDING")))


def test_a_job_that_is_taken_up_again_sends_nothing_twice() -> None:
    """The course takes the same way on what was kept."""
    run, _ = script(
        {GENERATE: [begun("t1")], EXTEND: [begun("t2")], RECORD: [TWO, entry("SUCCESS", song("c", 223.0))]},
        {"a": music(118.6), "b": music(131.2), "c": music(223.0)},
        same={("b.mp3", "c.mp3"): True},
    )
    first = run.run(SERVICE.score(ask(200.0)))
    sent = len(run.sent)
    assert run.run(SERVICE.score(ask(200.0))) == first
    assert len(run.sent) == sent


# ---- anything -----------------------------------------------------------------------------------------------------------------


@given(st.data())
def test_any_change_of_an_answer_raises_only_our_errors(data: st.DataObject) -> None:
    """Fields missing, added, of other types; other statuses; no JSON at all."""
    wanted = ask(60.0)
    balance = SERVICE.balance()
    assert balance is not None
    start, record = conversion()
    reads: list[tuple[Callable[[Reply], Any], object]] = [
        (create(wanted).read, begun("t1")),
        (poll(wanted).read, TWO),
        (poll(wanted).read, entry("CALLBACK_EXCEPTION", song("a", snake=True))),
        (start.read, {"code": 409, "msg": "exists", "data": {"taskId": "v9"}}),
        (record.read, video("SUCCESS")),
        (balance.read, {"code": 200, "data": 100}),
    ]
    read, good = data.draw(st.sampled_from(reads))
    answer = data.draw(mutated(good))
    with suppress(SoundtrackError):
        read(answer)


@given(st.data())
def test_any_callback_is_borne(data: st.DataObject) -> None:
    """It comes from outside; it may be anything, and never breaks a job."""
    start, record = conversion()
    good = data.draw(
        st.sampled_from(
            [
                told("complete", song("a", snake=True)),
                {"code": 200, "data": {"task_id": "v1", "video_url": "https://cdn.example/v.mp4"}},
            ]
        )
    )
    body = json_of(data.draw(mutated(good)))
    for called_back in (create(ask(60.0)).called_back, poll(ask(60.0)).called_back, start.called_back, record.called_back):
        assert called_back is not None
        called_back(body)


def test_no_state_is_still_running_for_ever() -> None:
    """Polls have an end: the job is left open then, and can be taken up."""
    for step in (poll(ask(60.0)), conversion()[1]):
        assert 0 < step.pace.every_seconds < step.pace.patience_seconds <= 900.0
