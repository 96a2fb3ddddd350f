"""Sentence vectors of tracks: one flat file of float32, the vector of track n at place n − 1; zeros where a track has none."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from otio_soundtrack.library.sentences import DIMENSIONS, Matrix
from otio_soundtrack.tools.database import PRIVATE_FILE
from otio_soundtrack.tools.files import store_errors

FILE = "vectors.f32"
_BYTES = 4 * DIMENSIONS


class Vectors:
    """The vectors of one index."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the index; the file is made when the first vector is kept."""
        self._path = folder / FILE

    def put(self, number: int, vector: Matrix) -> None:
        """Keep the vector of a track [shape=(DIMENSIONS,)]; zeros forget it.

        Raises:
            StoreError: it cannot be written.
        """
        with store_errors(self._path), os.fdopen(os.open(self._path, os.O_CREAT | os.O_RDWR, PRIVATE_FILE), "r+b") as file:
            file.seek((number - 1) * _BYTES)
            file.write(np.ascontiguousarray(vector, "<f4").tobytes())

    def forget(self, number: int) -> None:
        """Forget the vector of a track, if it has one."""
        if number <= self._known():
            self.put(number, np.zeros(DIMENSIONS, np.float32))

    def all(self) -> Matrix:
        """Return the vectors of tracks 1 to the last that has one, read where they are used [shape=(n, DIMENSIONS)]."""
        known = self._known()
        if known == 0:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.memmap(self._path, "<f4", "r", shape=(known, DIMENSIONS))

    def _known(self) -> int:
        return self._path.stat().st_size // _BYTES if self._path.is_file() else 0
