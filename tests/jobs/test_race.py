"""Processes that want the same at the same time: one submission, and all get the music."""

from __future__ import annotations

from pathlib import Path

from tests.jobs.sweep import asked, quick_sandbox, sweeper

PROCESSES, ROUNDS = 8, 5


def test_processes_with_one_request_make_one_submission(tmp_path: Path) -> None:
    """The others wait for the one who submits, and take its result from the store."""
    with quick_sandbox(tmp_path / "music") as box, sweeper(box) as do:
        for number in range(ROUNDS):
            wanted = asked("soundverse", f"round {number}", tmp_path)
            answers = do(home=str(tmp_path / "home"), provider="soundverse", ask=wanted, times=PROCESSES)
            assert [one["told"]["state"] for one in answers] == ["done"] * PROCESSES
            assert len(box.state()["services"]["soundverse"]["submissions"]) == number + 1
