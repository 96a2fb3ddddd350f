"""What is written beside jobs: what left the machine, and what services called back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from otio_soundtrack.tools.ledger.records import Left


def note_left(connection: sqlite3.Connection, things: Iterable[Left]) -> None:
    """Note what is about to leave the machine."""
    connection.executemany(
        "INSERT INTO left_machine (job, label, at, host, what, sha256, size) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(one.job, one.label, one.at, one.host, one.what, one.sha256, one.size) for one in things],
    )


def left(connection: sqlite3.Connection, job: str) -> tuple[Left, ...]:
    """Return what left the machine for a job, in order."""
    rows = connection.execute("SELECT * FROM left_machine WHERE job = ? ORDER BY at, rowid", (job,))
    return tuple(Left(**dict(row)) for row in rows)


def note_callback(connection: sqlite3.Connection, token: str, body: str) -> None:
    """Keep a callback, whoever it is for."""
    connection.execute("INSERT INTO callbacks (token, at, body) VALUES (?, ?, ?)", (token, time.time(), body))


def callbacks(connection: sqlite3.Connection, token: str) -> tuple[str, ...]:
    """Return the callbacks for a token, JSON texts, oldest first."""
    rows = connection.execute("SELECT body FROM callbacks WHERE token = ? ORDER BY at, rowid", (token,))
    return tuple(str(row[0]) for row in rows)
