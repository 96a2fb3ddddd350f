"""``otio-soundtrack providers``: who can make the music."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command

if TYPE_CHECKING:
    from otio_soundtrack.provider import Declaration


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(
        commands, "providers", "Each provider: what it can do and whether it is ready.", "  otio-soundtrack providers"
    )
    parser.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> Providers:
    """List the providers of this version."""
    from otio_soundtrack.pipeline.services import SERVICES
    from otio_soundtrack.pipeline.taking import ENGINES

    embedded, services = (one.declaration for one in ENGINES.values()), (one.declaration for one in SERVICES.values())
    return Providers(declarations=(*embedded, *services))


@dataclass(frozen=True)
class Providers:
    """What the providers say of themselves; of a key only whether it is set."""

    declarations: tuple[Declaration, ...]

    def text(self) -> str:
        """Return a paragraph a provider."""
        return "\n".join(
            f"{one.name}  {one.title} ({one.model})\n  can: {', '.join(sorted(one.capabilities))}\n  key: {_key(one)}\n"
            f"  cost: {_cost(one)}\n  terms: {one.licence}" + "".join(f"\n  {line}" for line in _limits(one))
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
            }
            for one in self.declarations
        ]


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
