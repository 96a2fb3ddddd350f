"""Frames of a movie file, exactly those that are asked for, decoded once and in order (floor 2).

*Conventions.* Times are exact seconds from the first frame. The frame shown at a time is the last one that starts at or before
it; before the first frame the first is shown, after the last the last.

*Method.* Seek to the last key frame before a stretch of wanted times, decode it in order, leave out frames that nobody wants and
no other frame needs, and jump ahead where the next key frame lies beyond everything that is wanted next. Where stamps are no
use (AVI with B-frames), frames are counted from the head.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from math import floor
from pathlib import Path

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.index import key_times, must_count
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors
from otio_soundtrack.tools.media.probe import picture_rate

_NOISE = Fraction(1, 10_000)
"""Seconds by which a wanted time may lie before the frame that it means: timelines hold rounded rates and times."""
_WHOLE_TICKS = Fraction(1, 1000)
"""Frames this near to whole ticks are meant to be: an AVI at 2997/125 has frames of one tick, and its rate reads 24000/1001."""
_LOOK_AHEAD = 20
"""Packets read ahead, so that a frame ends where the next is stamped: more than the reordering of any codec (16)."""
_STAMPS_KEPT = 256
"""Stamps remembered around the decoder's place: twice what lies between reading a packet and getting its frame."""
_JUMP_FRAMES = 8
"""A seek must save at least this many frames: it costs about as much as decoding a few."""
_SMALLER = 2
"""From this reduction on the edges of blocks are averaged away."""
_LESS_CARE = {"skip_loop_filter": "noref"}
"""Edges of blocks are left in frames that no other frame is made from: nothing drifts, 4 % of the work is saved."""
_STEP_BACK = Fraction(2)
"""Seconds that a seek goes further back when it landed too late; doubled each time."""


