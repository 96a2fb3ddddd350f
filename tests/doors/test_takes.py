"""Takes on a timeline: read, and another one made to play."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack.pipeline.cut.cutting import opened
from otio_soundtrack.timeline.takes import LaidCue, laid_cues, with_active


@pytest.fixture(scope="module")
def scored(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a scored timeline with two takes, its cue from 2 s to 6 s."""
    path = tmp_path_factory.mktemp("scored") / "scored.otio"
    otio_soundtrack.score(footage / "small.otio", path, takes=2, range=("2s", "6s"))
    return path


def cues(path: Path) -> tuple[LaidCue, ...]:
    """Return the cues on a timeline file."""
    with opened(path) as source:
        return laid_cues(source.timeline, source.cut, source.root)


def test_takes_are_found_with_their_files_and_records(scored: Path) -> None:
    """In the order of their numbers, with where the cue lies."""
    (cue,) = cues(scored)
    assert (cue.start, cue.seconds, cue.offset) == (Fraction(2), Fraction(4), Fraction(0))
    assert (cue.cue_id, cue.active) == ("1m01", "take-1")
    assert [take.key for take in cue.takes] == ["take-1", "take-2"]
    assert all(take.path is not None and take.path.name == take.name for take in cue.takes)
    assert len({take.said["sha256"] for take in cue.takes}) == 2


def test_another_take_plays_and_nothing_else_changes(scored: Path) -> None:
    """Name, record and active reference are those of take 2; the timeline that was given is untouched."""
    before = otio.core.SerializableObject.from_json_file(str(scored))
    text = before.to_json_string()
    (cue,) = cues(scored)
    after = with_active(before, cue.place, "take-2")
    assert before.to_json_string() == text
    clip = after.tracks[cue.place[0]][cue.place[1]]
    assert clip.media_reference.name == clip.name == cue.takes[1].name
    assert clip.metadata["otio_soundtrack"]["sha256"] == cue.takes[1].said["sha256"]
    back = with_active(after, cue.place, "take-1")
    assert back.to_json_string() == text


def test_a_take_that_is_not_there_is_refused(scored: Path) -> None:
    """A caller's mistake."""
    (cue,) = cues(scored)
    with opened(scored) as source, pytest.raises(ValueError, match="take-9"):
        with_active(source.timeline, cue.place, "take-9")


def test_music_that_is_not_on_this_machine_is_said_so(scored: Path, tmp_path: Path) -> None:
    """The take stays in the list without a path."""
    text = scored.read_text().replace("scored.media", "gone.media")
    moved = tmp_path / "moved.otio"
    moved.write_text(text)
    (cue,) = cues(moved)
    assert [take.path for take in cue.takes] == [None, None]


def test_a_timeline_without_our_music_has_no_cues(footage: Path) -> None:
    """Nothing to audition."""
    assert cues(footage / "small.otio") == ()
