"""Credits that runs have reserved, under a cap that holds across processes."""

from __future__ import annotations

import sqlite3

from otio_soundtrack.tools.ledger.opening import transaction

TOLERANCE = 1e-9
"""Credits by which a sum may exceed a cap: prices are decimal fractions, sums of floats are not."""


def reserve(
    connection: sqlite3.Connection, *, job: str, label: str, run: str, price: float | None, cap: float | None
) -> float | None:
    """Reserve credits for a step, once: a step that has its own already keeps them, under the run that goes on with it.

    The sum is taken and the row written in one transaction that holds the ledger.

    Args:
        connection: the ledger.
        job: the job.
        label: the step.
        run: whose purse pays.
        price: credits, None where none is published: nothing is summed then.
        cap: most that the run may spend, None for no limit.

    Returns:
        None where they are reserved; else what the run has reserved already, and nothing was written.
    """
    with transaction(connection):
        others = connection.execute(
            "SELECT COALESCE(SUM(credits), 0) FROM spending WHERE run = ? AND NOT (job = ? AND label = ?)", (run, job, label)
        ).fetchone()[0]
        if cap is not None and price is not None and others + price > cap + TOLERANCE:
            return float(others)
        connection.execute(
            "INSERT INTO spending (job, label, run, credits) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (job, label) DO UPDATE SET run = excluded.run, credits = excluded.credits",
            (job, label, run, price),
        )
    return None


def release(connection: sqlite3.Connection, *, job: str, label: str) -> None:
    """Give back what was reserved for a step that cost nothing."""
    connection.execute("DELETE FROM spending WHERE job = ? AND label = ?", (job, label))


def write_off(connection: sqlite3.Connection, *, job: str, label: str) -> None:
    """Keep what was reserved for a step as spent, whatever is reserved for the step once more."""
    connection.execute(
        "UPDATE spending SET label = label || ' (lost ' || (SELECT COUNT(*) FROM spending) || ')' WHERE job = ? AND label = ?",
        (job, label),
    )


def spent(connection: sqlite3.Connection, *, run: str | None = None, job: str | None = None) -> float:
    """Return the credits reserved and spent by a run, or for a job."""
    where, value = ("run", run) if run is not None else ("job", job)
    statement = {
        "run": "SELECT SUM(credits) FROM spending WHERE run = ?",
        "job": "SELECT SUM(credits) FROM spending WHERE job = ?",
    }
    return float(connection.execute(statement[where], (value,)).fetchone()[0] or 0.0)
