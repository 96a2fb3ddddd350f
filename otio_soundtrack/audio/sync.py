"""Whether cuts are heard: attacks in the written audio at the cuts, and beats near them, each against chance.

A grid that meets the cuts on paper need not be audible. So the attacks are taken from the audio alone: the rank of the strongest
attack near each cut, averaged, against the same cuts shifted around the cue (a permutation test; method: our own measurements,
where a library track under an unrelated cut gives z 0.1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.spectra import MOMENTS_HZ
from otio_soundtrack.model.heard import CutsHeard, CutsOnBeats

NEAR_S = 0.04
"""Seconds: nearer than this, sound and picture are one event to most people."""
LEAST_CUTS = 3
"""With fewer, anything is chance."""

_SHIFTS = 500
_SEED = 0
"""Of the shifts: the same file gives the same figures."""
_LEAST_SHIFT_S = 0.5
"""A smaller shift may meet the same attacks."""
_LEAST_S = 4.0
"""Seconds: in a shorter cue all shifts are alike."""
_CLEAR_SHARE = 0.25
"""An attack of this share of the strongest of the last seconds is clear."""
_LAST_S = 10.0
"""Seconds in which the last attack is looked for: a longer ring is an end that fades."""
_EDGE = 4
"""Moments at the end whose windows reach beyond the file, so that a sound that breaks off there looks like an attack."""
_EPSILON_S = 1e-6

Times = NDArray[np.float64]


def cuts_heard(onset: Times, seconds: float, cuts: Sequence[float]) -> CutsHeard | None:
    """Return how much the attacks at cuts stand out, None where it cannot be told.

    Args:
        onset: how much the spectrum rises at each moment (``Spectra.onset``).
        seconds: length of the music.
        cuts: seconds of the cuts inside it.
    """
    if len(cuts) < LEAST_CUTS or seconds < _LEAST_S or not onset.any():
        return None
    near = ranks(_strongest_near(onset)) / len(onset)
    times = np.asarray(cuts, np.float64)

    def at(moments: Times) -> Times:
        return np.asarray(near[np.minimum((moments * MOMENTS_HZ + 0.5).astype(np.int64), len(near) - 1)].mean(axis=-1))

    shifts = np.random.default_rng(_SEED).uniform(_LEAST_SHIFT_S, seconds - _LEAST_SHIFT_S, _SHIFTS)
    chance, found = at((times + shifts[:, np.newaxis]) % seconds), float(at(times))
    spread = float(chance.std())
    if spread <= 0:
        return None
    return CutsHeard(
        cuts=len(cuts),
        percentile=round(found, 4),
        z=round((found - float(chance.mean())) / spread, 3),
        # one is added on both sides, as the true order is one of the orders (Davison and Hinkley 1997, 4.2)
        p=round((1 + int((chance >= found).sum())) / (1 + _SHIFTS), 4),
    )


def cuts_on_beats(beats: Sequence[float], seconds: float, cuts: Sequence[float], frame_s: float) -> CutsOnBeats | None:
    """Return how many cuts lie near a beat, None without cuts or beats.

    Args:
        beats: seconds of the beats, in order.
        seconds: length of the cue.
        cuts: seconds of the cuts inside it.
        frame_s: seconds of a frame.
    """
    if not len(cuts) or not len(beats):
        return None
    times, counted = np.asarray(cuts, np.float64), np.asarray(beats, np.float64)
    off = np.abs(times[:, np.newaxis] - counted).min(axis=1)
    return CutsOnBeats(
        cuts=len(cuts),
        within_frame=round(float((off <= frame_s + _EPSILON_S).mean()), 4),
        within_frame_chance=round(_covered(counted, frame_s, seconds), 4),
        within_40_ms=round(float((off <= NEAR_S + _EPSILON_S).mean()), 4),
        within_40_ms_chance=round(_covered(counted, NEAR_S, seconds), 4),
    )


def last_attack(onset: Times, seconds: float) -> float | None:
    """Return the seconds from the last clear attack to the end, None where nothing is struck in the last ten."""
    start = max(0, len(onset) - round(_LAST_S * MOMENTS_HZ))
    inside = onset[start : max(start, len(onset) - _EDGE)]
    clear = np.flatnonzero(inside >= _CLEAR_SHARE * inside.max(initial=0.0))
    if not inside.any():
        return None
    # of the moments of one attack the first
    first = clear[np.flatnonzero(np.diff(clear, prepend=-2) > 1)][-1]
    return round(seconds - float(start + first) / MOMENTS_HZ, 3)


def ranks(values: Times) -> Times:
    """Return the rank of each value from 1, the mean rank for equal ones."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place], np.float64)


def _strongest_near(onset: Times) -> Times:
    """Return the strongest attack within 40 ms of each moment."""
    reach = round(NEAR_S * MOMENTS_HZ)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(np.pad(onset, reach), 2 * reach + 1).max(axis=1))


def _covered(beats: Times, near_s: float, seconds: float) -> float:
    """Return the share of the cue that is near a beat: the chance of a cut that knows nothing of the music."""
    starts, ends = np.clip(beats - near_s, 0, seconds), np.clip(beats + near_s, 0, seconds)
    starts[1:] = np.maximum(starts[1:], ends[:-1])
    return float(np.maximum(ends - starts, 0).sum() / seconds) if seconds > 0 else 0.0
