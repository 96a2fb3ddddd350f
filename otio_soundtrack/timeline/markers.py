"""Markers of timeline, tracks, clips and gaps, laid on record frames."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from otio_soundtrack.model.cut import CutMarker
from otio_soundtrack.timeline.clocks import ONE, ZERO, Clock, Grid
from otio_soundtrack.timeline.nodes import Item, Mark, Pile, Row


def markers(root: Item, clock: Clock, grid: Grid, frames: int) -> tuple[CutMarker, ...]:
    """Return all markers that can be seen, in record order.

    Args:
        root: outline of the timeline.
        clock: the time on which the root lies, over record time.
        grid: the frames of the picture.
        frames: length of the picture; what lies outside is left out, what reaches out is cut.
    """
    found = _item(root, ZERO, clock, grid, (ZERO, grid.start(frames)))
    placed = [marker for marker in found if marker.start < frames]
    return tuple(sorted(placed, key=lambda marker: (marker.start, marker.frames)))


def _item(item: Item, start: Fraction, clock: Clock, grid: Grid, window: tuple[Fraction, Fraction]) -> Iterator[CutMarker]:
    """Yield the markers on and in an item that show in a window of record seconds."""
    if not item.marks and not isinstance(item.content, (Row, Pile)):
        return
    first, last = clock.span(start, start + item.duration)
    seen = (max(first, window[0]), min(last, window[1]))
    if seen[1] <= seen[0]:
        return
    # a held item shows one instant; its markers are taken as if it ran
    own = clock.inside(start, item.duration, item.head, item.speed or ONE)
    for mark in item.marks:
        placed = _placed(mark, own, grid, seen)
        if placed is not None:
            yield placed
    if isinstance(item.content, (Row, Pile)):
        for child, at in zip(item.content.items, item.content.starts, strict=True):
            yield from _item(child, at, own, grid, seen)


def _placed(mark: Mark, own: Clock, grid: Grid, seen: tuple[Fraction, Fraction]) -> CutMarker | None:
    start, end = own.span(mark.start, mark.end)
    visible = seen[0] <= start < seen[1] if start == end else start < seen[1] and end > seen[0]
    if not visible:
        return None
    first = grid.frame(max(start, seen[0]))
    frames = grid.frame(min(end, seen[1])) - first
    return CutMarker(start=first, frames=frames, name=mark.name, comment=mark.comment, colour=mark.colour)
