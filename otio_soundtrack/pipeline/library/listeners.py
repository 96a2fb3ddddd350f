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


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def heard(files: Sequence[tuple[Path, str]]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield what is known of files, as they are done.

    Args:
        files: paths, each with the hash of the music that was there before, empty for none.

    Yields:
        path and answer (:func:`otio_soundtrack.pipeline.library.describing.told`). When the caller stops, the processes
        are ended.
    """
    crew = _Crew()
    with ThreadPoolExecutor(min(cores(), max(1, len(files)))) as pool:
        try:
            waiting: dict[Future[dict[str, Any]], Path] = {pool.submit(crew.ask, path, known): path for path, known in files}
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            crew.dismiss()


class _Crew:
    """Processes that are free, and all that there are."""

    def __init__(self) -> None:
        self._free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self._all: list[subprocess.Popen[str]] = []
        self._dismissed = False

    def ask(self, path: Path, known: str) -> dict[str, Any]:
        """Let a process listen to a file; called from as many threads as there shall be processes."""
        try:
            one = self._free.get_nowait()
        except Empty:
            one = self._started()
        answer = ""
        try:
            if one.stdin is not None and one.stdout is not None:
                one.stdin.write(json.dumps({"path": str(path), "sha256": known}) + "\n")
                one.stdin.flush()
                answer = one.stdout.readline()
        except (OSError, ValueError):  # it died before, or was dismissed: there is no answer
            answer = ""
        if not answer.endswith("\n"):
            _ended(one)
            return {"error": "it brought the decoder down."}
        self._free.put(one)
        said: dict[str, Any] = json.loads(answer)
        return said

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
