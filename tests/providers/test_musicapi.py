"""MusicAPI.ai: the exchanges of its sheet, and what the course makes of them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import (
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
from otio_soundtrack.provider.ask import Ask, Delivery
from otio_soundtrack.provider.reading import json_of
from otio_soundtrack.provider.service import Service
from otio_soundtrack.provider.steps import Call, Course, Fetch, Pending, Poll
from otio_soundtrack.providers.musicapi import MusicApi
from tests.providers.briefs import ask
from tests.providers.driver import Answers, Script, file, music, reply
from tests.providers.mutations import mutated

SERVICE: Service = MusicApi()
CREATE, WAV, UPLOAD = "POST /api/v1/sonic/create", "POST /api/v1/sonic/wav", "POST /api/v1/sonic/upload"
TASK = "GET /api/v1/sonic/task/"


def begun(task: str) -> dict[str, Any]:
    """Return the answer to a create."""
    return {"message": "success", "task_id": task}


def clip(name: str, state: str = "succeeded", seconds: object = "93.4") -> dict[str, Any]:
    """Return one clip of a task as the service tells it."""
    ready = state == "succeeded"
    return {
        "clip_id": name,
        "state": state,
        "title": "Last Light",
        "tags": "cinematic, rising",
        "lyrics": "[Instrumental]",
        "image_url": f"https://cdn.example/{name}.jpeg" if ready else None,
        "audio_url": f"https://cdn.example/{name}.mp3" if ready else None,
        "video_url": None,
        "created_at": "2026-11-20T00:00:00.000Z",
        "mv": "chirp-v5",
        "duration": seconds if ready else None,
        "style_weight": None,
    }


def task(*clips: object, message: str = "success") -> dict[str, Any]:
    """Return the state of a task."""
    return {"code": 200, "message": message, "data": list(clips)}


NOT_READY = reply({"type": "not_ready", "error": "Task is not ready yet"}, 202)
TWO = task(clip("a"), clip("b", seconds=101))


def script(answers: dict[str, list[Any]], sounds: dict[str, Any], **more: Any) -> tuple[Script, Answers]:
    """Return a script of answers and sounds."""
    service = Answers(answers)
    return Script(service=service, sounds={f"{name}.mp3": sound for name, sound in sounds.items()}, plain=True, **more), service


def test_a_cue_that_the_first_song_covers_costs_one_create() -> None:
    """Create, poll in both forms of "not yet", download, listen: the long enough clip in the service's own order."""
    pending = task(clip("a", "pending"), clip("b", "running"))
    run, service = script(
        {CREATE: [begun("t1")], TASK + "t1": [NOT_READY, pending, reply(b"", 102), TWO]}, {"a": music(93.4), "b": music(101.0)}
    )
    delivery = run.run(SERVICE.score(ask(60.0)))
    assert run.paid == ["create 1"]
    assert [offer.file.path.name for offer in delivery.offers] == ["a.mp3"]
    assert delivery.offers[0].service_ids == ("t1", "a")
    assert delivery.offers[0].title == "Last Light"
    assert run.stages == ["not_ready", "pending, running", "working"]
    body = service.bodies[CREATE][0]
    assert body["task_type"] == "create_music"
    assert (body["custom_mode"], body["mv"], body["make_instrumental"], body["use_suno_cdn"]) == (True, "sonic-v5", True, False)
    assert "hopeful" in body["tags"]
    assert "vocals" in body["negative_tags"]
    assert "duration" not in body


def test_the_first_clip_is_taken_without_waiting_where_it_says_it_is_long_enough() -> None:
    """The second may take minutes; before an extension is paid for, the second is heard."""
    half = task(clip("a", seconds="93.4"), clip("b", "running"))
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [half]}, {"a": music(93.4)})
    assert len(run.run(SERVICE.score(ask(60.0))).offers) == 1
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [half, TWO]}, {"a": music(93.4), "b": music(101.0)})
    assert run.run(SERVICE.score(ask(97.0))).offers[0].file.path.name == "b.mp3"


