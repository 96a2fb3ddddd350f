"""The music on a timeline: where it is heard, and what is on file about it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio import schema

from otio_soundtrack.errors import NothingToScoreError
from otio_soundtrack.timeline.music import LaidMusic, laid_music
from tests.timeline.builders import clip, dissolve, gap, no_media, span, time, timeline, track

RECORD = {"cue_id": "1m01", "provider": "local", "sha256": "aa", "ai": "full"}
SILENT: dict[str, Any] = {}


def music(name: str, frames: float, start: float = 0, said: dict[str, Any] | None = None) -> schema.Clip:
    """Return a clip of music with what is on file about it."""
    made = clip(name, start, frames, url=f"/nowhere/{name}.wav")
    made.metadata["otio_soundtrack"] = RECORD if said is None else said
    return made


def laid(*tracks: otio.core.Composable, root: Path | None = None, trim: Any = None, start: Any = None) -> LaidMusic:
    """Return the music of a timeline with a picture of 240 frames at 24."""
    made = timeline(track(clip("picture", 0, 240)), *tracks, start=start)
    made.tracks.source_range = trim
    before = made.to_json_string()
    found = laid_music(made, media_root=root, probe=no_media)
    assert made.to_json_string() == before
    return found


def spans(found: LaidMusic) -> list[tuple[str, int, int]]:
    """Return clip, first frame and frame after the last of every piece."""
    return [(one.clip, round(one.start * 24), round(one.end * 24)) for one in found.pieces]


def test_our_own_track_is_found_at_its_place_with_its_record_while_its_media_are_gone() -> None:
    """The cut leaves that track out; the cue sheet is about it."""
    ours = track(gap(48), music("a", 100), kind="Audio", name="Soundtrack")
    ours.metadata["otio_soundtrack"] = {"schema": 1}
    found = laid(ours, start=time(86_400))
    assert spans(found) == [("a", 48, 148)]
    assert (found.rate, found.frames, found.start_time) == (24.0, 240, time(86_400))
    assert found.pieces[0].said["ai"] == "full"
    assert found.pieces[0].file == "a.wav"


def test_muted_tracks_and_clips_make_no_piece() -> None:
    """They are not heard."""
    muted = track(music("a", 100), kind="Audio")
    muted.enabled = False
    off = music("b", 100)
    off.enabled = False
    assert spans(laid(muted, track(off, music("c", 50), kind="Audio"))) == [("c", 100, 150)]


def test_only_what_lies_under_the_picture_counts() -> None:
    """A trimmed stack starts later, and music beyond the last frame is not in the programme."""
    found = laid(track(music("a", 100), music("b", 500), kind="Audio"), trim=span(40, 150))
    assert spans(found) == [("a", 0, 60), ("b", 60, 150)]


def test_a_cross_fade_makes_both_pieces_as_long_as_they_are_heard() -> None:
    """A transition borrows from both sides."""
    found = laid(track(music("a", 100), dissolve(6, 8), music("b", 100, start=50), kind="Audio"))
    assert spans(found) == [("a", 0, 108), ("b", 94, 200)]


def test_music_in_a_nested_sequence_is_found() -> None:
    """Where the editor has wrapped a scored reel."""
    nest = schema.Stack(name="reel", children=[track(music("a", 100), kind="Audio")])
    assert spans(laid(track(gap(24), nest, kind="Audio"))) == [("a", 24, 124)]


def test_the_record_of_the_take_that_plays_wins_over_that_of_the_clip() -> None:
    """A host that switches the active reference leaves the clip's own metadata as they were."""
    made = music("a", 100)
    other = schema.ExternalReference(target_url="/nowhere/b.wav", available_range=span(0, 100))
    other.metadata["otio_soundtrack"] = RECORD | {"ai": "none"}
    made.set_media_references({"take-1": made.media_reference, "take-2": other}, "take-2")
    made.metadata["otio_soundtrack"] = RECORD | {"cue_sheet": {"title": "By hand"}}
    (piece,) = laid(track(made, kind="Audio")).pieces
    assert (piece.said["ai"], piece.file, piece.said["cue_sheet"]["title"]) == ("none", "b.wav", "By hand")


def test_a_sidecar_stands_in_where_a_format_has_lost_our_metadata(tmp_path: Path) -> None:
    """FCP XML keeps name and file alone."""
    (tmp_path / "a.wav.soundtrack.json").write_text(json.dumps(RECORD))
    (tmp_path / "broken.wav.soundtrack.json").write_text("{")
    found = laid(track(clip("a", 0, 50, url="a.wav"), clip("b", 0, 50, url="broken.wav"), kind="Audio"), root=tmp_path)
    assert [(one.clip, one.said["cue_id"]) for one in found.pieces] == [("a", "1m01")]


def test_a_tagged_clip_of_somebody_else_is_music_and_any_other_is_not() -> None:
    """Dialogue has no record; what is not listed is counted by track."""
    tagged = music("song", 50, said={"cue_sheet": {"title": "Song"}})
    found = laid(track(tagged, clip("line", 0, 50), clip("line 2", 0, 50), kind="Audio", name="MX 1"))
    assert spans(found) == [("song", 0, 50)]
    assert found.unlisted == (("MX 1", 2),)


def test_a_clip_that_asks_for_music_holds_none_yet() -> None:
    """``MUSIC: warm strings`` is a wish."""
    wish = clip("MUSIC: warm strings", 0, 50)
    brief = music("b", 50, said={"brief": {"prompt": "x"}})
    assert laid(track(wish, brief, kind="Audio")).pieces == ()


def test_without_picture_the_tracks_themselves_are_the_programme() -> None:
    """A music editor's timeline."""
    found = laid_music(timeline(track(gap(24), music("a", 100), kind="Audio")), media_root=None, probe=no_media)
    assert (found.frames, found.rate, found.pieces[0].start) == (124, 24.0, Fraction(1))
    with pytest.raises(NothingToScoreError):
        laid_music(timeline(), media_root=None, probe=no_media)
