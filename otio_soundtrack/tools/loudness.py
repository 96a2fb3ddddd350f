"""Loudness and true peak after ITU-R BS.1770-4 and EBU R 128, as a stream (floor 2).

*Conventions.* Audio is float32 [shape=(samples, channels)], full scale ±1.0. Loudness in LUFS, peaks in dBTP.

*Method.* K-weighting by two second-order sections (BS.1770-4 annex 1, tables 1 and 2; other rates from their analogue
prototypes), mean squares of blocks of 100 ms, gating blocks of 400 ms that overlap by three quarters, an absolute gate at
−70 LUFS and a relative one 10 LU below the mean. True peak by fourfold oversampling (annex 2). What is heard is worked on in
whole blocks of 100 ms, so that it does not matter how it was handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10, pi, tan

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.peaks import MOST_GROWTH, REACH, hop_peaks

MOMENTARY_HZ = 10
"""Values a second of the momentary curve: the step that EBU Tech 3341 asks for."""
SILENCE_LUFS = -70.0
"""Absolute gate of BS.1770: at or below it there is nothing to hear."""
RELATIVE_GATE_LU = -10.0
"""BS.1770-4 eq. 6: blocks so far below the mean do not count."""
GATING_STEPS = 4
"""Steps of 100 ms in a gating block of 400 ms: shorter sound has no integrated loudness."""
_OFFSET_LUFS = -0.691
"""BS.1770-4 eq. 2: makes a 997 Hz sine of 0 dBFS in one channel −3.01 LKFS."""
_SHELF_HZ, _SHELF_DB, _SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
_HIGH_PASS_HZ, _HIGH_PASS_Q = 38.13547087602444, 0.5003270373238773
"""Analogue prototypes of the two K-weighting filters: at 48 kHz they give the coefficients of BS.1770-4 tables 1 and 2."""
_SHELF_MIDDLE = 0.4996667741545416
"""Share of the shelf's gain at its corner."""
LEAST_PEAK = 0.0005
"""Peaks below this share of full scale (−66 dBTP) are called silence."""


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """What the meter heard."""

    integrated_lufs: float | None
    """Gated loudness of the whole, LUFS; None for silence and for less than 0.4 s."""
    true_peak_dbtp: float | None
    """Largest peak between the samples, dB below full scale; None for silence, and where peaks were not wanted."""
    momentary: tuple[float, ...]
    """Loudness of the 400 ms before each tenth of a second, LUFS, ten a second; −70 stands for silence."""


