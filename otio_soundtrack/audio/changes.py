"""What changes in a take, and where a plan brings it: hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from otio_soundtrack.audio.contrast import begun
from otio_soundtrack.audio.facts import STRONG_CHANGE, MusicFacts
from otio_soundtrack.audio.similarity import PEAK_BEATS
from otio_soundtrack.model.fit import FitPlan, HitMoved
from otio_soundtrack.times import SAMPLE_RATE_HZ

WORTH = 14.0
"""What the strongest change on a hit takes off the cost of a way."""
_NEW, _HARD, _LOUDER_DB = 0.7, 0.2, 6.0
"""Shares of novelty and attack in the strength of a change; the rest is the level, which counts up to so much more."""
_STRUCK = 0.6
"""Attack from which a bar line is more than a bar line."""
_NEAR_S, _AT_ONCE_S = 0.12, 0.03
"""Within this of a hit, sound and picture belong together, and within this they are one event to most people."""
_FAR_S = 0.5
"""Beyond, a change is not the one that was wanted."""
_PLACES_HZ = 100
_MOST_ENTRIES = 40
"""Beats that may begin on a hit."""


@dataclass(frozen=True)
class Change:
    """Something begins."""

    at: float
    """Seconds."""
    strength: float
    """0–1."""


def strengths(facts: MusicFacts) -> NDArray[np.float64]:
    """Return how much begins at every beat, 0 where nothing does: new sections, and bar lines that are struck hard."""
    beats = facts.beats
    louder = np.clip(np.diff(beats.level_db, prepend=beats.level_db[:1]) / _LOUDER_DB, 0, 1)
    section = (beats.novelty >= STRONG_CHANGE) & (beats.novelty >= maximum_filter1d(beats.novelty, PEAK_BEATS))
    bar = np.zeros(len(section), bool)
    bar[facts.pulse.phase :: facts.pulse.metre] = True
    bar &= beats.attack >= _STRUCK
    found = _NEW * beats.novelty + _HARD * beats.attack**2 + (1 - _NEW - _HARD) * louder
    return np.where(section | bar, found * begun(beats.level_db), 0.0)


def entries(facts: MusicFacts) -> NDArray[np.int64]:
    """Return the beats that are strong enough to begin on a hit, the strongest of the take."""
    found = strengths(facts)
    strongest = np.argsort(-found, kind="stable")[:_MOST_ENTRIES]
    return np.sort(strongest[found[strongest] > 0])


def worth(facts: MusicFacts) -> NDArray[np.float64]:
    """Return what a hit gains at each hundredth of a second of the take."""
    places = np.zeros(facts.samples * _PLACES_HZ // SAMPLE_RATE_HZ + 2)
    reach = int(_NEAR_S * _PLACES_HZ)
    away = np.abs(np.arange(-reach, reach + 1)) / _PLACES_HZ
    nearness = np.clip(1 - (away - _AT_ONCE_S) / _NEAR_S, 0, 1)
    for position, strength in zip(facts.beats.positions[:-1], strengths(facts), strict=True):
        if strength > 0:
            centre = int(position) * _PLACES_HZ // SAMPLE_RATE_HZ
            inside = slice(max(0, centre - reach), min(len(places), centre + reach + 1))
            gained = WORTH * strength * nearness[inside.start - centre + reach : inside.stop - centre + reach]
            places[inside] = np.maximum(places[inside], gained)
    return places


def changes(facts: MusicFacts, plan: FitPlan) -> list[Change]:
    """Return what begins in a planned result, in order."""
    found, at = [], 0
    beats, strong = facts.beats.positions[:-1], strengths(facts)
    for segment in plan.segments:
        inside = np.flatnonzero((beats >= segment.start - _PLACES_HZ) & (beats < segment.stop) & (strong > 0))
        places = [plan.heard_at(at + int(beats[one]) - segment.start) for one in inside]
        found += [Change(place / SAMPLE_RATE_HZ, float(strong[one])) for place, one in zip(places, inside, strict=True)]
        at += segment.samples
    return found


def moved(known: Sequence[Change], hits: Sequence[float]) -> tuple[HitMoved, ...]:
    """Return how near the changes came to the hits: the strongest near one, or the nearest at all."""
    found = []
    for hit in hits:
        around = [one for one in known if abs(one.at - hit) <= _FAR_S]
        near = [one for one in around if abs(one.at - hit) <= _NEAR_S]
        best = max(near, key=lambda one: one.strength) if near else min(around, key=lambda one: abs(one.at - hit), default=None)
        found.append(
            HitMoved(at=hit, error=None, strength=0.0)
            if best is None
            else HitMoved(at=hit, error=round(best.at - hit, 4), strength=round(best.strength, 3))
        )
    return tuple(found)
