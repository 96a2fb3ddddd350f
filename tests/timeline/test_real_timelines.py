"""Every timeline that other people's applications wrote: a whole cut list or one refusal, and writing changes nothing else."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio import schema

from otio_soundtrack.errors import NothingToScoreError, TimelineError, UnreadableTimelineError
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.write import with_cues
from otio_soundtrack.times import exact_rate
from tests.timeline.builders import Maker, cue_for, no_media

_FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "timelines"
_NOT_TIMELINES = {".png", ".jpg", ".svg", ".tsv", ".md", ".txt"}
_FILES = sorted(path for path in _FOLDER.rglob("*") if path.is_file() and path.suffix not in _NOT_TIMELINES)

_REFUSED: dict[str, tuple[type[TimelineError], str]] = {
    "aaf_one_audio_clip.aaf": (NothingToScoreError, "no video track"),
    "edl_multi_audio.edl": (NothingToScoreError, "no video track"),
    "fcp_sample_just_track.xml": (NothingToScoreError, "no video track"),
    "fcpx_clips.fcpxml": (NothingToScoreError, "collection of: clip, stack"),
    "fcp_premiere_example_filter.xml": (UnreadableTimelineError, "No top-level sequences"),
    "otio_premiere_example.otio": (UnreadableTimelineError, "schema"),
    "otio_screening_example.otio": (UnreadableTimelineError, "schema"),
}
_RANDOM = 300
_CHUNK = 50
_RATES = (24.0, 25.0, 23.976, 23.976024627685547, 29.97, 30.0, 59.94, 60.0)

needs_timelines = pytest.mark.skipif(
    not _FILES, reason="the folder of real timelines (../shared/timelines) is not on this machine"
)


def _picture_seconds(timeline: schema.Timeline) -> Fraction:
    """Return how long the picture is by OTIO's own arithmetic on the video tracks."""
    ends = []
    for track in timeline.tracks:
        if isinstance(track, schema.Track) and track.kind == schema.TrackKind.Video and track.enabled and len(track) > 0:
            length = track.trimmed_range().duration
            ends.append(Fraction(length.value) / exact_rate(length.rate))
    trim = timeline.tracks.source_range
    if trim is None:
        return max(ends)
    start = Fraction(trim.start_time.value) / exact_rate(trim.start_time.rate)
    return min(start + Fraction(trim.duration.value) / exact_rate(trim.duration.rate), max(ends)) - start


def _assert_whole(cuts: CutList, timeline: schema.Timeline) -> None:
    assert cuts.frames == round(_picture_seconds(timeline) * exact_rate(cuts.rate))
    at = 0
    for cut in cuts.cuts:
        assert cut.start == at
        assert cut.frames > 0
        assert all(layer.weights is None or len(layer.weights) == cut.frames for layer in cut.layers)
        for shares in zip(*(layer.weights or (1.0,) * cut.frames for layer in cut.layers), strict=True):
            assert 0 < sum(shares) <= 1 + 1e-9
        at = cut.end
    assert at == cuts.frames
    assert all(0 <= element.start < cuts.seconds and element.duration > 0 for element in cuts.audio)
    assert all(0 <= marker.start < cuts.frames for marker in cuts.markers)


def _assert_only_added(before: schema.Timeline, after: schema.Timeline, cuts: CutList) -> None:
    """Assert that ``after`` is ``before`` with one track more, object by object and letter by letter."""
    assert len(after.tracks) == len(before.tracks) + 1
    for old, new in zip(before.tracks, list(after.tracks)[:-1], strict=True):
        # OTIO itself says no to copies of generators and to NaN in metadata, so its answer for a copy is the yardstick
        assert old.is_equivalent_to(new) == old.is_equivalent_to(old.deepcopy())
    added = after.tracks[-1]
    assert added.kind == schema.TrackKind.Audio
    trees = [json.loads(otio.adapters.write_to_string(edit, "otio_json")) for edit in (before, after)]
    trees[1]["tracks"]["children"].pop()
    assert json.dumps(trees[0]) == json.dumps(trees[1])
    assert added.duration().value == cuts.lead_frames + cuts.frames
    assert added.duration().rate == cuts.rate


@needs_timelines
@pytest.mark.parametrize("path", _FILES, ids=[path.name for path in _FILES])
def test_real_timeline_gives_a_whole_cut_list_and_takes_a_cue_or_says_why_not(path: Path, tmp_path: Path) -> None:
    """The contract of the room, over every file."""
    if path.name in _REFUSED:
        kind, words = _REFUSED[path.name]
        with pytest.raises(kind, match=words) as caught:
            cut_list(read_timeline(path), media_root=path.parent, probe=no_media)
        assert caught.value.hint
        return
    timeline = read_timeline(path)
    cuts = cut_list(timeline, media_root=path.parent, probe=no_media)
    _assert_whole(cuts, timeline)
    untouched = timeline.deepcopy()
    scored = with_cues(timeline, [cue_for(cuts, tmp_path)], cut=cuts)
    assert timeline.to_json_string() == untouched.to_json_string()
    _assert_only_added(timeline, scored, cuts)


@needs_timelines
def test_all_refused_files_are_there() -> None:
    """The list of refusals names no file that is gone."""
    assert set(_REFUSED) <= {path.name for path in _FILES}


@pytest.mark.parametrize("chunk", range(_RANDOM // _CHUNK))
def test_random_timelines_take_a_cue_and_stay_as_they_are(chunk: int, tmp_path: Path) -> None:
    """Three hundred random edits at real rates."""
    written = 0
    for seed in range(chunk * _CHUNK, (chunk + 1) * _CHUNK):
        timeline = Maker(1000 + seed, _RATES[seed % len(_RATES)]).timeline()
        try:
            cuts = cut_list(timeline, probe=no_media)
        except NothingToScoreError:
            continue
        _assert_whole(cuts, timeline)
        cue = cue_for(cuts, tmp_path, takes=("take-1", "take-2"))
        scored = with_cues(timeline, [cue], cut=cuts)
        _assert_only_added(timeline, scored, cuts)
        again = with_cues(scored, [cue], cut=cut_list(scored, probe=no_media))
        assert again.is_equivalent_to(scored), seed
        if timeline.tracks.source_range is None:
            assert scored.duration() == timeline.duration()
            assert scored.duration().rate == timeline.duration().rate
        written += 1
    assert written > _CHUNK / 2
