"""The quick part of the sweep (``make sweep`` is the whole): killed at a line, run again, paid once."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from otio_soundtrack.sandbox.environment import SERVICES, key_of
from tests.jobs import cuts
from tests.jobs.sweep import quick_sandbox, sweep

POINTS = {"musicapi": 24, "soundverse": 16}
"""A call that is polled, with a balance; a stream without."""
CUTS = 12
"""Six in the request, six in the reply."""


@pytest.mark.parametrize("provider", POINTS)
def test_a_process_killed_at_any_line_pays_once(tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No paid call is begun twice, at most two are called unknown that never left, and no key is in any file afterwards."""
    monkeypatch.setattr("tests.jobs.sweep.CUE_SECONDS", {})
    with quick_sandbox(tmp_path / "music") as box:
        found = sweep(box, provider, POINTS[provider], tmp_path)
    assert found.good, found
    assert found.points >= POINTS[provider] - 3, found
    assert _with_keys(tmp_path, least=POINTS[provider]) == []


@pytest.mark.parametrize("provider", POINTS)
def test_a_paid_call_that_is_cut_at_any_byte_is_paid_once(tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """There or back: what may have been understood is told as unknown, and the job that is run again begins nothing twice."""
    monkeypatch.setattr("tests.jobs.sweep.CUE_SECONDS", {})
    with quick_sandbox(tmp_path / "music") as box:
        found = cuts.sweep(box, provider, CUTS, tmp_path)
    assert found.good, found
    assert found.points >= CUTS - 2, found
    assert found.begun_unknown > 0, found
    assert _with_keys(tmp_path, least=CUTS) == []


def _with_keys(folder: Path, *, least: int) -> list[Path]:
    """Return the files that hold a key in any form; there must be so many files at least."""
    keys = [key_of(name).encode() for name in SERVICES]
    secrets = {form for key in keys for form in (key, base64.b64encode(key), quote(key).encode())}
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > least
    return [path for path in files if any(one in path.read_bytes() for one in secrets)]
