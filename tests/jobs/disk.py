"""A disk that is full, at many moments of a job: ``python -m tests.jobs.disk HOW HOME POINTS`` prints a line of JSON a point.

``limit``: no file may grow beyond so many bytes (any user may set that). ``full``: HOME is a small disk of its own on which only
so many bytes are free (only root may mount one). The job is begun in a child, and taken up once there is room again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
from pathlib import Path
from typing import Any

from otio_soundtrack.tools.ledger import Ledger, room
from tests.jobs.test_running import do
from tests.jobs.toy import Shop

STEP_BYTES = 4096
"""A page of the ledger."""


def attempted(home: Path, shop: Shop) -> dict[str, Any]:
    """Do the order and return how it ended."""
    result = do(home, shop)
    kind = type(result.error).__name__ if result.error else ""
    return {"state": result.state, "error": kind, "hint": result.error.hint if result.error else "", "begun": shop.begun}


def in_child(home: Path, limit: int | None) -> dict[str, Any]:
    """Do the order in a child that may write no file larger than ``limit`` bytes."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        shop = Shop()
        try:
            told = attempted(home, shop)
        except Exception as error:  # noqa: BLE001  # the test wants to know
            told = {"state": "raised", "error": type(error).__name__, "hint": getattr(error, "hint", ""), "begun": shop.begun}
        os.write(writable, json.dumps(told).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as stream:
        told = json.load(stream)
    os.waitpid(child, 0)
    return dict(told)


def limited(home: Path, point: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Do the order with files that may grow by so many pages, then without a limit."""
    with Ledger(home):
        room.keep(home / "jobs")
    first = in_child(home, point * STEP_BYTES)
    return first, attempted(home, Shop(begun=list(first["begun"])))


def filled(disk: Path, point: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Do the order on a disk with so many free pages, then with room again."""
    home, filler = disk / "home", disk / "filler"
    shutil.rmtree(home, ignore_errors=True)
    with Ledger(home):
        room.keep(home / "jobs")
    free = os.statvfs(disk)
    filler.write_bytes(b"\1" * max(free.f_bavail * free.f_frsize - point * STEP_BYTES, 0))
    first = in_child(home, None)
    filler.unlink()
    return first, attempted(home, Shop(begun=list(first["begun"])))


def main() -> None:
    """Print a line a point."""
    how, place, points = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    for point in range(points):
        first, second = limited(place / f"{point}", point) if how == "limit" else filled(place, point)
        sys.stdout.write(json.dumps({"first": first, "second": second}) + "\n")


if __name__ == "__main__":
    main()
