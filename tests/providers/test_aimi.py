"""Aimi Sync, against exchanges written down from its fact sheet."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
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
from otio_soundtrack.model.wire import FilePiece, Reply, Request
from otio_soundtrack.provider.ask import LocalFile
from otio_soundtrack.provider.service import Plans, Service
from otio_soundtrack.provider.steps import Pending
from otio_soundtrack.providers import aimi_calls as calls
from otio_soundtrack.providers.aimi import Aimi
from tests.providers.briefs import ask
from tests.providers.driver import Script, music, reply
from tests.providers.mutations import mutated
from tests.providers.replaying import Replaying

SERVICE: Service = Aimi()
TASK = "4e7c1b90-93d2-4f4a-8a0e-6b1d2c5f7a31"
ANALYSIS = '{"taskid": "' + TASK + '",  "analysis": {"duration": 94.36, "scenes": [{"start": 0.0, "end": 21.40}]}}'
PLAN = {
    "fxstyle": "chill",
    "id": "b8c2d4e6",
    "masterGain": 70,
    "parameterPresets": [{"id": 0, "trackname": "musictracks", "value": 0}],
    "sections": [{"index": 0, "beats": 32, "tempo": 90.0, "key": "A minor", "xNobodyKnows": {"ü": [1, 2.5, None]}}],
    "zoo": True,
}
STORAGE = "https://storage.googleapis.com/demo-bucket/"
LOST = reply({"detail": "Unknown taskid"}, 404)
PENDING = {"status": "pending", "url": None, "message": "Your plan has been submitted and is awaiting execution."}
PROCESSING = {"status": "processing", "url": None, "message": "Still processing your request."}
INACTIVE = {"status": "inactive", "videourl": None, "message": "There is no active execution for id ex-1."}


def picture(**fields: Any) -> LocalFile:
    """Return a cut of 68 MiB, three pieces."""
    return LocalFile(**{"path": Path("/cuts/scene.mp4"), "sha256": "0" * 64, "size": 71_303_168, "seconds": 60.0, **fields})


def finished(execution: str) -> dict[str, Any]:
    """Return the state of an execution that is done."""
    link = f"{STORAGE}{execution}.mp4"
    return {"status": "finished", "url": link, "queryurl": f"{STORAGE}{execution}-results.json", "message": "Finished"}


@dataclass
class Studio:
    """Answers as the sheet does; ``queued`` answers come first, by path."""

    queued: dict[str, list[Any]] = field(default_factory=dict)
    executions: int = 0

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        if self.queued.get(request.path):
            told = self.queued[request.path].pop(0)
            return told if isinstance(told, Reply) else reply(told)
        return self.answer(request)

    def answer(self, request: Request) -> Reply:
        """Answer it as the service does when nothing is wrong."""
        if request.path == calls.EXECUTE:
            self.executions += 1
            return reply({"execid": f"ex-{self.executions}"})
        if request.path == calls.STATUS:
            return reply(finished(request.json["execid"]))
        if request.path.startswith(STORAGE):
            return reply({"execid": "ex-1", "duration": 94.36})
        return {
            calls.INIT: reply({"taskid": TASK}),
            calls.CHUNK: reply({"taskid": TASK, "message": "Chunk received"}),
            calls.COMPLETE: reply({"taskid": TASK, "message": "Upload complete"}),
            calls.VIDEO_ANALYSIS: reply(ANALYSIS),
            calls.AUDIO_ANALYSIS: reply({"taskid": TASK, "audio_analysis": {"has_speech": True}}),
            calls.GENERATE: reply(json.dumps({"plan": PLAN})),
        }[request.path]


def script(studio: Studio | None = None, **fields: Any) -> Replaying:
    """Return a runner in whose files up to ten takes sound."""
    videos = {f"ex-{number}.mp4": [f"ex-{number}.wav"] for number in range(1, 11)}
    sounds = {f"ex-{number}.wav": music(61.0) for number in range(1, 11)}
    return Replaying(service=studio or Studio(), **{"sounds": sounds, "unpacked": videos, **fields})


def part(request: Request, name: str) -> Any:
    """Return a JSON part of a multipart request."""
    found = next(one for one in request.parts if one.name == name)
    assert isinstance(found.content, str)
    assert found.media_type == "application/json"
    return json.loads(found.content)


def sent(run: Script, path: str) -> list[Request]:
    """Return the requests to a path."""
    return [one for one in run.sent if one.path == path]


def test_aimi_is_a_service_that_plans() -> None:
    """Its plan can be had before anything is paid for."""
    assert isinstance(SERVICE, Plans)
    assert SERVICE.declaration.paid


def test_a_cut_becomes_music_by_way_of_analysis_plan_and_execution() -> None:
    """In the guide's order, with one paid call."""
    run = script()
    delivery = run.run(SERVICE.score(ask(picture=picture())))
    assert delivery.offers[0].file.path.name == "ex-1.wav"
    assert delivery.offers[0].service_ids == ("ex-1",)
    assert delivery.offers[0].title == "1m01 Hopeful"
    assert delivery.documents["plan"] == PLAN
    assert delivery.documents["results 1"]["duration"] == 94.36
    assert run.paid == ["execute 1"]
    order = list(dict.fromkeys(one.path for one in run.sent))
    assert order[:7] == [
        calls.INIT, calls.CHUNK, calls.COMPLETE, calls.VIDEO_ANALYSIS, calls.GENERATE, calls.EXECUTE, calls.STATUS,
    ]  # fmt: skip
    assert all(one.with_key is not one.path.startswith("https:") for one in run.sent)


