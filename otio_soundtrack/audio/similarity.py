"""How alike the beats of a take are, and what it costs to jump from one to another.

A jump is heard when what came before or what follows does not fit, not when two single beats differ: its cost looks at three
beats to either side (after the transition costs of Wenner et al. 2013, Scalable Music, and Rubin et al. 2013, Content-Based Tools
for Editing Audio Stories). Features are kept apart inside of the beat, so that the rhythm counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.beats import Pulse
from otio_soundtrack.audio.traits import FAST_HZ, SLOW_HZ, Traits
from otio_soundtrack.times import SAMPLE_RATE_HZ

Matrix = NDArray[np.float32]
Curve = NDArray[np.float64]

OFF_METRE = 6.0
"""Jumping to another beat of the bar costs so many ordinary steps more: a last resort."""

_SUB_TONES, _SUB_ATTACKS = 2, 4
"""Parts of a beat for tones and timbre, and for rhythm."""
_CHROMA, _TIMBRE, _RHYTHM, _LEVEL, _BASS = 1.6, 1.2, 2.0, 0.8, 0.15
"""Weights of the differences: harmony, timbre, rhythm, level, bass."""
_LEVEL_DB, _LEVEL_MOST = 6.0, 4.0
"""Level differences are counted in steps of 6 dB, squared, up to so much."""
_BASS_DB = 12.0
_CONTEXT = ((-3, 0.5), (-2, 0.8), (-1, 1.0), (0, 1.0), (1, 0.8), (2, 0.6), (3, 0.4))
"""Beats around a join and their weights."""
_STEP, _BIG_STEP = 0.3, 0.5
"""What the step between the last and the first beat counts, and what beyond an ordinary one."""
NOVELTY_BEATS = 8
"""Reach of the checkerboard (Foote 2000) to either side: two bars."""
PEAK_BEATS = 5
"""A change is where novelty is greatest within two beats to either side."""


@dataclass(frozen=True)
class Beats:
    """A take as beats: all that planning knows of it."""

    positions: NDArray[np.int64]
    """First sample of every beat, and the end of the music after the last [shape=(beats + 1,)]."""
    jump: Matrix
    """Cost of leaving before beat i and entering at beat j [shape=(beats, beats)]; 1 is an ordinary step."""
    step: Matrix
    """Difference of the sound of two beats [shape=(beats, beats)]."""
    natural: Curve
    """Differences of neighbouring beats, sorted."""
    novelty: Curve
    """How much changes at each beat, 0–1 [shape=(beats,)]."""
    attack: Curve
    """How strongly each beat is struck, 0–1 [shape=(beats,)]."""
    level_db: Curve
    """Level of each beat [shape=(beats,)]."""

    def percentile(self, last: int, first: int) -> float:
        """Return where the step between two beats lies among those of the take, 0–100."""
        if not len(self.natural):
            return 0.0
        return float(100 * np.searchsorted(self.natural, self.step[last, first]) / len(self.natural))


def beats_of(heard: Traits, tapped: Pulse, end: int) -> Beats:
    """Return a take as beats.

    Args:
        heard: its traits.
        tapped: its beats.
        end: sample after its last sound.
    """
    starts = np.rint(tapped.beats * SAMPLE_RATE_HZ).astype(np.int64)
    starts = starts[starts < end] if (starts < end).any() else starts[:1]
    positions = np.append(starts, max(end, int(starts[-1]) + 1))
    onset = heard.onset / max(float(np.percentile(heard.onset, 98)) if len(heard.onset) else 0.0, 1e-6)
    chroma = _parts(heard.chroma, positions, SLOW_HZ, _SUB_TONES)
    chroma /= np.linalg.norm(chroma, axis=1, keepdims=True) + 1e-6
    timbre = _parts(heard.timbre, positions, SLOW_HZ, _SUB_TONES)
    timbre /= 4 * max(float(heard.timbre.std(axis=0).mean()) if len(heard.timbre) else 0.0, 1e-6)
    rhythm = _parts(onset[:, None], positions, FAST_HZ, _SUB_ATTACKS, largest=True)
    level = _parts(heard.level_db[:, None], positions, FAST_HZ, 1)
    bass = _parts(heard.bass_db[:, None], positions, SLOW_HZ, _SUB_TONES) / _BASS_DB
    step = _CHROMA * _squares(chroma) + _TIMBRE * np.sqrt(_squares(timbre)) + _RHYTHM / _SUB_ATTACKS * _squares(rhythm)
    step = step + _LEVEL * np.minimum(_squares(level) / _LEVEL_DB**2, _LEVEL_MOST) + _BASS * np.sqrt(_squares(bass))
    step = step.astype(np.float32, copy=False)
    natural = np.sort(np.diag(step, 1).astype(np.float64))
    return Beats(
        positions=positions,
        jump=_jumps(step, natural, tapped),
        step=step,
        natural=natural,
        novelty=_novelty(step),
        attack=np.clip(rhythm[:, 0].astype(np.float64), 0, 1),
        level_db=level[:, 0].astype(np.float64),
    )


def _parts(rows: Matrix, positions: NDArray[np.int64], hz: int, parts: int, *, largest: bool = False) -> Matrix:
    """Return rows gathered in equal parts of every beat [shape=(beats, parts · columns)]."""
    if not len(rows):
        return np.zeros((len(positions) - 1, parts * rows.shape[1]), np.float32)
    shares = np.arange(parts) / parts
    edges = (positions[:-1, None] + np.diff(positions)[:, None] * shares).ravel() * (hz / SAMPLE_RATE_HZ)
    first = np.minimum(np.rint(edges).astype(np.int64), len(rows) - 1)
    gathered = np.maximum.reduceat(rows, first) if largest else np.add.reduceat(rows, first)
    if not largest:
        # where two edges are the same row, reduceat gives that row alone
        counts = np.maximum(np.diff(np.append(first, len(rows))), 1)
        gathered = gathered / counts[:, None]
    return np.ascontiguousarray(gathered.reshape(len(positions) - 1, -1), np.float32)


def _squares(rows: Matrix) -> Matrix:
    """Return squared distances of all pairs of rows."""
    square = np.einsum("ij,ij->i", rows, rows)
    return np.asarray(np.maximum(square[:, None] + square[None] - 2 * rows @ rows.T, 0), np.float32)


def _jumps(step: Matrix, natural: Curve, tapped: Pulse) -> Matrix:
    """Return the cost of every jump, with what surrounds it."""
    count = len(step)
    cost, weights = np.zeros_like(step), 0.0
    unknown = np.float32(np.percentile(step, 90))
    for ahead, weight in _CONTEXT:
        first, after = max(0, -ahead), min(count, count - ahead)
        shifted = np.full_like(cost, unknown)
        if after > first:
            shifted[first:after, first:after] = step[first + ahead : after + ahead, first + ahead : after + ahead]
        cost += np.float32(weight) * shifted
        weights += weight
    cost /= np.float32(weights)
    usual = np.float32(np.median(natural)) if len(natural) and np.median(natural) > 0 else np.float32(1)
    cost /= usual
    # the two beats that meet: more than an ordinary step apart is heard as such
    met = step[:-1] / usual
    cost[1:] += np.float32(_STEP) * met + np.float32(_BIG_STEP) * np.maximum(met - 1, 0)
    place = np.arange(count)
    cost += np.float32(OFF_METRE) * ((place[:, None] - place[None]) % tapped.metre != 0)
    return cost


def checkerboard() -> Curve:
    """Return what tells a change from what goes on (Foote 2000): alike before, alike after, unlike across [shape=(16, 16)]."""
    taper = np.hanning(2 * NOVELTY_BEATS + 2)[1:-1]
    signs = np.kron(np.array([[1, -1], [-1, 1]]), np.ones((NOVELTY_BEATS, NOVELTY_BEATS)))
    return np.asarray(signs * np.outer(taper, taper), np.float64)


def _novelty(step: Matrix) -> Curve:
    """Return how different what follows a beat is from what came before, 0–1."""
    count, reach = len(step), NOVELTY_BEATS
    found = np.zeros(count)
    if count <= 2 * reach:
        return found
    board = checkerboard()
    alike = np.exp(-step / max(float(np.median(step)), 1e-9))
    for beat in range(reach, count - reach):
        around = slice(beat - reach, beat + reach)
        found[beat] = float((alike[around, around] * board).sum())
    found = np.maximum(found, 0)
    return np.asarray(found / max(float(found.max()), 1e-9))
