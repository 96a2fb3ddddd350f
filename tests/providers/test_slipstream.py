"""Slipstream, against exchanges written down from its fact sheet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otio_soundtrack.errors import (
    BadReplyError,
    JobFailedError,
    JobStateUnknownError,
    LimitError,
    RateLimitedError,
    RefusedError,
    SettingsError,
    SoundtrackError,
    UnavailableError,
    UnusableTakeError,
)
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.model.wire import FilePiece, Reply, Request
from otio_soundtrack.provider.ask import Ask, LocalFile
from otio_soundtrack.provider.service import Matches, Renders, Service
from otio_soundtrack.providers import slipstream_calls as calls
from otio_soundtrack.providers.slipstream import Slipstream
from otio_soundtrack.providers.slipstream_tracks import page_of
from tests.providers.briefs import ask
from tests.providers.driver import Script, music, reply
from tests.providers.mutations import mutated
from tests.providers.replaying import Replaying

SERVICE: Service = Slipstream()
HOST = "https://api.slipstreammusic.com"
VIDEO_ID = "c2d1a7f4-5b0e-4c39-9a66-0d7f3b9e1a52"
HASH = "9b1f0c7ae45d42f8b6a3d1e07c58f2a4"
LOW_TIDE = {
    "id": "a41c5e90-6d1b-4a8f-8b57-21c0f6d3e9aa",
    "name": "Low Tide",
    "artist": {"name": "Mara Lind", "slug": "mara-lind"},
    "length": 151,
    "tempo": 96,
    "audio_url": "/api/v4/stream/a41c5e90-6d1b-4a8f-8b57-21c0f6d3e9aa/?type=track",
    "genre_name": "Cinematic",
    "mood_name": "Hopeful",
    "vocals": "instrumental",
    "restricted": False,
    "highlights": [],
}
OPEN_WATER = {
    "id": "77e2b0d4-0c9e-4f55-9d3a-b8a1c4f7e610",
    "name": "Open Water",
    "artist": {"name": "Fen and Field"},
    "length": 188,
    "tempo": 112,
    "vocals": "Female Vocals",
    "highlights": [{"start": 30.0, "end": 46.5, "score": 0.88}],
}
LAST_TRAIN = {"id": "5be0f1c8-2f0d-4b0c-a9d1-7c6e3a90b2d4", "name": "Last Train Home", "length": 133, "tempo": 72}
VALUES = {
    "genres": {"values": [{"value": "Cinematic", "tracks": 4100}, {"value": "Pop"}]},
    "moods": {"values": [{"value": "Hopeful"}, {"value": "Tense"}]},
    "bpm": {"values": [{"value": [0, 280]}]},
}
UPLOADED = {"id": VIDEO_ID, "source_type": "file", "source_value": HASH, "source_title": "cut.mp4", "file": f"{HOST}/cut.mp4"}
NOT_FOUND = reply({"detail": "Not found."}, 404)
PREPARING = reply({"send_email": True, "detail": "Download is being prepared. Please try again in a few moments."}, 202)


def picture(**fields: Any) -> LocalFile:
    """Return a cut within the limits."""
    return LocalFile(**{"path": Path("/cuts/scene.MP4"), "sha256": "0" * 64, "size": 5_000_000, "seconds": 60.0, **fields})


@dataclass
class Library:
    """Answers as the sheet does; ``queued`` answers come first, by the beginning of the path."""

    tracks: list[dict[str, Any]] = field(default_factory=lambda: [LOW_TIDE, OPEN_WATER, LAST_TRAIN])
    queued: dict[str, list[Reply]] = field(default_factory=dict)
    paging: int = 0
    """Tracks a page; 0: all on one."""

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        for path, replies in self.queued.items():
            if request.path.startswith(path) and replies:
                return replies.pop(0)
        return self.answer(request)

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911  # one line for each call
        """Answer it as the service does when nothing is wrong."""
        path, query = request.path, dict(request.query)
        if path == calls.FILTERS:
            return reply(VALUES)
        if path == calls.VIDEO:
            return reply(UPLOADED, 201)
        if path in (calls.BY_VIDEO, calls.BY_URL):
            return self.page(path, query)
        if path == calls.BY_PROMPT:
            found = [{**one, "highlights": [{"offset": 41.2, "duration": 15.0}]} for one in self.tracks]
            return reply({"next": None, "results": found}, url=HOST + path)
        if path.endswith("/download/"):
            return reply({"url": "https://media.slipstreammusic.com/rendered-1f0a.mp4"})
        if path.startswith("/api/v4/download/audio/"):
            name = path.rstrip("/").rsplit("/", 1)[-1][:8]
            return reply({"url": f"https://cdn.slipstreammusic.com/a/{name}.{request.json['format'][0]}?Signature=x"})
        if path.startswith("/api/v4/en/tracks/"):
            return reply({"key": "A minor", "writers": [{"name": "Mara Lind", "share": 100, "pro": "PRS"}], "publishers": []})
        if path == calls.LICENCE:
            return reply({"success": True, "license": {"license_id": "d41c", "license_url": "d41c"}})
        raise AssertionError(f"the client asked for {path}")

    def page(self, path: str, query: dict[str, str]) -> Reply:
        """Answer with a page of the tracks."""
        start = int(query.get("offset", "0"))
        end = start + self.paging if self.paging else len(self.tracks)
        following = f"?value={HASH}&offset={end}" if end < len(self.tracks) else None
        return reply({"next": following, "previous": None, "results": self.tracks[start:end]}, url=HOST + path)


SOUNDS = {f"{one['id'][:8]}.mp3": music(float(one["length"])) for one in (LOW_TIDE, OPEN_WATER, LAST_TRAIN)}


def script(library: Library | None = None, **fields: Any) -> Replaying:
    """Return a runner in whose files all tracks sound."""
    return Replaying(service=library or Library(), **{"sounds": SOUNDS, **fields})


def test_slipstream_is_a_service_that_matches_and_renders() -> None:
    """The pipeline asks by these protocols."""
    assert isinstance(SERVICE, Matches)
    assert isinstance(SERVICE, Renders)
    assert SERVICE.declaration.capabilities >= {"match", "render"}


def test_the_cut_becomes_the_best_track_from_its_best_start_on() -> None:
    """Upload, search, download, hearing, in that order; singing comes last where nobody shall sing."""
    run = script()
    delivery = run.run(SERVICE.score(ask(picture=picture())))
    offer = delivery.offers[0]
    assert (offer.title, offer.start_seconds, offer.heard.seconds) == ("Low Tide", 41.2, 151.0)
    assert offer.facts["writers"] == [{"name": "Mara Lind", "share": 100.0}]
    assert run.paid == []
    assert [one.path for one in run.sent[:3]] == [calls.FILTERS, calls.VIDEO, calls.BY_VIDEO]
    upload = run.sent[1].parts[0]
    assert (upload.name, upload.filename, upload.media_type) == ("file", "cut.mp4", "video/mp4")
    assert upload.content == FilePiece(path=Path("/cuts/scene.MP4"))


def test_a_course_takes_the_same_way_when_it_is_taken_up_again() -> None:
    """Nothing is asked a second time."""
    no_right = reply({"detail": "You do not have permission to perform this action."}, 403)
    queued = {calls.BY_VIDEO: [NOT_FOUND], "/api/v4/download/audio/": [PREPARING, no_right]}
    run = script(Library(paging=1, queued=queued))
    first = run.run(SERVICE.score(ask(picture=picture(), takes=2)))
    asked = len(run.sent)
    assert run.run(SERVICE.score(ask(picture=picture(), takes=2))) == first
    assert len(run.sent) == asked


def test_what_the_brief_wishes_is_searched_for_in_the_services_spelling() -> None:
    """Genre and mood as listed, tempo about the plan's 92, at least as long as the cue; then without wishes for the rest."""
    run = script()
    run.run(SERVICE.search(ask(45.5, picture=picture(), genre="cinematic", sections=((Mood.TENSE, 0.5),)), 3))
    first, second = (dict(one.query) for one in run.sent if one.path == calls.BY_VIDEO)
    assert first["genre__terms"] == "Cinematic"
    assert first["mood__terms"] == "Tense"
    assert (first["bpm__range"], first["duration__range"]) == ("78__106", "46__600")
    assert set(second) == {"value", "limit"}


