"""The way from ordinary code into the event loop: also where a loop runs already, and out of it at once on ^C."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
LOOK_SECONDS = 0.1
"""Between looks whether the other thread is ready: so soon is an interruption noticed."""
LEAVE_SECONDS = 1.5
"""What an interrupted loop may take to close its connections; all that matters is on disk before it is done."""


def run_async(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end and return its result.

    Args:
        make: makes the coroutine, in the thread that runs it.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(make())
    result: T = _Beside(make).result()
    return result


class _Beside:
    """A loop in a thread of its own, for callers inside a running one."""

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._make = make
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._left = False
        """Whether nobody waits any more."""
        self._result: Any = None
        self._error: BaseException | None = None

    def result(self) -> Any:  # noqa: ANN401  # what the coroutine returns
        """Run and return the result, or raise what it raised."""
        thread = threading.Thread(target=self._run, daemon=True)
        caller = asyncio.current_task()
        asked_before = _times_cancelled(caller)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(LOOK_SECONDS)
                _heed(caller, asked_before)
        except BaseException:
            self._left = True
            if self._loop is not None and self._task is not None and thread.is_alive():
                self._loop.call_soon_threadsafe(self._task.cancel)
                thread.join(LEAVE_SECONDS)
            raise
        if self._error is not None:
            raise self._error
        return self._result

    def _run(self) -> None:
        async def noted() -> Any:  # noqa: ANN401  # as above
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            if self._left:
                raise asyncio.CancelledError
            return await self._make()

        try:
            self._result = asyncio.run(noted())
        except BaseException as error:  # noqa: BLE001  # raised again in the thread that waits
            self._error = error


def _heed(caller: asyncio.Task[Any] | None, asked_before: int) -> None:
    """Raise what a loop that runs makes of ^C: it asks its task to stop, and raises nothing where we wait."""
    if _times_cancelled(caller) > asked_before:
        raise asyncio.CancelledError


def _times_cancelled(task: asyncio.Task[Any] | None) -> int:
    """Return how often a task was asked to stop; before Python 3.11 nobody counts, and ^C is raised where we wait."""
    count: Callable[[], int] | None = getattr(task, "cancelling", None)
    return count() if count is not None else 0
