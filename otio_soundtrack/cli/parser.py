"""The words of the command line."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn, Protocol, runtime_checkable

from otio_soundtrack import __version__
from otio_soundtrack.cli import (
    analyze,
    audition,
    batch,
    cue_sheet,
    doctor,
    export,
    fit,
    jobs,
    library,
    mix,
    plan,
    providers,
    sandbox,
    score,
    search,
    visualize,
)
from otio_soundtrack.errors import SettingsError

COMMANDS = (
    score,
    batch,
    export,
    analyze,
    plan,
    search,
    mix,
    visualize,
    cue_sheet,
    fit,
    audition,
    library,
    providers,
    jobs,
    sandbox,
    doctor,
)
"""Modules of the commands, in the order of ``--help``."""


class Result(Protocol):
    """What a command gives back: standard output carries nothing else."""

    def text(self) -> str:
        """Return it for people."""

    def json(self) -> object:
        """Return it as one JSON value."""


@runtime_checkable
class Staying(Protocol):
    """A result that goes on after it was told."""

    def stay(self) -> None:
        """Go on until the user has had enough."""


@runtime_checkable
class Ending(Protocol):
    """A result of several things, not all of which need have ended well."""

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command."""


class Parser(argparse.ArgumentParser):
    """A parser that raises our error instead of leaving the process, so that ``--json`` holds for wrong flags too.

    A flag is its whole name: what ``--js`` means today, another flag may mean tomorrow.
    """

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # the settings of argparse, of many types
        super().__init__(**{**settings, "allow_abbrev": False})

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise SettingsError(f"{message}.", hint=f"See `{self.prog} --help`.")


def build_parser() -> Parser:
    """Return the parser with every command."""
    parser = Parser(
        prog="otio-soundtrack",
        description="Music sized to the cut: score an edit timeline, with music on a new track.",
        epilog="Example: otio-soundtrack score cut.fcpxml -o scored.otio --prompt 'slow, warm strings'",
    )
    parser.add_argument("--version", action="version", version=f"otio-soundtrack {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for module in COMMANDS:
        module.add(commands)
    return parser