def test_what_is_set_is_obeyed_and_never_given_up() -> None:
    """Set filters are in both searches, and take the place of wishes."""
    run = script()
    options = {"genre": "pop, Cinematic", "bpm": "90-128", "tempo": "slow", "title": "Low Tide"}
    run.run(SERVICE.search(ask(picture=picture(), options=options), 3))
    for one in run.sent:
        if one.path == calls.BY_VIDEO:
            query = dict(one.query)
            assert (query["genre__terms"], query["bpm__range"], query["tempo"]) == ("Pop__Cinematic", "90__128", "slow")
            assert query["title"] == "Low Tide"


def test_search_lists_candidates_by_rank_with_previews_below_the_base_url() -> None:
    """A track that sings is behind the others where the brief is instrumental."""
    found = script().run(SERVICE.search(ask(picture=picture()), 10))
    assert [(one.rank, one.title) for one in found] == [(1, "Low Tide"), (2, "Last Train Home"), (3, "Open Water")]
    assert found[0].preview_url == f"{HOST}/api/v4/stream/{LOW_TIDE['id']}/?type=track"
    assert found[2].highlights == ((30.0, 46.5),)
    sung = script().run(SERVICE.search(ask(picture=picture(), instrumental=False), 10))
    assert [one.title for one in sung] == ["Low Tide", "Open Water", "Last Train Home"]


