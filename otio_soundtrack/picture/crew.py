"""Worker threads that end with whoever called them (room picture)."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

MOST_WORKERS = 4
"""More workers need more memory than they save time on the machines of editors."""
_GLANCE_SECONDS = 0.2
"""How often the calling thread looks up from waiting, to tell progress and to notice ^C."""

Job = TypeVar("Job")
Bench = TypeVar("Bench")
Result = TypeVar("Result")


class Stopped(Exception):  # noqa: N818  # not an error: how a worker leaves its job when the work is called off
    """The work was called off."""


class Whistle:
    """Calls the work off: workers listen between frames."""

    def __init__(self) -> None:
        self._blown = threading.Event()

    def blow(self) -> None:
        """Call the work off."""
        self._blown.set()

    def listen(self) -> None:
        """Go on, or leave.

        Raises:
            Stopped: the work was called off.
        """
        if self._blown.is_set():
            raise Stopped


def worker_count() -> int:
    """Return how many workers this machine gets."""
    return max(1, min(os.cpu_count() or 1, MOST_WORKERS))


def worked_off(
    jobs: Sequence[Job],
    set_up: Callable[[], AbstractContextManager[Bench]],
    work: Callable[[Bench, Job], Result],
    whistle: Whistle,
    meanwhile: Callable[[], None],
    *,
    workers: int,
) -> Iterator[Result]:
    """Let threads work off jobs, in order; give results as they come.

    However this ends (all done, an error in a job, ^C or an error in the caller), no thread is left when it has ended.

    Args:
        jobs: what is to do, dearest first.
        set_up: makes the workbench of a thread; its context is left in the same thread.
        work: does a job; must listen to the whistle often.
        whistle: calls the work off.
        meanwhile: called in the calling thread several times a second.
        workers: how many threads.

    Raises:
        BaseException: the first error of a job, as it was raised there.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    done: queue.SimpleQueue[tuple[bool, Result | BaseException]] = queue.SimpleQueue()

    def labour() -> None:
        try:
            with set_up() as bench:
                while True:
                    whistle.listen()
                    done.put((True, work(bench, waiting.get_nowait())))
        except (queue.Empty, Stopped):
            return
        except BaseException as error:  # noqa: BLE001  # carried to the calling thread and raised there
            done.put((False, error))

    threads = [threading.Thread(target=labour, name=f"otio-soundtrack-{n}", daemon=True) for n in range(min(workers, len(jobs)))]
    try:
        for thread in threads:
            thread.start()
        for _ in jobs:
            yield _next_result(done, meanwhile)
    except BaseException:
        whistle.blow()
        raise
    finally:
        for thread in threads:
            if thread.ident is not None:
                thread.join()


def _next_result(done: queue.SimpleQueue[tuple[bool, Result | BaseException]], meanwhile: Callable[[], None]) -> Result:
    while True:
        meanwhile()
        try:
            fine, outcome = done.get(timeout=_GLANCE_SECONDS)
        except queue.Empty:
            continue
        if not fine:
            raise outcome  # type: ignore[misc]  # what is not fine is an error
        return outcome  # type: ignore[return-value]
