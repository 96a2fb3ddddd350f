"""Bundles with media inside: they are seen, not slated, and written again whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack.errors import UnreadableTimelineError


@pytest.mark.parametrize("suffix", ["otioz", "otiod"])
def test_media_inside_a_bundle_are_seen_and_travel_on(
    suffix: str, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No slate, no scratch folder left, and the bundle that is written holds picture and music."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    source = otio.adapters.read_from_file(str(footage / "small.otio"))
    for clip in source.find_clips():
        clip.media_reference.target_url = (footage / clip.media_reference.target_url).as_uri()
    (tmp_path / "in").mkdir()
    bundle = tmp_path / "in" / f"cut.{suffix}"
    otio.adapters.write_to_file(source, str(bundle))
    result = otio_soundtrack.score(bundle, tmp_path / "scored.otioz")
    assert result.warnings == ()
    assert result.features is not None
    assert result.features.brightness.values
    assert list(scratch.iterdir()) == []
    assert inside(tmp_path / "scored.otioz", tmp_path / "out") == {"a.mp4", "b.mp4", result.cues[0].audio.name}


def inside(bundle: Path, folder: Path) -> set[str]:
    """Return the names of the media in a bundle, as OTIO unpacks it."""
    folder.mkdir()
    otio.adapters.read_from_file(str(bundle), extract_to_directory=str(folder))
    return {path.name for path in (folder / "media").iterdir()}


@pytest.mark.parametrize("suffix", ["otioz", "otiod"])
def test_relative_footage_goes_into_a_bundle_that_is_written_elsewhere(suffix: str, footage: Path, tmp_path: Path) -> None:
    """It lies beside the input, not beside the output."""
    result = otio_soundtrack.score(footage / "small.otio", tmp_path / f"scored.{suffix}")
    assert result.warnings == ()
    back = otio.adapters.read_from_file(str(tmp_path / f"scored.{suffix}"))
    assert [clip.media_reference.target_url.rsplit("/", 1)[-1] for clip in back.find_clips()][:4] == ["a.mp4", "b.mp4"] * 2


def test_media_that_stay_inside_a_bundle_are_told(footage: Path, tmp_path: Path) -> None:
    """An .otio that was a bundle has its media there still."""
    bundle = otio_soundtrack.score(footage / "small.otio", tmp_path / "cut.otioz").output
    assert bundle is not None
    (warning,) = otio_soundtrack.score(bundle, tmp_path / "scored.otio").warnings
    assert "media/a.mp4 and 1 more" in warning
    assert str(bundle) in warning


def test_a_scored_bundle_holds_the_music(footage: Path, tmp_path: Path) -> None:
    """OTIO unpacks what we wrote: the same audio under media/."""
    result = otio_soundtrack.score(footage / "small.otio", tmp_path / "scored.otioz")
    (tmp_path / "out").mkdir()
    otio.adapters.read_from_file(str(tmp_path / "scored.otioz"), extract_to_directory=str(tmp_path / "out"))
    inside = next((tmp_path / "out" / "media").glob("*.wav"))
    assert inside.read_bytes() == result.cues[0].audio.read_bytes()


def test_a_file_that_only_calls_itself_a_bundle_is_refused(tmp_path: Path) -> None:
    """One clear error."""
    (tmp_path / "cut.otioz").write_text("no zip")
    with pytest.raises(UnreadableTimelineError, match=r"cut\.otioz"):
        otio_soundtrack.score(tmp_path / "cut.otioz", tmp_path / "out.otio")
