"""``otio-soundtrack providers``: who can make the music."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command

if TYPE_CHECKING:
    from otio_soundtrack.model.scorecard import Scorecard
    from otio_soundtrack.provider import Declaration


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(
        commands, "providers", "Each provider: what it can do and whether it is ready.", "  otio-soundtrack providers"
    )
    parser.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> Providers:
    """List the providers of this version."""
    from otio_soundtrack.composer.declaration import DECLARATION as LOCAL
    from otio_soundtrack.library.declaration import DECLARATION as LIBRARY
    from otio_soundtrack.pipeline.services.roster import SERVICES
    from otio_soundtrack.settings import home
    from otio_soundtrack.tools.catalogue import counted
    from otio_soundtrack.tools.marks import scorecards

    services = (one.declaration for one in SERVICES.values())
    return Providers(declarations=(LOCAL, LIBRARY, *services), tracks={LIBRARY.name: counted(home())}, cards=scorecards(home()))


@dataclass(frozen=True)
class Providers:
    """What the providers say of themselves; of a key only whether it is set."""

    declarations: tuple[Declaration, ...]
    tracks: dict[str, int]
    """How many tracks those have that match from what is on this machine."""
    cards: dict[str, Scorecard]
    """What the takes of each turned out to be, so far as it has made any."""

    def text(self) -> str:
        """Return a paragraph a provider."""
        return "\n".join(
            f"{one.name}  {one.title} ({one.model})\n  can: {', '.join(sorted(one.capabilities))}\n  key: {_key(one)}\n"
            f"  cost: {_cost(one)}\n  terms: {one.licence}" + "".join(f"\n  {line}" for line in self._more(one))
            for one in self.declarations
        )

    def json(self) -> object:
        """Return a list."""
        return [
            {
                "name": one.name,
                "title": one.title,
                "model": one.model,
                "capabilities": sorted(one.capabilities),
                "key": _key(one),
                "paid": one.paid,
                "ai": one.ai,
                "licence": one.licence,
                "prices_of": one.prices_of,
                "most_takes": one.most_takes,
                "picture": None if one.picture is None else vars(one.picture),
                "reference": None if one.reference is None else vars(one.reference),
                "options": dict(one.options),
                "tracks": self.tracks.get(one.name),
                "scorecard": {**vars(self.cards[one.name]), "credits_per_second": self._rate(one)}
                if one.name in self.cards
                else None,
            }
            for one in self.declarations
        ]

    def _more(self, one: Declaration) -> list[str]:
        """Return what else is to be known of a provider, a line each."""
        tracks = self.tracks.get(one.name)
        lines = [] if tracks is None else [f"tracks: {tracks:,}"]
        return lines + _limits(one) + ([f"so far: {self._card(one)}"] if one.name in self.cards else [])

    def _rate(self, one: Declaration) -> float | None:
        """Return credits a second of takes; None where a price is neither published nor seen on the account: 0 would be free."""
        rate = self.cards[one.name].credits_per_second
        return rate if rate or one.prices_of or not one.paid else None

    def _card(self, one: Declaration) -> str:
        """Return what takes turned out to be, in a line."""
        card, rate = self.cards[one.name], self._rate(one)
        return "; ".join([*_measured(card), "cost not known" if rate is None else f"{rate:.2f} credits a second"])


def _measured(card: Scorecard) -> list[str]:
    """Return what was measured on takes, a clause each."""
    told = [f"{card.takes} take{'s' if card.takes > 1 else ''}, {card.refused} refused"]
    for value, words in (
        (card.length_ratio, "{:.2f} × the asked length"),
        (card.tail_seconds, "silent for {:.1f} s at the end"),
        (card.lufs, "{:.1f} LUFS"),
        (card.drift, "tempo drifts by {:.1f} %"),
    ):
        if value is not None:
            told.append(words.format(value))
    return told


def _key(declaration: Declaration) -> str:
    if declaration.key_variable is None:
        return "not needed"
    return "set" if os.environ.get(declaration.key_variable) else f"missing ({declaration.key_variable})"


def _cost(declaration: Declaration) -> str:
    if not declaration.paid:
        return "free"
    return f"paid, prices of {declaration.prices_of}" if declaration.prices_of else "paid, prices not published"


def _limits(declaration: Declaration) -> list[str]:
    """Return what a provider takes, a line each."""
    lines = []
    if declaration.picture is not None:
        lines.append(f"picture: at most {declaration.picture.most_bytes:,} bytes")
    if (music := declaration.reference) is not None:
        needed = "needed" if declaration.needs_reference else "possible"
        length = f"{music.least_seconds:g} to {music.most_seconds:g} s"
        lines.append(f"reference: {needed}, {length}, at most {music.most_bytes:,} bytes")
    lines += [f"--set {name}: {sentence}" for name, sentence in declaration.options.items()]
    return lines
