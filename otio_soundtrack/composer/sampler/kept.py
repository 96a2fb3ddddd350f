"""Sounds kept for reuse, up to a limit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

_MOST_SAMPLES = 48_000 * 600
"""Ten minutes of one channel, 115 MB."""


class Kept:
    """Sounds by what they depend on; the least recently used go first."""

    def __init__(self, most: int = _MOST_SAMPLES) -> None:
        """Take the number of samples that are kept together."""
        self._most = most
        self._sounds: OrderedDict[Hashable, NDArray[np.float32]] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> NDArray[np.float32] | None:
        """Return a kept sound, None where there is none."""
        sound = self._sounds.get(key)
        if sound is not None:
            self._sounds.move_to_end(key)
        return sound

    def put(self, key: Hashable, sound: NDArray[np.float32]) -> None:
        """Keep a sound in place of what was kept under its key."""
        before = self._sounds.pop(key, None)
        self._sounds[key] = sound
        self._size += len(sound) - (0 if before is None else len(before))
        while self._size > self._most and len(self._sounds) > 1:
            _, gone = self._sounds.popitem(last=False)
            self._size -= len(gone)
