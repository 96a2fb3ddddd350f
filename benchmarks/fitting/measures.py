"""What is measured on a fitted result, whoever made it: only sound, where it was joined, and the beats of the take."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from benchmarks.fitting.heard import Heard, hear
from otio_soundtrack.times import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]

_BEFORE_S, _AFTER_S = 0.1, 0.06
"""Around a join in which its attack is looked for."""
_END_S, _SEARCHED_S = 5.0, 12.0
"""How much of an end is looked for in how much of the take's."""
_AROUND_BEATS = 4
"""A bar to either side of a join, in which what is left and what is entered should be alike."""


@dataclass(frozen=True)
class Join:
    """Seconds of the result, of the take where it is left, and where it is entered."""

    at: float
    left: float
    entered: float


@dataclass(frozen=True)
class Made:
    """A result."""

    sound: Samples
    joins: tuple[Join, ...]
    cents: float = 0.0
    ending: str = "kept"


@dataclass(frozen=True)
class Source:
    """A take, and what belongs to it."""

    sound: Samples
    """From the first to the last sound."""
    heard: Heard
    beats: NDArray[np.float64]
    """Seconds: where a listener taps. The analysis of the product taps them; that it taps well is tested elsewhere."""
    metre: int
    phase: int
    natural: NDArray[np.float64] = field(init=False)
    """Differences of neighbouring beats, sorted."""

    def __post_init__(self) -> None:
        edges = list(zip(self.beats[:-2], self.beats[1:-1], self.beats[2:], strict=True))
        steps = [self.heard.step((a, b), (b, c)) for a, b, c in edges]
        object.__setattr__(self, "natural", np.sort(steps))

    @property
    def seconds(self) -> float:
        """Length."""
        return len(self.sound) / SAMPLE_RATE_HZ

    def percentile(self, difference: float) -> float:
        """Return which share of the take's neighbouring beats differs less, 0–100."""
        return 100 * float(np.searchsorted(self.natural, difference)) / max(len(self.natural), 1)

    def place(self, seconds: float) -> int:
        """Return the beat of the bar that is nearest, from 0 on."""
        return int(np.abs(self.beats - seconds).argmin() - self.phase) % self.metre


@dataclass(frozen=True)
class Figures:
    """A result, measured."""

    samples_off: int
    minutes: float
    cents: float
    percentiles: tuple[float, ...]
    """Of each join: share of the take's own neighbouring beats that differ less than those that meet there."""
    around: tuple[float, ...]
    """The same of the bar before and the bar after: how much what was left differs from what was entered, beat by beat."""
    fluxes: tuple[float, ...]
    """Of each join: strongest attack there against that of the same beat in the take."""
    on_metre: tuple[bool, ...]
    start_kept: float
    """Correlation of the first five seconds with those of the take."""
    end_kept: float
    """Correlation of the last five seconds with the best place near the end of the take."""


def figures(source: Source, made: Made, samples: int) -> Figures:
    """Measure a result."""
    heard = hear(made.sound)
    percentiles, around, fluxes, metres = [], [], [], []
    for join in made.joins:
        beat = _beat(source, join.entered)
        met = heard.step((join.at - beat, join.at), (join.at, join.at + beat))
        percentiles.append(source.percentile(met))
        around.append(source.percentile(_apart(source, join, beat)))
        own = source.heard.attack(join.entered, _BEFORE_S, _AFTER_S)
        fluxes.append(heard.attack(join.at, _BEFORE_S, _AFTER_S) / max(own, 1e-9))
        metres.append(source.place(join.left) == source.place(join.entered))
    count = int(_END_S * SAMPLE_RATE_HZ)
    return Figures(
        samples_off=abs(len(made.sound) - samples),
        minutes=samples / SAMPLE_RATE_HZ / 60,
        cents=abs(made.cents),
        percentiles=tuple(percentiles),
        around=tuple(around),
        fluxes=tuple(fluxes),
        on_metre=tuple(metres),
        start_kept=_found(made.sound[:count], source.sound[:count]),
        end_kept=_found(made.sound[-count:], source.sound[-int(_SEARCHED_S * SAMPLE_RATE_HZ) :]),
    )


def _apart(source: Source, join: Join, beat: float) -> float:
    """Return the mean difference of the beats around a join from those that the take has in their place."""
    places = [number * beat for number in range(-_AROUND_BEATS, _AROUND_BEATS)]
    pairs = [[(at + place, at + place + beat) for at in (join.left, join.entered)] for place in places]
    inside = [(one, other) for one, other in pairs if min(one[0], other[0]) >= 0 and max(one[1], other[1]) <= source.seconds]
    return float(np.mean([source.heard.step(one, other) for one, other in inside])) if inside else 0.0


def _beat(source: Source, seconds: float) -> float:
    """Return the length of the beat that begins there."""
    number = int(np.clip(np.abs(source.beats - seconds).argmin(), 0, len(source.beats) - 2))
    return float(source.beats[number + 1] - source.beats[number])


def _found(part: Samples, whole: Samples) -> float:
    """Return the correlation of a stretch with the best place of another, 0 where it does not fit in."""
    one, other = part.mean(axis=1).astype(np.float64), np.concatenate([whole.mean(axis=1), np.zeros(len(part) // 10)])
    if len(one) > len(other):
        return 0.0
    products = fftconvolve(other, one[::-1], "valid")
    squares = np.concatenate([[0.0], np.cumsum(other.astype(np.float64) ** 2)])
    energy = squares[len(one) :] - squares[: -len(one)]
    return float((products / np.sqrt(np.maximum(energy * (one @ one), 1e-12))).max())
