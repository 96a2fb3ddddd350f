"""What else may move the balance of a service: its fall says something of one paid call only where nothing else could."""

from __future__ import annotations

import sqlite3

# A job that fails is paid back: 20 taken for one call and 20 given back for another look as if nothing had happened.
_OTHERS = """
SELECT 1 FROM steps AS other JOIN jobs ON jobs.id = other.job
LEFT JOIN steps AS ours ON ours.job = :job AND ours.label = :label
WHERE jobs.provider = :provider AND other.paid AND NOT (other.job = :job AND other.label = :label) AND (
    (other.job != :job AND jobs.state IN ('open', 'unknown') AND other.state != 'failed')
    OR (other.job = :job AND other.state IN ('sending', 'unknown', 'done') AND NOT EXISTS (
        SELECT 1 FROM steps AS later
        WHERE later.job = :job AND later.rowid > other.rowid AND NOT later.paid AND later.state = 'done'))
    OR (other.sent IS NOT NULL AND ours.sent IS NOT NULL AND (other.rowid > ours.rowid OR other.updated >= ours.sent))
) LIMIT 1"""


def others(connection: sqlite3.Connection, *, provider: str, job: str, label: str) -> bool:
    """Tell whether another paid step is under way at a service, or has been since a step was sent.

    A step of the same job is over once something free was done after it: its course waits for it before it goes on.

    Args:
        connection: the ledger.
        provider: the service.
        job: of the step.
        label: of the step; it need not have begun.
    """
    return connection.execute(_OTHERS, {"provider": provider, "job": job, "label": label}).fetchone() is not None
