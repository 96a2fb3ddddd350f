"""The rate of the picture: the very float that the longest video track holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.timeline.clocks import ZERO, range_of
from otio_soundtrack.timeline.marks import is_ours

_FASTEST_PICTURE_HZ = 1000.0
"""Frames a second: above every camera file in an edit, below every audio rate (8,000 and up) that strays into picture tracks."""


def picture_rate(stack: schema.Stack) -> float:
    """Return the rate of the longest enabled video track, exactly as the file holds it.

    In a track of several rates the one that rules for most of the time wins, clips before gaps. Rates that no picture has (0 and
    1 as placeholders, audio rates) count only where nothing else is found.

    Raises:
        UnsupportedTimingError: no rate above 0, or audio rates only.
    """
    pictures = [track for track in stack if not isinstance(track, schema.Track) or track.kind == schema.TrackKind.Video]
    return _ruling_rate([track for track in pictures if not is_ours(track)])


def sound_or_picture_rate(stack: schema.Stack) -> float:
    """Return the rate of the picture, or of the longest enabled track where there is none.

    Raises:
        UnsupportedTimingError: no rate that a picture can have (audio rates only).
    """
    try:
        return picture_rate(stack)
    except UnsupportedTimingError:
        return _ruling_rate(list(stack))


def _ruling_rate(tracks: Sequence[otio.core.Item]) -> float:
    """Return the rate of the longest enabled track."""
    ranked: list[tuple[Fraction, dict[float, Fraction]]] = []
    for track in tracks:
        if not track.enabled:
            continue
        clips, gaps = _shares(track)
        ranked.append((sum(clips.values(), ZERO) + sum(gaps.values(), ZERO), clips))
        ranked.append((ZERO, gaps))
    # sorting is stable: of equally long tracks the lowest counts, gaps after all clips
    ordered = [shares for _, shares in sorted(ranked, key=lambda entry: entry[0], reverse=True)]
    for slowest in (1.0, 0.0):
        for shares in ordered:
            usual = {rate: share for rate, share in shares.items() if slowest < rate <= _FASTEST_PICTURE_HZ}
            if usual:
                return max(usual, key=lambda rate: usual[rate])
    raise UnsupportedTimingError(
        "the tracks hold no rate that a picture can have.",
        hint="Set the ranges of the clips in frames of the picture, between 1 and 1000 a second.",
    )


def _shares(thing: otio.core.Item) -> tuple[dict[float, Fraction], dict[float, Fraction]]:
    """Return for how many seconds each rate rules in a track or stack: in its clips, and in its gaps."""
    clips: dict[float, Fraction] = defaultdict(lambda: ZERO)
    gaps: dict[float, Fraction] = defaultdict(lambda: ZERO)
    children: list[otio.core.Composable] = list(thing) if isinstance(thing, otio.core.Composition) else [thing]
    for child in children:
        if not isinstance(child, otio.core.Item):
            continue
        span = child.source_range
        if span is None and isinstance(child, schema.Clip) and child.media_reference is not None:
            span = child.media_reference.available_range
        if span is None and isinstance(child, otio.core.Composition):
            inner_clips, inner_gaps = _shares(child)
            for rate, share in inner_clips.items():
                clips[rate] += share
            for rate, share in inner_gaps.items():
                gaps[rate] += share
        elif span is not None:
            known = range_of(span, child.name)
            (gaps if isinstance(child, schema.Gap) else clips)[span.duration.rate] += known[1] if known is not None else ZERO
    return clips, gaps
