"""The purse: a cap holds, whoever reserves how often at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from otio_soundtrack.errors import ConsentError
from otio_soundtrack.jobs import Consent, quoted, require
from otio_soundtrack.provider.ask import Quote, QuoteLine
from otio_soundtrack.tools.ledger import Ledger
from tests.jobs.toy import DECLARATION

PROCESSES, REQUESTS, CAP = 8, 100, 37.0
ROUNDS = 3
RACER = """
import json, sys
from pathlib import Path
from otio_soundtrack.tools.ledger import Ledger
home, who, rounds, requests, cap = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
with Ledger(home) as ledger:
    print("ready", flush=True)
    sys.stdin.readline()
    got = [sum(ledger.reserve(f"{who}-{n}", "create", run=f"run {number}", price=1.0, cap=cap) is None for n in range(requests))
           for number in range(rounds)]
print(json.dumps(got))
"""


def race(home: Path, rounds: int) -> list[int]:
    """Let processes reserve at once under one cap; return what they got together in each round."""
    with Ledger(home):
        pass
    words = [str(rounds), str(REQUESTS), str(CAP)]
    children = [
        subprocess.Popen(
            [sys.executable, "-c", RACER.replace("{who}-{n}", "{who}-{number}-{n}"), str(home), f"p{number}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    got = []
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        out, _ = child.communicate()
        assert child.returncode == 0
        got.append(json.loads(out))
    return [sum(one[number] for one in got) for number in range(rounds)]


def test_eight_processes_share_one_cap(tmp_path: Path) -> None:
    """Eight hundred requests, credits for thirty-seven: thirty-seven are reserved, in every round."""
    assert race(tmp_path, ROUNDS) == [37] * ROUNDS
    with Ledger(tmp_path) as ledger:
        assert [ledger.spent(run=f"run {number}") for number in range(ROUNDS)] == [CAP] * ROUNDS


def test_a_step_reserves_once(tmp_path: Path) -> None:
    """A resumed job does not count twice, and what was released is free."""
    with Ledger(tmp_path) as ledger:
        assert ledger.reserve("j", "create", run="r", price=6.0, cap=10.0) is None
        assert ledger.reserve("j", "create", run="r", price=6.0, cap=10.0) is None
        assert ledger.reserve("j", "extend", run="r", price=6.0, cap=10.0) == 6.0
        ledger.release("j", "create")
        assert ledger.reserve("j", "extend", run="r", price=6.0, cap=10.0) is None


def test_decimal_prices_fill_a_cap_exactly(tmp_path: Path) -> None:
    """Ten times 0.1 is 1, whatever floats add up to."""
    with Ledger(tmp_path) as ledger:
        got = [ledger.reserve(f"j{number}", "create", run="r", price=0.1, cap=1.0) for number in range(11)]
    assert [one is None for one in got] == [True] * 10 + [False]


def quote(price: float | None, least: int = 1, most: int = 1) -> Quote:
    """Return a quote of one line."""
    return Quote(lines=(QuoteLine(what="create", credits=price, least=least, most=most),))


@pytest.mark.parametrize(
    ("asked", "consent"),
    [
        (quote(10.0), Consent()),
        (quote(None), Consent()),
        (quote(None), Consent(max_cost=100.0)),
        (quote(10.0), Consent(max_cost=9.0)),
        (quote(10.0), Consent(yes=True, max_cost=9.0)),
        (quote(10.0, least=0), Consent()),
    ],
)
def test_a_job_without_enough_consent_is_refused(asked: Quote, consent: Consent) -> None:
    """No consent; none for a price that is not published; a cap below the least."""
    with pytest.raises(ConsentError, match="nothing was sent"):
        require(DECLARATION, asked, consent)


@pytest.mark.parametrize(
    ("asked", "consent"),
    [
        (quote(10.0), Consent(yes=True)),
        (quote(None), Consent(yes=True, max_cost=1.0)),
        (quote(10.0), Consent(max_cost=10.0)),
        (quote(10.0, least=0), Consent(max_cost=5.0)),
        (quote(0.0), Consent()),
        (Quote(lines=()), Consent()),
    ],
)
def test_a_job_with_enough_consent_may_begin(asked: Quote, consent: Consent) -> None:
    """Free jobs need none."""
    require(DECLARATION, asked, consent)


def test_a_quote_is_told_in_one_line() -> None:
    """What, how often, how much, and in all."""
    extend = QuoteLine(what="extend", credits=5.0, least=0, most=4, why="until long enough")
    told = quoted(Quote(lines=(quote(10.0).lines[0], extend)))
    assert told == "create 1 × 10 credits; extend 0 to 4 × 5 credits (until long enough); in all 10 to 30 credits"
