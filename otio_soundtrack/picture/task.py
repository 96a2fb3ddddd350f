"""What the workers of an export share, and the workbench that each has for itself (room picture)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial

from otio_soundtrack.model.cut import Source
from otio_soundtrack.picture.blend import Planes
from otio_soundtrack.picture.crew import Whistle
from otio_soundtrack.picture.meters import THUMB_HEIGHT, THUMB_WIDTH, FrameMeter, Thumbs
from otio_soundtrack.picture.plan import ExportPlan
from otio_soundtrack.picture.scratch import Place, Scratch
from otio_soundtrack.tools.media.encoder import PictureFormat
from otio_soundtrack.tools.media.framing import Framer, frame_planes
from otio_soundtrack.tools.media.pictures import Frame, PictureReader, open_pictures
from otio_soundtrack.tools.media.shelf import Shelf

OPEN_SOURCES = 4
"""Sources that each worker keeps open."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """What all workers of an export share."""

    plan: ExportPlan
    size: tuple[int, int]
    """Width and height of the cut."""
    form: PictureFormat | None
    """None to measure only."""
    meter: FrameMeter | None
    scratch: Scratch
    whistle: Whistle
    tally: Tally
    halves: Halves


class Tally:
    """Counts what the workers do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.made = 0
        """Frames of the cut that are finished."""
        self.decoded = 0
        """Frames that came out of decoders."""
        self.opened = 0
        """Files that were opened for decoding."""
        self.damaged: Counter[str] = Counter()
        """Damaged packets that were passed over, by clip."""

    def pass_over(self, clip: str, packets: int) -> None:
        """Note damage; none is noted where there is none."""
        if packets:
            with self._lock:
                self.damaged[clip] += packets

    def add(self, *, made: int = 0, decoded: int = 0, opened: int = 0) -> None:
        """Count."""
        with self._lock:
            self.made += made
            self.decoded += decoded
            self.opened += opened


@dataclass(frozen=True)
class Kept:
    """A fitted frame that waits for its other half."""

    place: Place | None
    """Where its planes lie, None if nothing is encoded."""
    thumb: Thumbs | None


class Halves:
    """Frames of blends, layer by layer, until all layers of a segment are there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._there: dict[int, dict[int, list[Kept]]] = {}

    def deliver(self, segment: int, layer: int, frames: list[Kept], wanted: int) -> dict[int, list[Kept]] | None:
        """Take a layer; return all layers of the segment if this was the last of the ``wanted``, else None."""
        with self._lock:
            there = self._there.setdefault(segment, {})
            there[layer] = frames
            return self._there.pop(segment) if len(there) == wanted else None


class Fitted:
    """A source frame in the shape of the cut, each form of it made when it is first wanted."""

    def __init__(self, inner: Frame, framer: Framer) -> None:
        self._inner = inner
        self._framer = framer

    @cached_property
    def canvas(self) -> Frame:
        """The frame with its bars."""
        return self._framer.canvas(self._inner)

    @cached_property
    def planes(self) -> Planes:
        """The same as one array."""
        return frame_planes(self.canvas)

    @cached_property
    def thumb(self) -> Thumbs:
        """The frame without bars, small."""
        return self._framer.thumb(self._inner, THUMB_WIDTH, THUMB_HEIGHT)


@dataclass(frozen=True)
class Picture:
    """A picture to be blended, large and small; None where that is not wanted."""

    planes: Planes | None
    thumb: Thumbs | None

    @classmethod
    def of(cls, fitted: Fitted, task: Task) -> Picture:
        """Take of a fitted frame what a task needs."""
        return cls(None if task.form is None else fitted.planes, None if task.meter is None else fitted.thumb)


@dataclass
class Workbench:
    """The tools of one worker."""

    task: Task
    framer: Framer
    readers: Shelf[Source, PictureReader]
    drawings: dict[Source, Fitted] = field(default_factory=dict)
    """The drawing made last: a dissolve wants it for each of its frames."""


@contextmanager
def workbench(task: Task) -> Iterator[Workbench]:
    """Set up the tools of a worker, and close its files at the end."""
    readers = Shelf(partial(open_pictures, lines=task.size[1], between=task.whistle.listen), OPEN_SOURCES)
    bench = Workbench(task, Framer(*task.size), readers)
    try:
        yield bench
    finally:
        bench.readers.close()
        task.tally.add(opened=bench.readers.opened)
