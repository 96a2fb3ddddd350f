"""The constant tempo and phase whose beats meet the cuts best (pure).

*Score.* Each point in time counts as a bell around the nearest beat. The sum of bells is compared with what beats laid at random
would reach, in standard deviations; without that the fastest tempo always wins, because it has the most beats (measured in
facts/music.md §3.2, where the method comes from). All phases of a tempo are scored at once: the points become a
circular histogram over the beat, and the histogram is folded with the bell in the frequency domain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

BELL = 0.025
"""Seconds (standard deviation): within this, picture and beat are felt as one."""
PHASES = 256
"""Phases tried for each tempo: 2 to 4 ms apart, well inside the bell."""
MOST_TEMPI = 8000
"""Tempi tried: enough for two-minute cues at the full range; longer ones are searched a little more coarsely and then refined."""
MOST_POINTS = 400
"""Points that are fitted, the heaviest first: more cannot be met by one tempo anyway."""
FEW_POINTS = 4
"""With fewer points almost any tempo meets them, so that the search stays near the favourite."""
FEW_SHARE = 0.05
"""How near: a share of the favourite tempo, below what is felt as another tempo."""
PULL = 0.6
"""Standard deviations that a tempo at the edge of the range must be better than one at the favourite."""
NEAR = 2.0
"""Bells around a beat within which a point takes part in the refinement."""
_BLOCK = 500
"""Tempi scored at once: 500 × 256 phases are 1 MB."""
_DECIMALS = 4
"""Of a tempo in beats a minute: a ten-minute cue drifts less than a millisecond."""


@dataclass(frozen=True, kw_only=True)
class TempoFit:
    """A constant beat."""

    bpm: float
    """Beats a minute."""
    phase: float
    """Seconds of a beat, 0 ≤ phase < period; all others are whole periods away."""
    score: float
    """Standard deviations above chance; what a search over all tempi finds in random points lies between 2 and 4."""

    @property
    def period(self) -> float:
        """Seconds from beat to beat."""
        return 60 / self.bpm


def fit_tempo(times: Sequence[float], weights: Sequence[float], *, slowest: float, fastest: float, favourite: float) -> TempoFit:
    """Return the tempo in a range that meets points in time best.

    Args:
        times: seconds from the start of the cue, in any order; may be empty.
        weights: how much each matters, above 0, as many as times.
        slowest: least tempo, beats a minute, above 0.
        fastest: greatest tempo, at least ``slowest``; equal: only the phase is sought.
        favourite: tempo to fall back to where the points do not care, within the range.

    Raises:
        ValueError: the range is none, or weights lack.
    """
    if not 0 < slowest <= favourite <= fastest:
        raise ValueError(f"no tempo range: {slowest} to {fastest} with favourite {favourite}")
    if len(times) != len(weights):
        raise ValueError(f"{len(times)} times with {len(weights)} weights")
    if not len(times):
        return TempoFit(bpm=favourite, phase=0.0, score=0.0)
    heavy = np.argsort(-np.asarray(weights, np.float64), kind="stable")[:MOST_POINTS]
    at, weight = np.asarray(times, np.float64)[heavy], np.asarray(weights, np.float64)[heavy]
    if len(at) < FEW_POINTS:
        slowest, fastest = max(slowest, favourite * (1 - FEW_SHARE)), min(fastest, favourite * (1 + FEW_SHARE))
    tempi = _tempi(slowest, fastest, favourite, float(at.max() - at.min()))
    width = max(fastest - favourite, favourite - slowest) or 1.0
    best_score, best_bpm, best_phase = -np.inf, favourite, 0.0
    for block in np.array_split(tempi, max(1, len(tempi) // _BLOCK)):
        scores, phases = _scores(block, at, weight)
        wanted = scores - PULL * ((block - favourite) / width) ** 2
        winner = int(wanted.argmax())
        if wanted[winner] > best_score:
            best_score, best_bpm, best_phase = float(wanted[winner]), float(block[winner]), float(phases[winner])
    found = TempoFit(bpm=best_bpm, phase=best_phase, score=score_of(best_bpm, best_phase, at, weight))
    return _refined(found, at, weight, (slowest, fastest))


def score_of(bpm: float, phase: float, times: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Return how many standard deviations above chance a beat meets points."""
    period = 60 / bpm
    bells = np.exp(-0.5 * (_off(times, phase, period) / BELL) ** 2)
    mean, deviation = _chance(np.array([bpm]), weights)
    return float(((weights * bells).sum() - mean[0]) / deviation[0])


