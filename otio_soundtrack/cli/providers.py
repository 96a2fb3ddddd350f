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
    from otio_soundtrack.pipeline.taking import ENGINES

    return Providers(declarations=tuple(engine.declaration for engine in ENGINES.values()))


@dataclass(frozen=True)
class Providers:
    """What the providers say of themselves; of a key only whether it is set."""

    declarations: tuple[Declaration, ...]

    def text(self) -> str:
        """Return a paragraph a provider."""
        return "\n".join(
            f"{one.name}  {one.title} ({one.model})\n  can: {', '.join(sorted(one.capabilities))}\n  key: {_key(one)}\n"
            f"  cost: {'paid' if one.paid else 'free'}\n  terms: {one.licence}"
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
            }
            for one in self.declarations
        ]


def _key(declaration: Declaration) -> str:
    if declaration.key_variable is None:
        return "not needed"
    return "set" if os.environ.get(declaration.key_variable) else f"missing ({declaration.key_variable})"
