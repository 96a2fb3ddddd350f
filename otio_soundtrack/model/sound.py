"""Sound as the rooms hand it to each other (floor 1)."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Audio in memory: float32 [shape=(samples, 2)], 48 kHz, full scale ±1.0."""


class Sound(Protocol):
    """Audio that is read stretch by stretch, wherever it lies: an array, a reel, something computed while it is read."""

    def __len__(self) -> int:
        """Return the length in samples."""

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples ``start:stop``, without step."""


class Part:
    """A part of a sound as a sound."""

    def __init__(self, sound: Sound, start: int, stop: int) -> None:
        """Take the samples ``start`` to ``stop`` of a sound; nothing is read before it is asked for."""
        self._sound, self._start, self._length = sound, start, max(0, stop - start)

    def __len__(self) -> int:
        """Return the length in samples."""
        return self._length

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples of a stretch."""
        first, after, _ = stretch.indices(self._length)
        return self._sound[self._start + first : self._start + after]
