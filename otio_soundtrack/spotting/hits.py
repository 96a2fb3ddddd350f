"""Moments that the music should hit (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.model.plan import HitPoint
from otio_soundtrack.spotting.cues import Read, Stretch
from otio_soundtrack.spotting.grammar import Word

USER_WEIGHT = 1.0
STRONGEST_MARKER_WEIGHT = 1.0
"""``HIT downbeat`` and ``STING``."""
MARKER_WEIGHT = 0.9
FAINTEST_CUT_WEIGHT, STRONGEST_CUT_WEIGHT = 0.2, 0.8
"""A cut never matters as much as what a person asked for."""
CUT_DISTANCE = 2.0
"""Seconds between a cut that is hit and any other hit: music that marks more is cartoon music."""
QUIET_END = 1.0
"""Seconds before the end of a cue in which no cut is hit: the last chord rings there."""

DOWNBEAT = "downbeat"


def marker_hits(read: Iterable[Read], stretch: Stretch) -> list[HitPoint]:
    """Return the hits that markers ask for inside a cue, in frames of the cue."""
    found = []
    for one in read:
        at = one.marker.start
        if not stretch.start <= at < stretch.end:
            continue
        if hit := one.says(Word.HIT):
            # each word of the editor stays in the label: "downbeat" is also what the composer reads there
            strongest = hit.text.casefold().startswith(DOWNBEAT)
            weight = STRONGEST_MARKER_WEIGHT if strongest else MARKER_WEIGHT
            found.append(HitPoint(frame=at - stretch.start, weight=weight, label=hit.text, origin="marker"))
        elif (sting := one.says(Word.STING)) and not one.spanned:
            label = sting.text or "sting"
            found.append(HitPoint(frame=at - stretch.start, weight=STRONGEST_MARKER_WEIGHT, label=label, origin="marker"))
    return found


def user_hits(frames: Iterable[int], stretch: Stretch) -> list[HitPoint]:
    """Return the user's hits inside a cue, in frames of the cue."""
    return [
        HitPoint(frame=frame - stretch.start, weight=USER_WEIGHT, origin="user")
        for frame in frames
        if stretch.start <= frame < stretch.end
    ]


def cut_hits(changes: Iterable[PictureChange], stretch: Stretch, taken: Iterable[HitPoint], rate: float) -> list[HitPoint]:
    """Return the strongest cuts inside a cue, none nearer than :data:`CUT_DISTANCE` to another hit.

    Args:
        changes: picture changes of the timeline.
        stretch: the cue.
        taken: hits that are already there, in frames of the cue.
        rate: frames per second.
    """
    apart = CUT_DISTANCE * rate
    last = stretch.end - QUIET_END * rate
    inside = [change for change in changes if stretch.start < change.frame < last]
    places = sorted(hit.frame for hit in taken)
    found = []
    for change in sorted(inside, key=lambda change: (-change.strength, change.frame)):
        frame = change.frame - stretch.start
        at = bisect_left(places, frame)
        if all(abs(frame - place) >= apart for place in places[max(0, at - 1) : at + 1]):
            places.insert(at, frame)
            weight = FAINTEST_CUT_WEIGHT + (STRONGEST_CUT_WEIGHT - FAINTEST_CUT_WEIGHT) * min(1.0, max(0.0, change.strength))
            found.append(HitPoint(frame=frame, weight=round(weight, 3), origin="cut"))
    return found


def merged(hits: Iterable[HitPoint]) -> tuple[HitPoint, ...]:
    """Return hits in order; of several on one frame the one that matters most, the first of equals, labelled if any is."""
    best: dict[int, HitPoint] = {}
    for hit in hits:
        known = best.get(hit.frame)
        if known is None or hit.weight > known.weight:
            label = hit.label or (known.label if known else "")
            best[hit.frame] = hit.model_copy(update={"label": label})
        elif hit.label and not known.label:
            best[hit.frame] = known.model_copy(update={"label": hit.label})
    return tuple(best[frame] for frame in sorted(best))
