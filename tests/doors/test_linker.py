"""The media linker: music that went missing is found or made again; every other clip is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.tools.files import sha256


def linked(path: Path, **arguments: Any) -> otio.schema.Timeline:
    """Read a timeline through OTIO with our linker."""
    return otio.adapters.read_from_file(str(path), media_linker_name="soundtrack_linker", media_linker_argument_map=arguments)


@pytest.fixture
def scored(footage: Path, tmp_path: Path) -> Path:
    """A scored timeline on disk."""
    otio_soundtrack.score(footage / "small.otio", tmp_path / "scored.otio", media_root=footage)
    return tmp_path / "scored.otio"


def music(timeline: otio.schema.Timeline) -> otio.schema.Clip:
    """Return the clip on our track."""
    return timeline.tracks[-1][0]


def test_music_that_is_there_is_left_alone(scored: Path, tmp_path: Path) -> None:
    """Nothing to do is nothing done."""
    plain = otio.adapters.read_from_file(str(scored))
    assert linked(scored, soundtrack_media_root=str(tmp_path)).is_equivalent_to(plain)


def test_missing_music_comes_back_from_the_store_with_the_same_bytes(scored: Path, tmp_path: Path) -> None:
    """The take is in the store under its hash."""
    (audio,) = (tmp_path / "scored.media").glob("*.wav")
    digest = sha256(audio)
    audio.unlink()
    clip = music(linked(scored, soundtrack_media_dir=str(tmp_path / "again")))
    (again,) = (tmp_path / "again").glob("*.wav")
    assert sha256(again) == digest
    assert clip.media_reference.target_url == again.as_uri()


def test_missing_music_is_composed_again_with_the_same_bytes_where_the_store_is_empty(
    scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record on the clip holds the whole brief: same plan, same seed, same bytes."""
    (audio,) = (tmp_path / "scored.media").glob("*.wav")
    digest = sha256(audio)
    audio.unlink()
    monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path / "empty"))
    linked(scored, soundtrack_media_dir=str(tmp_path / "again"))
    (again,) = (tmp_path / "again").glob("*.wav")
    assert sha256(again) == digest


def test_a_tagged_clip_gets_music_exactly_as_long_as_it_is(tmp_path: Path) -> None:
    """An editor lays ``MUSIC: …`` where music should be."""
    timeline = otio.schema.Timeline("tagged")
    track = otio.schema.Track("A1", kind="Audio")
    other = otio.schema.Clip("dialogue", source_range=TimeRange(RationalTime(0, 25), RationalTime(50, 25)))
    cue = otio.schema.Clip("MUSIC: sad, slow", source_range=TimeRange(RationalTime(0, 25), RationalTime(73, 25)))
    track.extend([other, cue])
    timeline.tracks.append(track)
    timeline.to_json_file(str(tmp_path / "tagged.otio"))
    result = linked(tmp_path / "tagged.otio", soundtrack_media_dir=str(tmp_path / "music"))
    assert result.tracks[0][0].is_equivalent_to(other)
    made = result.tracks[0][1]
    assert made.media_reference.available_range == cue.source_range
    (audio,) = (tmp_path / "music").glob("*.wav")
    record = made.media_reference.metadata["otio_soundtrack"]
    assert record["samples"] == 73 * 1920
    assert record["sha256"] == sha256(audio)
    assert "sad" in str(record["brief"]["prompt"])


@pytest.mark.parametrize("where", ["said", "unsaid"])
@pytest.mark.parametrize("store", ["full", "empty"])
def test_missing_music_comes_back_under_its_name_with_its_sidecar(
    where: str, store: str, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names and records as ``score`` writes them, from the store or composed again; the store's own files are not handed out.

    What a later version of the cut would need is in the store alone.
    """
    home = tmp_path / "empty" if store == "empty" else Path(os.environ["OTIO_SOUNDTRACK_HOME"])
    monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(home))
    (audio,) = (tmp_path / "scored.media").glob("*.wav")
    record = json.loads(Path(f"{audio}.soundtrack.json").read_text())
    audio.unlink()
    again = tmp_path / "again" if where == "said" else home / "media"
    arguments = {"soundtrack_media_dir": str(again)} if where == "said" else {}
    reference = music(linked(scored, **arguments)).media_reference
    assert reference.target_url == (again / audio.name).as_uri()
    assert reference.name == audio.name
    beside = json.loads((again / f"{audio.name}.soundtrack.json").read_text())
    if store == "empty":
        record.pop("conform")
    assert {**beside, "created": ""} == {**record, "created": ""}
    assert beside["created"] == record["created"] or store == "empty"


def test_tagged_clips_are_named_and_numbered_as_score_does(tmp_path: Path) -> None:
    """In order of time, gaps counted; the gap itself cannot be filled by a linker, and that is said once."""
    timeline = otio.schema.Timeline("tagged")
    track = otio.schema.Track("A1", kind="Audio")
    for kind, name in ((otio.schema.Clip, "MUSIC: sad"), (otio.schema.Gap, "MUSIC: calm"), (otio.schema.Clip, "MUSIC: tense")):
        track.append(kind(name=name, source_range=TimeRange(RationalTime(0, 25), RationalTime(50, 25))))
    track[2].metadata["otio_soundtrack"] = {"brief": "low strings"}
    timeline.tracks.append(track)
    timeline.to_json_file(str(tmp_path / "tagged.otio"))
    with pytest.warns(UserWarning, match="MUSIC: calm") as told:
        result = linked(tmp_path / "tagged.otio", soundtrack_media_dir=str(tmp_path / "music"))
    assert len(told) == 1
    names = sorted(path.name for path in (tmp_path / "music").glob("*.wav"))
    assert names == ["MUSIC_sad_1M01_MX_v001_tk01_48k24_25_TEMP.wav", "MUSIC_tense_1M03_MX_v001_tk01_48k24_25_TEMP.wav"]
    assert all((tmp_path / "music" / f"{name}.soundtrack.json").is_file() for name in names)
    assert result.tracks[0][1].is_equivalent_to(track[1])


def test_other_clips_are_handed_to_the_linker_named_in_then(tmp_path: Path) -> None:
    """A studio has a linker of its own."""
    script = tmp_path / "theirs.py"
    script.write_text(
        "import opentimelineio as otio\n"
        "def link_media_reference(in_clip, media_linker_argument_map=None):\n"
        "    return otio.schema.ExternalReference(target_url='theirs://' + in_clip.name)\n"
    )
    manifest = otio.plugins.ActiveManifest()
    theirs = otio.media_linker.MediaLinker("theirs", str(script))
    manifest.media_linkers.append(theirs)
    try:
        timeline = otio.schema.Timeline("t")
        track = otio.schema.Track("V1", kind="Video")
        track.append(otio.schema.Clip("shot", source_range=TimeRange(RationalTime(0, 25), RationalTime(50, 25))))
        timeline.tracks.append(track)
        timeline.to_json_file(str(tmp_path / "t.otio"))
        result = linked(tmp_path / "t.otio", then="theirs")
    finally:
        manifest.media_linkers.remove(theirs)
    assert result.tracks[0][0].media_reference.target_url == "theirs://shot"
