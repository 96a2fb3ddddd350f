"""Standard output and error as they come: closed, in any encoding, with or without a reader."""

from __future__ import annotations

import io
import os
import sys
from typing import TextIO

from otio_soundtrack.errors import StoreError

_STANDARD = (0, 1, 2)
"""Input, output, error, by the numbers that every process has them under."""


def open_streams() -> None:
    """See to it that there is something to write to where the caller closed standard output or error (``>&-``, ``2>&-``).

    A closed number would be given to the next file that is opened, and what a codec says on standard error would go into it.
    """
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:  # noqa: PERF203  # closed: the lowest free number is this one
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None or sys.stdout.closed:
        sys.stdout = _nowhere()
    if sys.stderr is None or sys.stderr.closed:
        sys.stderr = _nowhere()
    # a name that the terminal cannot show is no reason to lose the answer
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def speaks_unicode(stream: TextIO) -> bool:
    """Return whether a stream takes every character; one in memory has no encoding and does."""
    return stream.encoding is None or stream.encoding.lower().startswith("utf")


def answer(text: str) -> None:
    """Write the result to standard output.

    Raises:
        StoreError: it did not arrive (disk full). A reader that went away (``| head``) is no fault of anybody.
    """
    finish(f"{text}\n")


def finish(text: str = "") -> None:
    """Write a last text to standard output and see everything off that was written before.

    Raises:
        StoreError: as for :func:`answer`.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        let_go(sys.stdout)
    except OSError as error:
        let_go(sys.stdout)
        raise StoreError(
            f"the result cannot be written to standard output: {error.strerror or error}.",
            hint="The work itself is done; see what was written.",
        ) from error


def remark(text: str) -> None:
    """Write a line to standard error; where nobody listens there is nobody to tell that."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)


def let_go(stream: TextIO) -> None:
    """Turn a broken stream away, so that Python does not complain about it at exit."""
    if isinstance(stream, io.TextIOWrapper):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # it stays open until the process ends
