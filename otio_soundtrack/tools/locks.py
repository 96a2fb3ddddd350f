"""One process at a time; the system frees what a dead one held (floor 2)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import store_errors

LOOK_SECONDS = 0.1
"""Between looks whether a lock is free: a person does not notice it, a disk does not either."""


class Lock:
    """A lock by name: ``with`` waits for it, ``async with`` lets others work meanwhile."""

    def __init__(self, path: Path, *, wait_seconds: float = -1.0) -> None:
        """Make ready, without waiting.

        Args:
            path: the lock's file; its folder is made where it is missing.
            wait_seconds: how long it is waited for by ``with``; below 0 for ever.
        """
        with store_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._path = path
        self._lock = FileLock(path, timeout=wait_seconds, mode=0o600, thread_local=False)

    def taken(self) -> bool:
        """Take it and return True, or return False where another has it."""
        with store_errors(self._path):
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                return False
        return True

    def free(self) -> None:
        """Let go of it."""
        self._lock.release()

    def __enter__(self) -> Lock:
        with store_errors(self._path):
            try:
                self._lock.acquire()
            except Timeout as error:
                raise StoreError(f"another process has held {self._path} for too long.", hint="See what it does.") from error
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        self.free()

    async def __aenter__(self) -> Lock:
        while not self.taken():  # another process frees it, no event of this one
            await asyncio.sleep(LOOK_SECONDS)
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self.free()
