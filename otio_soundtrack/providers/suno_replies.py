"""What Suno's gateways answer: codes in the body by dialect, states of songs, lossless files and videos, callbacks (pure).

Results are plain data. Field names come in camel and in snake case; ``source…`` links are deprecated and ``stream…`` links are
no final files, so neither is read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from otio_soundtrack.errors import BadReplyError, JobFailedError, RefusedError
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.answers import Asking, Meaning, error_of
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.reading import Borne, id_at, json_of, number_at, number_of, record, records, said, text_at
from otio_soundtrack.provider.songs import Suffices
from otio_soundtrack.provider.steps import Pending
from otio_soundtrack.provider.takes import clip

# What is assumed, and where it comes from: shared/providers/suno.md, "sheet".
KIE, SUNOAPI = "kie", "sunoapi"  # dialects: sunoapi where the host says so, else the seed's (sheet §1.1)
MEANINGS: dict[int, Meaning] = {
    401: "key",
    402: "credits",
    405: "slower",
    430: "slower",
    451: "failed",
    455: "closed",
    531: "failed",
}
MEANINGS |= dict.fromkeys((400, 404, 409, 413, 422, 505), "refused")  # sheet §8; 429: dialect and words; 408, 500, 501: a fault
EXISTS, UNKNOWN, MANY, NOT_MADE = 409, 404, 429, 501
SUCCESS = (200, 0)  # 0: the seed's example; only with data
POOR_WORDS, FAST_WORDS = ("credit", "balance", "insufficient"), ("frequen", "too many", "rate")  # of 429 (sheet §8)
FAILED = ("CREATE_TASK_FAILED", "GENERATE_AUDIO_FAILED", "GENERATE_WAV_FAILED", "GENERATE_MP4_FAILED", "FAILED")  # sheet §5
ENDED, ORPHAN, INDECENT = "SUCCESS", "CALLBACK_EXCEPTION", "SENSITIVE_WORD_ERROR"
UNKNOWN_BORNE, ORPHAN_BORNE = 3, 5  # polls: a record not known yet, for a minute; an end without a file (sheet §9)
URL_FIELDS = {"wav": ("audioWavUrl", "audio_wav_url"), "mp4": ("videoUrl", "video_url")}
FACTS = {"tags": "tags", "lyrics": "prompt", "image_url": "imageUrl", "mv": "modelName"}  # ours: theirs
WHO = Declaration(
    name="suno", title="Suno", model="", capabilities=frozenset(), key_variable="SUNO_API_KEY", ai="full", licence=""
)


def dialect_at(url: str) -> str:
    """Return whose meanings hold at an address."""
    return SUNOAPI if "sunoapi" in (urlsplit(url).hostname or "") else KIE


def good(reply: Reply, dialect: str, asking: Asking) -> Any:  # noqa: ANN401  # each call has its own data
    """Return the data of a good answer, or raise what the answer means: by the code in its body, else by its status.

    Args:
        reply: the answer.
        dialect: whose meanings hold, empty for those of its host.
        asking: what was asked.
    """
    code, words, data = _envelope(reply)
    if code in SUCCESS and data is not None:
        return data
    meaning = MEANINGS.get(code, "failed" if code == NOT_MADE and asking != "paid" else "fault")
    if code == MANY:
        low = words.casefold()
        poor = any(word in low for word in POOR_WORDS)
        fast = any(word in low for word in FAST_WORDS)
        home = (dialect or dialect_at(reply.url)) == SUNOAPI
        meaning = "credits" if poor or (home and not fast) else "slower"
    raise error_of(meaning, WHO, words or f"code {code}", asking)


def task_id(reply: Reply, dialect: str) -> str:
    """Return the task that a paid call began."""
    if found := id_at(good(reply, dialect, "paid"), "taskId", "task_id"):
        return found
    raise error_of("fault", WHO, "no task id was told", "paid")


def begun(reply: Reply, dialect: str, music_task: str) -> list[Any]:
    """Return the task of a conversion and whether it was there already.

    A record that exists (409) is looked for under the id that the answer tells, else under that of the music task.
    """
    code, _, data = _envelope(reply)
    if code == EXISTS:
        return [id_at(data, "taskId", "task_id") or music_task, True]
    return [task_id(reply, dialect), False]


def balance(reply: Reply) -> float:
    """Return the credits left, a number or an object with one."""
    data = good(reply, "", "free")
    found = number_at(data, "credits", "credit") if isinstance(data, dict) else number_of(data)
    if found is None:
        raise BadReplyError("Suno told no credits.")
    return found


def clips_of(reply: Reply, dialect: str) -> list[dict[str, Any]]:
    """Return the songs of a record that are ready."""
    return _clips(record(good(reply, dialect, "waiting")))


def link(reply: Reply, dialect: str, kind: str) -> str:
    """Return a fresh link to a lossless file or a video."""
    if url := text_at(record(good(reply, dialect, "waiting")).get("response"), *URL_FIELDS[kind]):
        return url
    raise JobFailedError("Suno has no link to the file any more.")


class _RecordReader:
    """Reads the answers to one poll."""

    def __init__(self, dialect: str, task: str) -> None:
        self._dialect = dialect
        self._task = task
        self._unknown = Borne(UNKNOWN_BORNE)
        self._empty = Borne(ORPHAN_BORNE)

    def _record(self, reply: Reply) -> dict[str, Any] | None:
        """Return the record, None while it is not known yet: right after the call it may not be."""
        code, words, data = _envelope(reply)
        if code == UNKNOWN or (code in SUCCESS and not record(data)):
            self._unknown.once_more(JobFailedError(f"Suno has no record of the task{f': {said(words)}' if said(words) else '.'}"))
            return None
        self._unknown.over()
        return record(good(reply, self._dialect, "waiting"))

    def _pending(self, state: str) -> Pending:
        return Pending(stage=said(state) or "not known yet", job_id=self._task)

    def _without(self, found: dict[str, Any], state: str) -> Pending:
        """Bear a record that has nothing to fetch, or raise its end."""
        words = said(text_at(found, "errorMessage", "error_message"))
        if state == INDECENT:
            raise RefusedError(f"Suno's filter refused the words: {words or state}", hint="Change prompt, style or lyrics.")
        if state in FAILED:
            raise error_of("failed", WHO, words or state, "waiting")
        if state in (ENDED, ORPHAN):
            self._empty.once_more(JobFailedError(f"Suno's task ended as {state} with nothing to fetch."))
        return self._pending(state)


class SongReader(_RecordReader):
    """Reads the state of songs: those that are ready, once they suffice or none is worked on any more."""

    def __init__(self, dialect: str, task: str, suffices: Suffices) -> None:
        """Take whose meanings hold, the task, and whether a song that is ready needs no waiting for the other."""
        super().__init__(dialect, task)
        self._suffices = suffices

    def __call__(self, reply: Reply) -> Pending | list[dict[str, Any]]:
        """Read an answer."""
        found = self._record(reply)
        if found is None:
            return self._pending("")
        state, clips = text_at(found, "status").upper(), _clips(found)
        if clips and (state in (ENDED, ORPHAN, *FAILED) or _enough(clips, self._suffices)):
            return clips
        return self._pending(state) if clips else self._without(found, state)


class FileReader(_RecordReader):
    """Reads the state of a lossless file or a video: its URL."""

    def __init__(self, dialect: str, task: str, kind: str) -> None:
        """Take whose meanings hold, the task, and ``wav`` or ``mp4``."""
        super().__init__(dialect, task)
        self._kind = kind

    def __call__(self, reply: Reply) -> Pending | str:
        """Read an answer."""
        found = self._record(reply)
        if found is None:
            return self._pending("")
        state = text_at(found, "successFlag", "success_flag", "status").upper()
        return text_at(found.get("response"), *URL_FIELDS[self._kind]) or self._without(found, state)


# ---- callbacks: the runner hands over what was posted to the address that holds this job's own token -------------------------


def told_id(told: object) -> str:
    """Return the music task that a callback is about, empty where it is about something else."""
    data = record(record(told).get("data"))
    return id_at(data, "task_id", "taskId") if "callbackType" in data else ""


def told_clips(told: object, task: str, suffices: Suffices) -> Pending | list[dict[str, Any]] | None:
    """Return the songs of a callback for a task; a failure is believed only when the record says so itself."""
    if told_id(told) != task:
        return None
    data = record(record(told).get("data"))
    stage, clips = text_at(data, "callbackType"), _clips(data)
    if clips and _code(told) in SUCCESS and (stage == "complete" or _enough(clips, suffices)):
        return clips
    return Pending(stage=said(stage) or "told", job_id=task)


def told_conversion(told: object, kind: str, known: set[str]) -> list[Any] | None:
    """Return a conversion's task as :func:`begun` does, None where the callback is about another call."""
    data = record(record(told).get("data"))
    found = id_at(data, "task_id", "taskId") if any(name in data for name in URL_FIELDS[kind]) else ""
    return [found, False] if found and found not in known else None


