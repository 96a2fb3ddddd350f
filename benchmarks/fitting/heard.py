"""What a listener of the benchmark hears: attacks, beats compared, changes. Nothing of it is the planner's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import resample_poly

from otio_soundtrack.times import SAMPLE_RATE_HZ

Curve = NDArray[np.float64]
Rows = NDArray[np.float32]

MOMENTS_HZ = 100
_RATE = SAMPLE_RATE_HZ // 2
_WINDOW, _HOP = 1024, _RATE // MOMENTS_HZ
_BANDS, _LOWEST_HZ = 36, 50.0
_LOUDEST_DB, _DEEPEST_DB = 0.0, -70.0
_TONES_HZ = (110.0, 3000.0)
_DB, _TONE = 1 / 6, 4.0
"""Weights of a step: 6 dB in every band count as much as a quarter of all harmony."""
_REACH_BEATS = 8
"""A change is a difference of two bars before and after."""
_PEAK_BEATS = 5
"""No beat of these is more of a change than the one in their middle, if it is the change itself."""
_STRONG = 0.35
"""Share of the greatest change from which one is strong: a chance time has one within 130 ms in about a third of cases."""


@dataclass(frozen=True)
class Heard:
    """A piece of sound as moments of 10 ms."""

    bands_db: Rows
    """Level in bands, dB below the loudest [shape=(n, bands)]."""
    chroma: Rows
    """Pitch classes [shape=(n, 12)]."""
    flux: Curve
    """How much begins: mean rise of the bands, dB [shape=(n,)]. Not the planner's, which hears magnitudes, not decibels."""

    def attack(self, at: float, before: float, after: float) -> float:
        """Return the strongest attack from ``before`` seconds before a moment to ``after`` seconds after it."""
        first, last = (round((at + beside) * MOMENTS_HZ) for beside in (-before, after))
        return float(self.flux[max(0, first) : max(1, last + 1)].max(initial=0.0))

    def step(self, one: tuple[float, float], other: tuple[float, float]) -> float:
        """Return how different two stretches (seconds, seconds) are: level and timbre in halves, and harmony."""
        total = 0.0
        for half in (0.0, 0.5):
            levels = [self._mean(self.bands_db, a + (b - a) * half, a + (b - a) * (half + 0.5)) for a, b in (one, other)]
            total += _DB * float(np.abs(levels[0] - levels[1]).mean()) / 2
        tones = [self._mean(self.chroma, *stretch) for stretch in (one, other)]
        alike = float(tones[0] @ tones[1]) / max(float(np.linalg.norm(tones[0]) * np.linalg.norm(tones[1])), 1e-9)
        return total + _TONE * (1 - alike)

    def _mean(self, rows: Rows, start: float, stop: float) -> NDArray[np.float32]:
        first = min(max(0, round(start * MOMENTS_HZ)), len(rows) - 1)
        return np.asarray(rows[first : max(first + 1, round(stop * MOMENTS_HZ))].mean(axis=0))

    def changes(self, beats: Curve) -> tuple[Curve, Curve]:
        """Return the beats (seconds) at which what follows is strongly other than what came before (Foote 2000).

        Returns:
            all of them, also the beats beside a change that share in it; and those that are the change itself.
        """
        rows = np.array([self._row(start, stop) for start, stop in pairwise(beats)])
        apart = np.abs(rows[:, None] - rows[None]).sum(axis=2)
        alike = np.exp(-apart / max(float(np.median(apart)), 1e-9))
        taper = np.hanning(2 * _REACH_BEATS + 2)[1:-1]
        board = np.kron([[1, -1], [-1, 1]], np.ones((_REACH_BEATS, _REACH_BEATS))) * np.outer(taper, taper)
        found = np.zeros(len(rows))
        for beat in range(_REACH_BEATS, len(rows) - _REACH_BEATS):
            around = slice(beat - _REACH_BEATS, beat + _REACH_BEATS)
            found[beat] = (alike[around, around] * board).sum()
        strong = found >= _STRONG * max(float(found.max(initial=0.0)), 1e-9)
        return beats[:-1][strong], beats[:-1][strong & (found >= maximum_filter1d(found, _PEAK_BEATS))]

    def _row(self, start: float, stop: float) -> Curve:
        """Return what a beat sounds like: level in bands and harmony, weighted as in a step."""
        tones = self._mean(self.chroma, start, stop)
        levels = _DB * self._mean(self.bands_db, start, stop) / self.bands_db.shape[1]
        return np.concatenate([levels, _TONE / 2 * tones / max(float(tones.sum()), 1e-9)])


def hear(sound: Rows) -> Heard:
    """Listen to stereo sound at 48 kHz."""
    mono = np.asarray(resample_poly(sound.mean(axis=1), 1, 2), np.float32)
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    hann, mel, classes = np.hanning(_WINDOW).astype(np.float32), _bands(), _classes()
    levels, tones = [], []
    for first in range(0, len(windows), 4000):
        magnitude = np.abs(np.fft.rfft(windows[first : first + 4000] * hann, axis=1)).astype(np.float32)
        levels.append(10 * np.log10(magnitude**2 @ mel + 1e-9))
        tones.append(magnitude @ classes)
    decibels = np.concatenate(levels)
    bands = np.maximum(decibels - decibels.max(), _DEEPEST_DB).astype(np.float32)
    flux = np.maximum(np.diff(bands, axis=0, prepend=bands[:1]), 0).mean(axis=1)
    return Heard(bands, np.concatenate(tones).astype(np.float32), flux.astype(np.float64))


def _bands() -> Rows:
    """Return rectangles of a third of an octave and less [shape=(bins, bands)]."""
    hz = np.fft.rfftfreq(_WINDOW, 1 / _RATE)
    edges = np.geomspace(_LOWEST_HZ, _RATE / 2, _BANDS + 1)
    inside = (hz[:, None] >= edges[:-1]) & (hz[:, None] < edges[1:])
    nearest = np.abs(hz[:, None] - np.sqrt(edges[:-1] * edges[1:])).argmin(axis=0)
    inside[nearest, np.arange(_BANDS)] = True
    return np.asarray(inside / inside.sum(axis=0), np.float32)


def _classes() -> Rows:
    """Return which bin belongs to which pitch class [shape=(bins, 12)]."""
    hz = np.fft.rfftfreq(_WINDOW, 1 / _RATE)
    nearest = np.rint(12 * np.log2(np.maximum(hz, 1) / 440)).astype(int) % 12
    return np.asarray((nearest[:, None] == np.arange(12)) & ((hz >= _TONES_HZ[0]) & (hz <= _TONES_HZ[1]))[:, None], np.float32)
