"""What could not be shown as the timeline asks: told one by one where it is little, counted where it is much."""

from __future__ import annotations

from dataclasses import dataclass, field

_TOLD_ONE_BY_ONE = 4
"""Cases of one kind up to which each is told: a timeline without its media would say hundreds of times the same."""


@dataclass
class Notes:
    """Collects what happens while a timeline is read."""

    _cases: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, name: str, happening: str, reason: str) -> None:
        """Note that something is shown otherwise; the same said twice counts once.

        Args:
            name: of the clip or transition.
            happening: what is done instead, to go on after "… is": ``shown as a slate``.
            reason: why, without a full stop.
        """
        self._cases.setdefault(happening, {}).setdefault(f"{name} is {happening}: {reason.rstrip('.')}.")

    def sentences(self) -> tuple[str, ...]:
        """Return what was noted, a sentence each; of many cases of one kind the first and their number."""
        told: list[str] = []
        for happening, cases in self._cases.items():
            first, *others = cases
            if len(cases) <= _TOLD_ONE_BY_ONE:
                told.extend((first, *others))
            else:
                told.append(f"{first} So are {len(others)} others: {happening}.")
        return tuple(told)
