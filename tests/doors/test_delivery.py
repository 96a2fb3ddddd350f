"""What post-production takes over: handles, Broadcast Wave, stems; from the command to the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
import soundfile
from numpy.typing import NDArray
from opentimelineio.opentime import RationalTime, TimeRange

from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.tools.files import sha256
from tests.doors.test_cli import Captured, run
from tests.tools.test_broadcast import bext

pytestmark = pytest.mark.xdist_group("delivery")  # one scored cut serves all

RATE = 30_000 / 1001
"""29.97 frames a second, as Premiere writes it."""


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A slated cut of 10 s at 29.97 that begins 6 s before midnight."""
    edit = otio.schema.Timeline("late show", global_start_time=otio.opentime.from_timecode("23:59:54;00", RATE))
    track = otio.schema.Track("V1", kind="Video")
    track.append(otio.schema.Clip("a", source_range=TimeRange(RationalTime(0, RATE), RationalTime(300, RATE))))
    edit.tracks.append(track)
    path = tmp_path_factory.mktemp("cut") / "late.otio"
    otio.adapters.write_to_file(edit, str(path))
    return path


@pytest.fixture(scope="module")
def scored(cut: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cut scored from 4 s to 9 s with handles of 5 s, stamped, with stems; the folder."""
    folder = tmp_path_factory.mktemp("scored")
    words = ["score", cut, "-o", folder / "out.otio", "--range", "120f", "270f", "--handles", "150f", "--bwf", "--stems"]
    assert run(*words, "--mood", "epic", "--quiet") == 0
    return folder


def mix(folder: Path) -> Path:
    """Return the mix in a media folder."""
    (path,) = (one for one in (folder / "out.media").glob("*.wav") if "_STEM-" not in one.name)
    return path


def sound(path: Path) -> NDArray[np.float64]:
    """Return a file as libsndfile reads it."""
    return np.asarray(soundfile.read(path, always_2d=True)[0])


def peak_db(samples: NDArray[np.float64]) -> float:
    """Return the largest sample, dBFS."""
    return float(20 * np.log10(max(np.abs(samples).max(initial=0.0), 1e-12)))


HEAD, CUE, TAIL = 192_192, 240_240, 240_240
"""Samples: the four seconds that there are before the cue, five of cue, five after it, at 1601.6 a frame."""


def test_the_file_is_cue_and_handles_to_the_sample_and_the_clip_is_the_cue(scored: Path) -> None:
    """A head reaches back to the first frame of the timeline, no further."""
    clip = read_timeline(scored / "out.otio").tracks[-1][1]
    assert len(sound(mix(scored))) == HEAD + CUE + TAIL
    assert clip.source_range.duration == RationalTime(150, RATE)
    assert clip.available_range().duration == RationalTime(120 + 150 + 150, RATE)
    assert (clip.source_range.start_time - clip.available_range().start_time).value == 120
    record = json.loads(Path(f"{mix(scored)}.soundtrack.json").read_text())
    assert record["samples"] == HEAD + CUE + TAIL
    assert record["handles"] == {"head": 120, "tail": 150, "head_samples": HEAD, "tail_samples": TAIL}


def test_the_cue_begins_and_ends_by_itself_and_rings_on_in_the_handle(scored: Path) -> None:
    """An editor who leaves the clip alone hears no edge; one who pulls it out hears the ring of the last chord, falling."""
    music = sound(mix(scored))
    cue, after = music[HEAD : HEAD + CUE], music[HEAD + CUE :]
    assert peak_db(cue[:4800]) > -30
    assert peak_db(cue[-480:]) < -50
    assert -110 < peak_db(after[:4800]) < peak_db(cue[-4800:]) + 1
    assert peak_db(after[4800:]) < peak_db(after[:4800])
    assert not after[-1].any()
    assert abs(music[HEAD + CUE] - music[HEAD + CUE - 1]).max() < 1e-3


def test_loudness_is_that_of_the_cue(scored: Path) -> None:
    """Room around it changes nothing, measured by another meter."""
    import pyloudnorm

    assert pyloudnorm.Meter(48_000).integrated_loudness(sound(mix(scored))[HEAD : HEAD + CUE]) == pytest.approx(-16, abs=0.15)


def test_stems_have_the_same_handles_and_the_same_stamp_and_add_up(scored: Path) -> None:
    """Their sum is the mix below −60 dB, over the handles as well."""
    stems = list((scored / "out.media").glob("*_STEM-*.wav"))
    assert len(stems) > 2
    music, together = sound(mix(scored)), np.sum([sound(stem) for stem in stems], axis=0)
    assert 10 * np.log10(np.square(together - music).sum() / np.square(music).sum()) < -60
    assert np.abs(together - music)[HEAD + CUE :].max() < 10 ** (-100 / 20)
    assert {bext(stem)["time_reference"] for stem in stems} == {bext(mix(scored))["time_reference"]}
    assert {bext(stem)["loudness"] for stem in stems} == {(0x7FFF,) * 5}


def test_the_stamp_is_the_record_time_of_the_first_sample(scored: Path) -> None:
    """The head begins at 23:59:54;00, which is the frame 2589408 − 180 of a drop-frame day; the cue lies across midnight."""
    stamp, clip = bext(mix(scored)), read_timeline(scored / "out.otio").tracks[-1][1]
    assert stamp["time_reference"] == round((2_589_408 - 180) * 1601.6)
    assert clip.available_range().start_time == RationalTime(2_589_408 - 180, RATE)
    assert "23:59:54;00" in stamp["description"]
    assert stamp["originator"].startswith("otio-soundtrack ")
    record = json.loads(Path(f"{mix(scored)}.soundtrack.json").read_text())
    assert record["bwf"]["time_reference"] == stamp["time_reference"]
    assert record["source_sha256"].startswith(stamp["reference"])


def test_a_cue_behind_midnight_begins_the_day_anew(cut: Path, tmp_path: Path) -> None:
    """Seven seconds after 23:59:54 is one second into the next day."""
    assert run("score", cut, "-o", tmp_path / "out.otio", "--range", "210f", "300f", "--bwf", "--quiet") == 0
    assert bext(mix(tmp_path))["time_reference"] == round(30 * 1601.6)


def test_asking_again_gives_the_same_bytes_and_the_linker_finds_them(scored: Path, cut: Path, tmp_path: Path) -> None:
    """The file that was delivered is in the store; without a store it is made again."""
    path, digest = mix(scored), sha256(mix(scored))
    path.rename(tmp_path / path.name)
    try:
        given: dict[str, Any] = {"soundtrack_media_dir": str(tmp_path / "again")}
        again = otio.adapters.read_from_file(
            str(scored / "out.otio"), media_linker_name="soundtrack_linker", media_linker_argument_map=given
        )
        clip = again.tracks[-1][1]
        assert sha256(tmp_path / "again" / path.name) == digest
        assert clip.available_range() == read_timeline(scored / "out.otio").tracks[-1][1].available_range()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path / "empty"))
            given["soundtrack_media_dir"] = str(tmp_path / "made")
            otio.adapters.read_from_file(
                str(scored / "out.otio"), media_linker_name="soundtrack_linker", media_linker_argument_map=given
            )
        assert sha256(tmp_path / "made" / path.name) == digest
    finally:
        (tmp_path / path.name).rename(path)


@pytest.mark.parametrize(("handles", "word"), [("-5", "--handles"), ("soon", "not a time"), ("2000", "no handle")])
def test_handles_that_are_none_are_told_before_anything_is_made(
    handles: str, word: str, cut: Path, tmp_path: Path, capsys: Captured
) -> None:
    """Nothing is written."""
    assert run("score", cut, "-o", tmp_path / "out.otio", f"--handles={handles}", "--quiet") == 2
    assert word in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
