"""MusicAPI.ai (sonic): writes songs from words and extends them; API read on 2026-11-20.

Documentation: https://docs.musicapi.ai (instructions, create, extend, concat, task, webhooks, credits, errors) and the vendor's
page on video editors of 2026-05-16, which wins where they differ. Answers are JSON; the key goes as ``Authorization: Bearer``.

=====================================  =====================================================================================
POST /api/v1/sonic/create              ``create_music``: two clips; ``extend_music``: goes on from a clip at a second;
                                       ``concat_music``: source and new part in one; ``cover_upload_music``: in the manner
                                       of an uploaded reference; each answers with a ``task_id``
POST /api/v1/sonic/upload              has a reference fetched from a public URL; answers with its ``clip_id``
GET /api/v1/sonic/task/{task_id}       state and links; 202 (or 500, now and then) while it works; 504 failed, refunded
POST /api/v1/sonic/wav                 link to the lossless file of a clip, at once
GET /api/v1/get-credits                credits left
=====================================  =====================================================================================
"""

from __future__ import annotations

from typing import Any

from otio_soundtrack.errors import BadReplyError, JobFailedError, RefusedError, UnavailableError
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider import options, songs, wording
from otio_soundtrack.provider.answers import Asking, Meaning, error_of
from otio_soundtrack.provider.ask import Ask, Delivery, Quote, Wording
from otio_soundtrack.provider.declaration import Declaration, ReferenceLimits
from otio_soundtrack.provider.lengthening import Reach, Studio
from otio_soundtrack.provider.reading import Borne, id_at, json_of, number_at, record, records, text_at
from otio_soundtrack.provider.song_words import SONG_OPTIONS, Limits, SongWords, song_words
from otio_soundtrack.provider.steps import Call, Course, Fetch, Pace, Pending, Poll, Price, done, fetched
from otio_soundtrack.provider.takes import Track, clip, tracks_of

# What is assumed, and where it comes from. "Sheet": shared/providers/musicapi.md, from sources that are not the vendor's page.
MODEL = "sonic-v5"  # the vendor's page; sheet §4.3: old ids run the newest model since 2026-09
OLD_MODELS = ("sonic-v3-5", "sonic-v4")
NEW_MODELS = ("sonic-v4-5", "sonic-v4-5-plus", MODEL, "sonic-v5-5", "sonic-v6", "sonic-v6-wild", "sonic-v6-mini")
LIMITS = Limits(prompt=5000, style=1000, negative=1000, title=80)  # characters (sheet §4.2, §4.3; negative: as style, assumed)
OLD_LIMITS = Limits(prompt=3000, style=200, negative=200, title=80)
REACH = Reach(first=(90.0, 240.0), more=(55.0, 120.0), longest=480.0)  # sheet §4.3 and its exchanges M06, M11
OLD_REACH = Reach(first=(60.0, 120.0), more=(50.0, 60.0), longest=480.0)  # longest: of the joined song, as newer models
MODELS = dict.fromkeys(NEW_MODELS, (LIMITS, REACH)) | dict.fromkeys(OLD_MODELS, (OLD_LIMITS, OLD_REACH))
MOST_DESCRIPTION = 400  # characters of simple mode; seen live (sheet §4.2)
PRICES = songs.Prices(create=20.0, cover=15.0, extend=15.0, join=2.0, wav=2.0, joins=True, uploads=True)  # sheet §9
PRICES_OF = "2026-10-07"  # a create was documented with 15 credits, and seen with 20 on this day
PACE = Pace(first_seconds=20.0, every_seconds=20.0, patience_seconds=900.0)  # vendor's quick start: 15–25 s; 15 min assumed
FAULTS_BORNE = 5  # 500 while a task still works: this often in a row (sheet §5)
WAV_PATH = "/api/v1/sonic/wav"  # path: sister products' pages and public clients
UPLOAD_PATH, UPLOAD_SILENCE_S = "/api/v1/sonic/upload", 120.0  # answers after 20 s or more; its price is not recorded
UPLOADED_COVER, PLAIN_COVER = "cover_upload_music", "cover_music"  # the other where a server knows no first (sheet §4.1)
REFERENCE = ReferenceLimits(most_bytes=20_000_000, least_seconds=6.0, most_seconds=60.0)  # older page; bytes: not documented
CREATE_PATH, TASK_PATH, CREDITS_PATH = "/api/v1/sonic/create", "/api/v1/sonic/task/", "/api/v1/get-credits"
WEIGHTS = {"style_weight": "style_weight", "weirdness": "weirdness_constraint", "audio_weight": "audio_weight"}  # ours: theirs
MEANINGS: dict[int, Meaning] = {400: "refused", 401: "key", 404: "refused", 429: "slower"}  # 403: by its words (sheet §10)
SHORTEST_TARGET, LONGEST_TARGET = 10, 360  # seconds of ``duration`` (sheet §4.2)


