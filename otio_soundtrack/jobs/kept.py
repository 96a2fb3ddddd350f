"""Outcomes as the ledger keeps them: what the service said, not what was made of it.

Of calls, polls and streams the answer itself is kept and read again on replay, so results need no written form; of looks at
files the result is kept; of final errors class, message and hint.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from otio_soundtrack import errors
from otio_soundtrack.errors import (
    AudioError,
    ConsentError,
    CreditsError,
    JobOpenError,
    JobStateUnknownError,
    KeyMissingError,
    LimitError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    SoundtrackError,
    StoreError,
    UnavailableError,
)
from otio_soundtrack.model.wire import Fetched, Reply
from otio_soundtrack.provider.steps import Broken, Call, Fetch, Hear, Heard, Join, Poll, Step, Stream, Unpack
from otio_soundtrack.tools.files import sha256

_PASSING = (UnavailableError, RateLimitedError, JobOpenError, JobStateUnknownError, ConsentError, KeyMissingError)
"""Errors of services that may be gone the next time."""
COSTS_NOTHING = (RefusedError, CreditsError, LimitError, ConsentError)
"""Ends of a paid call for which the service took nothing, or was not asked at all."""


_DAMAGED = "`otio-soundtrack jobs` lists the jobs; repair the ledger, or forget the job that was to be taken up."


class Lost(Exception):  # noqa: N818  # a state of the store, not a failure
    """A file that was kept is gone or damaged: the step is done again."""


def is_final(error: SoundtrackError) -> bool:
    """Tell whether an error is an outcome: the same step would give it again."""
    return isinstance(error, (ProviderError, AudioError)) and not isinstance(error, _PASSING)


def of_reply(reply: Reply) -> str:
    """Return an answer as JSON."""
    body = base64.b64encode(reply.body).decode()
    return json.dumps({"reply": {"status": reply.status, "headers": dict(reply.headers), "body": body, "url": reply.url}})


def of_callback(body: object) -> str:
    """Return a callback as JSON."""
    return json.dumps({"callback": body})


def of_event(data: str) -> str:
    """Return the last event of a stream as JSON."""
    return json.dumps({"event": data})


def of_value(value: object) -> str:
    """Return the result of a step that looks at files, or of a broken stream, as JSON."""
    if isinstance(value, Fetched):
        return json.dumps({"file": _file(value)})
    if isinstance(value, Heard):
        return json.dumps({"heard": asdict(value)})
    if isinstance(value, Broken):
        return json.dumps({"broken": value.job_id})
    if isinstance(value, tuple):
        return json.dumps({"files": [_file(one) for one in value]})
    return json.dumps({"value": value})


def of_error(error: SoundtrackError) -> str:
    """Return a final error as JSON."""
    kind = next(one.__name__ for one in type(error).__mro__ if getattr(errors, one.__name__, None) is one)
    return json.dumps({"error": {"kind": kind, "message": error.message, "hint": error.hint}})


def cost_nothing(outcome: str) -> bool:
    """Tell whether a kept outcome is an error for which nothing was paid."""
    kind = _read(outcome).get("error", {}).get("kind")
    return any(kind == one.__name__ for one in COSTS_NOTHING)


def result(step: Step, outcome: str) -> Any:  # noqa: ANN401  # what the step's own reader returns
    """Return the result of a step from its kept outcome.

    Raises:
        StoreError: the outcome is damaged.
        SoundtrackError: the kept error, or what reading the kept answer raises.
        Lost: a kept file is not there any more.
    """
    kept = _read(outcome)
    if "error" in kept:
        told = kept["error"]
        raise getattr(errors, told["kind"])(told["message"], hint=told["hint"])
    if isinstance(step, (Call, Poll)):
        return _answered(step, kept)
    if isinstance(step, Stream):
        return Broken(job_id=kept["broken"]) if "broken" in kept else step.event(kept["event"])
    if isinstance(step, (Fetch, Join)):
        return _whole(kept["file"])
    if isinstance(step, Unpack):
        return tuple(_whole(one) for one in kept["files"])
    if isinstance(step, Hear):
        return Heard(**{**kept["heard"], "bars": tuple(kept["heard"]["bars"])})
    return kept["value"]


def _read(outcome: str) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(outcome)
    except ValueError as error:
        raise StoreError("the ledger of jobs is damaged: what it keeps of a step cannot be read.", hint=_DAMAGED) from error
    return read


def _answered(step: Call[Any] | Poll[Any], kept: dict[str, Any]) -> Any:  # noqa: ANN401  # as above
    if "callback" in kept:
        if step.called_back is None:
            raise StoreError(
                f"the ledger keeps a callback for {step.label!r}, which takes none.", hint="Use the version that wrote it."
            )
        return step.called_back(kept["callback"])
    reply = kept["reply"]
    return step.read(Reply(**{**reply, "body": base64.b64decode(reply["body"])}))


def _file(file: Fetched) -> dict[str, object]:
    return {"path": str(file.path), "sha256": file.sha256, "size": file.size}


def _whole(told: dict[str, Any]) -> Fetched:
    path = Path(told["path"])
    try:
        whole = path.stat().st_size == told["size"] and sha256(path) == told["sha256"]
    except OSError as error:
        raise Lost from error
    if not whole:
        raise Lost
    return Fetched(path=path, sha256=told["sha256"], size=told["size"])