def _tempi(slowest: float, fastest: float, favourite: float, span: float) -> NDArray[np.float64]:
    """Return tempi in even ratios: from one to the next the beats at both ends of the points shift by half a bell."""
    if fastest <= slowest:
        return np.array([favourite])
    ratio = BELL / max(span, 1.0)
    count = int(min(MOST_TEMPI, max(2.0, log(fastest / slowest) / ratio)))
    return np.append(np.geomspace(slowest, fastest, count), favourite)


def _scores(
    tempi: NDArray[np.float64], times: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best score of each tempo and its phase in seconds."""
    periods = 60 / tempi[:, np.newaxis]
    places = np.floor((times / periods) % 1 * PHASES).astype(np.int64) % PHASES
    rows = np.arange(len(tempi))[:, np.newaxis] * PHASES
    spread = np.broadcast_to(weights, places.shape).ravel()
    histogram = np.bincount((places + rows).ravel(), spread, minlength=len(tempi) * PHASES).reshape(-1, PHASES)
    waves = np.arange(PHASES // 2 + 1)
    share = BELL / periods
    # the transform of a bell wound round the beat; divided by the bin width it has height 1
    bell = np.exp(-2 * (pi * waves * share) ** 2) * sqrt(2 * pi) * share * PHASES
    folded = np.fft.irfft(np.fft.rfft(histogram, axis=1) * bell, PHASES, axis=1)
    mean, deviation = _chance(tempi, weights)
    best = folded.argmax(axis=1)
    scores = (folded[np.arange(len(tempi)), best] - mean) / deviation
    return scores, (best + 0.5) / PHASES * periods[:, 0]


def _chance(tempi: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of the sum of bells when each point falls anywhere in the beat."""
    share = BELL * tempi / 60
    mean = sqrt(2 * pi) * share
    variance = np.maximum(sqrt(pi) * share - mean**2, 1e-9)
    return weights.sum() * mean, np.sqrt((weights**2).sum() * variance)


def _off(times: NDArray[np.float64], phase: float, period: float) -> NDArray[np.float64]:
    return np.asarray((times - phase + period / 2) % period - period / 2, np.float64)


def _refined(found: TempoFit, times: NDArray[np.float64], weights: NDArray[np.float64], limits: tuple[float, float]) -> TempoFit:
    """Return the beat that lies best under the points that it meets (weighted least squares over period and phase)."""
    slowest, fastest = limits
    period = found.period
    off = _off(times, found.phase, period)
    met = np.abs(off) <= NEAR * BELL
    weight, number = weights[met], np.round((times[met] - off[met] - found.phase) / period)
    if not len(number):
        return found
    centre = np.average(number, weights=weight)
    spread = float((weight * (number - centre) ** 2).sum())
    if spread > 0:
        period += float((weight * (number - centre) * off[met]).sum()) / spread
    bpm = min(max(round(60 / period, _DECIMALS), slowest), fastest)
    phase = (float(np.average(times[met], weights=weight)) - centre * 60 / bpm) % (60 / bpm)
    return TempoFit(bpm=bpm, phase=phase, score=score_of(bpm, phase, times, weights))


def first_bar_line(fit: TempoFit, beats_per_bar: int, times: Sequence[float], weights: Sequence[float]) -> float:
    """Return when the first bar begins, so that bar lines meet points best.

    Args:
        fit: the beat.
        beats_per_bar: beats of a bar.
        times: seconds of points that ask for a bar line, like section starts; may be empty.
        weights: how much each matters.

    Returns:
        seconds from the start of the cue to the bar line nearest to it; below 0 when the cue begins inside a bar.
    """
    bar = beats_per_bar * fit.period
    at, weight = np.asarray(times, np.float64), np.asarray(weights, np.float64)
    lines = [fit.phase + beat * fit.period for beat in range(beats_per_bar)]
    met = [float((weight * np.exp(-0.5 * (_off(at, line, bar) / BELL) ** 2)).sum()) for line in lines]
    nearest = [(line + bar / 2) % bar - bar / 2 for line in lines]
    # of equals the one nearest to the first frame: the music then begins with a bar
    best = max(range(beats_per_bar), key=lambda beat: (round(met[beat], _DECIMALS), -abs(nearest[beat])))
    return nearest[best]
