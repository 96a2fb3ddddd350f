"""What an earlier run laid on this timeline, and which of its cues is which of this cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from otio_soundtrack.model.conform import Remembered, Shot
from otio_soundtrack.model.cue import SIDECAR_ONLY, CueRecord
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.timeline import earlier as laid
from otio_soundtrack.timeline.alignment import Alignment, aligned, at_rate
from otio_soundtrack.timeline.shots import shots
from otio_soundtrack.times import exact_rate, frame_seconds, frames_at, timecode
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class EarlierTake:
    """A take that lies on the timeline."""

    key: str
    record: CueRecord
    remembered: Remembered | None
    """None: nothing was kept, as versions did that could not conform."""


@dataclass(frozen=True, kw_only=True)
class EarlierCue:
    """A cue that lies on the timeline."""

    takes: tuple[EarlierTake, ...]
    active: str
    track: str
    """Name of its track."""
    rate: float
    """Frames per second of this cut; the earlier one may have had another."""

    @property
    def take(self) -> EarlierTake:
        """Return the take that plays."""
        return next(take for take in self.takes if take.key == self.active)

    @property
    def record(self) -> CueRecord:
        """Return the record of the take that plays."""
        return self.take.record

    def in_store(self, store: TakeStore) -> bool:
        """Return whether all of its takes can be fitted anew: the files that they were fitted from are there."""
        return all(store.find_original(take.record.source_sha256) is not None for take in self.takes)

    @property
    def span(self) -> tuple[int, int]:
        """Return first frame and frame after, in frames of this cut's rate."""
        plan, wanted = self.record.brief.plan, exact_rate(self.rate)
        ends = (frame_seconds(frame, exact_rate(plan.rate)) for frame in (plan.start, plan.start + plan.frames))
        first, after = (frames_at(end, wanted) for end in ends)
        return first, after

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots that it was laid on, empty where they are not known."""
        known = () if self.take.remembered is None else self.take.remembered.shots
        return at_rate(known, exact_rate(self.record.brief.plan.rate), exact_rate(self.rate))


@dataclass(frozen=True)
class Earlier:
    """All cues of an earlier run, against this cut."""

    cues: tuple[EarlierCue, ...]
    cut: CutList

    @cached_property
    def alignment(self) -> Alignment:
        """Which shot of the earlier cut is which of this one."""
        known = {shot.start: shot for cue in self.cues for shot in cue.shots}
        return aligned([known[start] for start in sorted(known)], shots(self.cut), self.cut.exact_rate)

    @cached_property
    def codes(self) -> tuple[Sequence[str], Sequence[str]]:
        """Record timecodes of the shots of both cuts."""
        both = (self.alignment.old, self.alignment.new)
        old, new = ([timecode(shot.start, self.cut.rate, self.cut.start_time) for shot in one] for one in both)
        return old, new

    def partners(self, spots: Sequence[Spot]) -> dict[str, EarlierCue]:
        """Return the earlier cue of each cue: the one that went with most of its pictures; cues without one are left out.

        Where the pictures tell nothing, a single cue stays the single cue, and others keep their numbers.
        """
        shared: Counter[tuple[int, int]] = Counter()
        for here, there in self.alignment.pairs.items():
            was, now = self.alignment.old[here], self.alignment.new[there]
            olds = [number for number, cue in enumerate(self.cues) if _within(was, *cue.span)]
            news = [number for number, spot in enumerate(spots) if _within(now, spot.start, spot.end)]
            shared.update({(old, new): min(was.frames, now.frames) for old in olds for new in news})
        wanted = [pair for pair, _ in shared.most_common()]
        ids = {cue.record.cue_id: number for number, cue in enumerate(self.cues)}
        wanted += [(ids[spot.cue_id], number) for number, spot in enumerate(spots) if spot.cue_id in ids]
        wanted += [(0, 0)] if len(spots) == len(self.cues) == 1 else []
        found: dict[int, int] = {}
        for old, new in wanted:
            if new not in found and old not in found.values():
                found[new] = old
        return {spots[new].cue_id: self.cues[old] for new, old in found.items()}


def _within(shot: Shot, start: int, end: int) -> bool:
    return start <= shot.start + shot.frames // 2 < end


def earlier(source: Opened, store: TakeStore) -> Earlier | None:
    """Return the cues that lie on a timeline, None where there are none that this version can read.

    Args:
        source: the timeline.
        store: where more may be kept of them than the timeline tells.
    """
    cues = []
    for clip in laid.earlier_clips(source.timeline, source.root):
        takes = tuple(take for one in clip.takes if (take := _take(one, store)) is not None)
        if any(take.key == clip.active for take in takes):
            cues.append(EarlierCue(takes=takes, active=clip.active, track=clip.track, rate=source.cut.rate))
    return Earlier(tuple(cues), source.cut) if cues else None


def _take(one: laid.EarlierTake, store: TakeStore) -> EarlierTake | None:
    record = CueRecord.read(one.said)
    if record is None:
        return None
    remembered = store.recall(record.sha256)
    if remembered is None and SIDECAR_ONLY in one.beside:
        try:
            remembered = Remembered.model_validate(one.beside[SIDECAR_ONLY])
        except ValidationError:  # another version's: as good as nothing
            remembered = None
    return EarlierTake(key=one.key, record=record, remembered=remembered)
