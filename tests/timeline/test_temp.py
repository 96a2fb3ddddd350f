"""TEMP music is known on any timeline, and is refused in what is written as final."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest

from otio_soundtrack.errors import TempMusicError
from otio_soundtrack.timeline.temp import require_final, temp_music
from tests.doors.test_cli import Captured, run
from tests.timeline.builders import clip, timeline, track


def with_music(name: str, *, kind: str = "Audio", on: str = "A1") -> otio.schema.Timeline:
    """Return an edit with one clip of that name beside its picture."""
    music = track(clip(name, 0, 50), kind=kind)
    music.name = on
    return timeline(track(clip("shot", 0, 50)), music)


@pytest.mark.parametrize(
    "name",
    ["show_1M01_MX_v001_tk01_48k24_24_TEMP.wav", "TEMP song", "song-TEMP", "show_1M01_MX_v001_tk01_48k24_24_TEMP_STEM-FX.wav"],
)
def test_the_stamp_is_a_word_of_its_own_in_any_name(name: str) -> None:
    """Of clip, media or track."""
    assert temp_music(with_music(name)) == (name,)
    assert temp_music(with_music("song", on=name)) == ("song",)
    edit = with_music("song")
    edit.tracks[1][0].media_reference = otio.schema.ExternalReference(target_url=f"file:///music/{name}")
    assert temp_music(edit) == ("song",)


@pytest.mark.parametrize("name", ["TEMPEST.wav", "tempo 120", "Temperature", "CONTEMPT", "temp track"])
def test_words_that_only_look_like_it_are_none(name: str) -> None:
    """Capitals, whole words."""
    assert temp_music(with_music(name)) == ()


def test_our_metadata_say_it_where_somebody_renamed_the_clip() -> None:
    """And final music is final whatever else it says."""
    edit = with_music("renamed")
    edit.tracks[1][0].metadata["otio_soundtrack"] = {"intent": "temp"}
    with pytest.raises(TempMusicError, match="renamed") as raised:
        require_final(edit)
    assert raised.value.hint
    edit.tracks[1][0].metadata["otio_soundtrack"]["intent"] = "final"
    require_final(edit)


def test_what_nobody_hears_may_stay() -> None:
    """A muted track, a muted clip, a picture."""
    muted = with_music("TEMP")
    muted.tracks[1].enabled = False
    single = with_music("TEMP")
    single.tracks[1][0].enabled = False
    for edit in (muted, single, with_music("TEMP", kind="Video")):
        require_final(edit)


def test_a_final_score_refuses_a_temp_track_and_replaces_its_own(tmp_path: Path, capsys: Captured) -> None:
    """Our TEMP track gives way to final music; what somebody else laid must go first, and then nothing is written."""
    edit = timeline(track(clip("shot", 0, 50)))
    otio.adapters.write_to_file(edit, str(tmp_path / "cut.otio"))
    words = ["--quiet", "--mood", "calm"]
    assert run("score", tmp_path / "cut.otio", "-o", tmp_path / "temp.otio", *words) == 0
    assert run("score", tmp_path / "temp.otio", "-o", tmp_path / "final.otio", "--intent", "final", *words) == 0
    final = otio.adapters.read_from_file(str(tmp_path / "final.otio"))
    require_final(final)
    assert "TEMP" not in final.to_json_string()
    assert len(temp_music(otio.adapters.read_from_file(str(tmp_path / "temp.otio")))) == 1
    capsys.readouterr()
    otio.adapters.write_to_file(with_music("guide TEMP"), str(tmp_path / "theirs.otio"))
    assert run("score", tmp_path / "theirs.otio", "-o", tmp_path / "no.otio", "--intent", "final", *words) == 3
    assert "guide TEMP" in capsys.readouterr().err
    assert not (tmp_path / "no.otio").exists()
    assert not (tmp_path / "no.media").exists()
