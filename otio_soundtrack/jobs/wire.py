"""Whom the runner works with: the door to the network and the ears, each handed in from above."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, TypeVar

from otio_soundtrack.errors import ProviderError
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider.service import Service
from otio_soundtrack.provider.steps import Heard

T = TypeVar("T")
FileKind = Literal["audio", "video", "media", "archive", "json"]


class LinkExpiredError(ProviderError):
    """A link to a file is not valid any more; a fresh one may be asked for."""


class Wire(Protocol):
    """The door to one service."""

    def host(self, request: Request, /) -> str:
        """Return where a request goes, for the list of what left the machine."""

    async def send(self, request: Request, /, *, leaving: Callable[[], None]) -> Reply:
        """Send a request and return the answer, whatever its status.

        Args:
            request: what is sent.
            leaving: called right before the first byte of the request leaves.

        Raises:
            UnavailableError: there is no answer; if ``leaving`` was not called, nothing left.
        """

    def events(self, request: Request, /, *, leaving: Callable[[], None], opened: Callable[[Reply], None]) -> AsyncIterator[str]:
        """Return the ``data`` of server-sent events, to the end of the stream.

        Args:
            request: what is sent.
            leaving: as with :meth:`send`.
            opened: shown status, headers and, where the answer is no event stream, its body.

        Raises:
            UnavailableError: the stream broke.
        """

    async def download(self, url: str, folder: Path, /, *, kind: FileKind, or_archive: bool, with_key: bool) -> Fetched:
        """Download into a folder, resumed where a part lies there already, and return the whole, checked file.

        Raises:
            UnavailableError: it broke off; what arrived is kept for the next try.
            LinkExpiredError: the link is not valid any more.
            BadReplyError: what came is not such a file.
        """


OpenWire: TypeAlias = Callable[[Service], AbstractAsyncContextManager[Wire]]
"""Service → its door, closed when the jobs are done."""


class Ears(Protocol):
    """What is done with files that arrived; called in threads of their own, several at once."""

    def hear(self, file: Fetched, /) -> Heard:
        """Return what was measured; a file that does not pass raises UnusableTakeError."""

    def same_start(self, one: Fetched, other: Fetched, seconds: float, /) -> bool:
        """Return whether two takes begin with the same music, as far as ``seconds``."""

    def join(self, first: Fetched, at_seconds: float, second: Fetched, folder: Path, /) -> Fetched:
        """Return two takes in one, written into a folder under its hash."""

    def unpack(self, file: Fetched, folder: Path, /) -> tuple[Fetched, ...]:
        """Return the music in an archive or a video, the mix first, written into a folder."""

    def publish(self, path: Path, /) -> str:
        """Put a file where services can fetch it and return its URL."""


async def in_thread(work: Callable[[], T]) -> T:
    """Do something slow beside the loop; who is interrupted does not wait for it, and neither does the end of the process."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[T] = loop.create_future()

    def tell(result: T | None, error: BaseException | None) -> None:
        if waiting.done():  # the waiting one was cancelled
            return
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(result)  # type: ignore[arg-type]  # None is then what ``work`` returned

    def run() -> None:
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001  # whatever it is, it belongs to the one who waits
            failure = error
        try:
            loop.call_soon_threadsafe(tell, result, failure)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    threading.Thread(target=run, daemon=True).start()
    return await waiting