def test_the_second_clip_is_waited_for_where_the_first_cannot_be_used() -> None:
    """A silent first clip is no reason to pay again."""
    half = task(clip("a"), clip("b", "running"))
    run, _ = script(
        {CREATE: [begun("t1")], TASK + "t1": [half, TWO]}, {"a": UnusableTakeError("the take is silent."), "b": music(101.0)}
    )
    delivery = run.run(SERVICE.score(ask(60.0)))
    assert delivery.offers[0].file.path.name == "b.mp3"
    assert run.paid == ["create 1"]
    assert any("silent" in note for note in delivery.notes)


def test_of_two_long_songs_the_one_that_ends_and_is_nearest_to_the_cue_comes_first() -> None:
    """It keeps its own ending, and the least is cut away."""
    clips = {"a": music(240.0), "b": music(93.4), "c": music(70.0, ends=False), "d": music(50.0)}
    run, _ = script({CREATE: [begun("t1"), begun("t2")], TASK + "t1": [TWO], TASK + "t2": [task(clip("c"), clip("d"))]}, clips)
    assert [offer.file.path.stem for offer in run.run(SERVICE.score(ask(60.0, takes=3))).offers] == ["b", "a", "c"]


def test_the_second_clip_is_heard_where_the_first_is_shorter_than_it_said() -> None:
    """What a service tells of lengths is no reason to pay for an extension."""
    half = task(clip("a", seconds=93), clip("b", "running"))
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [half, TWO]}, {"a": music(31.0), "b": music(101.0)})
    assert run.run(SERVICE.score(ask(60.0))).offers[0].file.path.name == "b.mp3"
    assert run.paid == ["create 1"]


def test_one_failed_clip_of_two_is_success_with_the_other() -> None:
    """Partial success is success, and what is missing is said."""
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [task(clip("a"), clip("b", "failed"))]}, {"a": music(93.4)})
    delivery = run.run(SERVICE.score(ask(60.0, takes=2)))
    assert [offer.file.path.name for offer in delivery.offers] == ["a.mp3"]
    assert any("2 takes were wanted and 1" in note for note in delivery.notes)


def test_a_short_song_is_extended_from_a_bar_line_and_joined_by_the_service() -> None:
    """Extend sends the new part only: 61.2 s for a continuation at 84 s; concat is given the id of the new clip."""
    run, service = script(
        {
            CREATE: [begun("t1"), begun("t2"), begun("t3")],
            TASK + "t1": [TWO],
            TASK + "t2": [task(clip("c", seconds="61.2"), clip("d", seconds="58.7"))],
            TASK + "t3": [task(clip("e", seconds="153.2"))],
        },
        {"a": music(93.4), "b": music(100.0), "c": music(61.2), "d": music(58.7), "e": music(153.2)},
        same={("b.mp3", "e.mp3"): True},
    )
    delivery = run.run(SERVICE.score(ask(150.0)))
    assert run.paid == ["create 1", "take 1 extend 1", "take 1 extend 1 join"]
    extend, concat = service.bodies[CREATE][1:]
    assert (extend["task_type"], extend["continue_clip_id"], extend["continue_at"]) == ("extend_music", "b", 92)
    assert concat == {"task_type": "concat_music", "continue_clip_id": "c"}
    assert delivery.offers[0].file.path.name == "e.mp3"
    assert delivery.offers[0].joins == (92.0,)
    assert delivery.offers[0].service_ids == ("t3", "e")
    assert delivery.notes == ()


def test_a_song_that_comes_back_whole_needs_no_concat() -> None:
    """Longer than the continuation point, and beginning with the same music."""
    run, _ = script(
        {CREATE: [begun("t1"), begun("t2")], TASK + "t1": [TWO], TASK + "t2": [task(clip("c", seconds="160"))]},
        {"a": music(93.4), "b": music(101.0), "c": music(160.0)},
        same={("b.mp3", "c.mp3"): True},
    )
    delivery = run.run(SERVICE.score(ask(150.0)))
    assert run.paid == ["create 1", "take 1 extend 1"]
    assert delivery.offers[0].file.path.name == "c.mp3"


