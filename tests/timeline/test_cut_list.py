"""One rule of reading the cut at a time."""

from __future__ import annotations

import gc
from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest
from opentimelineio import schema

from otio_soundtrack.errors import MissingMediaError, NothingToScoreError, UnreadableMediaError, UnsupportedTimingError
from otio_soundtrack.model.cut import CutList, MediaFacts, SourceKind
from otio_soundtrack.timeline.cut_list import cut_list
from tests.timeline.builders import clip, dissolve, gap, movie, no_media, retimed, span, time, timeline, track


def _ats(cuts: CutList) -> list[tuple[int, int, str, Fraction]]:
    """Return start, length, name and source frame at 24 a second of the first layer of every cut."""
    return [(cut.start, cut.frames, cut.name, cut.layers[0].at * 24 if cut.layers else Fraction(-1)) for cut in cuts.cuts]


def test_source_timecode_is_taken_off_by_the_available_range() -> None:
    """A clip at 01:00:01:00 of media that begin at 01:00:00:00 is one second in."""
    cuts = cut_list(timeline(track(clip("a", 86424, 10, available=86400))))
    assert cuts.cuts[0].layers[0].at == 1


@pytest.mark.parametrize(
    ("start", "timecode", "expected"),
    [(86424, Fraction(3600), 1), (24, Fraction(3600), 1), (24, None, 1), (86400, None, 0)],
)
def test_without_an_available_range_the_files_timecode_decides(
    start: int, timecode: Fraction | None, expected: int, tmp_path: Path
) -> None:
    """At or after the file's timecode the clip counts by it, before it from 0; beyond the file it starts at its head."""
    file = tmp_path / "a.mov"
    file.touch()
    edit = timeline(track(clip("a", start, 10, url=str(file), available=None)))
    cuts = cut_list(edit, probe=lambda _: movie(duration=100, timecode=timecode))
    assert cuts.cuts[0].layers[0].at == expected


def test_upper_picture_covers_lower_and_gaps_let_it_through() -> None:
    """Top-most visible, per stretch."""
    edit = timeline(track(clip("low", 0, 30)), track(gap(10), clip("high", 5, 10)))
    assert _ats(cut_list(edit)) == [(0, 10, "low", 0), (10, 10, "high", 5), (20, 10, "low", 20)]


def test_disabled_clips_and_tracks_are_transparent() -> None:
    """Both ways of switching off."""
    off, high = clip("off", 0, 10), track(clip("high", 0, 10))
    off.enabled = False
    high.enabled = False
    assert _ats(cut_list(timeline(track(clip("low", 0, 10)), track(off), high))) == [(0, 10, "low", 0)]


def test_audio_and_subtitles_are_no_picture() -> None:
    """flatten_stack would show them, and they do not lengthen the picture."""
    edit = timeline(track(clip("a", 0, 10)), track(clip("s", 0, 99), kind="Audio"), track(clip("t", 0, 99), kind="Subtitle"))
    assert _ats(cut_list(edit)) == [(0, 10, "a", 0)]


def test_clips_and_stacks_directly_in_the_timeline_are_picture() -> None:
    """Writers leave the track out now and then."""
    edit = timeline(clip("low", 0, 30), schema.Stack(children=[clip("high", 5, 10)]))
    assert _ats(cut_list(edit)) == [(0, 10, "high", 5), (10, 20, "low", 10)]


def test_audio_track_inside_a_video_track_is_no_picture() -> None:
    """Whatever holds it."""
    edit = timeline(track(clip("low", 0, 10)), track(track(clip("s", 0, 10), kind="Audio")))
    assert _ats(cut_list(edit)) == [(0, 10, "low", 0)]


def test_dissolve_is_split_at_its_cut_which_alone_changes_the_picture() -> None:
    """Weights are (k + ½) / n over the whole dissolve."""
    cuts = cut_list(timeline(track(clip("a", 0, 20), dissolve(2, 2), clip("b", 10, 20)))).cuts
    assert [(cut.start, cut.frames, cut.changes_picture) for cut in cuts] == [
        (0, 18, True),
        (18, 2, False),
        (20, 2, True),
        (22, 18, False),
    ]
    assert [layer.weights for layer in cuts[1].layers] == [(0.875, 0.625), (0.125, 0.375)]
    assert [layer.weights for layer in cuts[2].layers] == [(0.375, 0.125), (0.625, 0.875)]
    assert [layer.at * 24 for layer in cuts[1].layers] == [18, 8]


