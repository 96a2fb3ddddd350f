"""An error as it is told: to people in one line, to programs as JSON, to scripts by its exit code."""

from __future__ import annotations

from otio_soundtrack.errors import SoundtrackError

EXIT_BUG = 1
_BUG_HINT = "Run it again with OTIO_SOUNDTRACK_DEBUG=1 and send us what it prints."


def in_words(error: Exception) -> str:
    """Return what happened and what to do next, in one line."""
    if isinstance(error, SoundtrackError):
        return f"{error.message} {error.hint or error.usual_hint}"
    return f"{_bug(error)}. {_BUG_HINT}"


def told(error: Exception) -> dict[str, object]:
    """Return an error of the public contract (interface: errors under ``--json``)."""
    if isinstance(error, SoundtrackError):
        # what rooms and tools derive from an error of the public tree is told as what it is there
        kind = next(one.__name__ for one in type(error).__mro__ if one.__module__ == SoundtrackError.__module__)
        message, hint = error.message, error.hint or error.usual_hint
        return {"kind": kind, "message": message, "hint": hint, "retryable": error.retryable, "jobs": list(error.jobs)}
    return {"kind": "Bug", "message": _bug(error), "hint": _BUG_HINT, "retryable": False, "jobs": []}


def exit_code(error: Exception) -> int:
    """Return the exit code of an error."""
    return error.exit_code if isinstance(error, SoundtrackError) else EXIT_BUG


def _bug(error: Exception) -> str:
    return f"a bug of ours: {type(error).__name__}: {error}"
