"""How a cut list becomes an export plan (room picture, pure)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from otio_soundtrack.model.cut import Cut, CutList, Layer, Source, SourceKind
from otio_soundtrack.picture.plan import DRAWN, Cluster, ExportPlan, Feed, Segment, is_held
from otio_soundtrack.tools.media.index import PictureIndex

HELD_FRAMES = 250
"""Longest segment of a held picture: equal ones are encoded once, so longer blacks are repetitions of this one."""
MIXED_FRAMES = 128
"""Longest segment of a dissolve or other blend: bounds what waits for its other half."""
REVERSE_FRAMES = 64
"""Longest segment in reverse: all its frames are kept until the last is decoded (22 MB at 640×360)."""
CHUNK_SECONDS = Fraction(20)
"""Source time after which a stretch may be cut at a key frame, so that several workers share one long clip."""
OPEN_SEGMENTS = 12
"""Most segments that one pass over a source feeds at the same moment: each holds an encoder of 22 MB at 640×360 (measured)."""
UNINDEXED_GAP = Fraction(10)
"""Seconds between wanted times in a source without listed key frames beyond which a new seek is tried."""
PENDING_BYTES = 1 << 30
"""Scratch space for frames of dissolves that wait for their other half (about 3,100 at 640×360)."""

Indexes = Mapping[Source, PictureIndex]


def plan_export(cuts: CutList, indexes: Indexes, frame_bytes: int) -> ExportPlan:
    """Plan an export.

    Args:
        cuts: what to show.
        indexes: an index of every movie, still and sequence in it.
        frame_bytes: bytes of a finished frame, for the bound on what waits.

    Returns:
        the plan; decoding each stretch of each source once, wherever the blends of the cut fit into one wave.
    """
    chunks = {source: _chunk_keys(index.keys) for source, index in indexes.items()}
    segments: dict[Segment, int] = {}
    order = [
        segments.setdefault(segment, len(segments)) for cut in cuts.cuts for segment in _segments(cut, cuts.exact_rate, chunks)
    ]
    feeds: dict[int, list[tuple[Source, Feed]]] = {
        number: list(_feeds(number, segment, cuts.exact_rate)) for segment, number in segments.items()
    }
    waves = _waves(feeds, max(1, PENDING_BYTES // frame_bytes))
    return ExportPlan(
        rate=cuts.exact_rate,
        frames=cuts.frames,
        segments=tuple(segments),
        order=tuple(order),
        drawn=tuple(number for number, wanted in feeds.items() if not wanted),
        waves=tuple(tuple(_clusters(wave, indexes)) for wave in waves),
    )


def _chunk_keys(keys: Sequence[Fraction]) -> list[Fraction]:
    """Return the key frames at which work on a source may be shared out: the first after every so many seconds."""
    chosen: list[Fraction] = []
    for key in keys:
        if key >= (chosen[-1] if chosen else 0) + CHUNK_SECONDS:
            chosen.append(key)
    return chosen


def _segments(cut: Cut, rate: Fraction, chunks: Mapping[Source, Sequence[Fraction]]) -> Iterator[Segment]:
    """Give the pieces in which a cut is made."""
    begin = 0
    for end in [*_joints(cut, rate, chunks), cut.frames]:
        layers = tuple(_piece(layer, begin, end, rate) for layer in cut.layers)
        yield Segment(frames=end - begin, layers=layers)
        begin = end


def _joints(cut: Cut, rate: Fraction, chunks: Mapping[Source, Sequence[Fraction]]) -> list[int]:
    """Return the frames of a cut, ascending, at which it is taken apart."""
    if all(is_held(layer) and layer.weights is None for layer in cut.layers):
        return list(range(HELD_FRAMES, cut.frames, HELD_FRAMES))
    if any(layer.speed < 0 for layer in cut.layers):
        return list(range(REVERSE_FRAMES, cut.frames, REVERSE_FRAMES))
    if len(cut.layers) > 1 or is_held(cut.layers[0]):
        return list(range(MIXED_FRAMES, cut.frames, MIXED_FRAMES))
    layer = cut.layers[0]
    # the first frame whose source time has reached the key frame
    frames = (ceil((key - layer.at) / layer.speed * rate) for key in chunks.get(layer.source, ()) if key > layer.at)
    return sorted({frame for frame in frames if 0 < frame < cut.frames})


def _piece(layer: Layer, begin: int, end: int, rate: Fraction) -> Layer:
    """Return a layer for frames ``begin`` to ``end`` of its cut; held pictures have one time, so that equal ones are equal."""
    weights = None if layer.weights is None else layer.weights[begin:end]
    if layer.source.kind in (SourceKind.STILL, *DRAWN):
        return Layer(source=layer.source, at=Fraction(0), speed=Fraction(0), weights=weights)
    return replace(layer, at=layer.at + begin / rate * layer.speed, weights=weights)


def _feeds(number: int, segment: Segment, rate: Fraction) -> Iterator[tuple[Source, Feed]]:
    """Give what a segment wants from which source."""
    for place, layer in enumerate(segment.layers):
        if layer.source.kind in DRAWN:
            continue
        if is_held(layer):
            yield layer.source, Feed(segment=number, layer=place, at=layer.at, step=Fraction(0), frames=1)
            continue
        step = layer.speed / rate
        first = min(layer.at, layer.at + (segment.frames - 1) * step)
        yield layer.source, Feed(segment=number, layer=place, at=first, step=abs(step), frames=segment.frames, backwards=step < 0)


def _waves(feeds: Mapping[int, Sequence[tuple[Source, Feed]]], room: int) -> list[list[tuple[Source, Feed]]]:
    """Share feeds out on waves so that what waits in each fits into ``room`` frames; what need not wait is in the first."""
    waves: list[list[tuple[Source, Feed]]] = [[]]
    waiting = 0
    for wanted in feeds.values():
        if len(wanted) > 1:
            kept = sum(feed.frames for _, feed in wanted)
            if waiting + kept > room and waiting:
                waves.append([])
                waiting = 0
            waiting += kept
        (waves[-1] if len(wanted) > 1 else waves[0]).extend(wanted)
    return [wave for wave in waves if wave]


def _clusters(wave: Sequence[tuple[Source, Feed]], indexes: Indexes) -> list[Cluster]:
    """Gather the feeds of a wave into stretches of each source, dearest first."""
    by_source: dict[Source, list[Feed]] = defaultdict(list)
    for source, feed in wave:
        by_source[source].append(feed)
    clusters: list[Cluster] = []
    for source, feeds in by_source.items():
        for some in _passes(sorted(feeds, key=lambda feed: (feed.at, feed.segment, feed.layer))):
            clusters.extend(_stretches(source, some, indexes[source]))
    return sorted(clusters, key=lambda cluster: -cluster.cost)


def _passes(feeds: Sequence[Feed]) -> list[list[Feed]]:
    """Share feeds, ascending, out on passes in none of which too many run side by side."""
    passes: list[list[Feed]] = []
    running: list[list[Fraction]] = []
    for feed in feeds:
        for ends in running:
            ends[:] = [end for end in ends if end >= feed.at]
        free = next((number for number, ends in enumerate(running) if len(ends) < OPEN_SEGMENTS), len(passes))
        if free == len(passes):
            passes.append([])
            running.append([])
        passes[free].append(feed)
        running[free].append(feed.last)
    return passes


def _stretches(source: Source, feeds: Sequence[Feed], index: PictureIndex) -> Iterator[Cluster]:
    """Cut feeds, ascending, where the key frame of the next lies after everything wanted before."""
    gathered: list[Feed] = []
    start = end = Fraction(0)
    for feed in feeds:
        key = _key_before(index.keys, feed.at)
        apart = key > end if key is not None else feed.at > end + UNINDEXED_GAP
        if gathered and apart:
            yield _cluster(source, gathered, start, end, index)
            gathered = []
        if not gathered:
            start, end = feed.at if key is None else key, feed.last
        gathered.append(feed)
        end = max(end, feed.last)
    if gathered:
        yield _cluster(source, gathered, start, end, index)


def _key_before(keys: Sequence[Fraction], at: Fraction) -> Fraction | None:
    """Return the last key frame at or before a time, None where none is listed."""
    found = bisect_right(keys, at)
    return keys[found - 1] if found else None


def _cluster(source: Source, feeds: Sequence[Feed], start: Fraction, end: Fraction, index: PictureIndex) -> Cluster:
    frames = 1 + floor(max(Fraction(0), end - start) * index.rate)
    cost = frames * index.pixels / 1_000_000
    return Cluster(source=source, feeds=tuple(feeds), start=start, end=end, cost=cost)
