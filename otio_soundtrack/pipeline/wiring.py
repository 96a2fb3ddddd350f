"""The doors that jobs go through: to a service by the network, to the ear by the room of audio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from otio_soundtrack.access import access, network_settings
from otio_soundtrack.jobs import Clock, LinkExpiredError, Wire
from otio_soundtrack.jobs.wire import FileKind
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider.service import Service
from otio_soundtrack.tools.network.client import Network
from otio_soundtrack.tools.network.download import download
from otio_soundtrack.tools.network.failures import ExpiredLinkError


@asynccontextmanager
async def open_wire(service: Service) -> AsyncIterator[Wire]:
    """Give the door to a service.

    Raises:
        KeyMissingError, SettingsError: the environment does not say how it is reached.
    """
    who = service.declaration
    if who.base_url is None:
        raise ValueError(f"{who.name} is no service")
    reached, settings = access(who.name, who.base_url, who.key_variable), network_settings()
    async with Network(reached, settings) as network:
        yield _Wire(network)


def clock() -> Clock:
    """Return the clock of jobs, in the pace that the environment asks for."""
    return Clock(pace=network_settings().pace)


class _Wire:
    """A network in the words of the job runner."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def host(self, request: Request, /) -> str:
        return self._network.host(request)

    async def send(self, request: Request, /, *, leaving: Callable[[], None]) -> Reply:
        return await self._network.send(request, leaving=leaving)

    def events(self, request: Request, /, *, leaving: Callable[[], None], opened: Callable[[Reply], None]) -> AsyncIterator[str]:
        return self._network.events(request, leaving=leaving, opened=opened)

    async def download(self, url: str, folder: Path, /, *, kind: FileKind, or_archive: bool, with_key: bool) -> Fetched:
        try:
            return await download(self._network, url, folder, kind=kind, or_archive=or_archive, with_key=with_key)
        except ExpiredLinkError as error:
            raise LinkExpiredError(error.message, hint=error.hint) from error
