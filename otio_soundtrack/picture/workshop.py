"""One job of a worker: a stretch of a source decoded, its frames given to all segments that want them (room picture)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cut import Layer, Source, SourceKind
from otio_soundtrack.picture.blend import blended
from otio_soundtrack.picture.meters import THUMB_HEIGHT, THUMB_WIDTH
from otio_soundtrack.picture.plan import DRAWN, Cluster, Feed, Segment
from otio_soundtrack.picture.segments import Made, SegmentMaker
from otio_soundtrack.picture.task import Fitted, Kept, Picture, Task, Workbench
from otio_soundtrack.tools.lettering import slate
from otio_soundtrack.tools.media.framing import frame_of
from otio_soundtrack.tools.media.pictures import Frame, PictureReader

_BLACK = Source(kind=SourceKind.COLOUR, name="black")
_THUMB_SHAPE = (THUMB_HEIGHT * 3 // 2, THUMB_WIDTH)


def do_job(bench: Workbench, job: Cluster | int) -> list[tuple[int, Made]]:
    """Decode a cluster, or draw a segment; return the segments that are finished thereby.

    Raises:
        UnreadableMediaError: a source breaks off; the message names the clip.
        Stopped: the work was called off.
    """
    if isinstance(job, int):
        return [(job, _drawn(bench, bench.task.plan.segments[job]))]
    try:
        reader = bench.readers.get(job.source)
        before, damaged = reader.decoded, reader.damaged
        finished = list(_fed(bench, job, reader))
    except UnreadableMediaError as error:
        raise UnreadableMediaError(f"clip {job.source.name!r}: {error.message}", hint=error.hint, path=job.source.path) from error
    bench.task.tally.add(decoded=reader.decoded - before)
    bench.task.tally.pass_over(job.source.name, reader.damaged - damaged)
    return finished


def _fed(bench: Workbench, cluster: Cluster, reader: PictureReader) -> Iterator[tuple[int, Made]]:
    """Give every segment of a cluster its frames; give those that are finished."""
    wishes = sorted((time, number) for number, feed in enumerate(cluster.feeds) for time in feed.wanted())
    sinks = {number: _sink(bench, feed) for number, feed in enumerate(cluster.feeds)}
    shown: Frame | None = None
    fitted: Fitted | None = None
    for (_, number), frame in zip(wishes, reader.shown([wish[0] for wish in wishes]), strict=True):
        bench.task.whistle.listen()
        if fitted is None or frame is not shown:
            shown = frame
            fitted = Fitted(bench.framer.fit(frame, reader.pixel_aspect), bench.framer)
        made = sinks[number].take(fitted)
        if made is not None:
            del sinks[number]
            yield cluster.feeds[number].segment, made


def _sink(bench: Workbench, feed: Feed) -> _Direct | _Gathered:
    segment = bench.task.plan.segments[feed.segment]
    feeds = sum(1 for layer in segment.layers if layer.source.kind not in DRAWN)
    if feeds == 1 and not feed.backwards:
        return _Direct(bench, segment, feed)
    return _Gathered(bench, segment, feed, feeds)


class _Direct:
    """Frames of the only source of a segment: each goes on as it comes."""

    def __init__(self, bench: Workbench, segment: Segment, feed: Feed) -> None:
        self._bench = bench
        self._segment = segment
        self._layer = feed.layer
        self._held = feed.frames == 1 and segment.frames > 1
        self._maker = _maker(bench.task)
        self._taken = 0

    def take(self, fitted: Fitted) -> Made | None:
        """Take the next frame; return the segment when it was the last."""
        task = self._bench.task
        if self._segment.is_plain:
            frame = None if task.form is None else fitted.canvas
            times = self._segment.frames if self._held else 1
            self._maker.put(frame, None if task.meter is None else fitted.thumb, times)
            self._taken += times
        else:
            for _ in range(self._segment.frames if self._held else 1):
                pictures = {self._layer: Picture.of(fitted, task)}
                _put_blend(self._bench, self._maker, self._segment, self._taken, pictures)
                self._taken += 1
        return self._maker.finish() if self._taken == self._segment.frames else None


class _Gathered:
    """Frames of a segment that cannot go on as they come: it plays in reverse, or waits for another source."""

    def __init__(self, bench: Workbench, segment: Segment, feed: Feed, feeds: int) -> None:
        self._bench = bench
        self._segment = segment
        self._feed = feed
        self._feeds = feeds
        self._frames: list[Kept] = []
        self._last: tuple[Fitted, Kept] | None = None

    def take(self, fitted: Fitted) -> Made | None:
        """Take the next frame; return the segment when nothing of it is missing any more."""
        if self._last is None or self._last[0] is not fitted:
            self._last = (fitted, self._kept(fitted))
        self._frames.append(self._last[1])
        if len(self._frames) < self._feed.frames:
            return None
        ordered = self._frames[::-1] if self._feed.backwards else self._frames
        layers = self._bench.task.halves.deliver(self._feed.segment, self._feed.layer, ordered, self._feeds)
        return None if layers is None else _joined(self._bench, self._segment, layers)

    def _kept(self, fitted: Fitted) -> Kept:
        task = self._bench.task
        place = None if task.form is None else task.scratch.keep(fitted.planes.tobytes())
        return Kept(place, None if task.meter is None else fitted.thumb)


def _joined(bench: Workbench, segment: Segment, layers: dict[int, list[Kept]]) -> Made:
    """Make a segment whose layers have all arrived."""
    maker = _maker(bench.task)
    for number in range(1 if segment.is_static else segment.frames):
        bench.task.whistle.listen()
        pictures = {layer: _fetched(bench.task, kept[min(number, len(kept) - 1)]) for layer, kept in layers.items()}
        _put_blend(bench, maker, segment, number, pictures)
    return maker.finish()


def _fetched(task: Task, kept: Kept) -> Picture:
    if kept.place is None:
        return Picture(None, kept.thumb)
    width, height = task.size
    planes = np.frombuffer(task.scratch.fetch(kept.place), np.uint8).reshape(height * 3 // 2, width)
    return Picture(planes, kept.thumb)


def _put_blend(bench: Workbench, maker: SegmentMaker, segment: Segment, number: int, read: dict[int, Picture]) -> None:
    """Blend the layers of a frame of a segment and give it to its maker; a segment that stands still is one frame for all."""
    times = segment.frames if segment.is_static else 1
    pictures = [read[at] if at in read else _drawing(bench, layer) for at, layer in enumerate(segment.layers)]
    weights = [1.0 if layer.weights is None else layer.weights[number] for layer in segment.layers]
    large = [picture.planes for picture in pictures if picture.planes is not None]
    small = [picture.thumb.reshape(_THUMB_SHAPE) for picture in pictures if picture.thumb is not None]
    frame = frame_of(blended(large, weights)) if large else None
    thumb = blended(small, weights).reshape(-1) if small else None
    maker.put(frame, thumb, times)


def _drawn(bench: Workbench, segment: Segment) -> Made:
    """Make a segment in which nothing is decoded."""
    maker = _maker(bench.task)
    layers = segment.layers or (Layer(source=_BLACK, at=Fraction(0)),)
    whole = Segment(frames=segment.frames, layers=layers)
    for number in range(1 if whole.is_static else whole.frames):
        bench.task.whistle.listen()
        _put_blend(bench, maker, whole, number, {})
    return maker.finish()


def _drawing(bench: Workbench, layer: Layer) -> Picture:
    """Draw a colour or a slate."""
    source = layer.source
    if source not in bench.drawings:
        bench.drawings.clear()
        width, height = bench.task.size
        if source.kind is SourceKind.SLATE:
            rgb = slate(width, height, source.name, source.reason)
        else:
            rgb = np.full((height, width, 3), source.colour, np.uint8)
        bench.drawings[source] = Fitted(bench.framer.painted(rgb), bench.framer)
    return Picture.of(bench.drawings[source], bench.task)


def _maker(task: Task) -> SegmentMaker:
    return SegmentMaker(task.form, task.meter, task.scratch, lambda frames: task.tally.add(made=frames))
