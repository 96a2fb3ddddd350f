"""A scratch file for what waits: encoded packets, halves of dissolves (room picture)."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import store_errors

_IN_MEMORY_BYTES = 64_000_000
"""What fits stays in memory: a file of the usual limit (60 MB) never touches the disk twice."""


@dataclass(frozen=True)
class Place:
    """Where something lies in the scratch file."""

    at: int
    size: int


class Scratch:
    """Bytes kept until the export ends: in memory at first, then in a file without a name, which no crash can leave behind."""

    def __init__(self, folder: Path | None) -> None:
        """Open it.

        Args:
            folder: where the file lies once there is one; None is the system's folder for such files.
        """
        self._folder = folder
        self._lock = threading.Lock()
        with store_errors(folder or Path(tempfile.gettempdir())):
            self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES, dir=str(folder or tempfile.gettempdir()))  # noqa: SIM115  # closed by __exit__
        self._end = 0

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def keep(self, content: bytes) -> Place:
        """Keep bytes; may be called from any thread.

        Raises:
            StoreError: the disk is full.
        """
        with self._lock, store_errors(self._folder or Path(tempfile.gettempdir())):
            self._file.seek(self._end)
            self._file.write(content)
            place = Place(self._end, len(content))
            self._end += len(content)
            return place

    def fetch(self, place: Place) -> bytes:
        """Return what was kept; may be called from any thread.

        Raises:
            StoreError: it cannot be read back.
        """
        with self._lock, store_errors(self._folder or Path(tempfile.gettempdir())):
            self._file.seek(place.at)
            content = self._file.read(place.size)
        if len(content) != place.size:
            raise StoreError("the scratch file of the export is damaged.", hint="Is the disk full or failing?")
        return content

    def clear(self) -> None:
        """Forget all that was kept."""
        with self._lock:
            self._file.seek(0)
            self._file.truncate()
            self._end = 0
