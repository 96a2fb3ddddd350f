"""Saving: whole or not at all, and a word about what is lost."""

from __future__ import annotations

import errno
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio import schema

from otio_soundtrack.errors import SettingsError, StoreError, TimelineError
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.formats import certain_losses
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.save import require_place, save_timeline
from otio_soundtrack.timeline.write import with_cues
from tests.timeline.builders import clip, cue_for, gap, timeline, track


@pytest.fixture
def scored(tmp_path: Path) -> schema.Timeline:
    """A scored timeline whose music lies on disk."""
    edit = timeline(track(clip("a", 0, 48)), name="edit")
    cut = cut_list(edit)
    cue = cue_for(cut, tmp_path / "music")
    cue.audio.parent.mkdir()
    cue.audio.write_bytes(b"RIFF")
    return with_cues(edit, [cue], cut=cut)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "music")


def test_timeline_is_read_back_as_it_was_saved(scored: schema.Timeline, tmp_path: Path) -> None:
    """Without a warning, without a scratch file left."""
    assert save_timeline(scored, tmp_path / "out.otio") == ()
    assert read_timeline(tmp_path / "out.otio").to_json_string() == scored.to_json_string()
    assert _names(tmp_path) == ["out.otio"]


@pytest.mark.parametrize("suffix", ["xml", "aaf", "fcpxml"])
def test_formats_that_keep_the_track_say_nothing(suffix: str, scored: schema.Timeline, tmp_path: Path) -> None:
    """AAF needs its flag for clips that come from no Avid."""
    assert save_timeline(scored, tmp_path / f"out.{suffix}") == ()
    assert any(
        "1m01_take-1.wav" in {item.name, item.media_reference.name}
        for item in read_timeline(tmp_path / f"out.{suffix}").find_clips()
    )


@pytest.mark.parametrize("suffix", ["edl", "ale"])
def test_formats_that_lose_the_track_say_so(suffix: str, scored: schema.Timeline, tmp_path: Path) -> None:
    """EDL drops audio silently; we do not."""
    warnings = save_timeline(scored, tmp_path / f"out.{suffix}")
    assert len(warnings) == 1
    assert "not in the file" in warnings[0]
    assert (tmp_path / f"out.{suffix}").stat().st_size > 0


def test_zip_bundle_takes_the_music_along_and_replaces_an_older_one(scored: schema.Timeline, tmp_path: Path) -> None:
    """The adapter itself refuses to overwrite, and stumbles over missing media."""
    path = tmp_path / "out.otioz"
    path.write_text("older")
    assert save_timeline(scored, path) == ("Not in the bundle, because their media are not here: a.",)
    back = read_timeline(path)
    assert back.tracks[-1][0].media_reference.target_url.endswith("media/1m01_take-1.wav")
    assert isinstance(back.tracks[0][0].media_reference, schema.MissingReference)


def test_bundle_finds_music_by_a_relative_url_from_any_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The adapter would look for it where the process happens to run."""
    edit = timeline(track(gap(48)))
    cut = cut_list(edit)
    cue = cue_for(cut, tmp_path / "music")
    cue.audio.parent.mkdir()
    cue.audio.write_bytes(b"RIFF")
    monkeypatch.chdir("/")
    scored = with_cues(edit, [cue], cut=cut, url_style="relative", beside=tmp_path / "out.otioz")
    assert save_timeline(scored, tmp_path / "out.otioz") == ()
    assert isinstance(read_timeline(tmp_path / "out.otioz").tracks[-1][0].media_reference, schema.ExternalReference)


def test_certain_losses_are_known_beforehand() -> None:
    """For doors that do not write themselves."""
    assert len(certain_losses(Path("x.EDL"))) == 1
    assert certain_losses(Path("x.otio")) == ()


def test_writer_is_required_before_the_work() -> None:
    """A wrong suffix must not cost a composition."""
    require_place(Path("x.otio"))
    with pytest.raises(SettingsError):
        require_place(Path("x.xyz"))


def test_folder_bundle_is_made_once(scored: schema.Timeline, tmp_path: Path) -> None:
    """It is a folder: never replaced."""
    path = tmp_path / "out.otiod"
    assert len(save_timeline(scored, path)) == 1
    assert (path / "media" / "1m01_take-1.wav").is_file()
    with pytest.raises(StoreError, match="exists"):
        save_timeline(scored, path)
    assert _names(tmp_path) == ["out.otiod"]


@pytest.mark.parametrize("name", ["out.xyz", "out", "out.mp4"])
def test_unknown_suffix_lists_the_known_ones(name: str, scored: schema.Timeline, tmp_path: Path) -> None:
    """Our own picture export is no format of timelines."""
    with pytest.raises(SettingsError) as caught:
        save_timeline(scored, tmp_path / name)
    assert "otio" in caught.value.hint
    assert "mp4" not in caught.value.hint
    assert _names(tmp_path) == []


def test_adapter_that_cannot_write_this_leaves_the_old_file(tmp_path: Path) -> None:
    """An EDL has one picture track."""
    path = tmp_path / "out.edl"
    path.write_text("older")
    with pytest.raises(TimelineError, match="cmx_3600"):
        save_timeline(timeline(track(clip("a", 0, 24)), track(clip("b", 0, 24)), track(clip("c", 0, 24))), path)
    assert path.read_text() == "older"
    assert _names(tmp_path) == ["out.edl"]


def test_full_disk_leaves_the_old_file(scored: schema.Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The adapter's own writing fails."""
    path = tmp_path / "out.xml"
    path.write_text("older")

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(StoreError) as caught:
        save_timeline(scored, path)
    assert "disk is full" in caught.value.hint
    assert path.read_text() == "older"
    assert _names(tmp_path) == ["out.xml"]


def test_hooks_of_others_do_not_run(scored: schema.Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook that fails every write of OTIO's own function is not asked by ours."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("hook")

    monkeypatch.setattr(otio.hooks, "run", broken)
    with pytest.raises(RuntimeError, match="hook"):
        otio.adapters.write_to_file(scored, str(tmp_path / "theirs.otio"))
    assert save_timeline(scored, tmp_path / "ours.otio") == ()


def test_timeline_without_our_track_warns_of_nothing(tmp_path: Path) -> None:
    """Nothing of ours can be lost."""
    assert save_timeline(timeline(track(clip("a", 0, 24))), tmp_path / "out.edl") == ()
