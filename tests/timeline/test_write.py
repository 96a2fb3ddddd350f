"""Writing cues back, to the letter of the contract."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio import schema

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.handles import Handles
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.write import with_cues
from otio_soundtrack.times import exact_rate
from tests.timeline.builders import clip, cue_for, span, time, timeline, track


def _edit(frames: int = 100, rate: float = 24.0) -> tuple[schema.Timeline, CutList]:
    edit = timeline(track(clip("a", 0, frames, rate)), track(clip("s", 0, 50, rate), kind="Audio"), start=time(86400, rate))
    return edit, cut_list(edit)


def _children(edit: schema.Timeline) -> list[tuple[str, float]]:
    """Return kind and frames of everything on the last track."""
    return [(type(child).__name__, child.duration().value) for child in edit.tracks[-1]]


def test_one_cue_is_one_clip_on_a_new_audio_track_at_the_end(tmp_path: Path) -> None:
    """Names, ranges, kind and mark."""
    edit, cut = _edit()
    scored = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut, track_name="Score")
    added = scored.tracks[-1]
    assert (len(scored.tracks), added.kind, added.name, added.enabled, added.source_range) == (3, "Audio", "Score", True, None)
    assert added.metadata["otio_soundtrack"]["schema"] == 1
    item = added[0]
    assert item.name == item.media_reference.name == "1m01_take-1.wav"
    assert item.media_reference.target_url == (tmp_path / "1m01_take-1.wav").as_uri()
    assert item.source_range == span(0, 100)
    assert len(item.effects) == 0
    assert scored.global_start_time == time(86400)


def test_caller_keeps_his_timeline_as_it_was(tmp_path: Path) -> None:
    """A copy is scored."""
    edit, cut = _edit()
    before = edit.to_json_string()
    with_cues(edit, [cue_for(cut, tmp_path)], cut=cut)
    assert edit.to_json_string() == before


def test_cues_lie_behind_gaps_in_record_order(tmp_path: Path) -> None:
    """Given in any order."""
    edit, cut = _edit()
    cues = [cue_for(cut, tmp_path, 60, 20), cue_for(cut, tmp_path, 10, 30)]
    scored = with_cues(edit, cues, cut=cut)
    assert _children(scored) == [("Gap", 10), ("Clip", 30), ("Gap", 20), ("Clip", 20)]
    starts = [scored.tracks[-1].range_of_child_at_index(index).start_time for index in (1, 3)]
    assert starts == [time(10), time(60)]


def test_trimmed_stack_moves_the_cue_to_where_its_picture_is(tmp_path: Path) -> None:
    """Tracks keep their own time below the trim."""
    edit, _ = _edit()
    edit.tracks.source_range = span(12, 48)
    cut = cut_list(edit)
    scored = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut)
    assert _children(scored) == [("Gap", 12), ("Clip", 48)]
    assert scored.duration() == edit.duration() == time(48)


def test_stack_trimmed_to_before_its_tracks_is_refused(tmp_path: Path) -> None:
    """A track cannot begin before itself."""
    edit, _ = _edit()
    edit.tracks.source_range = span(-12, 48)
    cut = cut_list(edit)
    with pytest.raises(UnsupportedTimingError, match="before the tracks"):
        with_cues(edit, [cue_for(cut, tmp_path)], cut=cut)


def test_takes_are_media_references_with_one_active(tmp_path: Path) -> None:
    """Keys take-1, take-2 …; names follow the files."""
    edit, cut = _edit()
    cue = cue_for(cut, tmp_path, takes=("take-2", "take-1", "take-3"))
    item = with_cues(edit, [cue], cut=cut).tracks[-1][0]
    assert set(item.media_references()) == {"take-1", "take-2", "take-3"}
    assert item.active_media_reference_key == "take-2"
    assert item.name == "1m01_take-2.wav"
    assert [item.media_references()[key].name for key in ("take-1", "take-3")] == ["1m01_take-1.wav", "1m01_take-3.wav"]


def test_metadata_are_the_record_of_the_cue_in_json_types(tmp_path: Path) -> None:
    """All names of the contract."""
    edit, cut = _edit()
    item = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut).tracks[-1][0]
    names = (
        "schema cue_id provider model job_ids brief intent tempo_bpm key hits seams ending integrated_lufs true_peak_dbtp samples"
    )
    names += " sample_rate sha256 cost licence ai source_sha256 created"
    read = json.loads(item.to_json_string())["metadata"]["otio_soundtrack"]
    assert set(names.split()) <= set(read)
    assert json.loads(item.media_reference.to_json_string())["metadata"]["otio_soundtrack"] == read


def test_hits_and_sections_are_markers_on_our_clip_only(tmp_path: Path) -> None:
    """Nothing of the editor's is marked."""
    edit, cut = _edit()
    scored = with_cues(edit, [cue_for(cut, tmp_path, 20, 40)], cut=cut)
    marked = [(marker.name, marker.marked_range) for marker in scored.tracks[-1][1].markers]
    assert marked == [("calm", span(0, 40)), ("TEMP", span(0, 0)), ("middle", span(20, 0))]
    assert sum(len(item.markers) for item in scored.find_children(otio.core.Item)) == 3


