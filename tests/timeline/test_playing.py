"""The music of ours on a timeline, as it lies there now."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from otio_soundtrack.errors import MissingMediaError
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.marks import NAMESPACE
from otio_soundtrack.timeline.playing import PlayingMusic, playing_music
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import tone
from tests.footage import FPS, edit

LANE = {"preset": "medium", "points": [[1.0, 0.0], [1.5, -8.0]], "made": "x"}


def span(start: int, frames: int) -> TimeRange:
    """Return a range at the picture's rate."""
    return TimeRange(RationalTime(start, FPS), RationalTime(frames, FPS))


@pytest.fixture
def scored(tmp_path: Path) -> otio.schema.Timeline:
    """A cut of 200 frames without media, dialogue on a track of its own, and two takes of ours on a third track."""
    timeline = edit(("a.mp4", 0, 200))
    for name in ("dialogue.wav", "one.wav", "two.wav"):
        write_wav(tmp_path / name, tone(440, -20, 9.0))
    speech = otio.schema.Track("DX", kind="Audio")
    speech.append(otio.schema.Clip("dialogue", otio.schema.ExternalReference("dialogue.wav", span(0, 216)), span(0, 200)))
    ours = otio.schema.Track("Soundtrack", kind="Audio", metadata={NAMESPACE: {"schema": 1}})
    said = {"cue_id": "1m01", "sha256": "1", "duck": LANE, "brief": {"prompt": "calm"}}
    clip = otio.schema.Clip("MUSIC: calm", source_range=span(0, 200), metadata={NAMESPACE: said})
    takes = {
        f"take-{number}": otio.schema.ExternalReference(f"{name}.wav", span(0, 216), {NAMESPACE: {"sha256": str(number)}})
        for number, name in ((1, "one"), (2, "two"))
    }
    clip.set_media_references(takes, "take-1")
    ours.append(clip)
    timeline.tracks.extend([speech, ours])
    return timeline


def laid(timeline: otio.schema.Timeline, folder: Path) -> tuple[PlayingMusic, ...]:
    """Return the music, the timeline left as it was."""
    before = timeline.to_json_string()
    found = playing_music(timeline, cut_list(timeline, media_root=folder), folder)
    assert timeline.to_json_string() == before
    return found


def test_the_active_take_is_the_music_and_nothing_else_is(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """Dialogue is production sound; the lane is that of the clip."""
    (one,) = laid(scored, tmp_path)
    assert (one.path.name, one.cue_id, one.lanes) == ("one.wav", "1m01", (LANE,))
    assert (one.element.start, one.element.duration, one.element.at) == (0, Fraction(200, 24), 0)


def test_another_active_take_has_a_lane_of_its_own(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """What the clip says is said of the take that it was written with; the sidecar of the other speaks for it."""
    scored.tracks[-1][0].active_media_reference_key = "take-2"
    (one,) = laid(scored, tmp_path)
    assert (one.path.name, one.lanes) == ("two.wav", ())
    (tmp_path / "two.wav.soundtrack.json").write_text(json.dumps({"cue_id": "1m01", "duck": {"points": [[0, -3]]}}))
    (one,) = laid(scored, tmp_path)
    assert one.lanes == ({"points": [[0, -3]]},)


def test_music_that_an_editor_moved_and_trimmed_sounds_there(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """Two seconds later, its first second cut off."""
    track = scored.tracks[-1]
    track[0].source_range = span(24, 100)
    track.insert(0, otio.schema.Gap(source_range=span(0, 48)))
    (one,) = laid(scored, tmp_path)
    assert (one.element.start, one.element.duration, one.element.at) == (2, Fraction(100, 24), 1)


def test_disabled_music_does_not_sound(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """Neither a disabled clip nor a disabled track."""
    scored.tracks[-1][0].enabled = False
    assert laid(scored, tmp_path) == ()
    scored.tracks[-1][0].enabled = True
    scored.tracks[-1].enabled = False
    assert laid(scored, tmp_path) == ()


def test_a_timeline_that_was_never_scored_has_none(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """Its audio is production sound."""
    del scored.tracks[-1]
    assert laid(scored, tmp_path) == ()


def test_music_that_is_gone_is_named(scored: otio.schema.Timeline, tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "one.wav").unlink()
    with pytest.raises(MissingMediaError, match=r"one\.wav") as error:
        laid(scored, tmp_path)
    assert "soundtrack_linker" in error.value.hint
