"""What becomes of a library's tracks when their files move, change, vanish, or cannot be read; in this process, on tiny files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.library import shelf
from otio_soundtrack.pipeline.library import listeners, shelving
from otio_soundtrack.pipeline.library.describing import told
from otio_soundtrack.pipeline.library.shelving import Shelved, listed, shelve
from otio_soundtrack.settings import home
from otio_soundtrack.tools.locks import Lock
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.test_describe import drums

Answers = Iterator[tuple[Path, Mapping[str, Any]]]


@pytest.fixture(autouse=True)
def listened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Listen in this process, and return the names of the files that were listened to."""
    names: list[str] = []

    def heard(files: Sequence[tuple[Path, Sequence[str]]], scratch: Path) -> Answers:
        for path, known in files:
            said = told({"path": str(path), "known": list(known), "scratch": str(scratch)})
            names.extend([path.name] if "track" in said else [])
            yield path, said

    monkeypatch.setattr(shelving, "heard", heard)
    monkeypatch.setattr(shelf, "installed_model", lambda: None)
    return names


@pytest.fixture
def music(tmp_path: Path, listened: list[str]) -> Path:
    """Return a folder of three tracks of one size that are in the library."""
    for number, name in enumerate(("a", "b", "c")):
        write_wav(tmp_path / "music" / f"{name}.wav", drums(90 + 20 * number, 2))
    assert counts(shelve(tmp_path / "music")) == {"added": 3}
    assert listened == ["a.wav", "b.wav", "c.wav"]
    listened.clear()
    return tmp_path / "music"


def counts(done: Shelved) -> dict[str, int]:
    """Return the counts that are not 0."""
    named = {name: getattr(done, name) for name in ("added", "changed", "moved", "unchanged", "removed")}
    return {name: count for name, count in named.items() if count}


def tempi() -> dict[str, int]:
    """Return the tempo of each track by the name of its file."""
    with shelf.Library(home()) as library:
        columns = library.columns()
        return {one.path.name: round(one.heard.tempo_bpm) for one in library.tracks(columns, range(len(columns.numbers)))}


def test_what_moved_was_copied_or_swapped_names_is_known_by_its_music(music: Path, listened: list[str]) -> None:
    """Nobody listens, and each name has the descriptors of the music that it has now."""
    before = tempi()
    (music / "a.wav").rename(music / "b.new")
    (music / "b.wav").rename(music / "a.wav")
    (music / "b.new").rename(music / "b.wav")
    shutil.copy(music / "c.wav", music / "copy.wav")
    (music / "Deep").mkdir()
    (music / "c.wav").rename(music / "Deep" / "d.wav")
    for path in music.rglob("*.wav"):  # sizes are the same, and times may be
        os.utime(path, ns=(1, path.stat().st_ino))
    assert counts(shelve(music)) == {"added": 1, "changed": 2, "moved": 1}
    now = {"a.wav": before["b.wav"], "b.wav": before["a.wav"], "copy.wav": before["c.wav"], "d.wav": before["c.wav"]}
    assert (tempi(), listened) == (now, [])
    (music / "Deep").rename(music.parent / "Elsewhere")
    assert counts(shelve(music.parent / "Elsewhere")) == {"moved": 1}
    assert counts(shelve(music / ".." / "music")) == {"unchanged": 3}
    assert (tempi(), listened) == (now, [])


def test_files_that_are_none_are_told_and_the_good_ones_kept(music: Path, listened: list[str]) -> None:
    """Empty, no music, a link to itself, a folder with a suffix, a pipe, a name of another encoding."""
    (music / "empty.wav").touch()
    (music / "text.mp3").write_text("to be recorded")
    (music / "loop.wav").symlink_to(music / "loop.wav")
    (music / "nowhere.wav").symlink_to(music / "not there.wav")
    (music / "again").symlink_to(music)
    (music / "folder.wav").mkdir()
    os.mkfifo(music / "pipe.wav")
    shutil.copy(music / "a.wav", os.fsencode(music) + b"/caf\xe9.wav")
    write_wav(music / "good.wav", drums(150, 2))
    done = shelve(music)
    assert counts(done) == {"added": 1, "unchanged": 3}
    assert [path.name for path, _ in done.refused] == ["caf\N{REPLACEMENT CHARACTER}.wav", "empty.wav", "loop.wav", "text.mp3"]
    assert listened == ["good.wav"]


