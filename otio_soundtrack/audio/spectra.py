"""Spectra of a music file, in one pass of bounded memory: how much begins, how bright it is, which pitches sound.

Two short-time transforms of the mid signal: a fast one for attacks and brightness, a slow one that tells semitones apart. What is
kept is a few numbers a moment, so that an hour of music needs some ten megabytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.fft import rfft

from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.tools.waveform import blocks, wave_shape

MOMENTS_HZ = 100
"""Moments a second: 10 ms, a quarter of the 40 ms within which sound and picture are one event to most people."""
PITCH_CLASSES = 12

_ATTACK_S = 1024 / 48_000
"""Window for attacks: 21 ms."""
_LEVEL = 1000.0
"""Magnitudes times this are compressed by the logarithm, so that soft attacks count too."""
_LAG = 1
"""Moments across which a level must rise."""
_PITCH_S = 16_384 / 48_000
"""Window for pitches: 0.34 s, 3 Hz apart."""
_LOWEST_HZ, _HIGHEST_HZ = 60.0, 2_100.0
"""Where fundamentals and their first overtones are; above, overtones say little about the key."""
_A4_HZ, _A4_CLASS = 440.0, 9
_TOUCH = 0.75
"""Exponent on the magnitudes of tones: loud ones count more than soft ones, but less than their amplitude says."""
_WEAK_SHARE = 0.02
"""Peaks below this share of the loudest of their moment are noise."""

Row = NDArray[np.float32]
Strengths = NDArray[np.float64]


@dataclass(frozen=True)
class Spectra:
    """A music file as curves."""

    seconds: float
    onset: NDArray[np.float64]
    """How much the spectrum rises at each moment, 0 or above [shape=(moments,)]; moment i is at i / MOMENTS_HZ seconds."""
    level: NDArray[np.float64]
    """Root mean square of each moment, full scale 1 [shape=(moments,)]."""
    magnitude: NDArray[np.float64]
    """Sum of the magnitudes of each moment's spectrum [shape=(moments,)]."""
    moment_hz: NDArray[np.float64]
    """Sum of magnitude times frequency, Hz [shape=(moments,)]: over the sum of magnitudes it is the spectral centroid."""
    chroma: NDArray[np.float64]
    """Strength of the pitch classes from C on, in all octaves [shape=(windows, 12)]."""
    chroma_hz: float
    """Windows of :attr:`chroma` a second; window i is centred on i / chroma_hz seconds."""


