"""Waves: a recording read at the speed of a note, and filtered."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from otio_soundtrack.composer.sampler.envelopes import CONTROL, bend, triangle
from otio_soundtrack.composer.sampler.generators import hertz
from otio_soundtrack.composer.sampler.tones import LOWEST_CUTOFF, Filter, Tone
from otio_soundtrack.composer.voices.exact import Signal, ramped, rounded
from otio_soundtrack.times import SAMPLE_RATE_HZ

_PHASE_BITS = 32
"""Bits after the point of a place in a recording: its error after an hour is a thousandth of a sample."""
_HIGHEST_CUTOFF = 0.45
"""Of the sampling rate."""
_OPEN_CENTS = 13_650.0
"""Absolute cents of the highest cutoff."""
_AT_REST = 10 ** (-3.01 / 20)
"""Q of a filter without a hump."""
_MOVING = 512
"""Samples for which a moving filter stands still: 11 ms."""
_MOVING_CENTS = 25
"""Cents by which a moving filter moves at once."""
_BEND_GRID = 2.0**30
"""Steps a unit of a changing speed: coarser than the difference between two machines, finer than hearing."""
_GUARD = 3
"""Samples around a place that the interpolation looks at: one before, two after."""


def read(sound: NDArray[np.float32], tone: Tone, held: int, samples: int) -> NDArray[np.float32]:
    """Return a recording at the pitch of a note (cubic interpolation, Catmull and Rom 1974).

    Args:
        sound: the recording, one channel.
        tone: the note.
        held: samples until it is let go.
        samples: that are wanted.

    Returns:
        float32 [shape=(n,)]; fewer than ``samples`` where the recording ends before.
    """
    pitch = tone.pitch
    places = _places(tone, held, samples)
    source = sound[: pitch.end]
    if pitch.loop is not None:
        places, source = _looped(places, source, pitch.loop, held if pitch.leaves_loop else None)
    last = int(np.searchsorted(places, len(source) << _PHASE_BITS)) if pitch.loop is None or pitch.leaves_loop else len(places)
    return _interpolated(np.concatenate([source[:1], source, np.zeros(_GUARD, np.float32)]), places[:last])


def _places(tone: Tone, held: int, samples: int) -> NDArray[np.int64]:
    """Return where the recording is read, in whole steps of 2⁻³² samples [shape=(samples,)]."""
    pitch = tone.pitch
    start = pitch.start << _PHASE_BITS
    if not (pitch.bend_cents or pitch.tremble_cents or pitch.vibrato_cents):
        return start + np.arange(samples, dtype=np.int64) * round(pitch.step * 2.0**_PHASE_BITS)
    marks = pitch.vibrato_cents * triangle(tone.vibrato.delay, tone.vibrato.hertz, samples)
    marks += pitch.tremble_cents * triangle(tone.tremble.delay, tone.tremble.hertz, samples)
    marks += pitch.bend_cents * bend(tone.bend, held, samples)
    factors = np.rint(np.exp2(np.clip(marks, -4800, 4800) / 1200) * _BEND_GRID) / _BEND_GRID
    steps = np.rint(ramped(factors, CONTROL)[:samples] * (pitch.step * 2.0**_PHASE_BITS)).astype(np.int64)
    places = np.empty(samples, np.int64)
    places[:1] = 0
    np.cumsum(steps[:-1], out=places[1:])
    return np.asarray(places + start)


def _looped(
    places: NDArray[np.int64], source: NDArray[np.float32], loop: tuple[int, int], left: int | None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the places folded into the loop, and the recording with a second turn of its loop after the first.

    Folded places lie in the second turn, so that the interpolation finds the right neighbours on both of its sides.

    Args:
        places: where the recording is read.
        source: the recording.
        loop: its first sample and the first after it.
        left: from this place on the turn is ended and the rest of the recording follows; None: it goes round for ever.
    """
    start, end = loop
    turn = (end - start) << _PHASE_BITS
    second = end << _PHASE_BITS
    first = int(np.searchsorted(places, second))
    if left is not None and left <= first:
        return places, source  # let go before its end: the loop is never taken
    last = len(places) if left is None else min(left, len(places))
    folded = places.copy()
    folded[first:last] = second + (places[first:last] - second) % turn
    if last < len(places):
        folded[last:] -= (int(places[last]) - second) // turn * turn
    turned = source[start:end]
    rest = np.resize(turned, _GUARD) if left is None else source[end:]
    return folded, np.concatenate([source[:end], turned, rest])


