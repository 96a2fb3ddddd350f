"""Suno through a gateway (docs.kie.ai, docs.sunoapi.org): writes songs, extends them, makes videos of them; read on 2026-11-20.

Two operators publish the same paths. The page that the project started from is kie's wording and wins; the other differs in
the meaning of 429 (no credits there, too many calls here). Success is told by ``code`` in the body, whatever the HTTP status:
200, or 0 with data. The key goes as ``Authorization: Bearer``. Every POST needs a ``callBackUrl``, also where one polls.

========================================  ==================================================================================
POST /api/v1/generate                     two songs from style and title (or lyrics); answers with a ``taskId``
POST /api/v1/generate/extend              a song that goes on from ``continueAt`` seconds, by the model of its source
POST /api/v1/generate/upload-cover        a song in the manner of a reference at a public URL
GET /api/v1/generate/record-info          ``?taskId=``: state and links of the three above
POST /api/v1/wav/generate, mp4/generate   lossless file, or video with author and domain name, of one song; 409: exists
GET /api/v1/wav/record-info, mp4/…        their state
GET /api/v1/generate/credit               credits left
========================================  ==================================================================================
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from otio_soundtrack.errors import LimitError, SettingsError
from otio_soundtrack.model.wire import Fetched, Request
from otio_soundtrack.provider import options, wording
from otio_soundtrack.provider.ask import Ask, Clip, Delivery, Quote, Wording
from otio_soundtrack.provider.declaration import Declaration, ReferenceLimits
from otio_soundtrack.provider.lengthening import Reach, Studio, enough
from otio_soundtrack.provider.song_words import SONG_OPTIONS, Limits, SongWords, song_words
from otio_soundtrack.provider.songs import Orders, Prices, Suffices, Writer, check_song, never, quoted, reference_url, scored
from otio_soundtrack.provider.steps import Call, Course, Fetch, Pace, Poll, Price, done, fetched
from otio_soundtrack.provider.takes import Track, tracks_of
from otio_soundtrack.providers import suno_replies as replies
from otio_soundtrack.providers.suno_replies import KIE, SUNOAPI, dialect_at

# What is assumed, and where it comes from. "Sheet": shared/providers/suno.md; the page on videos (the seed) wins over it.
BASE_URL = "https://api.kie.ai"  # the server of the pages whose wording the seed has
MODELS = {KIE: "V5", SUNOAPI: "V6"}  # where not said: V6 was not seen at kie (sheet §4.2)
OLD_MODELS = ("V3_5", "V4")
NEW_MODELS = ("V6", "V6_WILD", "V6_MINI")
ALL_MODELS = (*NEW_MODELS, "V5_5", "V5", "V4_5PLUS", "V4_5ALL", "V4_5", *OLD_MODELS)
TIMED_MODELS = (*NEW_MODELS, "V5_5")  # take ``duration``, and make 20 s without it
SHORTEST, LONGEST = 10, 360  # seconds of ``duration``
LIMITS = Limits(prompt=5000, style=1000, negative=1000, title=80)  # characters (sheet §4.1, §4.2)
OLD_LIMITS = Limits(prompt=3000, style=200, negative=200, title=80)
MOST_IDEA, MOST_NEW_IDEA, MOST_SHOWN = 500, 3000, 50  # characters: simple mode by model; author and domain name (seed)
REACH = Reach(first=(100.0, 240.0), more=(60.0, 120.0), longest=480.0)  # sheet §4.2 and its exchanges U13, U23
OLD_REACH = Reach(first=(90.0, 180.0), more=(50.0, 100.0), longest=240.0)
PRICES = Prices()  # neither operator's pages read here publish any
PACE = Pace(first_seconds=30.0, every_seconds=30.0, patience_seconds=900.0)  # advised: 30 s; 15 min assumed
WAV_PACE = Pace(first_seconds=10.0, every_seconds=15.0, patience_seconds=600.0)  # 10 min assumed
NOBODY = "https://nobody-listens.invalid/"  # a reserved name (RFC 6761): the field is required, and the song comes without it
REFERENCE = ReferenceLimits(most_bytes=20_000_000, least_seconds=6.0, most_seconds=60.0)  # 60 s is safe everywhere (sheet §4.4)
WEIGHTS = {"style_weight": "styleWeight", "weirdness": "weirdnessConstraint", "audio_weight": "audioWeight"}  # ours: theirs
GENERATE, EXTEND, COVER = "/api/v1/generate", "/api/v1/generate/extend", "/api/v1/generate/upload-cover"
SPARE_S = 5.0  # asked for beyond what is needed: a song a second short would have to be paid twice
DECLARATION = Declaration(
    name="suno",
    title="Suno",
    model=MODELS[KIE],
    capabilities=frozenset({"generate", "extend", "remix", "wav", "visualize"}),
    key_variable="SUNO_API_KEY",
    base_url=BASE_URL,
    paid=True,
    voice=True,
    ai="full",
    licence="By the terms of the gateway's operator and of your plan there; the pages that were read promise nothing.",
    reference=REFERENCE,
    calls_back=True,
    options=SONG_OPTIONS
    | {
        "model": f"one of {', '.join(ALL_MODELS)}; where not said {MODELS[KIE]}, at sunoapi {MODELS[SUNOAPI]}",
        "dialect": f"{KIE} or {SUNOAPI}, where the host does not tell who operates it",
        "callback_url": "an address of yours that answers 200; the field is required, also where nobody listens",
    },
)


class Suno:
    """Writes songs and makes videos of them; pure translation."""

    def __init__(self, base_url: str = BASE_URL) -> None:
        """Take the address at which it is reached: its host decides the model that is asked where none is said."""
        self.declaration = replace(DECLARATION, base_url=base_url, model=MODELS[dialect_at(base_url)])

    def check(self, ask: Ask, /) -> None:
        """Check an ask (see :class:`~otio_soundtrack.provider.service.Service`)."""
        check_song(ask, self.declaration)
        if urlsplit(_callback(ask)).scheme not in ("http", "https"):
            raise SettingsError("callback_url is no address.", hint="It begins with https://.")
        self.wording(ask)

    def wording(self, ask: Ask, /) -> Wording:
        """Return the body of the first call and what it cannot say."""
        body, left_out = _song(self._said(ask), ask.reference_url)
        return Wording(sent=body, left_out=(*left_out, *wording.unsayable(ask.brief)))

    def quote(self, ask: Ask, /) -> Quote:
        """Return which calls the job would make; prices are not published."""
        said = self._said(ask)
        seconds = _duration(said)
        notes = ["Neither operator publishes prices where they were looked for: --yes consents, --max-cost cannot hold them."]
        if _callback(ask) == NOBODY:
            notes.append("Nobody listens for its callbacks: the songs are polled for.")
        return quoted(ask, PRICES, _reach(said), *notes, first=(seconds, seconds) if seconds else None)

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course from the ask to takes that are long enough."""
        self.check(ask)
        return _scored(self._said(ask))

    def balance(self) -> Call[float] | None:
        """Return the call that tells the credits left."""
        return Call(label="balance", request=Request(method="GET", path=f"{GENERATE}/credit"), read=replies.balance)

    def visualize(self, ask: Ask, service_ids: tuple[str, ...], /, *, author: str, domain_name: str) -> Course[Clip]:
        """Return the course to a video of a song, ``service_ids`` being those of its offer.

        Raises:
            LimitError: author or domain name is too long; they are never cut.
            SettingsError: the take has no song of this service.
        """
        shown = {"author": " ".join(author.split()), "domainName": " ".join(domain_name.split())}
        for name, text in shown.items():
            if len(text) > MOST_SHOWN:
                raise LimitError(f"{name} has {len(text)} characters; the video shows {MOST_SHOWN}.", hint="Shorten it.")
        if len(service_ids) < 2:
            raise SettingsError("The take has no song of Suno's own.", hint="Videos are made of takes by suno only.")
        options.known(self.declaration, ask.options)
        return _video(self._said(ask), service_ids, {name: text for name, text in shown.items() if text})

    def _said(self, ask: Ask) -> _Said:
        dialect = options.one_of(ask.options, "dialect", (KIE, SUNOAPI), "")
        return _Said(
            ask, dialect, options.one_of(ask.options, "model", ALL_MODELS, MODELS[dialect] if dialect else self.declaration.model)
        )