def spectra(path: Path, *, handles: Handles = NO_HANDLES) -> Spectra:
    """Return the spectra of the cue of a music file.

    Args:
        path: any file that libsndfile reads.
        handles: what lies before and after the cue in it.

    Raises:
        UnreadableMediaError: no such file, or damaged.
    """
    rate = wave_shape(path).sample_rate
    hop, pitch_hop = rate // MOMENTS_HZ, _even(_PITCH_S * rate) // 2
    fast, slow = _Windows(_even(_ATTACK_S * rate), hop), _Windows(2 * pitch_hop, pitch_hop)
    attacks, pitches = _Attacks(fast.length, rate), _Pitches(slow.length, rate)
    heard = 0
    for block in blocks(path, handles=handles):
        mid = block.mean(axis=1)
        heard += len(mid)
        attacks.hear(fast.take(mid))
        pitches.hear(slow.take(mid))
    attacks.hear(fast.rest())
    pitches.hear(slow.rest())
    moments = -(-heard // hop)
    onset, level, magnitude, moment_hz = (np.asarray(row[:moments], np.float64) for row in attacks.rows())
    return Spectra(heard / rate, onset, level, magnitude, moment_hz, pitches.strengths(), rate / pitch_hop)


class _Windows:
    """Cuts a stream into windows that overlap, the first centred on its first sample."""

    def __init__(self, length: int, hop: int) -> None:
        self.length, self._hop = length, hop
        self._known = np.zeros(length // 2, np.float32)

    def take(self, mid: Row) -> Row:
        """Return the windows that are complete [shape=(windows, length)], views of one buffer."""
        self._known = np.concatenate([self._known, mid])
        count = max(0, (len(self._known) - self.length) // self._hop + 1)
        whole = np.lib.stride_tricks.sliding_window_view(self._known, self.length)[:: self._hop][:count] if count else None
        self._known = self._known[count * self._hop :]
        return np.zeros((0, self.length), np.float32) if whole is None else whole

    def rest(self) -> Row:
        """Return the last windows, filled up with silence."""
        return self.take(np.zeros(self.length, np.float32))


class _Attacks:
    """Rise of the spectrum, level and brightness."""

    def __init__(self, length: int, rate: int) -> None:
        self._hann = np.hanning(length).astype(np.float32)
        self._hz = np.fft.rfftfreq(length, 1 / rate).astype(np.float32)
        self._before = np.zeros((_LAG, len(self._hz)), np.float32)
        self._kept: list[tuple[Row, Row, Row, Row]] = [(np.zeros(0, np.float32),) * 4]

    def hear(self, windows: Row) -> None:
        """Take the next windows."""
        for part in _portions(windows):
            magnitude = np.abs(rfft(part * self._hann, axis=1))
            levels = np.concatenate([self._before, np.log1p(_LEVEL * magnitude)])
            self._before = levels[len(levels) - _LAG :]
            rise = np.maximum(levels[_LAG:] - levels[:-_LAG], 0).mean(axis=1)
            loudness = np.sqrt(np.einsum("ij,ij->i", part, part) / part.shape[1])
            self._kept.append((rise, loudness, magnitude.sum(axis=1), magnitude @ self._hz))

    def rows(self) -> tuple[Row, ...]:
        """Return onset, level, magnitude and moment."""
        return tuple(np.concatenate(parts) for parts in zip(*self._kept, strict=True))


class _Pitches:
    """Strength of the pitch classes, from the peaks of the spectrum alone: they say where a tone is, their slopes do not."""

    def __init__(self, length: int, rate: int) -> None:
        self._hann, self._bin_hz = np.hanning(length).astype(np.float32), rate / length
        self._low, self._high = int(_LOWEST_HZ / self._bin_hz), int(_HIGHEST_HZ / self._bin_hz) + 1
        self._kept: list[Strengths] = [np.zeros((0, PITCH_CLASSES))]

    def hear(self, windows: Row) -> None:
        """Take the next windows."""
        for part in _portions(windows):
            power = np.abs(rfft(part * self._hann, axis=1))[:, self._low - 1 : self._high + 1].astype(np.float64)
            left, here, right = power[:, :-2], power[:, 1:-1], power[:, 2:]
            strong = here > _WEAK_SHARE * here.max(axis=1, keepdims=True)
            row, column = np.nonzero((here > left) & (here >= right) & strong)
            a, b, c = (np.log(np.maximum(side[row, column], 1e-12)) for side in (left, here, right))
            # the vertex of the parabola through three logarithms is the frequency of a windowed tone
            hz = (self._low + column + 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-9)) * self._bin_hz
            pitch = np.rint(PITCH_CLASSES * np.log2(hz / _A4_HZ)).astype(np.int64) + _A4_CLASS
            place, strength = row * PITCH_CLASSES + pitch % PITCH_CLASSES, np.exp(_TOUCH * b)
            sums = np.bincount(place, strength, len(part) * PITCH_CLASSES).astype(np.float64)
            self._kept.append(sums.reshape(-1, PITCH_CLASSES))

    def strengths(self) -> Strengths:
        """Return the strengths of all windows."""
        return np.concatenate(self._kept)


def _portions(windows: Row) -> Iterator[Row]:
    """Yield windows, so many at once that their spectra stay in the cache."""
    step = max(1, (1 << 17) // windows.shape[1])
    for first in range(0, len(windows), step):
        yield windows[first : first + step]


def _even(length: float) -> int:
    return 2 * round(length / 2)
