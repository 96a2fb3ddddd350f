"""A segment while frames arrive for it: encoded and measured at once (room picture)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from otio_soundtrack.picture.meters import BATCH_FRAMES, FrameMeter, Rows, Thumbs
from otio_soundtrack.picture.scratch import Place, Scratch
from otio_soundtrack.tools.media.encoder import EncodedPacket, PictureFormat, SegmentEncoder
from otio_soundtrack.tools.media.pictures import Frame


@dataclass(frozen=True, kw_only=True)
class StoredPacket:
    """An encoded packet whose bytes lie in the scratch file."""

    stamp: int
    """When it is shown: frames from the head of its segment, or samples from the head of the sound."""
    is_key: bool
    place: Place


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished segment."""

    packets: tuple[StoredPacket, ...]
    """In decoding order; empty if nothing was to be encoded."""
    rows: Rows | None
    """What was measured, [shape=(frames, k)], the first row against no frame before; None if nothing was to be measured."""
    head: Thumbs | None
    """Thumb of the first frame."""
    tail: Thumbs | None
    """Thumb of the last frame."""


class SegmentMaker:
    """Takes the frames of a segment in order."""

    def __init__(
        self, form: PictureFormat | None, meter: FrameMeter | None, scratch: Scratch, tick: Callable[[int], None]
    ) -> None:
        """Begin a segment.

        Args:
            form: how it is encoded, None to measure only.
            meter: who measures, None for nobody.
            scratch: takes the packets.
            tick: told how many frames were taken.
        """
        self._encoder = None if form is None else SegmentEncoder(form)
        self._meter = meter
        self._scratch = scratch
        self._tick = tick
        self._packets: list[StoredPacket] = []
        self._rows: list[Rows] = []
        self._batch: list[Thumbs] = []
        self._head: Thumbs | None = None
        self._tail: Thumbs | None = None

    def put(self, frame: Frame | None, thumb: Thumbs | None, times: int = 1) -> None:
        """Take the next frame.

        Args:
            frame: of the size of the cut; None if nothing is encoded.
            thumb: the same small; None if nothing is measured.
            times: how often it is shown; a repetition is measured once.
        """
        if self._encoder is not None and frame is not None:
            for _ in range(times):
                self._store(self._encoder.put(frame))
        if self._meter is not None and thumb is not None:
            self._head = thumb if self._head is None else self._head
            self._batch.append(thumb)
            if len(self._batch) == BATCH_FRAMES or times > 1:
                self._measure()
            if times > 1:
                again = self._meter.measure(thumb[None], thumb)
                self._rows.append(np.repeat(again, times - 1, axis=0))
        self._tick(times)

    def finish(self) -> Made:
        """Give the finished segment."""
        if self._encoder is not None:
            self._store(self._encoder.finish())
        self._measure()
        rows = np.concatenate(self._rows) if self._rows else None
        return Made(packets=tuple(self._packets), rows=rows, head=self._head, tail=self._tail)

    def _store(self, packets: list[EncodedPacket]) -> None:
        for packet in packets:
            place = self._scratch.keep(packet.payload)
            self._packets.append(StoredPacket(stamp=packet.stamp, is_key=packet.is_key, place=place))

    def _measure(self) -> None:
        """Measure what has gathered, against the frame before it."""
        if self._meter is None or not self._batch:
            return
        self._rows.append(self._meter.measure(np.stack(self._batch), self._tail))
        self._tail = self._batch[-1]
        self._batch = []
