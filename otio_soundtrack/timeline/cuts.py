"""Composed spans to cuts: sources found, black filled in, and which of them an editor would call a cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np

from otio_soundtrack.model.cut import Cut, Layer, SourceKind
from otio_soundtrack.timeline.clocks import ZERO, Grid
from otio_soundtrack.timeline.sources import Sources
from otio_soundtrack.timeline.spans import Piece, Shot, Span

_BLACK = (0, 0, 0)
_RUNNING_ON = Fraction(1, 2)
"""Source frames by which a source may jump and still simply run on: rounding of two clips to frames moves them by less."""
_FREEZING = Fraction(3, 2)
"""The same where one side holds a frame: a hold repeats the frame that was just seen."""


def cuts_of(spans: Iterable[Span], frames: int, grid: Grid, sources: Sources) -> tuple[Cut, ...]:
    """Return the cuts of a picture: contiguous, from frame 0 to ``frames``.

    Args:
        spans: composed picture, in order; what they leave is black.
        frames: length of the picture.
        grid: its frames.
        sources: finds what the media of the shots are.

    Raises:
        MissingMediaError, UnreadableMediaError: as :class:`Sources` says.
    """
    cuts: list[Cut] = []
    before: Span | None = None
    for span in _merged(_filled(spans, frames)):
        changes = before is None or _changes(before, span, grid, sources)
        layers = tuple(layer for piece in span.pieces if (layer := _layer(piece, span, grid, sources)) is not None)
        name = span.shown.media.name if span.shown is not None else ""
        cuts.append(Cut(start=span.start, frames=span.end - span.start, layers=layers, name=name, changes_picture=changes))
        before = span
    return tuple(cuts)


def _filled(spans: Iterable[Span], frames: int) -> Iterator[Span]:
    """Yield the spans with black where there is none."""
    at = 0
    for span in spans:
        if span.start > at:
            yield Span(at, span.start, (), None)
        yield span
        at = span.end
    if at < frames:
        yield Span(at, frames, (), None)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans with those put together in which one and the same shot runs on alone."""
    last: Span | None = None
    for span in spans:
        if last is not None and _is_plain(last) and _is_plain(span) and last.shown == span.shown and last.pieces == span.pieces:
            last = Span(last.start, span.end, last.pieces, last.shown)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _is_plain(span: Span) -> bool:
    return all(piece.weights is None for piece in span.pieces)


def _layer(piece: Piece, span: Span, grid: Grid, sources: Sources) -> Layer | None:
    """Return the layer of a piece, None where it is never visible."""
    found = sources.picture(piece.shot.media)
    weights = piece.weights
    if weights is not None and not np.any(weights > 0):
        return None
    shares = None if weights is None or np.all(weights >= 1) else tuple(float(weight) for weight in weights)
    if found.timeless:
        return Layer(source=found.source, at=ZERO, speed=ZERO, weights=shares)
    at = piece.shot.at(span.start, grid) - found.origin
    return Layer(source=found.source, at=at, speed=piece.shot.clock.speed, weights=shares)


def _changes(before: Span, span: Span, grid: Grid, sources: Sources) -> bool:
    """Return whether an editor would call the start of ``span`` a cut."""
    old, new = (None if _is_black(shot, sources) else shot for shot in (before.shown, span.shown))
    if old is None or new is None:
        return old is not new
    was, now = sources.picture(old.media), sources.picture(new.media)
    if was.source != now.source:
        return True
    if was.timeless:
        return False
    jump = abs((new.at(span.start, grid) - now.origin) - (old.at(span.start, grid) - was.origin))
    speeds = abs(old.clock.speed), abs(new.clock.speed)
    if max(speeds) == 0:
        return jump > 0
    return jump >= (_FREEZING if min(speeds) == 0 else _RUNNING_ON) * max(speeds) / grid.rate


def _is_black(shot: Shot | None, sources: Sources) -> bool:
    if shot is None:
        return True
    source = sources.picture(shot.media).source
    return source.kind is SourceKind.COLOUR and source.colour == _BLACK