class LoudnessMeter:
    """Hears audio block by block; memory does not grow with length, except for ten numbers a second."""

    def __init__(self, *, sample_rate: int = SAMPLE_RATE_HZ, channels: int = 2, peaks: bool = True) -> None:
        """Set the meter to zero.

        Args:
            sample_rate: hertz of what it will hear.
            channels: 1 or 2; one channel alone is measured as it is, not as if it came from two loudspeakers.
            peaks: whether true peaks are wanted; without them ``true_peak_dbtp`` is None and the meter is faster.
        """
        self._channels, self._peaks, self._block = channels, peaks, sample_rate // MOMENTARY_HZ
        self._sections = k_weighting(sample_rate)
        self._state = np.zeros((len(self._sections), channels, 2))
        self._rest = np.zeros((channels, 0))
        self._before = np.zeros((channels, 2 * REACH))
        self._squares: list[NDArray[np.float64]] = []
        self._heard, self._peak = 0, 0.0

    def hear(self, samples: NDArray[np.float32]) -> None:
        """Take the next stretch.

        Args:
            samples: float32 [shape=(samples, channels)], full scale ±1.0; any length.

        Raises:
            ValueError: another number of channels, or a value that is not a finite number.
        """
        if samples.ndim != 2 or samples.shape[1] != self._channels:
            raise ValueError(f"the loudness meter hears [shape=(samples, {self._channels})], got shape {samples.shape}")
        if not np.isfinite(samples).all():
            raise ValueError("the loudness meter was given values that are not finite numbers")
        self._heard += len(samples)
        waiting = np.concatenate([self._rest, samples.T.astype(np.float64)], axis=1)
        whole = waiting.shape[1] // self._block * self._block
        self._work(waiting[:, :whole])
        self._rest = waiting[:, whole:]

    def result(self) -> Loudness:
        """Return what was heard since the start. The meter is used up afterwards."""
        squares = np.concatenate([np.zeros((0, self._channels)), *self._squares])
        # the rest is filled up with silence for the peak and the momentary curve; incomplete gating blocks do not count
        self._work(np.pad(self._rest, ((0, 0), (0, 2 * self._block - self._rest.shape[1]))))
        momentary = _momentary(np.concatenate([np.zeros((0, self._channels)), *self._squares]))
        return Loudness(
            integrated_lufs=_integrated(squares),
            true_peak_dbtp=20 * log10(self._peak) if self._peak >= LEAST_PEAK else None,
            momentary=tuple(momentary[: -(-self._heard // self._block)]),
        )

    def within(self, stretches: Sequence[tuple[float, float]]) -> float | None:
        """Return the loudness of parts of what was heard, LUFS, not gated (BS.1770-1); None where they are silent or too short.

        Args:
            stretches: start and end in seconds; each tenth of a second counts whose middle lies in one of them.
        """
        squares = np.concatenate([np.zeros((0, self._channels)), *self._squares])
        middles = (np.arange(len(squares)) + 0.5) / MOMENTARY_HZ
        meant = np.zeros(len(squares), bool)
        for start, end in stretches:
            meant[np.searchsorted(middles, start) : np.searchsorted(middles, end)] = True
        if meant.sum() < GATING_STEPS:
            return None
        loudness = float(_lufs(squares[meant].sum(axis=1).mean()))
        return loudness if loudness > SILENCE_LUFS else None

    def _work(self, blocks: NDArray[np.float64]) -> None:
        """Take whole blocks [shape=(channels, n × block)]."""
        if not blocks.shape[1]:
            return
        weighted, self._state = sosfilt(self._sections, blocks, zi=self._state)
        steps = np.square(weighted).reshape(self._channels, -1, self._block).sum(axis=2) / self._block
        self._squares.append(steps.T)
        if self._peaks:
            known = np.concatenate([self._before, blocks], axis=1)
            self._before = known[:, -2 * REACH :]
            self._peak = max(self._peak, float(np.abs(blocks).max()))
            self._peak = max(self._peak, float(hop_peaks(known, self._peak / MOST_GROWTH).max()))


def measure(samples: NDArray[np.float32]) -> Loudness:
    """Return loudness, true peak and momentary curve of audio in memory.

    Args:
        samples: float32 [shape=(samples, 2)], 48 kHz, full scale ±1.0.

    Raises:
        ValueError: not stereo, or a value that is not a finite number.
    """
    meter = LoudnessMeter()
    for start in range(0, len(samples), SAMPLE_RATE_HZ):
        meter.hear(samples[start : start + SAMPLE_RATE_HZ])
    if not len(samples):
        meter.hear(samples)
    return meter.result()


def k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """Return the two K-weighting filters as second-order sections [shape=(2, 6)] (BS.1770-4 annex 1)."""
    k = tan(pi * _SHELF_HZ / sample_rate)
    high = 10 ** (_SHELF_DB / 20)
    middle = high**_SHELF_MIDDLE
    shelf = _section(
        (high + middle * k / _SHELF_Q + k * k, 2 * (k * k - high), high - middle * k / _SHELF_Q + k * k), k, _SHELF_Q
    )
    k = tan(pi * _HIGH_PASS_HZ / sample_rate)
    head = 1 + k / _HIGH_PASS_Q + k * k
    # the standard gives the high-pass without normalising its numerator
    high_pass = _section((head, -2 * head, head), k, _HIGH_PASS_Q)
    return np.array([shelf, high_pass])


def _section(numerator: tuple[float, float, float], k: float, q: float) -> list[float]:
    """Return a bilinear second-order section, numerator first."""
    head = 1 + k / q + k * k
    return [*(value / head for value in numerator), 1.0, 2 * (k * k - 1) / head, (1 - k / q + k * k) / head]


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the loudness of mean squares summed over channels (BS.1770-4 eq. 2), silence for nothing."""
    return _OFFSET_LUFS + 10 * np.log10(np.maximum(power, 1e-12))


def _integrated(squares: NDArray[np.float64]) -> float | None:
    """Return the gated loudness of steps of 100 ms [shape=(steps, channels)], None where there is none."""
    if len(squares) < GATING_STEPS:
        return None
    power = np.lib.stride_tricks.sliding_window_view(squares.sum(axis=1), GATING_STEPS).mean(axis=1)
    loud = power[_lufs(power) > SILENCE_LUFS]
    if not len(loud):
        return None
    gate = _lufs(loud.mean()) + RELATIVE_GATE_LU
    return float(_lufs(loud[_lufs(loud) > gate].mean()))


def _momentary(squares: NDArray[np.float64]) -> list[float]:
    """Return the loudness of the 400 ms before the end of each step; before the start there is silence."""
    padded = np.concatenate([np.zeros(GATING_STEPS - 1), squares.sum(axis=1)])
    power = np.lib.stride_tricks.sliding_window_view(padded, GATING_STEPS).mean(axis=1)
    return [max(SILENCE_LUFS, round(float(value), 3)) for value in _lufs(power)]
