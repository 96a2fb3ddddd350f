"""Slipstream's part of the sandbox against the exchanges of slipstream.md."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest

from otio_soundtrack.sandbox.music import samples, take
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.sandbox.visual import visual
from otio_soundtrack.tools.media.probe import probe
from otio_soundtrack.tools.media.sound import SoundReader
from tests.sandbox.asking import Answer, ask, until
from tests.sandbox.conftest import Open

KEY = "sandbox-key-slipstream"
UPLOAD = "/api/v4/soundtrack/video/"
SEARCH = "/api/v4/search/ai/by-video/"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="session")
def video(music: Path) -> Path:
    """Return a cut of five seconds with sound."""
    return visual(take("calm", 5.0, 5), ("cut",), music)


def get(box: Sandbox, path: str, key: str | None = KEY) -> Answer:
    """Get a path."""
    return ask("GET", f"{box.environment['SLIPSTREAM_BASE_URL']}{path}", key=key)


def post(box: Sandbox, path: str, body: Any, key: str | None = KEY, headers: dict[str, str] | None = None) -> Answer:
    """Send a body."""
    return ask("POST", f"{box.environment['SLIPSTREAM_BASE_URL']}{path}", body, key=key, headers=headers)


def upload(box: Sandbox, content: bytes, name: str = "harbour_walk.mp4", extra: bytes = b"") -> Answer:
    """Upload a file (3.1)."""
    head = f'--b1\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: video/mp4\r\n\r\n'
    body = extra + head.encode() + content + b"\r\n--b1--\r\n"
    return post(box, UPLOAD, body, headers={"Content-Type": "multipart/form-data; boundary=b1"})


def first_track(box: Sandbox, value: str) -> Any:
    """Return the best track that may be downloaded."""
    results = get(box, f"{SEARCH}?value={value}&limit=100").json["results"]
    return next(track for track in results if not track["restricted"])


def test_a_cut_is_uploaded_searched_for_and_rendered(opened: Open, video: Path) -> None:
    """3.1 to 3.4: 201, a ranked page, 202 until the same request is 200; the picture keeps its length, the music is in it."""
    box = opened()
    created = upload(box, video.read_bytes())
    assert (created.status, created.json["source_type"], created.json["source_title"]) == (201, "file", "harbour_walk.mp4")
    assert len(created.json["source_value"]) == 32
    assert get(box, f"{UPLOAD}{created.json['id']}/").json == created.json
    track = first_track(box, created.json["source_value"])
    wanted = {"track_id": track["id"], "video_volume": 0.0, "track_volume": 0.9, "track_start": 1.5}
    asked = post(box, f"{UPLOAD}{created.json['id']}/download/", wanted)
    assert (asked.status, asked.json["send_email"]) == (202, True)
    done = until(lambda: post(box, f"{UPLOAD}{created.json['id']}/download/", wanted), lambda answer: answer.status == 200)
    path = video.parent / "rendered.mp4"
    path.write_bytes(ask("GET", done.json["url"]).body)
    facts = probe(path)
    assert facts.has_sound
    assert float(facts.duration or 0) == pytest.approx(5.0, abs=0.1)
    stream = get(box, track["audio_url"])
    assert stream.headers["content-type"] == "audio/mpeg"
    reader = SoundReader(path)
    assert np.abs(reader.read(0, 48000)).max() > 0.01
    reader.close()


def test_pages_follow_each_other_by_query_strings(opened: Open, video: Path) -> None:
    """1.2: ``next`` is a bare query string; the pages hold each track once; the same value gives the same list."""
    box = opened()
    value = upload(box, video.read_bytes()).json["source_value"]
    here = f"{SEARCH}?value={value}&limit=25&bpm__range=0__280"
    seen: list[str] = []
    while here:
        page = get(box, here, key=None).json
        assert {"next", "previous", "results"} == page.keys()
        seen += [track["id"] for track in page["results"]]
        assert page["next"] is None or page["next"].startswith("?")
        here = page["next"] and urljoin(here, page["next"])
    assert len(seen) == len(set(seen)) == 60
    again = [track["id"] for track in get(box, f"{SEARCH}?value={value}&limit=100").json["results"]]
    assert again == seen


def test_filters_narrow_the_list_and_keep_its_order(opened: Open, video: Path) -> None:
    """4.2: OR inside one list, AND between filters, case does not matter."""
    box = opened()
    value = upload(box, video.read_bytes()).json["source_value"]
    whole = get(box, f"{SEARCH}?value={value}&limit=100").json["results"]
    some = get(box, f"{SEARCH}?value={value}&limit=100&bpm__range=90__128&genre__terms=cinematic__pop").json["results"]
    assert some == [one for one in whole if 90 <= one["tempo"] <= 128 and one["genre_name"] in ("Cinematic", "Pop")]
    assert 0 < len(some) < len(whole)
    values = get(box, "/api/v4/search/ai/filters/").json
    assert {"genres", "subgenres", "moods", "tempo", "vocals", "bpm", "duration"} == values.keys()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        (SEARCH, 400, {"value": ["This field is required."]}),
        (f"{SEARCH}?value=abc", 400, {"value": ["Enter a 32-character hash or a YouTube URL."]}),
        (f"{SEARCH}?value={'0' * 32}", 404, {"detail": "Not found."}),
        ("/api/v4/search/ai/by-text/", 400, {"text": ["This field is required."]}),
        (
            "/api/v4/search/ai/by-prompt/?text=rain&time_limit=90",
            400,
            {"time_limit": ["Ensure this value is less than or equal to 60."]},
        ),
        ("/api/v4/search/ai/by-url/?link=https%3A%2F%2Fexample.org%2Fa", 400, {"link": ["Unsupported platform."]}),
        (
            "/api/v4/search/ai/by-url/?link=https%3A%2F%2Fvimeo.com%2F1&bpm_range=250",
            400,
            {"bpm_range": ["Ensure this value is less than or equal to 100."]},
        ),
        (f"/api/v4/search/ai/by-id/?track_id={UNKNOWN}", 404, {"detail": "Not found."}),
        (f"/api/v4/en/tracks/{UNKNOWN}/", 404, {"detail": "Not found."}),
        (f"/api/v4/stream/{UNKNOWN}/?type=track", 404, {"detail": "Not found."}),
        (f"{UPLOAD}{UNKNOWN}/", 404, {"detail": "Not found."}),
    ],
)
def test_wrong_questions_are_answered_as_the_sheet_says(opened: Open, path: str, status: int, body: Any) -> None:
    """A19 to A23, A36, A38 to A41, A43, A46."""
    answer = get(opened(), path)
    assert (answer.status, answer.json) == (status, body)


def test_a_mistyped_filter_is_no_error(opened: Open) -> None:
    """A37."""
    answer = get(opened(), "/api/v4/search/ai/by-text/?text=drive&genre=rok").json
    assert (answer["results"], answer["next"], answer["did_you_mean"]) == ([], None, {"genre": "Rock"})


def test_highlights_have_two_shapes(opened: Open) -> None:
    """3.5."""
    box = opened()
    prompt = get(box, "/api/v4/search/ai/by-prompt/?text=rain&highlights=true&limit=1").json["results"][0]
    assert prompt["highlights"][0].keys() == {"offset", "duration"}
    link = get(box, "/api/v4/search/ai/by-url/?link=https%3A%2F%2Fvimeo.com%2F1&highlights=true&limit=1").json["results"][0]
    assert link["highlights"][0].keys() == {"start", "end", "score"}


def test_uploads_are_checked(opened: Open, video: Path) -> None:
    """A1 to A5, A7, A8, A10, A13."""
    box = opened()
    assert post(box, UPLOAD, {}).json == {"detail": "Either 'file' or 'url' must be provided."}
    both = b'--b1\r\nContent-Disposition: form-data; name="url"\r\n\r\nhttps://youtu.be/Zx81abcdEFG\r\n'
    assert upload(box, b"x", extra=both).json == {"detail": "Cannot provide both 'file' and 'url'. Choose one."}
    assert post(box, UPLOAD, {"url": "https://example.org/clip"}).json == {"detail": "Please provide a valid YouTube URL."}
    assert "mov, mpeg, mp4, avi" in upload(box, b"x", name="a.mkv").json["file"][0]
    assert upload(box, bytes(62_914_561)).json == {"file": ["File size cannot exceed 60 MB."]}
    assert post(box, UPLOAD, {}, key=None).json == {"detail": "Authentication credentials were not provided."}
    wrong = post(box, UPLOAD, {}, key="wrong")
    assert (wrong.status, wrong.json, wrong.headers["www-authenticate"]) == (401, {"detail": "Invalid token."}, "Bearer")
    assert post(box, UPLOAD, b"x", headers={"Content-Type": "text/plain"}).status == 415
    corrupt = upload(box, b"no video")
    assert (corrupt.status, corrupt.json["error_code"]) == (422, "video_corrupt")
    assert upload(box, video.read_bytes()).status == 201


def test_a_youtube_link_is_searched_for_and_not_rendered(opened: Open) -> None:
    """3.1 and A26."""
    box = opened()
    url = "https://www.youtube.com/watch?v=Zx81abcdEFG"
    created = post(box, UPLOAD, {"url": url}).json
    assert (created["source_type"], created["source_value"], created["file"]) == ("youtube_url", url, None)
    track = get(box, f"{SEARCH}?value=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DZx81abcdEFG").json["results"][0]
    answer = post(box, f"{UPLOAD}{created['id']}/download/", {"track_id": track["id"]})
    assert (answer.status, answer.json) == (400, {"detail": "Downloads are only available for uploaded files."})


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"video_volume": 0.25}, {"track_id": ["This field is required."]}),
        ({"track_id": "17"}, {"track_id": ["Must be a valid UUID."]}),
        ({"track_id": UNKNOWN, "video_volume": 1.4}, {"video_volume": ["Ensure this value is less than or equal to 1.0."]}),
        ({"track_id": UNKNOWN, "track_start": -1}, {"track_start": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_wrong_renders_are_refused(opened: Open, body: Any, answer: Any) -> None:
    """A27 to A30."""
    given = post(opened(), f"{UPLOAD}{UNKNOWN}/download/", body)
    assert (given.status, given.json) == (400, answer)


def test_an_expired_upload_is_gone_once(opened: Open, video: Path) -> None:
    """A23, and trap 4: upload again."""
    box = opened("expired_upload@slipstream")
    value = upload(box, video.read_bytes()).json["source_value"]
    assert get(box, f"{SEARCH}?value={value}").status == 404
    value = upload(box, video.read_bytes()).json["source_value"]
    assert get(box, f"{SEARCH}?value={value}").status == 200


def test_tracks_are_downloaded_and_archives_are_built_first(opened: Open) -> None:
    """3.9, A48 to A55: one format at once under a signed link, stems after a while."""
    box = opened()
    track = get(box, "/api/v4/search/ai/by-text/?text=rain&limit=100").json["results"]
    good = next(one for one in track if not one["restricted"])
    path = f"/api/v4/download/audio/{good['id']}/"
    assert ask("GET", post(box, path, {"type": "track", "format": ["wav"]}).json["url"]).body[:4] == b"RIFF"
    whole = {"type": "track", "format": ["wav"], "include_stems": True}
    first = post(box, path, whole)
    assert (first.status, first.json) == (202, {"detail": "Download is being prepared. Please try again in a few moments."})
    ready = until(lambda: post(box, path, whole), lambda answer: answer.status == 200)
    names = zipfile.ZipFile(io.BytesIO(ask("GET", ready.json["url"]).body)).namelist()
    assert "audio.wav" in names
    assert any(name.startswith("stems/") for name in names)
    assert get(box, f"{path}?type=track&format=mp3").status == 302
    assert post(box, path, {"format": ["mp3"]}).json == {"type": ["This field is required."]}
    assert post(box, path, {"type": "track", "format": ["flac"]}).json == {"format": ['"flac" is not a valid choice.']}
    assert post(box, path, {"type": "soundfx", "include_stems": True}).json == {
        "include_stems": ["Only valid when type is track."]
    }
    assert post(box, f"/api/v4/download/audio/{UNKNOWN}/", {"type": "track"}).status == 404
    closed = next(one for one in track if one["restricted"])
    assert post(box, f"/api/v4/download/audio/{closed['id']}/", {"type": "track"}).status == 403


def test_a_track_tells_who_wrote_it_and_is_licensed(opened: Open) -> None:
    """3.7, 3.11, A60 to A64: the licence path has no slash, wants a user and answers 200."""
    box = opened()
    track = get(box, "/api/v4/search/ai/by-text/?text=rain&limit=1").json["results"][0]
    assert get(box, f"/api/v4/en/tracks/{track['id']}/").json["writers"][0]["share"] == 100
    path = "/api/v1/licenses/generate"
    assert post(box, path, {"track_id": track["id"]}).json["error"]["code"] == "MISSING_USER_ID"
    user = {"X-User-ID": "editor-0042"}
    licence = post(box, path, {"track_id": track["id"], "project_name": "cut 3"}, headers=user)
    assert (licence.status, licence.json["success"]) == (200, True)
    assert licence.json["license"]["license_url"] == licence.json["license"]["license_id"]
    assert post(box, path, {"track_id": "17"}, headers=user).json["error"]["code"] == "INVALID_REQUEST"
    assert post(box, path, {"track_id": UNKNOWN}, headers=user).json["error"]["code"] == "TRACK_NOT_FOUND"
    assert post(box, path, {"track_id": UNKNOWN}, key="wrong").json["error"]["code"] == "INVALID_API_KEY"


def test_paths_without_their_slash_are_redirected(opened: Open) -> None:
    """A17."""
    answer = get(opened(), f"{UPLOAD}{UNKNOWN}")
    assert (answer.status, answer.headers["location"]) == (301, f"{UPLOAD}{UNKNOWN}/")


def test_the_sound_of_the_catalogue_has_its_tempo() -> None:
    """What a search tells of a track is true: the composer plays at the tempo that is told."""
    from otio_soundtrack.sandbox.slipstream_catalogue import catalogue

    track = catalogue((6.0, 12.0))[7]
    assert track.take.pieces[0].style.tempo_bpm == track.facts["tempo"]
    assert len(samples(track.take)) == track.seconds * 48000