class _Said(NamedTuple):
    ask: Ask
    dialect: str
    """Empty: by the host that answers."""
    model: str


def _scored(said: _Said) -> Course[Delivery]:
    url = yield from reference_url(said.ask)
    body, _ = _song(said, url)
    path, price = (COVER, PRICES.cover) if url else (GENERATE, PRICES.create)
    order = Orders(lambda reply: replies.task_id(reply, said.dialect), replies.told_id).order
    converted: set[str] = set()

    def made(label: str, task_id: str, suffices: Suffices, /) -> Course[tuple[Track, ...]]:
        request = Request(method="GET", path=f"{GENERATE}/record-info", query=(("taskId", task_id),))
        poll = Poll(
            label=label,
            request=request,
            read=replies.SongReader(said.dialect, task_id, suffices),
            pace=PACE,
            called_back=lambda told: replies.told_clips(told, task_id, suffices),
        )
        clips = yield from done(poll)
        return tracks_of(task_id, clips, request, lambda reply: replies.clips_of(reply, said.dialect))

    def continued(label: str, track: Track, at: float, /, *, last: bool) -> Course[tuple[Track, ...]]:
        task_id = yield from order(label, EXTEND, _continuation(said, track, at, last=last), PRICES.extend)
        return (yield from made(f"{label} ready", task_id, never))

    def lossless(label: str, track: Track) -> Course[Fetched]:
        file, _ = yield from _converted(said, label, "wav", {"taskId": track.task_id, "audioId": track.track_id}, converted)
        return file

    studio = Studio(extend=continued, join=None, reach=_reach(said))
    writer = Writer(create=lambda label: order(label, path, body, price), made=made, studio=studio, lossless=lossless)
    return (yield from scored(said.ask, writer))


