"""The compositor again, dumb, slow and obviously right: one frame at a time, straight on OTIO objects.

A frame is a stretch of own time ``[low, low + width)``, in frames. What lies under its middle is seen; a clip shows its media at
``low`` (in reverse, too: the frame is mirrored as a whole).
"""

from __future__ import annotations

from fractions import Fraction

import opentimelineio as otio
from opentimelineio import schema

Seen = dict[tuple[str, Fraction], float]
"""Share of the picture by clip name and media frame."""


def seen_at(stack: schema.Stack, frame: int) -> Seen:
    """Return what a record frame of a timeline's stack shows."""
    start = Fraction(0) if stack.source_range is None else Fraction(stack.source_range.start_time.value)
    return _seen(stack, start + frame, Fraction(1))[0]


def _seen(thing: otio.core.Item, low: Fraction, width: Fraction) -> tuple[Seen, float]:
    """Return shares, and what is left for what lies beneath."""
    if not thing.enabled or isinstance(thing, schema.Gap):
        return {}, 1.0
    if isinstance(thing, schema.Clip):
        return {(thing.name, low): 1.0}, 0.0
    if isinstance(thing, schema.Track):
        return _seen_on_track(thing, low, width)
    shares: Seen = {}
    rest = 1.0
    for child in reversed(list(thing)):
        if isinstance(child, schema.Track) and child.kind != schema.TrackKind.Video:
            continue
        if 0 <= low + width / 2 < Fraction(child.trimmed_range().duration.value):
            below, left = _child(child, Fraction(0), low, width)
            _add(shares, below, rest)
            rest *= left
    return shares, rest


def _seen_on_track(track: schema.Track, low: Fraction, width: Fraction) -> tuple[Seen, float]:
    middle = low + width / 2
    children = list(track)
    for index, child in enumerate(children):
        if not isinstance(child, schema.Transition):
            continue
        before = index - 1 if index > 0 else None
        after = index + 1 if index + 1 < len(children) else None
        cut = _start(track, after) if after is not None else _start(track, before) + _length(children[before])
        lead = Fraction(child.in_offset.value) if before is not None else Fraction(0)
        tail = Fraction(child.out_offset.value)
        if cut - lead <= middle < cut + tail:
            rising = (middle - (cut - lead)) / (lead + tail)
            old, old_rest = ({}, 1.0) if before is None else _child(children[before], _start(track, before), low, width)
            new, new_rest = ({}, 1.0) if after is None else _child(children[after], _start(track, after), low, width)
            shares: Seen = {}
            _add(shares, old, float(1 - rising))
            _add(shares, new, float(rising))
            return shares, float(1 - rising) * old_rest + float(rising) * new_rest
    for index, child in enumerate(children):
        if isinstance(child, otio.core.Item):
            start = _start(track, index)
            if start <= middle < start + _length(child):
                return _child(child, start, low, width)
    return {}, 1.0


def _child(child: otio.core.Item, start: Fraction, low: Fraction, width: Fraction) -> tuple[Seen, float]:
    """Return what a child that starts at ``start`` shows in a frame of its parent."""
    trimmed = child.trimmed_range()
    head, length = Fraction(trimmed.start_time.value), Fraction(trimmed.duration.value)
    scalar = Fraction(1)
    for effect in child.effects:
        scalar *= Fraction(effect.time_scalar)
    if scalar == 0:
        return _seen(child, head, width)
    if scalar > 0:
        return _seen(child, head + (low - start) * scalar, width * scalar)
    return _seen(child, head + (start + length - low - width) * -scalar, width * -scalar)


def _start(track: schema.Track, index: int) -> Fraction:
    return Fraction(track.range_of_child_at_index(index).start_time.value)


def _length(item: otio.core.Item) -> Fraction:
    return Fraction(item.trimmed_range().duration.value)


def _add(shares: Seen, more: Seen, factor: float) -> None:
    for key, share in more.items():
        shares[key] = shares.get(key, 0.0) + share * factor