class MusicApi:
    """Writes songs; pure translation."""

    declaration = Declaration(
        name="musicapi",
        title="MusicAPI.ai",
        model=MODEL,
        capabilities=frozenset({"generate", "extend", "remix", "wav"}),
        key_variable="MUSICAPI_API_KEY",
        base_url="https://api.musicapi.ai",
        paid=True,
        voice=True,
        ai="full",
        licence="Full commercial rights on output, by the vendor's page of 2026-05-16.",
        reference=REFERENCE,
        calls_back=True,
        options=SONG_OPTIONS
        | {
            "model": f"one of {', '.join(MODELS)}; {MODEL} where not said",
            "duration": f"{SHORTEST_TARGET}–{LONGEST_TARGET} seconds, a wish that newer servers know",
        },
        prices_of=PRICES_OF,
    )

    def check(self, ask: Ask, /) -> None:
        """Check an ask (see :class:`~otio_soundtrack.provider.service.Service`)."""
        songs.check_song(ask, self.declaration)
        self.wording(ask)

    def wording(self, ask: Ask, /) -> Wording:
        """Return the body of the create and what it cannot say."""
        body, left_out = _song(ask, f"(clip of {ask.reference_url})" if ask.reference_url else "")
        return Wording(sent=body, left_out=(*left_out, *wording.unsayable(ask.brief)))

    def quote(self, ask: Ask, /) -> Quote:
        """Return what the job would cost: creates of two clips each, extensions, joins, lossless files."""
        note = f"Prices as of {PRICES_OF}; a create was documented with 15 credits and seen with 20, which are reserved."
        return songs.quoted(ask, PRICES, MODELS[_model(ask)][1], note)

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course from the ask to takes that are long enough."""
        self.check(ask)
        return _scored(ask)

    def balance(self) -> Call[float] | None:
        """Return the call that tells the credits left, those of packs included."""
        return Call(label="balance", request=Request(method="GET", path=CREDITS_PATH), read=_credits)


def _scored(ask: Ask) -> Course[Delivery]:
    url = yield from songs.reference_url(ask)
    source = (yield from _uploaded(url)) if url else ""
    body, _ = _song(ask, source)
    order = songs.Orders(lambda reply: _id(reply, "task_id"), lambda told: id_at(told, "task_id")).order

    def created(label: str) -> Course[str]:
        try:
            return (yield from order(label, CREATE_PATH, body, PRICES.cover if source else PRICES.create))
        except RefusedError:
            if not source:
                raise
        return (yield from order(f"{label} as {PLAIN_COVER}", CREATE_PATH, body | {"task_type": PLAIN_COVER}, PRICES.cover))

    def continued(label: str, track: Track, at: float, /, *, last: bool) -> Course[tuple[Track, ...]]:
        task_id = yield from order(label, CREATE_PATH, _continuation(ask, track, at, last=last), PRICES.extend)
        return (yield from _made(f"{label} ready", task_id, songs.never))

    def joined(label: str, track: Track) -> Course[tuple[Track, ...]]:
        concat = {"task_type": "concat_music", "continue_clip_id": track.track_id}
        task_id = yield from order(label, CREATE_PATH, concat, PRICES.join)
        return (yield from _made(f"{label} ready", task_id, songs.never))

    studio = Studio(extend=continued, join=joined, reach=MODELS[_model(ask)][1])
    writer = songs.Writer(create=created, made=_made, studio=studio, lossless=_lossless)
    return (yield from songs.scored(ask, writer))


def _uploaded(url: str) -> Course[str]:
    """Have the reference fetched; return the id of its clip."""
    request = Request(method="POST", path=UPLOAD_PATH, json={"url": url}, silence_seconds=UPLOAD_SILENCE_S)
    return (
        yield from done(
            Call(
                label="reference upload",
                request=request,
                read=lambda reply: _id(reply, "clip_id"),
                price=Price(credits=PRICES.upload),
            )
        )
    )


def _made(label: str, task_id: str, suffices: songs.Suffices, /) -> Course[tuple[Track, ...]]:
    """Wait for the clips of a task."""
    borne = Borne(FAULTS_BORNE)
    request = Request(method="GET", path=TASK_PATH + task_id)
    poll = Poll(
        label=label,
        request=request,
        read=lambda reply: _state(reply, task_id, suffices, borne),
        pace=PACE,
        called_back=lambda told: _told(told, task_id, suffices),
    )
    clips = yield from done(poll)
    return tracks_of(task_id, clips, request, lambda reply: _clips(_answer(reply, "waiting"))[1])


def _lossless(label: str, track: Track) -> Course[Fetched]:
    """Have a lossless file made; its link is not renewed, because each one is paid for."""
    request = Request(method="POST", path=WAV_PATH, json={"clip_id": track.track_id})
    url = yield from done(Call(label=label, request=request, read=_wav_url, price=Price(credits=PRICES.wav)))
    return (yield from fetched(Fetch(label=f"{label} file", url=url, kind="audio")))


def _song(ask: Ask, source: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the body of a create, or of a cover of an uploaded clip, and what was left out of it."""
    words = song_words(ask, MODELS[_model(ask)][0])
    duration = options.number(ask.options, "duration", SHORTEST_TARGET, LONGEST_TARGET)
    body: dict[str, Any] = {"task_type": "create_music"}
    body |= {"task_type": UPLOADED_COVER, "continue_clip_id": source} if source else {}
    body |= {"custom_mode": not words.simple, "mv": _model(ask)}
    left_out = words.left_out
    if words.simple:
        text, left_out = wording.shortened("description", wording.description(ask.brief), MOST_DESCRIPTION)
        body |= {"gpt_description_prompt": text}
    else:
        body |= _fields(words, words.lyrics or words.description)
        body |= {"auto_lyrics": True} if not ask.brief.instrumental and not words.lyrics else {}
    body |= {WEIGHTS[name]: value for name, value in words.weights.items()}
    body |= {"vocal_gender": words.gender} if words.gender else {}
    body |= {"duration": round(duration)} if duration is not None else {}
    return body | _flags(ask), left_out


