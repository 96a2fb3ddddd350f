"""The compositor: which shots each record frame shows, on intervals, without looking at single frames outside of dissolves.

OTIO's ``flatten_stack`` mixes audio into the picture and refuses where an upper clip cuts into a transition, so this is our own.
It walks the outline from the top down with the record window that is still wanted and the clock of where it is; every boundary
is rounded to a frame once, from its exact record time, so the same time gives the same frame however deep it is nested.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from otio_soundtrack.timeline.clocks import ONE, ZERO, Clock, Grid
from otio_soundtrack.timeline.nodes import Item, Join, Kind, Media, Pile, Row
from otio_soundtrack.timeline.spans import Piece, Ramp, Shot, Span, dissolve, over

Window = tuple[int, int]
"""Record frames [first, last) that are wanted."""

_INSTANT = Fraction(1, 1000)
"""A held composition is rendered with this share of its speed, so that one frame sees one instant of it."""


@dataclass(frozen=True)
class Compositor:
    """Composes pictures on the frames of one grid."""

    grid: Grid
    overlays: bool = False
    """Whether titles and other generators that we cannot draw are what is composed, instead of everything else."""

    def picture(self, item: Item, start: Fraction, clock: Clock, window: Window) -> list[Span]:
        """Return what an item shows inside a window, in order; frames without a span are transparent.

        Args:
            item: what is looked at.
            start: where it lies on its parent.
            clock: the parent's time over record time; must not stand still.
            window: may reach beyond the item's own range: those are its handles.
        """
        if item.content is None or item.kind is not Kind.PICTURE or window[0] >= window[1]:
            return []
        if isinstance(item.content, Media):
            return self._leaf(item, item.content, start, clock, window)
        if item.speed == 0:
            return self._held(item.content, item.head, clock, window)
        inside = clock.inside(start, item.duration, item.head, item.speed)
        spans = self._composition(item.content, inside, window)
        return spans if abs(item.speed) == 1 else self._closed(spans, item.content.length, inside, window)

    def _leaf(self, item: Item, media: Media, start: Fraction, clock: Clock, window: Window) -> list[Span]:
        if media.overlay != self.overlays:
            return []
        own = clock.inside(start, item.duration, item.head, item.speed)
        first, last = clock.span(start, start + item.duration)
        if own.speed >= 0:
            shift = max(ZERO, first - self.grid.start(self.grid.frame(first)))
        else:
            shift = max(ZERO, self.grid.start(self.grid.frame(last)) - last)
        shot = Shot(media, own, shift)
        return [Span(*window, (Piece(shot, None),), shot)]

    def _composition(self, content: Row | Pile, clock: Clock, window: Window) -> list[Span]:
        return self._row(content, clock, window) if isinstance(content, Row) else self._pile(content, clock, window)

    def _closed(self, spans: list[Span], length: Fraction, clock: Clock, window: Window) -> list[Span]:
        """Return the spans of a retimed composition, the last one frame longer where rounding would leave a black frame.

        Retimed content rarely ends on a record frame (24 frames at 85 % are 28.08), and editors make the item long enough to hold
        its last part: a frame whose start still lies in the content shows it.
        """
        if not spans or spans[-1].end != window[1] - 1 or any(piece.weights is not None for piece in spans[-1].pieces):
            return spans
        if not 0 <= clock.own(self.grid.start(spans[-1].end)) < length:
            return spans
        return [*spans[:-1], replace(spans[-1], end=window[1])]

    def _pile(self, pile: Pile, clock: Clock, window: Window) -> list[Span]:
        """Return the top-most picture of a stack: what is transparent above shows what is beneath."""
        result: list[Span] = []
        for item, start in zip(pile.items, pile.starts, strict=True):
            inside = _overlap(window, self.grid.frames(clock, start, start + item.duration))
            result = over(self.picture(item, start, clock, inside), result)
        return result

    def _row(self, row: Row, clock: Clock, window: Window) -> list[Span]:
        result: list[Span] = []
        for start, end, part in _stretches(row, clock, self.grid, window):
            frames = self.grid.frames(clock, start, end)
            inside = _overlap(window, frames)
            if inside[0] >= inside[1]:
                continue
            if isinstance(part, int):
                result.extend(self.picture(row.items[part], row.starts[part], clock, inside))
            else:
                result.extend(self._join(row, part, clock, frames, inside))
        result.sort(key=lambda span: span.start)
        return result

    def _join(self, row: Row, join: Join, clock: Clock, frames: Window, window: Window) -> list[Span]:
        """Return a transition's part of the picture: both sides with their handles, mixed."""
        sides = [
            [] if index is None else self.picture(row.items[index], row.starts[index], clock, window)
            for index in (join.before, join.after)
        ]
        outgoing, incoming = sides if clock.speed > 0 else reversed(sides)
        return dissolve(outgoing, incoming, Ramp(*frames, self.grid.frame(clock.record(join.cut))))

    def _held(self, content: Row | Pile, head: Fraction, clock: Clock, window: Window) -> list[Span]:
        """Return a composition of which one frame is held: the one at its head."""
        frame = abs(clock.speed) / self.grid.rate
        slow = Clock(head + frame / 2, abs(clock.speed) * _INSTANT)
        instant = self._composition(content, slow, (0, 1))
        if not instant:
            return []
        half = frame / 2 / slow.speed
        seen, count = instant[0], window[1] - window[0]
        held = {id(piece.shot): _still(piece.shot, half) for piece in seen.pieces}
        pieces = tuple(
            Piece(held[id(piece.shot)], None if piece.weights is None else piece.weights.repeat(count)) for piece in seen.pieces
        )
        shown = None if seen.shown is None else held.get(id(seen.shown), _still(seen.shown, half))
        return [Span(*window, pieces, shown, None if seen.rest is None else seen.rest.repeat(count))]


def _still(shot: Shot, half: Fraction) -> Shot:
    """Return the shot held at the media time of a frame whose middle is at record time 0."""
    edge = -half if shot.clock.speed >= 0 else half
    return Shot(shot.media, Clock(shot.clock.own(edge), ZERO), ZERO)


def _overlap(one: Window, other: Window) -> Window:
    return max(one[0], other[0]), min(one[1], other[1])


def _stretches(row: Row, clock: Clock, grid: Grid, window: Window) -> Iterator[tuple[Fraction, Fraction, int | Join]]:
    """Yield the stretches of a row that may touch a window: the index of an item outside of transitions, or a transition."""
    margin = ONE / grid.rate
    edges = [clock.own(grid.start(window[0]) - margin), clock.own(grid.start(window[1]) + margin)]
    first, last = min(edges), max(edges)
    joined_before = {join.after: join for join in row.joins if join.after is not None}
    joined_after = {join.before: join for join in row.joins if join.before is not None}
    for index in range(max(0, bisect_right(row.starts, first) - 1), min(len(row.items), bisect_left(row.starts, last) + 1)):
        start, end = row.starts[index], row.starts[index] + row.items[index].duration
        if index in joined_before:
            start += joined_before[index].tail
        if index in joined_after:
            end -= joined_after[index].lead
        if start < end:
            yield start, end, index
    for join in row.joins:
        if join.cut + join.tail >= first and join.cut - join.lead <= last:
            yield join.cut - join.lead, join.cut + join.tail, join
