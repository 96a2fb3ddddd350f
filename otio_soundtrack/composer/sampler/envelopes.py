"""Envelopes and slow oscillators: how loudness, pitch and brightness move through a note."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log10

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices.exact import Signal, rounded
from otio_soundtrack.times import SAMPLE_RATE_HZ

RANGE_DB = 96.0
"""Decibels from full level to silence, as FluidSynth has it (the specification says 100)."""
CONTROL = 64
"""Samples from one value of a slow curve to the next: 1.3 ms."""
_FALL_GRAIN = 1 << 17
"""Samples to whose next multiple falls are computed and kept: 2.7 s."""
_INSTANT_S = 1 / SAMPLE_RATE_HZ
"""Shortest time of a stage."""
_SILENT = 1e-9
_GRID = 2.0**30
"""Steps a unit of what a logarithm gave: coarser than the difference between two machines."""
_CONVEX = 400.0 / 960.0
"""Steepness of the attack of the modulation envelope."""


@dataclass(frozen=True)
class Envelope:
    """Six stages; times in seconds."""

    delay: float
    attack: float
    hold: float
    decay: float
    """From full level to silence: a shallow sustain is reached sooner."""
    sustain: float
    """Level while the note is held, 0 silence, 1 full: a share of the range in decibels for loudness."""
    release: float
    """From full level to silence."""

    def levels(self, seconds: Signal) -> Signal:
        """Return the level before the release, 0–1: of the amplitude while it rises, of the decibels while it falls."""
        at = seconds - self.delay
        fallen = np.maximum(0.0, at - self.attack - self.hold) / max(self.decay, _INSTANT_S)
        held = np.maximum(self.sustain, 1 - fallen)
        return np.asarray(np.where(at < self.attack, np.maximum(0.0, at) / max(self.attack, _INSTANT_S), held))


def loudness(shape: Envelope, held: int, samples: int) -> NDArray[np.float32]:
    """Return the gain of a note, from its start to its end in silence.

    Args:
        shape: of the loudness.
        held: samples until the note is let go.
        samples: that are wanted at most.

    Returns:
        float32 [shape=(n,)], n at most ``samples``, 0–1.
    """
    held = min(held, samples)
    head = _head(shape, held)
    gains = np.concatenate([head, _fall(shape, held - len(head))])
    last = float(gains[-1]) if held else 0.0
    if last <= 0:
        return gains
    left_db = RANGE_DB + 20 * log10(last)
    length = max(0, min(int(shape.release * left_db / RANGE_DB * SAMPLE_RATE_HZ), samples - held))
    return np.concatenate([gains, _falling(shape.release, length) * np.float32(last)])


def _head(shape: Envelope, held: int) -> NDArray[np.float32]:
    """Return delay, attack and hold, as far as the note is held."""
    delay, attack, hold = (int(seconds * SAMPLE_RATE_HZ) for seconds in (shape.delay, shape.attack, shape.hold))
    delay = min(delay, held)
    rising = min(attack, held - delay)
    top = min(hold, held - delay - rising)
    head = np.zeros(delay + rising + top, np.float32)
    head[delay : delay + rising] = np.arange(1, rising + 1) / max(1, attack)
    head[delay + rising :] = 1.0
    return head


def _fall(shape: Envelope, samples: int) -> NDArray[np.float32]:
    """Return the decay and the sustain."""
    if samples <= 0:
        return np.zeros(0, np.float32)
    if shape.sustain >= 1:
        return np.ones(samples, np.float32)
    lowest = np.float32(rounded(10 ** (-RANGE_DB * (1 - shape.sustain) / 20)))
    length = min(samples, max(1, int(shape.decay * (1 - shape.sustain) * SAMPLE_RATE_HZ)))
    curve = np.full(samples, lowest, np.float32)
    np.maximum(_falling(shape.decay, length), lowest, out=curve[:length])
    return curve


def _falling(seconds: float, samples: int) -> NDArray[np.float32]:
    """Return a fall through the whole range, as far as wanted."""
    return _long_fall(seconds, -(-samples // _FALL_GRAIN) * _FALL_GRAIN)[:samples]


@lru_cache(maxsize=24)
def _long_fall(seconds: float, samples: int) -> NDArray[np.float32]:
    return np.multiply.accumulate(np.full(samples, _factor(seconds))).astype(np.float32)


def _factor(seconds: float) -> float:
    """Return the factor from one sample to the next of a fall through the whole range."""
    return rounded(10 ** (-RANGE_DB / 20 / max(1.0, seconds * SAMPLE_RATE_HZ)))


def bend(shape: Envelope, held: int, samples: int) -> Signal:
    """Return the modulation envelope at every 64th sample [shape=(n,)], 0–1."""
    at = np.arange(0, samples + CONTROL, CONTROL) / SAMPLE_RATE_HZ
    marks = shape.levels(at)
    rising = at < shape.delay + shape.attack
    marks[rising] = _convex(marks[rising])
    let_go = held / SAMPLE_RATE_HZ
    after = at > let_go
    last = float(shape.levels(np.array([let_go]))[0])
    marks[after] = np.maximum(0.0, last - (at[after] - let_go) / max(shape.release, _INSTANT_S))
    return marks


def _convex(levels: Signal) -> Signal:
    """Return levels on the convex curve of the specification: fast at first."""
    curved = 1 + _CONVEX * np.log10(np.maximum(levels, _SILENT))
    return np.asarray(np.maximum(0.0, np.rint(curved * _GRID) / _GRID))


def triangle(delay: float, hertz: float, samples: int) -> Signal:
    """Return a slow oscillator at every 64th sample, −1 to 1: it starts at 0 and rises when its delay (seconds) is over."""
    at = np.arange(0, samples + CONTROL, CONTROL) / SAMPLE_RATE_HZ
    turns = np.maximum(0.0, at - delay) * hertz + 0.25
    return np.asarray(1 - np.abs(turns - np.floor(turns) - 0.5) * 4)
