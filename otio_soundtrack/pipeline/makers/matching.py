"""Cues whose music comes from the local library: ranked, copied into the store, fitted. No key, no network, no consent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from otio_soundtrack.errors import AudioError, PictureError, SettingsError, UnusableTakeError
from otio_soundtrack.library.declaration import DECLARATION
from otio_soundtrack.library.search import Ranked, method, ranked
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.handles import Handles
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.pipeline.cut.cutting import Opened, TimelineOrPath, opened
from otio_soundtrack.pipeline.cut.earlier import EarlierCue
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue, picture_changes, planned, seen_brief
from otio_soundtrack.pipeline.laying.cueing import laid_cue
from otio_soundtrack.pipeline.laying.delivering import Delivery
from otio_soundtrack.pipeline.laying.folder import MediaFolder
from otio_soundtrack.pipeline.makers.tracks import candidate, offer, stored
from otio_soundtrack.pipeline.makers.wanting import check_reference, wanted
from otio_soundtrack.pipeline.takes.conforming import kept_takes
from otio_soundtrack.pipeline.takes.fitted import fitted
from otio_soundtrack.pipeline.takes.marking import Charge
from otio_soundtrack.pipeline.takes.requested import Delivered, Requested
from otio_soundtrack.pipeline.takes.taking import Accepted, shortfalls
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider import Declaration
from otio_soundtrack.provider.ask import Candidate
from otio_soundtrack.provider.options import known
from otio_soundtrack.settings import ScoreOptions, home, score_options
from otio_soundtrack.tools.catalogue import counted
from otio_soundtrack.tools.store import TakeStore

SPARE = 5
"""Tracks that may be passed over before the library is given up."""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """Tracks that suit a cue."""

    cue_id: str
    wanted: Wanted
    candidates: tuple[Candidate, ...]


def matches(timeline: TimelineOrPath, count: int, *, progress: Progress = silent, **options: object) -> tuple[Matched, ...]:
    """Return the ranked tracks of the library for each cue of a cut; nothing is written.

    Args:
        timeline: an OTIO timeline or the path of one.
        count: tracks a cue, at most.
        progress: is told how far the work is.
        options: options of ``score``.

    Raises:
        SettingsError: the library is empty, or an option that cannot be obeyed.
        TimelineError, PictureError, StoreError: as for ``score``.
    """
    asked = score_options(**options)
    _check(asked)
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source, Library(home()) as library:
        ready = planned(source, asked, progress)
        found = []
        for cue in ready.cues:
            brief = seen_brief(source.timeline, DECLARATION.name, cue.brief)
            ask = wanted(cue, brief, source, asked, picture_changes(ready))
            listed = [candidate(rank, one) for rank, one in enumerate(ranked(library, ask, count), start=1)]
            found.append(Matched(cue_id=cue.spot.cue_id, wanted=ask, candidates=tuple(listed)))
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Matching:
    """What all cues of a run have in common that the library serves."""

    asked: ScoreOptions
    store: TakeStore
    progress: Progress
    conforms: bool = False
    """Whether takes of an earlier run may do: then there need be no track in the library."""
    told: list[str] = field(default_factory=list)
    """What the user should know, sentences."""
    notes: list[str] = field(default_factory=list)
    """Why each take was chosen, and how the library was searched, sentences."""

    @property
    def declaration(self) -> Declaration:
        """Return what the library says of itself."""
        return DECLARATION

    @property
    def jobs(self) -> list[dict[str, object]]:
        """Return the jobs of services: there are none."""
        return []

    def check(self) -> None:
        """Check what can be checked before anything is decoded.

        Raises:
            SettingsError: the library is empty, or something is asked that recorded music cannot give.
        """
        if self.asked.stems:
            raise SettingsError("--stems: the library gives no stems.", hint="Leave --stems out.")
        _check(self.asked, empty=self.conforms)

    def requested(
        self,
        cues: Sequence[PlannedCue],
        source: Opened,  # noqa: ARG002  # read for services only
        made_up: Delivery,  # noqa: ARG002  # as the timeline
    ) -> Requested:
        """Return the cues: nobody outside need be asked for them."""
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
        """Return the cues with their takes laid: the picked track, and for more takes those that rank after it.

        Args:
            requested: spots and briefs.
            delivered: nothing.
            source: the timeline.
            music: where the takes are laid.
            changes: frames of the timeline on which the picture changes.
            written: is told the path of every file that was not there before.

        Raises:
            AudioError, StoreError: no track can be laid, or there is no place for it.
        """
        first, made = self.asked.service.pick - 1, []
        with Library(self.store.home) as library:
            for cue in requested.cues:
                brief = seen_brief(source.timeline, DECLARATION.name, cue.brief)
                handles = music.delivery.handles(cue.spot.start)
                self._take_in(cue.before, library)
                accepted = self._kept(cue, brief, handles)
                if not accepted:
                    ask = wanted(cue, brief, source, self.asked, changes)
                    listed = ranked(library, ask, first + self.asked.takes + SPARE)
                    accepted = self._accepted(brief, listed, first, handles)
                self.told.extend(shortfalls(accepted, DECLARATION, self.asked.loudness))
                laid = laid_cue(cue.spot, accepted, DECLARATION, self.store, music=music, changes=changes, written=written)
                made.append(laid)
        return tuple(made)

    def _take_in(self, before: EarlierCue | None, library: Library) -> None:
        """Put into the store what it has lost of an earlier cut, or another machine's never had, and the library still has."""
        takes = () if before is None else before.takes
        lost = {take.record.source_sha256 for take in takes if self.store.find_original(take.record.source_sha256) is None}
        for entry in library.files() if lost else ():
            if entry.sha256 in lost:
                with suppress(UnusableTakeError):  # gone, or other music now: then the take is told as lost
                    stored(entry.path, entry.sha256, self.store.home)

    def _kept(self, cue: PlannedCue, brief: Brief, handles: Handles) -> list[Accepted]:
        """Return the takes of an earlier version of the cut, fitted to this one; none where there are none, or no more."""
        seen = replace(cue, brief=brief)
        takes, lost = kept_takes(seen, self.store, most=self.asked.takes, lufs=self.asked.loudness, handles=handles)
        if lost:
            self.told.append(f"{lost}, so that the library is ranked anew.")
        return takes or []

    def _accepted(self, brief: Brief, listed: Sequence[Ranked], first: int, handles: Handles) -> list[Accepted]:
        """Return takes of the tracks from a rank on; what cannot be used gives way to the next.

        Raises:
            SettingsError: there are fewer tracks.
            UnusableTakeError: none of them can be used.
        """
        if not listed:
            raise _empty(self.told)
        if len(listed) <= first:
            raise SettingsError(f"--pick {first + 1}: the library has {len(listed)} tracks.", hint="Choose a lower number.")
        accepted: list[Accepted] = []
        refused: list[str] = []
        for rank, one in list(enumerate(listed, start=1))[first:]:
            if len(accepted) == self.asked.takes:
                break
            self.progress("fitting", len(accepted) / self.asked.takes)
            try:
                came, rights = offer(one.track, self.store.home), one.track.tags.rights
                accepted.append(
                    fitted(
                        came,
                        brief,
                        self.store,
                        job_ids=(),
                        cost=0.0,
                        lufs=self.asked.loudness,
                        handles=handles,
                        rights=rights,
                        charge=Charge(DECLARATION.name),
                    )
                )
            except (AudioError, PictureError) as error:
                refused.append(f"Cue {brief.plan.cue_id}: rank {rank}, “{one.track.title}”, was passed over: {error.message}")
            else:
                why = "; ".join(one.reasons)
                self.notes.append(f"Cue {brief.plan.cue_id}: rank {rank} of the library, “{one.track.title}”: {why}.")
        if not accepted:
            raise UnusableTakeError(
                f"cue {brief.plan.cue_id}: no track of the library can be laid on it ({' '.join(refused)})",
                hint="Run `otio-soundtrack library add` again, or take another --provider.",
            )
        self.told.extend(refused)
        self.notes.extend(one for one in (method(),) if one not in self.notes)
        return accepted


def _check(asked: ScoreOptions, *, empty: bool = False) -> None:
    """Check the options that only the library reads, and that there is a library, unless it may be empty.

    Raises:
        SettingsError: an option that it does not have, or no track at all.
    """
    check_reference(asked)
    known(DECLARATION, {pair.partition("=")[0].strip(): pair for pair in asked.service.set})
    if not empty and not counted(home()):
        raise _empty()


def _empty(told: Sequence[str] = ()) -> SettingsError:
    """Return the error of a library without a track; what was told before says why one is needed."""
    return SettingsError("the library is empty.", hint=" ".join([*told, "Add music with `otio-soundtrack library add DIR`."]))
