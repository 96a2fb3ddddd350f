"""``otio-soundtrack jobs``: what a person sees of the ledger, and does with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otio_soundtrack import settings
from otio_soundtrack.cli.main import main
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.tools.ledger import JobRow, Ledger, Left
from tests.providers.briefs import ask

CREATE = str(getattr(next(SERVICES["suno"].score(ask())), "label", ""))
"""The first paid call of a song."""


def job(identity: str, state: str = "open", *, provider: str = "suno") -> JobRow:
    """Return a job."""
    return JobRow(
        id=identity,
        request_key=f"key of {identity}",
        provider=provider,
        model="V5",
        kind="score",
        arguments="{}",
        cue="1m01",
        state=state,  # type: ignore[arg-type]  # one of the states
        ask=ask().model_dump_json(),
        quote="create 1 × 12 credits",
        run="r",
        yes=True,
        cap=None,
        token="t0ken",  # noqa: S106  # a canary
        created=1_700_000_000.0,
        updated=1_700_000_000.0,
    )


@pytest.fixture
def ledger() -> Path:
    """Fill the ledger with a finished job and one that was cut off while it was sending."""
    with Ledger(settings.home()) as book:
        book.add(job("aaa111", "done"))
        book.add(job("bbb222"))
        book.begin("bbb222", CREATE, paid=True, price=12.0)
        book.reserve("bbb222", CREATE, run="r", price=12.0, cap=None)
        book.departs(
            "bbb222",
            CREATE,
            "sending",
            [Left(job="bbb222", label=CREATE, at=1.0, host="suno.example", what="body", sha256="f" * 64, size=321)],
        )
    return settings.home()


def test_without_jobs_the_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was ever asked of a service."""
    assert main(["jobs"]) == 0
    assert capsys.readouterr().out == "no jobs\n"


def test_the_list_tells_what_to_do_with_a_job_that_was_cut_off(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is unknown, whatever its row says, and both ways on are named."""
    assert main(["jobs"]) == 0
    out = capsys.readouterr().out
    assert "bbb222  suno  score  1m01  unknown  1 paid call, 12 credits" in out
    assert "jobs resubmit bbb222" in out
    assert "aaa111  suno  score  1m01  done  0 paid calls, 0 credits" in out


def test_the_list_as_json_names_states_and_credits(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the result of ``score`` shows jobs."""
    assert main(["jobs", "--json"]) == 0
    jobs = {one["id"]: one for one in json.loads(capsys.readouterr().out)["jobs"]}
    assert {name: (one["state"], one["calls"], one["credits"]) for name, one in jobs.items()} == {
        "aaa111": ("done", 0, 0.0),
        "bbb222": ("unknown", 1, 12.0),
    }


def test_show_tells_steps_and_what_left_the_machine(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A beginning of the id is enough."""
    assert main(["jobs", "show", "bbb"]) == 0
    out = capsys.readouterr().out
    assert f"sending   {CREATE}, 12 credits" in out
    assert f"321 bytes to suno.example: body, sha256 {'f' * 64} ({CREATE})" in out
    assert main(["jobs", "show", "bbb", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["steps"][0]["state"], told["left_this_machine"][0]["bytes"]) == ("sending", 321)
    assert "t0ken" not in out + json.dumps(told)


def test_forget_drops_a_job_from_the_list(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its rows stay as a record."""
    assert main(["jobs", "forget", "bbb222"]) == 0
    capsys.readouterr()
    assert main(["jobs", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)["jobs"]] == ["aaa111"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["show"], "needs a job"),
        (["show", "zzz"], "there is no job 'zzz'"),
        (["resubmit", "aaa111"], "nothing in job aaa111 is unknown"),
        (["resume", "bbb222", "--max-cost", "-1"], "not a number of credits"),
        (["explode"], "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_told(ledger: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str) -> None:
    """Usage: exit code 2 and one line."""
    assert main(["jobs", *words]) == 2
    assert why in capsys.readouterr().err


def test_resume_of_an_unknown_job_says_that_it_is_unknown(
    ledger: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 7; nothing is sent, for there is not even a network."""
    monkeypatch.setenv("SUNO_API_KEY", "k-canary")
    monkeypatch.setenv("OTIO_SOUNDTRACK_OFFLINE", "1")
    assert main(["jobs", "resume", "bbb222", "--quiet"]) == 7
    told = capsys.readouterr().err
    assert f"nobody knows what became of the paid call {CREATE!r}" in told
    assert "k-canary" not in told


def test_resume_without_open_jobs_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to go on with."""
    assert main(["jobs", "resume", "--quiet"]) == 0
    assert capsys.readouterr().out == "no job is open\n"
