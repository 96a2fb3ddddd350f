"""Whether something begins where it was wanted: strong changes of the written sound at two chance times a track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting.heard import hear
from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.times import SAMPLE_RATE_HZ

FRAME_S, NEAR_S = 1 / 24, 0.13
"""A frame of cinema, and what is still one event."""
_HITS, _SHARE, _EDGE_S = 2, 0.7, 10.0
"""Two chance times in a result of so much of the take, not within so many seconds of its ends."""


_NEVER = 9.0
"""Seconds to a change where there is none."""
_ON_S = 0.05
"""A segment that is entered so little after a beat is entered on it."""

Times = NDArray[np.float64]


@dataclass(frozen=True)
class HitsMet:
    """Distances of the wanted times from the nearest strong change, seconds."""

    asked: tuple[float, ...]
    """Where they were asked for."""
    peaks: tuple[float, ...]
    """The same, of changes only that are stronger than the beats around them."""
    unasked: tuple[float, ...]
    """Where they were not asked for."""
    told: tuple[float, ...]
    """As the plan tells of itself; 9 where it says that a hit is missed."""

    def __str__(self) -> str:
        return "/".join(f"{1000 * one:.0f}" for one in self.asked) + " ms"


def hits_met(facts: MusicFacts, rng: np.random.Generator) -> HitsMet:
    """Fit a take with two chance hits, and without."""
    samples = int(_SHARE * facts.end)
    seconds = samples / SAMPLE_RATE_HZ
    edge = min(_EDGE_S, seconds / 5)
    wanted = sorted(float(one) for one in rng.uniform(edge, seconds - edge, _HITS))
    asked = plan_fit(facts, samples, hits=wanted)
    near, peaks = _changes(facts, asked)
    return HitsMet(
        _nearest(near, wanted),
        _nearest(peaks, wanted),
        _nearest(_changes(facts, plan_fit(facts, samples))[0], wanted),
        tuple(_NEVER if hit.error is None else abs(hit.error) for hit in asked.hits),
    )


def _changes(facts: MusicFacts, plan: FitPlan) -> tuple[Times, Times]:
    """Return the strong changes of the written sound, at the beats that were brought there, and their peaks."""
    beats, at, own = [], 0.0, np.array(facts.seconds)
    for segment in plan.segments:
        start, stop = segment.start / SAMPLE_RATE_HZ, segment.stop / SAMPLE_RATE_HZ
        beats += (at + own[(own >= start - _ON_S) & (own < stop - _ON_S)] - start).tolist()
        at += stop - start
    return hear(render_fit(plan, facts.sound.file)).changes(np.maximum(np.array(beats), 0.0))


def _nearest(changes: Times, wanted: list[float]) -> tuple[float, ...]:
    return tuple(float(np.abs(changes - one).min(initial=_NEVER)) for one in wanted)