def test_singing_comes_after_all_others_also_where_it_has_the_wished_mood() -> None:
    """An instrumental cue first wants an instrumental; what the brief wishes for orders those."""

    def service(request: Request) -> Reply:
        wishes = dict(request.query).get("mood__terms") == "Hopeful"
        tracks = [OPEN_WATER, LAST_TRAIN] if wishes else [LOW_TIDE, OPEN_WATER, LAST_TRAIN]
        return Library(tracks=tracks)(request)

    found = Script(service=service).run(SERVICE.search(ask(picture=picture()), 10))
    assert [one.title for one in found] == ["Last Train Home", "Low Tide", "Open Water"]


def test_a_rank_of_the_list_is_the_track_that_is_picked() -> None:
    """``--pick 3`` takes the third of ``search``."""
    found = script().run(SERVICE.search(ask(picture=picture()), 1))
    assert len(found) == 1
    delivery = script().run(SERVICE.score(ask(picture=picture(), pick=3)))
    assert delivery.offers[0].title == "Open Water"
    assert delivery.offers[0].start_seconds == 30.0


def test_pages_are_followed_by_their_relative_links() -> None:
    """A bare query string is the next page of the same search."""
    run = script(Library(paging=1))
    found = run.run(SERVICE.search(ask(picture=picture(), options={"mood": "Hopeful"}), 3))
    assert len(found) == 3
    assert [dict(one.query).get("offset") for one in run.sent if one.path == calls.BY_VIDEO][:3] == [None, "1", "2"]


@pytest.mark.parametrize(
    "following",
    [
        "?value=x&offset=2",
        "/api/v4/search/ai/by-video/?value=x&offset=2",
        f"{HOST}/api/v4/search/ai/by-video/?value=x&offset=2",
    ],
)
def test_links_to_the_next_page_of_every_form_are_read(following: str) -> None:
    """Only the query is ever taken over."""
    page = page_of(reply({"next": following, "results": []}, url=f"{HOST}{calls.BY_VIDEO}?value=x"), calls.BY_VIDEO)
    assert page["next"] == [["value", "x"], ["offset", "2"]]


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/api/v4/search/ai/by-video/?offset=2",
        "//evil.example/api/v4/search/ai/by-video/?offset=2",
        "http://api.slipstreammusic.com/api/v4/search/ai/by-video/?offset=2",
        "https://api.slipstreammusic.com:444/api/v4/search/ai/by-video/?offset=2",
        "https://api.slipstreammusic.com@evil.example/api/v4/search/ai/by-video/",
        "/api/v4/me/playlists/?offset=2",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
def test_a_next_page_on_another_host_or_path_is_refused(following: str) -> None:
    """The key would go there."""
    with pytest.raises(BadReplyError):
        page_of(reply({"next": following, "results": []}, url=HOST + calls.BY_VIDEO), calls.BY_VIDEO)


