"""What answers of a service mean where its codes are its own, and the error that each meaning is (pure).

A provider has a table from its codes to meanings; what is in no table is a ``fault``: nobody knows what it did. Services that
mean by an HTTP status what everybody means are judged by :mod:`otio_soundtrack.provider.verdict`.
"""

from __future__ import annotations

from typing import Literal

from otio_soundtrack.errors import (
    CreditsError,
    JobFailedError,
    JobOpenError,
    JobStateUnknownError,
    RateLimitedError,
    RefusedError,
    SoundtrackError,
    UnavailableError,
)
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.reading import said

Meaning = Literal["slower", "closed", "key", "credits", "refused", "failed", "fault"]
"""``slower``: called too often; ``closed``: maintenance; ``key``: missing or wrong; ``credits``: none left; ``refused``: for what
was asked; ``failed``: the job ended without a result; ``fault``: their server's."""
Asking = Literal["paid", "free", "waiting"]
"""What was asked: something that costs, something that does not, or how far a job is."""
FINAL: dict[Meaning, tuple[type[SoundtrackError], str, str]] = {
    "key": (RefusedError, "refused the key", "Check {key}; nothing was begun."),
    "credits": (CreditsError, "has no credits for this", "Buy credits or take another provider; nothing was begun."),
    "refused": (RefusedError, "refused the request", "Change what is asked for; nothing was begun."),
    "failed": (JobFailedError, "made nothing", "Services give credits of failed jobs back, often a little later."),
    "fault": (
        JobStateUnknownError,
        "met a fault in a paid call, and nobody knows whether it was begun",
        "It is not sent again by itself: `otio-soundtrack jobs` shows it, and the balance may tell.",
    ),
}
"""Error, what happened and what to do next, for what the same call will not do better."""


def error_of(meaning: Meaning, service: Declaration, words: object, asking: Asking) -> SoundtrackError:
    """Return the error that an answer means.

    Args:
        meaning: of the answer.
        service: who answered.
        words: the service's own, shown washed.
        asking: what was asked: after a fault in a ``paid`` call it is unknown whether it was begun; a key that is refused while
            one is ``waiting`` for a job loses nothing of it.

    Returns:
        RateLimitedError, UnavailableError: nothing was begun; the call may be made again.
        RefusedError, CreditsError: nothing was begun, and the same call will not do better.
        JobFailedError: it was begun, and ended.
        JobStateUnknownError: a paid call met a fault.
        JobOpenError: the job runs on and cannot be asked now.
    """
    shown = said(words).rstrip(".")
    told = f": {shown}." if shown else "."
    name = service.title
    if meaning == "slower":
        return RateLimitedError(f"{name} asks to slow down{told}")
    if meaning == "closed":
        return UnavailableError(f"{name} is being maintained{told}")
    if meaning == "key" and asking == "waiting":
        hint = f"Renew {service.key_variable}, then resume the job: it runs on and nothing is paid twice."
        return JobOpenError(f"{name} refused the key{told}", hint=hint)
    if meaning == "fault" and asking != "paid":
        return UnavailableError(f"{name} gave no result{told}")
    kind, what, hint = FINAL[meaning]
    return kind(f"{name} {what}{told}", hint=hint.format(key=service.key_variable))