def _video(said: _Said, service_ids: tuple[str, ...], shown: dict[str, str]) -> Course[Clip]:
    song = {"taskId": service_ids[0], "audioId": service_ids[1]}
    file, existed = yield from _converted(said, "video", "mp4", song | shown, set())
    notes = ["The take was joined here from several songs: the video is of the first."] if len(service_ids) > 2 else []
    if existed:
        notes.append("A video of this song existed already: author and domain name are those that it was made with.")
    return Clip(file=file, service_ids=service_ids, kind="visual", notes=tuple(notes))


def _converted(said: _Said, label: str, kind: str, body: dict[str, Any], begun: set[str]) -> Course[tuple[Fetched, bool]]:
    """Have a lossless file or a video made of a song; return it, and whether the service had it already."""
    call = Call(
        label=label,
        request=Request(method="POST", path=f"/api/v1/{kind}/generate", json=body | {"callBackUrl": _callback(said.ask)}),
        read=lambda reply: replies.begun(reply, said.dialect, body["taskId"]),
        price=Price(credits=PRICES.wav),
        called_back=lambda told: replies.told_conversion(told, kind, begun),
    )
    task_id, existed = yield from done(call)
    begun.add(task_id)
    request = Request(method="GET", path=f"/api/v1/{kind}/record-info", query=(("taskId", task_id),))
    poll = Poll(
        label=f"{label} ready",
        request=request,
        read=replies.FileReader(said.dialect, task_id, kind),
        pace=WAV_PACE if kind == "wav" else PACE,
        called_back=lambda told: replies.told_file(told, task_id, kind),
    )
    url = yield from done(poll)
    renew = Call(label=f"{label} fresh link", request=request, read=lambda reply: replies.link(reply, said.dialect, kind))
    fetch = Fetch(label=f"{label} file", url=url, kind="audio" if kind == "wav" else "video", renew=renew)
    return (yield from fetched(fetch)), existed


def _song(said: _Said, url: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the body of a generate, or of a cover of what is at a URL, and what was left out of it."""
    ask, new, sung = said.ask, said.model in NEW_MODELS, not said.ask.brief.instrumental
    words = song_words(ask, _limits(said), prompt_in_style=True)
    body: dict[str, Any] = {"uploadUrl": url} if url else {}
    body |= {"instrumental": not sung, "model": said.model, "callBackUrl": _callback(ask)}
    if words.simple or (sung and not words.lyrics and not new):  # older models sing the prompt of custom mode
        idea, cut = wording.shortened("idea", wording.description(ask.brief), MOST_NEW_IDEA if new else MOST_IDEA)
        return body | {"customMode": False, "prompt": idea} | ({"style": words.style} if new else {}), (*words.left_out, *cut)
    body |= {"customMode": True, **_fields(words)}
    body |= {"prompt": words.lyrics} if words.lyrics else {}
    body |= {"lyrics": words.lyrics} if words.lyrics and new else {}
    body |= {"vocalGender": words.gender} if words.gender else {}
    body |= {WEIGHTS[name]: value for name, value in words.weights.items() if url or name != "audio_weight"}
    body |= {"duration": seconds} if (seconds := _duration(said)) and not url else {}
    return body, words.left_out


def _continuation(said: _Said, track: Track, at: float, *, last: bool) -> dict[str, Any]:
    words = song_words(said.ask, _limits(said), prompt_in_style=True)
    prompt = wording.continuation(said.ask.brief, last=last)
    body = {"defaultParamFlag": True, "audioId": track.track_id, "model": said.model, "continueAt": at, "prompt": prompt}
    return body | _fields(words) | {"callBackUrl": _callback(said.ask)}


def _fields(words: SongWords) -> dict[str, Any]:
    return {"style": words.style, "title": words.title} | ({"negativeTags": words.negative} if words.negative else {})


def _duration(said: _Said) -> float | None:
    """Return the length to ask for, None where the model takes none or simple mode has no such field."""
    if said.model not in TIMED_MODELS or said.ask.options.get("mode") == "simple":
        return None
    return float(min(LONGEST, max(SHORTEST, math.ceil(enough(said.ask.brief.seconds) + SPARE_S))))


def _callback(ask: Ask) -> str:
    return ask.callback_url or ask.options.get("callback_url", "") or NOBODY


def _limits(said: _Said) -> Limits:
    return OLD_LIMITS if said.model in OLD_MODELS else LIMITS


def _reach(said: _Said) -> Reach:
    return OLD_REACH if said.model in OLD_MODELS else REACH