def test_pages_below_a_proxys_prefix_are_followed() -> None:
    """The sandbox and proxies serve the same paths below a prefix."""
    here = "http://127.0.0.1:9000/slipstream/api/v4/search/ai/by-video/"
    page = page_of(reply({"next": f"{here}?offset=2", "results": [LOW_TIDE]}, url=f"{here}?value=x"), calls.BY_VIDEO)
    assert page["next"] == [["offset", "2"]]
    assert page["tracks"][0]["preview_url"].startswith("http://127.0.0.1:9000/slipstream/api/v4/stream/")


@pytest.mark.parametrize("expired", [NOT_FOUND, reply({"detail": "gone", "error_code": "x"}, 422)])
def test_an_upload_that_expired_is_uploaded_again_once(expired: Reply) -> None:
    """The search does not know it any more; a second time is an error that says so."""
    run = script(Library(queued={calls.BY_VIDEO: [expired]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers
    assert sum(one.path == calls.VIDEO for one in run.sent) == 2
    with pytest.raises(RefusedError, match="uploaded twice"):
        script(Library(queued={calls.BY_VIDEO: [expired] * 2})).run(SERVICE.score(ask(picture=picture())))


def test_a_cut_that_cannot_be_analysed_is_told_with_its_code() -> None:
    """The user is shown both."""
    body = {"detail": "The video could not be analysed: it has no audio track.", "error_code": "video_no_audio"}
    with pytest.raises(RefusedError, match=r"no audio track\. \(video_no_audio\)"):
        script(Library(queued={calls.VIDEO: [reply(body, 422)]})).run(SERVICE.score(ask(picture=picture())))


def test_a_youtube_link_is_registered_and_searched_but_never_rendered() -> None:
    """Its sound is not licensed for that."""
    link = "https://www.youtube.com/watch?v=Zx81abcdEFG"
    library = Library(queued={calls.VIDEO: [reply({**UPLOADED, "source_type": "youtube_url", "source_value": link}, 201)]})
    run = script(library)
    assert run.run(SERVICE.search(ask(reference_url=link), 2))
    assert run.sent[1].json == {"url": link}
    assert dict(run.sent[2].query)["value"] == link
    with pytest.raises(LimitError, match="only pictures that were uploaded"):
        script().run(Slipstream().render(ask(reference_url=link), "x", picture_volume=0.5, music_volume=0.5, start=0.0))


def test_a_song_elsewhere_is_searched_by_its_link() -> None:
    """No picture is needed then, and nothing is uploaded."""
    run = script()
    run.run(SERVICE.search(ask(reference_url="https://open.spotify.com/track/9zzz"), 2))
    assert all(one.path != calls.VIDEO for one in run.sent)
    assert dict(run.sent[1].query)["link"] == "https://open.spotify.com/track/9zzz"


def render(run: Script, **numbers: float) -> Any:
    """Render the first track."""
    course = Slipstream().render(
        ask(picture=picture()), LOW_TIDE["id"], **{"picture_volume": 0.25, "music_volume": 0.9, "start": 12.50049, **numbers}
    )
    return run.run(course)


def test_a_render_is_asked_for_with_the_same_numbers_until_it_is_there() -> None:
    """They are rounded once: others would start another render."""
    path = f"{calls.VIDEO}{VIDEO_ID}/"
    run = script(Library(queued={path: [PREPARING, PREPARING]}))
    clip = render(run)
    assert clip.file.path.name == "rendered-1f0a.mp4"
    bodies = [one.json for one in run.sent if one.path.startswith(path)]
    assert bodies == [{"track_id": LOW_TIDE["id"], "video_volume": 0.25, "track_volume": 0.9, "track_start": 12.5}] * 3
    assert "prepared" in run.stages[0]


def test_a_render_of_an_expired_upload_uploads_again_once() -> None:
    """404 may also mean an unknown track, so the second one ends it."""
    path = f"{calls.VIDEO}{VIDEO_ID}/"
    run = script(Library(queued={path: [NOT_FOUND]}))
    assert render(run).service_ids == (VIDEO_ID, LOW_TIDE["id"])
    with pytest.raises(RefusedError, match="no such track"):
        render(script(Library(queued={path: [NOT_FOUND] * 2})))


@pytest.mark.parametrize("numbers", [{"picture_volume": 1.1}, {"music_volume": -0.1}, {"start": -1.0}, {"start": float("nan")}])
def test_a_render_with_numbers_out_of_range_sends_nothing(numbers: dict[str, float]) -> None:
    """Volumes are 0 to 1."""
    run = script()
    with pytest.raises(LimitError):
        render(run, **numbers)
    assert run.sent == []


def test_tracks_that_may_not_be_downloaded_are_passed_over() -> None:
    """The next ranked one is taken, and the first refusal told."""
    no_right = reply({"detail": "You do not have permission to perform this action."}, 403)
    run = script(Library(queued={"/api/v4/download/audio/": [no_right]}))
    delivery = run.run(SERVICE.score(ask(picture=picture())))
    assert delivery.offers[0].title == "Last Train Home"
    assert "permission" in delivery.notes[0]
    with pytest.raises(RefusedError, match="permission") as refused:
        script(Library(queued={"/api/v4/download/audio/": [no_right] * 5})).run(SERVICE.score(ask(picture=picture())))
    assert "plan" in refused.value.hint


def test_a_track_that_is_not_fit_for_use_is_passed_over() -> None:
    """The acceptance test has the last word."""
    sounds = {**SOUNDS, "a41c5e90.mp3": UnusableTakeError("silent")}
    delivery = script(sounds=sounds).run(SERVICE.score(ask(picture=picture(), takes=2)))
    assert [one.title for one in delivery.offers] == ["Last Train Home", "Open Water"]


def test_stems_come_in_an_archive_that_is_waited_for() -> None:
    """Mix first, then what else was in it."""
    sounds = {"mix.wav": music(151.0)}
    library = Library(
        queued={"/api/v4/download/audio/": [PREPARING, reply({"url": "https://cdn.example/z/a41c.zip?Signature=x"})]}
    )
    run = script(library, sounds=sounds, unpacked={"a41c.zip": ["mix.wav", "bass.wav"]})
    offer = run.run(SERVICE.score(ask(picture=picture(), wav=True, options={"stems": "yes"}))).offers[0]
    assert offer.file.path.name == "mix.wav"
    assert [one.path.name for one in offer.stems.values()] == ["bass.wav"]
    request = next(one for one in run.sent if one.path.startswith("/api/v4/download/audio/"))
    assert request.json == {"type": "track", "format": ["wav"], "include_stems": True}


def test_a_download_that_answers_with_a_redirect_is_read_too() -> None:
    """The other form of the call does that."""
    link = "https://cdn.slipstreammusic.com/a/a41c5e90.mp3?Expires=1&Signature=x"
    run = script(Library(queued={"/api/v4/download/audio/": [reply("", 302, location=link)]}))
    assert run.run(SERVICE.score(ask(picture=picture()))).offers[0].file.path.name == "a41c5e90.mp3"


def test_a_licence_is_asked_for_once_and_counts_as_paid() -> None:
    """Its page is built from its id."""
    run = script()
    options = {"licence_user": "editor-0042", "project": "Harbour walk"}
    offer = run.run(SERVICE.score(ask(picture=picture(), options=options))).offers[0]
    assert offer.facts["licence"] == {"id": "d41c", "url": "https://license.slipstreammusic.com/v/d41c"}
    assert run.paid == ["licence 1"]
    sent = next(one for one in run.sent if one.path == calls.LICENCE)
    assert sent.headers == {"X-User-ID": "editor-0042"}
    assert sent.json == {"track_id": LOW_TIDE["id"], "project_name": "Harbour walk"}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"success": False, "error": {"code": "MISSING_USER_ID", "message": "X-User-ID header is required."}}, RefusedError),
        (401, {"success": False, "error": {"code": "INVALID_API_KEY", "message": "API key is missing."}}, RefusedError),
        (404, {"success": False, "error": {"code": "TRACK_NOT_FOUND", "message": "Track does not exist."}}, RefusedError),
        (429, {"success": False, "error": {"code": "USAGE_LIMIT_EXCEEDED", "message": "Daily limit reached."}}, RefusedError),
        (503, {"detail": "busy"}, JobStateUnknownError),
        (500, {"detail": "Upload failed."}, JobStateUnknownError),
        (502, "<html><body>Bad Gateway</body></html>", JobStateUnknownError),
        (200, "not json", JobStateUnknownError),
        (200, {"success": False, "error": {"code": "X", "message": "no"}}, RefusedError),
    ],
)
def test_answers_to_the_licence_call(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """A quota that is used up is no reason to wait; a fault leaves open whether one was made."""
    asked = calls.licence(ask(options={"licence_user": "u"}), "t", "licence 1")
    with pytest.raises(kind):
        asked.read(reply(body, status))


FAULTS = [
    (400, {"detail": "Either 'file' or 'url' must be provided."}, RefusedError),
    (400, {"detail": "Please provide a valid YouTube URL."}, RefusedError),
    (400, {"file": ["File extension is not allowed. Allowed extensions are: mov, mpeg, mp4, avi."]}, RefusedError),
    (400, {"file": ["File size cannot exceed 60 MB."]}, RefusedError),
    (401, {"detail": "Authentication credentials were not provided."}, RefusedError),
    (401, {"detail": "Invalid token."}, RefusedError),
    (403, {"detail": "You do not have permission to perform this action."}, RefusedError),
    (413, "<html><body><h1>413 Request Entity Too Large</h1></body></html>", RefusedError),
    (415, {"detail": 'Unsupported media type "text/plain" in request.'}, RefusedError),
    (429, {"detail": "Request was throttled. Expected available in 7 seconds."}, RateLimitedError),
    (500, {"detail": "Upload failed."}, UnavailableError),
    (502, "<html><body>Bad Gateway</body></html>", UnavailableError),
    (503, "", UnavailableError),
    (301, "", BadReplyError),
    (200, {"id": "x"}, BadReplyError),
    (201, "[]", BadReplyError),
]


@pytest.mark.parametrize(("status", "body", "kind"), FAULTS)
def test_answers_to_the_upload(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """Every family of error bodies, with its own words in the message."""
    with pytest.raises(kind) as raised:
        calls.upload(ask(picture=picture()), "upload").read(reply(body, status))
    assert str(status) in raised.value.message
    if isinstance(body, dict) and "detail" in body:
        assert body["detail"] in raised.value.message


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"value": ["This field is required."]}, RefusedError),
        (400, {"value": ["Enter a 32-character hash or a YouTube URL."]}, RefusedError),
        (400, {"link": ["Unsupported platform."]}, RefusedError),
        (429, {"detail": "Request was throttled. Expected available in 30 seconds."}, RateLimitedError),
        (500, {"detail": "AI search is temporarily unavailable."}, UnavailableError),
        (200, {"results": None}, BadReplyError),
        (200, "<html></html>", BadReplyError),
    ],
)
def test_answers_to_a_search(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """What is wrong with a field is told with its name."""
    with pytest.raises(kind) as raised:
        calls.page_call("search 1", calls.BY_VIDEO, ()).read(reply(body, status, url=HOST + calls.BY_VIDEO))
    if isinstance(body, dict) and isinstance(body.get("value"), list):
        assert f"value: {body['value'][0]}" in raised.value.message


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"detail": "Downloads are only available for uploaded files."}, RefusedError),
        (400, {"track_id": ["Must be a valid UUID."]}, RefusedError),
        (400, {"video_volume": ["Ensure this value is less than or equal to 1.0."]}, RefusedError),
        (400, {"type": ["This field is required."]}, RefusedError),
        (400, {"format": ['"flac" is not a valid choice.']}, RefusedError),
        (400, {"include_stems": ["Only valid when type is track."]}, RefusedError),
        (401, {"detail": "Authentication credentials were not provided."}, RefusedError),
        (404, {"detail": "Not found."}, RefusedError),
        (429, {"detail": "Request was throttled."}, RateLimitedError),
        (500, {"detail": "no"}, UnavailableError),
        (200, {}, BadReplyError),
        (302, "", BadReplyError),
    ],
)
def test_answers_to_downloads_and_renders(status: int, body: object, kind: type[SoundtrackError]) -> None:
    """Both answer alike."""
    with pytest.raises(kind):
        calls.made("render", Request(method="POST", path="/x/"), "the render").read(reply(body, status))


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"picture": picture(size=60_000_001)}, LimitError),
        ({"picture": picture(path=Path("cut.mkv"))}, LimitError),
        ({"reference_url": "https://example.org/clip"}, LimitError),
        ({"reference_url": "https://notyoutube.com/watch"}, LimitError),
        ({"options": {"colour": "red"}}, SettingsError),
        ({"options": {"bpm": "fast"}}, SettingsError),
        ({"options": {"bpm": "128-90"}}, SettingsError),
        ({"options": {"duration": "0-601"}}, SettingsError),
        ({"options": {"tempo": "allegro"}}, SettingsError),
        ({"options": {"genre": "a__b"}}, SettingsError),
        ({"options": {"stems": "perhaps"}}, SettingsError),
        ({"options": {"start": "-1"}}, SettingsError),
        ({"options": {"project": "x" * 256}}, LimitError),
    ],
)
def test_limits_are_checked_before_anything_is_sent(fields: dict[str, Any], kind: type[SoundtrackError]) -> None:
    """60 MB, four kinds of file, an audio track, known links and options."""
    with pytest.raises(kind):
        SERVICE.check(ask(**{"picture": picture(), **fields}))


