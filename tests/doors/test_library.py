"""The library through the command: add, list, search, score, remove; the music itself stays as it is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.library import search, shelf
from otio_soundtrack.model.track import Track
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.bands import band
from tests.audio.test_describe import drums, pad
from tests.doors.test_conforming import recut
from tests.tools.test_broadcast import bext

pytestmark = pytest.mark.xdist_group("library")

CUE_SAMPLES = 400_000
"""200 frames at 24 per second."""
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of three tracks that differ in what is going on, and a file that is no music."""
    folder = tmp_path_factory.mktemp("music")
    drummed = band(bpm=120, bars=8)[0]
    beat = drums(120, 14)
    drummed[: len(beat)] += 2 * beat[: len(drummed)]
    write_wav(folder / "Battle Drums.wav", np.clip(drummed, -1, 1))
    write_wav(folder / "Quiet" / "Lonely Lake.wav", pad(16, minor=True))
    write_wav(folder / "Walking Home.wav", band(bpm=96, bars=6)[0])
    (folder / "notes.mp3").write_text("to be recorded")
    return folder


@pytest.fixture(scope="module")
def indexed(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store whose library holds that folder: made once, copied by each test."""
    home = tmp_path_factory.mktemp("indexed")
    before = os.environ.get("OTIO_SOUNDTRACK_HOME")
    os.environ["OTIO_SOUNDTRACK_HOME"] = str(home)
    try:
        assert main(["library", "add", str(music), "--quiet"]) == 0
    finally:
        if before is None:
            del os.environ["OTIO_SOUNDTRACK_HOME"]
        else:
            os.environ["OTIO_SOUNDTRACK_HOME"] = before
    return home


@pytest.fixture(autouse=True)
def _filled(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a copy of the library, and words as they are written."""
    shutil.copytree(indexed, os.environ["OTIO_SOUNDTRACK_HOME"], dirs_exist_ok=True)
    for module in (search, shelf):
        monkeypatch.setattr(module, "installed_model", lambda: None)


def run(capfd: Captured, *words: object, code: int = 0) -> Any:
    """Run a command and return its JSON."""
    capfd.readouterr()
    assert main([*(str(word) for word in words), "--json", "--quiet"]) == code
    return json.loads(capfd.readouterr().out)


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file under a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_a_second_add_listens_only_to_what_is_new_or_changed(music: Path, tmp_path: Path, capfd: Captured) -> None:
    """By size and time, then by hash; a broken file is told and passed over; what is gone is forgotten."""
    folder = tmp_path / "own"
    shutil.copytree(music, folder)
    first = run(capfd, "library", "add", folder)
    assert (first["added"], first["changed"], first["unchanged"]) == (3, 0, 0)
    assert [(Path(one["path"]).name, "decode" in one["reason"]) for one in first["refused"]] == [("notes.mp3", True)]
    (folder / "notes.mp3").unlink()
    os.utime(folder / "Walking Home.wav")
    write_wav(folder / "Battle Drums.wav", drums(100, 12))
    (folder / "Quiet" / "Lonely Lake.wav").unlink()
    second = run(capfd, "library", "add", folder)
    told = {name: second[name] for name in ("added", "changed", "unchanged", "removed", "refused", "tracks")}
    assert told == {"added": 0, "changed": 1, "unchanged": 1, "removed": 1, "refused": [], "tracks": 5}


def test_list_tells_rights_and_remove_forgets_a_folder_only(music: Path, capfd: Captured) -> None:
    """What nobody wrote down is not on file; the files are not touched."""
    before = hashes(music)
    listed = run(capfd, "library", "list")["tracks"]
    assert [Path(one["path"]).name for one in listed] == ["Battle Drums.wav", "Walking Home.wav", "Lonely Lake.wav"]
    assert set(listed[0]["rights"].values()) == {"not on file"}
    assert run(capfd, "library", "remove", music / "Quiet") == {"removed": 1}
    assert len(run(capfd, "library", "list")["tracks"]) == 2
    assert hashes(music) == before
    assert run(capfd, "library", "remove", music / "Quiet", code=2)["error"]["kind"] == "SettingsError"


@pytest.mark.parametrize(
    ("words", "best"),
    [
        (("--energy", "0.95"), "Battle Drums"),
        (("--energy", "0.1", "--mood", "sad"), "Lonely Lake"),
        (("--energy", "0.5", "--prompt", "somebody walks home"), "Walking Home"),
    ],
)
def test_search_ranks_as_the_cut_and_the_words_ask(footage: Path, words: tuple[str, ...], best: str, capfd: Captured) -> None:
    """With a reason in words for each rank."""
    told = run(capfd, "search", footage / "small.otio", "--provider", "library", *words)
    tracks = told["cues"][0]["tracks"]
    assert [one["rank"] for one in tracks] == [1, 2, 3]
    assert tracks[0]["title"] == best
    assert tracks[0]["score"] > tracks[-1]["score"]
    assert all(one["reasons"] and Path(one["path"]).is_file() for one in tracks)
    assert "as they are written" in told["notes"][0]


def test_a_reference_of_the_users_is_listened_to(footage: Path, music: Path, capfd: Captured) -> None:
    """A track is most like itself."""
    reference = music / "Walking Home.wav"
    told = run(capfd, "search", footage / "small.otio", "--provider", "library", "--reference", reference)
    own = next(one for one in told["cues"][0]["tracks"] if one["title"] == "Walking Home")
    assert "in the same scale as the reference" in own["reasons"]
    assert run(capfd, "search", footage / "small.otio", "--provider", "library", "--reference", "https://x.example/a.mp3", code=2)


def test_a_cut_is_scored_from_the_library_exactly_and_again_from_the_store(
    footage: Path, music: Path, tmp_path: Path, capfd: Captured
) -> None:
    """No key, no network, no consent; takes are the next ranks; the source is kept by its hash; the library stays as it is."""
    before = hashes(music)
    words = ("score", footage / "small.otio", "--provider", "library", "--energy", "0.95", "--takes", "2")
    told = run(capfd, *words, "-o", tmp_path / "out.otio")
    (cue,) = told["cues"]
    with wave.open(cue["audio"]) as audio:
        assert audio.getnframes() == CUE_SAMPLES == cue["samples"]
    assert cue["integrated_lufs"] == pytest.approx(-16.0, abs=0.2)
    assert len(cue["takes"]) == 2
    assert told["jobs"] == []
    assert [("rank 1" in one, "rank 2" in one) for one in told["notes"][:2]] == [(True, False), (False, True)]
    written = otio.adapters.read_from_file(str(tmp_path / "out.otio"))
    said = dict(written.tracks[-1][0].media_reference.metadata["otio_soundtrack"])
    assert (said["provider"], said["licence"], said["intent"], said["ai"]) == ("library", "not on file", "temp", "unknown")
    assert set(said["rights"].values()) == {"not on file"}
    assert json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())["rights"] == dict(said["rights"])
    assert said["source_sha256"] == before["Battle Drums.wav"]
    assert (Path(os.environ["OTIO_SOUNDTRACK_HOME"]) / "store" / f"{said['source_sha256']}.wav").is_file()
    assert hashes(music) == before
    again = run(capfd, *words, "-o", tmp_path / "again" / "out.otio")
    assert Path(again["cues"][0]["audio"]).read_bytes() == Path(cue["audio"]).read_bytes()


