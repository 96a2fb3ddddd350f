"""Slipstream's calls: requests, answers, limits, assumptions (see :mod:`otio_soundtrack.providers.slipstream`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from otio_soundtrack.errors import LimitError, RefusedError
from otio_soundtrack.model.wire import FilePiece, Part, Reply, Request
from otio_soundtrack.provider.ask import Ask, LocalFile
from otio_soundtrack.provider.reading import id_at, json_of, record, text_at
from otio_soundtrack.provider.steps import Call, Pace, Pending, Poll, Price
from otio_soundtrack.provider.verdict import ACCEPTED, NOT_FOUND, OK, TOO_MANY, Judge, code_of, sentence, words_of
from otio_soundtrack.providers.slipstream_tracks import Filters, page_of

T = TypeVar("T")

VIDEO, BY_VIDEO, BY_URL = "/api/v4/soundtrack/video/", "/api/v4/search/ai/by-video/", "/api/v4/search/ai/by-url/"
BY_PROMPT, FILTERS = "/api/v4/search/ai/by-prompt/", "/api/v4/search/ai/filters/"
TRACK, AUDIO, LICENCE = "/api/v4/en/tracks/{}/", "/api/v4/download/audio/{}/", "/api/v1/licenses/generate"
MOST_BYTES = 60_000_000
"""The guide says 60 MB; assumed: the smaller meaning of it."""
SUFFIXES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".mpeg": "video/mpeg", ".avi": "video/x-msvideo"}
YOUTUBE = ("youtube.com", "youtu.be")
PLATFORMS = ("vimeo.com", "soundcloud.com", "spotify.com", "music.apple.com", "tiktok.com")
"""Where a song may lie that is searched by (reference of by-url)."""
ANALYSIS_SILENCE_S = 300.0
"""Assumed: the upload is analysed inside its call, because the answer holds the result."""
PAGE, POOL, MOST_PAGES = 50, 100, 10
"""Tracks asked for in a call, tracks that are ranked, and calls at most. The service gives 100 a call at most."""
SPARE = 3
"""Tracks beyond the wanted ones that are tried where some are refused."""
MAKING = Pace(first_seconds=0.0, every_seconds=4.0, patience_seconds=900.0)
"""Of renders and ZIPs. Assumed: the service names no pace for them, and 2–5 s for a neighbour of theirs."""
MOST_HIGHLIGHT_S, MOST_TEXT, MOST_PROJECT = 60, 500, 255
"""Reference of by-prompt; assumed, no limit is told; reference of licences."""
UNANALYSED, CREATED = 422, 201
EXPIRED = (NOT_FOUND, UNANALYSED)
"""Assumed: how a search answers for an upload that has expired. The guide tells 404 of retrieve only."""
MOST_START_S = 600.0
"""No track is longer (filters)."""
DECIMALS = 3
"""A render is found again by its exact numbers, so they are rounded once."""
LICENCE_PAGE = "https://license.slipstreammusic.com/v/"
REDIRECTS = (301, 302, 303, 307, 308)
"""The form of the download that browsers use answers so."""
JUDGE = Judge(service="Slipstream", key_variable="SLIPSTREAM_API_KEY")


def upload(ask: Ask, label: str) -> Call[dict[str, str]]:
    """Return the upload of the cut, or of the link: ``id`` goes into paths, ``value`` into the search."""

    def read(reply: Reply) -> dict[str, str]:
        if reply.status == UNANALYSED:
            code = f" ({code_of(reply)})" if code_of(reply) else ""
            raise RefusedError(
                sentence(f"Slipstream cannot analyse the cut: {words_of(reply)}{code}"), hint="Look at the export."
            )
        video = record(json_of(reply))
        told = {"id": id_at(video, "id"), "value": text_at(video, "source_value")}
        if reply.status in (OK, CREATED) and all(told.values()):
            return told
        raise JUDGE.free(reply, "the upload of the cut")

    if ask.reference_url:
        return Call(label=label, request=Request(method="POST", path=VIDEO, json={"url": ask.reference_url}), read=read)
    picture = check_picture(ask)
    kind = picture.path.suffix.lower()
    part = Part(name="file", content=FilePiece(path=picture.path), filename=f"cut{kind}", media_type=SUFFIXES[kind])
    request = Request(method="POST", path=VIDEO, parts=(part,), silence_seconds=ANALYSIS_SILENCE_S)
    return Call(label=label, request=request, read=read)


def searched_by(url: str) -> tuple[str, str]:
    """Return which search a link is for, and the link.

    Raises:
        LimitError: the service searches by no such link.
    """
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    for hosts, path in ((YOUTUBE, BY_VIDEO), (PLATFORMS, BY_URL)):
        if any(host == one or host.endswith(f".{one}") for one in hosts):
            return path, url
    raise LimitError(
        "Slipstream does not search by that link.",
        hint=f"It takes links of {', '.join((*YOUTUBE, *PLATFORMS))}; nothing was sent.",
    )


def check_picture(ask: Ask) -> LocalFile:
    """Return the cut, checked against what the service takes; a silent audio track is enough of one.

    Raises:
        LimitError: it is beyond that.
    """
    picture = ask.picture
    if picture is None:
        raise LimitError("Slipstream needs the picture, and there is none.", hint="Export the cut for it.")
    if picture.path.suffix.lower() not in SUFFIXES:
        raise LimitError(f"Slipstream takes no {picture.path.suffix} file.", hint=f"It takes {', '.join(SUFFIXES)}.")
    if picture.size > MOST_BYTES:
        raise LimitError(
            f"The cut has {picture.size} bytes; Slipstream takes {MOST_BYTES}.", hint="Export it smaller (--max-bytes)."
        )
    return picture


def read_ok(read: Callable[[Reply], T], doing: str) -> Callable[[Reply], T]:
    """Return a reader of answers of status 200; all others are errors."""

    def checked(reply: Reply) -> T:
        if reply.status != OK:
            raise JUDGE.free(reply, doing)
        return read(reply)

    return checked


def _link(reply: Reply, doing: str) -> str:
    """Return the link that an answer holds, or that it redirects to (the form of the call that browsers use)."""
    link = reply.headers.get("location", "") if reply.status in REDIRECTS else text_at(json_of(reply), "url")
    if reply.status in (OK, *REDIRECTS) and link:
        return link
    raise JUDGE.free(reply, doing)


def page_call(label: str, path: str, query: Filters) -> Call[dict[str, Any] | None]:
    """Return the call for a page of tracks (``tracks``, ``next``); its result is None where the upload is not known any more."""

    def read(reply: Reply) -> dict[str, Any] | None:
        if path == BY_VIDEO and reply.status in EXPIRED:
            return None
        return read_ok(lambda found: page_of(found, path), "the search")(reply)

    return Call(label=label, request=Request(method="GET", path=path, query=query), read=read)


def made(label: str, request: Request, doing: str, gone: tuple[int, ...] = ()) -> Poll[str]:
    """Return the question for something that is made when it is first asked for; its result is a link, empty where it is gone."""

    def read(reply: Reply) -> Pending | str:
        if reply.status in gone:
            return ""
        return Pending(stage=words_of(reply)) if reply.status == ACCEPTED else _link(reply, doing)

    return Poll(label=label, request=request, read=read, pace=MAKING)


def renewed(label: str, request: Request, doing: str) -> Call[str]:
    """Return the call for a fresh link to what was made."""
    return Call(label=label, request=request, read=lambda reply: _link(reply, doing))


def licence(ask: Ask, track_id: str, label: str) -> Call[dict[str, str]]:
    """Return the call for a licence: it counts against a quota, and twice is two of them."""
    body = {"track_id": track_id, **({"project_name": ask.options["project"]} if ask.options.get("project") else {})}

    def read(reply: Reply) -> dict[str, str]:
        answer = record(json_of(reply))
        licence_id = id_at(answer.get("license"), "license_id")
        if reply.status == OK and licence_id:
            link = text_at(answer.get("license"), "license_url")
            return {"id": licence_id, "url": link if link.startswith("http") else LICENCE_PAGE + licence_id}
        if reply.status == TOO_MANY or (reply.status == OK and answer.get("success") is False):
            raise RefusedError(
                sentence(f"Slipstream gives no licence: {words_of(reply)} ({code_of(reply)})"), hint="Look at the plan's quota."
            )
        raise JUDGE.paid(reply, "the licence")

    headers = {"X-User-ID": ask.options["licence_user"]}
    request = Request(method="POST", path=LICENCE, json=body, headers=headers)
    return Call(label=label, request=request, read=read, price=Price(credits=None))
