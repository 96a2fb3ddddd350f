"""Consent to what a job costs: asked for before anything is sent, and held to while it runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from otio_soundtrack.errors import ConsentError
from otio_soundtrack.provider.ask import Quote, QuoteLine
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.steps import Price
from otio_soundtrack.tools.ledger import JobRow, Ledger


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the user lets a run spend."""

    yes: bool = False
    """Consent to whatever it costs (``--yes``); with a cap: up to the cap, and to calls without a published price."""
    max_cost: float | None = None
    """Consent up to so many credits (``--max-cost``)."""
    run: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The run that spends: processes with the same name share one purse."""

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return self.yes or self.max_cost is not None


NO_CONSENT = Consent(run="nobody")


def quoted(quote: Quote) -> str:
    """Return a quote for people, in one line."""
    if not quote.lines:
        return "free"
    likely = [line for line in quote.lines if line.most > 0] or quote.lines
    return f"{'; '.join(_line(line) for line in likely)}; in all {_in_all(quote)}"


def require(who: Declaration, quote: Quote, consent: Consent) -> None:
    """Check before anything is sent that a new job may be paid.

    Raises:
        ConsentError: with the quote.
    """
    priced = [line for line in quote.lines if line.credits != 0.0 and line.most > 0]
    if not priced:
        return
    told = f"{who.title} would cost {quoted(quote)}"
    if not consent.given:
        raise ConsentError(f"{told}; nothing was sent.", hint="Consent with --yes, or with --max-cost N up to N credits.")
    if not consent.yes and any(line.credits is None and line.least > 0 for line in priced):
        raise ConsentError(
            f"{told}; nothing was sent.", hint="No cap can hold a price that is not published: consent with --yes."
        )
    least = sum((line.credits or 0.0) * line.least for line in priced)
    if consent.max_cost is not None and least > consent.max_cost:
        raise ConsentError(
            f"{told}, which is more than --max-cost {consent.max_cost:g}; nothing was sent.", hint="Allow more, or ask for less."
        )


def pay(ledger: Ledger, job: JobRow, label: str, price: Price) -> None:
    """Reserve the price of a step on disk, within what its run may spend.

    Raises:
        ConsentError: there is no consent, or the cap is reached; nothing is reserved then.
    """
    if price.credits == 0.0:
        return
    what = f"{label} would cost {_credits(price.credits)}"
    if not job.yes and (job.cap is None or price.credits is None):
        hint = f"Consent with `otio-soundtrack jobs resume {job.id} --yes`{'' if price.credits is None else ' or --max-cost N'}."
        raise ConsentError(f"{what} and nobody consented to it; it was not sent.", hint=hint)
    spent = ledger.reserve(job.id, label, run=job.run, price=price.credits, cap=job.cap)
    if spent is not None:
        raise ConsentError(
            f"{what}; {_credits(spent)} of --max-cost {job.cap:g} are spent or reserved already; it was not sent.",
            hint=f"Allow more with `otio-soundtrack jobs resume {job.id} --max-cost N`.",
        )


def _line(line: QuoteLine) -> str:
    times = f"{line.least}" if line.least == line.most else f"{line.least} to {line.most}"
    return f"{line.what} {times} × {_credits(line.credits)}{f' ({line.why})' if line.why else ''}"


def _in_all(quote: Quote) -> str:
    least, most = quote.least, quote.most
    if least is None or most is None:
        return "not known: a price is not published"
    return _credits(least) if least == most else f"{least:g} to {_credits(most)}"


def _credits(number: float | None) -> str:
    if number is None:
        return "a price that is not published"
    return f"{number:g} credit{'' if number == 1.0 else 's'}"
