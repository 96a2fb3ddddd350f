"""Branded videos through the command: what is in the file, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest
from opentimelineio import schema
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.cli.main import main
from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.tools.waveform import write_wav
from otio_soundtrack.visual import frames as drawing

Captured = pytest.CaptureFixture[str]
SECOND = 48_000
SMALL = ("--height", "240", "--quiet")


def run(*words: object) -> int:
    """Run the command in this process."""
    return main([str(word) for word in words])


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a bit seconds of a tone that becomes louder."""
    path = tmp_path_factory.mktemp("track") / "Slow Tide.wav"
    at = np.arange(2 * SECOND + 700) / SECOND
    wave = (0.1 + 0.3 * (at > 1)) * np.sin(2 * np.pi * 440 * at)
    write_wav(path, np.repeat(wave[:, None], 2, axis=1).astype(np.float32))
    return path


@pytest.fixture(scope="module")
def scored(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored cut of 200 frames at 24."""
    folder = tmp_path_factory.mktemp("scored")
    otio_soundtrack.score(footage / "small.otio", folder / "out.otio")
    return folder / "out.otio"


def sound_of(path: Path) -> np.ndarray:
    """Return what a video sounds like [shape=(samples, 2)]."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).T


def shape_of(path: Path) -> tuple[int, int, Fraction, int, int]:
    """Return width, height, rate, frames that decode, and samples of the sound as the file tells."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
        assert video.average_rate is not None
        assert audio.duration is not None
        decoded = sum(1 for _ in container.decode(video=0))
        return video.width, video.height, Fraction(video.average_rate), decoded, int(audio.duration * audio.time_base * SECOND)


def audio_only(track: Path, rate: float = 25.0) -> schema.Timeline:
    """Return a timeline without picture: a second of silence, then a second and a half of the track."""
    media = schema.ExternalReference(
        target_url=track.as_uri(), available_range=TimeRange(RationalTime(0, rate), RationalTime(50, rate))
    )
    clip = schema.Clip("tide", media, TimeRange(RationalTime(0, rate), RationalTime(38, rate)))
    gap = schema.Gap(source_range=TimeRange(RationalTime(0, rate), RationalTime(25, rate)))
    result = schema.Timeline("Reel One", global_start_time=RationalTime(90_000, rate))
    result.tracks.append(schema.Track(name="A1", kind="Audio", children=[gap, clip]))
    return result


@pytest.mark.parametrize(("aspect", "width"), [("16:9", 426), ("1:1", 240), ("9:16", 136)])
def test_a_track_becomes_a_video_of_its_length_in_each_shape(
    track: Path, tmp_path: Path, capsys: Captured, aspect: str, width: int
) -> None:
    """Sound to the sample, picture rounded up to a frame, the title from the name of the file."""
    out = tmp_path / "out.mp4"
    assert run("visualize", track, "-o", out, "--aspect", aspect, "--author", "Studio Nord", "--json", *SMALL) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["title"], told["frames"], told["samples"], told["warnings"]) == ("Slow Tide", 61, 2 * SECOND + 700, [])
    assert shape_of(out) == (width, 240, Fraction(30), 61, 2 * SECOND + 700)
    heard = sound_of(out)[: 2 * SECOND + 700]
    assert np.sqrt(np.mean(heard[SECOND // 4 : SECOND * 3 // 4] ** 2)) == pytest.approx(0.1 / np.sqrt(2), rel=0.05)
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_the_music_of_a_scored_timeline_is_shown_in_the_colours_of_its_plan(
    scored: Path, tmp_path: Path, capsys: Captured
) -> None:
    """At the rate of the cut, as long as the cut; production sound is not in it."""
    out = tmp_path / "out.mp4"
    assert run("visualize", scored, "-o", out, "--title", "Night Shift", "--json", *SMALL) == 0
    told = json.loads(capsys.readouterr().out)
    (music,) = json.loads(scored.read_text())["tracks"]["children"][-1]["children"]
    sections = music["metadata"]["otio_soundtrack"]["brief"]["plan"]["sections"]
    assert [one["start"] for one in told["passages"]] == pytest.approx([one["start"] / 24 for one in sections], abs=0.001)
    assert shape_of(out)[2:] == (Fraction(24), 200, 400_000)
    (wav,) = scored.parent.glob("out.media/*.wav")
    with av.open(str(wav)) as container:
        original = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).reshape(-1, 2) / 2**31
    shown = sound_of(out)[: len(original)]
    assert np.corrcoef(shown[:, 0], original[:, 0])[0, 1] > 0.99


def test_a_timeline_without_picture_gets_the_video_on_a_track_and_keeps_everything_else(track: Path, tmp_path: Path) -> None:
    """Its clip is exactly the video, at the rate of the timeline."""
    source, out, with_video = tmp_path / "cut.otio", tmp_path / "out.mp4", tmp_path / "with.otio"
    otio.adapters.write_to_file(audio_only(track), str(source))
    flags = ["--as-track", with_video, "--url-style", "relative", *SMALL]
    assert run("visualize", source, "-o", out, *flags) == 0
    before, after = (otio.adapters.read_from_file(str(path)) for path in (source, with_video))
    *others, added = after.tracks
    assert [one.to_json_string() for one in others] == [one.to_json_string() for one in before.tracks]
    assert (after.global_start_time, after.duration()) == (before.global_start_time, before.duration())
    (clip,) = added
    assert (added.kind, clip.source_range) == ("Video", TimeRange(RationalTime(0, 25), RationalTime(63, 25)))
    assert clip.media_reference.target_url == "out.mp4"
    assert shape_of(out)[2:] == (Fraction(25), 63, 63 * 1920)
    heard = np.abs(sound_of(out)).max(axis=1)
    assert heard[: SECOND - 2048].max() < 0.01
    assert heard[SECOND + 2048 : 2 * SECOND].max() > 0.08


def test_covers_are_shown_whatever_their_size(track: Path, tmp_path: Path) -> None:
    """A landscape picture shows its middle square."""
    cover, out = tmp_path / "cover.png", tmp_path / "out.mp4"
    wide = np.zeros((90, 160, 3), np.uint8)
    wide[:, 35:125] = (250, 240, 30)
    frame = av.VideoFrame.from_ndarray(wide, "rgb24")
    frame.to_image().save(cover)
    assert run("visualize", track, "-o", out, "--cover", cover, "--aspect", "1:1", *SMALL) == 0
    with av.open(str(out)) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert picture[20:110, 75:165].mean(axis=(0, 1)) == pytest.approx([250, 240, 30], abs=8)


def test_letters_that_nobody_draws_are_told(track: Path, tmp_path: Path, capsys: Captured) -> None:
    """The video is made all the same."""
    assert run("visualize", track, "-o", tmp_path / "out.mp4", "--title", "Tide 𒀀", "--json", *SMALL) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["title"] == "Tide"
    assert told["warnings"] == ["No font here draws 𒀀 of the title: left out. --font FILE names one that does."]


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["-o", "out.mp4", "--author", "x" * 51], "--author: String should have at most 50 characters", 2),
        (["-o", "out.mp4", "--domain-name", "x" * 51], "--domain-name", 2),
        (["-o", "out.avi"], "cannot be written as out.avi", 2),
        (["-o", "out.mp4", "--aspect", "4:3"], "invalid choice", 2),
        (["-o", "out.mp4", "--height", "100"], "--height", 2),
        (["-o", "out.mp4", "--cover", "absent.png"], "absent.png", 4),
        (["-o", "out.mp4", "--as-track", "with.otio"], "none was given", 2),
        (["-o", "out.mp4", "--provider", "suno", "--aspect", "1:1"], "--aspect is for videos that are made here", 2),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(  # noqa: PLR0917  # fixtures of pytest and a case
    track: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, words: list[str], said: str, code: int
) -> None:
    """One line, the right exit code, nothing written."""
    monkeypatch.chdir(tmp_path)
    assert run("visualize", track, *words, "--quiet") == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_fifty_characters_are_taken_not_bytes(track: Path, tmp_path: Path) -> None:
    """Each of them has two bytes."""
    made = otio_soundtrack.visualize(track, tmp_path / "out.mp4", author="é" * 50, domain_name="ж" * 50, height=240)
    assert made.frames == 61


def test_a_cut_without_music_and_one_with_a_picture_are_refused(
    footage: Path, scored: Path, tmp_path: Path, capsys: Captured
) -> None:
    """There is nothing to show, or nowhere to lay it."""
    assert run("visualize", footage / "small.otio", "-o", tmp_path / "out.mp4", *SMALL) == 3
    assert "holds no music" in capsys.readouterr().err
    assert run("visualize", scored, "-o", tmp_path / "out.mp4", "--as-track", tmp_path / "with.otio", *SMALL) == 2
    assert "has a picture already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_inputs_are_never_replaced(track: Path, tmp_path: Path) -> None:
    """Not even through a link."""
    link = tmp_path / "link.mp4"
    link.symlink_to(track)
    with pytest.raises(SettingsError, match="input of the video"):
        otio_soundtrack.visualize(track, link, height=240)


@pytest.mark.parametrize("reason", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_nothing_is_left_of_a_video_that_was_broken_off(
    track: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: type[BaseException] | BaseException
) -> None:
    """What stood there before stays, a half file does not."""
    (tmp_path / "old.mp4").write_bytes(b"before")
    whole = drawing.Frames.planes

    def broken(frames: drawing.Frames, number: int) -> drawing.Planes:
        if number == 40:
            raise reason
        return whole(frames, number)

    monkeypatch.setattr(drawing.Frames, "planes", broken)
    for name in ("old.mp4", "new.mp4"):
        with pytest.raises((KeyboardInterrupt, StoreError)):
            otio_soundtrack.visualize(track, tmp_path / name, height=240)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old.mp4": b"before"}