class MovieReader:
    """Reads frames of one movie file."""

    def __init__(self, path: Path, *, lines: int | None = None, between: Callable[[], object] = lambda: None) -> None:
        """Open the file.

        Args:
            path: a local file.
            lines: as many as will be shown of it, None for all: a picture that is made much smaller is decoded with less care.
            between: called between packets; may raise to break off.

        Raises:
            UnreadableMediaError: not media, or without pictures.
        """
        self.decoded = 0
        """Frames that came out of the decoder so far."""
        self.damaged = 0
        """Packets that did not decode and were passed over, as players do."""
        self._path = path
        self._lines = lines
        self._between = between
        self._stamps: list[int] = []
        self._open()
        with media_errors(path):
            # Matroska reads its list of key frames with the first seek
            self._media.container.seek(self._first, stream=self._picture, backward=True)
        if self._counts:
            self._keys: list[int] = []
            return
        self._keys = [self._first + floor(time / self._base) for time in key_times(self._picture)]

    def _open(self) -> None:
        self._media = OpenMedia(self._path)
        try:
            self._prepare()
        except BaseException:
            self._media.close()
            raise

    def _prepare(self) -> None:
        picture = self._media.picture()
        if picture is None or picture.time_base is None:
            raise UnreadableMediaError(f"media file {self._path} has no picture.")
        self._picture: VideoStream = picture
        self._context = picture.codec_context
        # the workers are the threads: frame threads would hold more frames and decode beyond what is wanted
        self._context.thread_count = 1
        if self._lines is not None and self._context.height >= _SMALLER * self._lines:
            self._context.options = dict(_LESS_CARE)
        self.pixel_aspect = Fraction(picture.sample_aspect_ratio or 1)
        """Width ÷ height of a pixel."""
        self._media.only(picture.index)
        self._base = picture.time_base
        self._rate = picture_rate(picture) or Fraction(25)
        self._first = picture.start_time or 0
        self._counts = must_count(self._media, picture)
        self._tick = max(1, floor(1 / (self._rate * self._base) + Fraction(1, 2)))
        """Length of a frame in stamps, where frames are counted."""

    def close(self) -> None:
        """Close the file."""
        self._media.close()

    def shown(self, times: Sequence[Fraction]) -> Iterator[VideoFrame]:
        """Give the frame shown at each time.

        Args:
            times: seconds from the first frame, in ascending order.

        Yields:
            one frame for each time; the same object as long as the same frame is shown.

        Damaged packets are passed over and counted; the frame before them is shown in their place.

        Raises:
            UnreadableMediaError: no frame comes out of the file.
        """
        # where a frame is no whole number of ticks, stamps are rounded: Matroska counts milliseconds, phones count 600 a second
        ticks = 1 / (self._rate * self._base)
        rounded = abs(ticks - floor(ticks + Fraction(1, 2))) > _WHOLE_TICKS
        late = min(max(_NOISE, self._base) if rounded else _NOISE, 1 / (4 * self._rate))
        wanted = [max(self._first, self._first + floor((time + late) / self._base)) for time in times]
        with media_errors(self._path):
            for run in self._runs(wanted):
                yield from self._shown_in_order(run)

    def _runs(self, wanted: list[int]) -> Iterator[list[int]]:
        """Cut wanted stamps where a jump to a key frame saves decoding."""
        jump = floor(_JUMP_FRAMES / self._rate / self._base)
        begin = 0
        for at in range(1, len(wanted)):
            key = bisect_right(self._keys, wanted[at]) - 1
            if key >= 0 and self._keys[key] - wanted[at - 1] > jump:
                yield wanted[begin:at]
                begin = at
        if wanted:
            yield wanted[begin:]

    def _shown_in_order(self, wanted: list[int]) -> Iterator[VideoFrame]:
        """Give the frame shown at each stamp of one run."""
        at = 0
        frame = None
        for frame in self._frames(wanted):
            end = self._next_stamp(frame.pts or 0)
            while at < len(wanted) and (end is None or wanted[at] < end):
                yield frame
                at += 1
            if at == len(wanted):
                return
        if frame is None:
            raise UnreadableMediaError(f"no frame could be decoded from {self._path}.")
        for _ in wanted[at:]:
            yield frame

    def _next_stamp(self, stamp: int) -> int | None:
        """Return the stamp of the frame that follows in display order, None at the end of the file."""
        if self._counts:
            return stamp + self._tick
        after = bisect_right(self._stamps, stamp)
        return self._stamps[after] if after < len(self._stamps) else None

    def _frames(self, wanted: list[int]) -> Iterator[VideoFrame]:
        """Decode in display order from a place on where the frame shown at the first wanted stamp comes out."""
        back = Fraction(0)
        while True:
            packets, anchor = self._packets_from(wanted[0] - floor(back / self._base))
            frames = self._decoded(packets, anchor, wanted)
            first = next(frames, None)
            # with intra refresh, a place where decoding may begin shows its first whole frame only later
            if first is None or (first.pts or 0) <= wanted[0] or anchor <= self._first:
                break
            back = max(_STEP_BACK, 2 * back)
        if first is not None:
            yield first
            yield from frames

    def _decoded(self, packets: Iterator[Packet[VideoStream]], anchor: int, wanted: list[int]) -> Iterator[VideoFrame]:
        """Decode packets, but for those that nobody wants and no other frame needs."""
        counted = self._first
        for packet in packets:
            self._between()
            stamp = stamp_of(packet)
            needed = self._counts or stamp is None or self._is_shown(stamp, wanted)
            self._context.skip_frame = "DEFAULT" if needed else "NONREF"
            try:
                frames = packet.decode()
            except av.InvalidDataError:
                self.damaged += 1
                continue
            for frame in frames:
                self.decoded += 1
                if self._counts:
                    frame.pts = counted
                    counted += self._tick
                elif frame.pts is None:
                    frame.pts = frame.dts if frame.dts is not None else anchor
                # pictures before the key frame refer to frames that were not decoded
                if frame.pts >= anchor:
                    yield frame

    def _is_shown(self, stamp: int, wanted: list[int]) -> bool:
        """Return whether the frame that starts at ``stamp`` is shown at any wanted stamp."""
        at = bisect_left(wanted, stamp)
        if at == len(wanted):
            return False
        end = self._next_stamp(stamp)
        return end is None or wanted[at] < end

    def _packets_from(self, stamp: int) -> tuple[Iterator[Packet[VideoStream]], int]:
        """Seek to the last key frame at or before a stamp, or to the head; give the packets and the stamp of the key frame."""
        back = _STEP_BACK
        target = stamp
        while target > self._first and not self._counts:
            self._media.container.seek(target, stream=self._picture, backward=True)
            packets = self._read_ahead()
            first = next((packet for packet in packets if packet.is_keyframe), None)
            anchor = None if first is None else stamp_of(first)
            if first is not None and anchor is not None and anchor <= stamp:
                return chain([first], packets), anchor
            target = stamp - floor(back / self._base)
            back *= 2
        # a fresh start, because a seek to the head may land after it (transport streams)
        self._media.close()
        self._open()
        return self._read_ahead(), self._first

    def _read_ahead(self) -> Iterator[Packet[VideoStream]]:
        """Demux with a window ahead, so that ``_stamps`` knows what follows each packet that is given."""
        self._stamps = []
        window: deque[Packet[VideoStream]] = deque()
        for packet in self._media.container.demux(self._picture):
            stamp = stamp_of(packet)
            if stamp is not None and not packet.is_discard:
                insort(self._stamps, stamp)
                if len(self._stamps) > _STAMPS_KEPT:
                    del self._stamps[: _STAMPS_KEPT // 2]
            window.append(packet)
            if len(window) > _LOOK_AHEAD:
                yield window.popleft()
        yield from window


def stamp_of(packet: Packet[VideoStream]) -> int | None:
    """Return the presentation stamp of a packet; AVI knows only decoding stamps, which serve there."""
    return packet.pts if packet.pts is not None else packet.dts