def test_missing_handles_stay_in_the_source_time() -> None:
    """Below 0 and past the end; whoever decodes holds the first and the last frame."""
    cuts = cut_list(timeline(track(clip("a", 990, 10), dissolve(2, 2), clip("b", 0, 20)))).cuts
    assert cuts[1].layers[1].at * 24 == -2
    assert cuts[2].layers[0].at * 24 == 1000


def test_fade_at_the_head_shows_what_lies_beneath() -> None:
    """A transition with nothing on one side fades against the lower track."""
    cuts = cut_list(timeline(track(clip("low", 0, 20)), track(dissolve(0, 4), clip("high", 0, 20)))).cuts
    assert [layer.source.name for layer in cuts[0].layers] == ["low", "high"]
    assert cuts[0].layers[0].weights == (0.875, 0.625, 0.375, 0.125)
    assert cuts[0].layers[1].weights == (0.125, 0.375, 0.625, 0.875)


def test_wipe_is_a_dissolve_with_a_warning() -> None:
    """Only dissolves are shown as what they are."""
    wipe = dissolve(2, 2)
    wipe.transition_type = "SMPTE_Wipe"
    cuts = cut_list(timeline(track(clip("a", 0, 20), wipe, clip("b", 0, 20))))
    assert len(cuts.cuts) == 4
    assert any("shown as a dissolve" in warning for warning in cuts.warnings)


def test_transition_longer_than_its_clips_is_shortened_with_a_warning() -> None:
    """Two transitions must not fight for one clip."""
    edit = timeline(track(clip("a", 0, 20), dissolve(4, 8), clip("b", 0, 10), dissolve(8, 4), clip("c", 0, 20)))
    cuts = cut_list(edit)
    assert [cut.start for cut in cuts.cuts] == [0, 16, 20, 28, 30, 34]
    assert any("shortened" in warning for warning in cuts.warnings)


@pytest.mark.parametrize(
    ("scalar", "at", "speed"),
    [(2.0, 100, 2), (0.5, 100, Fraction(1, 2)), (1 / 3, 100, Fraction(1, 3)), (-1.0, 109, -1), (-2.0, 118, -2), (0.0, 100, 0)],
)
def test_retimes_start_where_they_should(scalar: float, at: int, speed: Fraction) -> None:
    """Forward and hold start at the in-point; reverse starts with the last frame that is used and ends with the in-point."""
    layer = cut_list(timeline(track(retimed(clip("a", 100, 10), scalar)))).cuts[0].layers[0]
    assert (layer.at * 24, layer.speed) == (at, speed)


def test_two_retimes_multiply_and_disabled_ones_do_not_count() -> None:
    """Effects of one clip work together."""
    item = retimed(retimed(retimed(clip("a", 0, 10), 2.0), 3.0), 5.0)
    item.effects[2].enabled = False
    assert cut_list(timeline(track(item))).cuts[0].layers[0].speed == 6


def test_retime_without_a_common_meaning_is_left_out_with_a_warning() -> None:
    """Keyframed retimes of Resolve are plain TimeEffects."""
    item = clip("a", 0, 10)
    item.effects.append(schema.TimeEffect(effect_name="speed ramp"))
    cuts = cut_list(timeline(track(item)))
    assert cuts.cuts[0].layers[0].speed == 1
    assert any("speed ramp" in warning for warning in cuts.warnings)


def test_retimed_nest_that_ends_within_a_frame_leaves_no_black_frame() -> None:
    """24 frames at 85.45 % are 28.08: the editor's 29 frames show picture to the last."""
    nest = schema.Stack(children=[track(clip("in", 0, 24))], source_range=span(0, 29))
    cuts = cut_list(timeline(track(retimed(nest, 0.8545454551724138), clip("b", 0, 5))))
    assert [(cut.start, cut.name) for cut in cuts.cuts] == [(0, "in"), (29, "b")]


