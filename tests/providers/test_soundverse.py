"""Soundverse, against exchanges written down from its fact sheet."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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
from otio_soundtrack.model.wire import Reply, Request
from otio_soundtrack.provider.ask import LocalFile
from otio_soundtrack.provider.service import Service
from otio_soundtrack.provider.steps import Broken, Pending, Stream
from otio_soundtrack.providers import soundverse_calls as calls
from otio_soundtrack.providers.soundverse import Soundverse
from tests.providers.briefs import ask
from tests.providers.driver import music, reply
from tests.providers.mutations import mutated
from tests.providers.replaying import Replaying

SERVICE: Service = Soundverse()
ID = "6f1d7c0a-2b3e-4c55-8a1e-90f1c2d3e4f5"
STATE = f"/status/generation/{ID}"
URL = "https://files.example/reference.mp3"
FINAL_URL = f"https://storage.soundverse.ai/u/{ID}/final.mp3"
VALIDATING = {"isComplete": False, "status": "validating", "chunkIndex": 0}
QUEUED = {"message_id": ID, "isComplete": False, "status": "queued", "song_name": "Velvet Corner", "chunkIndex": 1}
HOLDING = {"message_id": ID, "isComplete": False, "status": "streaming", "progress": 90, "chunkIndex": 7}
PLAYABLE = {
    "message_id": ID, "isComplete": False, "status": "streaming", "progress": 100,
    "stream_url": f"https://api.soundverse.ai/stream/{ID}", "streaming_ready": True, "version": 1, "chunkIndex": 8,
}  # fmt: skip
COMPLETED = {
    "message_id": ID, "isComplete": True, "status": "completed", "audio_url": FINAL_URL, "song_name": "Velvet Corner",
    "album_art": "https://storage.soundverse.ai/u/art.png?sig=1", "progress": 100, "chunkIndex": 9,
}  # fmt: skip
STREAM = (VALIDATING, QUEUED, {**QUEUED, "status": "uploading"}, HOLDING, PLAYABLE, COMPLETED)
NOT_FOUND = reply({"detail": "Not Found"}, 404)


def events(*chunks: object) -> Reply:
    """Return an answer that is a stream of events."""
    text = "".join(f"data: {one if isinstance(one, str) else json.dumps(one)}\n\n" for one in chunks)
    return reply(text, content_type="text/event-stream; charset=utf-8")


@dataclass
class Streams(Replaying):
    """The runner of the tests, whose streams may break off."""

    def _stream(self, step: Stream[Any]) -> Any:
        self.sent.append(step.request)
        for _ in range(5):
            try:
                return self._once(step)
            except (UnavailableError, RateLimitedError) as error:  # noqa: PERF203  # as the runner does
                last = error
        raise last

    def _once(self, step: Stream[Any]) -> Any:
        answer = self.service(step.request)
        step.opened(answer)
        job_id = None
        for line in answer.text.split("\n\n"):
            if line.startswith("data: "):
                told = step.event(line.removeprefix("data: "))
                if not isinstance(told, Pending):
                    return told
                self.stages.append(told.stage)
                job_id = job_id or told.job_id
        if job_id is None:
            raise JobStateUnknownError("the stream broke before an id was told")
        return Broken(job_id=job_id)


@dataclass
class Studio:
    """Answers as the sheet does; ``queued`` answers come first, by path."""

    queued: dict[str, list[Reply]] = field(default_factory=dict)

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if self.queued.get(request.path):
            return self.queued[request.path].pop(0)
        if request.path == calls.REMIX:
            return events(*STREAM)
        if request.path == calls.EXTEND:
            song = {"audio_url": "https://storage.soundverse.ai/u/long.mp3", "song_name": "Slow Build"}
            return reply({"message_id": "m2", "audio_data": [song]})
        return reply(COMPLETED) if request.path == STATE else NOT_FOUND


def reference(**fields: Any) -> LocalFile:
    """Return a temp track within the limits."""
    return LocalFile(**{"path": Path("/temp/love.mp3"), "sha256": "0" * 64, "size": 900_000, "seconds": 62.0, **fields})


def script(studio: Studio | None = None, **fields: Any) -> Streams:
    """Return a runner in whose file the remix sounds."""
    return Streams(service=studio or Studio(), **{"sounds": {"final.mp3": music(66.0)}, **fields})


def score(run: Streams, **fields: Any) -> Any:
    """Score a cue of a minute by a reference at a URL."""
    return run.run(SERVICE.score(ask(**{"reference_url": URL, **fields})))


def test_a_temp_track_becomes_a_remix_whose_progress_is_told() -> None:
    """Only the completed file counts, not what can be listened to before it."""
    run = script()
    delivery = score(run)
    offer = delivery.offers[0]
    assert (offer.file.path.name, offer.title, offer.service_ids) == ("final.mp3", "Velvet Corner", (ID,))
    assert run.stages == ["validating", "queued", "uploading", "streaming", "streaming"]
    assert run.paid == ["remix 1"]
    assert offer.facts == {"remix_of": URL, "cover": "https://storage.soundverse.ai/u/art.png"}
    request = run.sent[0]
    assert (request.path, request.accept) == ("/v7/generate/remix", "text/event-stream")
    assert request.json["song_reference_url"] == URL
    assert request.json["prompt"]
    assert request.json["parameters"] == {}
    assert request.silence_seconds >= 900


def test_a_local_reference_is_published_first() -> None:
    """By the user's own uploader."""
    run = script()
    delivery = score(run, reference_url="", reference=reference())
    assert run.sent[0].json["song_reference_url"] == "https://files.example/love.mp3"
    assert delivery.offers[0].facts["remix_of"] == "love.mp3"


