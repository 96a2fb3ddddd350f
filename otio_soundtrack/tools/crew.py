"""Worker processes: each does one task at a time, and one that dies is replaced (floor 2).

A task and its answer are bytes, each sent with its length before it. A worker lives as long as its standard input is open: it
ends when whoever started it ends, however that came.
"""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import sys
import threading
import time
from _thread import interrupt_main
from collections.abc import Callable, Mapping
from typing import BinaryIO

LEAVE_SECONDS = 5.0
"""What a worker may take to clear away what is half done; then it is killed."""
_LENGTH_BYTES = 8
_ENTRY = "import sys; sys.path[:] = {path!r}; from {module} import main; main()"


class WorkerLostError(Exception):
    """A worker died while it worked; the task may be done again."""


class Crew:
    """Worker processes of one kind, started when they are first needed."""

    def __init__(self, size: int, module: str, environment: Mapping[str, str]) -> None:
        """Make ready.

        Args:
            size: how many there are at most, at least 1.
            module: whose ``main`` they run, which calls :func:`serve`.
            environment: their variables, all of them.
        """
        words = [sys.executable, "-c", _ENTRY.format(path=sys.path, module=module)]
        self._workers = [_Worker(words, environment) for _ in range(size)]
        self._free: asyncio.Queue[_Worker] = asyncio.Queue()

    async def __aenter__(self) -> Crew:
        for worker in self._workers:
            self._free.put_nowait(worker)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def do(self, task: bytes) -> bytes:
        """Let the next free worker do a task, and return its answer.

        Raises:
            WorkerLostError: it died.
        """
        worker = await self._free.get()
        try:
            return await worker.do(task)
        finally:
            self._free.put_nowait(worker)


class _Worker:
    """A place in the crew, and the process that fills it."""

    def __init__(self, words: list[str], environment: Mapping[str, str]) -> None:
        self._words, self._environment = words, dict(environment)
        self._process: asyncio.subprocess.Process | None = None

    async def do(self, task: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None:
            # a session of its own: ^C at the terminal is ours to hand on, after the ledger is at rest
            self._process = await asyncio.create_subprocess_exec(
                *self._words, stdin=-1, stdout=-1, env=self._environment, start_new_session=True
            )
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise AssertionError("both are pipes")
        try:
            to.write(len(task).to_bytes(_LENGTH_BYTES, "big") + task)
            await to.drain()
            return await back.readexactly(int.from_bytes(await back.readexactly(_LENGTH_BYTES), "big"))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            await self.end()
            raise WorkerLostError from error
        except BaseException:  # interrupted: its answer would be taken for that of the next task
            await self.end()
            raise

    async def end(self) -> None:
        """End the process, gently first."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), LEAVE_SECONDS)
        except asyncio.TimeoutError:
            process.kill()
            await process.wait()


def serve(do: Callable[[bytes], bytes]) -> None:
    """Do tasks from standard input until it ends; what they print goes to standard error.

    Where input ends in the middle of a task, the task is interrupted as by ^C, so that it clears away what is half done.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    tasks: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    try:
        threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
        while (task := tasks.get()) is not None:
            answer = do(task)
            answers.write(len(answer).to_bytes(_LENGTH_BYTES, "big") + answer)
            answers.flush()
    except (KeyboardInterrupt, BrokenPipeError):  # nobody waits for the answer any more
        os._exit(0)


def _listen(source: BinaryIO, tasks: queue.SimpleQueue[bytes | None]) -> None:
    """Hand on tasks; after the last one see to it that the process ends."""
    while len(head := source.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
        tasks.put(source.read(int.from_bytes(head, "big")))
    tasks.put(None)
    if hasattr(signal, "pthread_kill"):  # wakes the main thread where it waits for a file or a clock, too
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        interrupt_main()
    time.sleep(LEAVE_SECONDS)
    os._exit(1)  # a decoder that hangs must not outlive everybody
