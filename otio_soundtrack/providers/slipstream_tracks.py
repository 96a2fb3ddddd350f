"""Slipstream's tracks, pages and filters in our words and back (see :mod:`otio_soundtrack.providers.slipstream`)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from otio_soundtrack.errors import BadReplyError, SettingsError
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.ask import Ask, Candidate
from otio_soundtrack.provider.options import one_of
from otio_soundtrack.provider.reading import json_of, number_at, number_of, record, records, said, text_at
from otio_soundtrack.provider.wording import home_section, moods

Filters = tuple[tuple[str, str], ...]
"""Names and values of a query."""
MANY, SEVERAL, RANGE = "__", "__terms", "__range"
"""What lies between several values, and what is added to the name of a filter with several or with two ends."""
WORDS = ("genre", "subgenre", "mood", "vocals")
"""Filters whose values the service lists; see ``VALUES``."""
VALUES = {"genre": "genres", "subgenre": "subgenres", "mood": "moods", "vocals": "vocals"}
TEMPI = ("fast", "medium", "slow")
HIGHEST = {"bpm": 280, "duration": 600}
"""Upper ends of the ranges; assumed: both ends are always sent."""
TEMPO_TOLERANCE = 0.15
"""How far from the plan's tempo a track may be, share of it: the ear still calls it the same speed."""
INSTRUMENTAL = "instrumental"
"""How a track says that nobody sings in it. Assumed: there is no filter for it."""
RELATED = {
    Mood.CALM: ("calm", "peaceful", "relaxing", "relaxed", "reflective"),
    Mood.HOPEFUL: ("hopeful", "uplifting", "inspiring", "optimistic"),
    Mood.PLAYFUL: ("playful", "fun", "happy", "quirky"),
    Mood.WONDER: ("dreamy", "magical", "wonder", "ethereal"),
    Mood.SAD: ("sad", "melancholic", "emotional", "sentimental"),
    Mood.TENSE: ("tense", "suspenseful", "restless", "anxious"),
    Mood.MYSTERIOUS: ("mysterious", "dark", "eerie"),
    Mood.EPIC: ("epic", "powerful", "dramatic"),
    Mood.ROMANTIC: ("romantic", "tender", "sentimental", "love"),
    Mood.OMINOUS: ("ominous", "dark", "scary", "menacing"),
    Mood.HEROIC: ("heroic", "triumphant", "powerful", "epic"),
    Mood.QUIRKY: ("quirky", "funny", "playful"),
}
"""Our moods in words that libraries use; those that this one lists are searched by."""
_RANGE = re.compile(r"(\d{1,3})-(\d{1,3})")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What an id may be made of, because it goes into paths."""


def check_filters(options: Mapping[str, str]) -> None:
    """Check the filters among the options.

    Raises:
        SettingsError: a value that no filter can say.
    """
    one_of(options, "tempo", TEMPI, "")
    for name in (*WORDS, "title", "artist"):
        if MANY in options.get(name, ""):
            raise SettingsError(f"{name} cannot hold {MANY!r}: that parts the values of a filter.")
    for name, highest in HIGHEST.items():
        found = _RANGE.fullmatch(options.get(name, "0-1").replace(" ", ""))
        if found is None or not int(found[1]) <= int(found[2]) <= highest:
            raise SettingsError(f"{name} cannot be {options[name]!r}.", hint=f"It is a range like 60-120, up to {highest}.")


def set_filters(options: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> Filters:
    """Return the filters that the user set, in the service's own spelling where it lists the value."""
    filters: list[tuple[str, str]] = []
    for name in WORDS:
        spelling = {one.casefold(): one for one in values.get(name, ())}
        wanted = [spelling.get(one.strip().casefold(), one.strip()) for one in options.get(name, "").split(",") if one.strip()]
        if wanted:
            filters.append((name, wanted[0]) if len(wanted) == 1 else (name + SEVERAL, MANY.join(wanted)))
    filters += [(name, options[name]) for name in ("tempo", "title", "artist") if options.get(name)]
    filters += [(name + RANGE, options[name].replace(" ", "").replace("-", MANY)) for name in HIGHEST if options.get(name)]
    return tuple(filters)


def wished_filters(ask: Ask, values: Mapping[str, Sequence[str]] | None) -> Filters:
    """Return filters that the brief suggests: given up where they leave too few tracks, and where the user set them.

    Args:
        ask: the ask.
        values: what the service lists; None where it was not asked: then the words of the brief stand for them.
    """
    brief, plan = ask.brief, ask.brief.plan
    tempo = home_section(plan).tempo_bpm
    genre = _listed((brief.genre,), values, "genre")
    mood = _listed(RELATED[Mood(moods(plan)[0])], values, "mood")
    low, high = math.floor(tempo * (1 - TEMPO_TOLERANCE)), math.ceil(tempo * (1 + TEMPO_TOLERANCE))
    wished = [("genre" + SEVERAL, MANY.join(genre)), ("mood" + SEVERAL, MANY.join(mood)), ("bpm" + RANGE, f"{low}{MANY}{high}")]
    if math.ceil(brief.seconds) <= HIGHEST["duration"]:
        wished.append(("duration" + RANGE, f"{math.ceil(brief.seconds)}{MANY}{HIGHEST['duration']}"))
    taken = {name.split(MANY)[0] for name, _ in set_filters(ask.options, {})}
    return tuple((name, value) for name, value in wished if value and name.split(MANY)[0] not in taken)


