"""Cues whose music a service makes: what is asked for them, and how its answers are accepted and fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from otio_soundtrack.access import require_key
from otio_soundtrack.errors import AudioError, ProviderError, SettingsError, UnusableTakeError
from otio_soundtrack.jobs import Result
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue, seen_brief
from otio_soundtrack.pipeline.laying.cueing import laid_cue
from otio_soundtrack.pipeline.laying.delivering import Delivery
from otio_soundtrack.pipeline.laying.folder import MediaFolder
from otio_soundtrack.pipeline.services.asking import asked_of, with_picture
from otio_soundtrack.pipeline.services.estimating import estimate
from otio_soundtrack.pipeline.takes.conforming import kept_takes
from otio_soundtrack.pipeline.takes.fitted import fitted
from otio_soundtrack.pipeline.takes.marking import Charge
from otio_soundtrack.pipeline.takes.requested import Delivered, Requested
from otio_soundtrack.pipeline.takes.taking import Accepted, shortfalls
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration
from otio_soundtrack.provider.ask import Ask
from otio_soundtrack.provider.service import Service
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class Commission:
    """What all cues of a run have in common that a service makes."""

    asked: ScoreOptions
    service: Service
    store: TakeStore
    progress: Progress
    conforms: bool = False
    """Whether takes of an earlier run may do: then a key is needed only where the service is asked all the same."""
    keyless: bool = False
    """Whether another process asks the service: then no key is looked for in this one."""
    told: list[str] = field(default_factory=list)
    """What the user should know, sentences."""
    notes: list[str] = field(default_factory=list)
    """What the service cannot be asked, sentences."""
    lost: list[str] = field(default_factory=list)
    """Takes of an earlier cut that are gone, sentences."""
    jobs: list[dict[str, object]] = field(default_factory=list)
    """The jobs as ``--json`` shows them."""

    @property
    def declaration(self) -> Declaration:
        """Return what the service says of itself."""
        return self.service.declaration

    def check(self) -> None:
        """Check what can be checked before anything is decoded.

        Raises:
            SettingsError: something is asked that only the local engine can give.
            KeyMissingError: the service needs a key.
        """
        name = self.declaration.name
        if self.asked.stems:
            raise SettingsError(f"--stems: {name} gives no stems that can be fitted.", hint="Leave --stems out.")
        if self.asked.takes > self.declaration.most_takes:
            raise SettingsError(f"--takes: {name} makes {self.declaration.most_takes} at most.", hint="Ask for fewer.")
        if not self.conforms and not self.keyless:
            require_key(self.declaration.name, self.declaration.base_url, self.declaration.key_variable)

    def requested(self, cues: Sequence[PlannedCue], source: Opened, made_up: Delivery) -> Requested:
        """Return what is to be asked for the cues; takes of an earlier version of the cut are fitted to this one instead.

        Args:
            cues: spots and briefs.
            source: the timeline.
            made_up: how the music files are made up.

        Raises:
            ProviderError, SettingsError: the service cannot take what would be asked.
            AudioError, PictureError, StoreError: an earlier take cannot be laid on its cue, or the cue could not be exported.
        """
        seen = tuple(replace(cue, brief=seen_brief(source.timeline, self.declaration.name, cue.brief)) for cue in cues)
        kept = {cue.spot.cue_id: takes for cue in seen if (takes := self._kept(cue, made_up)) is not None}
        try:
            asks = {cue.spot.cue_id: self._ask(cue, source) for cue in seen if cue.spot.cue_id not in kept}
        except ProviderError as error:
            error.hint = " ".join([*self.lost, error.hint])
            raise
        return Requested(cues=seen, kept=kept, asks=asks, notes=tuple(self.notes), lost=tuple(self.lost))

    def cues(
        self,
        requested: Requested,
        delivered: Delivered,
        source: Opened,  # noqa: ARG002  # read when it was asked
        *,
        music: MediaFolder,
        changes: Sequence[int],
        written: list[Path],
    ) -> tuple[Cue, ...]:
        """Return the cues with their takes laid.

        Args:
            requested: what was asked.
            delivered: what came of it.
            source: the timeline, read when it was asked.
            music: where the takes are laid.
            changes: frames of the timeline on which the picture changes.
            written: is told the path of every file that was not there before.

        Raises:
            AudioError, StoreError: no usable take, or no place for it.
        """
        self.notes[:] = (*requested.notes, *delivered.notes)
        self.told.extend(requested.lost)
        results = delivered.results
        self.jobs.extend(result.told() for result in results.values() if result.job)
        return tuple(
            self._cue(cue, requested.kept[cue.spot.cue_id], music, changes, written)
            if cue.spot.cue_id in requested.kept
            else self._laid(cue, results[cue.spot.cue_id], music, changes, written)
            for cue in requested.cues
        )

    def _kept(self, cue: PlannedCue, made_up: Delivery) -> tuple[Accepted, ...] | None:
        """Return the takes of an earlier version of the cut, fitted to this one; None where there are none, or no more.

        Raises:
            FitError, UnusableTakeError: they cannot be laid on this cue.
        """
        if cue.before is not None:
            self.progress("fitting", 0.5)
        around = made_up.handles(cue.spot.start)
        takes, lost = kept_takes(cue, self.store, most=self.asked.takes, lufs=self.asked.loudness, handles=around)
        if lost:
            self.lost.append(f"{lost}, so that {self.declaration.title} is asked anew.")
        return None if takes is None else tuple(takes)

    def _ask(self, cue: PlannedCue, source: Opened) -> Ask:
        """Return what is asked for a cue; limits are checked before its picture is exported."""
        who, home = self.declaration, self.store.home
        ask = asked_of(cue.brief, cue.spot, source, asked=self.asked, who=who, home=home)
        self.notes.extend(estimate(self.service, cue, ask).wording.left_out)
        if who.picture is None:
            return ask
        return with_picture(ask, cue.spot, source, limits=who.picture, home=home, progress=self.progress)

    def _laid(self, cue: PlannedCue, result: Result, music: MediaFolder, changes: Sequence[int], written: list[Path]) -> Cue:
        """Return a cue with the takes of a delivery, fitted; takes that do not fit give way to the next."""
        brief, delivery = cue.brief, result.value
        self.told.extend(f"Cue {brief.plan.cue_id}: {note}" for note in delivery.notes)
        accepted: list[Accepted] = []
        refused: list[str] = []
        for number, offer in enumerate(delivery.offers, start=1):
            if len(accepted) == self.asked.takes:
                break
            ids = (result.job, *offer.service_ids)
            self.progress("fitting", number / (len(delivery.offers) + 1))
            try:
                accepted.append(
                    fitted(
                        *(offer, brief, self.store),
                        job_ids=ids,
                        cost=result.credits,
                        lufs=self.asked.loudness,
                        handles=music.delivery.handles(cue.spot.start),
                        charge=Charge(self.declaration.name, result.credits / len(delivery.offers)),
                    )
                )
            except AudioError as error:
                refused.append(f"take {number}: {error.message}")
        if not accepted:
            unusable = UnusableTakeError(
                f"cue {brief.plan.cue_id}: no take of {self.declaration.title} can be laid on the cue ({'; '.join(refused)}).",
                hint=f"The takes are kept in job {result.job}; ask for another with --fresh, which is paid again.",
            )
            unusable.jobs = (result.job,)
            raise unusable
        self.told.extend(f"Cue {brief.plan.cue_id}: {one}" for one in refused)
        return self._cue(cue, accepted, music, changes, written)

    def _cue(
        self, cue: PlannedCue, accepted: Sequence[Accepted], music: MediaFolder, changes: Sequence[int], written: list[Path]
    ) -> Cue:
        """Return a cue with its takes laid."""
        self.told.extend(shortfalls(accepted, self.declaration, self.asked.loudness))
        return laid_cue(cue.spot, accepted, self.declaration, self.store, music=music, changes=changes, written=written)
