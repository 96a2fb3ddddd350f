"""Loudness and true peak after ITU-R BS.1770-4 and EBU R 128, measured by FFmpeg's ``ebur128`` filter through PyAV (floor 2).

The filter looks at 100 ms blocks and says nothing about a shorter rest; so the rest is filled up with silence for the peak and
the momentary curve, while the integrated value stays that of the whole blocks (BS.1770 leaves incomplete gating blocks out).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log10

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.times import SAMPLE_RATE_HZ

MOMENTARY_HZ = 10
"""Values a second of the momentary curve: the step that EBU Tech 3341 asks for."""
SILENCE_LUFS = -70.0
"""Absolute gate of BS.1770: at or below it there is nothing to hear."""
GATING_BLOCK_S = Fraction(4, 10)
"""Length of a gating block of BS.1770: shorter sound has no integrated loudness."""

_KEY = "lavfi.r128."
_LAYOUTS = {1: "mono", 2: "stereo"}


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """What the meter heard."""

    integrated_lufs: float | None
    """Gated loudness of the whole, LUFS; None for silence and for less than 0.4 s."""
    true_peak_dbtp: float | None
    """Largest peak between the samples (four times oversampled), dB below full scale; None below 0.0005 of full scale (−66 dBTP),
    which is all that the filter resolves."""
    momentary: tuple[float, ...]
    """Loudness of the 400 ms before each tenth of a second, LUFS, ten a second; −70 stands for silence."""


class LoudnessMeter:
    """Hears audio block by block; memory does not grow with length, except for ten numbers a second."""

    def __init__(self, *, sample_rate: int = SAMPLE_RATE_HZ, channels: int = 2, peaks: bool = True) -> None:
        """Set the meter to zero.

        Args:
            sample_rate: hertz of what it will hear.
            channels: 1 or 2; one channel alone is measured as it is, not as if it came from two loudspeakers.
            peaks: whether true peaks are wanted; without them ``true_peak_dbtp`` is None and the meter is three times as fast.
        """
        self._rate, self._channels, self._block = sample_rate, channels, sample_rate // MOMENTARY_HZ
        self._graph = av.filter.Graph()
        self._source = self._graph.add_abuffer(
            sample_rate=sample_rate, format="fltp", layout=_LAYOUTS[channels], time_base=Fraction(1, sample_rate)
        )
        meter = self._graph.add("ebur128", f"peak={'true' if peaks else 'none'}:metadata=1:framelog=quiet")
        sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()
        self._heard = 0
        self._momentary: list[float] = []
        self._integrated = SILENCE_LUFS
        self._peak = 0.0

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
        if not len(samples):
            return
        self._push(samples)
        self._heard += len(samples)
        self._drain(whole=True)

    def result(self) -> Loudness:
        """Return what was heard since the start. The meter is used up afterwards."""
        integrated = self._integrated if self._heard >= GATING_BLOCK_S * self._rate and self._integrated > SILENCE_LUFS else None
        wanted = -(-self._heard // self._block)
        # one block more than the rest needs, so that the filter's oversampling has given out its last peak
        self._push(np.zeros((2 * self._block - self._heard % self._block, self._channels), np.float32))
        self._drain(whole=False)
        return Loudness(
            integrated_lufs=integrated,
            true_peak_dbtp=20 * log10(self._peak) if self._peak > 0 else None,
            momentary=tuple(self._momentary[:wanted]),
        )

    def _push(self, samples: NDArray[np.float32]) -> None:
        planes = np.ascontiguousarray(samples.T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=_LAYOUTS[self._channels])
        frame.sample_rate = self._rate
        frame.pts, frame.time_base = self._heard, Fraction(1, self._rate)
        self._source.push(frame)

    def _drain(self, *, whole: bool) -> None:
        """Read the filter's values; ``whole`` says that these blocks hold nothing but what was heard."""
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):  # nothing more until the next push
                return
            self._note(frame.metadata, whole=whole)

    def _note(self, values: Mapping[str, str], *, whole: bool) -> None:
        self._momentary.append(max(SILENCE_LUFS, float(values[_KEY + "M"])))
        if whole:
            self._integrated = float(values[_KEY + "I"])
        self._peak = max(self._peak, float(values.get(_KEY + "true_peak", 0.0)))


def measure(samples: NDArray[np.float32]) -> Loudness:
    """Return loudness, true peak and momentary curve of audio in memory.

    Args:
        samples: float32 [shape=(samples, 2)], 48 kHz, full scale ±1.0.

    Raises:
        ValueError: not stereo, or a value that is not a finite number.
    """
    meter = LoudnessMeter()
    second = SAMPLE_RATE_HZ
    for start in range(0, len(samples), second):
        meter.hear(samples[start : start + second])
    return meter.result()
