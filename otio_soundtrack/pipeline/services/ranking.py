"""The ranked list of a cut: searched once, kept, and picked from by rank."""

from __future__ import annotations

from pathlib import Path

from otio_soundtrack.jobs import Order, answered
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.service import Matches, Service
from otio_soundtrack.settings import MOST_RANKED


def search_order(service: Service, ask: Ask, *, fresh: bool = False) -> Order:
    """Return the order for the ranked list of a cue.

    It holds only what is searched by, and always asks for the whole list: whoever shows ten of it, or picks the third for two
    takes, means the same list.

    Args:
        service: who searches.
        ask: what is asked of it.
        fresh: whether a kept list is no answer.
    """
    searched = Ask(
        brief=ask.brief,
        picture=ask.picture,
        reference=ask.reference,
        reference_url=ask.reference_url,
        production_sound=ask.production_sound,
        options=ask.options,
    )
    cue = ask.brief.plan.cue_id
    return Order(service=service, ask=searched, kind="search", arguments={"count": MOST_RANKED}, cue=cue, fresh=fresh)


def score_order(service: Service, ask: Ask, *, fresh: bool) -> Order:
    """Return the order for the music of a cue: one that picks begins with the list that was shown, where one was."""
    after = search_order(service, ask).key if isinstance(service, Matches) and not fresh else ""
    return Order(service=service, ask=ask, cue=ask.brief.plan.cue_id, fresh=fresh, after=after)


def searched_anew(order: Order, home: Path) -> str:
    """Return what is to be said of a pick from a list that nobody was shown, empty where there is nothing to say.

    Args:
        order: for the music of a cue.
        home: folder of the store.
    """
    pick = order.ask.pick
    if pick == 1 or not isinstance(order.service, Matches) or answered(home, order.after) or answered(home, order.key):
        return ""
    return (
        f"Cue {order.cue}: no kept list is of this very request (cut, brief and filters as they are now): it was searched anew, "
        f"and track {pick} may be another than the one that an earlier `search` showed."
    )