def test_a_concat_that_is_refused_is_made_here() -> None:
    """No more calls: the parts are joined at the continuation point."""
    run, _ = script(
        {
            CREATE: [begun("t1"), begun("t2"), reply({"error": "clip not found"}, 400)],
            TASK + "t1": [TWO],
            TASK + "t2": [task(clip("c", seconds="61.2"))],
        },
        {"a": music(93.4), "b": music(101.0), "c": music(61.2)},
    )
    delivery = run.run(SERVICE.score(ask(150.0)))
    assert delivery.offers[0].file.path.name == "b+c@92.wav"
    assert delivery.offers[0].service_ids == ("t1", "b", "t2", "c")
    assert any("did not join" in note and "clip not found" in note for note in delivery.notes)


def test_lossless_files_are_asked_for_once_for_each_part_of_the_take() -> None:
    """Two credits each; parts that were joined here are joined again from their lossless files."""
    run, service = script(
        {
            CREATE: [begun("t1"), begun("t2"), reply({"error": "clip not found"}, 400)],
            TASK + "t1": [TWO],
            TASK + "t2": [task(clip("c", seconds="61.2"))],
            WAV: [{"data": {"wav_url": "https://cdn.example/b.wav"}}, {"data": {"wav_url": "https://cdn.example/c.wav"}}],
        },
        {"a": music(93.4), "b": music(101.0), "c": music(61.2)},
    )
    run.sounds = {**run.sounds, "b.wav": music(101.0), "c.wav": music(61.2)}
    delivery = run.run(SERVICE.score(ask(150.0, wav=True)))
    assert service.bodies[WAV] == [{"clip_id": "b"}, {"clip_id": "c"}]
    assert delivery.offers[0].file.path.name == "b+c@92.wav"
    assert run.paid[-2:] == ["take 1 wav 1 b", "take 1 wav 2 c"]


def test_a_lossless_file_that_is_gone_leaves_the_compressed_one() -> None:
    """404 of the WAV endpoint is said, and the music is there."""
    run, _ = script(
        {CREATE: [begun("t1")], TASK + "t1": [TWO], WAV: [reply({"error": "Source audio is no longer available."}, 404)]},
        {"a": music(93.4), "b": music(101.0)},
    )
    delivery = run.run(SERVICE.score(ask(60.0, wav=True)))
    assert delivery.offers[0].file.path.name == "a.mp3"
    assert any("no longer available" in note for note in delivery.notes)


def test_more_than_two_takes_are_several_creates() -> None:
    """Two clips each; a later create that is refused leaves the earlier ones."""
    other = task(clip("c"), clip("d"))
    run, _ = script(
        {CREATE: [begun("t1"), begun("t2")], TASK + "t1": [TWO], TASK + "t2": [other]},
        {name: music(93.4) for name in "abcd"},
    )
    assert [offer.file.path.stem for offer in run.run(SERVICE.score(ask(60.0, takes=3))).offers] == ["a", "b", "c"]
    broke = reply({"error": "The remaining credits are not enough."}, 403)
    run, _ = script({CREATE: [begun("t1"), broke], TASK + "t1": [TWO]}, {name: music(93.4) for name in "ab"})
    delivery = run.run(SERVICE.score(ask(60.0, takes=3)))
    assert len(delivery.offers) == 2
    assert any("not enough" in note for note in delivery.notes)


UPLOADED = {"code": 200, "message": "success", "clip_id": "r"}


def test_a_reference_is_fetched_by_the_service_and_covered() -> None:
    """From its URL, once for all creates; the service may be silent for two minutes while it fetches."""
    run, service = script(
        {UPLOAD: [UPLOADED], CREATE: [begun("t1"), begun("t2")], TASK + "t1": [TWO], TASK + "t2": [task(clip("c"), clip("d"))]},
        {name: music(93.4) for name in "abcd"},
    )
    options = {"audio_weight": "0.6"}
    run.run(SERVICE.score(ask(60.0, takes=3, reference_url="https://files.example/temp.mp3", options=options)))
    assert service.bodies[UPLOAD] == [{"url": "https://files.example/temp.mp3"}]
    assert run.sent[0].silence_seconds >= 120.0
    body = service.bodies[CREATE][0]
    assert (body["task_type"], body["continue_clip_id"], body["audio_weight"]) == ("cover_upload_music", "r", 0.6)
    assert run.paid == ["reference upload", "create 1", "create 2"]