def test_a_file_that_vanishes_while_it_is_its_turn_is_told_and_forgotten(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole folder of it, after it was looked at."""
    looked = shelving.looked

    def vanishing(place: Path) -> object:
        found = looked(place)
        shutil.rmtree(music / "Deep")
        return found

    (music / "Deep").mkdir()
    (music / "a.wav").rename(music / "Deep" / "a.wav")
    write_wav(music / "Deep" / "new.wav", drums(150, 2))
    monkeypatch.setattr(shelving, "looked", vanishing)
    done = shelve(music)
    assert counts(done) == {"unchanged": 2, "removed": 1}
    assert [(path.name, why) for path, why in done.refused] == [
        ("a.wav", "No such file or directory."),
        ("new.wav", "No such file or directory."),
    ]


def test_a_folder_that_is_closed_for_now_is_told_and_forgets_nothing(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one of many nor the one that was named."""
    (music / "Deep").mkdir()
    (music / "a.wav").rename(music / "Deep" / "a.wav")
    assert counts(shelve(music)) == {"moved": 1, "unchanged": 2}
    closed, scandir, stat = str(music / "Deep"), os.scandir, Path.stat

    def refused(path: str) -> Any:
        if str(path) == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def hidden(path: Path, **more: Any) -> os.stat_result:
        if str(path.parent) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **more)

    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr(Path, "stat", hidden)
    done = shelve(music)
    assert (counts(done), done.refused) == ({"unchanged": 2}, ((Path(closed), "Permission denied."),))
    with pytest.raises(SettingsError, match="cannot be read: Permission denied"):
        shelve(Path(closed))
    assert len(listed()) == 3


def test_an_empty_mount_point_forgets_nothing(music: Path) -> None:
    """What took days to hear; some files that are gone among others are forgotten."""
    (music / "a.wav").unlink()
    assert counts(shelve(music)) == {"unchanged": 2, "removed": 1}
    for path in music.iterdir():
        path.unlink()
    with pytest.raises(SettingsError, match=r"no music is left in .*, where the library knows 2 tracks"):
        shelve(music)
    assert len(listed()) == 2


def test_a_second_run_waits_for_the_first_and_listens_to_nothing_that_it_kept(music: Path, listened: list[str]) -> None:
    """The first one is this test: it holds the lock until the second one tells that it waits."""
    write_wav(music / "d.wav", drums(150, 2))
    write_wav(music / "e.wav", drums(160, 2))
    first, steps = Lock(home() / "library" / shelving.ADDING_LOCK), list[str]()
    assert first.taken()

    def progress(step: str, _share: float, /) -> None:
        steps.append(step)
        if len(steps) == 1:
            said = told({"path": str(music / "d.wav"), "known": [], "scratch": str(music.parent)})
            with shelf.Library(home()) as library:
                library.put(shelving.track_of(music / "d.wav", said["track"]))
            first.free()

    assert counts(shelve(music, progress=progress)) == {"added": 1, "unchanged": 4}
    assert (steps, listened) == (["waiting for another `library add`", "listening"], ["e.wav"])


def test_no_room_for_what_is_decoded_is_no_fault_of_the_files(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is refused or forgotten, the run ends with what is to be done; an index that cannot be made likewise."""
    write_wav(music / "a.wav", drums(150, 2))
    monkeypatch.setattr(shelving, "heard", lambda files, _: ((path, nowhere(path)) for path, _known in files))
    with pytest.raises(StoreError, match="could not write"):
        shelve(music)
    assert [entry.path.name for entry in listed()] == ["a.wav", "b.wav", "c.wav"]
    shutil.rmtree(home() / "library")
    (home() / "library").write_text("in the way")
    with pytest.raises(StoreError):
        shelve(music)


def nowhere(path: Path) -> dict[str, Any]:
    """Listen to a file with no folder for what is decoded."""
    return told({"path": str(path), "known": [], "scratch": str(path)})


def test_a_listener_that_dies_of_a_file_twice_takes_nothing_else_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time another process takes its place."""
    monkeypatch.setattr(listeners, "_MODULE", "tests.pipeline.library.dying_listener")
    names = ("one", "deadly", "three")
    answers = dict(listeners.heard([(Path(name), ()) for name in names], tmp_path))
    assert answers == {
        Path("one"): {"letters": 3},
        Path("deadly"): {"error": "it brought the decoder down."},
        Path("three"): {"letters": 5},
    }
