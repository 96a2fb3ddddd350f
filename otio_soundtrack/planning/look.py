"""How a stretch of the cut looks, as a few numbers that moods are read from (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.features import Curve, Features
from otio_soundtrack.times import exact_rate

BRIGHTNESS_MIDDLE, BRIGHTNESS_SPAN = 0.36, 0.22
"""Mean luma of an ordinary exposed shot, and how far from it a picture is plainly dark or bright."""
SATURATION_MIDDLE, SATURATION_SPAN = 0.27, 0.18
"""A brown pavement measures 0.31 and a candle-lit room 0.28 (the sample films of OpenCV): neither is colourful to the eye."""
WARMTH_MIDDLE, WARMTH_SPAN = 0.12, 0.4
"""Ordinary footage leans to the warm: skin, wood and earth; the pavement measures 0.38, the candle light 0.51."""
MOTION_MIDDLE, MOTION_SPAN = 0.12, 0.16
"""People who walk through a street seen from above measure 0.03, a close dialogue 0.07."""
PACE_MIDDLE = 12.0
"""Cuts per minute of an ordinary cut: shots of five seconds."""
PACE_DOUBLINGS = 1.5
"""Doublings of the pace from ordinary to plainly fast."""
SLOWEST_PACE = 1.0
"""Cuts per minute from which on pace is told apart; below, it is one long shot."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """The character of a stretch, each −1 to 1, 0 ordinary or not looked at."""

    light: float = 0.0
    colour: float = 0.0
    warmth: float = 0.0
    motion: float = 0.0
    pace: float = 0.0

    def contrast(self, other: Look) -> float:
        """Return how different two looks are: 0 the same, 1 plainly another in one respect and a little in the others."""
        steps = np.abs(np.subtract(self.numbers, other.numbers))
        return float(0.5 * steps.max() + 0.5 * steps.mean())

    @property
    def numbers(self) -> tuple[float, float, float, float, float]:
        """The five in order of the fields."""
        return self.light, self.colour, self.warmth, self.motion, self.pace


class Looks:
    """Answers for any stretch of the timeline how it looks, in constant time (running sums)."""

    def __init__(self, features: Features) -> None:
        self._rate = exact_rate(features.rate)
        self._sums = {
            name: _running_sum(curve)
            for name, curve in (
                ("light", features.brightness),
                ("colour", features.saturation),
                ("warmth", features.warmth),
                ("motion", features.motion),
                ("pace", features.pace),
            )
        }

    def at(self, start: int, end: int) -> Look:
        """Return the look of frames ``start`` to ``end`` (exclusive) of the timeline."""
        mean = {name: self._mean(name, start, end) for name in self._sums}
        return Look(
            light=_scaled(mean["light"], BRIGHTNESS_MIDDLE, BRIGHTNESS_SPAN),
            colour=_scaled(mean["colour"], SATURATION_MIDDLE, SATURATION_SPAN),
            warmth=_scaled(mean["warmth"], WARMTH_MIDDLE, WARMTH_SPAN),
            motion=_scaled(mean["motion"], MOTION_MIDDLE, MOTION_SPAN),
            pace=_paced(mean["pace"]),
        )

    def _mean(self, name: str, start: int, end: int) -> float | None:
        hz, sums = self._sums[name]
        if len(sums) <= 1:
            return None
        first = min(len(sums) - 2, int(Fraction(start) * hz / self._rate))
        after = min(len(sums) - 1, max(first + 1, int(Fraction(end) * hz / self._rate)))
        return float((sums[after] - sums[first]) / (after - first))


def _running_sum(curve: Curve) -> tuple[Fraction, NDArray[np.float64]]:
    return Fraction(curve.hz), np.concatenate([[0.0], np.cumsum(np.asarray(curve.values, np.float64))])


def _scaled(value: float | None, middle: float, span: float) -> float:
    return 0.0 if value is None else float(np.clip((value - middle) / span, -1, 1))


def _paced(pace: float | None) -> float:
    if pace is None:
        return 0.0
    return float(np.clip(np.log2(max(pace, SLOWEST_PACE) / PACE_MIDDLE) / PACE_DOUBLINGS, -1, 1))
