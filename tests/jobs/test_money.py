"""What could cost twice: each of these did once, or lost what was paid for."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.errors import CreditsError, JobFailedError, JobStateUnknownError, SettingsError, StoreError
from otio_soundtrack.jobs import Consent, Order, details, entries, forget, resubmit, resume, run
from otio_soundtrack.tools.ledger import Ledger, room
from tests.jobs.test_running import again, do
from tests.jobs.toy import CREATE, HeldTime, Shop, ShopWire, Toy, ToyEars, open_shop
from tests.providers.briefs import ask

DAY_S = 86_400.0


def test_a_broken_stream_whose_id_is_known_is_not_unknown_and_not_sent_again(tmp_path: Path) -> None:
    """Its process died after the first event: there is nothing to clear, going on takes the id."""
    shop, toy = Shop(answers={0: "killed"}), Toy(streams=True)
    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, shop, toy=toy)
    (entry,) = entries(tmp_path)
    assert entry.state == "open"
    with pytest.raises(SettingsError, match="nothing in job"):
        resubmit(tmp_path, entry.job.id)
    assert again(tmp_path, shop, toy).state == "done"
    assert shop.begun == ["create ", "create  0"]


def test_a_refund_for_another_job_does_not_hide_what_a_call_took(tmp_path: Path) -> None:
    """Ten credits taken for a call whose answer is lost, ten given back for a job that failed: it was begun all the same."""
    shop, toy = Shop(polls_needed=10_000), Toy(has_balance=True, extends=0)
    do(tmp_path, shop, toy=toy, ask=ask(prompt="other"))
    shop.answers = {next(shop.paid_calls): "lost after"}
    shop.paid_calls = iter(range(1, 1000))
    assert do(tmp_path, shop, toy=toy).state == "unknown"
    shop.balance += CREATE
    shop.task = lambda identity: (200, {"id": identity, "state": "failed"})  # type: ignore[method-assign]
    do(tmp_path, shop, toy=toy, ask=ask(prompt="other"))
    assert isinstance(do(tmp_path, shop, toy=toy).error, JobStateUnknownError)
    assert len(shop.begun) == 2


@pytest.mark.parametrize("pace", [0.001, 1.0, 3.0])
def test_no_pace_shortens_what_a_balance_takes_to_tell_the_truth(tmp_path: Path, pace: float) -> None:
    """A minute, for a service that is not on this machine."""
    shop, toy, time = Shop(answers={0: "lost before"}), Toy(has_balance=True, extends=0), HeldTime()
    do(tmp_path, shop, toy=toy)
    run([Order(service=toy, ask=ask())], home=tmp_path, open_wire=open_shop(shop), ears=ToyEars(), consent=Consent(yes=True),
        clock=time.clock(pace))  # fmt: skip
    assert time.slept[0] == 60.0 * max(pace, 1.0)
    assert len(shop.begun) == 1


def test_a_clock_that_was_set_back_hides_no_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another take was begun and killed, a day before the first one by the clock: it is taken up, not begun once more."""
    shop, real = Shop(), time.time
    do(tmp_path, shop)
    monkeypatch.setattr(time, "time", lambda: real() - DAY_S)
    shop.answers = {next(shop.paid_calls) + 1: "killed"}
    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, shop, fresh=True)
    assert isinstance(do(tmp_path, shop, fresh=True).error, JobStateUnknownError)
    assert len(shop.begun) == 3


def test_another_take_that_was_refused_does_not_hide_the_one_that_is_there(tmp_path: Path) -> None:
    """``--fresh`` met an empty account: without it the stored take is the answer, and nobody is paid."""
    shop = Shop()
    first = do(tmp_path, shop)
    shop.answers = {next(shop.paid_calls) + 1: 402}
    assert isinstance(do(tmp_path, shop, fresh=True).error, CreditsError)
    later = do(tmp_path, shop, consent=Consent())
    assert later.kept
    assert later.value == first.value
    assert len(shop.begun) == 2


def test_a_job_that_failed_for_nothing_is_asked_anew_when_it_is_resumed(tmp_path: Path) -> None:
    """The account was filled up meanwhile."""
    shop = Shop(answers={0: 402})
    first = do(tmp_path, shop)
    (result,) = resume(tmp_path, first.job, services={"toy": Toy()}, open_wire=open_shop(shop), ears=ToyEars(),
                       clock=HeldTime().clock())  # fmt: skip
    assert result.state == "done"


def test_a_stream_that_failed_before_it_told_an_id_may_have_been_paid(tmp_path: Path) -> None:
    """It is not begun anew without ``--fresh``."""
    shop, toy = Shop(), _FailingToy(streams=True)
    assert isinstance(do(tmp_path, shop, toy=toy).error, JobFailedError)
    error = do(tmp_path, shop, toy=toy).error
    assert isinstance(error, JobFailedError)
    assert "--fresh" in error.hint
    assert len(shop.begun) == 1