def test_what_is_within_the_limits_passes() -> None:
    """The other side of the limits."""
    SERVICE.check(ask(picture=picture(size=60_000_000), options={"bpm": "90-128", "duration": "60-600", "tempo": "slow"}))
    SERVICE.check(ask(picture=picture(has_sound=False)))  # the export lays a silent track in
    SERVICE.check(ask(reference_url="https://youtu.be/Zx81abcdEFG"))


def test_a_cue_is_checked_before_it_is_exported_but_never_scored_without_a_picture() -> None:
    """What it costs can be told before anything is decoded."""
    SERVICE.check(ask())
    assert SERVICE.wording(ask()).sent["search"] == calls.BY_VIDEO
    run = script()
    with pytest.raises(LimitError, match="needs the picture"):
        run.run(SERVICE.score(ask()))
    assert all(one.method == "GET" for one in run.sent)


def test_wording_and_quote_tell_what_is_sent_and_that_no_track_has_a_price() -> None:
    """For ``--dry-run``."""
    asked = ask(picture=picture(), genre="ambient", takes=2, options={"mood": "Tense", "licence_user": "u"})
    said = SERVICE.wording(asked)
    assert said.sent["mood"] == "Tense"
    assert said.sent["wished"]["genre__terms"] == "ambient"
    assert len(said.left_out) == 2
    quote = SERVICE.quote(asked)
    assert quote.least is None  # the licence's price is not published
    assert (quote.lines[0].least, quote.lines[0].credits) == (2, 0.0)
    assert SERVICE.balance() is None


