"""How a tempo lies against the cuts (pure).

Where the first beat lies means nothing before the music is fitted; what counts is whether the time between cuts is a whole number
of beats. For every tempo that is the mean cosine of the phases that pass between cuts: 1 where all of them are whole beats,
around 0 by chance, with a spread of 1/√(2n). A tempo that is felt at half or double speed is looked at in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SLOWEST_BPM, FASTEST_BPM, STEP_BPM = 30.0, 260.0, 0.25
"""Tempi that are looked at; a track's own tempo is known no finer."""
LEAST_CUTS = 5
"""With fewer, chance says more than the music."""
LONGEST_S = 12.0
"""Between cuts that are further apart the beat of no performance can be counted."""
LEVELS = ((1.0, 1.0), (0.5, 1.0), (0.25, 0.9), (2.0, 0.75))
"""Beats of a tempo that cuts may lie on, by their speed, and what each is worth: beats, half bars, bars, eighths."""
HEARD_Z = 2.0
"""Standard deviations above chance from which on it is no chance."""
_UNMISTAKABLE_Z = 5.0

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Rhythm:
    """The cuts of a cue, as far as beats can lie on them."""

    steps: Curve
    """Standard deviations above chance of every tempo from SLOWEST_BPM on; empty where there are too few cuts."""

    @property
    def known(self) -> bool:
        """Whether there are enough cuts to tell."""
        return len(self.steps) > 0

    def z(self, tempo_bpm: NDArray[np.floating], speed: float) -> Curve:
        """Return how far above chance cuts lie on beats so many times as fast as some tempi."""
        place = np.clip((tempo_bpm * speed - SLOWEST_BPM) / STEP_BPM, 0, len(self.steps) - 1)
        inside = (tempo_bpm * speed >= SLOWEST_BPM) & (tempo_bpm * speed <= FASTEST_BPM)
        return np.where(inside, self.steps[np.rint(place).astype(np.int64)], 0.0)

    def suits(self, tempo_bpm: NDArray[np.floating]) -> tuple[Curve, NDArray[np.int64]]:
        """Return how well some tempi lie on the cuts, 0–1 with 0 for chance, and which of :data:`LEVELS` does it.

        Args:
            tempo_bpm: beats a minute [shape=(tracks,)].
        """
        if not self.known:
            return np.zeros(len(tempo_bpm)), np.zeros(len(tempo_bpm), np.int64)
        each = np.stack([worth * self.z(tempo_bpm, speed) for speed, worth in LEVELS])
        best = each.argmax(axis=0)
        return np.clip(each[best, np.arange(len(tempo_bpm))] / _UNMISTAKABLE_Z, 0, 1), best


@lru_cache(maxsize=4)
def rhythm(cuts: tuple[float, ...]) -> Rhythm:
    """Return what tempi lie on some cuts.

    Args:
        cuts: seconds, rising.
    """
    if len(cuts) < LEAST_CUTS:
        return Rhythm(np.zeros(0))
    times = np.asarray(cuts, np.float64)
    # from each cut to the next and to the one after: two that are both off by a little may be right together
    apart = np.concatenate([np.diff(times), times[2:] - times[:-2]])
    apart = apart[apart <= LONGEST_S]
    if len(apart) < LEAST_CUTS:
        return Rhythm(np.zeros(0))
    hertz = np.arange(SLOWEST_BPM, FASTEST_BPM + STEP_BPM / 2, STEP_BPM) / 60
    # half of the distances follow from the others
    spread = 1 / np.sqrt(len(apart))
    return Rhythm(np.cos(2 * np.pi * hertz[:, None] * apart[None]).mean(axis=1) / spread)
