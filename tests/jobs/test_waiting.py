"""Waiting: as long as the service asks, never shorter than its pace, and tried again within a budget."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.jobs import Clock
from otio_soundtrack.jobs.waiting import BUDGET, COST, Budget, asked_to_wait, backoff, distance

NOW = 1_000_000.0
CLOCK = Clock(wall=lambda: NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": formatdate(NOW + 30, usegmt=True)}, 30.0),
        ({"retry-after": formatdate(NOW - 30, usegmt=True)}, 0.0),
        ({"retry-after": formatdate(30, usegmt=True), "date": formatdate(0, usegmt=True)}, 30.0),
        ({"retry-after": formatdate(NOW + 30, usegmt=True), "date": "today"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({}, None),
    ],
)
def test_what_a_service_asks_is_read_in_each_of_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, milliseconds, a date; nonsense asks nothing."""
    assert asked_to_wait(headers, CLOCK) == seconds


@given(every=st.floats(0.1, 600.0), asked=st.integers(0, 500), chance=st.floats(0.0, 1.0), pace=st.floats(0.001, 10.0))
def test_questions_are_never_closer_than_the_pace_nor_much_further(every: float, asked: int, chance: float, pace: float) -> None:
    """Between once and 2.2 times the documented distance, however often was asked."""
    found = distance(every, asked, Clock(chance=lambda: chance, pace=pace))
    assert every * pace * (1 - 1e-9) <= found <= every * pace * 2.2 * (1 + 1e-9)


@given(attempt=st.integers(0, 60), chance=st.floats(0.0, 1.0))
def test_backing_off_is_full_jitter_up_to_half_a_minute(attempt: int, chance: float) -> None:
    """Between nothing and 1, 2, 4 … 30 seconds."""
    assert 0.0 <= backoff(attempt, Clock(chance=lambda: chance)) <= min(2.0**attempt, 30.0)


def test_a_storm_ends_with_the_budget() -> None:
    """Of a thousand failures in a row thirty-five are tried again; a success buys a little back."""
    budget = Budget()
    assert sum(budget.takes(slowed=False) for _ in range(1000)) == int(BUDGET // COST)
    for _ in range(int(COST)):
        budget.refund()
    assert budget.takes(slowed=False)