def test_a_course_takes_the_same_way_when_it_is_taken_up_again() -> None:
    """Nothing is asked a second time, least of all a paid call."""
    streams = [events(*STREAM), events(QUEUED), events(QUEUED, {**COMPLETED, "audio_url": ""})]
    run = script(Studio(queued={calls.REMIX: streams, STATE: [NOT_FOUND] * 4}))
    first = score(run, takes=3)
    asked = len(run.sent)
    assert score(run, takes=3) == first
    assert len(run.sent) == asked
    assert run.paid == ["remix 1", "remix 2", "remix 3"]


def test_words_that_nobody_documented_do_not_disturb_a_stream() -> None:
    """``[DONE]``, comments that a parser let through, unknown states, fields that lack, the order of stages."""
    odd = ("[DONE]", "no json", "[1, 2]", {}, {"status": "polishing", "message_id": ID}, {"progress": "50"}, {"progress": 700})
    run = script(Studio(queued={calls.REMIX: [events(VALIDATING, QUEUED, *odd, {"data": COMPLETED})]}))
    assert score(run).offers
    told = calls.remix("remix 1", {}).event(json.dumps({"progress": 700, "message_id": ID}))
    assert told == Pending(stage="working", share=1.0, job_id=ID)


def test_a_stream_that_breaks_after_the_id_is_recovered_and_never_sent_again() -> None:
    """The job lives on; only its state is asked for."""
    broken = events(VALIDATING, QUEUED, HOLDING)
    running = reply({"message_id": ID, "isComplete": False, "status": "streaming", "progress": 90})
    run = script(Studio(queued={calls.REMIX: [broken], STATE: [running, reply("", 502), reply({"data": COMPLETED})]}))
    assert score(run).offers[0].service_ids == (ID,)
    assert run.paid == ["remix 1"]
    assert [one.path for one in run.sent[1:]] == [STATE] * 3


def test_a_stream_that_breaks_before_the_id_is_unknown() -> None:
    """Nobody knows whether a job began."""
    run = script(Studio(queued={calls.REMIX: [events(VALIDATING)]}))
    with pytest.raises(JobStateUnknownError):
        score(run)
    assert len(run.sent) == 1


@pytest.mark.parametrize(("form", "path"), [(1, f"/status/generations/{ID}"), (2, "/v5/status")])
def test_states_are_found_by_the_older_forms_of_the_path(form: int, path: str) -> None:
    """Where the first is not known, the next is tried."""
    studio = Studio(queued={calls.REMIX: [events(QUEUED)], STATE: [NOT_FOUND] * 9, path: [reply(COMPLETED)]})
    run = script(studio)
    assert score(run).offers
    assert run.sent[-1].path == path
    assert (("message_id", ID) in run.sent[-1].query) is (form == 2)


def test_a_job_that_no_form_knows_yet_is_asked_for_until_it_is_known() -> None:
    """It is paid for: the last question has no end of its own, and the runner leaves the job open."""
    run = script(Studio(queued={calls.REMIX: [events(QUEUED)], STATE: [NOT_FOUND] * 12}))
    assert score(run).offers
    assert run.labels[1:5] == ["remix 1 state 1", "remix 1 state 2", "remix 1 state 3", "remix 1 state"]