def test_music_of_the_library_is_stamped_where_that_is_asked(footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """``--bwf`` holds for every provider: 2 s after 01:00:00:00 at 24."""
    words = ("score", footage / "small.otio", "--provider", "library", "--range", "48f", "144f", "--bwf")
    (cue,) = run(capfd, *words, "-o", tmp_path / "out.otio")["cues"]
    assert bext(Path(cue["audio"]))["time_reference"] == (3600 + 2) * 48_000
    assert cue["samples"] == 4 * 48_000


def test_a_changed_cut_gets_its_track_refitted_though_the_library_has_lost_it(
    footage: Path, music: Path, tmp_path: Path, capfd: Captured
) -> None:
    """From the store, without a rank being asked for; whose it is, is known as before."""
    words = ("--provider", "library", "--energy", "0.95")
    run(capfd, "score", footage / "small.otio", "-o", tmp_path / "first.otio", *words)
    run(capfd, "library", "remove", music)
    second = recut(tmp_path / "first.otio", tmp_path / "changed.otio")
    told = run(capfd, "score", second, "-o", tmp_path / "second.otio", "--media-root", footage)
    (cue,) = told["cues"]
    assert (cue["provider"], cue["frames"], cue["conformed"]["how"]) == ("library", 180, "refitted")
    said = json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())
    assert (said["source_sha256"], said["licence"]) == (hashes(music)["Battle Drums.wav"], "not on file")