def _made_up(cue: Cue, **about: Any) -> Cue:
    """Return a cue whose file says more of itself."""
    (take,) = cue.takes
    return replace(cue, takes=(replace(take, record=take.record.model_copy(update=about)),))


def test_a_cue_on_the_first_frame_has_a_tail_and_no_head(tmp_path: Path) -> None:
    """There is nothing to reach back to."""
    edit, cut = _edit()
    cue = _made_up(cue_for(cut, tmp_path), handles=Handles.of(48, 24.0, start=0))
    item = with_cues(edit, [cue], cut=cut).tracks[-1][0]
    assert (item.source_range, item.available_range()) == (span(0, 100), span(0, 148))


def test_handles_and_a_time_stamp_lie_around_the_cue(tmp_path: Path) -> None:
    """The source range is the cue and nothing else; media time begins with the stamp, and the markers move with it."""
    edit, cut = _edit()
    cue = cue_for(cut, tmp_path, 20, 40)
    cue = _made_up(cue, handles=Handles.of(48, 24.0, start=20), bwf=TimeStamp.of(86_400, 24.0))
    item = with_cues(edit, [cue], cut=cut).tracks[-1][1]
    assert item.available_range() == span(86_400, 20 + 40 + 48)
    assert item.source_range == span(86_420, 40)
    assert [marker.marked_range for marker in item.markers] == [span(86_420, 40), span(86_420, 0), span(86_440, 0)]


@pytest.mark.parametrize("rate", [23.976, 23.976024627685547, 24.0, 25.0, 29.97, 30.0, 59.94])
@pytest.mark.parametrize("frames", [1, 7, 101, 2359])
def test_ranges_hold_each_other_at_every_rate(rate: float, frames: int, tmp_path: Path) -> None:
    """The available range holds the cue also where the last sample is missing to the last frame."""
    edit, cut = _edit(frames, rate)
    item = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut).tracks[-1][0]
    assert item.source_range == span(0, frames, rate)
    assert item.source_range.duration.rate == rate
    whole = floor(Fraction(round(Fraction(frames) / exact_rate(rate) * 48000), 48000) * exact_rate(rate))
    assert item.available_range().duration.value == max(frames, whole)
    assert item.media_reference.available_range.duration.rate == rate


def test_second_run_replaces_the_track_of_the_first(tmp_path: Path) -> None:
    """And touches nothing else, wherever somebody has moved it."""
    edit, cut = _edit()
    once = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut)
    ours = once.tracks[-1].deepcopy()
    del once.tracks[-1]
    once.tracks.insert(0, ours)
    twice = with_cues(once, [cue_for(cut, tmp_path, 10, 20)], cut=cut)
    assert [child.name for child in twice.tracks] == ["", "", "Soundtrack"]
    assert _children(twice) == [("Gap", 10), ("Clip", 20)]


def test_duration_and_rate_of_the_timeline_stay(tmp_path: Path) -> None:
    """Hosts take the project's rate from there."""
    edit, cut = _edit(100, 23.976024627685547)
    scored = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut)
    assert (scored.duration(), scored.duration().rate) == (edit.duration(), edit.duration().rate)


def test_picture_that_ends_inside_a_frame_may_grow_to_its_end(tmp_path: Path) -> None:
    """kde_multiinstance: fractional lengths are rounded to whole frames."""
    edit = timeline(track(clip("a", 0, 10.6)))
    cut = cut_list(edit)
    assert with_cues(edit, [cue_for(cut, tmp_path)], cut=cut).duration() == time(11)


def test_resolve_gets_its_hints_only_in_its_own_timelines(tmp_path: Path) -> None:
    """Channels and track type, where the namespace is already there."""
    edit, cut = _edit()
    assert "Resolve_OTIO" not in with_cues(edit, [cue_for(cut, tmp_path)], cut=cut).tracks[-1].metadata
    edit.tracks[0].metadata["Resolve_OTIO"] = {"Locked": False}
    added = with_cues(edit, [cue_for(cut, tmp_path)], cut=cut).tracks[-1]
    assert added.metadata["Resolve_OTIO"]["Audio Type"] == "Stereo"
    assert len(added[0].metadata["Resolve_OTIO"]["Channels"]) == 2


@pytest.mark.parametrize("parts", [[], [(0, 60), (50, 20)], [(90, 20)]])
def test_cues_that_cannot_lie_there_are_a_callers_bug(parts: list[tuple[int, int]], tmp_path: Path) -> None:
    """None, overlapping, beyond the picture."""
    edit, cut = _edit()
    with pytest.raises(ValueError, match="cue"):
        with_cues(edit, [cue_for(cut, tmp_path, start, frames) for start, frames in parts], cut=cut)


def test_relative_urls_count_from_the_written_file(tmp_path: Path) -> None:
    """A folder that can be moved."""
    edit, cut = _edit()
    scored = with_cues(edit, [cue_for(cut, tmp_path / "out.media")], cut=cut, url_style="relative", beside=tmp_path / "out.otio")
    assert scored.tracks[-1][0].media_reference.target_url == "out.media/1m01_take-1.wav"
