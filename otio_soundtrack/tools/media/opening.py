"""Opening of media files: local files only, whatever their names look like (floor 2).

*Conventions.* FFmpeg never sees a name that it could read as a protocol (``concat:…``, ``http:…``), an option or a numbered
pattern (``%d``): a file is opened by Python and handed over as a stream of bytes, and the protocols of FFmpeg are shut, so that
a play list, a ``concat`` script or a manifest inside the file cannot open another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import av
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from otio_soundtrack.errors import UnreadableMediaError

_READ_BYTES = 1 << 17
"""Bytes that FFmpeg asks for at once: large enough that the calls back into Python cost nothing that can be measured."""
_SHUT = {"protocol_whitelist": "none", "max_streams": "200"}
"""Options of every demuxer: no protocol at all, and no file with streams without end."""
LARGEST_PIXELS = 16_384 * 16_384
"""Largest picture that is decoded: 16K squared, beyond every camera; a header that claims more is an attack or damage."""


@contextmanager
def media_errors(path: Path) -> Iterator[None]:
    """Turn what FFmpeg says about a file into an :class:`UnreadableMediaError` with the file's name."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadableMediaError(f"media file {path} is not there.", hint="Check the media folder of the timeline.") from error
    except IsADirectoryError as error:
        raise UnreadableMediaError(f"media {path} is a folder, not a file.") from error
    except PermissionError as error:
        raise UnreadableMediaError(f"media file {path} may not be read.", hint="Check its permissions.") from error
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableMediaError(
            f"media file {path} does not decode: {reason}.", hint="Does a player show it? Then tell us its format."
        ) from error


class _Nameless:
    """A file of which FFmpeg learns the suffix only: enough to help it with formats without a signature, and no pattern in it."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.name = "media" + "".join(char for char in path.suffix if char.isalnum() or char == ".")
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


class OpenMedia:
    """An open media file: the container of PyAV and the file under it, closed together."""

    def __init__(self, path: Path) -> None:
        """Open a local file.

        Raises:
            UnreadableMediaError: the file is absent, a folder, empty, not media, or not allowed to be read.
        """
        self.path = path
        with media_errors(path):
            self._file = path.open("rb")
            try:
                self.container: InputContainer = av.open(
                    _Nameless(self._file, path), "r", options=dict(_SHUT), buffer_size=_READ_BYTES
                )
            except BaseException:
                self._file.close()
                raise

    def __enter__(self) -> OpenMedia:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close container and file; may be called twice."""
        self.container.close()
        self._file.close()

    def picture(self) -> VideoStream | None:
        """Return the first stream of pictures, cover art and thumbnails left out; None where there is none.

        Raises:
            UnreadableMediaError: nothing here can decode it, or the pictures are too large to be true.
        """
        unwanted = Disposition.attached_pic | Disposition.timed_thumbnails
        for stream in self.container.streams.video:
            if stream.disposition & unwanted:
                continue
            context = stream.codec_context
            if context is None:
                raise UnreadableMediaError(f"no decoder for the pictures of {self.path} is built in.")
            if context.width * context.height > LARGEST_PIXELS:
                raise UnreadableMediaError(f"{self.path} claims pictures of {context.width}×{context.height}.")
            return stream
        return None

    def only(self, index: int) -> None:
        """Let the demuxer drop every stream but one, so that foreign packets are not even read into memory."""
        for stream in self.container.streams:
            stream.discard = Discard.default if stream.index == index else Discard.all
