"""A scored timeline in the formats of others, and back: the music lies where it lay, and its file is found.

The cut is at 23.976, its cue begins late, and its files have handles: whatever a format does to rates and source times shows.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.pipeline.scoring.finishing import Scored
from otio_soundtrack.settings import UrlStyle
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.save import save_timeline
from otio_soundtrack.timeline.urls import local_path
from otio_soundtrack.timeline.write import with_cues
from tests.doors.test_cli import Captured, run

pytestmark = pytest.mark.xdist_group("round trips")  # one scored cut serves all

RATE = 24_000 / 1001
FRAME = Fraction(1001, 24_000)
START, FRAMES, HANDLE = 100, 60, 48


def picture() -> otio.schema.Timeline:
    """Return a cut of 200 frames of media that are nowhere, from 01:00:00:00 on."""
    edit = otio.schema.Timeline("show", global_start_time=RationalTime(86_400, RATE))
    track = otio.schema.Track("V1", kind="Video")
    for number in range(2):
        media = otio.schema.ExternalReference(f"/nowhere/{number}.mov", TimeRange(RationalTime(0, RATE), RationalTime(100, RATE)))
        track.append(otio.schema.Clip(f"shot {number}", media, TimeRange(RationalTime(0, RATE), RationalTime(100, RATE))))
    edit.tracks.append(track)
    return edit


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The cut, scored from frame 100 to 160 with handles of two seconds."""
    folder = tmp_path_factory.mktemp("round trips")
    return otio_soundtrack.score(
        picture(), media_dir=folder, range=(f"{START}f", f"{START + FRAMES}f"), handles=f"{HANDLE}f", mood="calm"
    )


def seconds(time: RationalTime) -> float:
    """Return a time in seconds."""
    return float(time.value / time.rate)


def music(path: Path, scored: Scored) -> otio.schema.Clip:
    """Return the one clip of a written timeline that plays our file, checked for place and length on the record."""
    timeline = read_timeline(path)
    ours = [clip for clip in timeline.find_clips() if Path(url(clip)).name == scored.cues[0].audio.name]
    assert len(ours) == 1
    place = ours[0].transformed_time_range(ours[0].trimmed_range(), timeline.tracks)
    assert seconds(place.start_time) == pytest.approx(float(START * FRAME), abs=float(FRAME / 2))
    assert seconds(place.duration) == pytest.approx(float(FRAMES * FRAME), abs=float(FRAME / 2))
    return ours[0]


def url(clip: otio.schema.Clip) -> str:
    """Return the URL of a clip's media; empty where it has none."""
    return str(getattr(clip.media_reference, "target_url", "") or "")


@pytest.mark.parametrize("suffix", ["otio", "otioz", "otiod", "xml", "aaf"])
def test_the_music_keeps_its_place_its_head_and_its_file(suffix: str, scored: Scored, tmp_path: Path) -> None:
    """To half a frame; bundles take the file with them, others lead to it."""
    path = tmp_path / f"scored.{suffix}"
    warnings = save_timeline(scored.timeline, path)
    assert [one for one in warnings if "shot" not in one] == []
    clip = music(path, scored)
    head = clip.trimmed_range().start_time - clip.available_range().start_time
    assert seconds(head) == pytest.approx(float(HANDLE * FRAME), abs=float(FRAME / 2))
    if suffix == "otioz":
        assert url(clip) == f"media/{scored.cues[0].audio.name}"
    else:
        found = local_path(url(clip), path if suffix == "otiod" else tmp_path)
        assert found is not None
        assert found.read_bytes() == scored.cues[0].audio.read_bytes()


@pytest.mark.parametrize("suffix", ["xml", "aaf"])
def test_what_these_formats_lose_is_what_the_documents_say(suffix: str, scored: Scored, tmp_path: Path) -> None:
    """Our metadata: identity stays in file name and sidecar. The day a format keeps them, the table wants a new row."""
    path = tmp_path / f"scored.{suffix}"
    save_timeline(scored.timeline, path)
    assert "otio_soundtrack" not in music(path, scored).metadata
    assert Path(f"{scored.cues[0].audio}.soundtrack.json").is_file()


def test_an_edl_is_written_without_the_music_and_says_so(tmp_path: Path, capsys: Captured) -> None:
    """The adapter would leave it out in silence."""
    otio.adapters.write_to_file(picture(), str(tmp_path / "cut.otio"))
    assert run("score", tmp_path / "cut.otio", "-o", tmp_path / "out.edl", "--range", "0f", "30f", "--quiet") == 0
    told = capsys.readouterr().out
    assert "the music track is not in the file" in told
    assert "record timecode" in told
    assert "_MX_" not in (tmp_path / "out.edl").read_text()
    assert len(list((tmp_path / "out.media").glob("*.wav"))) == 1


@pytest.mark.parametrize(("style", "form"), [("file", "file:///"), ("path", "/"), ("relative", "show.media/")])
def test_the_music_is_found_after_a_move(style: UrlStyle, form: str, scored: Scored, tmp_path: Path) -> None:
    """Absolute forms: the timeline moves, its media stay. Relative: both move together, into a folder with an awkward name."""
    here, there = tmp_path / "here", tmp_path / "über dir #1 50%"
    media = here / "show.media"
    media.mkdir(parents=True)
    audio = media / scored.cues[0].audio.name
    audio.write_bytes(scored.cues[0].audio.read_bytes())
    (take,) = scored.cues[0].takes
    cue = replace(scored.cues[0], takes=(replace(take, audio=audio),))
    edit = with_cues(picture(), [cue], cut=scored.cut, url_style=style, beside=here / "show.otio")
    save_timeline(edit, here / "show.otio")
    if style == "relative":
        here.rename(there)
        audio = there / "show.media" / audio.name
    else:
        there.mkdir()
        (here / "show.otio").rename(there / "show.otio")
    clip = music(there / "show.otio", scored)
    assert url(clip).startswith(form)
    assert local_path(url(clip), there) == audio
    assert audio.is_file()
