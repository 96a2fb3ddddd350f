"""The scorecards of providers on disk: a line for every take that was made, kept or refused (floor 2).

``HOME/scorecard/marks.sqlite3``. A take counts once for each length that it was asked for, however often it is looked at.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import astuple, fields
from pathlib import Path
from statistics import median

from otio_soundtrack.model.scorecard import Mark, Scorecard
from otio_soundtrack.tools.database import Database

FOLDER, FILE = "scorecard", "marks.sqlite3"
_COLUMNS = ", ".join(one.name for one in fields(Mark))
_MARKS = """CREATE TABLE marks (
    provider TEXT NOT NULL, sha256 TEXT NOT NULL, asked_seconds REAL NOT NULL, seconds REAL NOT NULL, tail_seconds REAL NOT NULL,
    lufs REAL, drift REAL, credits REAL NOT NULL, refused TEXT NOT NULL, PRIMARY KEY (provider, sha256, asked_seconds))"""
UPGRADES: tuple[tuple[str, ...], ...] = ((_MARKS,),)
"""Statements that lead from version i to i + 1. Never changed, only appended to."""


def keep(home: Path, mark: Mark) -> None:
    """Note a take.

    Raises:
        StoreError: it cannot be written.
    """
    file = _file(home)
    places = ", ".join("?" * len(fields(Mark)))
    with closing(file.opened()) as connection, file.errors():
        connection.execute(f"INSERT OR REPLACE INTO marks ({_COLUMNS}) VALUES ({places})", astuple(mark))  # noqa: S608


def scorecards(home: Path) -> dict[str, Scorecard]:
    """Return the scorecard of every provider that has made a take; nothing is made where there is none.

    Raises:
        StoreError: it cannot be read.
    """
    file = _file(home)
    if not file.path.is_file():
        return {}
    with closing(file.opened()) as connection, file.errors():
        marks = [_mark(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM marks ORDER BY provider")]  # noqa: S608
    names = dict.fromkeys(mark.provider for mark in marks)
    return {name: _card([mark for mark in marks if mark.provider == name]) for name in names}


def _file(home: Path) -> Database:
    return Database(
        path=home / FOLDER / FILE,
        name="the scorecard of providers",
        upgrades=UPGRADES,
        when_damaged="Move the file away: it is begun anew.",
        durable=False,
    )


def _mark(row: sqlite3.Row) -> Mark:
    return Mark(**dict(row))


def _card(marks: Sequence[Mark]) -> Scorecard:
    used = [mark for mark in marks if not mark.refused]
    seconds = sum(mark.seconds for mark in marks)
    return Scorecard(
        takes=len(marks),
        refused=len(marks) - len(used),
        length_ratio=_median(mark.seconds / mark.asked_seconds for mark in used),
        tail_seconds=_median(mark.tail_seconds for mark in used),
        lufs=_median(mark.lufs for mark in used if mark.lufs is not None),
        drift=_median(mark.drift for mark in used if mark.drift is not None),
        credits_per_second=sum(mark.credits for mark in marks) / seconds if used and seconds > 0 else None,
    )


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return median(found) if found else None
