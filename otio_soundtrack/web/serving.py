"""An application on a socket of this machine, in a thread of its own, from ``with`` to its end."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp

from otio_soundtrack.errors import SettingsError

_START_S = 10.0
"""After this long a server that has not started will not."""
_STOP_S = 10.0


class Server:
    """Serves an application. Nothing is logged: paths and addresses are secrets."""

    def __init__(self, app: ASGIApp, listening: socket.socket, *, name: str, most_at_once: int | None = None) -> None:
        """Take what is served and where.

        Args:
            app: the application.
            listening: a bound socket (:func:`listen`), closed at the end.
            name: what it is called in messages.
            most_at_once: connections, more get 503; None for no limit.
        """
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            limit_concurrency=most_at_once,
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        self._name, self._socket, self._server = name, listening, uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name=name, daemon=True)

    def __enter__(self) -> Server:
        """Start; it answers when this returns.

        Raises:
            SettingsError: it did not start.
        """
        self._thread.start()
        for _ in range(int(_START_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            self._thread.join(0.01)
        if not self._server.started:
            raise SettingsError(
                f"the {self._name} did not start.", hint="Is uvicorn complete? pip install 'otio-soundtrack[web]'"
            )
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        """Stop."""
        self._server.should_exit = True
        self._thread.join(_STOP_S)
        self._socket.close()


def listen(name: str, host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 is any that is free.

    Raises:
        SettingsError: somebody else listens there, or there is no such address.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        why = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise SettingsError(f"the {name} cannot listen at {host}, port {port}: {why}.", hint="Choose another --port.") from error
    return made
