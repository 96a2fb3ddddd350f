"""SQLite files of ours: private, with a version, upgraded by one process at a time, with errors that say what to do (floor 2)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.locks import Lock

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
BUSY_SECONDS = 30.0
"""How long another process may hold a file: our transactions take milliseconds, a stalled disk takes longer."""
OPENING_LOCK = "opening.lock"
"""Beside the file: held while it is made or upgraded."""

_HINTS = {
    ("full",): "Free some space or choose another folder with OTIO_SOUNDTRACK_HOME.",
    ("readonly", "unable to open"): "Check the permissions of the folder or choose another one with OTIO_SOUNDTRACK_HOME.",
    ("locked",): "Another process has held it for half a minute: see what it does.",
}
"""Words of SQLite's messages → what to do."""
_ANY_HINT = "Check the disk and the limits of this account, or choose another folder with OTIO_SOUNDTRACK_HOME."


@dataclass(frozen=True, kw_only=True)
class Database:
    """What is to be known of a file before it is opened."""

    path: Path
    name: str
    """What it is, for messages: ``the ledger of jobs``."""
    upgrades: tuple[tuple[str, ...], ...]
    """Statements that lead from version i to i + 1; an empty file is version 0."""
    when_damaged: str
    """What to do where it is damaged beyond reading, a sentence."""
    durable: bool = True
    """Whether a commit is on disk when it returns; else it outlives the process, but perhaps not a loss of power."""

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn an error of the database into a :class:`StoreError` that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            text = str(error)
            hints = {**_HINTS, ("malformed", "not a database"): self.when_damaged}
            hint = next((told for words, told in hints.items() if any(word in text for word in words)), _ANY_HINT)
            raise StoreError(f"{self.name} {self.path} could not be used: {text}.", hint=hint) from error

    def opened(self) -> sqlite3.Connection:
        """Return a connection to the file, made or upgraded where needed; rows know the names of their columns.

        Raises:
            StoreError: it cannot be read or written, is damaged, or was written by a newer version (then it is left as it is).
        """
        folder = self.path.parent
        with store_errors(self.path):
            for place in (folder.parent, folder):
                if not place.is_dir():
                    place.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
            folder.chmod(PRIVATE_FOLDER)
            _made(self.path)
            self.path.chmod(PRIVATE_FILE)  # what is written beside it gets the same mode from SQLite
        with Lock(folder / OPENING_LOCK, wait_seconds=BUSY_SECONDS), self.errors():
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                connection.row_factory = sqlite3.Row
                self._upgrade(connection)
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA synchronous = {'FULL' if self.durable else 'NORMAL'}")
            except BaseException:
                connection.close()
                raise
        return connection

    def _upgrade(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(self.upgrades):
            raise StoreError(
                f"{self.name} {self.path} was written by a newer otio-soundtrack.",
                hint="Use that one, or another folder with OTIO_SOUNDTRACK_HOME; it was left as it is.",
            )
        connection.execute("PRAGMA journal_mode = WAL")
        if version == len(self.upgrades):
            return
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            for statements in self.upgrades[version:]:
                for statement in statements:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(self.upgrades)}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold a file for writing: all of it, or nothing."""
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
