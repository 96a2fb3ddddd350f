"""Services are asked for what is requested: the key, the ledger and the network are here and nowhere else on the way."""

from __future__ import annotations

from collections.abc import Sequence

from otio_soundtrack.access import require_key
from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import JobOpenError, JobStateUnknownError, ProviderError
from otio_soundtrack.jobs import Consent, Order, Result, run
from otio_soundtrack.pipeline.services.ranking import score_order, searched_anew
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import JobEars, clock, open_wire
from otio_soundtrack.pipeline.takes.requested import Delivered, Requested
from otio_soundtrack.progress import Progress
from otio_soundtrack.settings import ScoreOptions, home


def delivered(requested: Requested, asked: ScoreOptions, progress: Progress) -> Delivered:
    """Ask the service for all that is requested, at once.

    Args:
        requested: what; of at least one cue.
        asked: who, and with what consent.
        progress: is told how far each job is.

    Raises:
        ProviderError: no key, no consent, or a job did not deliver; what others delivered is kept for the next run.
    """
    try:
        orders, notes = orders_of(requested, asked)
        results = run(
            orders,
            home=home(),
            open_wire=open_wire,
            ears=JobEars(Ears(home() / "decoded")),
            consent=Consent(yes=asked.yes, max_cost=asked.max_cost),
            progress=progress,
            clock=clock(),
        )
        return all_of(requested, results, notes)
    except ProviderError as error:
        error.hint = " ".join([*requested.lost, error.hint])
        raise


def orders_of(requested: Requested, asked: ScoreOptions) -> tuple[list[Order], tuple[str, ...]]:
    """Return the orders for all that is requested, and what is to be said of them.

    Raises:
        KeyMissingError, SettingsError: the environment does not say how the service is reached.
    """
    service = SERVICES[asked.provider]
    who = service.declaration
    require_key(who.name, who.base_url, who.key_variable)
    orders = [score_order(service, ask, fresh=asked.fresh) for ask in requested.asks.values()]
    return orders, tuple(said for order in orders if (said := searched_anew(order, home())))


def all_of(requested: Requested, results: Sequence[Result], notes: tuple[str, ...]) -> Delivered:
    """Return what was delivered.

    Args:
        requested: what was requested.
        results: of its orders, in order.
        notes: what is to be said of it.

    Raises:
        ProviderError: of the first that did not deliver, those first that may be taken up.
    """
    failed = [result.error for result in results if result.error is not None]
    for result in results:
        if result.error is not None and result.job and not result.error.hint:
            result.error.hint = f"`otio-soundtrack jobs show {result.job}` tells what was sent and what came back."
    for error in sorted(failed, key=lambda one: not isinstance(one, JobOpenError | JobStateUnknownError)):
        error.jobs = tuple(dict.fromkeys((*error.jobs, *(job for one in failed for job in one.jobs))))
        raise error
    return Delivered(results=dict(zip(requested.asks, results, strict=True)), notes=notes)