def test_a_course_takes_the_same_way_when_it_is_taken_up_again() -> None:
    """Nothing is asked a second time, least of all a paid call."""
    failed = {"status": "error", "url": f"{STORAGE}ex-1-failed.json", "message": "Error generating video."}
    queued = {calls.CHUNK: [LOST], calls.COMPLETE: [reply({"detail": "Missing chunks: [1]"}, 400)]}
    run = script(Studio(queued={**queued, calls.EXECUTE: [LOST], calls.STATUS: [PENDING, failed, *[INACTIVE] * 9]}))
    first = run.run(SERVICE.score(ask(picture=picture(), takes=3)))
    assert len(first.offers) == 1
    asked = len(run.sent)
    assert run.run(SERVICE.score(ask(picture=picture(), takes=3))) == first
    assert len(run.sent) == asked


def test_the_cut_is_sent_in_pieces_of_which_each_is_kept() -> None:
    """Together they are the file, none is over 25 MiB, and the count is told."""
    run = script()
    run.run(SERVICE.score(ask(picture=picture())))
    pieces = [(part(one, "payload"), one.parts[1].content) for one in sent(run, calls.CHUNK)]
    assert [told for told, _ in pieces] == [{"taskid": TASK, "chunk_index": index} for index in range(3)]
    limit = 25 * 2**20
    path = Path("/cuts/scene.mp4")
    assert [piece for _, piece in pieces] == [
        FilePiece(path=path, start=0, length=limit),
        FilePiece(path=path, start=limit, length=limit),
        FilePiece(path=path, start=2 * limit, length=71_303_168 - 2 * limit),
    ]
    assert sent(run, calls.COMPLETE)[0].json == {"taskid": TASK, "total_chunks": 3}
    assert {"piece 0", "piece 1", "piece 2"} <= set(run.labels)


@pytest.mark.parametrize(("size", "count"), [(1, 1), (25 * 2**20, 1), (25 * 2**20 + 1, 2), (30_000_000, 2)])
def test_a_small_cut_is_one_piece(size: int, count: int) -> None:
    """Also one that is exactly as large as a piece."""
    run = script()
    run.run(SERVICE.score(ask(picture=picture(size=size))))
    assert len(sent(run, calls.CHUNK)) == count


