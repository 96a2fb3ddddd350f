"""The page on 127.0.0.1, from ``with`` to its end."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import uvicorn

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.web.desk import application
from otio_soundtrack.web.guard import Guard
from otio_soundtrack.web.stage import Stage

_START_S = 10.0
"""After this long a server that has not started will not."""
_STOP_S = 5.0


class Page:
    """Serves an audition."""

    def __init__(self, stage: Stage, port: int = 0) -> None:
        """Take what is shown, and a port; 0 is any that is free.

        Raises:
            SettingsError: the port is taken.
        """
        self._socket = _listening(port)
        guard = Guard(application(stage), self._socket.getsockname()[1])
        self.link = guard.link
        """Opens the page, once."""
        config = uvicorn.Config(
            guard, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="audition page", daemon=True)

    def __enter__(self) -> Page:
        """Start; the link works when this returns.

        Raises:
            SettingsError: it did not start.
        """
        self._thread.start()
        for _ in range(int(_START_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            self._thread.join(0.01)
        if not self._server.started:
            raise SettingsError("the page did not start.", hint="Is uvicorn complete? pip install 'otio-soundtrack[web]'")
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None) -> None:
        """Stop."""
        self._server.should_exit = True
        self._thread.join(_STOP_S)
        self._socket.close()


def _listening(port: int) -> socket.socket:
    made = socket.socket()
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        made.close()
        raise SettingsError(f"--port {port} cannot be had: {error}.", hint="Leave it out: any free port will do.") from error
    return made
