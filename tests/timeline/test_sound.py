"""Production sound and tagged cues."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from opentimelineio import opentime, schema

from otio_soundtrack.errors import MissingMediaError
from otio_soundtrack.model.cut import AudioElement, CutList, MediaFacts
from otio_soundtrack.timeline.cut_list import cut_list
from tests.timeline.builders import clip, dissolve, gap, movie, retimed, span, timeline, track


@pytest.fixture
def wav(tmp_path: Path) -> str:
    """Path of a sound file that the probe accepts."""
    file = tmp_path / "s.wav"
    file.touch()
    return str(file)


def _read(*tracks: schema.Track, frames: int = 240) -> CutList:
    edit = timeline(track(gap(frames)), *tracks)
    return cut_list(edit, probe=lambda _: movie())


def _facts(element: AudioElement) -> tuple[Fraction, ...]:
    """Return start, duration, source time, fade in and fade out in frames of 24."""
    return tuple(value * 24 for value in (element.start, element.duration, element.at, element.fade_in, element.fade_out))


def test_sound_lies_where_its_clip_lies(wav: str) -> None:
    """Positions are exact seconds, not rounded to frames."""
    element = _read(track(gap(10), clip("s", 5, 20, url=wav), kind="Audio", name="A1")).audio[0]
    assert _facts(element) == (10, 20, 5, 0, 0)
    assert (element.track, element.source.path) == ("A1", Path(wav))
    odd = _read(track(clip("s", 0, 12345, 48000.0, url=wav, available=None), kind="Audio")).audio[0]
    assert odd.duration == Fraction(12345, 48000)


def test_transition_between_sounds_is_a_cross_fade(wav: str) -> None:
    """Both sides last through it, with fades that add up."""
    first, second = _read(track(clip("a", 50, 20, url=wav), dissolve(4, 6), clip("b", 70, 20, url=wav), kind="Audio")).audio
    assert _facts(first) == (0, 26, 50, 0, 10)
    assert _facts(second) == (16, 24, 66, 10, 0)


def test_sound_ends_with_the_picture_and_its_fade_with_it(wav: str) -> None:
    """What is longer is cut; what is left of a fade is kept."""
    elements = _read(track(clip("a", 0, 300, url=wav), kind="Audio"), frames=100).audio
    assert [_facts(element)[:2] for element in elements] == [(0, 100)]


def test_retimed_and_reversed_sound(wav: str) -> None:
    """Reverse begins at the end of what is used; a held frame is silent."""
    items = [retimed(clip("x", 100, 24, url=wav), scalar) for scalar in (2.0, -1.0, 0.0)]
    elements = _read(track(*items, kind="Audio")).audio
    assert [(element.at * 24, element.speed) for element in elements] == [(100, 2), (124, -1)]


def test_disabled_sounds_are_not_heard(wav: str) -> None:
    """Clips and tracks."""
    off, silent = clip("a", 0, 20, url=wav), track(clip("b", 0, 20, url=wav), kind="Audio")
    off.enabled = False
    silent.enabled = False
    assert _read(track(off, kind="Audio"), silent).audio == ()


def test_nested_sequence_on_a_video_track_sounds_once(wav: str) -> None:
    """With its own audio track, unless the same sequence lies on an audio track as well (FCP7)."""

    def nest() -> schema.Stack:
        inside = schema.Stack(
            name="scene", children=[track(gap(48)), track(gap(6), clip("s", 0, 40, url=wav), kind="Audio", name="in")]
        )
        inside.source_range = span(12, 24)
        return inside

    alone = cut_list(timeline(track(nest())), probe=lambda _: movie()).audio
    assert [(_facts(element)[:3], element.track) for element in alone] == [((0, 24, 6), "in")]
    both = cut_list(timeline(track(nest()), track(nest(), kind="Audio")), probe=lambda _: movie()).audio
    assert len(both) == 1


def test_missing_sound_is_a_warning_or_an_error() -> None:
    """Silence is no slate, but it is said."""
    edit = timeline(track(gap(24)), track(clip("s", 0, 24), kind="Audio"))
    cuts = cut_list(edit)
    assert cuts.audio == ()
    assert any("not heard" in warning for warning in cuts.warnings)
    with pytest.raises(MissingMediaError, match="'s'"):
        cut_list(edit, missing="fail")


def test_file_without_sound_on_an_audio_track_is_left_out_with_a_warning(wav: str) -> None:
    """A picture file on an audio track."""
    edit = timeline(track(gap(24)), track(clip("s", 0, 24, url=wav), kind="Audio"))
    cuts = cut_list(edit, probe=lambda _: MediaFacts(has_picture=True, has_sound=False))
    assert cuts.audio == ()
    assert any("has no sound" in warning for warning in cuts.warnings)


def test_sound_with_timecode_and_no_available_range_starts_at_its_head(wav: str) -> None:
    """ALab: BWF at one hour, source range from 0."""
    edit = timeline(track(gap(24)), track(clip("s", 0, 24, url=wav, available=None), kind="Audio"))
    assert cut_list(edit, probe=lambda _: movie(timecode=Fraction(3600))).audio[0].at == 0


def test_clips_named_music_and_clips_with_a_brief_are_tagged_and_not_heard(wav: str) -> None:
    """They are where music shall be, so what lies there is no production sound."""
    brief = clip("temp.wav", 0, 24, url=wav)
    brief.metadata["otio_soundtrack"] = {"brief": {"prompt": "slow strings", "seed": 3, "list": [1, {"a": None}]}}
    named = schema.Gap(name="music: fast drums ", source_range=span(0, 48))
    cuts = _read(track(gap(12), named, brief, kind="Audio"))
    assert cuts.audio == ()
    assert [(cue.start, cue.frames, cue.prompt) for cue in cuts.tagged] == [(12, 48, "fast drums"), (60, 24, "slow strings")]
    assert cuts.tagged[1].brief == {"prompt": "slow strings", "seed": 3, "list": [1, {"a": None}]}


def test_tagged_clips_on_video_tracks_are_picture() -> None:
    """Only audio tracks carry tags."""
    cuts = cut_list(timeline(track(clip("MUSIC: no", 0, 24))))
    assert (cuts.tagged, cuts.cuts[0].name) == ((), "MUSIC: no")


def test_edl_sound_keeps_its_distance_from_the_picture(wav: str) -> None:
    """Both tracks carry their own record timecode."""
    picture = track(gap(48), trim=span(-86400, 48))
    sound = track(clip("s", 0, 24, url=wav), kind="Audio", trim=span(-86412, 24))
    assert _facts(cut_list(timeline(picture, sound), probe=lambda _: movie()).audio[0])[:2] == (12, 24)


def test_start_of_the_stack_is_record_zero(wav: str) -> None:
    """A trimmed stack trims its sound as well."""
    edit = timeline(track(gap(48)), track(clip("s", 0, 48, url=wav), kind="Audio"))
    edit.tracks.source_range = opentime.TimeRange(opentime.RationalTime(12, 24), opentime.RationalTime(24, 24))
    assert _facts(cut_list(edit, probe=lambda _: movie()).audio[0])[:3] == (0, 24, 12)
