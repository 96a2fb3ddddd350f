"""``otio-soundtrack jobs receive``: a small receiver for those who have a public address."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from otio_soundtrack.access import CALLBACK_VARIABLE
from otio_soundtrack.cli.streams import remark
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.settings import home

if TYPE_CHECKING:
    from otio_soundtrack.web.receiver import Receiver


def receiving(host: str, port: int, *, quiet: bool) -> Receiving:
    """Open the receiver.

    Raises:
        SettingsError: what it needs is not installed, or the port is taken.
        StoreError: the ledger cannot be used.
    """
    try:
        from otio_soundtrack.web.receiver import Receiver
    except ImportError as error:
        raise SettingsError(
            f"the receiver needs {error.name or 'a web server'}, which is not installed.",
            hint="pip install 'otio-soundtrack[web]'",
        ) from error
    receiver = Receiver(home(), host=host, port=port)
    receiver.__enter__()
    return Receiving(receiver, host=host, quiet=quiet)


class Receiving:
    """A receiver that runs."""

    def __init__(self, receiver: Receiver, *, host: str, quiet: bool) -> None:
        self._receiver, self._host, self._quiet = receiver, host, quiet

    def text(self) -> str:
        """Return where it listens."""
        return f"listening at http://{self._host}:{self._receiver.port}"

    def json(self) -> object:
        """Return where it listens, and where services are told to report."""
        return {"host": self._host, "port": self._receiver.port, "public": os.environ.get(CALLBACK_VARIABLE) or None}

    def stay(self) -> None:
        """Take callbacks until the user has had enough (^C) or the process is ended."""
        try:
            if not self._quiet:
                public = os.environ.get(CALLBACK_VARIABLE)
                told = f"services report to {public}" if public else f"set {CALLBACK_VARIABLE} to its public address"
                remark(f"otio-soundtrack: {told}, where `score` runs. ^C closes the receiver.")
            threading.Event().wait()
        except KeyboardInterrupt:
            if not self._quiet:
                remark("\notio-soundtrack: the receiver is closed; open jobs are polled for.")
        finally:
            self._receiver.__exit__(None, None, None)
