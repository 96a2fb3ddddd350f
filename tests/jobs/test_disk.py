"""The disk is full, at every page that a job writes: nothing leaves that is not written down, nothing that was paid is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
POINTS = 40
"""Pages of 4 KB: more than a job of the toy service writes."""
PAID = 2
"""Paid calls of such a job."""


def ends(how: str, place: Path) -> list[dict[str, Any]]:
    """Return how the job ended with so many pages to write, and how when it was taken up."""
    words = [sys.executable, "-m", "tests.jobs.disk", how, str(place), str(POINTS)]
    ran = subprocess.run(words, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(found) == POINTS
    assert {one["first"]["state"] == "done" for one in found} == {False, True}, "the first is too small, the last large enough"
    for one in found:
        first, second = one["first"], one["second"]
        assert first["state"] == "done" or (first["error"] in ("StoreError", "JobOpenError") and first["hint"]), one
        assert len(second["begun"]) == len(set(second["begun"])) <= PAID, one
    return found


def test_files_that_may_not_grow_lose_no_call(tmp_path: Path) -> None:
    """A limit of the account: where not even the room could be used, the call is told as unknown; it is not sent again."""
    found = ends("limit", tmp_path)
    assert all(one["second"]["state"] == "done" or one["second"]["error"] == "JobStateUnknownError" for one in found)


@pytest.fixture
def disk(tmp_path: Path) -> Any:
    """Folder on a disk of its own with 3 MB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(tmp_path)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_loses_nothing(disk: Path) -> None:
    """The room that was kept takes the answer of what was sent: with space again the job goes on, no call is unknown."""
    found = ends("full", disk)
    assert [one for one in found if one["second"]["state"] != "done"] == []
    assert [one for one in found if one["first"]["begun"] and not one["second"]["begun"]] == []
