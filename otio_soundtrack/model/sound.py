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
