"""Processes that listen to files, one on each core; whatever one of them dies of, the others go on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import otio_soundtrack

_MODULE = "otio_soundtrack.pipeline.library.describing"
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Each process has a core; linear algebra that takes them all would make each other wait."""
_ATTEMPTS = 2
"""A process may be killed for other reasons than its file, memory that others need for one; a file that does it twice does it."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def heard(files: Sequence[tuple[Path, Sequence[str]]], scratch: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield what is known of files, as they are done.

    Args:
        files: paths, each with the hashes of music that it may be and that need not be listened to again.
        scratch: folder for what is decoded.

    Yields:
        path and answer (:func:`otio_soundtrack.pipeline.library.describing.told`). When the caller stops, the processes
        are ended.
    """
    crew = _Crew(scratch)
    with ThreadPoolExecutor(min(cores(), len(files) or 1)) as pool:
        try:
            waiting: dict[Future[dict[str, Any]], Path] = {pool.submit(crew.ask, path, known): path for path, known in files}
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            crew.dismiss()


class _Crew:
    """Processes that are free, and all that there are."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []
        self._dismissed = False

    def ask(self, path: Path, known: Sequence[str]) -> dict[str, Any]:
        """Let a process listen to a file; called from as many threads as there shall be processes."""
        asked = json.dumps({"path": str(path), "known": list(known), "scratch": str(self._scratch)}) + "\n"
        for _ in range(_ATTEMPTS):
            answer = self._answer(asked)
            if answer.endswith("\n"):
                said: dict[str, Any] = json.loads(answer)
                return said
        return {"error": "it brought the decoder down."}

    def _answer(self, asked: str) -> str:
        """Return what a process answers; no whole line where it died before or meanwhile, or was dismissed."""
        try:
            one = self._free.get_nowait()
        except Empty:
            one = self._started()
        answer = ""
        with suppress(OSError, ValueError):
            if one.stdin is not None and one.stdout is not None:
                one.stdin.write(asked)
                one.stdin.flush()
                answer = one.stdout.readline()
        if answer.endswith("\n"):
            self._free.put(one)
        else:
            _ended(one)
        return answer

    def dismiss(self) -> None:
        """End all processes, whatever they do."""
        self._dismissed = True
        for one in self._all:
            _ended(one)

    def _started(self) -> subprocess.Popen[str]:
        # a source checkout has no installed package: the child must find it where we did
        paths = [str(Path(otio_soundtrack.__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
        one = subprocess.Popen(  # noqa: S603  # our own module in our own interpreter
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONIOENCODING": "utf-8"},
            start_new_session=True,  # ^C is for whoever started it: that one ends it
        )
        self._all.append(one)
        if self._dismissed:
            _ended(one)
        return one


def _ended(one: subprocess.Popen[str]) -> None:
    """End a process and wait for it."""
    one.kill()
    one.wait()
    for stream in (one.stdin, one.stdout):
        with suppress(OSError):  # what was not sent to it any more
            if stream is not None:
                stream.close()
