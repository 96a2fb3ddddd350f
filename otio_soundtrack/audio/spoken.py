"""Whether a take is somebody who speaks, and no music."""

from __future__ import annotations

import numpy as np
from scipy.signal import resample_poly

from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.voice import CHUNK_SAMPLES, VOICE_RATE_HZ, VoiceDetector

SPOKEN_SHARE = 0.6
"""Of the loud moments: beyond, it is speech. Songs and rap stay below a third: under music the detector hears few words."""

IS_SPEECH = "is speech, no music: words are not moved without being heard"
"""What is told of it, after its name."""

_PASSAGES, _PASSAGE_S = 6, 3
"""What is listened to: passages all over the take, so long that words fit in."""
_LIKELY = 0.5
_LOUD_RMS = 0.1
"""Level to which a passage is raised: the detector was trained on close speech."""
_AUDIBLE = 0.2
"""Share of the level of its passage below which a moment is a pause."""


def speech_share(sound: Sound) -> float:
    """Return in which share of the moments that are no pauses somebody speaks, 0–1; 0 for silence."""
    length = min(len(sound), _PASSAGE_S * SAMPLE_RATE_HZ)
    starts = np.unique(np.linspace(0, len(sound) - length, _PASSAGES).astype(int))
    spoken = [chance for start in starts.tolist() for chance in _chances(sound[start : start + length])]
    return float(np.mean(np.array(spoken) > _LIKELY)) if spoken else 0.0


def _chances(passage: Samples) -> list[float]:
    """Return how likely somebody speaks in each moment of a passage that is no pause."""
    voice = np.asarray(resample_poly(passage.mean(axis=1), 1, SAMPLE_RATE_HZ // VOICE_RATE_HZ), np.float32)
    chunks = voice[: len(voice) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
    level = float(np.sqrt(np.mean(chunks**2))) if chunks.size else 0.0
    if level == 0:
        return []
    loud = np.sqrt(np.mean(chunks**2, axis=1)) >= _AUDIBLE * level
    told = VoiceDetector().probabilities(chunks * np.float32(_LOUD_RMS / level))
    return [chance for chance, heard in zip(told, loud, strict=True) if heard]
