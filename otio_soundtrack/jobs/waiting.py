"""How long is waited: documented pace, jitter, what the service asks for, and a budget for trying again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

MOST_OBEYED_SECONDS = 120.0
"""Longest ``Retry-After`` that is waited for; a longer one is told to the user (openai-python's rule)."""
FIRST_BACKOFF_SECONDS, MOST_BACKOFF_SECONDS = 1.0, 30.0
"""Full jitter: between nothing and 1, 2, 4 … 30 seconds (AWS architecture blog, "Exponential backoff and jitter")."""
GROWTH = 1.15
"""Of the distance between polls, each time: a job that takes long is not asked as often."""
MOST_GROWTH = 2.0
"""Times the documented distance at most: the end must not be noticed minutes late."""
SHAKE = 0.1
"""Share by which a distance is lengthened at random, so that jobs begun together do not ask together."""
BUDGET, COST, COST_SLOWED = 500.0, 14.0, 5.0
"""Retry tokens for a service in a run, and what a retry takes; a success gives one back (botocore's figures)."""


@dataclass(frozen=True)
class Clock:
    """Time and chance, so that tests can hold them."""

    now: Callable[[], float] = time.monotonic
    """Seconds that only go forward: jumps of the wall clock do not matter."""
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random
    pace: float = 1.0
    """Factor on all waiting but ``Retry-After``."""


class Budget:
    """How often a service is tried again in one run, whoever asks."""

    def __init__(self) -> None:
        self._tokens = BUDGET

    def takes(self, *, slowed: bool) -> bool:
        """Take a retry out of it; False where it is empty."""
        cost = COST_SLOWED if slowed else COST
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True

    def refund(self) -> None:
        """Give back a little for a call that worked."""
        self._tokens = min(self._tokens + 1.0, BUDGET)


def backoff(attempt: int, clock: Clock) -> float:
    """Return seconds before a call is tried again, ``attempt`` 0 after the first try."""
    return clock.chance() * min(FIRST_BACKOFF_SECONDS * 2.0**attempt, MOST_BACKOFF_SECONDS) * clock.pace


def distance(every_seconds: float, asked: int, clock: Clock) -> float:
    """Return seconds until the next question after ``asked`` of them: never shorter than ``every_seconds``, in the run's pace."""
    grown = every_seconds * min(GROWTH**asked, MOST_GROWTH)
    return grown * (1.0 + SHAKE * clock.chance()) * clock.pace


def asked_to_wait(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Return the seconds that a service asks to wait, None where it does not or nobody can read it.

    Args:
        headers: of the answer, names in lower case: ``retry-after-ms``, or ``retry-after`` in seconds or
            as a date (RFC 9110 §10.2.3).
        clock: for dates, where the answer does not tell its own.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "").strip()
        seconds: float | None
        try:
            seconds = float(text) * unit
        except ValueError:
            seconds = _until(text, headers.get("date", ""), clock) if unit == 1.0 else None
        if seconds is not None and 0.0 <= seconds < float("inf"):
            return seconds
    return None


def _until(text: str, now: str, clock: Clock) -> float | None:
    """Return the seconds to a date, by the clock of whoever named it: ours may have been set."""
    until, since = _moment(text), _moment(now)
    return None if until is None else max(until - (clock.wall() if since is None else since), 0.0)


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
