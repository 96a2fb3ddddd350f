"""Cues whose music a service makes: asked, paid with consent, accepted, fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from otio_soundtrack.access import access
from otio_soundtrack.audio.ears import Ears as Listening
from otio_soundtrack.errors import (
    AudioError,
    JobOpenError,
    JobStateUnknownError,
    ProviderError,
    SettingsError,
    UnusableTakeError,
)
from otio_soundtrack.jobs import Consent, Order, Result, run
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.pipeline.asking import asked_of, with_picture
from otio_soundtrack.pipeline.composing import seen_brief
from otio_soundtrack.pipeline.conforming import kept_takes
from otio_soundtrack.pipeline.cutting import Opened
from otio_soundtrack.pipeline.fitted import fitted
from otio_soundtrack.pipeline.laying import MediaFolder
from otio_soundtrack.pipeline.listening import listened
from otio_soundtrack.pipeline.marking import Charge
from otio_soundtrack.pipeline.musicplan import PlannedCue
from otio_soundtrack.pipeline.ranking import score_order, searched_anew
from otio_soundtrack.pipeline.services import estimate
from otio_soundtrack.pipeline.taking import Accepted, shortfalls
from otio_soundtrack.pipeline.wiring import JobEars, clock, open_wire
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
        if not self.conforms:
            self._check_key()

    def cues(
        self, cues: Sequence[PlannedCue], source: Opened, music: MediaFolder, changes: Sequence[int], written: list[Path]
    ) -> tuple[Cue, ...]:
        """Return the cues with their takes laid; all of them are asked for at once.

        Args:
            cues: spots and briefs.
            source: the timeline.
            music: where the takes are laid.
            changes: frames of the timeline on which the picture changes.
            written: is told the path of every file that was not there before.

        Raises:
            ProviderError: a job did not deliver; what others delivered is kept for the next run.
            AudioError, StoreError: no usable take, or no place for it.
        """
        seen = [replace(cue, brief=seen_brief(source.timeline, self.declaration.name, cue.brief)) for cue in cues]
        kept = {cue.spot.cue_id: takes for cue in seen if (takes := self._kept(cue, music)) is not None}
        results = self._results([cue for cue in seen if cue.spot.cue_id not in kept], source)
        return tuple(
            self._cue(cue, kept[cue.spot.cue_id], music, changes, written)
            if cue.spot.cue_id in kept
            else self._laid(cue, results[cue.spot.cue_id], music, changes, written)
            for cue in seen
        )

    def _check_key(self) -> None:
        """Check that the service can be asked.

        Raises:
            KeyMissingError: it needs a key.
        """
        access(self.declaration.name, self.declaration.base_url or "", self.declaration.key_variable)

    def _kept(self, cue: PlannedCue, music: MediaFolder) -> list[Accepted] | None:
        """Return the takes of an earlier version of the cut, fitted to this one; None where there are none, or no more.

        Raises:
            FitError, UnusableTakeError: they cannot be laid on this cue.
        """
        if cue.before is not None:
            self.progress("fitting", 0.5)
        around = music.delivery.handles(cue.spot.start)
        takes, lost = kept_takes(cue, self.store, most=self.asked.takes, lufs=self.asked.loudness, handles=around)
        if lost:
            self.lost.append(f"{lost}, so that {self.declaration.title} is asked anew.")
        return takes

    def _results(self, cues: Sequence[PlannedCue], source: Opened) -> dict[str, Result]:
        """Return what the service delivers for the cues that it is asked for.

        Raises:
            ProviderError: no key, no consent, or it did not deliver.
        """
        if not cues:
            return {}
        try:
            self._check_key()
            asks = [self._ask(cue, source) for cue in cues]
            orders = [score_order(self.service, ask, fresh=self.asked.fresh) for ask in asks]
            self.notes.extend(said for order in orders if (said := searched_anew(order, self.store.home)))
            results = self._done(orders)
        except ProviderError as error:
            error.hint = " ".join([*self.lost, error.hint])
            raise
        self.told.extend(self.lost)
        return {cue.spot.cue_id: result for cue, result in zip(cues, results, strict=True)}

    def _ask(self, cue: PlannedCue, source: Opened) -> Ask:
        """Return what is asked for a cue; limits are checked before its picture is exported."""
        who, home = self.declaration, self.store.home
        ask = asked_of(cue.brief, cue.spot, source, asked=self.asked, who=who, home=home)
        self.notes.extend(estimate(self.service, cue, ask).wording.left_out)
        if who.picture is None:
            return ask
        return with_picture(ask, cue.spot, source, limits=who.picture, home=home, progress=self.progress)

    def _done(self, orders: list[Order]) -> tuple[Result, ...]:
        """Return the results of all orders.

        Raises:
            ProviderError: of the first that did not deliver, those first that may be taken up.
        """
        results = run(
            orders,
            home=self.store.home,
            open_wire=open_wire,
            ears=JobEars(Listening(self.store.home / "decoded")),
            consent=Consent(yes=self.asked.yes, max_cost=self.asked.max_cost),
            progress=self.progress,
            clock=clock(),
        )
        self.jobs.extend(result.told() for result in results if result.job)
        failed = [result.error for result in results if result.error is not None]
        for result in results:
            if result.error is not None and result.job and not result.error.hint:
                result.error.hint = f"`otio-soundtrack jobs show {result.job}` tells what was sent and what came back."
        for error in sorted(failed, key=lambda one: not isinstance(one, JobOpenError | JobStateUnknownError)):
            error.jobs = tuple(dict.fromkeys((*error.jobs, *(job for one in failed for job in one.jobs))))
            raise error
        return results

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
        heard = [
            music.delivery.stamped(listened(one, changes, self.declaration.name), cue.spot.start, self.store) for one in accepted
        ]
        sections = tuple((one.start, one.end, f"{one.mood.value} {one.energy:.2f}") for one in cue.brief.plan.sections)
        return Cue(spot=cue.spot, takes=music.lay(heard, self.declaration, written), sections=sections)
