"""The command line as a new user meets it: the right result, and for every wrong input one clear line and the right exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from otio_soundtrack.cli.main import main
from tests.footage import clip, edit, movie, small_cut

Captured = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command in this process."""
    return main([str(word) for word in words])


def save(timeline: otio.schema.Timeline, path: Path) -> Path:
    """Write a timeline without hooks."""
    timeline.to_json_file(str(path))
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_score_writes_timeline_music_sidecar_and_report(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The main job, and what it prints."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--json", "--quiet") == 0
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert printed.err == ""
    (cue,) = result["cues"]
    assert (cue["frames"], cue["rate"], cue["samples"]) == (200, 24.0, 400_000)
    with wave.open(cue["audio"]) as audio:
        assert (audio.getnframes(), audio.getframerate(), audio.getsampwidth(), audio.getnchannels()) == (400_000, 48_000, 3, 2)
    assert Path(result["report"]).is_file()
    assert json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())["sha256"] == cue["sha256"]


def test_score_to_a_person_prints_paths_and_measured_numbers(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Plain text carries where things lie."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio") == 0
    printed = capsys.readouterr()
    assert str(tmp_path / "out.otio") in printed.out
    assert "400000 samples" in printed.out
    assert "…" in printed.err  # progress lines, as standard error is no terminal here


def test_in_place_replaces_the_input_and_a_second_run_replaces_our_track(footage: Path, tmp_path: Path) -> None:
    """One music track, however often."""
    source = save(otio.adapters.read_from_file(str(footage / "small.otio")), tmp_path / "cut.otio")
    for _ in range(2):
        assert run("score", source, "--in-place", "--media-root", footage, "--quiet") == 0
    written = otio.adapters.read_from_file(str(source))
    assert [track.name for track in written.tracks] == ["V1", "Soundtrack"]
    assert len(list((tmp_path / "cut.media").glob("*.wav"))) == 1


def test_takes_are_alternative_references_of_one_clip(footage: Path, tmp_path: Path) -> None:
    """Three seeds, three files, one clip."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--takes", "3", "--quiet") == 0
    (music,) = list(otio.adapters.read_from_file(str(tmp_path / "out.otio")).tracks[-1])
    assert list(music.media_references()) == ["take-1", "take-2", "take-3"]
    assert music.active_media_reference_key == "take-1"
    digests = {reference.metadata["otio_soundtrack"]["sha256"] for reference in music.media_references().values()}
    assert len(digests) == 3


def test_an_edited_plan_is_obeyed(footage: Path, tmp_path: Path) -> None:
    """Tempo, key and mood of the file are those of the music."""
    plan = tmp_path / "plan.json"
    assert run("plan", footage / "small.otio", "-o", plan, "--quiet") == 0
    edited = json.loads(plan.read_text())
    for section in edited["cues"][0]["sections"]:
        section.update(tempo_bpm=77.0, key="F minor", mood="sad")
    plan.write_text(json.dumps(edited))
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--plan", plan, "--quiet") == 0
    (music,) = list(otio.adapters.read_from_file(str(tmp_path / "out.otio")).tracks[-1])
    record = music.metadata["otio_soundtrack"]
    assert (record["tempo_bpm"], record["key"]) == (77.0, "F minor")


def test_dry_run_prints_the_plan_and_writes_nothing(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Nothing is written, not even a folder."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--dry-run", "--quiet") == 0
    assert "nothing was sent or written" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_export_writes_the_cut_with_its_very_number_of_frames(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Counted by decoding."""
    import av

    assert run("export", footage / "small.otio", "-o", tmp_path / "cut.mp4", "--height", "90", "--json", "--quiet") == 0
    result = json.loads(capsys.readouterr().out)
    with av.open(str(tmp_path / "cut.mp4")) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert result["frames"] == frames == 200