def test_a_local_reference_is_published_first() -> None:
    """Uploads take a URL only."""
    local = {"path": "temp.mp3", "sha256": "0" * 64, "size": 1, "seconds": 30.0}
    run, service = script({UPLOAD: [UPLOADED], CREATE: [begun("t1")], TASK + "t1": [TWO]}, {"a": music(93.4), "b": music(101.0)})
    run.run(SERVICE.score(Ask.model_validate({**ask(60.0).model_dump(), "reference": local})))
    assert service.bodies[UPLOAD] == [{"url": "https://files.example/temp.mp3"}]
    assert run.labels[0] == "reference"


def test_a_server_that_does_not_know_uploaded_covers_is_asked_once_for_a_plain_one() -> None:
    """The newer list of kinds has no name for uploads; a refusal is free."""
    refused = reply({"error": "task_type is invalid"}, 400)
    run, service = script(
        {UPLOAD: [UPLOADED], CREATE: [refused, begun("t1")], TASK + "t1": [TWO]}, {"a": music(93.4), "b": music(101.0)}
    )
    run.run(SERVICE.score(ask(60.0, reference_url="https://files.example/temp.mp3")))
    assert [body["task_type"] for body in service.bodies[CREATE]] == ["cover_upload_music", "cover_music"]
    run, _ = script({UPLOAD: [UPLOADED], CREATE: [refused]}, {})
    with pytest.raises(RefusedError):
        run.run(SERVICE.score(ask(60.0, reference_url="https://files.example/temp.mp3")))
    assert len(run.sent) == 3


@pytest.mark.parametrize(
    "answer",
    [
        reply({"error": "Audio URL is not accessible. Please provide a public direct audio file URL."}, 400),
        reply({"error": "Invalid audio file"}, 400),
        reply({"error": "The audio matches existing work."}, 403),
    ],
)
def test_a_reference_that_the_service_does_not_take_is_refused_with_its_words(answer: Reply) -> None:
    """No song is asked for then."""
    run, _ = script({UPLOAD: [answer]}, {})
    with pytest.raises(RefusedError, match=r"URL|audio"):
        run.run(SERVICE.score(ask(60.0, reference_url="https://files.example/temp.mp3")))
    assert len(run.sent) == 1


def test_a_quote_with_a_reference_knows_no_sum() -> None:
    """The price of an upload is not recorded, so no cap can hold it."""
    quote = SERVICE.quote(ask(60.0, reference_url="https://files.example/temp.mp3"))
    assert [line.what for line in quote.lines][:2] == ["upload", "cover"]
    assert quote.most is None
    assert any("--yes" in note for note in quote.notes)


def test_a_job_that_is_taken_up_again_sends_nothing_twice() -> None:
    """The course runs again from the beginning on what was kept, and takes the same way."""
    answers = {
        CREATE: [begun("t1"), begun("t2"), begun("t3")],
        TASK + "t1": [TWO],
        TASK + "t2": [task(clip("c", seconds="61.2"))],
        TASK + "t3": [task(clip("e", seconds="153.2"))],
    }
    run, _ = script(
        answers, {"a": music(93.4), "b": music(101.0), "c": music(61.2), "e": music(153.2)}, same={("b.mp3", "e.mp3"): True}
    )
    first = run.run(SERVICE.score(ask(150.0)))
    sent = len(run.sent)
    assert run.run(SERVICE.score(ask(150.0))) == first
    assert len(run.sent) == sent


# ---- refusals and faults ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (reply({"error": "mv is invalid"}, 400), RefusedError, "mv is invalid"),
        (reply({"error": "Authorization header is missing."}, 401), RefusedError, "Authorization header is missing."),
        (reply({"error": "The remaining credits are not enough. You can buy more."}, 403), CreditsError, "not enough"),
        (reply({"error": "No active subscription."}, 403), CreditsError, "subscription"),
        (reply({"error": "The description contains an artist name."}, 403), RefusedError, "artist name"),
        (reply({"error": "Internal Server Error."}, 500), JobStateUnknownError, "nobody knows"),
        (reply("<html><body>Bad Gateway</body></html>", 502), JobStateUnknownError, "nobody knows"),
        (reply({"message": "success"}), JobStateUnknownError, "no task_id"),
        (reply("<html>fine</html>"), JobStateUnknownError, "nobody knows"),
    ],
)
def test_a_create_that_is_not_taken_is_a_typed_error_with_the_services_words(
    answer: Reply, error: type[SoundtrackError], words: str
) -> None:
    """A refusal began nothing; of a fault nobody knows, and it is never sent twice."""
    run, _ = script({CREATE: [answer]}, {})
    with pytest.raises(error) as caught:
        run.run(SERVICE.score(ask(60.0)))
    assert words in str(caught.value)
    assert len(run.sent) == 1


