"""Planned cue → cue with its takes in the media folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from otio_soundtrack.model.cue import Cue
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue, seen_brief
from otio_soundtrack.pipeline.laying.cueing import laid_cue
from otio_soundtrack.pipeline.laying.delivering import Delivery
from otio_soundtrack.pipeline.laying.folder import MediaFolder
from otio_soundtrack.pipeline.laying.stemming import Stemmer
from otio_soundtrack.pipeline.takes.requested import Delivered, Requested
from otio_soundtrack.pipeline.takes.taking import shortfalls, take
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration, Engine
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class CueMaker:
    """What all cues of a run have in common."""

    asked: ScoreOptions
    engine: Engine
    store: TakeStore
    progress: Progress
    told: list[str] = field(default_factory=list)
    """In what the music is not what was asked for, sentences for the user."""

    @property
    def stemmer(self) -> Stemmer | None:
        """What lays the stems, None where they are not wanted."""
        wanted = Stemmer(engine=self.engine, lufs=self.asked.loudness, progress=self.progress)
        return wanted if self.asked.stems else None

    @property
    def declaration(self) -> Declaration:
        """Return what the engine says of itself."""
        return self.engine.declaration

    @property
    def jobs(self) -> list[dict[str, object]]:
        """Return the jobs of services: there are none."""
        return []

    @property
    def notes(self) -> list[str]:
        """Return what the engine cannot be asked: it reads the whole plan."""
        return []

    def check(self) -> None:
        """Check what can be checked before anything is decoded.

        Raises:
            SettingsError: the stems would not fit.
        """
        if self.stemmer is not None:
            self.stemmer.check()

    def requested(
        self,
        cues: Sequence[PlannedCue],
        source: Opened,  # noqa: ARG002  # read for services only
        made_up: Delivery,  # noqa: ARG002  # as the timeline
    ) -> Requested:
        """Return the cues: nobody need be asked for them."""
        return Requested(cues=tuple(cues))

    def cues(
        self,
        requested: Requested,
        delivered: Delivered,  # noqa: ARG002  # of nobody
        source: Opened,
        *,
        music: MediaFolder,
        changes: Sequence[int],
        written: list[Path],
    ) -> tuple[Cue, ...]:
        """Return the cues with their takes laid; see :meth:`cue`."""
        return tuple(self.cue(cue, source, music, changes, written) for cue in requested.cues)

    def cue(self, cue: PlannedCue, source: Opened, music: MediaFolder, changes: Sequence[int], written: list[Path]) -> Cue:
        """Return a cue with its takes laid.

        Args:
            cue: spot and brief.
            source: the timeline, for the studio's hook scripts.
            music: where the takes are laid.
            changes: frames of the timeline on which the picture changes: the takes are heard against them.
            written: is told the path of every file that was not there before.

        Raises:
            SettingsError: a studio's script left no brief.
            AudioError, StoreError: no usable take, or no place for it.
        """
        brief = seen_brief(source.timeline, self.asked.provider, cue.brief)
        lufs, fresh = self.asked.loudness, self.asked.fresh
        handles = music.delivery.handles(cue.spot.start)
        accepted = [
            take(brief, number, self.engine, self.store, lufs=lufs, fresh=fresh, progress=self.progress, handles=handles)
            for number in range(1, self.asked.takes + 1)
        ]
        self.told.extend(shortfalls(accepted, self.engine.declaration, lufs))
        who, stemmer = self.declaration, self.stemmer
        return laid_cue(cue.spot, accepted, who, self.store, music=music, changes=changes, written=written, stemmer=stemmer)
