"""Orders become takes: once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.errors import (
    ConsentError,
    CreditsError,
    JobFailedError,
    JobOpenError,
    JobStateUnknownError,
    RateLimitedError,
    UnavailableError,
)
from otio_soundtrack.jobs import Clock, Consent, Order, Result, entries, forget, resubmit, resume, run, run_jobs
from otio_soundtrack.tools.ledger import Ledger
from tests.jobs.toy import CREATE, EXTEND, HeldTime, Shop, Toy, ToyEars, open_shop
from tests.providers.briefs import ask

ALL = Consent(yes=True)


def do(
    home: Path, shop: Shop, *, toy: Toy | None = None, consent: Consent = ALL, time: HeldTime | None = None, **order: Any
) -> Result:
    """Do one order and return its result."""
    one = Order(service=toy or Toy(), ask=order.pop("ask", None) or ask(), **order)
    clock = (time or HeldTime()).clock()
    return run([one], home=home, open_wire=open_shop(shop), ears=ToyEars(), consent=consent, clock=clock)[0]


def again(home: Path, shop: Shop, toy: Toy | None = None, *, consent: Consent | None = None) -> Result:
    """Resume the only job."""
    clock = HeldTime().clock()
    given = {} if consent is None else {"consent": consent}
    (result,) = resume(
        home, None, services={"toy": toy or Toy()}, open_wire=open_shop(shop), ears=ToyEars(), clock=clock, **given
    )
    return result


def test_an_order_ends_in_a_delivery(tmp_path: Path) -> None:
    """Create and one extend: two paid calls, fifteen credits, and the file of the last take."""
    shop = Shop()
    result = do(tmp_path, shop)
    assert (result.state, result.calls, result.credits, len(shop.begun)) == ("done", 2, CREATE + EXTEND, 2)
    assert result.value.offers[0].file.path.read_bytes() == b"music of https://files.example/t2"


def test_the_same_order_is_answered_from_the_store(tmp_path: Path) -> None:
    """No call of any kind the second time, and no consent needed: nothing is paid."""
    shop = Shop()
    first = do(tmp_path, shop)
    polls = shop.polls
    second = do(tmp_path, shop, consent=Consent())
    assert second.kept
    assert second.value == first.value
    assert (len(shop.begun), shop.polls, shop.downloads) == (2, polls, 2)


def test_a_fresh_order_is_paid_again(tmp_path: Path) -> None:
    """Another take was asked for."""
    shop = Shop()
    do(tmp_path, shop)
    assert do(tmp_path, shop, fresh=True).state == "done"
    assert len(shop.begun) == 4


def test_nothing_is_sent_without_consent(tmp_path: Path) -> None:
    """The quote is told, exit code 5, no job is begun."""
    shop = Shop()
    result = do(tmp_path, shop, consent=Consent())
    assert isinstance(result.error, ConsentError)
    assert "create 1 × 10 credits" in result.error.message
    assert result.error.exit_code == 5
    assert shop.begun == []
    assert entries(tmp_path) == ()


def test_a_cap_below_the_least_price_refuses_the_order(tmp_path: Path) -> None:
    """Nothing is begun that could not be finished even once."""
    shop = Shop()
    assert isinstance(do(tmp_path, shop, consent=Consent(max_cost=9.5)).error, ConsentError)
    assert shop.begun == []


def test_the_cap_stops_an_extend_and_more_consent_goes_on(tmp_path: Path) -> None:
    """Ten of twelve credits are spent, five more would be too many; the job stays and goes on with a higher cap."""
    shop = Shop()
    first = do(tmp_path, shop, consent=Consent(max_cost=12.0))
    assert isinstance(first.error, ConsentError)
    assert (first.state, len(shop.begun)) == ("open", 1)
    assert isinstance(again(tmp_path, shop).error, ConsentError)
    assert again(tmp_path, shop, consent=Consent(max_cost=5.0)).state == "done"
    assert len(shop.begun) == 2


def test_a_call_that_never_left_is_made_again(tmp_path: Path) -> None:
    """The network was gone for a moment: nothing can have been started."""
    shop = Shop(answers={0: "unreached", 1: "unreached"})
    assert do(tmp_path, shop).state == "done"
    assert len(shop.begun) == 2


def test_a_service_that_is_not_reached_ends_the_run_without_spending(tmp_path: Path) -> None:
    """Three tries more, then the error says so, and the reserved credits are free again."""
    shop = Shop(answers=dict.fromkeys(range(9), "unreached"))
    result = do(tmp_path, shop)
    assert type(result.error) is UnavailableError
    assert (result.credits, shop.begun) == (0.0, [])


@pytest.mark.parametrize("how", ["lost before", "lost after", 500])
def test_a_paid_call_without_an_answer_is_unknown_and_never_sent_again(tmp_path: Path, how: object) -> None:
    """Bytes left and nobody knows: it is told, and five further runs do not send it."""
    shop = Shop(answers={0: how})
    first = do(tmp_path, shop)
    begun = len(shop.begun)
    assert isinstance(first.error, JobStateUnknownError)
    assert first.error.exit_code == 7
    assert "Toy" in str(first.error)
    assert f"jobs resubmit {first.job}" in str(first.error)
    for _ in range(5):
        assert isinstance(do(tmp_path, shop).error, JobStateUnknownError)
    assert len(shop.begun) == begun
    assert entries(tmp_path)[0].state == "unknown"


def test_resubmit_sends_an_unknown_call_once_more(tmp_path: Path) -> None:
    """The user looked at the account and decided."""
    shop = Shop(answers={0: "lost before"})
    first = do(tmp_path, shop)
    resubmit(tmp_path, first.job)
    assert again(tmp_path, shop).state == "done"
    assert len(shop.begun) == 2


def test_a_process_that_died_while_sending_leaves_the_call_unknown(tmp_path: Path) -> None:
    """The row says ``sending``; the list of jobs says unknown before anybody asks again."""
    shop = Shop(answers={0: "killed"})
    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, shop)
    assert entries(tmp_path)[0].state == "unknown"
    assert isinstance(do(tmp_path, shop).error, JobStateUnknownError)
    assert len(shop.begun) == 1


def test_a_balance_that_did_not_move_lets_the_call_be_sent_again(tmp_path: Path) -> None:
    """The service takes credits when it accepts a job; a minute later there is still all of it."""
    shop, toy = Shop(answers={0: "lost before"}), Toy(has_balance=True)
    first = do(tmp_path, shop, toy=toy)
    assert isinstance(first.error, JobStateUnknownError)
    assert again(tmp_path, shop, toy).state == "done"
    assert len(shop.begun) == 2


def test_a_balance_that_fell_by_the_price_says_that_the_call_was_started(tmp_path: Path) -> None:
    """It stays unknown, for the id is lost, but the user is told that it was paid."""
    shop, toy = Shop(answers={0: "lost after"}), Toy(has_balance=True)
    do(tmp_path, shop, toy=toy)
    error = again(tmp_path, shop, toy).error
    assert isinstance(error, JobStateUnknownError)
    assert "10 credits were taken" in error.message
    assert len(shop.begun) == 1


def test_a_balance_says_nothing_where_another_job_of_ours_was_paid_meanwhile(tmp_path: Path) -> None:
    """Refunds and payments of others could cancel each other out."""
    shop, toy = Shop(answers={0: "lost before"}), Toy(has_balance=True, extends=0)
    first = do(tmp_path, shop, toy=toy)
    do(tmp_path, shop, toy=toy, ask=ask(prompt="another"))
    shop.balance = 100.0
    assert isinstance(do(tmp_path, shop, toy=toy).error, JobStateUnknownError)
    assert first.state == "unknown"
    assert len(shop.begun) == 1


def test_a_callback_settles_an_unknown_call(tmp_path: Path) -> None:
    """The service reported to the address that has the job's token in its path."""
    shop = Shop(answers={0: "lost after"})
    wanted = ask(callback_url="https://me.example/back/tok3n")
    assert isinstance(do(tmp_path, shop, ask=wanted).error, JobStateUnknownError)
    with Ledger(tmp_path) as ledger:
        ledger.note_callback("other", '{"name": "create ", "task": "t9"}')
        ledger.note_callback("tok3n", '{"name": "create ", "task": "t1"}')
    assert do(tmp_path, shop, ask=wanted).state == "done"
    assert shop.begun == ["create ", "create  0"]


