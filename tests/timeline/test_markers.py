"""Markers on record frames."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentimelineio import schema

from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.read import read_timeline
from tests.timeline.builders import clip, gap, retimed, span, timeline, track


def _marked(item: schema.Clip, start: float, frames: float = 0, rate: float = 24.0) -> schema.Clip:
    item.markers.append(schema.Marker("m", span(start, frames, rate), "RED"))
    return item


def _places(edit: schema.Timeline) -> list[tuple[int, int]]:
    return [(marker.start, marker.frames) for marker in cut_list(edit).markers]


def test_marker_of_a_clip_is_in_media_time() -> None:
    """OTIO's rule: 5 frames into a clip that starts at frame 100 of its media."""
    assert _places(timeline(track(gap(10), _marked(clip("a", 100, 20), 105, 3)))) == [(15, 3)]


def test_marker_that_reaches_out_is_cut_and_one_outside_is_left_out() -> None:
    """Only what can be seen counts."""
    item = _marked(_marked(_marked(clip("a", 100, 20), 115, 30), 130), 90, 5)
    assert _places(timeline(track(item, clip("b", 0, 20)))) == [(15, 5)]


def test_markers_of_tracks_and_stack_count_from_their_trims() -> None:
    """Record 0 is where the picture starts."""
    edit = timeline(track(clip("a", 0, 50), trim=span(10, 40)))
    edit.tracks[0].markers.append(schema.Marker("t", span(15, 0)))
    edit.tracks.markers.append(schema.Marker("s", span(8, 4)))
    edit.tracks.source_range = span(2, 30)
    assert _places(edit) == [(3, 0), (6, 4)]


def test_marker_of_a_retimed_clip_moves_with_its_media() -> None:
    """Twice as fast is half as far; in reverse it is counted from the end."""
    assert _places(timeline(track(_marked(retimed(clip("a", 100, 20), 2.0), 110)))) == [(5, 0)]
    assert _places(timeline(track(_marked(retimed(clip("a", 100, 20), -1.0), 105, 5)))) == [(10, 5)]


def test_marker_counted_from_the_clip_is_recognised_where_its_media_cannot_hold_it() -> None:
    """Hiero writes 0 for the first frame of a clip whose media begin at frame 909990."""
    assert _places(timeline(track(gap(7), _marked(clip("a", 909990, 20, available=909990), 0)))) == [(7, 0)]


def test_marker_of_an_edl_is_record_timecode(tmp_path: Path) -> None:
    """``* LOC:`` lines."""
    path = tmp_path / "a.edl"
    path.write_text(
        "TITLE: x\n001  AX V     C        10:00:00:00 10:00:02:00 01:00:00:00 01:00:02:00\n"
        "* FROM CLIP NAME:  a\n* LOC: 01:00:01:12 RED     HIT\n"
    )
    marker = cut_list(read_timeline(path)).markers[0]
    assert (marker.start, marker.name, marker.colour) == (36, "HIT", "RED")


def test_markers_of_disabled_items_are_not_seen() -> None:
    """They are not in the cut."""
    item = _marked(clip("a", 0, 20), 5)
    item.enabled = False
    assert _places(timeline(track(item))) == []


def test_markers_inside_a_nest_are_seen_through_its_trim() -> None:
    """Those that the trim cuts off are not."""
    nest = schema.Stack(children=[track(_marked(_marked(clip("a", 0, 50), 5), 30))], source_range=span(20, 20))
    assert _places(timeline(track(gap(3), nest))) == [(13, 0)]


def test_comment_is_found_where_writers_put_it() -> None:
    """The schema's own field is young."""
    item = clip("a", 0, 20)
    item.markers.append(schema.Marker("m", span(0, 0), metadata={"note": "swell here"}))
    assert cut_list(timeline(track(item))).markers[0].comment == "swell here"


def test_markers_of_the_toucan_sample_lie_as_its_pictures_show(shared_timelines: Path) -> None:
    """Layout written down from the file: 3 frames A, 3 frames gap, 3 frames C."""
    folder = shared_timelines / "toucan"
    edit = read_timeline(folder / "Markers.otio")
    found = {marker.name: (marker.start, marker.frames) for marker in cut_list(edit, media_root=folder).markers}
    assert found == {
        "Letter_A Marker": (0, 0),
        "Stack Marker": (0, 9),
        "Track Marker 0": (0, 4),
        "Track Marker 1": (4, 5),
        "Gap Marker": (3, 3),
        "Letter_C Marker 0": (6, 2),
        "Letter_C Marker 1": (7, 2),
    }


@pytest.mark.parametrize("rate", [25.0, 23.976])
def test_marker_at_another_rate_is_rounded_to_the_nearest_frame(rate: float) -> None:
    """One second of the marker's rate is one second of the picture."""
    item = _marked(clip("a", 0, 100, rate), 12, 0, 12.0)
    assert _places(timeline(track(item))) == [(round(rate), 0)]
