"""The mix, from the command to the file: what is heard and seen in it is decoded here, not asked of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import opentimelineio as otio
import pyloudnorm
import pytest

import otio_soundtrack
from otio_soundtrack import errors
from otio_soundtrack.pipeline.deliverables import mixing
from otio_soundtrack.timeline.read import read_timeline
from tests.doors.test_cli import Captured, run, snapshot
from tests.talking import FRAMES, LINES, SAMPLES, talking_cut, talking_movie

RATE = 48_000
pytestmark = pytest.mark.xdist_group("mix")


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The talking film, bladed and scored; tests write elsewhere."""
    folder = tmp_path_factory.mktemp("talk")
    timeline = talking_cut(talking_movie(folder / "talk.mp4"), 120, 200)
    return otio_soundtrack.score(timeline, folder / "scored.otio", mood="calm").output or folder


def heard(path: Path) -> np.ndarray:
    """Return the sound of a video as it decodes, as long as it plays."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)]).astype(np.float64)[:SAMPLES]


def seen(path: Path) -> list[np.ndarray]:
    """Return the pictures of a video."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def mixed(timeline: Path, output: Path, capsys: Captured, *more: object) -> dict[str, Any]:
    """Mix by the command and return what it tells."""
    assert run("mix", timeline, "-o", output, "--json", "--quiet", *more) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_film_in_one_file_keeps_its_pictures(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """Not encoded again, bit for bit; the sound is at its loudness, and what is told is what a decoder hears."""
    told = mixed(scored, tmp_path / "final.mp4", capsys, "--target", "ebu-r128")
    assert told["picture"] == "copied"
    assert (told["frames"], told["width"], told["height"], told["duration"]) == (FRAMES, 160, 90, 14.0)
    for one, other in zip(seen(tmp_path / "final.mp4"), seen(scored.parent / "talk.mp4"), strict=True):
        assert np.array_equal(one, other)
    sound = heard(tmp_path / "final.mp4")
    assert len(sound) == SAMPLES
    assert pyloudnorm.Meter(RATE).integrated_loudness(sound) == pytest.approx(-23.0, abs=0.5)
    assert told["integrated_lufs"] == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(sound), abs=0.1)
    assert told["true_peak_dbtp"] <= -1.0
    assert told["speech_over_music_db"] >= 6.0
    assert json.loads((tmp_path / "final.mp4.soundtrack.json").read_text()) == {"schema": 1, **told}
    assert {path.name for path in tmp_path.iterdir()} == {"final.mp4", "final.mp4.soundtrack.json"}


def test_another_size_is_encoded_and_python_does_the_same(scored: Path, tmp_path: Path) -> None:
    """Every frame, at the height that was asked for; dialogue is what Netflix measures."""
    before = read_timeline(scored)
    text = before.to_json_string()
    made = otio_soundtrack.mix(before, tmp_path / "small.mp4", height=60, target="netflix")
    assert before.to_json_string() == text
    assert made.copied_from is None
    assert [picture.shape for picture in seen(made.path)] == [(90, 106)] * FRAMES
    spoken = np.concatenate([heard(made.path)[round(a * RATE) : round(b * RATE)] for a, b in LINES])
    assert made.by_dialogue
    assert pyloudnorm.Meter(RATE).integrated_loudness(spoken) == pytest.approx(-27.0, abs=1.0)