def told_file(told: object, task: str, kind: str) -> Pending | str | None:
    """Return the URL that a callback tells for a conversion."""
    data = record(record(told).get("data"))
    if id_at(data, "task_id", "taskId") != task or not any(name in data for name in URL_FIELDS[kind]):
        return None
    url = text_at(data, *URL_FIELDS[kind]) if _code(told) in SUCCESS else ""
    return url or Pending(stage="told", job_id=task)


def _envelope(reply: Reply) -> tuple[int, str, Any]:
    """Return code, message and data; without a code in the body that of HTTP, where success without one is none."""
    body = json_of(reply)
    code = _code(body)
    if code is None:
        code = reply.status if reply.status not in SUCCESS else -1
    return code, text_at(body, "msg", "message", "error"), record(body).get("data")


def _code(body: object) -> int | None:
    told = number_of(record(body).get("code"))
    return None if told is None else int(told)


def _enough(clips: list[dict[str, Any]], suffices: Suffices) -> bool:
    return any(suffices(one["seconds"] or 0.0) for one in clips)


def _clips(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the songs with a final file, of a record or of a callback."""
    response = record(data.get("response"))
    items = records(response.get("sunoData")) or records(response.get("data")) or records(data.get("data"))
    return [
        clip(
            id_at(item, "id"),
            text_at(item, "audioUrl", "audio_url"),
            title=text_at(item, "title"),
            seconds=number_at(item, "duration"),
            facts={ours: text_at(item, theirs, _snake(theirs)) for ours, theirs in FACTS.items()},
        )
        for item in items
        if id_at(item, "id") and text_at(item, "audioUrl", "audio_url")
    ]


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name)