def test_a_rate_limit_is_waited_for_as_long_as_the_service_says(tmp_path: Path) -> None:
    """``Retry-After: 7`` is obeyed as sent."""
    shop, time = Shop(answers={0: 429}, headers={"retry-after": "7"}), HeldTime()
    assert do(tmp_path, shop, time=time).state == "done"
    assert time.slept[0] == 7.0


def test_a_rate_limit_that_stays_ends_the_run_without_spending(tmp_path: Path) -> None:
    """Six tries more, then the error is retryable and nothing is reserved."""
    shop = Shop(answers=dict.fromkeys(range(9), 429))
    result = do(tmp_path, shop)
    assert isinstance(result.error, RateLimitedError)
    assert (result.credits, shop.begun) == (0.0, [])


def test_a_refused_job_is_asked_anew_next_time(tmp_path: Path) -> None:
    """No credits: nothing was paid, the user fills up the account and asks again."""
    shop = Shop(answers={0: 402})
    first = do(tmp_path, shop)
    assert isinstance(first.error, CreditsError)
    assert (first.state, first.credits) == ("failed", 0.0)
    assert do(tmp_path, shop).state == "done"


def test_a_job_that_failed_after_it_was_paid_is_not_paid_again(tmp_path: Path) -> None:
    """The download was no music; the next run tries the free steps again."""
    shop = Shop(expired=2)
    first = do(tmp_path, shop)
    assert (first.state, len(shop.begun)) == ("failed", 1)
    assert "--fresh" in str(first.error)
    assert do(tmp_path, shop).state == "done"
    assert len(shop.begun) == 2


