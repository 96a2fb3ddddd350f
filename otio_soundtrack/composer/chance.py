"""Chance that falls the same way in every process and on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A seeded source of choices for one purpose.

    Each purpose has its own source, named by words and numbers, so that a new choice in one place changes nothing elsewhere.
    Only ``random.Random.random`` is used: its sequence is fixed by the Python documentation, those of the other methods are not.
    """

    def __init__(self, *purpose: str | int) -> None:
        """Seed from the words and numbers that name the purpose."""
        self._random = random.Random("/".join(map(str, purpose)))  # noqa: S311  # music, not secrets

    def share(self) -> float:
        """Return a number from 0 (inclusive) to 1 (exclusive)."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """Return a number from ``low`` to ``high``."""
        return low + (high - low) * self.share()

    def happens(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.share() < probability

    def pick(self, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """Return one of the options, each as likely as its weight (evenly without weights)."""
        if weights is None:
            return options[min(int(self.share() * len(options)), len(options) - 1)]
        sums = list(accumulate(weights))
        mark = self.share() * sums[-1]
        return next((option for option, upto in zip(options, sums, strict=True) if mark < upto), options[-1])
