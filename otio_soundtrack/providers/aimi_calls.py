"""Aimi Sync's calls: requests, answers, limits, assumptions (see :mod:`otio_soundtrack.providers.aimi`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from otio_soundtrack.errors import BadReplyError, JobFailedError, LimitError, SettingsError
from otio_soundtrack.model.wire import FilePiece, Part, Reply, Request
from otio_soundtrack.provider.ask import Ask, LocalFile
from otio_soundtrack.provider.options import one_of
from otio_soundtrack.provider.reading import Borne, id_at, json_of, record, said, text_at
from otio_soundtrack.provider.steps import Call, Pace, Pending, Poll, Price
from otio_soundtrack.provider.verdict import ACCEPTED, BAD_REQUEST, NOT_FOUND, OK, Judge, sentence, words_of

# What is assumed. Documented on the wire: generate and status; of the other calls the guide tells name and purpose only.
INIT, CHUNK, COMPLETE = "/sync_upload_init", "/sync_upload_chunk", "/sync_upload_complete"
"""Assumed: paths are the names of the guide's functions, as those of generate and status are; bodies are JSON."""
VIDEO_ANALYSIS, AUDIO_ANALYSIS = "/sync_video_analysis", "/sync_audio_analysis"
"""Assumed, by the newer site's names."""
GENERATE, EXECUTE, STATUS = "/sync_generate", "/sync_execute", "/sync_status"
TASK, EXECUTION, INDEX, COUNT = "taskid", "execid", "chunk_index", "total_chunks"
"""Fields. ``execid`` and ``taskid`` are documented; assumed: the others, and that the first index is 0."""
PIECE_BYTES = 25 * 1024 * 1024
"""The guide says 30 MB at most; assumed: room for the multipart around it and for either meaning of MB."""
MOST_BYTES = 4_000_000_000
"""Assumed: no limit is told."""
PIECES_AT_ONCE = 3
MOST_EXECUTIONS = 10
"""Guide and FAQ, for a user."""
LAST_SECONDS = 3.0, 180.0
"""A job is waited for so many times the cue's length, and so many seconds; the guide: about its length, longer for long ones."""
STATUS_EVERY_S, STATUS_FIRST_S = 8.0, 10.0
"""FAQ: more than 5 s between two questions, else a cooldown."""
INACTIVE_BORNE = 4
"""Answers "inactive" in a row. Assumed: an execution may not be visible in its first 30 s; after that it is gone."""
UNKNOWN_BORNE = 40
"""Answers with a state that is not documented, in a row: five minutes."""
ANALYSIS_EVERY_S, ANALYSIS_SILENCE_S = 10.0, 300.0
"""Assumed: the analysis is the answer to one long call; 202 means that it is to be asked again."""
GENERATE_SILENCE_S = 180.0
MISSING_PIECES = re.compile(r"\[([\d,\s]*)\]")
"""Assumed: how a completion tells the pieces that lack, ``Missing chunks: [1]``."""
FLAGS = {
    "vocals": ("with_vocals", "sung vocals"),
    "voiceover": ("with_voiceover", "a spoken voice-over of the service"),
    "instruments": ("with_instrument", "a detailed choice of instruments"),
    "speech": ("original_audio_voiceover", "the production sound is speech: the music ducks under it"),
    "no_ducking": ("no_ducking", "the music does not duck under voices"),
    "stems": ("multitrack", "an archive that holds the stems too; they are kept with the job"),
}
"""Our options, theirs, and what they mean (generate, plan guide). All are always sent: two pages tell other defaults."""
SOUND_FLAG = "original_audio"
YES = ("yes", "no")
LOST = "the upload is not known"
"""Result of a call that is told 404: everything is uploaded once more."""

JUDGE = Judge(service="Aimi", key_variable="AIMI_API_KEY")


def begin(label: str, facts: dict[str, Any]) -> Call[str]:
    """Return the call that begins an upload; its result is the task."""

    def read(reply: Reply) -> str:
        if task := id_at(json_of(reply), TASK):
            return task
        raise BadReplyError("Aimi began an upload and told no task.", hint="Nothing was paid for.")

    return Call(label=label, request=Request(method="POST", path=INIT, json=facts), read=JUDGE.reading(read, "the upload"))


