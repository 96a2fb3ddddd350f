"""The ledger's file: what is in it, and where it lies."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path

from otio_soundtrack.tools.database import Database, transaction

__all__ = ["FILE", "FOLDER", "UPGRADES", "ledger_errors", "opened", "transaction"]

FOLDER = "jobs"
FILE = "ledger.sqlite3"

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


def ledger_errors(path: Path) -> AbstractContextManager[None]:
    """Turn an error of the database into a :class:`~otio_soundtrack.errors.StoreError` that says what to do."""
    return _ledger(path).errors()


def opened(home: Path) -> tuple[sqlite3.Connection, Path]:
    """Return a connection to the ledger of a store, made or upgraded where needed, and its path.

    Args:
        home: folder of the store.

    Raises:
        StoreError: it cannot be read or written, is damaged, or was written by a newer version (then it is left as it is).
    """
    path = home / FOLDER / FILE
    return _ledger(path).opened(), path


def _ledger(path: Path) -> Database:
    return Database(
        path=path,
        name="the ledger of jobs",
        upgrades=UPGRADES,
        when_damaged="Repair it (`sqlite3 FILE .recover`) or move it away; then nothing is known of earlier jobs, "
        "and what they made is paid anew.",
    )