def test_a_take_that_the_store_lost_is_taken_from_the_library_else_ranked_anew_and_told(
    footage: Path, music: Path, tmp_path: Path, capfd: Captured
) -> None:
    """The very track, though another ranks before it; where it is gone another one, not refitted; where there is none, why."""
    first = run(capfd, "score", footage / "small.otio", "-o", tmp_path / "first.otio", "--provider", "library", "--pick", "2")
    source = json.loads(Path(f"{first['cues'][0]['audio']}.soundtrack.json").read_text())["source_sha256"]
    second = recut(tmp_path / "first.otio", tmp_path / "changed.otio")
    again = ("score", second, "--media-root", footage, "-o")
    home = Path(os.environ["OTIO_SOUNDTRACK_HOME"])
    shutil.rmtree(home / "store")
    told = run(capfd, *again, tmp_path / "second.otio")
    assert told["cues"][0]["conformed"]["how"] == "refitted"
    assert not any("not in the store" in one for one in told["warnings"])
    shutil.rmtree(home / "store")
    (path,) = (path for path in music.rglob("*.wav") if hashes(music)[path.name] == source)
    run(capfd, "library", "remove", path)
    told = run(capfd, *again, tmp_path / "third.otio")
    assert told["cues"][0]["conformed"] is None
    assert any("is not in the store of this machine, so that the library is ranked anew" in one for one in told["warnings"])
    shutil.rmtree(home / "store")
    run(capfd, "library", "remove", music)
    told = run(capfd, *again, tmp_path / "fourth.otio", code=2)
    assert "the library is empty" in told["error"]["message"]
    assert "not in the store" in told["error"]["hint"]


def test_a_track_whose_file_is_gone_gives_way_to_the_next(footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """And that is told."""
    with shelf.Library(Path(os.environ["OTIO_SOUNDTRACK_HOME"])) as library:
        columns = library.columns()
        drummed = next(one for one in library.tracks(columns, [0, 1, 2]) if one.title == "Battle Drums")
        library.put(Track(**vars(drummed) | {"path": tmp_path / "Gone.wav", "sha256": "0" * 64}))
    told = run(
        capfd,
        "score",
        footage / "small.otio",
        "-o",
        tmp_path / "o.otio",
        "--provider",
        "library",
        "--energy",
        "0.95",
        "--takes",
        "2",
    )
    assert any("“Gone”, was passed over" in warning for warning in told["warnings"])
    assert told["cues"][0]["frames"] == 200


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--pick", "7"), "--pick 7"),
        (("--stems",), "--stems"),
        (("--set", "genre=jazz"), "genre"),
        (("--reference-url", "https://x.example/a.mp3"), "internet"),
    ],
)
def test_what_the_library_cannot_do_is_said(
    footage: Path, tmp_path: Path, words: tuple[str, ...], named: str, capfd: Captured
) -> None:
    """One line, exit code 2, nothing written."""
    told = run(capfd, "score", footage / "small.otio", "-o", tmp_path / "o.otio", "--provider", "library", *words, code=2)
    assert named in told["error"]["message"]
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_asks_nobody(footage: Path, capfd: Captured) -> None:
    """The plan, and that it costs nothing."""
    told = run(capfd, "score", footage / "small.otio", "--provider", "library", "--dry-run")
    assert told["quote"] == {"provider": "library", "calls": 0, "credits": 0}
