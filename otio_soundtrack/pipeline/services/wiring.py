"""The doors that jobs go through: to a service by the network, to the ear by the room of audio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.access import access, network_settings
from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.jobs import Clock, LinkExpiredError, Wire
from otio_soundtrack.jobs.wire import FileKind
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.pipeline.services.publishing import published
from otio_soundtrack.provider.service import Service
from otio_soundtrack.provider.steps import Heard
from otio_soundtrack.tools.archive import Entry
from otio_soundtrack.tools.archive import unpack as unpacked
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.network.client import Network
from otio_soundtrack.tools.network.download import download
from otio_soundtrack.tools.network.failures import ExpiredLinkError
from otio_soundtrack.tools.sniff import HEAD_BYTES
from otio_soundtrack.tools.sniff import sniffed as kind_of


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


class JobEars:
    """The ears of the room of audio in the words of the job runner."""

    def __init__(self, ears: Ears) -> None:
        """Take the ears."""
        self._ears = ears

    def hear(self, file: Fetched, /) -> Heard:
        """Return what was measured on a take that passes."""
        return self._ears.hear(file.path)

    def same_start(self, one: Fetched, other: Fetched, seconds: float, /) -> bool:
        """Return whether two takes begin with the same music."""
        return self._ears.same_start(one.path, other.path, seconds=seconds)

    def join(self, first: Fetched, at_seconds: float, second: Fetched, folder: Path, /) -> Fetched:
        """Return two takes in one."""
        return self._ears.join(first.path, at_seconds, second.path, folder)

    def unpack(self, file: Fetched, folder: Path, /) -> tuple[Fetched, ...]:
        """Return the music in an archive or a video, the mix first."""
        if sniffed(file.path)[0] != "archive":
            return self._ears.unpack(file.path, folder)
        found: list[tuple[Entry, Fetched]] = []
        with store_errors(folder):
            beside = TemporaryDirectory(prefix=".unpack.", dir=folder)  # of its own: another job may unpack the same archive
        with beside as place:
            for entry in unpacked(file.path, Path(place)):
                with suppress(UnusableTakeError):  # texts and pictures lie beside the music
                    found += [(entry, one) for one in self._ears.unpack(entry.path, folder)]
        if not found:
            raise UnusableTakeError("the archive of the service holds no music.", hint="Ask for the music again.")
        return tuple(one for _, one in sorted(found, key=lambda pair: _rank(pair[0])))

    def publish(self, path: Path, /) -> str:
        """Put a file where services can fetch it."""
        return published(path)


def _rank(entry: Entry) -> tuple[bool, bool, int]:
    """Order what was in an archive: stems after the mix, sound before video, the larger first."""
    name = entry.name.lower()
    return "stem" in name, name.endswith((".mp4", ".mov")), -entry.size


def sniffed(path: Path) -> tuple[str, str]:
    """Return kind and suffix of a file by its first bytes."""
    with path.open("rb") as file:
        return kind_of(file.read(HEAD_BYTES))