def piece(label: str, picture: LocalFile, task: str, index: int) -> Call[Any]:
    """Return the call that sends a piece of the cut; its result is True, or :data:`LOST`."""
    start = index * PIECE_BYTES
    content = FilePiece(path=picture.path, start=start, length=min(PIECE_BYTES, picture.size - start))
    parts = (
        _json_part("payload", {TASK: task, INDEX: index}),
        Part(name="chunk", content=content, filename=f"chunk_{index}.bin", media_type="application/octet-stream"),
    )
    read: Callable[[Reply], Any] = JUDGE.reading(lambda _: True, "a piece of the upload", lost=LOST)
    return Call(label=label, request=Request(method="POST", path=CHUNK, parts=parts), read=read)


def complete(label: str, task: str, count: int) -> Call[Any]:
    """Return the call that ends an upload; its result are the indices of pieces that lack, or :data:`LOST`."""

    def read(reply: Reply) -> Any:  # noqa: ANN401  # list or LOST
        found = MISSING_PIECES.search(words_of(reply)) if reply.status == BAD_REQUEST else None
        missing = sorted({int(one) for one in found[1].split(",") if one.strip().isdecimal()}) if found else []
        if missing and missing[-1] < count:
            return missing
        return JUDGE.reading(lambda _: [], "the end of the upload", lost=LOST)(reply)

    return Call(label=label, request=Request(method="POST", path=COMPLETE, json={TASK: task, COUNT: count}), read=read)


def analysis(ask: Ask, label: str, path: str, task: str) -> Poll[str]:
    """Ask for an analysis; its result is the document as it was sent, because it is sent back."""

    def read(reply: Reply) -> Pending | str:
        if reply.status == ACCEPTED:
            return Pending(stage=label)
        return JUDGE.reading(_document, f"the {label}", lost=LOST)(reply)

    patience = patience_of(ask)
    silence = max(ANALYSIS_SILENCE_S, patience)
    request = Request(method="POST", path=path, json={TASK: task}, silence_seconds=silence)
    pace = Pace(first_seconds=0.0, every_seconds=ANALYSIS_EVERY_S, patience_seconds=patience + silence)
    return Poll(label=label, request=request, read=read, pace=pace)


def generate(label: str, task: str, document: str, flags: dict[str, Any]) -> Call[Any]:
    """Return the call for a plan, which gets the analysis back; its result is the plan, or :data:`LOST`."""

    def read(reply: Reply) -> Any:  # noqa: ANN401  # JSON
        plan = unwrapped(json_of(reply))
        if not is_plan(plan):
            raise BadReplyError("Aimi answered with something that is no plan.", hint="Nothing was paid for.")
        return plan

    analysed = Part(name="analysis", content=document, filename="analysis.json", media_type="application/json")
    parts = (analysed, _json_part("payload", {TASK: task, **flags}))
    request = Request(method="POST", path=GENERATE, parts=parts, silence_seconds=GENERATE_SILENCE_S)
    return Call(label=label, request=request, read=JUDGE.reading(read, "the plan", lost=LOST))


def execute(label: str, task: str, plan: Any) -> Call[str]:  # noqa: ANN401  # JSON
    """Start an execution: paid, never begun twice by itself."""

    def read(reply: Reply) -> str:
        execution = id_at(json_of(reply), EXECUTION) if reply.status == OK else ""
        if reply.status == NOT_FOUND or execution:
            return execution or LOST
        raise JUDGE.paid(reply, "an execution")

    parts = (_json_part("plan", plan, "plan.json"), _json_part("payload", {TASK: task}))
    return Call(label=label, request=Request(method="POST", path=EXECUTE, parts=parts), read=read, price=Price(credits=None))


def fresh_link(label: str, execution: str) -> Call[str]:
    """Return the call for a fresh link to what an execution made."""

    def read(reply: Reply) -> str:
        body = json_of(reply)
        if text_at(body, "status") == "finished" and (url := text_at(body, "url", "videourl")):
            return url
        raise JobFailedError("Aimi has no link to the music any more.", hint="Another execution makes other music.")

    return Call(label=label, request=_status_request(execution), read=JUDGE.reading(read, "a fresh link"))


