"""What a track that was found sounds like, before anybody takes it."""

from __future__ import annotations

from pathlib import Path

from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.jobs.bridge import run_async
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import open_wire
from otio_soundtrack.provider.ask import Candidate


def preview(provider: str, track: Candidate, folder: Path) -> Path:
    """Return a file that lets a track be heard: its own on this machine, else one that we fetch: no browser calls a service.

    Args:
        provider: who found it.
        track: as it was found.
        folder: where a fetched file is kept.

    Raises:
        UnusableTakeError: there is no preview.
        ProviderError: it could not be fetched; its address is checked as that of any file of a service.
    """
    if track.path:
        return Path(track.path)
    if not track.preview_url:
        raise UnusableTakeError(f"{track.title} has no preview.", hint="Pick it to hear it fitted.")
    service = SERVICES[provider]

    async def fetched() -> Fetched:
        async with open_wire(service) as wire:
            return await wire.download(track.preview_url, folder, kind="audio", or_archive=False, with_key=True)

    return run_async(fetched).path