def test_an_empty_list_is_told() -> None:
    """No track at all is the end of the job, with a way out."""
    with pytest.raises(JobFailedError, match="found 0 tracks"):
        script(Library(tracks=[])).run(SERVICE.score(ask(picture=picture())))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_any_change_of_an_answer_ends_in_music_or_in_an_error_of_ours(data: st.DataObject) -> None:
    """Fields may lack, be added, be of another type; statuses may be any."""
    target = data.draw(
        st.sampled_from([calls.FILTERS, calls.VIDEO, calls.BY_VIDEO, "/api/v4/download", "/api/v4/en", calls.LICENCE])
    )
    library = Library()

    def service(request: Request) -> Reply:
        answer = library(request)
        return replace(data.draw(mutated(answer.json())), url=answer.url) if request.path.startswith(target) else answer

    run = Script(service=service, sounds=SOUNDS, unfetchable={})
    asked = ask(picture=picture(), options={"licence_user": "u"})
    try:
        assert run.run(SERVICE.score(asked)).offers
    except SoundtrackError:
        assert run.sent
    except AssertionError as error:  # the runner of the tests is asked for ever, or hears a file that it was not told of
        if "still asking" not in str(error) and "nobody said how" not in str(error):
            raise


@given(text=st.text(max_size=40))
def test_query_strings_of_hostile_links_never_leave_the_search(text: str) -> None:
    """Whatever ``next`` says, it is a query of ours or an error."""
    answer = reply({"next": text, "results": []}, url=HOST + calls.BY_VIDEO)
    try:
        page = page_of(answer, calls.BY_VIDEO)
    except BadReplyError:
        return
    expected = (
        None if not text.strip() else [list(one) for one in parse_qsl(urlsplit(text.strip()).query, keep_blank_values=True)]
    )
    assert page["next"] == expected


def test_asks_of_these_tests_are_asks() -> None:
    """The helper hides nothing."""
    assert isinstance(ask(picture=picture()), Ask)
