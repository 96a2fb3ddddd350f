"""Music of an earlier cut on this one: the stored take on the new length, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from otio_soundtrack.model.conform import Conformed, Moved, Remembered
from otio_soundtrack.model.cue import Cue, HitReport, SeamReport
from otio_soundtrack.model.handles import Handles
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.cut.earlier import Earlier, EarlierCue, EarlierTake
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue
from otio_soundtrack.pipeline.takes.fitted import Original, fitted
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.times import frame_seconds, frames_at
from otio_soundtrack.tools.store import TakeStore

_SAME_S = 0.05
"""Joins that leave and enter the take within so much are the same join."""
_NEAR_FRAMES = 1
"""A hit that lies so near to where its picture lies now is that hit."""


def kept_takes(
    cue: PlannedCue, store: TakeStore, *, most: int, lufs: float, handles: Handles
) -> tuple[list[Accepted] | None, str]:
    """Return the takes of an earlier version of the cut fitted to this one: nobody is asked, nothing is paid.

    Args:
        cue: with the cue of the earlier version that it goes on with.
        store: where the takes lie as they came, and where the fitted ones are kept.
        most: takes that are wanted.
        lufs: integrated loudness of the result.
        handles: what the file shall hold beyond the cue.

    Returns:
        the takes; None where there were none, or one is not in the store any more, with a clause that says so.

    Raises:
        UnusableTakeError, FitError: they cannot be laid on this cue.
        StoreError: no room for them.
    """
    if cue.before is None:
        return None, ""
    takes = [(take, store.find_original(take.record.source_sha256)) for take in cue.before.takes[:most]]
    if lost := [take.key for take, file in takes if file is None]:
        return None, f"Cue {cue.spot.cue_id}: {' and '.join(lost)} of the earlier cut is not in the store of this machine"
    return [_refitted(take, file, cue.brief, store, lufs=lufs, handles=handles) for take, file in takes if file is not None], ""


def _refitted(take: EarlierTake, file: Path, brief: Brief, store: TakeStore, *, lufs: float, handles: Handles) -> Accepted:
    """Return one take fitted to this cut."""
    record, kept = take.record, take.remembered or Remembered()
    came = Original(
        file=Fetched(path=file, sha256=record.source_sha256, size=file.stat().st_size),
        start_seconds=kept.start_seconds,
        title=kept.title,
        facts={},
    )
    return fitted(
        *(came, brief, store),
        job_ids=record.job_ids,
        cost=record.cost.credits,
        lufs=lufs,
        handles=handles,
        rights=record.rights,
    )


def conformed(cues: Sequence[Cue], planned: Sequence[PlannedCue], earlier: Earlier | None) -> tuple[Cue, ...]:
    """Return cues that know what became of the music of an earlier cut; the take that played there plays here.

    Args:
        cues: with their takes.
        planned: the same cues, in the same order, before they had takes.
        earlier: the earlier cut; None: there is none.
    """
    if earlier is None:
        return tuple(cues)
    return tuple(cue if one.before is None else _told(cue, one.before, earlier) for cue, one in zip(cues, planned, strict=True))


def _told(cue: Cue, before: EarlierCue, earlier: Earlier) -> Cue:
    active = before.active if any(take.key == before.active for take in cue.takes) else cue.active
    cue = replace(cue, active=active)
    was, now = before.record, cue.active_take.record
    other = now.provider != "local" and was.source_sha256 != now.source_sha256
    if was.sha256 == now.sha256 or other or (now.job_ids and was.job_ids != now.job_ids):
        return cue  # the very same music, or somebody was asked anew
    (start, end), notes = before.span, tuple[str, ...]()
    if now.provider == "local" and was.key == now.key and was.brief.seed == now.brief.seed:
        notes = (f"Composed anew for this cut with seed {now.brief.seed}, in {now.key}, {_tempo(was.tempo_bpm, now.tempo_bpm)}.",)
    return replace(
        cue,
        conformed=Conformed(
            how="composed" if now.provider == "local" else "refitted",
            earlier_sha256=was.sha256,
            frames_before=end - start,
            frames_after=cue.spot.frames,
            shots=tuple(earlier.alignment.changes(_old(earlier, before), _new(earlier, cue), earlier.codes))
            if before.shots
            else None,
            music=(*_hits(was.hits, now.hits, before, cue, earlier), *_joins(was.seams, now.seams)),
            notes=notes,
        ),
    )


def _tempo(before: float, after: float) -> str:
    return f"at {after:.1f} BPM" + ("" if abs(before - after) < _SAME_S else f" instead of {before:.1f}")


def _old(earlier: Earlier, before: EarlierCue) -> range:
    """Return the numbers of the shots under the earlier cue."""
    return _under([(shot.start, shot.end) for shot in earlier.alignment.old], *before.span)


def _new(earlier: Earlier, cue: Cue) -> range:
    """Return the numbers of the shots under the cue."""
    return _under([(shot.start, shot.end) for shot in earlier.alignment.new], cue.spot.start, cue.spot.end)


def _under(places: Sequence[tuple[int, int]], first: int, after: int) -> range:
    inside = [number for number, (start, end) in enumerate(places) if start < after and end > first]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _hits(was: Sequence[HitReport], now: Sequence[HitReport], before: EarlierCue, cue: Cue, earlier: Earlier) -> Iterator[Moved]:
    """Yield hits that lie elsewhere now: by the picture that they lie on, else by their label."""
    rate, left = earlier.cut.exact_rate, list(now)

    def frame(seconds: float, start: int) -> int:
        return start + frames_at(Fraction(seconds), rate)

    for hit in was:
        there = earlier.alignment.frame(frame(hit.at, before.span[0]))
        same = [
            one
            for one in left
            if (there is not None and abs(frame(one.at, cue.spot.start) - there) <= _NEAR_FRAMES)
            or (hit.label and (one.label, one.origin) == (hit.label, hit.origin))
        ]
        found = same[0] if same else None
        if found is not None:
            left.remove(found)
        if found is None or abs(found.at - hit.at) >= float(frame_seconds(1, rate)) / 2:
            yield Moved(what="hit", label=hit.label or hit.origin, before=hit.at, after=None if found is None else found.at)
    yield from (Moved(what="hit", label=hit.label or hit.origin, before=None, after=hit.at) for hit in left)


def _joins(was: Sequence[SeamReport], now: Sequence[SeamReport]) -> Iterator[Moved]:
    """Yield joins that lie elsewhere now, are gone, or are new."""
    left = list(now)
    for join in was:
        found = next((one for one in left if abs(one.from_ - join.from_) < _SAME_S and abs(one.to - join.to) < _SAME_S), None)
        if found is not None:
            left.remove(found)
        if found is None or abs(found.at - join.at) >= _SAME_S:
            yield Moved(what="join", before=join.at, after=None if found is None else found.at)
    yield from (Moved(what="join", before=None, after=join.at) for join in left)