def _continuation(ask: Ask, track: Track, at: float, *, last: bool) -> dict[str, Any]:
    """Return the body of an extension; its words are new, so that lyrics are not sung twice."""
    body = {"task_type": "extend_music", "custom_mode": True, "mv": _model(ask), "continue_clip_id": track.track_id}
    body |= {"continue_at": int(at) if at == int(at) else at}  # older pages know whole seconds only, later ones any number
    body |= _fields(song_words(ask, MODELS[_model(ask)][0]), wording.continuation(ask.brief, last=last))
    return body | ({} if ask.brief.instrumental else {"auto_lyrics": True}) | _flags(ask)


def _fields(words: SongWords, prompt: str) -> dict[str, Any]:
    negative = {"negative_tags": words.negative} if words.negative else {}
    return {"prompt": prompt, "tags": words.style, "title": words.title, **negative}


def _flags(ask: Ask) -> dict[str, Any]:
    """``use_suno_cdn`` is needed by newer servers and unknown to older ones, which do not mind it (sheet §4.2)."""
    webhook = {"webhook_url": ask.callback_url} if ask.callback_url else {}
    return {"make_instrumental": ask.brief.instrumental, "use_suno_cdn": False, **webhook}


def _model(ask: Ask) -> str:
    return options.one_of(ask.options, "model", MODELS, MODEL)


