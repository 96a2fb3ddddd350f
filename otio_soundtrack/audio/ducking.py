"""Music that makes room for speech: keyframes from where somebody speaks, and the music rendered with them.

A mixer's hand: the fader goes down a little before the line, stays down over short pauses, and comes back slower than it went.
Times after the trade's conventions (dip 250 ms ahead, ramps of half a second, pauses below a second held, 800 ms back); straight
lines in dB, so that an editing system draws them as they sound.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.lane import GainPoint
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

LEAD_S = 0.25
"""The dip begins so long before the line: when it is heard, the fader already moves."""
ATTACK_S = 0.5
"""Way down."""
HOLD_S = 1.0
"""Shorter pauses are held: music that jumps up between two sentences draws the ear."""
RELEASE_S = 0.8
"""Way back."""

Stretch = tuple[float, float]
"""Start and end in seconds."""


def keyframes(speech: Sequence[Stretch], depth_db: float, seconds: float) -> tuple[GainPoint, ...]:
    """Return the keyframes that lower music under speech.

    Args:
        speech: where somebody speaks, in order, on the time of the music; may reach beyond it.
        depth_db: gain under speech, below 0.
        seconds: length of the music; every keyframe lies in it.

    Returns:
        none where nobody speaks near the music.
    """
    lines = _held([(start, end) for start, end in speech if end > start])
    points: list[GainPoint] = []
    for number, (start, end) in enumerate(lines):
        down = start - LEAD_S + ATTACK_S
        back = max(end, down)
        following = lines[number + 1][0] - LEAD_S if number + 1 < len(lines) else back + RELEASE_S
        points += [(start - LEAD_S, 0.0), (down, depth_db), (back, depth_db), (min(back + RELEASE_S, following), 0.0)]
    return _within(points, seconds)


def gains(points: Sequence[GainPoint], first: int, count: int) -> Samples | float:
    """Return the linear gain of samples ``first`` to ``first + count``.

    Args:
        points: keyframes in order of time, seconds and dB.
        first: sample from the start of the time of the keyframes; may lie before it.
        count: how many.

    Returns:
        float32 [shape=(count, 1)]; a single number where it stays the same throughout.
    """
    if not points:
        return 1.0
    times, levels = _columns(points)
    begin, end = first / SAMPLE_RATE_HZ, (first + count) / SAMPLE_RATE_HZ
    edges = np.interp([begin, end], times, levels)
    around = levels[(times >= begin) & (times <= end)]
    if np.ptp(np.append(edges, around)) == 0.0:
        return float(10 ** (edges[0] / 20))
    at = (first + np.arange(count)) / SAMPLE_RATE_HZ
    return np.asarray(10 ** (np.interp(at, times, levels) / 20), np.float32)[:, None]


class Ducked:
    """Music with its keyframes, computed while it is read."""

    def __init__(self, sound: Sound, points: Sequence[GainPoint]) -> None:
        """Lay keyframes over a sound; their time begins with its first sample."""
        self._sound, self._points = sound, tuple(points)

    def __len__(self) -> int:
        """Return the length in samples."""
        return len(self._sound)

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples of a stretch."""
        start, stop, _ = stretch.indices(len(self._sound))
        part = self._sound[start:stop]
        return np.asarray(part * gains(self._points, start, len(part)), np.float32)


def _held(speech: Sequence[Stretch]) -> list[Stretch]:
    """Return speech with its short pauses closed."""
    lines: list[Stretch] = []
    for start, end in speech:
        if lines and start - lines[-1][1] < HOLD_S:
            lines[-1] = (lines[-1][0], max(lines[-1][1], end))
        else:
            lines.append((start, end))
    return lines


def _within(points: Sequence[GainPoint], seconds: float) -> tuple[GainPoint, ...]:
    """Return keyframes cut to the length of the music; those on its edges hold the gain that is reached there."""
    if not points or points[-1][0] <= 0.0 or points[0][0] >= seconds:
        return ()
    times, levels = _columns(points)
    inside = [point for point in points if 0.0 < point[0] < seconds]
    head, tail = (float(level) for level in np.interp([0.0, seconds], times, levels))
    before = [(0.0, head)] if points[0][0] <= 0.0 else []
    after = [(seconds, tail)] if points[-1][0] >= seconds else []
    return (*before, *inside, *after)


def _columns(points: Sequence[GainPoint]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times and levels."""
    both = np.array(points, np.float64)
    return both[:, 0], both[:, 1]