def test_being_asked_to_slow_down_is_waited_for() -> None:
    """429 began nothing, so the same paid call is made again."""
    run, _ = script(
        {CREATE: [reply({"error": "Too many requests."}, 429, retry_after="3"), begun("t1")], TASK + "t1": [TWO]},
        {"a": music(93.4), "b": music(101.0)},
    )
    run.run(SERVICE.score(ask(60.0)))
    assert run.paid == ["create 1"]
    with pytest.raises(RateLimitedError):
        create(ask(60.0)).read(reply({"error": "Too many requests."}, 429))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reply(task(clip("a", "failed"), clip("b", "failed"), message="Task failed")), "Task failed"),
        (reply({"error": "Task failed due to timeout. Credits were previously refunded."}, 504), "refunded"),
        (reply({"error": "task not found."}, 400), "task not found"),
    ],
)
def test_a_task_that_ends_without_music_is_a_failed_job(answer: Reply, words: str) -> None:
    """Nothing is made anew for it."""
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [NOT_READY, answer]}, {})
    with pytest.raises(JobFailedError, match=words):
        run.run(SERVICE.score(ask(60.0)))


def test_faults_while_a_task_works_are_borne() -> None:
    """500, error pages and unknown states are no end; five 500 in a row mean that the service is ill."""
    odd = task(clip("a", "dreaming"), clip("b", "streaming"))
    fault, page = reply({"error": "Internal Server Error."}, 500), reply("<html>Service Unavailable</html>", 503)
    run, _ = script(
        {CREATE: [begun("t1")], TASK + "t1": [fault] * 5 + [odd, page, task(), TWO]}, {"a": music(93.4), "b": music(101.0)}
    )
    assert len(run.run(SERVICE.score(ask(60.0))).offers) == 1
    read = poll(ask(60.0)).read
    assert all(isinstance(read(fault), Pending) for _ in range(5))
    with pytest.raises(UnavailableError):
        read(fault)


def test_a_key_that_expires_during_the_wait_leaves_the_job_open() -> None:
    """It runs on at the service; with a new key it is taken up, and nothing is paid twice."""
    run, _ = script({CREATE: [begun("t1")], TASK + "t1": [NOT_READY, reply({"error": "Invalid API key."}, 401)]}, {})
    with pytest.raises(JobOpenError, match="resume"):
        run.run(SERVICE.score(ask(60.0)))


def test_songs_that_cannot_be_used_are_an_unusable_take() -> None:
    """All clips were refused by the ears; each reason is said."""
    run, _ = script(
        {CREATE: [begun("t1")], TASK + "t1": [TWO]},
        {"a": UnusableTakeError("it is silent."), "b": UnusableTakeError("it is clipped to death.")},
    )
    with pytest.raises(UnusableTakeError) as caught:
        run.run(SERVICE.score(ask(60.0)))
    assert "silent" in caught.value.hint
    assert "clipped" in caught.value.hint


# ---- words, limits and prices -----------------------------------------------------------------------------------------------


def test_simple_mode_sends_one_description_within_its_limit() -> None:
    """400 characters, seen live; what is cut is said."""
    wording = SERVICE.wording(ask(60.0, options={"mode": "simple"}, prompt="warm strings and " * 40))
    assert wording.sent["custom_mode"] is False
    assert len(wording.sent["gpt_description_prompt"]) <= 400
    assert not {"prompt", "tags", "title"} & set(wording.sent)
    assert any("400" in note for note in wording.left_out)


