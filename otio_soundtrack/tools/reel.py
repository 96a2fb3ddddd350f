"""A reel: sound that is recorded once from start to end and then played from anywhere (floor 2).

Short sound stays in memory. Longer sound goes to a nameless file of the system's temporary folder, which vanishes with the
process however that ends: a cue of two hours takes no more memory than one of a few minutes.
"""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path
from typing import IO

import numpy as np

from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import store_errors

IN_MEMORY_SAMPLES = 240 * SAMPLE_RATE_HZ
"""Up to four minutes stay in memory: 92 MB."""
_FRAME_BYTES = 8
"""Two channels of float32."""


class Reel:
    """Sound of a known length, recorded block by block."""

    def __init__(self, samples: int) -> None:
        """Make room.

        Args:
            samples: length that it will have.

        Raises:
            StoreError: no file can be made in the temporary folder.
        """
        self._samples, self._recorded = samples, 0
        self._array: Samples | None = None
        self._file: IO[bytes] | None = None
        self._folder = Path(tempfile.gettempdir())
        if samples <= IN_MEMORY_SAMPLES:
            self._array = np.empty((samples, 2), np.float32)
            return
        with store_errors(self._folder):
            self._file = tempfile.TemporaryFile(prefix="otio-soundtrack.")  # noqa: SIM115 - lives as long as the reel
        weakref.finalize(self, self._file.close)

    def record(self, block: Samples) -> None:
        """Add the next stretch.

        Raises:
            StoreError: the disk is full.
            ValueError: longer than the reel.
        """
        if self._recorded + len(block) > self._samples:
            raise ValueError(f"the reel has room for {self._samples} samples, not for {self._recorded + len(block)}")
        if self._array is not None:
            self._array[self._recorded : self._recorded + len(block)] = block
        elif self._file is not None:
            with store_errors(self._folder):
                self._file.seek(self._recorded * _FRAME_BYTES)
                self._file.write(np.ascontiguousarray(block, np.float32).data)
                self._file.flush()
        self._recorded += len(block)

    def __len__(self) -> int:
        """Return how much is recorded, in samples."""
        return self._recorded

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return a stretch; what is in memory is shared, not copied.

        Raises:
            StoreError: the file can no longer be read.
            ValueError: a stretch with a step.
        """
        start, stop, step = stretch.indices(self._recorded)
        if step != 1:
            raise ValueError("a reel is played forwards, sample by sample")
        if self._array is not None:
            return self._array[start:stop]
        if self._file is None or stop <= start:
            return np.zeros((0, 2), np.float32)
        with store_errors(self._folder):
            self._file.seek(start * _FRAME_BYTES)
            read = self._file.read((stop - start) * _FRAME_BYTES)
            if len(read) != (stop - start) * _FRAME_BYTES:
                raise OSError("the temporary file of the sound was cut off")
        return np.frombuffer(read, np.float32).reshape(-1, 2)
