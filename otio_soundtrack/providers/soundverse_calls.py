"""Soundverse's calls: requests, answers, limits, assumptions (see :mod:`otio_soundtrack.providers.soundverse`)."""

from __future__ import annotations

import json
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from otio_soundtrack.errors import JobFailedError, LimitError, RefusedError, SettingsError, SoundtrackError
from otio_soundtrack.model.wire import Reply, Request
from otio_soundtrack.provider.answers import Meaning, error_of
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.declaration import Declaration, ReferenceLimits
from otio_soundtrack.provider.lengthening import Reach
from otio_soundtrack.provider.reading import Borne, id_at, json_of, number_at, record, records, said, text_at
from otio_soundtrack.provider.steps import Call, Pace, Pending, Price, Stream
from otio_soundtrack.provider.takes import Track
from otio_soundtrack.provider.verdict import (
    FORBIDDEN,
    NO_CREDITS,
    OK,
    SERVER_ERROR,
    TOO_MANY,
    UNAUTHORISED,
    Judge,
    sentence,
    words_of,
)

# What is assumed, and why.
REMIX, EXTEND = "/v7/generate/remix", "/v6/extend/music"
STATES = (("/status/generation/", ""), ("/status/generations/", ""), ("/v5/status", "message_id"))
"""Path, and the field of the query where the id is no part of it. The page names the first; the others are older."""
MOST_PROMPT = 1024
"""Assumed: as on the song page."""
STREAM_SILENCE_S, STREAM_PATIENCE_S = 900.0, 2400.0
"""The page: silence for several minutes at 90 is normal. Assumed: no keep-alive in it."""
STATE_PACE = Pace(first_seconds=2.0, every_seconds=12.0, patience_seconds=1200.0)
"""Assumed: nothing is told."""
UNKNOWN_BORNE = 2
"""Answers in a row by which a form of the path does not know the job, before the next form is tried; the record may come late."""
SIGNS: tuple[tuple[str, Meaning], ...] = (
    ("rate limit", "slower"),
    ("insufficient balance", "credits"),
    ("temporarily unavailable", "closed"),
    ("reference audio error", "refused"),
)
"""What is documented of error bodies: words in ``message``. All others with a ``detail`` or ``success: false`` are refusals."""
STATUSES: dict[int, Meaning] = {NO_CREDITS: "credits", TOO_MANY: "slower"}
"""Assumed: what a refusal means whose words say nothing."""
EXTENSION = Reach(first=(10.0, 350.0), more=(30.0, 120.0), longest=420.0)
"""Seconds. Assumed: a remix is as long as its reference. 30 is the default of an extension, 420 the song page's longest."""
EXTENSION_SILENCE_S = 900.0
REFERENCE = ReferenceLimits(most_bytes=10_485_760, least_seconds=10.0, most_seconds=350.0)

DECLARATION = Declaration(
    name="soundverse",
    title="Soundverse",
    model="remix v7",
    capabilities=frozenset({"remix", "extend"}),
    key_variable="SOUNDVERSE_API_KEY",
    base_url="https://api.soundverse.ai",
    paid=True,
    voice=True,
    ai="full",
    licence="By the account's plan, and by the rights in the reference that was remixed.",
    reference=REFERENCE,
    needs_reference=True,
    options={
        "lyrics": "words to be sung; the description is taken where there are none",
        "parameters": "JSON object that is passed to the model",
        "extend": "yes: a remix shorter than the cue is extended, each time for a price",
    },
)
JUDGE = Judge(service=DECLARATION.title, key_variable="SOUNDVERSE_API_KEY")


def remix(label: str, body: dict[str, Any]) -> Stream[dict[str, str]]:
    """Return the paid call whose answer is a stream; its result has ``url``, ``id``, ``title`` and ``cover``."""
    begun = False

    def opened(reply: Reply) -> None:
        if reply.status != OK or not reply.headers.get("content-type", "").lower().startswith("text/event-stream"):
            raise refusal(reply)

    def event(data: str) -> Pending | dict[str, str]:
        nonlocal begun
        reply = Reply(status=OK, headers={}, body=data.encode(errors="replace"), url="")
        chunk = _fields(json_of(reply))
        job_id = id_at(chunk, "message_id", "job_id")
        begun = begun or bool(job_id)
        if chunk.get("success") is False and not begun:
            raise refusal(reply)
        return _ended(chunk, job_id) or _running(chunk, job_id)  # of this event alone: only the last one is kept and read again

    request = Request(method="POST", path=REMIX, json=body, accept="text/event-stream", silence_seconds=STREAM_SILENCE_S)
    return Stream(
        label=label, request=request, opened=opened, event=event, price=Price(credits=None), patience_seconds=STREAM_PATIENCE_S
    )


def state(form: tuple[str, str], job_id: str) -> Request:
    """Return the question for the state of a job, in one of its :data:`STATES` forms."""
    path, field = form
    return (
        Request(method="GET", path=path, query=((field, job_id),))
        if field
        else Request(method="GET", path=path + quote(job_id, safe=""))
    )