def test_through_edit_is_no_picture_change_and_a_jump_of_one_frame_is() -> None:
    """A source that simply runs on is not cut, whatever the clips are called."""
    edit = timeline(track(*(clip(name, start, 10, url="/nowhere/x.mov") for name, start in (("a", 0), ("a", 10), ("a", 21)))))
    assert [cut.changes_picture for cut in cut_list(edit).cuts] == [True, False, True]


def test_cuts_to_and_from_black_change_the_picture() -> None:
    """And a black generator is black."""
    black = schema.Clip("x", schema.GeneratorReference("Black", "black"), span(0, 5))
    cuts = cut_list(timeline(track(clip("a", 0, 10), gap(5), black, clip("b", 0, 10))))
    assert [(cut.start, cut.changes_picture) for cut in cuts.cuts] == [(0, True), (10, True), (15, False), (20, True)]


def test_hold_after_its_clip_is_no_picture_change() -> None:
    """A freeze of the frame that was just seen."""
    edit = timeline(track(clip("a", 0, 10, url="/nowhere/x.mov"), retimed(clip("a", 9, 10, url="/nowhere/x.mov"), 0.0)))
    assert [cut.changes_picture for cut in cut_list(edit).cuts] == [True, False]


def test_track_trim_moves_and_cuts_its_content() -> None:
    """The row is seen from its source range on."""
    edit = timeline(track(clip("a", 0, 10), clip("b", 0, 10), trim=span(5, 8)))
    assert _ats(cut_list(edit)) == [(0, 5, "a", 5), (5, 3, "b", 0)]


def test_stack_trim_is_the_picture_and_says_its_lead() -> None:
    """The lead is where our own track must begin."""
    edit = timeline(track(clip("a", 0, 40)))
    edit.tracks.source_range = span(10, 20)
    cuts = cut_list(edit)
    assert (_ats(cuts), cuts.lead_frames) == ([(0, 20, "a", 10)], 10)


def test_edl_track_keeps_its_record_timecode_as_a_label() -> None:
    """A negative trim as long as the content is where an EDL was recorded, not what is seen."""
    picture = track(clip("a", 0, 48), trim=span(-86400, 48))
    sound = track(clip("s", 0, 24), kind="Audio", trim=span(-86424, 24))
    cuts = cut_list(timeline(picture, sound), probe=no_media)
    assert _ats(cuts) == [(0, 48, "a", 0)]


def test_track_added_to_an_edl_counts_from_the_start_of_the_picture() -> None:
    """It has no record timecode of its own."""
    edit = timeline(track(clip("a", 0, 48), trim=span(-86400, 48)), track(clip("b", 0, 10)), track())
    assert _ats(cut_list(edit)) == [(0, 10, "b", 0), (10, 38, "a", 10)]


def test_negative_trim_longer_than_the_content_leaves_black_before_it() -> None:
    """otio_multiple_track.otio places a clip so."""
    assert [cut.start for cut in cut_list(timeline(track(clip("a", 0, 9), trim=span(-7, 16)))).cuts] == [0, 7]


@pytest.mark.parametrize("rate", [23.976, 23.98, 23.976024627685547, 29.97002997002997, 59.9401, 15.0, 25.0])
def test_rate_is_the_very_float_of_the_timeline(rate: float) -> None:
    """No snapping: hosts compare it."""
    cuts = cut_list(timeline(track(clip("a", 0, 100, rate)), track(clip("s", 0, 9_000_000, 48000.0), kind="Audio")))
    assert (cuts.rate, cuts.frames) == (rate, 100)


def test_rate_of_the_longest_video_track_rules_and_placeholders_do_not() -> None:
    """Of mixed rates that of most of the time; 1.0 and 0.0 are placeholders."""
    edit = timeline(track(clip("a", 0, 50, 30.0)), track(clip("b", 0, 20, 25.0), clip("c", 0, 100, 24.0), gap(10, 1.0)))
    assert cut_list(edit).rate == 24.0


