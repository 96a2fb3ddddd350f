"""One job and everything that is needed to work on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import JobOpenError
from otio_soundtrack.jobs.waiting import Budget, Clock
from otio_soundtrack.jobs.wire import Ears, Wire
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.service import Service
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.ledger import JobRow, Ledger

STORE = "store"
"""Folder of the store's home for files of services, by their hash, as they came."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A job that is worked on, by this process alone."""

    job: JobRow
    service: Service
    ask: Ask
    ledger: Ledger
    door: Callable[[], Awaitable[Wire]]
    """Opens the door to the service, once, when somebody wants to go out."""
    ears: Ears
    home: Path
    """Folder of the store."""
    clock: Clock
    budget: Budget
    progress: Progress

    @property
    def title(self) -> str:
        """Return the service's name for people."""
        return self.service.declaration.title

    @property
    def store(self) -> Path:
        """Return the folder for files of services, private to the user.

        Raises:
            StoreError: it cannot be made.
        """
        folder = self.home / STORE
        with store_errors(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def tell(self, stage: str, share: float | None = None) -> None:
        """Tell how far the job is, in the service's own words."""
        name = f"{self.job.cue}: {self.title}" if self.job.cue else self.title
        self.progress(f"{name}: {stage}", min(max(share or 0.0, 0.0), 1.0))

    def open_error(self, why: str, *, cause: Any = None) -> JobOpenError:  # noqa: ANN401  # any exception or None
        """Return the error of a job that goes on without us."""
        error = JobOpenError(
            f"{self.title}: job {self.job.id} is not finished: {why}.",
            hint=f"It is kept: take it up with `otio-soundtrack jobs resume {self.job.id}`; nothing is paid twice.",
        )
        error.__cause__ = cause
        return error