def patience_of(ask: Ask) -> float:
    """Return how long an execution or analysis of a cue is waited for, seconds."""
    times, more = LAST_SECONDS
    return times * ask.brief.seconds + more


def status(ask: Ask, label: str, execution: str, *, first_seconds: float = STATUS_FIRST_S) -> Poll[dict[str, str]]:
    """Wait for an execution: ``url`` and ``results`` where it finished, ``message`` and ``report`` where it failed."""
    inactive, unknown = Borne(INACTIVE_BORNE), Borne(UNKNOWN_BORNE)

    def read(reply: Reply) -> Pending | dict[str, str]:
        if reply.status not in (OK, NOT_FOUND):
            raise JUDGE.waiting(reply, "the state of an execution")
        body = record(json_of(reply))
        state = "inactive" if reply.status == NOT_FOUND else text_at(body, "status").lower()
        told = said(text_at(body, "message")) or state or "no state"
        url = text_at(body, "url", "videourl")
        if state == "finished" and url:
            return {"url": url, "results": text_at(body, "queryurl")}
        if state == "error":
            return {"message": told, "report": url}
        if state in ("pending", "processing"):
            inactive.over()
            unknown.over()
        else:
            borne, what = (inactive, "is not active any more") if state == "inactive" else (unknown, f"is “{said(state)}”")
            borne.once_more(JobFailedError(sentence(f"Aimi's execution {what}: {told}")))
        return Pending(stage=told, job_id=execution)

    pace = Pace(first_seconds=first_seconds, every_seconds=STATUS_EVERY_S, patience_seconds=patience_of(ask))
    return Poll(label=label, request=_status_request(execution), read=read, pace=pace)


def flags_of(ask: Ask) -> dict[str, Any]:
    """Return the flags of a plan, every one of them.

    Raises:
        SettingsError: an option that is neither yes nor no, or speech without the sound it lies in.
    """
    set_ = {theirs: one_of(ask.options, ours, YES, "no") == "yes" for ours, (theirs, _) in FLAGS.items()}
    keeps = ask.production_sound and (ask.picture is None or ask.picture.has_sound)
    if set_["original_audio_voiceover"] and not keeps:
        raise SettingsError("speech=yes is about the production sound, and that is not kept.", hint="Leave it out.")
    set_["with_vocals"] |= not ask.brief.instrumental and "vocals" not in ask.options
    set_["multitrack"] |= ask.wav
    genre = ask.options.get("genre", "").strip()
    return {**set_, SOUND_FLAG: keeps, **({"genre": genre} if genre else {})}


def picture_of(ask: Ask) -> LocalFile:
    """Return the cut.

    Raises:
        LimitError: there is none, or it is larger than the service takes.
    """
    if ask.picture is None:
        raise LimitError("Aimi scores a picture, and there is none.", hint="Export the cut for it.")
    if ask.picture.size > MOST_BYTES:
        raise LimitError(f"The cut has {ask.picture.size} bytes; Aimi takes {MOST_BYTES}.", hint="Export it smaller.")
    return ask.picture


def unwrapped(plan: object) -> Any:  # noqa: ANN401  # JSON
    """Return a plan without the object that answers wrap it in."""
    return plan["plan"] if isinstance(plan, dict) and "plan" in plan and "sections" not in plan else plan


def is_plan(plan: object) -> bool:
    """Return whether a document is a plan, as far as anybody knows: it has a list of sections."""
    sections = plan.get("sections") if isinstance(plan, dict) else None
    return isinstance(sections, list) and bool(sections) and all(isinstance(one, dict) for one in sections)


def _json_part(name: str, content: object, filename: str | None = None) -> Part:
    return Part(name=name, content=json.dumps(content, ensure_ascii=False), filename=filename, media_type="application/json")


def _document(reply: Reply) -> str:
    """Return a document as it was sent, where it is a JSON object."""
    if not isinstance(json_of(reply), dict):
        raise BadReplyError("Aimi answered with something that is no analysis.", hint="Nothing was paid for.")
    return reply.text


def _status_request(execution: str) -> Request:
    return Request(method="POST", path=STATUS, json={EXECUTION: execution})
