"""A library that is being added to, and everything that may come between: kill, ^C, another run, what becomes of the files."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.library import shelf
from otio_soundtrack.settings import home
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.test_describe import drums
from tests.tools.test_crew import gone, until

pytestmark = pytest.mark.xdist_group("library")

TRACKS, TRACK_S = 12, 12
"""So many that a few are kept while others wait, so long that there is time to look."""
ROOT = Path(__file__).resolve().parents[2]
ON_ONE_CORE = "import os, sys; os.sched_setaffinity(0, {0}); from otio_soundtrack.cli.main import main; sys.exit(main())"
"""One process listens: the order of things is known, and starting it is what costs."""
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Return a folder of tracks, no two the same, all of the same size."""
    folder = tmp_path / "music"
    for number in range(TRACKS):
        write_wav(folder / f"{number:02d}.wav", drums(90 + 3 * number, TRACK_S))
    return folder


@pytest.fixture(autouse=True)
def _words_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence model would only cost time."""
    monkeypatch.setattr(shelf, "installed_model", lambda: None)


def began(music: Path) -> subprocess.Popen[str]:
    """Begin to add a folder, in a process of its own."""
    words = [sys.executable, "-c", ON_ONE_CORE, "library", "add", str(music), "--quiet"]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        words, env={**os.environ, "PYTHONPATH": paths, "TMPDIR": str(music.parent)}, stderr=subprocess.PIPE, text=True
    )


def kept() -> dict[str, tuple[int, int]]:
    """Return number and time of every file in the index, by its name; none while there is no index."""
    path = home() / "library" / "index.sqlite3"
    if not path.is_file():
        return {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as index:
        try:
            return {name: (number, time) for name, number, time in index.execute("SELECT name, id, modified FROM tracks")}
        except sqlite3.OperationalError:  # being made
            return {}


def listeners(of: int) -> list[int]:
    """Return the processes that a process has started."""
    threads = Path(f"/proc/{of}/task").glob("*/children")
    return [int(pid) for thread in threads for pid in thread.read_text(encoding="utf-8").split()]


def added(folder: Path, capfd: Captured) -> dict[str, Any]:
    """Add a folder in this process and return what is told."""
    capfd.readouterr()
    assert main(["library", "add", str(folder), "--json", "--quiet"]) == 0
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    return told


def whole() -> bool:
    """Return whether the index is sound, its words go with its tracks, and every track has its descriptors."""
    with sqlite3.connect(home() / "library" / "index.sqlite3") as index:
        sound = index.execute("PRAGMA integrity_check").fetchone()[0]
        index.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    with shelf.Library(home()) as library:
        return sound == "ok" and len(library.columns().numbers) == len(library) == len(kept())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes as Linux shows them")
def test_killed_and_interrupted_it_goes_on_where_it_was(music: Path, tmp_path: Path, capfd: Captured) -> None:
    """First a listener dies, then everybody is killed, then ^C: nothing kept is heard again, nothing lost, nothing left lying."""
    with began(music) as process:
        assert until(kept)
        (listener,) = listeners(process.pid)
        os.kill(listener, signal.SIGKILL)
        assert until(lambda: [pid for pid in listeners(process.pid) if pid != listener])
        (listener,) = listeners(process.pid)
        before = len(kept())
        assert until(lambda: len(kept()) > before)
        process.kill()
    assert until(lambda: gone(listener))
    first = kept()
    assert 0 < len(first) < TRACKS
    assert whole()
    with began(music) as process:
        assert until(lambda: len(kept()) > len(first))
        (listener,) = listeners(process.pid)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
        assert (process.returncode, gone(listener)) == (130, True)
        assert "what was listened to is kept" in told
    second = kept()
    assert len(first) < len(second) < TRACKS
    assert {name: second[name] for name in first} == first
    told = added(music, capfd)
    assert (told["added"], told["unchanged"], told["refused"]) == (TRACKS - len(second), len(second), [])
    assert sorted(kept()) == [f"{number:02d}.wav" for number in range(TRACKS)]
    assert whole()
    assert list(home().rglob("*.wav")) == []
    assert list(tmp_path.iterdir()) == [music]
