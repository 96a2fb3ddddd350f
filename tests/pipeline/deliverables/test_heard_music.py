"""The passages of music that a video shows: where its plan has sections, wherever the music lies and whatever was cut off it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.errors import MissingMediaError
from otio_soundtrack.pipeline.deliverables.heard_music import music_of_timeline, music_of_track
from tests.footage import small_cut

HALF = 84
"""Frames of the first of the two sections that the plan gets."""


def with_two_sections(record: Any) -> Any:
    """Return JSON with the one section of every plan in it made two: a cue of seven seconds is planned as one."""
    if isinstance(record, list):
        return [with_two_sections(one) for one in record]
    if not isinstance(record, dict):
        return record
    if "first_beat" in record:
        (section,) = record["sections"]
        return record | {"sections": [section | {"end": HALF}, section | {"start": HALF, "mood": "epic"}]}
    return {name: with_two_sections(one) for name, one in record.items()}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored cut of 200 frames at 24: the cue from frame 24 to 192 in two sections, with handles of half a second."""
    folder = tmp_path_factory.mktemp("scored")
    otio_soundtrack.score(small_cut(folder / "footage"), folder / "out.otio", range=("24f", "192f"), handles="12f")
    for file in (folder / "out.otio", *folder.glob("out.media/*.json")):
        file.write_text(json.dumps(with_two_sections(json.loads(file.read_text()))))
    return folder / "out.otio"


def starts(passages: tuple[object, ...]) -> list[float]:
    """Return when passages begin."""
    return [one.start for one in passages]  # type: ignore[attr-defined]


def test_passages_of_a_timeline_begin_where_its_cue_and_its_sections_do(scored: Path, tmp_path: Path) -> None:
    """Handles are no part of the cue."""
    music = music_of_timeline(scored, None, tmp_path)
    assert starts(music.passages) == pytest.approx([1, 1 + HALF / 24])
    assert len(music.sound) == 400_000


def test_passages_of_its_music_file_begin_after_the_handle(scored: Path, tmp_path: Path) -> None:
    """The file begins half a second before the cue."""
    (wav,) = scored.parent.glob("out.media/*.wav")
    assert starts(music_of_track(wav, tmp_path).passages) == pytest.approx([0.5, 0.5 + HALF / 24])


def test_what_an_editor_has_cut_off_shifts_no_section(scored: Path, tmp_path: Path) -> None:
    """The clip begins 24 frames later on record and in its media."""
    timeline = otio.adapters.read_from_file(str(scored))
    gap, clip = timeline.tracks[-1]
    old = clip.source_range
    clip.source_range = TimeRange(old.start_time + RationalTime(24, 24), old.duration - RationalTime(24, 24))
    gap.source_range = TimeRange(RationalTime(0, 24), RationalTime(48, 24))
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    music = music_of_timeline(tmp_path / "cut.otio", None, tmp_path)
    assert starts(music.passages) == pytest.approx([2, 1 + HALF / 24])


def test_music_that_is_gone_is_told(scored: Path, tmp_path: Path) -> None:
    """A video of silence would be no video of the music."""
    timeline = otio.adapters.read_from_file(str(scored))
    (clip,) = timeline.tracks[-1].find_clips()
    clip.media_reference.target_url = (tmp_path / "gone.wav").as_uri()
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    with pytest.raises(MissingMediaError, match=r"gone\.wav"):
        music_of_timeline(tmp_path / "cut.otio", None, tmp_path)
