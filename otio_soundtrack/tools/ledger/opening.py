"""The ledger's file: private, with a version, and with errors that say what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.ledger.locks import Lock

FOLDER = "jobs"
FILE = "ledger.sqlite3"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
BUSY_SECONDS = 30.0
"""How long another process may hold the ledger: its transactions take milliseconds, a stalled disk takes longer."""

_JOBS = """CREATE TABLE jobs (
    id TEXT PRIMARY KEY, request_key TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, kind TEXT NOT NULL,
    arguments TEXT NOT NULL, cue TEXT NOT NULL, state TEXT NOT NULL, ask TEXT NOT NULL, quote TEXT NOT NULL, run TEXT NOT NULL,
    yes INTEGER NOT NULL, cap REAL, token TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, note TEXT NOT NULL)"""
_STEPS = """CREATE TABLE steps (
    job TEXT NOT NULL REFERENCES jobs (id), label TEXT NOT NULL, state TEXT NOT NULL, credits REAL, paid INTEGER NOT NULL,
    balance_before REAL, digest TEXT NOT NULL, outcome TEXT NOT NULL, service_id TEXT NOT NULL, created REAL NOT NULL, sent REAL,
    updated REAL NOT NULL, PRIMARY KEY (job, label))"""
_SPENDING = """CREATE TABLE spending (
    job TEXT NOT NULL, label TEXT NOT NULL, run TEXT NOT NULL, credits REAL, PRIMARY KEY (job, label))"""
_LEFT = """CREATE TABLE left_machine (
    job TEXT NOT NULL, label TEXT NOT NULL, at REAL NOT NULL, host TEXT NOT NULL, what TEXT NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL)"""
_CALLBACKS = "CREATE TABLE callbacks (token TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL)"
UPGRADES: tuple[tuple[str, ...], ...] = (
    (
        _JOBS,
        _STEPS,
        _SPENDING,
        _LEFT,
        _CALLBACKS,
        "CREATE INDEX jobs_by_request ON jobs (request_key, created)",
        "CREATE INDEX spending_by_run ON spending (run)",
        "CREATE INDEX callbacks_by_token ON callbacks (token, at)",
    ),
)
"""Statements that lead from version i to i + 1; an empty file is version 0. Never changed, only appended to."""


_HINTS = {
    ("full",): "Free some space or choose another folder with OTIO_SOUNDTRACK_HOME.",
    ("readonly", "unable to open"): "Check the permissions of the folder or choose another one with OTIO_SOUNDTRACK_HOME.",
    ("locked",): "Another process has held it for half a minute: see what it does.",
    (
        "malformed",
        "not a database",
    ): "Repair it (`sqlite3 FILE .recover`) or move it away; then nothing is known of earlier jobs, "
    "and what they made is paid anew.",
}
"""Words of SQLite's messages → what to do."""
_ANY_HINT = "Check the disk and the limits of this account, or choose another folder with OTIO_SOUNDTRACK_HOME."


@contextmanager
def ledger_errors(path: Path) -> Iterator[None]:
    """Turn an error of the database into a :class:`StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        hint = next((told for words, told in _HINTS.items() if any(word in text for word in words)), _ANY_HINT)
        raise StoreError(f"the ledger of jobs {path} could not be used: {text}.", hint=hint) from error


def opened(home: Path) -> tuple[sqlite3.Connection, Path]:
    """Return a connection to the ledger of a store, made or upgraded where needed, and its path.

    Args:
        home: folder of the store.

    Raises:
        StoreError: it cannot be read or written, is damaged, or was written by a newer version (then it is left as it is).
    """
    folder = home / FOLDER
    path = folder / FILE
    with store_errors(path):
        for place in (home, folder):
            if not place.is_dir():
                place.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        folder.chmod(PRIVATE_FOLDER)
        _made(path)
        path.chmod(PRIVATE_FILE)  # what is written beside it gets the same mode from SQLite
    with Lock(folder / "opening.lock", wait_seconds=BUSY_SECONDS), ledger_errors(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            _upgrade(connection, path)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")  # a commit is on disk before anything is sent
        except BaseException:
            connection.close()
            raise
    return connection, path


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the ledger for writing: all of it, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk ends some by itself
            connection.execute("ROLLBACK")
        raise


def _made(path: Path) -> None:
    """Make the file, private from its first moment, where it is missing.

    One that is there is not touched: a process that closes any handle of a file loses all its locks on it (POSIX), SQLite's too,
    and the next process to leave would throw the log away that this one still writes to.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE_FILE))


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(UPGRADES):
        raise StoreError(
            f"the ledger of jobs {path} was written by a newer otio-soundtrack.",
            hint="Use that one, or another folder with OTIO_SOUNDTRACK_HOME; it was left as it is.",
        )
    connection.execute("PRAGMA journal_mode = WAL")
    if version == len(UPGRADES):
        return
    connection.execute("PRAGMA synchronous = FULL")
    with transaction(connection):
        for statements in UPGRADES[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(UPGRADES)}")