def test_mixed_rates_are_rounded_to_the_nearest_frame_without_showing_what_is_cut_off() -> None:
    """25 frames at 30 a second end at frame 20.00 of 24; 26 at 20.8, so the next clip starts on 21 with its own first frame."""
    cuts = cut_list(timeline(track(clip("a", 0, 26, 30.0), clip("b", 0, 48)))).cuts
    assert (cuts[1].start, cuts[1].frames) == (21, 48)
    assert cuts[1].layers[0].at == Fraction(21, 24) - Fraction(26, 30)
    cuts = cut_list(timeline(track(clip("a", 0, 28, 30.0), clip("b", 0, 48)))).cuts
    assert cuts[1].start == 22
    assert cuts[1].layers[0].at == 0


def test_start_time_is_a_label_and_moves_nothing() -> None:
    """global_start_time, also drop-frame."""
    cuts = cut_list(timeline(track(clip("a", 0, 10, 29.97)), start=time(107892, 29.97)))
    assert (cuts.start_time, cuts.cuts[0].start) == (time(107892, 29.97), 0)


def test_titles_show_only_where_nothing_else_is() -> None:
    """A title that we cannot draw must not hide the picture under it."""
    title = schema.Clip("t", schema.GeneratorReference("Title", "Basic Title"), span(0, 30))
    cuts = cut_list(timeline(track(clip("a", 0, 10), gap(5), clip("b", 0, 15)), track(title)))
    assert [(cut.start, cut.name) for cut in cuts.cuts] == [(0, "a"), (10, "t"), (15, "b")]
    assert cuts.cuts[1].layers[0].source.kind is SourceKind.SLATE


def test_only_the_active_reference_counts() -> None:
    """Proxies and takes lie beside it."""
    item = clip("a", 0, 10)
    proxy = schema.ExternalReference("/nowhere/proxy.mov", span(0, 100))
    item.set_media_references({"DEFAULT_MEDIA": item.media_reference, "proxy": proxy}, "proxy")
    assert "proxy.mov" in cut_list(timeline(track(item))).cuts[0].layers[0].source.reason


def test_missing_media_are_slates_with_a_warning_or_an_error_that_names_clip_and_file() -> None:
    """Both modes."""
    edit = timeline(track(clip("shot 7", 0, 10)))
    cuts = cut_list(edit)
    assert cuts.cuts[0].layers[0].source.kind is SourceKind.SLATE
    assert any("shot 7" in warning and "shot 7.mov" in warning for warning in cuts.warnings)
    with pytest.raises(MissingMediaError, match=r"shot 7.*nowhere/shot 7\.mov"):
        cut_list(edit, missing="fail")


def test_many_missing_media_are_counted_instead_of_told() -> None:
    """A timeline on a machine without its media must not fill the screen."""
    cuts = cut_list(timeline(track(*(clip(f"shot {number}", 0, 10) for number in range(200)))))
    assert len(cuts.warnings) == 1
    assert "199 others" in cuts.warnings[0]


def test_covered_missing_media_do_not_fail() -> None:
    """Nobody sees them."""
    colour = schema.Clip("c", schema.GeneratorReference("Red", "SolidColor", parameters={"color": "#ff0000"}), span(0, 10))
    cuts = cut_list(timeline(track(clip("a", 0, 10)), track(colour)), missing="fail")
    assert cuts.cuts[0].layers[0].source.colour == (255, 0, 0)


def test_unreadable_media_are_slates_or_an_error_and_probed_once(tmp_path: Path) -> None:
    """A text file named .mov."""
    file = tmp_path / "x.mov"
    file.write_text("text")
    asked: list[Path] = []

    def probe(path: Path) -> MediaFacts:
        asked.append(path)
        raise UnreadableMediaError(f"{path} is no media file.")

    edit = timeline(track(clip("a", 0, 10, url=str(file)), clip("b", 0, 10, url=str(file))))
    assert all(cut.layers[0].source.kind is SourceKind.SLATE for cut in cut_list(edit, probe=probe).cuts)
    assert asked == [file]
    with pytest.raises(UnreadableMediaError, match=r"'a'.*x\.mov"):
        cut_list(edit, missing="fail", probe=probe)


