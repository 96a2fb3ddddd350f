"""``otio-soundtrack sandbox``: all five services on this machine, for trying pipelines without keys or credits."""

from __future__ import annotations

import argparse
import shlex
import threading
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command
from otio_soundtrack.cli.streams import remark
from otio_soundtrack.errors import SettingsError

if TYPE_CHECKING:
    from otio_soundtrack.sandbox.server import Sandbox

DEFAULT_SPEED = 50.0
"""Times faster than the real services: a job of two minutes takes two and a half seconds."""
DEFAULT_CREDITS = 1000.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(
        commands,
        "sandbox",
        "All five services on this machine, for trying pipelines without keys or credits.",
        "  otio-soundtrack sandbox\n"
        "  otio-soundtrack sandbox --speed 200 --situation rate_limited --situation expired_link@suno\n"
        "  otio-soundtrack sandbox --situation list",
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="first of eight ports (default: any that are free)")
    parser.add_argument(
        "--speed", type=float, default=DEFAULT_SPEED, metavar="X", help=f"times faster than life (default: {DEFAULT_SPEED:g})"
    )
    parser.add_argument(
        "--situation",
        action="append",
        default=[],
        metavar="NAME[@SERVICE]",
        help="something that goes wrong; may be repeated; `list` tells what can",
    )
    parser.add_argument(
        "--credits", type=float, default=DEFAULT_CREDITS, metavar="N", help=f"of each account (default: {DEFAULT_CREDITS:g})"
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Open | Situations:
    """Open the sandbox.

    Raises:
        SettingsError: what it needs is not installed, a flag cannot be obeyed, a port is taken.
    """
    try:
        from otio_soundtrack.sandbox.server import Sandbox
    except ImportError as error:
        raise SettingsError(
            f"the sandbox needs {error.name or 'a web server'}, which is not installed.",
            hint="pip install 'otio-soundtrack[web]'",
        ) from error
    if "list" in asked.situation:
        return Situations()
    box = Sandbox(port=asked.port, speed=asked.speed, situations=asked.situation, credits=asked.credits)
    box.__enter__()
    return Open(box, quiet=asked.quiet)


class Open:
    """A sandbox that runs."""

    def __init__(self, box: Sandbox, *, quiet: bool) -> None:
        self._box = box
        self._quiet = quiet

    def text(self) -> str:
        """Return the lines to paste into a shell."""
        return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in self._box.environment.items())

    def json(self) -> object:
        """Return the variables."""
        return self._box.environment

    def stay(self) -> None:
        """Serve until the user has had enough (^C) or the process is ended."""
        try:
            if not self._quiet:
                remark("otio-soundtrack: the sandbox is open; paste the lines above into another terminal. ^C closes it.")
            threading.Event().wait()
        except KeyboardInterrupt:
            if not self._quiet:
                remark("\notio-soundtrack: the sandbox is closed.")
        finally:
            self._box.__exit__(None, None, None)


class Situations:
    """What can go wrong on request."""

    def text(self) -> str:
        """Return a line a situation."""
        return "\n".join(f"{name:<22} {sentence} ({', '.join(where)})" for name, (sentence, where) in self._table().items())

    def json(self) -> object:
        """Return sentence and services by name."""
        return {name: {"sentence": sentence, "services": list(where)} for name, (sentence, where) in self._table().items()}

    @staticmethod
    def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
        from otio_soundtrack.sandbox.situations import SITUATIONS

        return {name: (one.sentence, one.services) for name, one in SITUATIONS.items()}