def test_the_dip_is_in_the_file(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """Against the mix without ducking the music is lower by the preset in every line, falls before it and comes back after it.

    The lines are heard to duck by, and hardly in the mix, so that what is left is the music.
    """
    volumes = ("--video-volume", 0.0005, "--track-volume", 1, "--target", "ebu-r128")
    loud = []
    for duck in ("off", "-12"):
        told = mixed(scored, tmp_path / "final.mp4", capsys, f"--duck={duck}", *volumes)
        assert [one["duck"] is None for one in told["cues"]] == [duck == "off"]
        sound = heard(tmp_path / "final.mp4")
        loud.append(np.array([sound[at : at + 2400].std() for at in range(0, SAMPLES - 2400, 480)]))
    difference = 20 * np.log10(np.maximum(loud[1], 1e-9) / np.maximum(loud[0], 1e-9))
    times = np.arange(len(difference)) / 100 + 0.025
    # the whole is brought to the same loudness: what lies outside of all dips tells by how much
    level = difference - np.median(difference[(times > 0.3) & (times < 0.7) | (times > 12.8) & (times < 13.4)])
    for start, end in LINES:
        inside = (times > start + 0.35) & (times < end - 0.1)
        assert np.median(level[inside]) == pytest.approx(-12.0, abs=1.0)
        falls = times[(times > start - 0.6) & (times < start + 0.3) & (level < -1.5)][0]
        assert 0.15 <= start - falls <= 0.35
        back = times[(times > end + 0.2) & (level > -1.0)][0]
        assert back - end <= 1.2


def test_keyframes_that_a_person_edited_are_obeyed_wherever_they_stand(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """In the metadata of the clip, and in the sidecar of an earlier mix, which comes first; under every preset but off."""
    timeline = read_timeline(scored)
    clip = timeline.tracks[-1][0]
    clip.metadata["otio_soundtrack"]["duck"] = {"preset": "medium", "points": [[2.0, 0], [3.0, -6], [9.0, -6], [10.0, 0]]}
    clip.media_reference.target_url = (scored.parent / "scored.media" / clip.media_reference.name).as_uri()
    otio.adapters.write_to_file(timeline, str(tmp_path / "edited.otio"))
    told = mixed(tmp_path / "edited.otio", tmp_path / "one.mp4", capsys, "--duck", "strong")
    (cue,) = told["cues"]
    assert cue["edited"]
    assert cue["duck"]["points"] == [[2.0, 0.0], [3.0, -6.0], [9.0, -6.0], [10.0, 0.0]]
    record = tmp_path / "one.mp4.soundtrack.json"
    text = record.read_text()
    assert "[3.0, -6.0]" in text
    record.write_text(text.replace("[3.0, -6.0]", "[3.0, -7.5]").replace("[9.0, -6.0]", "[9.0, -7.5]"))
    (cue,) = mixed(tmp_path / "edited.otio", tmp_path / "one.mp4", capsys)["cues"]
    assert [db for _, db in cue["duck"]["points"]] == [0.0, -7.5, -7.5, 0.0]
    (cue,) = mixed(tmp_path / "edited.otio", tmp_path / "off.mp4", capsys, "--duck", "off")["cues"]
    assert cue["duck"] is None


def test_the_music_begins_where_it_is_told_to(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """Two seconds in: the music of the mix is the file from there, silence where it has ended."""
    mixed(scored, tmp_path / "late.mp4", capsys, "--track-start", 2, "--video-volume", 0)
    sound = heard(tmp_path / "late.mp4")[:, 0]
    (path,) = (scored.parent / "scored.media").glob("*.wav")
    with av.open(str(path)) as container:
        music = np.concatenate([frame.to_ndarray().reshape(-1, 2) for frame in container.decode(audio=0)])[:, 0].astype(float)
    span = slice(RATE, 9 * RATE)
    assert np.corrcoef(sound[span], music[3 * RATE : 11 * RATE])[0, 1] > 0.98
    assert np.abs(sound[-RATE:]).max() < 0.001 * np.abs(sound).max()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--target loud", "ebu-r128"),
        ("--target=-3", "-40"),
        ("--duck much", "light"),
        ("--video-volume 1.5", "--video-volume"),
        ("--pick 2", "--pick"),
        ("--provider slipstream --duck light", "--duck"),
        ("--height 1", "--height"),
    ],
)
def test_what_cannot_be_obeyed_is_said(words: str, told: str, scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """One line, the exit code of settings, nothing written."""
    assert run("mix", scored, "-o", tmp_path / "final.mp4", "--quiet", *words.split()) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_outputs_that_would_destroy_something_are_refused(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """The film, the music, another suffix; a timeline without music of ours."""
    (music,) = (scored.parent / "scored.media").glob("*.wav")
    link = tmp_path / "link.mp4"
    link.symlink_to(music)
    before = snapshot(scored.parent)
    for output in (scored.parent / "talk.mp4", link, tmp_path / "final.avi"):
        assert run("mix", scored, "-o", output, "--quiet") == 2
    assert snapshot(scored.parent) == before
    talking_cut(scored.parent / "talk.mp4").to_json_file(str(tmp_path / "bare.otio"))
    assert run("mix", tmp_path / "bare.otio", "-o", tmp_path / "final.mp4", "--quiet") == 3
    assert "Score it first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("write_with_sound", OSError(28, "No space left on device")),
        ("measured_file", KeyboardInterrupt()),
    ],
)
def test_a_run_that_breaks_off_leaves_nothing(
    step: str, reason: BaseException, scored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a half file nor a scratch folder; a video of before stays as it was."""
    output = tmp_path / "final.mp4"
    output.write_bytes(b"yesterday's")

    def fail(*_words: Any, **_more: Any) -> None:
        raise reason

    monkeypatch.setattr(mixing, step, fail)
    with pytest.raises((KeyboardInterrupt, errors.StoreError)):
        otio_soundtrack.mix(scored, output)
    assert snapshot(tmp_path) == {"final.mp4": b"yesterday's"}
    assert [path.name for path in tmp_path.iterdir()] == ["final.mp4"]
