"""Stretches of picture on whole record frames, and how they are laid over and dissolved into each other.

Weights are shares of the final picture: those of all pieces of a frame add up to 1 or less, and what is missing is black. A
stretch of which something is left (``rest``) lets through what lies beneath it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.timeline.clocks import Clock, Grid
from otio_soundtrack.timeline.nodes import Media

Weights = NDArray[np.float64]
"""Shares 0–1, one a frame of the span [shape=(frames,)]."""

_HALF = 0.5


@dataclass(frozen=True)
class Shot:
    """One clip's media running along the record."""

    media: Media
    clock: Clock
    """Media time over record time."""
    shift: Fraction
    """Seconds, up to half a frame: how much the media is moved so that it starts with its in-point on a whole frame instead of
    showing what lies outside of the clip."""

    def at(self, frame: int, grid: Grid) -> Fraction:
        """Return the media time that a record frame shows: the frame's start, or its end in reverse (the frame is mirrored)."""
        if self.clock.speed >= 0:
            return self.clock.own(grid.start(frame) + self.shift)
        return self.clock.own(grid.start(frame + 1) - self.shift)


@dataclass(frozen=True)
class Piece:
    """A shot's share of a span."""

    shot: Shot
    weights: Weights | None
    """None is 1 throughout."""


@dataclass(frozen=True)
class Span:
    """Record frames [start, end) in which the same pieces run on."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    """From bottom to top."""
    shown: Shot | None
    """The shot that an editor would say is on now: of a dissolve, the outgoing one up to the cut and then the incoming one."""
    rest: Weights | None = None
    """What is left for what lies beneath; None is nothing."""

    def cropped(self, start: int, end: int) -> Span:
        """Return the part of the span in [start, end), which must lie in it."""
        if start == self.start and end == self.end:
            return self
        pieces = tuple(Piece(piece.shot, self._crop(piece.weights, start, end)) for piece in self.pieces)
        return Span(start, end, pieces, self.shown, self._crop(self.rest, start, end))

    def _crop(self, weights: Weights | None, start: int, end: int) -> Weights | None:
        return None if weights is None else weights[start - self.start : end - self.start]


@dataclass(frozen=True)
class Ramp:
    """A dissolve on record frames [start, end); ``cut`` is the frame of the nominal cut in it."""

    start: int
    end: int
    cut: int

    def rising(self, start: int, end: int) -> Weights:
        """Return the incoming picture's share in frames [start, end): (k + ½) / n for frame k of n."""
        frames = np.arange(start, end, dtype=np.float64)
        return np.asarray(np.clip((frames + _HALF - self.start) / (self.end - self.start), 0.0, 1.0))


def over(upper: Sequence[Span], lower: Sequence[Span]) -> list[Span]:
    """Lay spans over spans; both in order and without overlap, and so is the result."""
    result: list[Span] = []
    for start, end, top, bottom in _side_by_side(upper, lower):
        if top is None or bottom is None or top.rest is None:
            result.extend(span for span in (top or bottom,) if span is not None)
            continue
        pieces = (*_scaled(bottom.pieces, top.rest), *top.pieces)
        rest = None if bottom.rest is None else bottom.rest * top.rest
        result.append(Span(start, end, pieces, top.shown or bottom.shown, rest))
    return result


def dissolve(outgoing: Sequence[Span], incoming: Sequence[Span], ramp: Ramp) -> list[Span]:
    """Mix two pictures along a ramp. Where one side has nothing the other fades against what lies beneath.

    Args:
        outgoing: spans of the picture before the cut, inside the ramp, in order.
        incoming: those of the picture after it.
        ramp: shares, and where the cut is: spans are split there, so that one span begins with the change.
    """
    result: list[Span] = []
    for start, end, before, after in _side_by_side(_split(outgoing, ramp.cut), _split(incoming, ramp.cut)):
        rising = ramp.rising(start, end)
        falling = 1.0 - rising
        pieces = (*_scaled(before.pieces if before else (), falling), *_scaled(after.pieces if after else (), rising))
        rest = _left(before) * falling + _left(after) * rising
        side = before if start < ramp.cut else after
        result.append(Span(start, end, pieces, side.shown if side else None, rest if np.any(rest > 0) else None))
    return result


def _left(span: Span | None) -> Weights | float:
    """Return what a picture leaves for what is beneath it."""
    if span is None:
        return 1.0
    return 0.0 if span.rest is None else span.rest


def _scaled(pieces: Sequence[Piece], share: Weights) -> Iterator[Piece]:
    for piece in pieces:
        yield Piece(piece.shot, share if piece.weights is None else piece.weights * share)


def _split(spans: Sequence[Span], at: int) -> list[Span]:
    """Return the spans with the one that runs over a frame cut in two there."""
    result: list[Span] = []
    for span in spans:
        if span.start < at < span.end:
            result.extend((span.cropped(span.start, at), span.cropped(at, span.end)))
        else:
            result.append(span)
    return result


def _side_by_side(first: Sequence[Span], second: Sequence[Span]) -> Iterator[tuple[int, int, Span | None, Span | None]]:
    """Walk two lists of spans at once: yield each covered stretch with the part of either that covers it."""
    i = j = 0
    at = min((spans[0].start for spans in (first, second) if spans), default=0)
    while i < len(first) or j < len(second):
        one = first[i] if i < len(first) else None
        two = second[j] if j < len(second) else None
        edges = [edge for span in (one, two) if span is not None for edge in (span.start, span.end) if edge > at]
        end = min(edges)
        here_one = one.cropped(at, end) if one is not None and one.start <= at else None
        here_two = two.cropped(at, end) if two is not None and two.start <= at else None
        if here_one is not None or here_two is not None:
            yield at, end, here_one, here_two
        i += one is not None and one.end == end
        j += two is not None and two.end == end
        at = end