def test_export_of_a_range_writes_that_range(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Record timecode in, exclusive record timecode out."""
    words = ("export", footage / "small.otio", "-o", tmp_path / "cut.mp4", "--height", "90", "--json", "--quiet")
    assert run(*words, "--range", "01:00:01:00", "01:00:03:12") == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 60


def test_analyze_gives_json_and_a_picture(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The three edit points are found where the edit has them."""
    assert run("analyze", footage / "small.otio", "--plot", tmp_path / "cut.png", "--quiet") == 0
    features = json.loads(capsys.readouterr().out)
    assert [change["frame"] for change in features["changes"] if change["origin"] == "edit"] == [60, 100, 130]
    assert (tmp_path / "cut.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "words", [["--help"], ["score", "--help"], ["export", "--help"], ["analyze", "--help"], ["plan", "--help"]]
)
def test_help_is_complete_and_ends_well(words: list[str], capsys: Captured) -> None:
    """With examples."""
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 0
    assert "xample" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["providers", "doctor"])
def test_what_is_installed_is_told_as_json_too(command: str, capsys: Captured) -> None:
    """Two small commands."""
    assert run(command) == 0
    assert "local" in capsys.readouterr().out or command == "doctor"
    assert run(command, "--json") == 0
    assert json.loads(capsys.readouterr().out)


USAGE, TIMELINE, PICTURE, AUDIO = 2, 3, 4, 6


def bad_inputs(footage: Path, folder: Path) -> dict[str, tuple[list[object], int, str]]:
    """Return words, exit code and what the message must name, by what is wrong."""
    good, out = footage / "small.otio", folder / "out.otio"
    (folder / "text.otio").write_text("these are my notes")
    (folder / "fake.mp4").write_text("this is no movie")
    (folder / "a_file").write_text("in the way")
    audio_only = otio.schema.Timeline("a")
    track = otio.schema.Track("A1", kind="Audio")
    track.append(clip("line", "line.wav", 0, 50))
    audio_only.tracks.append(track)
    save(audio_only, folder / "audio_only.otio")
    save(otio.schema.Timeline("empty"), folder / "empty.otio")
    save(edit(("gone.mp4", 0, 30)), folder / "gone.otio")
    save(edit(("fake.mp4", 0, 30)), folder / "fake.otio")
    zero = edit(("gone.mp4", 0, 30))
    zero.tracks[0][0].source_range = TimeRange(RationalTime(0, 24), RationalTime(0, 24))
    save(zero, folder / "zero.otio")
    return {
        "no such file": (["score", folder / "nowhere.otio", "-o", out], TIMELINE, "nowhere.otio"),
        "a text file named .otio": (["score", folder / "text.otio", "-o", out], TIMELINE, "text.otio"),
        "an unknown suffix": (["score", folder / "a_file", "-o", out], TIMELINE, "a_file"),
        "no picture": (["score", folder / "audio_only.otio", "-o", out], TIMELINE, "video"),
        "an empty timeline": (["score", folder / "empty.otio", "-o", out], TIMELINE, "video"),
        "a clip of zero length": (["score", folder / "zero.otio", "-o", out], TIMELINE, ""),
        "missing media": (["score", folder / "gone.otio", "-o", out, "--missing", "fail"], PICTURE, "gone.mp4"),
        "media that is text": (["score", folder / "fake.otio", "-o", out, "--missing", "fail"], PICTURE, "fake.mp4"),
        "a file where the folder goes": (["score", good, "-o", folder / "a_file" / "out.otio"], AUDIO, "a_file"),
        "output is the input": (["score", good, "-o", good], USAGE, "--in-place"),
        "output is a folder": (["score", good, "-o", folder], USAGE, "folder"),
        "no output": (["score", good], USAGE, "-o"),
        "an unknown output format": (["score", good, "-o", folder / "out.docx"], USAGE, "docx"),
        "a range of zero length": (["score", good, "-o", out, "--range", "1s", "1s"], USAGE, "range"),
        "a range past the end": (["score", good, "-o", out, "--range", "1s", "900s"], USAGE, "900s"),
        "a range that is no time": (["score", good, "-o", out, "--range", "one", "two"], USAGE, "one"),
        "a hit past the end": (["score", good, "-o", out, "--hit", "900s"], USAGE, "900s"),
        "an unknown provider": (["score", good, "-o", out, "--provider", "spotify"], USAGE, "spotify"),
        "an empty library": (["score", good, "-o", out, "--provider", "library"], USAGE, "library"),
        "an unknown mood": (["score", good, "-o", out, "--mood", "funny"], USAGE, "funny"),
        "an unknown flag": (["score", good, "-o", out, "--loudest"], USAGE, "--loudest"),
        "no command": ([], USAGE, "COMMAND"),
        "too loud": (["score", good, "-o", out, "--loudness", "3"], USAGE, "--loudness"),
        "no plan file": (["score", good, "-o", out, "--plan", folder / "no.json"], USAGE, "no.json"),
        "a plan that is no plan": (["score", good, "-o", out, "--plan", folder / "text.otio"], USAGE, "text.otio"),
        "no markers": (["score", good, "-o", out, "--cues", "markers"], TIMELINE, "marker"),
        "no tagged clips": (["score", good, "-o", out, "--cues", "tagged"], TIMELINE, "MUSIC"),
        "a picture of no height": (["export", good, "-o", folder / "cut.mp4", "--height", "0"], USAGE, "--height"),
        "a picture too high": (["export", good, "-o", folder / "cut.mp4", "--height", "99999"], USAGE, "4096"),
        "a file of no size": (["export", good, "-o", folder / "cut.mp4", "--max-bytes", "0"], USAGE, "--max-bytes"),
        "export to a timeline": (["export", good, "-o", folder / "cut.otio"], USAGE, "mp4"),
    }


