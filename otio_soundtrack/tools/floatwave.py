"""Sound kept between two steps of ours: RIFF WAV with 32-bit floats, so that nothing is rounded or limited twice (floor 2).

What lossy codecs decode to may lie above full scale; 24-bit PCM would clip it. Layout: Microsoft, *Multimedia Programming
Interface and Data Specifications 1.0*, with format tag 3 (IEEE float) and the ``fact`` chunk that it asks for.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import written_whole

_FLOAT_TAG = 3
_FRAME_BYTES = 8
"""Two channels of four bytes."""
_HEADER = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
_WAVE_BYTES, _FORMAT_BYTES, _FACT_BYTES = _HEADER.size - 8, 18, 4


def write_float_wav(path: Path, blocks: Iterable[Samples]) -> int:
    """Write sound whole or not at all: 48 kHz, 32-bit float, stereo.

    Args:
        path: file to write.
        blocks: float32 [shape=(samples, 2)], one after the other.

    Returns:
        Length in samples.

    Raises:
        StoreError: the file cannot be written.
    """
    samples = 0
    with written_whole(path) as scratch, scratch.open("wb") as stream:
        stream.write(_header(0))
        for block in blocks:
            stream.write(np.ascontiguousarray(block, "<f4").tobytes())
            samples += len(block)
        stream.seek(0)
        stream.write(_header(samples))
    return samples


class FloatWave:
    """A file of :func:`write_float_wav` as a :class:`otio_soundtrack.model.sound.Sound`, mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Map the file.

        Raises:
            UnreadableMediaError: it is none of ours, or was cut off.
        """
        self.path = path
        try:
            with path.open("rb") as stream:
                header = stream.read(_HEADER.size)
            samples = int(_HEADER.unpack(header)[-1]) // _FRAME_BYTES if len(header) == _HEADER.size else -1
            if samples < 0 or header != _header(samples) or path.stat().st_size != _HEADER.size + samples * _FRAME_BYTES:
                raise UnreadableMediaError(f"{path} is no sound file that we wrote, or was cut off.", hint="Remove it.")
            self._all: Samples = (
                np.memmap(path, "<f4", "r", _HEADER.size, (samples, 2)) if samples else np.zeros((0, 2), np.float32)
            )
        except OSError as error:
            raise UnreadableMediaError(f"{path} cannot be read: {error.strerror or error}.") from error

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, stretch: slice) -> Samples:
        """Return the samples ``start:stop``, copied."""
        return np.array(self._all[stretch], np.float32)


def _header(samples: int) -> bytes:
    size = samples * _FRAME_BYTES
    return _HEADER.pack(
        *(b"RIFF", _WAVE_BYTES + size, b"WAVE"),
        *(b"fmt ", _FORMAT_BYTES, _FLOAT_TAG, 2, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * _FRAME_BYTES, _FRAME_BYTES, 32, 0),
        *(b"fact", _FACT_BYTES, samples),
        *(b"data", size),
    )
