"""Processes that want the same at the same time: one submission, and all get the music.

``python -m tests.jobs.test_race [ROUNDS]`` (``make sweep``) does it fifty times, and fifty times the race for a cap.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.jobs.sweep import asked, quick_sandbox, sweeper
from tests.jobs.test_purse import CAP, race

PROCESSES, QUICK_ROUNDS, ROUNDS = 8, 5, 50


def submissions(folder: Path, rounds: int) -> list[int]:
    """Let processes ask for the same in each round; return how many submissions there were after each."""
    found = []
    with quick_sandbox(folder / "music") as box, sweeper(box) as do:
        for number in range(rounds):
            wanted = asked("soundverse", f"round {number}", folder)
            answers = do(home=str(folder / "home"), provider="soundverse", ask=wanted, times=PROCESSES)
            assert [one["told"]["state"] for one in answers] == ["done"] * PROCESSES
            found.append(len(box.state()["services"]["soundverse"]["submissions"]))
    return found


def test_processes_with_one_request_make_one_submission(tmp_path: Path) -> None:
    """The others wait for the one who submits, and take its result from the store."""
    assert submissions(tmp_path, QUICK_ROUNDS) == list(range(1, QUICK_ROUNDS + 1))


def main() -> None:
    """Race so often, and fail where a submission was made twice or a cap was passed."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else ROUNDS
    with TemporaryDirectory() as folder:
        begun = submissions(Path(folder), rounds)
        got = race(Path(folder) / "purse", rounds)
    sys.stdout.write(f"{PROCESSES} processes, {rounds} rounds: {begun[-1]} submissions; of {CAP:g} credits {set(got)} taken\n")
    sys.exit(begun != list(range(1, rounds + 1)) or set(got) != {round(CAP)})


if __name__ == "__main__":
    main()