CASES = [
    "no such file", "a text file named .otio", "an unknown suffix", "no picture", "an empty timeline",
    "a clip of zero length", "missing media", "media that is text", "a file where the folder goes",
    "output is the input", "output is a folder", "no output", "an unknown output format", "a range of zero length",
    "a range past the end", "a range that is no time", "a hit past the end", "an unknown provider",
    "an empty library", "an unknown mood", "an unknown flag", "no command", "too loud", "no plan file",
    "a plan that is no plan", "no markers", "no tagged clips", "export to a timeline",
    "a picture of no height", "a picture too high", "a file of no size",
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gives_one_clear_line_and_the_right_exit_code_and_changes_nothing(
    case: str, footage: Path, tmp_path: Path, capsys: Captured
) -> None:
    """What happened, to what; nothing new and nothing changed on disk; the same as JSON."""
    words, code, named = bad_inputs(footage, tmp_path)[case]
    before = snapshot(tmp_path), snapshot(footage)
    assert run(*words, *(["--quiet"] if words else [])) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert named in told.err
    assert len(told.err.strip().splitlines()) == 1, told.err
    assert "Traceback" not in told.err
    assert (snapshot(tmp_path), snapshot(footage)) == before
    if words:
        assert run(*words, "--quiet", "--json") == code
        error = json.loads(capsys.readouterr().out)["error"]
        assert named in f"{error['message']} {error['hint']}"
        assert error["kind"].endswith("Error")


def test_every_case_of_the_table_is_run(footage: Path, tmp_path: Path) -> None:
    """A case that is written but not listed would never run."""
    assert sorted(bad_inputs(footage, tmp_path)) == sorted(CASES)


def test_a_plan_with_a_section_past_the_end_is_refused(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The person who edits a plan is told where."""
    plan = tmp_path / "plan.json"
    assert run("plan", footage / "small.otio", "-o", plan, "--quiet") == 0
    edited = json.loads(plan.read_text())
    edited["cues"][0]["sections"][-1]["end"] = 5000
    plan.write_text(json.dumps(edited))
    capsys.readouterr()
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--plan", plan, "--quiet") == USAGE
    assert "5000" in capsys.readouterr().err
    edited["cues"][0]["frames"] = 5000
    plan.write_text(json.dumps(edited))
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--plan", plan, "--quiet") == USAGE
    assert "5000" in capsys.readouterr().err
    assert not (tmp_path / "out.otio").exists()


def test_a_plan_at_another_rate_is_refused_however_near(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Positions are frames: at 24.001 they are other moments of a cut at 24."""
    plan = tmp_path / "plan.json"
    assert run("plan", footage / "small.otio", "-o", plan, "--quiet") == 0
    plan.write_text(plan.read_text().replace('"rate": 24.0,', '"rate": 24.001,'))
    capsys.readouterr()
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--plan", plan, "--quiet") == USAGE
    assert "24.001 frames per second, the picture at 24." in capsys.readouterr().err


def test_a_loudness_that_cannot_be_reached_is_told_with_what_was_measured(
    footage: Path, tmp_path: Path, capsys: Captured
) -> None:
    """The limiter cannot bring every music to −6 LUFS below −1 dBTP."""
    words = ["score", footage / "small.otio", "-o", tmp_path / "out.otio", "--loudness", "-6", "--json", "--quiet"]
    assert run(*words) == 0
    result = json.loads(capsys.readouterr().out)
    measured = result["cues"][0]["integrated_lufs"]
    assert measured < -6.1
    (warning,) = (one for one in result["warnings"] if "LUFS" in one)
    assert f"{measured:.1f} LUFS instead of -6" in warning


def test_vocals_from_an_engine_without_a_voice_are_told(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The local engine does not sing."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--vocals", "--json", "--quiet") == 0
    assert sum("no voice" in warning for warning in json.loads(capsys.readouterr().out)["warnings"]) == 1


def test_missing_media_become_slates_with_a_warning(tmp_path: Path, capsys: Captured) -> None:
    """The default: the job is done, and it says what it could not see."""
    source = save(edit(("gone.mp4", 0, 30), ("gone too.mp4", 0, 30)), tmp_path / "cut.otio")
    assert run("score", source, "-o", tmp_path / "out.otio", "--json", "--quiet") == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert any("gone.mp4" in warning for warning in warnings)


def test_a_format_that_loses_the_track_is_warned_of(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """An EDL drops the music silently; we do not."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.edl", "--json", "--quiet") == 0
    assert any("EDL" in warning for warning in json.loads(capsys.readouterr().out)["warnings"])


def test_a_full_disk_leaves_nothing_behind(footage: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: the kernel refuses the write in the same place."""
    code = (
        "import resource, signal, sys\n"
        "from otio_soundtrack.cli.main import main\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    words = ["score", str(footage / "small.otio"), "-o", str(tmp_path / "out.otio"), "--quiet"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == AUDIO, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert snapshot(tmp_path) == {}
    assert not list(Path(os.environ["OTIO_SOUNDTRACK_HOME"]).rglob("*.wav"))


@pytest.mark.parametrize("command", ["score", "export"])
@pytest.mark.parametrize(
    ("ended_by", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "stopped")], ids=["^C", "kill"]
)
def test_interrupted_in_the_middle_it_leaves_neither_child_nor_half_file(
    command: str, ended_by: signal.Signals, code: int, word: str, tmp_path: Path
) -> None:
    """^C, or a scheduler's end, while the export or the analysis runs: the timeline as before, no scratch file."""
    movie(tmp_path / "long.mp4", frames=240)
    shots = [("long.mp4", (7 * number) % 200, 30) for number in range(400)]
    save(edit(*shots), tmp_path / "cut.otio")
    before = snapshot(tmp_path)
    name = "out.otio" if command == "score" else "out.mp4"
    words = [command, str(tmp_path / "cut.otio"), "-o", str(tmp_path / name)]
    call = [sys.executable, "-m", "otio_soundtrack", *words]
    child = subprocess.Popen(call, stderr=subprocess.PIPE, text=True, env=os.environ, start_new_session=True)
    assert child.stderr is not None
    child.stderr.readline()  # the first line of progress: the work has begun
    time.sleep(0.3)
    os.kill(child.pid, ended_by)
    _, told = child.communicate(timeout=60)
    assert child.returncode == code, told
    assert word in told
    assert snapshot(tmp_path) == before
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


def test_a_bug_of_ours_is_told_as_one(footage: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 1, no traceback unless it is asked for."""
    from otio_soundtrack.pipeline.scoring import whole_way

    def broken(*_given: object, **_options: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(whole_way, "score", broken)
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio") == 1
    told = capsys.readouterr().err
    assert "ZeroDivisionError" in told
    assert "Traceback" not in told
    monkeypatch.setenv("OTIO_SOUNDTRACK_DEBUG", "1")
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio") == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["export", "-o", "a.mp4"], ["analyze", "--plot", "small.otio"], ["plan", "-o", "link.json"]])
def test_no_command_writes_over_the_timeline_or_its_media(words: list[str], tmp_path: Path, capsys: Captured) -> None:
    """Footage and edit are somebody's work: by any name or link, they stay."""
    small_cut(tmp_path)
    (tmp_path / "link.json").symlink_to(tmp_path / "small.otio")
    before = snapshot(tmp_path)
    assert run(words[0], tmp_path / "small.otio", words[1], tmp_path / words[2], "--quiet") == USAGE
    assert "Give another name" in capsys.readouterr().err
    assert snapshot(tmp_path) == before
