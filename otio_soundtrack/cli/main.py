"""The command line: parse, run, and turn every failure into one clear line and the right exit code."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from otio_soundtrack.cli.parser import Ending, Staying, build_parser
from otio_soundtrack.cli.streams import answer, finish, open_streams, remark, speaks_unicode
from otio_soundtrack.cli.telling import EXIT_BUG, in_words, told
from otio_soundtrack.errors import SoundtrackError, StoreError

EXIT_INTERRUPTED = 130
"""128 + SIGINT, the shells' convention."""
EXIT_TERMINATED = 143
"""128 + SIGTERM: a scheduler or ``timeout`` ended the run."""
_KEPT = "no timeline was changed. Jobs of services are kept: see `otio-soundtrack jobs`."


class Terminated(BaseException):
    """Somebody ended the process; what is half done is cleared away on the way out, as after ^C."""


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: words after the program's name; None takes those of the process.
    """
    open_streams()
    if arguments is None:  # the process is ours, and so are its signals
        signal.signal(signal.SIGTERM, _stop)
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        asked = _parsed(words)
        result = asked.run(asked)
        answer(_as_json(result.json()) if as_json else result.text())
        if isinstance(result, Staying):
            result.stay()
        return result.exit_code if isinstance(result, Ending) else 0
    except SoundtrackError as error:
        _tell(error, as_json=as_json)
        return error.exit_code
    except Terminated:
        remark(f"otio-soundtrack: stopped; {_KEPT}")
        return EXIT_TERMINATED
    except KeyboardInterrupt:
        remark(f"\notio-soundtrack: interrupted; {_KEPT}")
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last door: a bug becomes a sentence, the traceback is on request
        return _bug(error, as_json=as_json)


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """Return the parsed words; ``--help`` and ``--version`` leave the process, after all of their text has."""
    try:
        return build_parser().parse_args(words)
    except SystemExit:
        finish()
        raise


def _as_json(value: object) -> str:
    """Return one line of JSON, in characters that standard output can write."""
    return json.dumps(value, ensure_ascii=not speaks_unicode(sys.stdout))


def _tell(error: SoundtrackError, *, as_json: bool) -> None:
    """Say what went wrong: to people on standard error, to programs as JSON on standard output."""
    if os.environ.get("OTIO_SOUNDTRACK_DEBUG") == "1":
        traceback.print_exception(error)
    if as_json:
        _tell_as_json(told(error))
    else:
        remark(f"otio-soundtrack: {in_words(error)}")


def _bug(error: Exception, *, as_json: bool) -> int:
    """Say that something is wrong with us, not with what was asked."""
    if os.environ.get("OTIO_SOUNDTRACK_DEBUG") == "1":
        traceback.print_exception(error)
    if as_json:
        _tell_as_json(told(error))
    else:
        remark(f"otio-soundtrack: {in_words(error)}")
    return EXIT_BUG


def _tell_as_json(error: dict[str, object]) -> None:
    """Write an error of the public contract; where even that cannot be written, the exit code has to do."""
    try:
        answer(_as_json({"error": error}))
    except StoreError as failure:
        remark(f"otio-soundtrack: {failure}")
