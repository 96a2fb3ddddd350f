"""The runner as a state machine: whatever happens in whatever order, the service is paid once and the user is told the truth."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from otio_soundtrack.errors import JobStateUnknownError
from otio_soundtrack.jobs import Consent, Order, Result, entries, forget, resubmit, resume, run
from tests.jobs.toy import HeldTime, Shop, Toy, ToyEars, open_shop
from tests.providers.briefs import ask

MISHAPS = st.sampled_from(["unreached", "lost before", "lost after", "killed", 429, 500, 503])


class OneOrder(RuleBasedStateMachine):
    """One request to a service whose wire breaks in every way, by a user who resumes, resubmits, forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.home = Path(self.folder.name)
        self.shop = Shop(polls_needed=0)
        self.calls = 0
        self.allowed = 0
        """Times that the user said that something may be begun once more."""
        self.last: Result | None = None

    @rule(mishap=MISHAPS, on=st.integers(0, 1))
    def something_will_go_wrong(self, mishap: object, on: int) -> None:
        """One of the next paid calls meets a mishap."""
        self.shop.answers[self._paid_calls() + on] = mishap

    @rule()
    def ask_for_the_music(self) -> None:
        """The same request, again and again."""
        order = Order(service=Toy(), ask=ask())
        self.last = self._tried(
            lambda: run(
                [order],
                home=self.home,
                open_wire=open_shop(self.shop),
                ears=ToyEars(),
                consent=Consent(yes=True),
                clock=HeldTime().clock(),
            )
        )

    @rule()
    def resume_what_is_open(self) -> None:
        """All jobs that are not finished."""
        self._tried(
            lambda: resume(
                self.home, None, services={"toy": Toy()}, open_wire=open_shop(self.shop), ears=ToyEars(), clock=HeldTime().clock()
            )
        )

    @precondition(lambda self: any(one.state == "unknown" for one in entries(self.home)))
    @rule()
    def send_once_more(self) -> None:
        """The user looked at the account."""
        unknown = next(one for one in entries(self.home) if one.state == "unknown")
        self.allowed += 1
        resubmit(self.home, unknown.job.id)

    @precondition(lambda self: entries(self.home) != ())
    @rule()
    def forget_the_job(self) -> None:
        """The user wants to begin anew, and to pay for it."""
        self.allowed += 2
        forget(self.home, entries(self.home)[0].job.id)

    @invariant()
    def nothing_is_begun_more_often_than_the_user_allowed(self) -> None:
        """Create and extend once each, and once more for each decision of the user."""
        assert len(self.shop.begun) <= 2 + self.allowed

    @invariant()
    def there_is_at_most_one_job_that_counts(self) -> None:
        """A request has one job, unless it failed for nothing or was forgotten."""
        assert sum(one.state in ("open", "unknown", "done") for one in entries(self.home)) <= 1

    def teardown(self) -> None:
        """Clear away."""
        self.folder.cleanup()

    def _paid_calls(self) -> int:
        """Return the number of the next paid call."""
        number = next(self.shop.paid_calls)
        self.shop.paid_calls = iter(range(number, 10_000))
        return number

    def _tried(self, do: object) -> Result | None:
        try:
            results: tuple[Result, ...] = do()  # type: ignore[operator]  # one of the two above
        except KeyboardInterrupt:  # the process was killed
            return None
        for one in results:
            unknown = any(entry.state == "unknown" for entry in entries(self.home) if entry.job.id == one.job)
            assert unknown is isinstance(one.error, JobStateUnknownError)
        return results[0] if results else None


OneOrder.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestOneOrder = OneOrder.TestCase
