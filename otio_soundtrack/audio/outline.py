"""The outline of a sound, for waveforms that are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from otio_soundtrack.tools.waveform import blocks, wave_shape


def outline(path: Path, points: int) -> tuple[float, ...]:
    """Return the largest sample of each of ``points`` equal stretches of a sound file, full scale 1, all channels together.

    Args:
        path: any format that libsndfile reads; it is read block by block.
        points: how many stretches; a shorter file has one a sample.

    Raises:
        UnreadableMediaError: no such file, or not a sound file.
    """
    samples = wave_shape(path).samples
    points = max(1, min(points, samples))
    peaks, at = np.zeros(points, np.float32), 0
    for block in blocks(path):
        which = np.minimum((np.arange(at, at + len(block)) * points) // max(samples, 1), points - 1)
        np.maximum.at(peaks, which, np.abs(block).max(axis=1))
        at += len(block)
    return tuple(round(float(peak), 4) for peak in peaks)
