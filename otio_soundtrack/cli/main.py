"""The command line: parse, run, and turn every failure into one clear line and the right exit code."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence

from otio_soundtrack.cli.parser import build_parser
from otio_soundtrack.errors import SoundtrackError

EXIT_BUG = 1
EXIT_INTERRUPTED = 130
"""128 + SIGINT, the shells' convention."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Args:
        arguments: words after the program's name; None takes those of the process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        asked = build_parser().parse_args(words)
        result = asked.run(asked)
        print(json.dumps(result.json(), ensure_ascii=False) if as_json else result.text())  # noqa: T201
        sys.stdout.flush()
    except SoundtrackError as error:
        _tell(error, as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        print("\notio-soundtrack: interrupted; nothing was changed.", file=sys.stderr)  # noqa: T201
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away (`| head`): not our failure, and Python must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  # the last door: a bug becomes a sentence, the traceback is on request
        return _bug(error, as_json=as_json)
    return 0


def _tell(error: SoundtrackError, *, as_json: bool) -> None:
    """Say what went wrong: to people on standard error, to programs as JSON on standard output."""
    if os.environ.get("OTIO_SOUNDTRACK_DEBUG") == "1":
        traceback.print_exception(error)
    if as_json:
        told = {
            "kind": type(error).__name__,
            "message": error.message,
            "hint": error.hint,
            "retryable": error.retryable,
            "jobs": [],
        }
        print(json.dumps({"error": told}, ensure_ascii=False))  # noqa: T201
    else:
        print(f"otio-soundtrack: {error}", file=sys.stderr)  # noqa: T201


def _bug(error: Exception, *, as_json: bool) -> int:
    """Say that something is wrong with us, not with what was asked."""
    if os.environ.get("OTIO_SOUNDTRACK_DEBUG") == "1":
        traceback.print_exception(error)
    message = f"a bug of ours: {type(error).__name__}: {error}"
    hint = "Run it again with OTIO_SOUNDTRACK_DEBUG=1 and send us what it prints."
    if as_json:
        told = {"kind": "Bug", "message": message, "hint": hint, "retryable": False, "jobs": []}
        print(json.dumps({"error": told}, ensure_ascii=False))  # noqa: T201
    else:
        print(f"otio-soundtrack: {message}. {hint}", file=sys.stderr)  # noqa: T201
    return EXIT_BUG
