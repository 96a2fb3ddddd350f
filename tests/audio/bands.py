"""A band of known tempo, metre and bars: chords, bass and noise, rendered in the test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))


def band(
    *, bpm: float = 104, bars: int = 24, metre: int = 4, seed: int = 0, key: int = 0, slower: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return music that comes to rest, and the seconds of its beats.

    A section of eight bars has its own timbre; the chords change with every bar. The last bar is one long chord.

    Args:
        bpm: beats a minute.
        bars: how many.
        metre: beats a bar.
        seed: of the noise.
        key: semitones up.
        slower: by how much the beats are longer at the end.
    """
    rng = np.random.default_rng(seed)
    beat = 60 / bpm
    lengths = beat * (1 + slower * np.arange(bars * metre) / (bars * metre))
    beats = 0.25 + np.concatenate([[0.0], np.cumsum(lengths)])[:-1]
    sound = np.zeros(int((beats[-1] + 4) * RATE), np.float32)
    for number, at in enumerate(beats.tolist()):
        bar, place = divmod(number, metre)
        last = bar == bars - 1
        if last and place:
            continue
        _strike(
            sound, at, CHORDS[bar % 4], key, bright=(bar // 8) % 2 == 1, accent=place == 0, seconds=3.5 if last else 1.2 * beat
        )
        _noise(sound, at, 0.1, rng)
        if not last:
            _noise(sound, at + beat / 2, 0.03, rng)
    return np.repeat(sound[:, None], 2, axis=1), beats


def _strike(
    sound: NDArray[np.float32], at: float, chord: tuple[int, ...], key: int, *, bright: bool, accent: bool, seconds: float
) -> None:
    first = int(at * RATE)
    time = np.arange(min(int(seconds * RATE), len(sound) - first)) / RATE
    decay = np.exp(-3 * time / max(seconds, 0.6)) * np.minimum(1, (time[-1] - time) / 0.02)
    for tone in chord:
        hz = 220 * 2 ** ((tone + key) / 12)
        wave = np.sin(2 * np.pi * hz * time) + (0.5 * np.sin(4 * np.pi * hz * time) if bright else 0)
        sound[first : first + len(time)] += (0.08 if accent else 0.05) * wave * decay
    if accent:
        sound[first : first + len(time)] += 0.2 * np.sin(2 * np.pi * 55 * 2 ** ((chord[0] + key) / 12) * time) * decay


def _noise(sound: NDArray[np.float32], at: float, level: float, rng: np.random.Generator) -> None:
    first = int(at * RATE)
    count = min(2400, len(sound) - first)
    sound[first : first + count] += level * rng.standard_normal(count) * np.exp(-np.arange(count) / 400)