def test_what_was_sent_twice_by_the_user_counts_twice(tmp_path: Path) -> None:
    """The first may have been started as well: the cap that was consented to holds for both."""
    shop, consent = Shop(answers={0: "lost after"}), Consent(max_cost=CREATE + 5.0)
    job = do(tmp_path, shop, toy=Toy(extends=0), consent=consent).job
    resubmit(tmp_path, job)
    assert "10 credits of --max-cost 15 are spent" in str(again(tmp_path, shop, Toy(extends=0)).error)
    assert len(shop.begun) == 1
    assert again(tmp_path, shop, Toy(extends=0), consent=Consent(max_cost=CREATE)).credits == 2 * CREATE


def test_a_job_that_was_forgotten_meanwhile_is_not_taken_up(tmp_path: Path) -> None:
    """One process had chosen it, another one dropped it."""
    shop = Shop(polls_needed=10_000)
    job = do(tmp_path, shop).job
    row = details(tmp_path, job).entry.job
    forget(tmp_path, job)
    assert isinstance(do(tmp_path, shop, job=row).error, SettingsError)
    assert len(shop.begun) == 1


def test_two_doors_to_the_ledger_in_one_process_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """A handle of the file that is closed takes SQLite's locks along (POSIX); then others throw its log away."""
    with Ledger(tmp_path) as ledger:
        with Ledger(tmp_path) as other:
            other.jobs()
        result = do(tmp_path, Shop())
        locks = [line.split() for line in Path("/proc/locks").read_text().splitlines()] if Path("/proc/locks").exists() else []
        inode = str((tmp_path / "jobs" / "ledger.sqlite3").stat().st_ino)
        held = [one for one in locks if one[-3].rpartition(":")[2] == inode]
        assert held or not locks
        assert ledger.job(result.job) is not None


def test_nothing_is_sent_once_the_ledger_was_moved_away(tmp_path: Path) -> None:
    """Another process would not find what is written there, and send it again."""
    shop = Shop()
    shop.task = _moving(shop, tmp_path)  # type: ignore[method-assign]
    result = do(tmp_path, shop)
    assert isinstance(result.error, StoreError)
    assert "nothing was sent" in str(result.error)
    assert len(shop.begun) == 1


def test_an_outcome_that_is_damaged_is_told(tmp_path: Path) -> None:
    """A bit of the disk flipped: a typed error, and nothing is begun again."""
    shop = Shop()
    do(tmp_path, shop)
    with sqlite3.connect(tmp_path / "jobs" / "ledger.sqlite3") as connection:
        connection.execute("UPDATE steps SET outcome = 'x' || outcome WHERE label = 'create'")
    connection.close()
    result = do(tmp_path, shop)
    assert isinstance(result.error, StoreError)
    assert result.error.hint
    assert len(shop.begun) == 2


def test_a_ledger_that_takes_no_answer_tells_the_id_that_it_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither disk nor room: what the service began is in the error, and the call is unknown afterwards, not sent again."""
    shop = Shop()
    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "settle", _full)
        result = do(tmp_path, shop)
    assert isinstance(result.error, StoreError)
    assert "'t1'" in result.error.hint
    assert isinstance(do(tmp_path, shop).error, JobStateUnknownError)
    assert len(shop.begun) == 1


def test_room_for_the_answer_is_taken_before_a_paid_call_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, nothing is sent."""
    monkeypatch.setattr(room, "keep", _full)
    shop = Shop()
    assert isinstance(do(tmp_path, shop).error, StoreError)
    assert shop.begun == []


def test_a_file_that_two_jobs_want_is_downloaded_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both write to the same part: it would be spoilt, and what was paid for refused."""
    under_way, most = 0, 0
    real = ShopWire.download

    async def download(self: ShopWire, url: str, folder: Path, /, **how: Any) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.05)
        under_way -= 1
        return await real(self, "https://files.example/same", folder, **how)

    monkeypatch.setattr(ShopWire, "download", download)
    shop = Shop(polls_needed=0)
    shop.task = lambda identity: (200, {"id": identity, "state": "done", "url": "https://files.example/same"})  # type: ignore[method-assign]
    orders = [Order(service=Toy(extends=0), ask=ask(prompt=f"p{number}x")) for number in range(3)]
    ends = run(orders, home=tmp_path, open_wire=open_shop(shop), ears=ToyEars(), consent=Consent(yes=True),
               clock=HeldTime().clock())  # fmt: skip
    assert [one.state for one in ends] == ["done"] * 3
    assert most == 1


class _FailingToy(Toy):
    """Streams a failure as its first event."""

    def _streamed(self, name: str) -> Any:
        stream = next(super()._streamed(name))

        def failed(_data: str) -> str:
            raise JobFailedError("it failed; it may have been charged.")

        return (yield replace(stream, event=failed))


def _moving(shop: Shop, home: Path) -> Any:
    real = shop.task

    def task(identity: str) -> tuple[int, Any]:
        (home / "jobs").rename(home / "elsewhere")
        (home / "jobs").mkdir()
        (home / "jobs" / "ledger.sqlite3").touch()
        shop.task = real  # type: ignore[method-assign]
        return real(identity)

    return task


def _full(*_: object, **__: object) -> Any:
    raise StoreError("no room.", hint="Free some space.")
