"""The audition page on 127.0.0.1, behind its guard."""

from __future__ import annotations

from otio_soundtrack.web.desk import application
from otio_soundtrack.web.guard import Guard
from otio_soundtrack.web.serving import Server, listen
from otio_soundtrack.web.stage import Stage


def page(stage: Stage, port: int = 0) -> tuple[str, Server]:
    """Return the link that opens an audition, once, and its server, to be entered.

    Args:
        stage: what is shown.
        port: 0 is any that is free.

    Raises:
        SettingsError: the port is taken.
    """
    listening = listen("audition page", "127.0.0.1", port)
    guard = Guard(application(stage), listening.getsockname()[1])
    return guard.link, Server(guard, listening, name="audition page")
