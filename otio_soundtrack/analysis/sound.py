"""What is heard in the production sound while the cut is decoded (the sound meter)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis.decimator import Decimator
from otio_soundtrack.analysis.speech import Stretch, speech_stretches
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.loudness import Loudness, LoudnessMeter
from otio_soundtrack.tools.voice import CHUNK_SAMPLES, VOICE_RATE_HZ, VoiceDetector

SPEECH_RMS = 10 ** (-20 / 20)
"""Level that quiet sound is raised to: −20 dBFS, close speech as it is recorded."""
MOST_GAIN = 10 ** (40 / 20)
"""40 dB: beyond lies the noise of the recorder."""
SILENCE_RMS = 10 ** (-70 / 20)
"""Chunks below −70 dBFS are silence (the absolute gate of BS.1770, in dBFS)."""
LEVEL_FALL = 10 ** (-1.0 / 20)
"""1 dB a chunk of 32 ms: after a shout a whisper is heard again within a second."""
CHUNK_SECONDS = CHUNK_SAMPLES / VOICE_RATE_HZ


class SoundMeter:
    """Hears the mixed production sound once, in order, in windows of any length. Satisfies the exporter's ``SoundMeter``.

    Memory is bounded by one probability each 32 ms and one loudness each 100 ms: 2 MB for two hours.
    """

    def __init__(self) -> None:
        self._decimator = Decimator()
        self._detector = VoiceDetector()
        self._leveller = Leveller()
        self._meter = LoudnessMeter()
        self._waiting = np.zeros(0, np.float32)
        self._probabilities: list[float] = []
        self._samples = 0
        self._loudness: Loudness | None = None
        """The result: not None once the sound is over."""

    def hear(self, window: NDArray[np.float32], /) -> None:
        """Take the next window.

        Args:
            window: 48 kHz stereo, full scale ±1 [shape=(samples, 2)], samples ≥ 0.

        Raises:
            ValueError: another shape, or the results were already asked for.
        """
        if window.ndim != 2 or window.shape[1] != 2:
            raise ValueError(f"production sound is heard as (samples, 2), got {window.shape}")
        if self._loudness is not None:
            raise ValueError("the sound meter was read before the sound was over")
        if not len(window):
            return
        self._samples += len(window)
        self._meter.hear(window)
        self._look_for_speech(self._decimator.hear(window.mean(axis=1, dtype=np.float32)))

    @property
    def seconds(self) -> float:
        """Length of what was heard."""
        return self._samples / SAMPLE_RATE_HZ

    def loudness(self) -> Loudness:
        """Return the loudness of all that was heard; nothing can be heard afterwards."""
        if self._loudness is None:
            self._look_for_speech(self._decimator.rest())
            lacking = -len(self._waiting) % CHUNK_SAMPLES
            self._look_for_speech(np.zeros(lacking, np.float32))
            self._loudness = self._meter.result()
        return self._loudness

    def speech(self) -> tuple[Stretch, ...]:
        """Return where somebody speaks, seconds from the first sample; nothing can be heard afterwards."""
        self.loudness()
        return speech_stretches(self._probabilities, CHUNK_SECONDS, self.seconds)

    def _look_for_speech(self, voice: NDArray[np.float32]) -> None:
        waiting = np.concatenate([self._waiting, voice])
        whole = len(waiting) - len(waiting) % CHUNK_SAMPLES
        chunks = waiting[:whole].reshape(-1, CHUNK_SAMPLES)
        self._probabilities += self._detector.probabilities(self._leveller.levelled(chunks))
        self._waiting = waiting[whole:]


class Leveller:
    """Raises quiet sound to the level at which the voice detector was trained; it misses speech 30 dB below (measured)."""

    def __init__(self) -> None:
        self._level = 0.0
        """RMS that the gain is set for: rises at once, falls slowly."""

    def levelled(self, chunks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return chunks of one unbroken sound with gain, never less than they had [shape=(n, CHUNK_SAMPLES)].

        Chunks of silence stay as they are: there is nothing to raise, and the detector is spared.
        """
        raised = np.empty_like(chunks)
        loudness = np.sqrt(np.mean(chunks.astype(np.float64) ** 2, axis=1))
        for number, rms in enumerate(loudness):
            self._level = max(float(rms), self._level * LEVEL_FALL)
            gain = min(MOST_GAIN, max(1.0, SPEECH_RMS / self._level)) if rms >= SILENCE_RMS else 1.0
            raised[number] = chunks[number] * np.float32(gain)
        return raised
