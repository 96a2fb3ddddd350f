"""The ledger itself: jobs and their steps, each change on disk when the call returns."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from types import TracebackType

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.ledger import margin, movements, purse, room
from otio_soundtrack.tools.ledger.opening import ledger_errors, opened, transaction
from otio_soundtrack.tools.ledger.records import JobRow, JobState, Left, StepRow, StepState
from otio_soundtrack.tools.locks import Lock

_JOB_FIELDS = tuple(one.name for one in fields(JobRow))
_NEW_JOB = f"INSERT INTO jobs ({', '.join(_JOB_FIELDS)}) VALUES ({', '.join(f':{name}' for name in _JOB_FIELDS)})"  # noqa: S608  # names of our own class
_LOOK = "Put the file back; `otio-soundtrack jobs` shows what is known."


class Ledger:
    """The ledger of one store; used by the thread that opened it, beside other processes that have it open too.

    Every method raises :class:`StoreError` where the disk does not do its part.
    """

    def __init__(self, home: Path) -> None:
        """Open it, made or upgraded where needed.

        Args:
            home: folder of the store.

        Raises:
            StoreError: it cannot be used, or a newer version wrote it.
        """
        self._connection, self._path = opened(home)
        self._file = self._path.stat()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def lock(self, key: str) -> Lock:
        """Return a lock by its key, the hash of a request or of a file: whoever has it is the only one who works on that."""
        return Lock(self._path.parent / "locks" / f"{key}.lock")

    # jobs

    def add(self, job: JobRow) -> None:
        """Add a job."""
        self._write(_NEW_JOB, asdict(job))

    def job(self, identity: str) -> JobRow | None:
        """Return a job, by its id or by the beginning of it where that is the only one with it; None where there is none."""
        rows = self._rows("SELECT * FROM jobs WHERE substr(id, 1, ?) = ?", (len(identity), identity)) if identity else []
        exact = [row for row in rows if row["id"] == identity]
        return _job((exact or rows)[0]) if exact or len(rows) == 1 else None

    def jobs(self) -> tuple[JobRow, ...]:
        """Return all jobs, the newest first."""
        return tuple(_job(row) for row in self._rows("SELECT * FROM jobs ORDER BY rowid DESC"))

    def jobs_of(self, request_key: str) -> tuple[JobRow, ...]:
        """Return the jobs of a request that are not forgotten, the newest first, whatever the wall clock said meanwhile."""
        rows = self._rows("SELECT * FROM jobs WHERE request_key = ? AND state != 'forgotten' ORDER BY rowid DESC", (request_key,))
        return tuple(_job(row) for row in rows)

    def set_state(self, job: str, state: JobState, note: str = "") -> None:
        """Note how a job stands, and why."""
        self._write_surely("UPDATE jobs SET state = ?, note = ?, updated = ? WHERE id = ?", (state, note, time.time(), job))

    def set_consent(self, job: str, *, run: str, yes: bool, cap: float | None) -> None:
        """Note whose purse pays for a job from now on."""
        self._write("UPDATE jobs SET run = ?, yes = ?, cap = ? WHERE id = ?", (run, yes, cap, job))

    # steps

    def step(self, job: str, label: str) -> StepRow | None:
        """Return a step, None where it was never begun."""
        rows = self._rows("SELECT * FROM steps WHERE job = ? AND label = ?", (job, label))
        return _step(rows[0]) if rows else None

    def steps(self, job: str) -> tuple[StepRow, ...]:
        """Return the steps of a job in the order in which they were begun."""
        return tuple(_step(row) for row in self._rows("SELECT * FROM steps WHERE job = ? ORDER BY created, rowid", (job,)))

    def begin(
        self, job: str, label: str, *, paid: bool, price: float | None = None, balance: float | None = None, digest: str = ""
    ) -> None:
        """Note that a step comes next and nothing of it has left; what was known of it otherwise stays."""
        now = time.time()
        self._write(
            "INSERT INTO steps (job, label, state, credits, paid, balance_before, digest, outcome, service_id, created, updated) "
            "VALUES (?, ?, 'reserved', ?, ?, ?, ?, '', '', ?, ?) ON CONFLICT (job, label) DO UPDATE SET state = 'reserved', "
            "credits = excluded.credits, balance_before = excluded.balance_before, sent = NULL, updated = excluded.updated",
            (job, label, price, paid, balance, digest, now, now),
        )

    def departs(self, job: str, label: str, state: StepState, things: Iterable[Left] = ()) -> None:
        """Note that the first byte is about to leave, and what leaves with it.

        Raises:
            StoreError: it is not on disk, or there would be no room for the answer: nothing may leave.
        """
        now = time.time()
        self._require_same()
        room.keep(self._path.parent)
        with ledger_errors(self._path), transaction(self._connection):
            noted = self._connection.execute(
                "UPDATE steps SET state = ?, sent = ?, updated = ? WHERE job = ? AND label = ?", (state, now, now, job, label)
            ).rowcount
            if noted != 1:
                raise StoreError(
                    f"the ledger of jobs {self._path} lost step {label!r} of job {job}; it was not sent.", hint=_LOOK
                )
            margin.note_left(self._connection, things)

    def told_id(self, job: str, label: str, service_id: str) -> None:
        """Keep the service's id of a step."""
        self._write_surely(
            "UPDATE steps SET service_id = ?, updated = ? WHERE job = ? AND label = ?", (service_id, time.time(), job, label)
        )

    def settle(self, job: str, label: str, state: StepState, *, outcome: str = "", service_id: str = "") -> None:
        """Note how a step stands, with its outcome where it has one; a step that was never begun is free."""
        now = time.time()
        self._write_surely(
            "INSERT INTO steps (job, label, state, paid, digest, outcome, service_id, created, updated) "
            "VALUES (?, ?, ?, 0, '', ?, ?, ?, ?) ON CONFLICT (job, label) DO UPDATE SET "
            "state = excluded.state, outcome = excluded.outcome, updated = excluded.updated, "
            "service_id = CASE excluded.service_id WHEN '' THEN service_id ELSE excluded.service_id END",
            (job, label, state, outcome, service_id, now, now),
        )

    def send_again(self, job: str) -> int:
        """Clear the steps of a job whose fate is unknown, so that they are sent again, and return how many they were.

        What was reserved for them stays spent: they may have been started.
        """
        unsure = [step.label for step in self.steps(job) if step.unsure]
        now = time.time()
        with ledger_errors(self._path), transaction(self._connection):
            for label in unsure:
                purse.write_off(self._connection, job=job, label=label)
                self._connection.execute(
                    "UPDATE steps SET state = 'reserved', sent = NULL, updated = ? WHERE job = ? AND label = ?", (now, job, label)
                )
            self._connection.execute("UPDATE jobs SET state = 'open', note = '', updated = ? WHERE id = ?", (now, job))
        return len(unsure)

    def drop(self, job: str, labels: Iterable[str]) -> None:
        """Forget steps of a job, so that they are done again."""
        with ledger_errors(self._path), transaction(self._connection):
            self._connection.executemany("DELETE FROM steps WHERE job = ? AND label = ?", [(job, label) for label in labels])

    def hand_on(self, job: str, to: str) -> None:
        """Let another job know what one was told for nothing."""
        self._write(
            "INSERT OR IGNORE INTO steps (job, label, state, paid, digest, outcome, service_id, created, updated) "
            "SELECT ?, label, state, 0, digest, outcome, service_id, created, updated FROM steps "
            "WHERE job = ? AND state = 'done' AND NOT paid ORDER BY created, rowid",
            (to, job),
        )

    def others_move(self, provider: str, job: str, label: str) -> bool:
        """Tell whether other paid steps may move the balance of a service (:func:`movements.others`)."""
        with ledger_errors(self._path):
            return movements.others(self._connection, provider=provider, job=job, label=label)

    # credits

    def reserve(self, job: str, label: str, *, run: str, price: float | None, cap: float | None) -> float | None:
        """Reserve credits: None where they are, else what the run has reserved already (:func:`purse.reserve`)."""
        with ledger_errors(self._path):
            return purse.reserve(self._connection, job=job, label=label, run=run, price=price, cap=cap)

    def release(self, job: str, label: str) -> None:
        """Give back what was reserved for a step that cost nothing."""
        with ledger_errors(self._path):
            purse.release(self._connection, job=job, label=label)

    def spent(self, *, run: str | None = None, job: str | None = None) -> float:
        """Return the credits reserved and spent by a run, or for a job."""
        with ledger_errors(self._path):
            return purse.spent(self._connection, run=run, job=job)

    # beside jobs

    def note_left(self, things: Iterable[Left]) -> None:
        """Note what is about to leave the machine."""
        with ledger_errors(self._path), transaction(self._connection):
            margin.note_left(self._connection, things)

    def left(self, job: str) -> tuple[Left, ...]:
        """Return what left the machine for a job, in order."""
        with ledger_errors(self._path):
            return margin.left(self._connection, job)

    def note_callback(self, token: str, body: str) -> bool:
        """Keep a callback, a JSON text, for a job that waits; return whether a job has that token (:func:`.note_callback`)."""
        with ledger_errors(self._path), transaction(self._connection):
            return margin.note_callback(self._connection, token, body)

    def callbacks(self, token: str) -> tuple[str, ...]:
        """Return the callbacks for a token, JSON texts, oldest first; none for an empty token."""
        with ledger_errors(self._path):
            return margin.callbacks(self._connection, token) if token else ()

    def _write(self, statement: str, values: object) -> None:
        with ledger_errors(self._path):
            self._connection.execute(statement, values)  # type: ignore[arg-type]  # a tuple or a mapping, both are taken

    def _write_surely(self, statement: str, values: object) -> None:
        """Write what happened already, into the room that was kept for it where the disk is full."""
        try:
            self._write(statement, values)
        except StoreError:
            if not room.give(self._path.parent):
                raise
            self._write(statement, values)

    def _require_same(self) -> None:
        """Check that others still find what is written here.

        Raises:
            StoreError: somebody moved the ledger away: another process would know nothing of what is sent now.
        """
        with store_errors(self._path):
            now = self._path.stat()
        if (now.st_dev, now.st_ino) != (self._file.st_dev, self._file.st_ino):
            raise StoreError(f"the ledger of jobs {self._path} was replaced while it was in use; nothing was sent.", hint=_LOOK)

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        with ledger_errors(self._path):
            return self._connection.execute(statement, values).fetchall()


def _job(row: sqlite3.Row) -> JobRow:
    return JobRow(**{**dict(row), "yes": bool(row["yes"])})


def _step(row: sqlite3.Row) -> StepRow:
    return StepRow(**{**dict(row), "paid": bool(row["paid"])})
