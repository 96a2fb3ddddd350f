"""Where the sandbox listens, which keys it takes, and the environment that points our commands at it."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from otio_soundtrack.errors import SettingsError

HOST = "127.0.0.1"
"""The sandbox is for this machine only: it has no protection that a network would ask for."""
SERVICES = ("slipstream", "aimi", "musicapi", "soundverse", "suno")
DESKS = (*SERVICES, "sunoapi", "media", "trap")
"""Everything that has a port, in their order. ``sunoapi`` is suno's other operator, with its own meanings of codes; ``media`` is
where results lie, another origin than any service, as in life; nobody has any business at ``trap``."""
HIGHEST_PORT = 65535


def key_of(service: str) -> str:
    """Return the key that a service of the sandbox takes: no secret, but handled as one by everybody else."""
    return f"sandbox-key-{'suno' if service == 'sunoapi' else service}"


@dataclass(frozen=True)
class Addresses:
    """The ports of a running sandbox."""

    ports: dict[str, int]
    """Of every desk."""

    def origin(self, desk: str) -> str:
        """Return scheme, host and port."""
        return f"http://{HOST}:{self.ports[desk]}"

    def desk(self, port: int) -> str:
        """Return who listens on a port."""
        return next(name for name, own in self.ports.items() if own == port)


def environment(addresses: Addresses, speed: float) -> dict[str, str]:
    """Return the variables that point our commands at a sandbox.

    Args:
        addresses: of the sandbox.
        speed: how many times faster than the real services it works.
    """
    lines = {f"{name.upper()}_API_KEY": key_of(name) for name in SERVICES}
    lines |= {f"{name.upper()}_BASE_URL": addresses.origin(name) for name in SERVICES}
    trusted = [addresses.origin(name) for name in DESKS if name != "trap"]
    return lines | {"OTIO_SOUNDTRACK_TRUSTED_ORIGINS": ",".join(trusted), "OTIO_SOUNDTRACK_PACE": f"{1 / speed:g}"}


def listening(port: int) -> tuple[Addresses, list[socket.socket]]:
    """Open the sockets of all desks.

    Args:
        port: of the first desk, the others follow it; 0 for any that are free.

    Raises:
        SettingsError: there are no such ports, or somebody else listens on one.
    """
    if port and not 1 <= port <= HIGHEST_PORT - len(DESKS):
        raise SettingsError(f"--port {port} leaves no room for {len(DESKS)} ports.", hint="Choose one from 1024 to 65000, or 0.")
    sockets: list[socket.socket] = []
    try:
        for number in range(len(DESKS)):
            sockets.append(_open(port + number if port else 0))  # noqa: PERF401  # those before a taken port are to be closed
    except OSError as error:
        for one in sockets:
            one.close()
        raise SettingsError(
            f"the sandbox cannot listen on port {port + len(sockets)}: {error.strerror or error}.",
            hint="Choose another --port, or 0 for free ones.",
        ) from error
    return Addresses({name: one.getsockname()[1] for name, one in zip(DESKS, sockets, strict=True)}), sockets


def _open(port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((HOST, port))
    except OSError:
        one.close()
        raise
    return one