def test_pieces_that_lack_are_sent_again() -> None:
    """Only those, and the end is told again."""
    run = script(Studio(queued={calls.COMPLETE: [reply({"detail": "Missing chunks: [1]"}, 400)]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert [part(one, "payload")["chunk_index"] for one in sent(run, calls.CHUNK)] == [0, 1, 2, 1]
    lacking = Studio(queued={calls.COMPLETE: [reply({"detail": "Missing chunks: [0, 2]"}, 400)] * 3})
    with pytest.raises(JobFailedError, match="however often"):
        script(lacking).run(SERVICE.score(ask(picture=picture())))


@pytest.mark.parametrize("detail", ["Unsupported or corrupt video", "Missing chunks: []", "Missing chunks: [7]"])
def test_an_upload_that_is_refused_is_not_sent_again(detail: str) -> None:
    """There is nothing of ours that lacks."""
    run = script(Studio(queued={calls.COMPLETE: [reply({"detail": detail}, 400)]}))
    with pytest.raises(RefusedError, match=detail.split(":", maxsplit=1)[0]):
        run.run(SERVICE.score(ask(picture=picture())))


def test_the_analysis_is_sent_back_byte_for_byte_with_every_flag() -> None:
    """The service's document is opaque to us; two pages tell other defaults of the flags."""
    run = script()
    run.run(SERVICE.score(ask(picture=picture(), options={"instruments": "yes", "genre": "deep"})))
    request = sent(run, calls.GENERATE)[0]
    analysis = request.parts[0]
    assert (analysis.name, analysis.filename, analysis.media_type) == ("analysis", "analysis.json", "application/json")
    assert analysis.content == ANALYSIS
    assert part(request, "payload") == {
        "taskid": TASK,
        "with_vocals": False,
        "with_voiceover": False,
        "with_instrument": True,
        "original_audio": False,
        "original_audio_voiceover": False,
        "no_ducking": False,
        "multitrack": False,
        "genre": "deep",
    }


def test_an_analysis_that_runs_longer_is_asked_for_again() -> None:
    """202 and faults of a gateway are both no answer yet."""
    queued = [
        reply({"taskid": TASK, "message": "Analysis in progress"}, 202),
        reply({"detail": "Analysis failed"}, 500),
        reply("<html><body>Gateway Timeout</body></html>", 504),
    ]
    run = script(Studio(queued={calls.VIDEO_ANALYSIS: queued}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert len(sent(run, calls.VIDEO_ANALYSIS)) == 4


def test_the_sound_is_analysed_only_where_it_is_kept() -> None:
    """And only where there is some."""
    run = script()
    run.run(SERVICE.score(ask(picture=picture())))
    assert not sent(run, calls.AUDIO_ANALYSIS)
    run = script()
    delivery = run.run(SERVICE.score(ask(picture=picture(), production_sound=True, options={"speech": "yes"})))
    flags = part(sent(run, calls.GENERATE)[0], "payload")
    assert flags["original_audio"] is flags["original_audio_voiceover"] is True
    assert run.sent.index(sent(run, calls.AUDIO_ANALYSIS)[0]) < run.sent.index(sent(run, calls.GENERATE)[0])
    assert "production sound" in delivery.notes[0]
    run = script()
    run.run(SERVICE.score(ask(picture=picture(has_sound=False), production_sound=True)))
    assert not sent(run, calls.AUDIO_ANALYSIS)


def test_a_plan_can_be_had_without_paying() -> None:
    """All its keys, in their order."""
    run = script()
    plan = run.run(Aimi().plan(ask(picture=picture())))
    assert json.dumps(plan) == json.dumps(PLAN)
    assert run.paid == []


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_edited_plan_is_executed_with_every_key_it_has(wrapped: bool) -> None:
    """Nothing is generated then; unknown keys, their order and the forms of numbers stay."""
    edited = {**PLAN, "masterGain": 55, "alpha": [1, 1.0, 1e-7, 12345678901234567890]}
    run = script()
    delivery = run.run(SERVICE.score(ask(picture=picture(), service_plan={"plan": edited} if wrapped else edited)))
    assert not sent(run, calls.GENERATE)
    request = sent(run, calls.EXECUTE)[0]
    assert json.dumps(part(request, "plan")) == json.dumps(edited)
    assert request.parts[0].filename == "plan.json"
    assert part(request, "payload") == {"taskid": TASK}
    assert delivery.documents["plan"] == edited


def test_takes_are_executions_of_one_plan_that_run_at_once() -> None:
    """Each is begun once, and all are waited for together."""
    run = script()
    delivery = run.run(SERVICE.score(ask(picture=picture(), takes=10)))
    assert len(delivery.offers) == 10
    assert run.paid == [f"execute {take}" for take in range(1, 11)]
    begun = [one for one in run.labels if one.startswith(("execute", "status"))]
    assert begun == [*(f"execute {take}" for take in range(1, 11)), *(f"status {take}" for take in range(1, 11))]
    poll = calls.status(ask(picture=picture()), "status 1", "ex-1")
    assert poll.pace.every_seconds > 5.0
    assert poll.pace.first_seconds > 5.0


def test_states_are_told_until_the_music_is_there() -> None:
    """In the service's own words."""
    run = script(Studio(queued={calls.STATUS: [PENDING, PROCESSING, reply({"detail": "x"}, 503), PROCESSING]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert run.stages[-3:] == [PENDING["message"], PROCESSING["message"], PROCESSING["message"]]


def test_an_archive_gives_mix_and_stems() -> None:
    """It is asked for with stems, and where a lossless file is wanted."""
    zipped = {**finished("x"), "url": f"{STORAGE}ex-1.zip"}
    run = script(Studio(queued={calls.STATUS: [zipped]}), unpacked={"ex-1.zip": ["ex-1.wav", "bass.wav"]})
    delivery = run.run(SERVICE.score(ask(picture=picture(), wav=True)))
    assert [one.path.name for one in delivery.offers[0].stems.values()] == ["bass.wav"]
    assert part(sent(run, calls.GENERATE)[0], "payload")["multitrack"] is True


def test_an_execution_that_failed_is_told_with_its_report() -> None:
    """The other takes are still good."""
    failed = {"status": "error", "url": f"{STORAGE}ex-1-failed.json", "message": "Error generating video."}
    report = {"execid": "ex-1", "error": "Section 2 references an unknown soundset"}
    studio = Studio(queued={calls.STATUS: [failed], f"{STORAGE}ex-1-failed.json": [report]})
    delivery = script(studio).run(SERVICE.score(ask(picture=picture(), takes=2)))
    assert [one.service_ids for one in delivery.offers] == [("ex-2",)]
    assert "unknown soundset" in delivery.notes[0]
    studio = Studio(queued={calls.STATUS: [failed], f"{STORAGE}ex-1-failed.json": [reply("", 403)]})
    with pytest.raises(JobFailedError, match="Error generating video"):
        script(studio).run(SERVICE.score(ask(picture=picture())))


def test_a_take_that_is_not_fit_for_use_does_not_end_the_others() -> None:
    """The acceptance test has the last word."""
    sounds = {"ex-1.wav": UnusableTakeError("silent"), "ex-2.wav": music(61.0)}
    delivery = script(sounds=sounds).run(SERVICE.score(ask(picture=picture(), takes=2)))
    assert len(delivery.offers) == 1
    assert "silent" in delivery.notes[0]


def test_inactive_is_borne_at_first_and_then_is_the_end() -> None:
    """An execution may not be visible at once; one that stays away is gone."""
    assert script(Studio(queued={calls.STATUS: [INACTIVE] * 3})).run(SERVICE.score(ask(picture=picture()))).offers
    with pytest.raises(JobFailedError, match="no active execution"):
        script(Studio(queued={calls.STATUS: [INACTIVE] * 9})).run(SERVICE.score(ask(picture=picture())))


@pytest.mark.parametrize("state", ["cancelled", "", None, 7, {"a": 1}])
def test_a_state_that_nobody_knows_is_not_still_running_for_ever(state: object) -> None:
    """It ends after five minutes of the same."""
    read = calls.status(ask(picture=picture()), "status 1", "ex-1").read
    asked = 0
    with pytest.raises(JobFailedError, match="execution is"):  # noqa: PT012  # it is the last of many that ends it
        while isinstance(read(reply({"status": state, "url": None, "message": None})), Pending):
            asked += 1
    assert 20 < asked < 60


def test_a_token_that_expires_during_the_wait_leaves_the_job_open() -> None:
    """Tokens live 30 days; the execution is paid for and runs on."""
    with pytest.raises(JobOpenError, match="Unauthorized") as opened:
        script(Studio(queued={calls.STATUS: [reply({"detail": "Unauthorized"}, 401)]})).run(SERVICE.score(ask(picture=picture())))
    assert "AIMI_API_KEY" in opened.value.hint


@pytest.mark.parametrize("path", [calls.CHUNK, calls.COMPLETE, calls.VIDEO_ANALYSIS, calls.GENERATE])
def test_an_upload_that_vanished_is_sent_again_once(path: str) -> None:
    """Whichever call hears of it first."""
    run = script(Studio(queued={path: [LOST]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert len(sent(run, calls.INIT)) == 2
    with pytest.raises(JobFailedError, match="lost the upload"):
        script(Studio(queued={path: [LOST] * 9})).run(SERVICE.score(ask(picture=picture())))


def test_an_upload_that_vanished_before_its_plan_was_executed_is_sent_again() -> None:
    """The plan that was made, or edited, is executed on the new one."""
    run = script(Studio(queued={calls.EXECUTE: [LOST]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert len(sent(run, calls.INIT)) == 2
    assert len(sent(run, calls.GENERATE)) == 1
    assert part(sent(run, calls.EXECUTE)[1], "plan") == PLAN


EXECUTE_FAULTS = [
    (400, {"detail": "Invalid plan: sections missing"}, RefusedError),
    (401, {"detail": "Unauthorized"}, RefusedError),
    (402, {"detail": "No credits"}, CreditsError),
    (403, {"detail": "Not authenticated"}, RefusedError),
    (422, {"detail": [{"loc": ["body", "plan"], "msg": "field required", "type": "value_error.missing"}]}, RefusedError),
    (429, {"detail": "Maximum of 10 concurrent executions reached."}, RateLimitedError),
    (503, {"detail": "Service Unavailable"}, JobStateUnknownError),
    (503, "<html></html>", JobStateUnknownError),
    (500, {"detail": "x"}, JobStateUnknownError),
    (502, "<html><body>Bad Gateway</body></html>", JobStateUnknownError),
    (504, "", JobStateUnknownError),
    (200, {}, JobStateUnknownError),
    (200, "<html></html>", JobStateUnknownError),
]


@pytest.mark.parametrize(("status", "body", "kind"), EXECUTE_FAULTS)
def test_answers_to_the_paid_call(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """Only a clear refusal says that nothing was begun."""
    with pytest.raises(kind) as raised:
        calls.execute("execute 1", TASK, PLAN).read(reply(body, status))
    if isinstance(body, dict) and "detail" in body:
        detail = body["detail"]
        assert (detail if isinstance(detail, str) else "field required") in raised.value.message


def test_a_refusal_after_the_first_execution_keeps_what_was_begun() -> None:
    """It is paid for."""
    studio = Studio(queued={calls.EXECUTE: [{"execid": "ex-1"}, reply({"detail": "no"}, 402)]})
    delivery = script(studio).run(SERVICE.score(ask(picture=picture(), takes=3)))
    assert len(delivery.offers) == 1
    assert "Take 2 and later" in delivery.notes[0]


@pytest.mark.parametrize(
    ("path", "status", "body", "kind"),
    [
        (calls.INIT, 401, {"detail": "Unauthorized"}, RefusedError),
        (calls.INIT, 403, {"detail": "Not authenticated"}, RefusedError),
        (calls.INIT, 413, {"detail": "Video too large"}, RefusedError),
        (calls.INIT, 422, {"detail": [{"loc": ["body", "filesize"], "msg": "value is not a valid integer"}]}, RefusedError),
        (calls.INIT, 503, {"detail": "Service Unavailable"}, UnavailableError),
        (calls.INIT, 200, {"taskid": None}, BadReplyError),
        (calls.CHUNK, 400, {"detail": "Upload already completed"}, RefusedError),
        (calls.CHUNK, 413, {"detail": "Chunk exceeds 30MB"}, RefusedError),
        (calls.CHUNK, 422, {"detail": [{"loc": ["body", "payload", "chunk_index"], "msg": "field required"}]}, RefusedError),
        (calls.CHUNK, 502, "<html><body>Bad Gateway</body></html>", UnavailableError),
        (calls.COMPLETE, 422, {"detail": [{"loc": ["body", "total_chunks"], "msg": "field required"}]}, RefusedError),
        (calls.VIDEO_ANALYSIS, 400, {"detail": "Upload is not complete"}, RefusedError),
        (calls.VIDEO_ANALYSIS, 422, {"detail": "Video could not be decoded"}, RefusedError),
        (calls.VIDEO_ANALYSIS, 200, "[1]", BadReplyError),
        (calls.GENERATE, 400, {"detail": "Video analysis required"}, RefusedError),
        (calls.GENERATE, 400, {"detail": "Audio analysis required for original_audio"}, RefusedError),
        (calls.GENERATE, 400, {"detail": "Unknown genre: polka"}, RefusedError),
        (calls.GENERATE, 422, {"detail": [{"loc": ["body", "analysis"], "msg": "field required"}]}, RefusedError),
        (calls.GENERATE, 429, {"detail": "Too many requests"}, RateLimitedError),
        (calls.GENERATE, 503, {"detail": "Service Unavailable"}, UnavailableError),
        (calls.GENERATE, 200, {"plan": {"sections": []}}, BadReplyError),
        (calls.GENERATE, 200, {"plan": {"sections": [1]}}, BadReplyError),
        (calls.STATUS, 422, {"detail": [{"loc": ["body", "execid"], "msg": "field required"}]}, RefusedError),
    ],
)
def test_answers_of_every_free_call(path: str, status: int, body: object, kind: type[SoundtrackError]) -> None:
    """Every family of error bodies; a lasting fault is shown when the runner has asked often enough."""
    studio = Studio(queued={path: [reply(body, status)] * 100})
    with pytest.raises(kind):
        script(studio).run(SERVICE.score(ask(picture=picture())))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, {"detail": "Too many status requests. Cooling down."}, RateLimitedError),
        (503, {"detail": "Service Unavailable"}, UnavailableError),
    ],
)
def test_too_many_questions_are_waited_out(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """The runner obeys ``Retry-After``."""
    with pytest.raises(kind):
        calls.status(ask(picture=picture()), "status 1", "ex-1").read(reply(body, status, retry_after="60"))


def test_a_cooldown_that_is_told_in_the_body_is_a_running_job() -> None:
    """The other form of it."""
    told = {"status": "processing", "url": None, "message": "Cooling down, try again in 60 seconds."}
    assert isinstance(calls.status(ask(picture=picture()), "status 1", "ex-1").read(reply(told)), Pending)


def test_a_link_that_expired_is_renewed_but_never_to_a_failure_report() -> None:
    """``error`` has a URL too."""
    renew = calls.fresh_link("link 1", "ex-1")
    assert renew.read(reply(finished("ex-1"))) == f"{STORAGE}ex-1.mp4"
    for state in ({"status": "error", "url": f"{STORAGE}x.json"}, INACTIVE):
        with pytest.raises(JobFailedError):
            renew.read(reply(state))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"picture": picture(size=5_000_000_000)}, LimitError),
        ({"takes": 11}, LimitError),
        ({"options": {"colour": "red"}}, SettingsError),
        ({"options": {"vocals": "loud"}}, SettingsError),
        ({"options": {"speech": "yes"}}, SettingsError),
        ({"service_plan": {"sections": []}}, SettingsError),
        ({"service_plan": {"plan": [1]}}, SettingsError),
        ({"service_plan": "plan"}, SettingsError),
    ],
)
def test_limits_are_checked_before_anything_is_sent(fields: dict[str, Any], kind: type[SoundtrackError]) -> None:
    """Ten executions at once, a picture, flags that are yes or no, plans that are plans."""
    with pytest.raises(kind):
        SERVICE.check(ask(**{"picture": picture(), **fields}))


def test_a_cue_is_checked_before_it_is_exported_but_never_scored_without_a_picture() -> None:
    """What it costs can be told before anything is decoded."""
    asked = ask(production_sound=True, options={"speech": "yes"})
    SERVICE.check(asked)
    assert SERVICE.wording(asked).sent["original_audio"] is True
    run = script()
    with pytest.raises(LimitError, match="scores a picture"):
        run.run(SERVICE.score(asked))
    assert run.sent == []


def test_wording_and_quote_tell_flags_and_that_no_price_is_published() -> None:
    """For ``--dry-run``."""
    asked = ask(picture=picture(), takes=4, instrumental=False)
    SERVICE.check(asked)
    assert SERVICE.wording(asked).sent["with_vocals"] is True
    assert "picture" in SERVICE.wording(asked).left_out[0]
    quote = SERVICE.quote(asked)
    assert (quote.least, quote.lines[0].most) == (None, 4)
    assert SERVICE.balance() is None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_of_an_answer_ends_in_music_or_in_an_error_of_ours(data: st.DataObject) -> None:
    """Fields may lack, be added, be of another type; statuses may be any."""
    paths = [calls.INIT, calls.CHUNK, calls.COMPLETE, calls.VIDEO_ANALYSIS, calls.GENERATE, calls.EXECUTE, calls.STATUS, STORAGE]
    target = data.draw(st.sampled_from(paths))
    studio = Studio()

    def service(request: Request) -> Reply:
        answer = studio(request)
        return data.draw(mutated(answer.json())) if request.path.startswith(target) else answer

    run = Script(service=service, sounds=script().sounds, unpacked=script().unpacked)
    try:
        assert run.run(SERVICE.score(ask(picture=picture(size=9)))).offers
    except SoundtrackError:
        assert run.sent
    except (AssertionError, KeyError) as error:  # the runner of the tests is asked for ever, or hears a file unknown to it
        if not any(words in str(error) for words in ("still asking", "nobody said how")) and not isinstance(error, KeyError):
            raise