def test_completed_without_a_link_is_asked_for_and_then_a_failure() -> None:
    """The state may know it."""
    lacking = {**COMPLETED, "audio_url": None}
    assert score(script(Studio(queued={calls.REMIX: [events(QUEUED, lacking)]}))).offers
    with pytest.raises(JobFailedError, match="no link"):
        score(script(Studio(queued={calls.REMIX: [events(QUEUED, lacking)], STATE: [reply(lacking)]})))
    nobody = {"isComplete": True, "status": "completed"}
    with pytest.raises(JobFailedError, match="no link"):
        score(script(Studio(queued={calls.REMIX: [events(nobody)]})))


@pytest.mark.parametrize(
    "chunk",
    [
        {"isComplete": True, "status": "failed", "error": "Generation failed", "message_id": ID},
        {"isComplete": False, "status": "streaming", "error": "Generation failed", "message_id": ID},
        {"status": "failed", "message": "Generation failed", "message_id": ID},
        {"success": False, "message": "Generation failed", "message_id": ID},
    ],
)
def test_a_failure_inside_the_stream_is_final_and_not_repeated(chunk: dict[str, Any]) -> None:
    """It may have been charged."""
    run = script(Studio(queued={calls.REMIX: [events(VALIDATING, QUEUED, chunk)]}))
    with pytest.raises(JobFailedError, match="Generation failed") as failed:
        score(run)
    assert "charged" in failed.value.hint
    assert len(run.sent) == 1


def test_a_failure_that_the_state_tells_is_final_too() -> None:
    """After a broken stream."""
    failed = reply({"message_id": ID, "isComplete": True, "status": "failed", "error": "Generation failed"})
    with pytest.raises(JobFailedError, match="Generation failed"):
        score(script(Studio(queued={calls.REMIX: [events(QUEUED)], STATE: [failed]})))


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_expires_during_the_wait_leaves_the_job_open(status: int) -> None:
    """The remix is paid for."""
    with pytest.raises(JobOpenError, match="Not authenticated"):
        score(script(Studio(queued={calls.REMIX: [events(QUEUED)], STATE: [reply({"detail": "Not authenticated"}, status)]})))


def test_a_refused_question_about_a_job_is_no_failure_of_the_job() -> None:
    """Too many questions are waited out."""
    limited = reply({"success": False, "message": "Rate limits have been passed for the user."})
    odd = reply({"success": False, "message": "Something else."})
    run = script(Studio(queued={calls.REMIX: [events(QUEUED)], STATE: [limited, odd, reply(COMPLETED)]}))
    assert score(run).offers


REFUSALS = [
    (400, {"detail": "Either prompt or lyrics must be provided"}, RefusedError),
    (400, {"success": False, "message": "Reference audio error: File too large: 12657318 bytes (max: 10485760)"}, RefusedError),
    (400, {"success": False, "message": "Reference audio error: Duration 5.0 s is outside 10-350 s"}, RefusedError),
    (400, {"success": False, "message": "Reference audio error: Could not download file"}, RefusedError),
    (500, {"success": False, "message": "Reference audio error: Could not download file"}, RefusedError),
    (429, {"success": False, "message": "Rate limits have been passed for the user."}, RateLimitedError),
    (200, {"success": False, "message": "Rate limits have been passed for the user."}, RateLimitedError),
    (402, {"success": False, "message": "Insufficient balance for this operation."}, CreditsError),
    (403, {"success": False, "message": "Insufficient balance for this operation."}, CreditsError),
    (200, {"success": False, "message": "Insufficient balance for this operation."}, CreditsError),
    (
        503,
        {"success": False, "message": "Service temporarily unavailable. Please try again.", "error": "Database connection pool"},
        UnavailableError,
    ),
    (401, {"detail": "Not authenticated"}, RefusedError),
    (403, {"detail": "Not authenticated"}, RefusedError),
    (401, "", RefusedError),
    (422, {"detail": [{"loc": ["body", "song_reference_url"], "msg": "Input should be a valid string"}]}, RefusedError),
    (402, {"success": False, "message": "no"}, CreditsError),
    (503, "<html><body>Bad gateway</body></html>", JobStateUnknownError),
    (502, "", JobStateUnknownError),
    (500, {"detail": "Internal Server Error"}, JobStateUnknownError),
    (200, "<html></html>", JobStateUnknownError),
    (200, {"message_id": ID}, JobStateUnknownError),
    (302, "", JobStateUnknownError),
]


