"""The ledger: private, upgraded in one piece, refused where it is newer, and true after a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.ledger import JobRow, Ledger, Lock, opening

FILE = Path("jobs") / "ledger.sqlite3"


def job(identity: str = "abc123", *, key: str = "k", created: float = 1.0) -> JobRow:
    """Return a job."""
    return JobRow(
        id=identity,
        request_key=key,
        provider="toy",
        model="t1",
        kind="score",
        arguments="{}",
        cue="",
        state="open",
        ask="{}",
        quote="",
        run="r",
        yes=True,
        cap=None,
        token="",
        created=created,
        updated=created,
    )


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_the_ledger_is_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    """Signed addresses are in it: files 0600, folders 0700."""
    before = os.umask(mask)
    try:
        with Ledger(tmp_path / "home") as ledger:
            ledger.add(job())
            ledger.lock("k").free()
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "home").rglob("*")}
    finally:
        os.umask(before)
    assert len(modes) >= 6
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_an_older_ledger_is_upgraded_and_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tomorrow's version adds a column to the ledger of today."""
    with Ledger(tmp_path) as ledger:
        ledger.add(job())
    monkeypatch.setattr(opening, "UPGRADES", (*opening.UPGRADES, ("CREATE TABLE tomorrow (day TEXT)",)))
    with Ledger(tmp_path) as ledger:
        assert ledger.job("abc123") == job()
    assert _version(tmp_path) == len(opening.UPGRADES)
    assert "tomorrow" in _tables(tmp_path)


def test_an_upgrade_that_fails_leaves_the_older_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both statements or none."""
    with Ledger(tmp_path) as ledger:
        ledger.add(job())
    monkeypatch.setattr(opening, "UPGRADES", (*opening.UPGRADES, ("CREATE TABLE tomorrow (day TEXT)", "no statement")))
    with pytest.raises(StoreError):
        Ledger(tmp_path)
    assert _version(tmp_path) == len(opening.UPGRADES) - 1
    assert "tomorrow" not in _tables(tmp_path)


def test_a_newer_ledger_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Not a byte of the file changes, and the error says what to do."""
    with Ledger(tmp_path) as ledger:
        ledger.add(job())
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError, match="newer otio-soundtrack"):
        Ledger(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    """It is no database at all."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / FILE).write_bytes(b"no database, and long enough to be read as one" * 100)
    with pytest.raises(StoreError, match="could not be used"):
        Ledger(tmp_path)


def test_a_job_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """As long as only one begins so."""
    with Ledger(tmp_path) as ledger:
        ledger.add(job("abc1"))
        ledger.add(job("abd2"))
        found = [ledger.job("abc"), ledger.job("ab"), ledger.job("x"), ledger.job(""), ledger.job("abd2")]
    assert [one.id if one else None for one in found] == ["abc1", None, None, None, "abd2"]


def test_a_step_keeps_its_id_and_outcome(tmp_path: Path) -> None:
    """Reserved, sent, settled: each change is there when the ledger is opened again."""
    with Ledger(tmp_path) as ledger:
        ledger.add(job())
        ledger.begin("abc123", "create", paid=True, price=10.0, balance=40.0)
        ledger.departs("abc123", "create", "sending")
        ledger.told_id("abc123", "create", "t1")
        ledger.settle("abc123", "create", "done", outcome='{"value": 1}')
    with Ledger(tmp_path) as ledger:
        step = ledger.step("abc123", "create")
    assert step is not None
    assert (step.state, step.credits, step.paid, step.balance_before) == ("done", 10.0, True, 40.0)
    assert (step.service_id, step.outcome) == ("t1", '{"value": 1}')
    assert step.sent is not None


def test_a_dead_process_frees_its_lock(tmp_path: Path) -> None:
    """Killed while it holds the lock of a request; the next one has it at once."""
    program = f"""
        import sys, time
        from pathlib import Path
        from otio_soundtrack.tools.ledger import Lock
        lock = Lock(Path({str(tmp_path / "one.lock")!r}))
        assert lock.taken()
        print("taken", flush=True)
        time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "taken\n"
        lock = Lock(tmp_path / "one.lock")
        assert not lock.taken()
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert lock.taken()
        lock.free()


def _version(home: Path) -> int:
    with sqlite3.connect(home / FILE) as connection:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    connection.close()
    return found


def _tables(home: Path) -> set[str]:
    with sqlite3.connect(home / FILE) as connection:
        found = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()
    return found
