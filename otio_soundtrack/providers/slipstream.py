"""Slipstream: a licensed library that is searched by the picture itself, and that can lay a track under it.

Service: Slipstream Music. Documentation: developer.slipstreammusic.com/soundtrack/ (wins) and /api-reference/, read 2026-11-20.

========================================  ==================================================================================
GET  /api/v4/search/ai/filters/           genres and moods that can be searched by
POST /api/v4/soundtrack/video/            upload of the cut (multipart), or a YouTube link (JSON): id and search value
GET  /api/v4/search/ai/by-video/          ranked tracks for that value; pages are linked by ``next``
GET  /api/v4/search/ai/by-url/            ranked tracks like a song on another platform
GET  /api/v4/search/ai/by-prompt/         where in a track a text is met best
GET  /api/v4/en/tracks/{id}/              writers, publishers, key
POST /api/v4/download/audio/{id}/         signed link of a track; 202 while a ZIP is made
POST /api/v4/soundtrack/video/{id}/download/  picture with the track in it; 202 while it is made, the same call again asks
POST /api/v1/licenses/generate            licence of one track for one user
========================================  ==================================================================================
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from otio_soundtrack.errors import JobFailedError, LimitError, ProviderError, RefusedError, SoundtrackError
from otio_soundtrack.model.wire import Fetched, Request
from otio_soundtrack.provider.ask import Ask, Candidate, Clip, Delivery, Offer, Quote, QuoteLine, Wording
from otio_soundtrack.provider.declaration import Declaration, PictureLimits
from otio_soundtrack.provider.options import known, number, one_of, text
from otio_soundtrack.provider.steps import Call, Course, Fetch, Hear, Unpack, done, fetched, heard
from otio_soundtrack.provider.takes import FINAL
from otio_soundtrack.provider.verdict import NOT_FOUND
from otio_soundtrack.provider.wording import description, shortened
from otio_soundtrack.providers.slipstream_calls import (
    AUDIO,
    BY_PROMPT,
    BY_URL,
    BY_VIDEO,
    DECIMALS,
    FILTERS,
    MOST_BYTES,
    MOST_HIGHLIGHT_S,
    MOST_PAGES,
    MOST_PROJECT,
    MOST_START_S,
    MOST_TEXT,
    PAGE,
    POOL,
    SPARE,
    TRACK,
    VIDEO,
    check_picture,
    licence,
    made,
    page_call,
    read_ok,
    renewed,
    searched_by,
    upload,
)
from otio_soundtrack.providers.slipstream_tracks import (
    Filters,
    best_start,
    candidate,
    check_filters,
    in_order,
    record_of,
    set_filters,
    values_of,
    wished_filters,
)

YES = ("yes", "no")

DECLARATION = Declaration(
    name="slipstream",
    title="Slipstream",
    model="soundtrack v4",
    capabilities=frozenset({"match", "render", "wav"}),
    key_variable="SLIPSTREAM_API_KEY",
    base_url="https://api.slipstreammusic.com",
    ai="unknown",
    licence="Library music under the account's plan; each published video wants a licence (--set licence_user=ID gets one).",
    picture=PictureLimits(most_bytes=MOST_BYTES, needs_sound=True),
    options={
        **dict.fromkeys(("genre", "subgenre", "mood", "vocals"), "only such tracks; several with commas"),
        "tempo": "fast, medium or slow",
        "bpm": "beats a minute, like 90-128",
        "duration": "seconds of the track, like 60-300",
        "title": "exact title of a track",
        "artist": "exact name of an artist",
        "start": "second of the track at which the cue begins",
        "stems": "yes: also the stems, where the track has them; they are kept with the job",
        "licence_user": "your own id of whoever publishes the video: a licence is made for each take",
        "project": "name of the project in the licence",
    },
)


class Slipstream:
    """A service that finds music for a picture, and renders picture and music."""

    declaration = DECLARATION

    def check(self, ask: Ask, /) -> None:
        """Check picture, reference and options; see :class:`~otio_soundtrack.provider.service.Service`."""
        known(DECLARATION, ask.options)
        check_filters(ask.options)
        number(ask.options, "start", 0.0, MOST_START_S)
        one_of(ask.options, "stems", YES, "no")
        text(ask.options, "project", MOST_PROJECT)
        if ask.reference_url:
            searched_by(ask.reference_url)
        elif ask.picture is not None:  # none before the cue is exported
            check_picture(ask)

    def wording(self, ask: Ask, /) -> Wording:
        """Return the filters that are set or wished, and what is left to the fit."""
        by = searched_by(ask.reference_url)[0] if ask.reference_url else BY_VIDEO
        return Wording(
            sent={"search": by, **dict(set_filters(ask.options, {})), "wished": dict(wished_filters(ask, None))},
            left_out=(
                "The words of the brief are not searched by: Slipstream looks at the picture. They choose where a track begins.",
                "Sections, hit points and dialogue cannot be asked of a recorded track: the fit does what it can.",
            ),
        )

    def quote(self, ask: Ask, /) -> Quote:
        """Return what is drawn from the plan: nothing has a price of its own."""
        lines = [QuoteLine(what="download", credits=0.0, least=ask.takes, most=ask.takes + SPARE, why="covered by the plan")]
        if "licence_user" in ask.options:
            lines.append(QuoteLine(what="licence", credits=None, least=ask.takes, most=ask.takes, why="counts against the quota"))
        note = "Slipstream bills by plan, not by track: downloads and licences count against what the account may have."
        return Quote(lines=tuple(lines), notes=(note,))

    def balance(self) -> Call[float] | None:
        """Return None: the service has no credits."""
        return None

    def search(self, ask: Ask, count: int, /) -> Course[tuple[Candidate, ...]]:
        """Return the course to the ranked list."""
        tracks, _ = yield from self._ranked(ask, count)
        return tuple(candidate(rank, track) for rank, track in enumerate(tracks[:count], start=1))

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course to the picked track and the ones ranked after it."""
        last = ask.pick - 1 + ask.takes + SPARE
        tracks, suiting = yield from self._ranked(ask, last)
        offers: list[Offer] = []
        notes: list[str] = []
        first: SoundtrackError | None = None
        for rank, track in list(enumerate(tracks, start=1))[ask.pick - 1 : last]:
            if len(offers) == ask.takes:
                break
            if track["track_id"] not in suiting:
                notes.append(f"Track {rank}, “{track['title']}”, is not what the brief's genre, mood, tempo and length wish for.")
            try:
                offers.append((yield from self._offer(ask, track, str(rank), notes)))
            except FINAL as error:
                first = first or error
                notes.append(f"Track {rank}, “{track['title']}”, was passed over: {error.message}")
        if not offers:
            raise first or JobFailedError(
                f"Slipstream found {len(tracks)} tracks for the cut, none of rank {ask.pick}.",
                hint="Loosen the filters (--set), or pick an earlier one.",
            )
        return Delivery(offers=tuple(offers), notes=tuple(notes))

    def render(self, ask: Ask, track_id: str, /, *, picture_volume: float, music_volume: float, start: float) -> Course[Clip]:
        """Return the course to the picture with a track in it.

        Raises:
            LimitError: the picture is no upload (YouTube), too large, or a number is out of range.
        """
        if ask.reference_url:
            raise LimitError(
                "Slipstream renders only pictures that were uploaded, not links.", hint="Leave --reference-url out, or mix here."
            )
        check_picture(ask)
        if not (0.0 <= picture_volume <= 1.0 and 0.0 <= music_volume <= 1.0 and start >= 0.0):
            raise LimitError("Slipstream takes volumes from 0 to 1 and a start of 0 or later.")
        mix = {"video_volume": picture_volume, "track_volume": music_volume, "track_start": start}
        body = {"track_id": track_id, **{name: round(one, DECIMALS) for name, one in mix.items()}}
        for again in ("", " again"):
            video = yield from done(upload(ask, f"upload{again}"))
            request = Request(method="POST", path=f"{VIDEO}{quote(video['id'], safe='')}/download/", json=body)
            link = yield from done(made(f"render{again}", request, "the render", gone=(NOT_FOUND,)))
            if link:
                renew = renewed(f"render link{again}", request, "the render")
                file = yield from fetched(Fetch(label=f"picture{again}", url=link, kind="video", renew=renew))
                return Clip(file=file, service_ids=(video["id"], track_id), kind="render")
        raise RefusedError("Slipstream knows no such track, or lost the upload twice.", hint="Look the track up with search.")

    def _ranked(self, ask: Ask, need: int) -> Course[tuple[list[dict[str, Any]], set[str]]]:
        """Return tracks in order, and which of them have what the brief wishes for.

        The list is the same however many are needed, so that a rank means the same in every run.
        """
        values = yield from self._values()
        fixed, wished = set_filters(ask.options, values), wished_filters(ask, values)
        need = max(need, POOL)
        for again in ("", " again"):
            if ask.reference_url and searched_by(ask.reference_url)[0] == BY_URL:
                source, path = ("link", ask.reference_url), BY_URL
            else:
                video = yield from done(upload(ask, f"upload{again}"))
                source, path = ("value", video["value"]), BY_VIDEO
            found = yield from self._pages(path, (source, *fixed, *wished), need, f"search{again}")
            if found is None:
                continue
            suiting = {track["track_id"] for track in found}
            if len(suiting) < need and wished:
                found += (yield from self._pages(path, (source, *fixed), need, f"wider search{again}")) or []
            return in_order(found, ask), suiting
        raise RefusedError("Slipstream does not know the cut although it was uploaded twice.", hint="Try again later.")

    def _pages(self, path: str, query: Filters, need: int, label: str) -> Course[list[dict[str, Any]] | None]:
        """Return tracks of as many pages as are needed, None where the upload is not known any more."""
        tracks: list[dict[str, Any]] = []
        following: Filters = (*query, ("limit", str(PAGE)))
        for number_of_page in range(1, MOST_PAGES + 1):
            page = yield from done(page_call(f"{label} {number_of_page}", path, following))
            if page is None:
                return None
            tracks += page["tracks"]
            if len(tracks) >= need or page["next"] is None or not page["tracks"]:
                break
            following = tuple((name, value) for name, value in page["next"])
        return tracks

    def _offer(self, ask: Ask, track: dict[str, Any], rank: str, notes: list[str]) -> Course[Offer]:
        """Return a track, downloaded and heard."""
        zipped = ask.options.get("stems") == "yes"
        body: dict[str, Any] = {
            "type": "track",
            "format": ["wav" if ask.wav else "mp3"],
            **({"include_stems": True} if zipped else {}),
        }
        request = Request(method="POST", path=AUDIO.format(track["track_id"]), json=body)
        link = yield from done(made(f"download {rank}", request, "the download"))
        renew = renewed(f"link {rank}", request, "the download")
        file = yield from fetched(Fetch(label=f"file {rank}", url=link, kind="archive" if zipped else "audio", renew=renew))
        parts: tuple[Fetched, ...] = (yield Unpack(label=f"parts {rank}", file=file)) if zipped else (file,)
        sound = yield from heard(Hear(label=f"hearing {rank}", file=parts[0]))
        start = number(ask.options, "start", 0.0, MOST_START_S)
        return Offer(
            file=parts[0],
            heard=sound,
            title=track["title"],
            service_ids=(track["track_id"],),
            stems={f"part-{place}": part for place, part in enumerate(parts[1:], start=1)},
            start_seconds=(yield from self._start(ask, track, rank, sound.seconds)) if start is None else start,
            facts=(yield from self._facts(ask, track, rank, notes)),
        )

    def _start(self, ask: Ask, track: dict[str, Any], rank: str, seconds: float) -> Course[float]:
        """Return where in the track the cue should begin: what the service knows is worth a call, but no failure."""
        if track["highlights"]:
            return best_start(track, seconds, ask.brief.seconds)
        words, _ = shortened("prompt", description(ask.brief), MOST_TEXT)
        limit = str(min(MOST_HIGHLIGHT_S, max(1, round(ask.brief.seconds))))
        query = (("text", words), ("title", track["title"]), ("highlights", "true"), ("time_limit", limit), ("limit", str(PAGE)))
        try:
            page = yield from done(page_call(f"start {rank}", BY_PROMPT, query))
        except ProviderError:
            page = None
        same = [one for one in (page or {"tracks": ()})["tracks"] if one["track_id"] == track["track_id"]]
        return best_start(same[0], seconds, ask.brief.seconds) if same else 0.0

    def _facts(self, ask: Ask, track: dict[str, Any], rank: str, notes: list[str]) -> Course[dict[str, Any]]:
        """Return what the service says of a track, with writers and publishers where it tells them, and its licence."""
        facts = {name: track[name] for name in ("artist", "tempo_bpm", "genre", "mood", "vocals") if track[name]}
        request = Request(method="GET", path=TRACK.format(track["track_id"]))
        try:
            facts |= yield from done(
                Call(label=f"record {rank}", request=request, read=read_ok(record_of, "the record of a track"))
            )
        except ProviderError as error:
            notes.append(f"Writers and publishers of “{track['title']}” are not known: {error.message}")
        if "licence_user" in ask.options:
            try:
                facts["licence"] = yield from done(licence(ask, track["track_id"], f"licence {rank}"))
            except RefusedError as error:
                notes.append(f"There is no licence for “{track['title']}”: {error.message}")
        return facts

    def _values(self) -> Course[dict[str, list[str]]]:
        """Return what can be filtered by; nothing where the service does not tell, which only loses wishes."""
        read = read_ok(values_of, "the list of filters")
        try:
            return (yield from done(Call(label="filters", request=Request(method="GET", path=FILTERS), read=read)))
        except ProviderError:
            return {}
