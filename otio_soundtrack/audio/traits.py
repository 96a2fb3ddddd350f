"""What a take sounds like from moment to moment: attacks, level, tones, timbre. One pass, bounded memory.

Mid signal at 24 kHz; a short window tells when something begins, a long one tells which tones sound. Mel bands after
O'Shaughnessy (1987), cepstral coefficients after Davis and Mermelstein (1980), chroma after Fujishima (1999).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct, rfft
from scipy.signal import resample_poly

from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

FAST_HZ, SLOW_HZ = 100, 50
"""Moments a second of attacks and level, and of tones and timbre."""
TIMBRES = 15
"""Cepstral coefficients above the zeroth, which is loudness."""

_RATE = SAMPLE_RATE_HZ // 2
_FAST, _SLOW = 512, 4096
"""Windows: 21 ms and 171 ms."""
_FAST_BANDS, _SLOW_BANDS = 40, 64
_LOWEST_HZ, _HIGHEST_HZ = 40.0, 11_000.0
_BASS_HZ = 160.0
_TONES_HZ = (65.0, 4200.0)
"""C2 to C8: fundamentals and strong overtones."""
_TONE_WIDTH = 0.35
"""Semitones: how far from a pitch a bin still counts for it (standard deviation)."""
_FLOOR_DB = -80.0
"""Below the loudest moment of the take: what is softer is not heard in it."""
_CHUNK = 30 * SAMPLE_RATE_HZ
_MARGIN = 128
"""Samples around a chunk that the half-band filter reaches into."""

Row = NDArray[np.float32]


@dataclass(frozen=True)
class Traits:
    """A take as curves; moment i is at i / rate seconds."""

    samples: int
    """At 48 kHz."""
    onset: Row
    """How much begins, 0 or above [shape=(n,) at FAST_HZ]."""
    level_db: Row
    """Root mean square, dB below full scale, −100 for silence [shape=(n,) at FAST_HZ]."""
    chroma: Row
    """Strength of the pitch classes from C on [shape=(m, 12) at SLOW_HZ]."""
    timbre: Row
    """Cepstral coefficients [shape=(m, TIMBRES) at SLOW_HZ]."""
    bass_db: Row
    """Level below 160 Hz [shape=(m,) at SLOW_HZ]."""


def traits(sound: Sound) -> Traits:
    """Return the traits of a take."""
    fast, slow = _Frames(_FAST, _RATE // FAST_HZ), _Frames(_SLOW, _RATE // SLOW_HZ)
    attack, tone = _Attack(), _Tone()
    for mid in _halved(sound):
        attack.hear(fast.take(mid))
        tone.hear(slow.take(mid))
    attack.hear(fast.rest())
    tone.hear(slow.rest())
    onset, level = attack.rows()
    chroma, timbre, bass = tone.rows()
    return Traits(len(sound), onset, level, chroma, timbre, bass)


def _halved(sound: Sound) -> Iterator[Row]:
    """Yield the mid signal at half the rate."""
    for start in range(0, len(sound), _CHUNK):
        stop = min(len(sound), start + _CHUNK)
        before = min(_MARGIN, start)
        mid = sound[start - before : min(len(sound), stop + _MARGIN)].mean(axis=1)
        halved = np.asarray(resample_poly(mid, 1, 2), np.float32)
        yield halved[before // 2 : before // 2 + -(-(stop - start) // 2)]


class _Frames:
    """Windows that overlap, the first centred on the first sample."""

    def __init__(self, length: int, hop: int) -> None:
        self._length, self._hop = length, hop
        self._known: Row = np.zeros(length // 2, np.float32)
        self._heard = self._given = 0

    def take(self, mid: Row) -> Row:
        self._heard += len(mid)
        return self._cut(np.concatenate([self._known, mid]))

    def rest(self) -> Row:
        """Return the windows centred before the last sample, filled up with silence."""
        wanted = -(-self._heard // self._hop) - self._given
        return self._cut(np.concatenate([self._known, np.zeros(self._length, np.float32)]))[: max(0, wanted)]

    def _cut(self, known: Row) -> Row:
        count = max(0, (len(known) - self._length) // self._hop + 1)
        self._known = known[count * self._hop :]
        self._given += count
        if count == 0:
            return np.zeros((0, self._length), np.float32)
        return np.lib.stride_tricks.sliding_window_view(known, self._length)[:: self._hop][:count]


class _Attack:
    """Rise of the spectrum in bands, and level."""

    def __init__(self) -> None:
        self._hann = np.hanning(_FAST).astype(np.float32)
        self._mel = _mel(_FAST, _FAST_BANDS)
        self._before: Row | None = None
        self._kept: list[tuple[Row, Row]] = [(np.zeros(0, np.float32),) * 2]

    def hear(self, windows: Row) -> None:
        for part in _portions(windows):
            bands = np.log1p(1000.0 * (np.abs(rfft(part * self._hann, axis=1)) @ self._mel))
            before = bands[:1] if self._before is None else self._before
            rise = np.maximum(np.diff(bands, axis=0, prepend=before), 0).mean(axis=1)
            self._before = bands[-1:]
            power = np.einsum("ij,ij->i", part, part) / _FAST
            self._kept.append((rise.astype(np.float32), (10 * np.log10(power + 1e-10)).astype(np.float32)))

    def rows(self) -> tuple[Row, Row]:
        onset, level = zip(*self._kept, strict=True)
        return np.concatenate(onset), np.concatenate(level)


class _Tone:
    """Pitch classes, timbre and bass."""

    def __init__(self) -> None:
        self._hann = np.hanning(_SLOW).astype(np.float32)
        self._mel, self._pitch = _mel(_SLOW, _SLOW_BANDS), _pitch_classes()
        self._bass = int(_BASS_HZ * _SLOW / _RATE) + 1
        self._kept: list[tuple[Row, Row, Row]] = []

    def hear(self, windows: Row) -> None:
        for part in _portions(windows):
            magnitude = np.abs(rfft(part * self._hann, axis=1))
            bass = 20 * np.log10(magnitude[:, 1 : self._bass].mean(axis=1) + 1e-4)
            self._kept.append((np.sqrt(magnitude) @ self._pitch, magnitude @ self._mel, bass))

    def rows(self) -> tuple[Row, Row, Row]:
        if not self._kept:
            return np.zeros((0, 12), np.float32), np.zeros((0, TIMBRES), np.float32), np.zeros(0, np.float32)
        chroma, bands, bass = (np.concatenate(parts) for parts in zip(*self._kept, strict=True))
        decibels = 20 * np.log10(bands + 1e-6)
        decibels = np.maximum(decibels, decibels.max() + _FLOOR_DB)
        timbre = np.asarray(dct(decibels, axis=1, norm="ortho"))[:, 1 : TIMBRES + 1]
        return chroma.astype(np.float32), timbre.astype(np.float32), bass.astype(np.float32)


def _mel(length: int, bands: int) -> Row:
    """Return triangles of unit area on the mel scale [shape=(bins, bands)]."""
    lowest, highest = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges_mel = np.linspace(lowest, highest, bands + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    hz = np.fft.rfftfreq(length, 1 / _RATE)[:, None]
    rising, falling = (hz - edges[:-2]) / np.diff(edges[:-1]), (edges[2:] - hz) / np.diff(edges[1:])
    triangles = np.maximum(0, np.minimum(rising, falling))
    # narrow bands between two bins take the nearest bin
    nearest = np.argmin(np.abs(hz - edges[1:-1]), axis=0)
    triangles[nearest, np.arange(bands)] = np.maximum(triangles[nearest, np.arange(bands)], 1e-3)
    return np.asarray(triangles / triangles.sum(axis=0), np.float32)


def _pitch_classes() -> Row:
    """Return how much each bin counts for each pitch class [shape=(bins, 12)]."""
    hz = np.fft.rfftfreq(_SLOW, 1 / _RATE)
    semitones = 12 * np.log2(np.maximum(hz, 1.0) / 440.0) + 9
    away = (semitones[:, None] - np.arange(12) + 6) % 12 - 6
    inside = (hz >= _TONES_HZ[0]) & (hz <= _TONES_HZ[1])
    return np.asarray(np.exp(-0.5 * (away / _TONE_WIDTH) ** 2) * inside[:, None], np.float32)


def _portions(windows: Row) -> Iterator[Row]:
    """Yield windows, so many at once that their spectra stay in the cache."""
    step = max(1, (1 << 18) // windows.shape[1])
    for first in range(0, len(windows), step):
        yield windows[first : first + step]