def _interpolated(source: NDArray[np.float32], places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return a recording between its samples; one more sample stands before its first."""
    index = places >> _PHASE_BITS
    share = (places & ((1 << _PHASE_BITS) - 1)).astype(np.float32)
    share *= np.float32(2.0**-_PHASE_BITS)
    # ten times faster than source[index + number]; the guards see to it that nothing is clipped
    before, here, after, later = (source[number:].take(index, mode="clip") for number in range(4))
    cubic = later - before
    cubic += np.float32(3) * (here - after)
    square = np.float32(2) * before - np.float32(5) * here + np.float32(4) * after - later
    cubic *= share
    cubic += square
    cubic *= share
    cubic += after
    cubic -= before
    cubic *= share
    cubic *= np.float32(0.5)
    cubic += here
    return np.asarray(cubic)


def filtered(wave: NDArray[np.float32], tone: Tone, held: int) -> NDArray[np.float32]:
    """Return a wave through the low pass of its note."""
    shape = tone.filter
    if shape is None:
        return wave
    if not shape.moves:
        return np.asarray(lfilter(*_low_pass(shape.cents, shape.resonance), wave), np.float32)
    cents = _cutoffs(shape, tone, held, len(wave))
    out, state = np.empty_like(wave), np.zeros(2)
    start = 0
    for start, end in _steady(cents, len(wave)):
        out[start:end], state = lfilter(*_low_pass(cents[start // _MOVING], shape.resonance), wave[start:end], zi=state)
    return out


def _cutoffs(shape: Filter, tone: Tone, held: int, samples: int) -> list[float]:
    """Return the cutoff at every 512th sample, in absolute cents to the nearest 25."""
    marks = shape.cents + shape.bend_cents * bend(tone.bend, held, samples)
    marks += shape.tremble_cents * triangle(tone.tremble.delay, tone.tremble.hertz, samples)
    np.clip(marks, LOWEST_CUTOFF, _OPEN_CENTS, out=marks)
    coarse: Signal = np.rint(marks[:: _MOVING // CONTROL] / _MOVING_CENTS) * _MOVING_CENTS
    return [float(cents) for cents in coarse]


def _steady(cents: list[float], samples: int) -> list[tuple[int, int]]:
    """Return the stretches in which the cutoff stands still."""
    starts = [0, *(number * _MOVING for number in range(1, len(cents)) if cents[number] != cents[number - 1])]
    starts = [start for start in starts if start < samples]
    return list(zip(starts, [*starts[1:], samples], strict=True))


@lru_cache(maxsize=4096)
def _low_pass(cents: float, resonance: float) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return the coefficients of a low pass (Bristow-Johnson's cookbook), its gain less by half of the hump's height.

    The specification asks for that; without a hump the gain is 1.
    """
    omega = 2 * pi * min(hertz(cents) / SAMPLE_RATE_HZ, _HIGHEST_CUTOFF)
    turn, alpha = cos(omega), sin(omega) / (2 * resonance)
    scale, gain = 1 + alpha, sqrt(_AT_REST / resonance)
    middle = rounded(gain * (1 - turn) / scale)
    return (middle / 2, middle, middle / 2), (1.0, rounded(-2 * turn / scale), rounded((1 - alpha) / scale))