def test_clip_without_any_range_is_measured_or_refused(tmp_path: Path) -> None:
    """OTIO's own duration() raises there."""
    file = tmp_path / "x.mov"
    item = schema.Clip("a", schema.ExternalReference(str(file)))
    edit = timeline(track(clip("b", 0, 24), item))
    with pytest.raises(UnsupportedTimingError, match="'a'"):
        cut_list(edit)
    file.touch()
    assert cut_list(edit, probe=lambda _: movie(duration=2)).frames == 24 + 48


def test_still_is_held(tmp_path: Path) -> None:
    """One picture has no time."""
    file = tmp_path / "x.png"
    file.touch()
    cuts = cut_list(
        timeline(track(clip("a", 0, 24, url=str(file)))),
        probe=lambda _: MediaFacts(has_picture=True, has_sound=False, is_still=True),
    )
    assert (cuts.cuts[0].layers[0].source.kind, cuts.cuts[0].layers[0].speed) == (SourceKind.STILL, 0)


def test_sound_file_on_a_video_track_is_a_slate(tmp_path: Path) -> None:
    """It has no picture to show."""
    file = tmp_path / "x.wav"
    file.touch()
    cuts = cut_list(
        timeline(track(clip("a", 0, 24, url=str(file)))), probe=lambda _: MediaFacts(has_picture=False, has_sound=True)
    )
    assert "no picture" in cuts.cuts[0].layers[0].source.reason


@pytest.mark.parametrize(
    "edit",
    [
        timeline(),
        timeline(track(clip("s", 0, 10), kind="Audio")),
        timeline(track()),
        timeline(track(clip("a", 0, 0))),
    ],
)
def test_timeline_without_picture_is_nothing_to_score(edit: schema.Timeline) -> None:
    """Empty, audio only, an empty track, no length."""
    with pytest.raises(NothingToScoreError) as caught:
        cut_list(edit)
    assert caught.value.hint


@pytest.mark.parametrize(
    "item",
    [
        clip("a", 0, -10),
        clip("a", 0, 10, rate=0.0),
        clip("a", float("nan"), 10),
        clip("a", 0, 10, rate=float("inf")),
        clip("a", 0, 1000000, rate=48000.0),
        clip("a", 0, 10, rate=1e-9),
        clip("a", 0, 1e18),
        retimed(clip("a", 0, 10), float("nan")),
    ],
    ids=["negative", "rate 0", "nan", "infinite rate", "audio rate", "no rate", "endless", "nan retime"],
)
def test_times_that_mean_nothing_are_refused(item: schema.Clip) -> None:
    """One typed error, whatever the file holds."""
    with pytest.raises(UnsupportedTimingError):
        cut_list(timeline(track(item)))


def test_our_own_earlier_track_is_not_part_of_the_cut() -> None:
    """Neither its sound nor its markers nor its tags."""
    ours = track(clip("MUSIC: x", 0, 10), kind="Audio")
    ours.metadata["otio_soundtrack"] = {"schema": 1}
    ours[0].markers.append(schema.Marker("hit", span(5, 0)))
    cuts = cut_list(timeline(track(clip("a", 0, 10)), ours))
    assert (cuts.audio, cuts.markers, cuts.tagged) == ((), (), ())


def test_cut_list_outlives_its_timeline() -> None:
    """OTIO's containers die with their owner; ours must not hold any."""
    cuts = cut_list(timeline(track(clip("a", 0, 10)), track(clip("MUSIC: b", 0, 10), kind="Audio")))
    gc.collect()
    assert (cuts.cuts[0].name, cuts.tagged[0].prompt) == ("a", "b")


def test_reading_is_linear_in_clips() -> None:
    """Four times the clips take about four times the time, dissolves included."""

    def seconds(count: int) -> float:
        children = [child for index in range(count) for child in (clip(str(index), 0, 10), dissolve(1, 1))][:-1]
        edit = timeline(track(*children))
        before = process_time()
        assert len(cut_list(edit).cuts) == 3 * count - 2
        return process_time() - before

    seconds(100)
    few = max(seconds(400), 0.02)
    assert seconds(1600) < 12 * few
