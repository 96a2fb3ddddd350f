"""Room on the disk for the answers of paid calls: a call whose answer could not be kept is money lost."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from otio_soundtrack.tools.files import store_errors

FILE = "room"
BYTES = 1 << 20
"""Answers of paid calls have some kilobytes; SQLite writes a page of 4 KB for every change, and its index beside."""


def keep(folder: Path) -> None:
    """Make sure that the room is taken.

    Raises:
        StoreError: there is none: nothing may be sent.
    """
    path = folder / FILE
    with store_errors(path):
        if path.exists() and path.stat().st_size == BYTES:
            return
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(BYTES))  # zeros take no room where the disk packs its files
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def give(folder: Path) -> bool:
    """Give the room away to what must be written now; return whether there was any."""
    with suppress(OSError):
        (folder / FILE).unlink()
        return True
    return False