def test_voices_get_lyrics_or_have_them_written() -> None:
    """The prompt of a song is its lyrics, unless the service writes them."""
    written = SERVICE.wording(ask(60.0, instrumental=False)).sent
    assert (written["auto_lyrics"], written["make_instrumental"]) == (True, False)
    given_words = SERVICE.wording(ask(60.0, instrumental=False, options={"lyrics": "[Verse]\nHarbour lamps"})).sent
    assert given_words["prompt"] == "[Verse]\nHarbour lamps"
    assert "auto_lyrics" not in given_words
    unsung = SERVICE.wording(ask(60.0, options={"lyrics": "la la"}))
    assert any("Lyrics" in note for note in unsung.left_out)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"title": "t" * 81}, LimitError),
        ({"style": "s" * 1001}, LimitError),
        ({"model": "sonic-v4", "style": "s" * 201}, LimitError),
        ({"lyrics": "l" * 5001}, LimitError),
        ({"model": "sonic-v9"}, SettingsError),
        ({"style_weight": "1.2"}, SettingsError),
        ({"duration": "5"}, SettingsError),
        ({"colour": "red"}, SettingsError),
    ],
)
def test_an_ask_beyond_the_services_limits_is_refused_before_anything_is_sent(
    options: dict[str, str], error: type[SoundtrackError]
) -> None:
    """A text of the user's own is never cut."""
    with pytest.raises(error):
        SERVICE.check(ask(60.0, options=options))
    with pytest.raises(error):
        SERVICE.score(ask(60.0, options=options))


@pytest.mark.parametrize(
    "beyond",
    [{"takes": 11}, {"reference": (5.9, 1000)}, {"reference": (60.1, 1000)}, {"reference": (30.0, 20_000_001)}],
)
def test_takes_and_references_beyond_the_limits_are_refused(beyond: dict[str, Any]) -> None:
    """Before anything is published or sent."""
    if "reference" in beyond:
        seconds, size = beyond["reference"]
        beyond = {"reference": {"path": "temp.mp3", "sha256": "0" * 64, "size": size, "seconds": seconds}}
    with pytest.raises(LimitError):
        SERVICE.score(Ask.model_validate({**ask(60.0).model_dump(), **beyond}))


def test_old_models_take_less_text() -> None:
    """3000 characters of prompt and 200 of tags; nothing is cut without a word."""
    wording = SERVICE.wording(ask(60.0, options={"model": "sonic-v4"}, prompt="slow strings " * 400))
    assert len(wording.sent["prompt"]) <= 3000
    assert len(wording.sent["tags"]) <= 200
    assert any("3000" in note for note in wording.left_out)


def test_a_quote_tells_calls_prices_and_when_it_stops() -> None:
    """By the table: 20 for a create, 15 for an extension, 2 for a concat or a WAV."""
    short, long = SERVICE.quote(ask(60.0)), SERVICE.quote(ask(300.0, wav=True))
    assert (short.least, short.most) == (20.0, 20.0)
    assert [(line.what, line.credits) for line in long.lines] == [
        ("create", 20.0),
        ("extend", 15.0),
        ("concat", 2.0),
        ("wav", 2.0),
    ]
    assert long.least is not None
    assert long.most is not None
    assert short.most is not None
    assert short.most < long.least < long.most
    assert any("2026-10-07" in note for note in long.notes)
    assert any("302.0 s" in note and "4 further paid calls" in note for note in long.notes)
    assert any("480 s" in note for note in SERVICE.quote(ask(600.0)).notes)


def test_the_balance_is_that_of_the_account_and_of_its_packs() -> None:
    """Extra credits are spent first."""
    call = SERVICE.balance()
    assert call is not None
    assert call.request.path == "/api/v1/get-credits"
    assert call.price is None
    assert call.read(reply({"credits": 50, "extra_credits": 7})) == 57.0
    with pytest.raises(RefusedError):
        call.read(reply({"error": "Invalid API key."}, 401))


# ---- webhooks and links -----------------------------------------------------------------------------------------------------


def create(wanted: Ask) -> Call[str]:
    """Return the first call of a job."""
    step = next(SERVICE.score(wanted))
    assert isinstance(step, Call)
    return step


def uploading() -> Call[str]:
    """Return the first call of a job with a reference."""
    return create(ask(60.0, reference_url="https://files.example/temp.mp3"))


