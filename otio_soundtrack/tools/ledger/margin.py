"""What is written beside jobs: what left the machine, and what services called back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from otio_soundtrack.tools.ledger.records import Left

MOST_CALLBACKS = 200
"""Of one job: ten creates and four extensions with their lossless files tell three stages each; a service that calls more often
than that does not tell anything new."""


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


def note_callback(connection: sqlite3.Connection, token: str, body: str) -> bool:
    """Keep a callback for a job that waits, once, and no more than :data:`MOST_CALLBACKS` of them.

    Returns:
        whether there is such a job; one that is over is told nothing more, but whoever calls may stop calling.
    """
    waits = connection.execute(
        "SELECT MAX(state IN ('open', 'unknown')) FROM jobs WHERE token = ? AND token != ''", (token,)
    ).fetchone()[0]
    if waits:
        connection.execute(
            "INSERT INTO callbacks (token, at, body) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM callbacks WHERE token = ? "
            "AND body = ?) AND (SELECT COUNT(*) FROM callbacks WHERE token = ?) < ?",
            (token, time.time(), body, token, body, token, MOST_CALLBACKS),
        )
    return waits is not None


def callbacks(connection: sqlite3.Connection, token: str) -> tuple[str, ...]:
    """Return the callbacks for a token, JSON texts, oldest first."""
    rows = connection.execute("SELECT body FROM callbacks WHERE token = ? ORDER BY at, rowid", (token,))
    return tuple(str(row[0]) for row in rows)
