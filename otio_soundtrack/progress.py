"""How long work tells how far it is (floor 1)."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Is told how far a step is. Called often, from one thread; must be quick and must not raise."""

    def __call__(self, step: str, share: float, /) -> None:
        """Take note.

        Args:
            step: what is being done, for people: ``exporting``.
            share: how much of the step is done, 0–1.
        """


def silent(_step: str, _share: float, /) -> None:
    """Tell nobody."""