def test_an_expired_link_is_renewed_once(tmp_path: Path) -> None:
    """The service gives a fresh one."""
    shop = Shop(expired=1)
    assert do(tmp_path, shop).state == "done"


def test_a_file_that_was_lost_is_downloaded_again(tmp_path: Path) -> None:
    """The store is not evidence; the paid calls are not made again."""
    shop = Shop()
    first = do(tmp_path, shop)
    first.value.offers[0].file.path.write_bytes(b"other")
    second = do(tmp_path, shop)
    assert second.value == first.value
    assert (len(shop.begun), shop.downloads) == (2, 3)


def test_polls_keep_the_documented_pace(tmp_path: Path) -> None:
    """Two seconds before the first question, then never less than three."""
    shop, time = Shop(polls_needed=4), HeldTime()
    assert do(tmp_path, shop, toy=Toy(extends=0), time=time).state == "done"
    assert time.slept[0] == 2.0
    assert all(3.0 <= one <= 6.6 for one in time.slept[1:])
    assert len(time.slept) == 5


def test_a_job_that_takes_too_long_stays_open_and_is_taken_up(tmp_path: Path) -> None:
    """Exit code 7, told to resume and never to run it again; the job is not begun anew."""
    shop = Shop(polls_needed=10_000)
    result = do(tmp_path, shop)
    assert isinstance(result.error, JobOpenError)
    assert result.error.exit_code == 7
    assert f"jobs resume {result.job}" in result.error.hint
    assert "run it again" not in str(result.error)
    shop.polls_needed = 1
    assert again(tmp_path, shop).state == "done"
    assert len(shop.begun) == 2


def test_polls_outlive_a_network_that_is_gone_for_a_while(tmp_path: Path) -> None:
    """Three questions without an answer, then one with."""
    shop = Shop(polls_needed=5, poll_answers={0: UnavailableError("gone."), 1: 503, 2: 429})
    assert do(tmp_path, shop).state == "done"


def test_a_broken_stream_goes_on_by_its_id(tmp_path: Path) -> None:
    """The id came with the first event: it is polled."""
    shop = Shop(answers={0: "lost later"})
    assert do(tmp_path, shop, toy=Toy(streams=True)).state == "done"
    assert len(shop.begun) == 2


def test_a_stream_that_breaks_before_its_id_is_unknown(tmp_path: Path) -> None:
    """Nobody can know."""
    shop, toy = Shop(answers={0: "lost at once"}), Toy(streams=True)
    assert isinstance(do(tmp_path, shop, toy=toy).error, JobStateUnknownError)
    assert isinstance(do(tmp_path, shop, toy=toy).error, JobStateUnknownError)
    assert len(shop.begun) == 1


def test_a_process_that_died_in_a_stream_goes_on_by_its_id(tmp_path: Path) -> None:
    """The id was on disk before the next event was read."""
    shop, toy = Shop(answers={0: "killed"}), Toy(streams=True)
    with pytest.raises(KeyboardInterrupt):
        do(tmp_path, shop, toy=toy)
    assert do(tmp_path, shop, toy=toy).state == "done"
    assert len(shop.begun) == 2


