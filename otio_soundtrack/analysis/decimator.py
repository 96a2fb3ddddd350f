"""48 kHz to 16 kHz in windows of any length, as one unbroken signal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin

FACTOR = 3
"""48 kHz to 16 kHz."""
TAPS = 97
"""Length of the low-pass, odd so that its delay is a whole number of samples (48, a multiple of the factor)."""
PASS_SHARE = 0.9
"""Edge of the low-pass as a share of the new Nyquist frequency: 7.2 kHz; images above 8.5 kHz lie 60 dB down."""
KAISER_BETA = 5.65
"""Kaiser window for 60 dB."""
DELAY = (TAPS - 1) // 2
"""Samples by which the linear-phase filter is late."""


class Decimator:
    """Keeps its memory and its place in the 3:1 grid between windows. Output sample k lies at input sample 3 k exactly."""

    def __init__(self) -> None:
        self._taps = firwin(TAPS, PASS_SHARE / FACTOR, window=("kaiser", KAISER_BETA)).astype(np.float32)
        self._memory = np.zeros(TAPS - 1, np.float32)
        self._next = DELAY
        """Samples until the next one that is kept; the first is the one that the delay turns into input sample 0."""

    def hear(self, mono: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the 16 kHz samples that a window completes [shape=(about n / 3,)].

        Args:
            mono: 48 kHz [shape=(n,)], n ≥ 0.
        """
        if not len(mono):
            return np.zeros(0, np.float32)
        heard = np.concatenate([self._memory, mono])
        self._memory = heard[-(TAPS - 1) :]
        kept = np.convolve(heard, self._taps, mode="valid")[self._next :: FACTOR]
        self._next = (self._next - len(mono)) % FACTOR if self._next < len(mono) else self._next - len(mono)
        return np.asarray(kept, np.float32)

    def rest(self) -> NDArray[np.float32]:
        """Return what the delay still holds back; the signal is over."""
        return self.hear(np.zeros(DELAY, np.float32))
