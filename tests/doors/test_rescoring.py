"""Scoring what was scored: one music track in every format that keeps audio, and never a track of somebody else less."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.recognise import recognised

KEEP_AUDIO = ["otio", "otioz", "xml", "aaf", "fcpxml", "kdenlive", "xges"]
"""Formats that keep our track; all but the first two lose its mark."""


def audio_files(path: Path) -> list[list[str]]:
    """Return, for each audio track of a file that holds a clip, the names of the media on it."""
    timeline = read_timeline(path)
    files = [
        [clip.media_reference.target_url.rsplit("/", 1)[-1] for clip in track.find_clips()]
        for track in timeline.tracks
        if track.kind == "Audio"
    ]
    return [one for one in files if one]


def span(start: int, frames: int) -> TimeRange:
    """Return a range at 24 frames per second."""
    return TimeRange(RationalTime(start, 24), RationalTime(frames, 24))


@pytest.mark.parametrize("suffix", KEEP_AUDIO)
def test_scoring_a_scored_timeline_replaces_our_track_in_every_format(suffix: str, footage: Path, tmp_path: Path) -> None:
    """The cue starts late; another seed is other music, and the old one is gone."""
    first = tmp_path / f"first.{suffix}"
    otio_soundtrack.score(footage / "small.otio", first, seed=1, range=("1", "6"))
    result = otio_soundtrack.score(first, tmp_path / f"second.{suffix}", seed=2, media_root=footage, range=("1", "6"))
    assert audio_files(tmp_path / f"second.{suffix}") == [[result.cues[0].audio.name]]
    assert not any("earlier run" in warning for warning in result.warnings)


def trimmed(track: otio.schema.Track, _audio: Path) -> None:
    """Cut our music shorter."""
    track[0].source_range = span(0, 100)


def slipped(track: otio.schema.Track, _audio: Path) -> None:
    """Play our music from another place in the file, as long as before."""
    track[0].media_reference.available_range = span(0, 300)
    track[0].source_range = span(24, 200)


def moved(track: otio.schema.Track, _audio: Path) -> None:
    """Lay our music later."""
    track.insert(0, otio.schema.Gap(source_range=span(0, 24)))


def joined(track: otio.schema.Track, _audio: Path) -> None:
    """Lay something of one's own behind it."""
    track.append(otio.schema.Clip("mine", otio.schema.ExternalReference("mine.wav", span(0, 24)), span(0, 24)))


def treated(track: otio.schema.Track, _audio: Path) -> None:
    """Put an effect on it."""
    track[0].effects.append(otio.schema.Effect(effect_name="gain"))


def orphaned(_track: otio.schema.Track, audio: Path) -> None:
    """Keep the WAV only: nobody can tell what it was."""
    Path(f"{audio}.soundtrack.json").unlink()


def panned(track: otio.schema.Track, _audio: Path) -> None:
    """Pan the track as AAF writes it, to the left."""
    points = {"AAF": {"Parameters": {"Pan": {"keyframe_values": [[0.0, 0.5], [0.9, 0.0]]}}}}
    track.effects.append(otio.schema.Effect(name="Audio Pan", metadata=points))


def bent(track: otio.schema.Track, _audio: Path) -> None:
    """Leave metadata in a shape that nobody writes."""
    track.effects.append(otio.schema.Effect(name="Audio Pan", metadata={"AAF": "none"}))


@pytest.mark.parametrize("change", [trimmed, slipped, moved, joined, treated, panned, bent, orphaned])
def test_a_track_on_which_somebody_worked_is_kept_and_told(
    change: Callable[[otio.schema.Track, Path], None], footage: Path, tmp_path: Path
) -> None:
    """Our music on it does not make it ours."""
    audio = otio_soundtrack.score(footage / "small.otio", tmp_path / "first.otio").cues[0].audio
    timeline = unmarked(tmp_path / "first.otio")
    change(timeline.tracks[-1], audio)
    kept = timeline.tracks[-1].to_json_string()
    result = otio_soundtrack.score(timeline, media_dir=tmp_path / "first.media", media_root=footage, seed=2)
    assert [track.name for track in result.timeline.tracks] == ["V1", "Soundtrack", "Soundtrack"]
    assert result.timeline.tracks[1].to_json_string() == kept
    assert any("earlier run" in warning and audio.name in warning for warning in result.warnings)


def unmarked(path: Path) -> otio.schema.Timeline:
    """Return a timeline as a format gives it back that loses our metadata."""
    timeline = read_timeline(path)
    track = timeline.tracks[-1]
    for item in (track, *track, *(clip.media_reference for clip in track.find_clips())):
        item.metadata.pop("otio_soundtrack", None)
    return timeline


@pytest.mark.parametrize("name", ["Soundtrack", "music_1M01_MX_v001_tk01_48k24_24.wav"])
def test_a_track_of_somebody_else_is_kept_whatever_its_name(name: str, footage: Path, tmp_path: Path) -> None:
    """Neither the name of a track nor that of a file makes it ours."""
    timeline = read_timeline(footage / "small.otio")
    reference = otio.schema.ExternalReference(f"/mine/{name}", span(0, 200))
    timeline.tracks.append(otio.schema.Track(name, kind="Audio", children=[otio.schema.Clip(name, reference, span(0, 200))]))
    kept = timeline.tracks[-1].to_json_string()
    result = otio_soundtrack.score(timeline, media_dir=tmp_path, media_root=footage)
    assert [track.name for track in result.timeline.tracks] == ["V1", name, "Soundtrack"]
    assert result.timeline.tracks[1].to_json_string() == kept


def test_a_track_of_ours_without_its_mark_is_replaced(footage: Path, tmp_path: Path) -> None:
    """The counterpart: untouched, it is ours."""
    otio_soundtrack.score(footage / "small.otio", tmp_path / "first.otio")
    timeline = unmarked(tmp_path / "first.otio")
    result = otio_soundtrack.score(timeline, media_dir=tmp_path / "first.media", media_root=footage, seed=2)
    assert [track.name for track in result.timeline.tracks] == ["V1", "Soundtrack"]


def test_a_clip_without_any_range_is_nothing_that_we_wrote(tmp_path: Path) -> None:
    """Whatever its file is called; nobody knows how long it is."""
    name = "music_1M01_MX_v001_tk01_48k24_24.wav"
    record = {"cue_id": "1m01", "brief": {"plan": {"start": 0, "frames": 200, "rate": 24.0}}}
    (tmp_path / f"{name}.soundtrack.json").write_text(json.dumps(record))
    timeline = otio.schema.Timeline("t")
    clip = otio.schema.Clip("music", otio.schema.ExternalReference(name))
    timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[clip]))
    same, warnings = recognised(timeline, tmp_path)
    assert same is timeline
    assert len(warnings) == 1
    clip.source_range = span(0, 200)
    clip.media_reference.available_range = span(0, 200)
    assert recognised(timeline, tmp_path)[1] == ()
