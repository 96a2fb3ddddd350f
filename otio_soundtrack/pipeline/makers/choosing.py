"""Who makes the music of a run: the embedded engine, the local library or a service."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from otio_soundtrack.library.declaration import DECLARATION as LIBRARY
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue
from otio_soundtrack.pipeline.laying.delivering import Delivery
from otio_soundtrack.pipeline.laying.folder import MediaFolder
from otio_soundtrack.pipeline.makers.commissioning import Commission
from otio_soundtrack.pipeline.makers.composing import CueMaker
from otio_soundtrack.pipeline.makers.matching import Matching
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.takes.requested import Delivered, Requested
from otio_soundtrack.pipeline.takes.taking import engine
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration
from otio_soundtrack.settings import ScoreOptions, home
from otio_soundtrack.tools.store import TakeStore


class Maker(Protocol):
    """Makes the cues of a run."""

    @property
    def store(self) -> TakeStore:
        """Return where takes are kept."""

    @property
    def told(self) -> list[str]:
        """Return what the user should know, sentences."""

    @property
    def notes(self) -> list[str]:
        """Return what the provider cannot be asked, sentences."""

    @property
    def declaration(self) -> Declaration:
        """Return what the provider says of itself."""

    @property
    def jobs(self) -> list[dict[str, object]]:
        """Return the jobs of services, as ``--json`` shows them."""

    def check(self) -> None:
        """Check what can be checked before anything is decoded."""

    def requested(self, cues: Sequence[PlannedCue], source: Opened, made_up: Delivery) -> Requested:
        """Return what has to be asked of somebody else for the cues."""

    def cues(
        self,
        requested: Requested,
        delivered: Delivered,
        source: Opened,
        *,
        music: MediaFolder,
        changes: Sequence[int],
        written: list[Path],
    ) -> tuple[Cue, ...]:
        """Return the cues with their takes laid; ``written`` is told every file that was not there before."""


def maker_for(asked: ScoreOptions, progress: Progress, *, conforms: bool = False, keyless: bool = False) -> Maker:
    """Return who makes the music.

    Args:
        asked: what the user wants.
        progress: is told how far the work is.
        conforms: whether takes of an earlier run may do, so that nobody need be asked.
        keyless: whether another process asks services, so that no key is looked for in this one.

    Raises:
        SettingsError: no such provider, or a sound that the engine cannot play on.
        UnreadableMediaError: the SoundFont is damaged.
    """
    store = TakeStore(home())
    if asked.provider in SERVICES:
        service = SERVICES[asked.provider]
        return Commission(asked=asked, service=service, store=store, progress=progress, conforms=conforms, keyless=keyless)
    if asked.provider == LIBRARY.name:
        return Matching(asked=asked, store=store, progress=progress, conforms=conforms)
    return CueMaker(asked=asked, engine=engine(asked.provider, asked.sound), store=store, progress=progress)
