"""Where the character of the cut changes: the boundaries of sections (pure).

Boundaries are picture changes, because music that turns between two pictures sounds late. Among all of them those are
chosen that make the best whole: each is worth how different the picture is on both sides of it, each section costs what it is
shorter or longer than sections of such a cue should be (dynamic programming over the changes).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from math import log2, sqrt

from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.planning.look import Looks

SHORTEST_TYPICAL, LONGEST_TYPICAL = 8.0, 30.0
"""Seconds of a typical section: in short cues two to four bars, in long ones a full period of sixteen bars."""
TYPICAL_FACTOR = 2.0
"""Typical length is this × √seconds: 11 s in a 30 s spot, 15 s in a minute, 27 s in three."""
SHORTEST = 4.0
"""Seconds of the shortest section: about two bars, the least in which a change can be heard as one."""
LONGEST_SHARE = 6.0
"""Sections of more typical lengths are only looked at where nothing changes for so long: it keeps feature films quick, and is
exact for cues up to two minutes, which are not longer."""
WINDOW = 8.0
"""Seconds on each side over which pictures are compared."""
STRENGTH_SHARE = 0.35
"""What the picture change itself counts, against what is different around it."""
LENGTH_COST = 0.22
"""What a section costs that is half or double the typical length; as much as a plain change of character is worth."""
SECTION_COST = 0.12
"""What each further section costs: a change of character that is none is not worth a section."""
_IMPOSSIBLE = float("-inf")


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A place where a section may begin."""

    frame: int
    """Frame of the cue."""
    novelty: float
    """How different the picture is on both sides, 0 to about 1."""


def typical_length(seconds: float) -> float:
    """Return the length of a typical section of a cue of so many seconds."""
    return min(LONGEST_TYPICAL, max(SHORTEST_TYPICAL, TYPICAL_FACTOR * sqrt(seconds)))


def boundaries(changes: tuple[PictureChange, ...], looks: Looks, start: int, frames: int, rate: float) -> list[Boundary]:
    """Return the picture changes inside a cue with their novelty, in order.

    Args:
        changes: picture changes of the timeline.
        looks: answers how stretches look.
        start: first frame of the cue on the timeline.
        frames: its length.
        rate: frames per second.
    """
    window = max(1, round(WINDOW * rate))
    end = start + frames
    found = []
    for change in changes:
        if start < change.frame < end:
            before = looks.at(max(start, change.frame - window), change.frame)
            after = looks.at(change.frame, min(end, change.frame + window))
            novelty = (1 - STRENGTH_SHARE) * before.contrast(after) + STRENGTH_SHARE * change.strength
            found.append(Boundary(frame=change.frame - start, novelty=novelty))
    return _peaks(found, WINDOW * rate / 2)


def _peaks(places: list[Boundary], reach: float) -> list[Boundary]:
    """Return places, without novelty where a nearby one has more: one change of scene is one boundary, not three."""
    kept = []
    frames = [place.frame for place in places]
    for number, place in enumerate(places):
        near = (
            places[bisect_left(frames, place.frame - reach) : number]
            + places[number + 1 : bisect_right(frames, place.frame + reach)]
        )
        shadow = max((other.novelty for other in near), default=0.0) > place.novelty
        kept.append(replace(place, novelty=0.0) if shadow else place)
    return kept


def section_starts(places: list[Boundary], frames: int, rate: float) -> list[int]:
    """Return the first frames of the sections, frame 0 first.

    Args:
        places: where a section may begin, in order.
        frames: length of the cue.
        rate: frames per second.
    """
    typical = typical_length(frames / rate) * rate
    shortest = min(SHORTEST * rate, frames / 2)
    nodes = [0, *(place.frame for place in places), frames]
    worth = [0.0, *(place.novelty - SECTION_COST for place in places), 0.0]
    best = [0.0] + [_IMPOSSIBLE] * (len(nodes) - 1)
    came = [0] * len(nodes)
    for here in range(1, len(nodes)):
        # one step beyond the longest section: where nothing changes for minutes, nothing shorter is possible
        first = max(0, bisect_left(nodes, nodes[here] - LONGEST_SHARE * typical) - 1)
        for there in (*range(first, here), 0):
            length = nodes[here] - nodes[there]
            merit = best[there] + worth[here] - LENGTH_COST * log2(length / typical) ** 2
            if length >= shortest and merit > best[here]:
                best[here], came[here] = merit, there
    starts, at = [], len(nodes) - 1
    while at > 0:
        at = came[at]
        starts.append(nodes[at])
    return starts[::-1]