def state_reader(job_id: str, borne: Borne | None) -> Callable[[Reply], Pending | dict[str, str]]:
    """Return a reader of states, which refuses where this form of the path goes on not to know the job; without end for None."""

    def read(reply: Reply) -> Pending | dict[str, str]:
        if reply.status in (UNAUTHORISED, FORBIDDEN, TOO_MANY) or reply.status >= SERVER_ERROR:
            raise JUDGE.waiting(reply, "the state of a remix")
        chunk = _fields(json_of(reply)) if reply.status == OK else {}
        if chunk.get("success") is False:
            error, chunk = refusal(reply), {}  # of the question, not of the job
            if error.retryable:
                raise error
        if ended := _ended(chunk, job_id):
            return ended
        if not text_at(chunk, "status"):
            if borne is not None:
                borne.once_more(RefusedError("Soundverse does not know the job by this form of the path."))
            return Pending(stage="not known yet", job_id=job_id)
        return _running(chunk, job_id)

    return read


def fresh_link(label: str, job_id: str) -> Call[str]:
    """Return the call for a fresh link to a remix."""

    def read(reply: Reply) -> str:
        if url := text_at(_fields(json_of(reply)), "audio_url"):
            return url
        raise JobFailedError("Soundverse has no link to the remix any more.", hint=f"Its id is {job_id}.")

    return Call(label=label, request=state(STATES[0], job_id), read=JUDGE.reading(read, "a fresh link"))


def _fields(body: object) -> dict[str, Any]:
    """Return the fields of a chunk or state, bare or inside ``data``."""
    return record(record(body).get("data")) or record(body)


def _ended(chunk: dict[str, Any], job_id: str) -> dict[str, str] | None:
    """Return what a remix became, None while it is being made; links to listen to before that are not the result.

    Raises:
        JobFailedError: it failed.
    """
    status, error = text_at(chunk, "status").lower(), chunk.get("error")
    if error or status == "failed" or chunk.get("success") is False:
        words = said(error or text_at(chunk, "message")) or "no reason is told"
        hint = "It may have been charged." + (f" Its id is {job_id}." if job_id else "")
        raise JobFailedError(sentence(f"Soundverse's remix failed: {words}"), hint=hint)
    if chunk.get("isComplete") is not True and status != "completed":
        return None
    cover, title = text_at(chunk, "album_art"), said(text_at(chunk, "song_name"))
    return {"url": text_at(chunk, "audio_url"), "id": job_id, "title": title, "cover": said(cover)}


def _running(chunk: dict[str, Any], job_id: str) -> Pending:
    progress = number_at(chunk, "progress")
    share = None if progress is None else min(max(progress / 100, 0.0), 1.0)
    return Pending(stage=said(text_at(chunk, "status")) or "working", share=share, job_id=job_id or None)


def refusal(reply: Reply) -> SoundtrackError:
    """Return what an answer means that is no stream, or a first event that is a refusal: by its body, else by its status."""
    body = record(json_of(reply))
    words = words_of(reply)
    shown = sentence(f"HTTP {reply.status}, {words}")
    message = text_at(body, "message").lower()
    meaning: Meaning | None = next((meaning for sign, meaning in SIGNS if sign in message), None)
    if meaning is None and reply.status in (UNAUTHORISED, FORBIDDEN):
        meaning = "key"
    refuses = "detail" in body or body.get("success") is False
    if meaning is None and refuses and reply.status < SERVER_ERROR:
        meaning = STATUSES.get(reply.status, "refused")
    return error_of(meaning or "fault", DECLARATION, shown, "paid")


def extension(label: str, track: Track, words: str, seconds: int) -> Call[dict[str, str]]:
    """Return the paid call that makes a song so many seconds longer at its end."""
    body = {"audio_url": track.url, "prompt": words, "duration": seconds, "side": "right"}
    request = Request(method="POST", path=EXTEND, json=body, silence_seconds=EXTENSION_SILENCE_S)
    return Call(label=label, request=request, read=_extended, price=Price(credits=None))


def _extended(reply: Reply) -> dict[str, str]:
    body = record(json_of(reply))
    song = next((one for one in records(body.get("audio_data")) if text_at(one, "audio_url")), None)
    if reply.status == OK and song is not None:
        return {"url": text_at(song, "audio_url"), "id": id_at(body, "message_id"), "title": said(text_at(song, "song_name"))}
    raise refusal(reply)


def parameters_of(ask: Ask) -> dict[str, Any]:
    """Return what is passed to the model.

    Raises:
        SettingsError: it is no JSON object.
    """
    given = ask.options.get("parameters", "{}")
    try:
        parameters = json.loads(given)
    except (ValueError, RecursionError):
        parameters = None
    if not isinstance(parameters, dict):
        raise SettingsError(f"parameters cannot be {given!r}.", hint='It is a JSON object, like {"strength": 0.5}.')
    return parameters


def check_public(url: str) -> None:
    """Check that a service could fetch a URL at all.

    Raises:
        LimitError: it is no web address, or one of this machine or network.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        private = host == "localhost" or ("." not in host and ":" not in host)
        private = private or ((host.replace(".", "").isdecimal() or ":" in host) and not ip_address(host).is_global)
    except ValueError:
        private, parts = True, urlsplit("")
    if private or parts.scheme not in ("http", "https"):
        raise LimitError("Soundverse cannot fetch the reference from there.", hint="Give an https URL that anybody may fetch.")