@pytest.mark.parametrize(("status", "body", "kind"), REFUSALS)
def test_an_answer_that_is_no_stream_is_judged_by_its_body(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """JSON in place of a stream is an error even with 200; what nobody can judge is unknown and never sent again."""
    with pytest.raises(kind) as raised:
        calls.remix("remix 1", {}).opened(reply(body, status, content_type="application/json"))
    if isinstance(body, dict) and "message" in body:
        assert body["message"] in raised.value.message


@pytest.mark.parametrize(("status", "body", "kind"), [one for one in REFUSALS if one[0] == 200 and "success" in one[1]])
def test_a_refusal_may_be_the_first_event(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """With the same meanings; nothing was begun."""
    with pytest.raises(kind):
        calls.remix("remix 1", {}).event(json.dumps(body))


def test_a_refusal_that_passes_is_asked_again_by_the_runner() -> None:
    """Nothing was begun."""
    limited = reply({"success": False, "message": "Rate limits have been passed."}, 429, content_type="application/json")
    assert score(script(Studio(queued={calls.REMIX: [limited]}))).offers


def test_takes_are_remixes_of_which_a_refusal_ends_the_later_ones() -> None:
    """What is there is delivered; what failed alone does not end the others."""
    failed = events(QUEUED, {"status": "failed", "error": "Generation failed", "message_id": ID})
    empty = reply({"success": False, "message": "Insufficient balance for this operation."}, content_type="application/json")
    run = script(Studio(queued={calls.REMIX: [failed, events(*STREAM), empty]}))
    delivery = score(run, takes=4)
    assert len(delivery.offers) == 1
    assert run.paid == ["remix 1", "remix 2", "remix 3"]
    assert "Generation failed" in delivery.notes[0]
    assert "Insufficient balance" in delivery.notes[1]


def test_a_remix_that_is_not_fit_for_use_is_told() -> None:
    """It is paid for, and the next one is another take."""
    with pytest.raises(UnusableTakeError, match="silent") as refused:
        score(script(sounds={"final.mp3": UnusableTakeError("silent")}))
    assert "paid" in refused.value.hint


def test_a_short_remix_is_repeated_by_the_fit_unless_it_shall_be_extended() -> None:
    """Extension is paid for, and its answer is measured."""
    sounds = {"final.mp3": music(40.0), "long.mp3": music(75.0)}
    run = script(sounds=sounds)
    assert "fit repeats" in score(run).notes[0]
    assert run.paid == ["remix 1"]
    run = script(sounds=sounds, same={("final.mp3", "long.mp3"): True})
    delivery = score(run, options={"extend": "yes"})
    assert delivery.offers[0].file.path.name == "long.mp3"
    assert delivery.offers[0].heard.seconds == 75.0
    assert run.paid == ["remix 1", "remix 1 extend 1"]
    extension = next(one for one in run.sent if one.path == calls.EXTEND)
    assert extension.json["audio_url"] == FINAL_URL
    assert extension.json["side"] == "right"
    assert 30 <= extension.json["duration"] <= 120


@pytest.mark.parametrize(("status", "body", "kind"), [*REFUSALS, (200, {"audio_data": []}, JobStateUnknownError)])
def test_answers_to_an_extension(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """The same family of errors."""
    with pytest.raises(kind):
        calls._extended(reply(body, status))


def test_the_last_event_alone_tells_the_result() -> None:
    """Only that one is kept, and read again when a job is taken up."""
    first = calls.remix("remix 1", {})
    for chunk in (VALIDATING, QUEUED, HOLDING):
        assert isinstance(first.event(json.dumps(chunk)), Pending)
    for last in (COMPLETED, {key: value for key, value in COMPLETED.items() if key != "message_id"}):
        assert first.event(json.dumps(last)) == calls.remix("remix 1", {}).event(json.dumps(last))


def test_a_link_that_expired_is_renewed_by_the_state() -> None:
    """And a state without one says so."""
    renew = calls.fresh_link("remix 1 link", ID)
    assert renew.request.path == STATE
    assert renew.read(reply({"data": COMPLETED})) == FINAL_URL
    with pytest.raises(JobFailedError):
        renew.read(reply(QUEUED))


@pytest.mark.parametrize("job_id", ["../../v7/generate/remix", "a/b", "a?b=c", "a#b", "ü %"])
def test_ids_never_change_the_path(job_id: str) -> None:
    """They come from the service."""
    path = calls.state(calls.STATES[0], job_id).path
    assert path.startswith("/status/generation/")
    assert set(path.removeprefix("/status/generation/")).isdisjoint("/?# ")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"reference_url": ""}, LimitError),
        ({"reference": reference(size=10_485_761)}, LimitError),
        ({"reference": reference(seconds=9.9)}, LimitError),
        ({"reference": reference(seconds=350.5)}, LimitError),
        ({"reference_url": "file:///etc/passwd"}, LimitError),
        ({"reference_url": "http://localhost/a.mp3"}, LimitError),
        ({"reference_url": "http://127.0.0.1/a.mp3"}, LimitError),
        ({"reference_url": "http://192.168.1.7:8000/a.mp3"}, LimitError),
        ({"reference_url": "http://[::1]/a.mp3"}, LimitError),
        ({"reference_url": "http://nas/a.mp3"}, LimitError),
        ({"reference_url": "http://[::1"}, LimitError),
        ({"options": {"colour": "red"}}, SettingsError),
        ({"options": {"extend": "a bit"}}, SettingsError),
        ({"options": {"parameters": "[1]"}}, SettingsError),
        ({"options": {"parameters": "{"}}, SettingsError),
    ],
)
def test_limits_are_checked_before_anything_is_sent(fields: dict[str, Any], kind: type[SoundtrackError]) -> None:
    """10485760 bytes, 10 to 350 s, an address that others can fetch from."""
    with pytest.raises(kind):
        SERVICE.check(ask(**{"reference_url": URL, **fields}))