def poll(wanted: Ask) -> Poll[Any]:
    """Return the first poll of a job whose task is ``t1``."""
    course: Course[Delivery] = SERVICE.score(wanted)
    next(course)
    step = course.send("t1")
    assert isinstance(step, Poll)
    return step


def renewals() -> list[Call[str]]:
    """Return the calls for fresh links to the two clips of ``t1``."""
    course: Course[Delivery] = SERVICE.score(ask(60.0, takes=2))
    next(course)
    step = course.send("t1")
    assert isinstance(step, Poll)
    first = course.send(step.read(reply(TWO)))
    course.send(file("a.mp3"))
    second = course.send(music(93.4))
    assert isinstance(first, Fetch)
    assert isinstance(second, Fetch)
    return [step.renew for step in (first, second) if step.renew is not None]


def test_a_webhook_tells_the_id_of_a_call_whose_answer_was_lost() -> None:
    """Where a callback address is given it is sent along, and what comes to it settles an unknown create."""
    call = create(ask(60.0, callback_url="https://hooks.example/token"))
    assert call.request.json["webhook_url"] == "https://hooks.example/token"
    assert call.called_back is not None
    assert call.called_back({"code": 200, "task_id": "t9", "data": []}) == "t9"
    assert call.called_back(["odd"]) is None


def test_a_webhook_delivers_the_clips_of_its_own_task_only() -> None:
    """A failure is believed only when the task says so itself."""
    told = poll(ask(60.0)).called_back
    assert told is not None
    clips = told({"code": 200, "message": "success", "task_id": "t1", "data": [clip("a"), clip("b")]})
    assert isinstance(clips, list)
    assert [one["id"] for one in clips] == ["a", "b"]
    assert told({"task_id": "t2", "data": [clip("a")]}) is None
    assert isinstance(told({"code": 500, "task_id": "t1", "data": [clip("a", "failed")]}), Pending)
    assert isinstance(told({"task_id": "t1", "data": [{"clip_id": "a", "state": "streaming", "audio_url": "x"}]}), Pending)


def test_a_dead_link_is_renewed_from_the_task() -> None:
    """The track is never made again for a link."""
    renew = renewals()[1]
    assert renew.request.path == "/api/v1/sonic/task/t1"
    assert renew.read(reply(TWO)) == "https://cdn.example/b.mp3"
    with pytest.raises(JobFailedError):
        renew.read(reply(task(clip("a"))))


def test_pairs_of_a_joining_task_are_waited_for_and_read_as_whole_songs() -> None:
    """``full`` is null while the join runs."""
    read = poll(ask(60.0)).read
    assert isinstance(read(reply(task({"extended": clip("x"), "full": None}))), Pending)
    assert [one["id"] for one in read(reply(task({"extended": clip("x"), "full": clip("w")})))] == ["w"]


# ---- anything -----------------------------------------------------------------------------------------------------------------


@given(st.data())
def test_any_change_of_an_answer_raises_only_our_errors(data: st.DataObject) -> None:
    """Fields missing, added, of other types; other statuses; no JSON at all."""
    wanted = ask(60.0)
    balance = SERVICE.balance()
    assert balance is not None
    reads: list[tuple[Any, object]] = [
        (create(wanted).read, begun("t1")),
        (poll(wanted).read, TWO),
        (poll(wanted).read, task({"extended": clip("x"), "full": clip("w")})),
        (renewals()[0].read, TWO),
        (balance.read, {"credits": 50, "extra_credits": 0}),
        (uploading().read, UPLOADED),
    ]
    read, good = data.draw(st.sampled_from(reads))
    answer = data.draw(mutated(good))
    with suppress(SoundtrackError):
        read(answer)


@given(st.data())
def test_any_webhook_is_borne(data: st.DataObject) -> None:
    """It comes from outside; it may be anything, and never breaks a job."""
    told = data.draw(mutated({"code": 200, "task_id": "t1", "data": [clip("a"), clip("b")]}))
    body = json_of(told)
    for called_back in (create(ask(60.0)).called_back, poll(ask(60.0)).called_back):
        assert called_back is not None
        called_back(body)


def test_files_of_the_tests_are_told_apart_by_name() -> None:
    """The driver's store is honest: other names, other hashes."""
    assert file("a.mp3").sha256 != file("b.mp3").sha256