def test_a_stream_that_is_refused_tells_the_providers_error(tmp_path: Path) -> None:
    """No credits, said by the answer that should have opened it."""
    result = do(tmp_path, Shop(answers={0: 402}), toy=Toy(streams=True))
    assert isinstance(result.error, CreditsError)


def test_a_repeatable_call_is_sent_again_after_a_break(tmp_path: Path) -> None:
    """The same render twice is one render."""
    shop = Shop(answers={0: "lost after"})
    assert do(tmp_path, shop, toy=Toy(repeatable=True)).state == "done"
    assert len(shop.begun) == 3


def test_two_equal_orders_in_one_run_are_one_submission(tmp_path: Path) -> None:
    """The second waits for the first and gets its result."""
    shop = Shop()
    orders = [Order(service=Toy(), ask=ask()) for _ in range(3)]
    results = run(orders, home=tmp_path, open_wire=open_shop(shop), ears=ToyEars(), consent=ALL, clock=HeldTime().clock())
    assert {result.state for result in results} == {"done"}
    assert len(shop.begun) == 2


def test_orders_are_done_from_inside_a_running_loop(tmp_path: Path) -> None:
    """Hooks may be called by an application that has a loop of its own."""

    async def inside() -> Result:
        return do(tmp_path, Shop())

    assert asyncio.run(inside()).state == "done"


def test_a_forgotten_job_is_no_answer(tmp_path: Path) -> None:
    """The music is asked for, and paid, anew."""
    shop = Shop()
    forget(tmp_path, do(tmp_path, shop).job)
    assert entries(tmp_path) == ()
    do(tmp_path, shop)
    assert len(shop.begun) == 4


def test_what_left_the_machine_is_listed(tmp_path: Path) -> None:
    """Two bodies, with host, hash and size."""
    result = do(tmp_path, Shop())
    with Ledger(tmp_path) as ledger:
        left = ledger.left(result.job)
    assert [(one.label, one.host, one.what, one.size) for one in left] == [
        ("create", "toy.example", "body", len('{"name":"create "}')),
        ("extend 0", "toy.example", "body", len('{"name":"create  0"}')),
    ]


def test_many_jobs_wait_in_one_loop(tmp_path: Path) -> None:
    """Each has its own poll; the real clock, a thousand times faster."""
    shop = Shop(polls_needed=0)
    orders = [Order(service=Toy(extends=0), ask=ask(prompt=f"p{number}x")) for number in range(40)]

    async def all_of_them() -> tuple[Result, ...]:
        return await run_jobs(
            orders, home=tmp_path, open_wire=open_shop(shop), ears=ToyEars(), consent=ALL, clock=Clock(pace=0.001)
        )

    assert {result.state for result in asyncio.run(all_of_them())} == {"done"}
    assert len(shop.begun) == 40


def test_a_job_that_the_service_failed_says_so(tmp_path: Path) -> None:
    """The poll told of it; it is final."""
    shop = Shop()
    shop.task = lambda _identity: (200, {"id": "t1", "state": "failed"})  # type: ignore[method-assign]
    result = do(tmp_path, shop)
    assert isinstance(result.error, JobFailedError)
    assert result.state == "failed"


def test_a_callback_ends_the_waiting_and_is_not_believed(tmp_path: Path) -> None:
    """Whoever forged it: the question is asked at once, its own answer is what counts, and after that the pace is kept."""
    time = HeldTime()

    class CalledBack(Shop):
        def task(self, identity: str) -> tuple[int, Any]:
            if not self.polls:
                with Ledger(tmp_path) as ledger:
                    forged = {"id": identity, "state": "done", "url": "https://evil.example/music"}
                    assert ledger.note_callback("tok3n", json.dumps(forged))
            return super().task(identity)

    shop, wanted = CalledBack(polls_needed=2), ask(callback_url="https://me.example/back/tok3n")
    result = do(tmp_path, shop, toy=Toy(extends=0), ask=wanted, time=time)
    assert (result.state, shop.polls) == ("done", 3)
    assert sum(time.slept) == pytest.approx(2.0 + 3.6, abs=0.2), "two before the first, none before the second"
    with Ledger(tmp_path) as ledger:
        assert not any("evil" in one.outcome for one in ledger.steps(result.job))
