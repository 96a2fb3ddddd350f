"""What a refusing answer means where a service judges by HTTP status, and what it says in its own words (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from otio_soundtrack.errors import (
    BadReplyError,
    CreditsError,
    JobOpenError,
    JobStateUnknownError,
    ProviderError,
    RateLimitedError,
    RefusedError,
    UnavailableError,
)
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.reading import json_of, record, said, text_at

T = TypeVar("T")

OK, ACCEPTED = 200, 202
UNAUTHORISED, NO_CREDITS, FORBIDDEN, NOT_FOUND, GONE = 401, 402, 403, 404, 410
TIMEOUT, TOO_EARLY, TOO_MANY = 408, 425, 429
BAD_REQUEST, SERVER_ERROR, BUSY = 400, 500, 503
TEXTS = ("message", "detail", "msg")
"""Fields that carry words for people, in every family of error bodies that the services have."""
CODES = ("error_code", "code")
DEEPEST = 3
"""How far words are looked for inside a body: ``{"error": {"message": …}}``, ``{"detail": [{"msg": …}]}``."""
MEANINGS: dict[int, tuple[type[ProviderError], str]] = {
    UNAUTHORISED: (RefusedError, "Check {key}: the service does not accept it."),
    NO_CREDITS: (CreditsError, "Top the account up; nothing was started."),
    FORBIDDEN: (RefusedError, "Check {key} and what the account's plan allows."),
    TOO_MANY: (RateLimitedError, "The service wants fewer calls."),
}
"""Statuses that say more than that the service refuses, and what to do."""
_MARKUP = re.compile(r"<[^>]*>")


def words_of(reply: Reply) -> str:
    """Return what an answer says, one washed line: its words for people, else of its first field, else the text of its page."""
    body = json_of(reply)
    if body is None:
        return said(_MARKUP.sub(" ", reply.shown)).strip() or "nothing"
    return said(_words(body, DEEPEST)) or said(reply.shown) or "nothing"


def sentence(text: str) -> str:
    """Return a text with something at its end that ends a sentence: a hint follows it."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def code_of(reply: Reply) -> str:
    """Return the service's own code for an error, empty where the body has none."""
    body = record(json_of(reply))
    return said(text_at(body, *CODES) or text_at(body.get("error"), *CODES))


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Makes errors of the refusing answers of one service."""

    service: str
    """Its title, as messages name it."""
    key_variable: str

    def free(self, reply: Reply, doing: str) -> ProviderError:
        """Return the error of a call that costs nothing: whatever the server's own fault is, it may be asked again.

        Args:
            reply: the answer, not one of success.
            doing: what was asked, like ``the upload of the cut``.
        """
        status, told = reply.status, sentence(f"{self.service} answered {reply.status} to {doing}: {words_of(reply)}")
        if status in (TIMEOUT, TOO_EARLY) or status >= SERVER_ERROR:
            return UnavailableError(told, hint="The service has a fault of its own.")
        if status < BAD_REQUEST:
            return BadReplyError(told, hint="That is not in its documentation.")
        kind, hint = MEANINGS.get(status, (RefusedError, ""))
        return kind(told, hint=hint.format(key=self.key_variable))

    def paid(self, reply: Reply, doing: str) -> ProviderError:
        """Return the error of a call that costs money: only a clear refusal says that nothing was started."""
        error = self.free(reply, doing)
        # a gateway says the same of a service that was too slow to answer: only who names a time means "not begun, come again"
        busy = reply.status == BUSY and bool(record(json_of(reply))) and "retry-after" in reply.headers
        if isinstance(error, BadReplyError) or (isinstance(error, UnavailableError) and not busy):
            return JobStateUnknownError(error.message, hint="Nobody can tell whether it was begun, so it is not sent again.")
        return error

    def waiting(self, reply: Reply, doing: str) -> ProviderError:
        """Return the error of a question about a job that was begun: a refused key loses nothing of it."""
        if reply.status in (UNAUTHORISED, FORBIDDEN):
            return JobOpenError(
                sentence(f"{self.service} answered {reply.status} to {doing}: {words_of(reply)}"),
                hint=f"Renew {self.key_variable}, then resume the job: it runs on and nothing is paid twice.",
            )
        return self.free(reply, doing)

    def reading(self, read: Callable[[Reply], T], doing: str, *, lost: str = "") -> Callable[[Reply], T | str]:
        """Return a reader of answers of status 200; all others are errors, as for :meth:`free`.

        Args:
            read: what reads them.
            doing: what was asked.
            lost: result for 404, where that is an answer to reckon with.
        """

        def checked(reply: Reply) -> T | str:
            if lost and reply.status == NOT_FOUND:
                return lost
            if reply.status != OK:
                raise self.free(reply, doing)
            return read(reply)

        return checked


def _words(value: object, deep: int) -> str:
    if isinstance(value, str) or deep == 0:
        return value.strip() if isinstance(value, str) else ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(one, deep - 1) for one in value[:DEEPEST])))
    fields = record(value)
    for name in (*TEXTS, "error"):
        if words := _words(fields.get(name), deep - 1):
            return words
    for name, one in fields.items():
        if isinstance(one, list) and (words := _words(one, deep - 1)):
            return f"{name}: {words}"
    return ""