def values_of(reply: Reply) -> dict[str, list[str]]:
    """Return what can be filtered by, as the service spells it, by the name of our option."""
    body = record(json_of(reply))
    return {
        name: [value for one in records(record(body.get(field)).get("values")) if (value := text_at(one, "value"))]
        for name, field in VALUES.items()
    }


def page_of(reply: Reply, path: str) -> dict[str, Any]:
    """Return a page: ``tracks``, and ``next``, the query of the next page or None.

    Raises:
        BadReplyError: it is no page, or its next page lies on another host or path.
    """
    body = json_of(reply)
    if not isinstance(record(body).get("results"), list):
        raise BadReplyError("Slipstream answered a search with something that is no list of tracks.")
    base = reply.url.partition(path)[0]
    tracks = [track for one in records(body["results"]) if (track := _track(one, base))]
    following = text_at(body, "next")
    return {"tracks": tracks, "next": _query(reply.url, following, path) if following else None}


def record_of(reply: Reply) -> dict[str, Any]:
    """Return what the record of a track adds to its line in a list: who wrote and publishes it, its key, its library."""
    body = json_of(reply)
    told = {name: said(text_at(body, field)) for name, field in (("key", "key"), ("library", "library_name"))}
    people = {
        name: [{"name": said(one.get("name")), "share": number_at(one, "share")} for one in records(record(body).get(name))]
        for name in ("writers", "publishers")
    }
    return {name: value for name, value in {**told, **people}.items() if value}


def in_order(tracks: Sequence[dict[str, Any]], ask: Ask) -> list[dict[str, Any]]:
    """Return each track once, in the service's order; last what may not be used, before that who sings where nobody shall."""
    once = {track["track_id"]: track for track in reversed(tracks)}
    first = {track["track_id"]: place for place, track in reversed(list(enumerate(tracks)))}
    silent = ask.brief.instrumental and "vocals" not in ask.options

    def place(track: dict[str, Any]) -> tuple[bool, bool, int]:
        sings = silent and track["vocals"].casefold() not in ("", INSTRUMENTAL)
        return (track["restricted"], sings, first[track["track_id"]])

    return sorted(once.values(), key=place)


def candidate(rank: int, track: Mapping[str, Any]) -> Candidate:
    """Return a track as it is listed."""
    fields = {name: track[name] for name in Candidate.model_fields if name in track and name != "highlights"}
    return Candidate(rank=rank, **fields, highlights=tuple((start, end) for start, end in track["highlights"]))


def best_start(track: Mapping[str, Any], seconds: float, cue_seconds: float) -> float:
    """Return where in a track the cue should begin: its first highlight from which on it is long enough, else 0."""
    return next((start for start, _ in track["highlights"] if start + cue_seconds <= seconds), 0.0)


def _listed(words: Sequence[str], values: Mapping[str, Sequence[str]] | None, name: str) -> list[str]:
    if values is None:
        return [word for word in words if word]
    spelling = {one.casefold(): one for one in values.get(name, ())}
    return [spelling[word.casefold()] for word in words if word.casefold() in spelling]


def _query(here: str, following: str, path: str) -> list[list[str]]:
    """Return the query of a link to the next page, which may be relative; only a query is ever taken over."""
    try:
        there, here_parts = urlsplit(urljoin(here, following)), urlsplit(here)
        same = (there.scheme, there.netloc) == (here_parts.scheme, here_parts.netloc) and there.path.endswith(path)
    except ValueError:
        same = False
    if not same:
        raise BadReplyError("Slipstream's next page lies on another host or path, so it was not asked for.")
    return [[name, value] for name, value in parse_qsl(there.query, keep_blank_values=True)]


def _track(one: dict[str, Any], base: str) -> dict[str, Any] | None:
    """Return what is kept of a track, None for one without an id; everything else may lack."""
    track_id = text_at(one, "id")
    if not _ID.fullmatch(track_id):
        return None
    preview = text_at(one, "audio_url")
    tempo, seconds = number_at(one, "tempo"), number_at(one, "length")
    return {
        "track_id": track_id,
        "title": said(one.get("name")),
        "artist": said(record(one.get("artist")).get("name")),
        "seconds": seconds if seconds and seconds > 0 else None,
        "tempo_bpm": tempo if tempo and tempo > 0 else None,
        "genre": said(one.get("genre_name")),
        "mood": said(one.get("mood_name")),
        "vocals": said(one.get("vocals")),
        "preview_url": base + preview if preview.startswith("/") else preview,
        "highlights": [list(found) for found in map(_highlight, records(one.get("highlights"))) if found],
        "restricted": one.get("restricted") is True,
    }


def _highlight(one: dict[str, Any]) -> tuple[float, float] | None:
    """Return start and end of a highlight, of either of the two shapes."""
    start = number_at(one, "start", "offset")
    length = number_of(one.get("duration"))
    end = number_at(one, "end") if length is None or start is None else start + length
    return (start, end) if start is not None and end is not None and 0.0 <= start < end else None