def _answer(reply: Reply, asking: Asking) -> dict[str, Any]:
    """Return the JSON object of a good answer, or raise what the answer means."""
    body = json_of(reply)
    if 200 <= reply.status < 300 and isinstance(body, dict):
        return body
    words = text_at(body, "error", "message", "detail", "type") or f"HTTP {reply.status}"
    meaning = MEANINGS.get(reply.status, "fault")
    if reply.status == 403:
        meaning = "credits" if any(word in words.casefold() for word in ("credit", "subscription")) else "refused"
    raise error_of(meaning, MusicApi.declaration, words, asking)


def _id(reply: Reply, name: str) -> str:
    """Return the id that a paid call is answered with."""
    body = _answer(reply, "paid")
    if found := id_at(body, name) or id_at(body.get("data"), name):
        return found
    raise error_of("fault", MusicApi.declaration, f"no {name} was told", "paid")


def _wav_url(reply: Reply) -> str:
    body = _answer(reply, "paid")
    if found := text_at(body.get("data"), "wav_url") or text_at(body, "wav_url"):
        return found
    raise BadReplyError("MusicAPI.ai made a lossless file and told no link to it.")


def _credits(reply: Reply) -> float:
    body = _answer(reply, "free")
    fields = body if "credits" in body else record(body.get("data"))
    found = number_at(fields, "credits")
    if found is None:
        raise BadReplyError("MusicAPI.ai told no credits.")
    return found + (number_at(fields, "extra_credits") or 0.0)


def _state(reply: Reply, task_id: str, suffices: songs.Suffices, borne: Borne) -> Pending | list[dict[str, Any]]:
    """Read an answer to a poll."""
    body = json_of(reply)
    if reply.status == 500:  # also while a task works
        borne.once_more(UnavailableError("MusicAPI.ai cannot say how far the task is."))
        return Pending(stage="working", job_id=task_id)
    borne.over()
    if reply.status in (102, 202):
        return Pending(stage=text_at(body, "type") or "working", job_id=task_id)
    if reply.status == 400 or (reply.status == 504 and isinstance(body, dict)):  # unknown; timed out and refunded
        raise error_of("failed", MusicApi.declaration, text_at(body, "error", "message"), "waiting")
    return _settled(_answer(reply, "waiting"), task_id, suffices)


def _told(told: object, task_id: str, suffices: songs.Suffices) -> Pending | list[dict[str, Any]] | None:
    """Read a webhook; a failure is believed only when the task says so itself."""
    if id_at(told, "task_id") != task_id:
        return None
    try:
        return _settled(record(told), task_id, suffices)
    except JobFailedError:
        return Pending(stage="failed, by its webhook", job_id=task_id)


def _settled(body: dict[str, Any], task_id: str, suffices: songs.Suffices) -> Pending | list[dict[str, Any]]:
    states, clips = _clips(body)
    found = songs.settled(task_id, states, clips, states.count("failed"), suffices)
    if found is None:
        raise error_of("failed", MusicApi.declaration, text_at(body, "message"), "waiting")
    return found


def _clips(body: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the states of a task's clips and those that are ready; unknown states count as working, the deadline ends them.

    A joining task gives pairs, whose whole song is null while it is made.
    """
    items = [record(item["full"]) if "full" in item else item for item in records(body.get("data"))]
    states = [text_at(item, "state") or "pending" for item in items]
    ready = [
        clip(
            id_at(item, "clip_id"),
            text_at(item, "audio_url"),
            title=text_at(item, "title"),
            seconds=number_at(item, "duration"),
            facts={name: text_at(item, name) for name in ("tags", "lyrics", "image_url", "created_at", "mv")},
        )
        for item, state in zip(items, states, strict=True)
        if state == "succeeded" and text_at(item, "audio_url") and id_at(item, "clip_id")
    ]
    return states, ready