def test_what_is_within_the_limits_passes() -> None:
    """The other side of the limits."""
    for seconds in (10.0, 350.0):
        SERVICE.check(ask(reference=reference(seconds=seconds, size=10_485_760), options={"parameters": '{"strength": 0.5}'}))
    SERVICE.check(ask(reference_url="https://93.184.216.34/a.mp3"))


def test_wording_and_quote_tell_what_is_sent_and_that_no_price_is_published() -> None:
    """For ``--dry-run``; a long prompt is cut after a word, and said so."""
    asked = ask(300.0, prompt="warm " * 400, reference_url=URL, takes=2, options={"lyrics": "la", "extend": "yes"})
    said = SERVICE.wording(asked)
    assert len(said.sent["prompt"]) <= 1024
    assert said.sent["lyrics"] == "la"
    assert any("left out" in one for one in said.left_out)
    assert any("nobody shall sing" in one for one in said.left_out)
    quote = SERVICE.quote(asked)
    assert [line.what for line in quote.lines] == ["remix", "extend"]
    assert quote.least is None
    assert quote.lines[1].most <= asked.most_calls
    assert len(SERVICE.quote(ask(reference_url=URL)).lines) == 1
    assert SERVICE.balance() is None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_of_an_event_or_state_ends_in_music_or_in_an_error_of_ours(data: st.DataObject) -> None:
    """Fields may lack, be added, be of another type."""
    chunks = [data.draw(mutated(one)).text if data.draw(st.booleans()) else json.dumps(one) for one in STREAM]
    cut = data.draw(st.integers(1, len(chunks)))

    def service(request: Request) -> Reply:
        if request.path == calls.REMIX:
            return events(*chunks[:cut])
        return data.draw(mutated(COMPLETED))

    run = Streams(service=service, sounds={"final.mp3": music(66.0)})
    try:
        assert score(run).offers
    except SoundtrackError:
        assert run.sent
    except AssertionError as error:  # the runner of the tests is asked for ever, or hears a file that it was not told of
        if "still asking" not in str(error) and "nobody said how" not in str(error):
            raise


@given(answer=mutated({"success": False, "message": "Rate limits", "error": "x", "detail": [{"msg": "y"}]}))
def test_any_refusal_is_an_error_of_ours(answer: Reply) -> None:
    """Whatever it is made of."""
    with pytest.raises(SoundtrackError):
        calls.remix("remix 1", {}).opened(answer)
