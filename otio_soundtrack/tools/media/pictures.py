"""Every kind of source of pictures behind one interface (floor 2): movies, stills, sequences of picture files."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Protocol

from av.video.frame import VideoFrame

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cut import Source, SourceKind
from otio_soundtrack.tools.media.movie import MovieReader
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors

Frame = VideoFrame
"""A decoded picture: passed on as it is, opened only in this package."""
_NOISE = Fraction(1, 10_000)
"""Seconds by which a wanted time may lie before the frame that it means: timelines hold rounded rates and times."""


class PictureReader(Protocol):
    """Gives the frames of one source."""

    decoded: int
    """Frames decoded so far."""
    damaged: int
    """Packets that did not decode and were passed over."""
    pixel_aspect: Fraction
    """Width ÷ height of a pixel."""

    def shown(self, times: Sequence[Fraction]) -> Iterator[Frame]:
        """Give one frame for each of the ascending times (seconds from the first frame)."""

    def close(self) -> None:
        """Close what is open."""


def still_frame(path: Path) -> Frame:
    """Decode the first picture of a file.

    Raises:
        UnreadableMediaError: not a picture.
    """
    with OpenMedia(path) as media, media_errors(path):
        picture = media.picture()
        if picture is not None:
            for frame in media.container.decode(picture):
                return frame
    raise UnreadableMediaError(f"no picture could be decoded from {path}.")


class SequenceReader:
    """Reads numbered picture files, one a frame; nothing stays open."""

    def __init__(self, files: Sequence[Path], rate: Fraction) -> None:
        """Look which files are there.

        Args:
            files: one a frame; a missing one repeats the one before (at the head, the first that is there is shown).
            rate: frames per second.

        Raises:
            UnreadableMediaError: none of the files is there.
        """
        self.decoded = 0
        self.damaged = 0
        self.pixel_aspect = Fraction(1)
        self._files = files
        self._rate = rate
        self._there = [number for number, file in enumerate(files) if file.is_file()]
        if not self._there:
            raise UnreadableMediaError(f"no picture of the sequence {files[0] if files else '(empty)'} is there.")

    def shown(self, times: Sequence[Fraction]) -> Iterator[Frame]:
        """Give one frame for each of the ascending times; the same object as long as the same file is shown."""
        late = min(_NOISE, 1 / (4 * self._rate))
        at: int | None = None
        frame: Frame | None = None
        for time in times:
            number = floor((time + late) * self._rate)
            existing = self._there[max(0, bisect_right(self._there, number) - 1)]
            if frame is None or existing != at:
                frame = still_frame(self._files[existing])
                self.decoded += 1
                at = existing
            yield frame

    def close(self) -> None:
        """Nothing is open."""


class StillReader(SequenceReader):
    """Reads a still: a sequence of one."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is decoded when it is first wanted."""
        super().__init__([path], Fraction(1))


def open_pictures(source: Source, *, lines: int | None = None, between: Callable[[], object] = lambda: None) -> PictureReader:
    """Open a source of pictures.

    Args:
        source: a movie, still or sequence.
        lines: as many as will be shown of it; None for all.
        between: called between packets; may raise to break off.

    Raises:
        UnreadableMediaError: the file is absent or does not decode.
        ValueError: the source is a colour or a slate, which are drawn and not read.
    """
    if source.kind is SourceKind.MOVIE and source.path is not None:
        return MovieReader(source.path, lines=lines, between=between)
    if source.kind is SourceKind.STILL and source.path is not None:
        return StillReader(source.path)
    if source.kind is SourceKind.SEQUENCE and source.rate is not None:
        return SequenceReader(source.files, source.rate)
    raise ValueError(f"{source.kind.value} {source.name!r} has no pictures to read")
