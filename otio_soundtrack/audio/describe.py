"""What a track of a library is like, in a few numbers that every track has.

The scales are set by 40 orchestral tracks that carry their character in their names (battle, sad …): how strongly things are
struck and how clear the beat is tell a battle from a lament in 94 and 96 of 100 pairs; tempo and brightness do no better than a
coin.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.beats import Pulse, pulse
from otio_soundtrack.audio.facts import section_beats
from otio_soundtrack.audio.key import key_likeness
from otio_soundtrack.audio.similarity import beats_of
from otio_soundtrack.audio.traits import Traits, traits
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.model.track import CURVE_POINTS, MOST_SECTIONS, NO_KEY, Descriptors
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.loudness import SILENCE_LUFS, LoudnessMeter
from otio_soundtrack.tools.voice import CHUNK_SAMPLES, VOICE_RATE_HZ, VoiceDetector

LONGEST_HEARD_S = 1200.0
"""A longer track is judged by its first twenty minutes."""
LEAST_S = 1.0

_SOUNDING_DB = 40.0
"""Moments softer than this below the loud ones are rests."""
_STRUCK = (0.2, 1.3)
"""Strongest attacks (99th percentile) of a bowed lament, and of war drums; on a logarithmic scale between them."""
_CLEAR_PULSE = 0.4
"""Of drums and marches."""
_SOFT_LUFS, _LOUD_LUFS = -22.0, -9.0
_ENERGY_WEIGHTS = (0.5, 0.3, 0.2)
"""Attacks, pulse, loudness: mastering makes anything loud."""
_SMOOTH_RATIO, _DRUMMED_RATIO = 1.8, 6.0
"""Strongest attacks over the mean: strings, drums."""
_DARK_TILT, _BRIGHT_TILT = 145.0, 60.0
"""First cepstral coefficient of dull and of brilliant music."""
_CLEAR_MODE = 0.3
"""By how much the best major key is liker than the best minor one, where nobody would doubt it."""
_MODE_SHARE = 0.7
"""Of valence; brightness has the rest."""
_CURVE_DB = 30.0
"""Range of levels that the curve tells apart."""
_LEVEL_SHARE = 0.6
"""Of the curve; attacks have the rest."""
_STRONG = 97
"""Percentile of the moments of a part at which its strong attacks are: drums strike in few moments."""
_VOICE_LOOKS, _VOICE_S, _VOICE_PROBABILITY = 8, 5.0, 0.2
"""Stretches that the voice detector hears, how long each is, and from when on it is a voice: it knows speech, and is less sure of
singing. Among instruments alone it is so sure in 1 of 100 moments, in 11 of 100 of the track that misleads it most."""
_BLOCK = 10 * SAMPLE_RATE_HZ

Curve = NDArray[np.float64]


def describe(sound: Sound) -> Descriptors:
    """Return what a track is like.

    Args:
        sound: 48 kHz, stereo, of any length.

    Raises:
        UnusableTakeError: it is silent, or too short to be music.
    """
    heard = _Head(sound)
    found = traits(heard)
    loud = float(np.percentile(found.level_db, 95)) if len(found.level_db) else -100.0
    lufs = _lufs(heard)
    if len(sound) < LEAST_S * SAMPLE_RATE_HZ or lufs is None:
        raise UnusableTakeError("it is silent, or too short to be music.")
    tapped = pulse(found)
    struck = found.onset[found.level_db[: len(found.onset)] > loud - _SOUNDING_DB]
    strongest, mean = (float(np.percentile(struck, 99)), float(struck.mean())) if len(struck) else (0.0, 0.0)
    # where nothing is struck there is no pulse, whatever repeats in the noise
    clear = tapped.strength * min(1.0, strongest / _STRUCK[0])
    tonic, minor, clarity, mode = _key(found)
    brightness = _share(_DARK_TILT - float(found.timbre[:, 0].mean()), 0.0, _DARK_TILT - _BRIGHT_TILT)
    return Descriptors(
        seconds=len(sound) / SAMPLE_RATE_HZ,
        tempo_bpm=tapped.tempo_bpm,
        pulse=clear,
        tonic=tonic,
        minor=minor,
        clarity=clarity,
        energy=_energy(strongest, clear, lufs),
        percussive=_share(strongest / max(mean, 1e-9), _SMOOTH_RATIO, _DRUMMED_RATIO),
        brightness=brightness,
        valence=float(np.clip(_MODE_SHARE * mode + (1 - _MODE_SHARE) * (2 * brightness - 1), -1, 1)),
        voice=_voice(heard),
        lufs=max(lufs, SILENCE_LUFS),
        curve=tuple(_curve(found).tolist()),
        sections=_sections(found, tapped),
    )


class _Head:
    """As much of a sound as is judged."""

    def __init__(self, sound: Sound) -> None:
        self._sound, self._length = sound, min(len(sound), int(LONGEST_HEARD_S * SAMPLE_RATE_HZ))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, stretch: slice, /) -> Samples:
        first, after, _ = stretch.indices(self._length)
        return self._sound[first:after]


def _lufs(sound: Sound) -> float | None:
    meter = LoudnessMeter(peaks=False)
    for start in range(0, len(sound), _BLOCK):
        meter.hear(sound[start : start + _BLOCK])
    return meter.result().integrated_lufs


def _energy(strongest: float, clear: float, lufs: float) -> float:
    struck = _share(log(max(strongest, 1e-9)), log(_STRUCK[0]), log(_STRUCK[1]))
    parts = (struck, _share(clear, 0.0, _CLEAR_PULSE), _share(lufs, _SOFT_LUFS, _LOUD_LUFS))
    return float(np.dot(_ENERGY_WEIGHTS, parts))


def _share(value: float, least: float, most: float) -> float:
    return float(np.clip((value - least) / (most - least), 0, 1))


def _key(found: Traits) -> tuple[int, bool, float, float]:
    """Return tonic, whether minor, how clear the key is, and how much rather major than minor it is (−1 to 1)."""
    # what sounds everywhere is noise, what stands above it is tone
    tones = np.maximum(found.chroma - np.median(found.chroma, axis=1, keepdims=True), 0).sum(axis=0)
    if np.ptp(tones) <= 0:
        return NO_KEY, False, 0.0, 0.0
    likeness = key_likeness(tones)
    tonic, minor = max(likeness, key=lambda one: likeness[one])
    major, other = (max(like for (_, is_minor), like in likeness.items() if is_minor is mode) for mode in (False, True))
    return tonic, minor, max(0.0, likeness[tonic, minor]), float(np.clip((major - other) / _CLEAR_MODE, -1, 1))


def _curve(found: Traits) -> Curve:
    """Return energy over the track: level and strong attacks of each part, against the loudest part and the strong attacks."""
    count = min(len(found.level_db), len(found.onset))
    edges = np.linspace(0, count, CURVE_POINTS + 1).astype(np.int64).tolist()
    parts = [slice(first, max(after, first + 1)) for first, after in pairwise(edges)]
    power = 10 ** (found.level_db.astype(np.float64) / 10)
    level = np.array([10 * np.log10(power[part].mean()) for part in parts])
    struck = np.array([np.percentile(found.onset[part], _STRONG) for part in parts])
    level = np.clip((level - level.max()) / _CURVE_DB + 1, 0, 1)
    return np.asarray(_LEVEL_SHARE * level + (1 - _LEVEL_SHARE) * struck / max(float(struck.max()), 1e-9))


def _voice(sound: Sound) -> float:
    """Return the share of a few stretches in which a voice is heard."""
    length, thin = int(_VOICE_S * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ // VOICE_RATE_HZ
    looks = min(_VOICE_LOOKS, max(1, len(sound) // length))
    edges = np.linspace(0, len(sound), looks + 1).astype(np.int64)
    detector, found = VoiceDetector(), list[float]()
    for start in edges[:-1].tolist():
        mid = sound[start : start + length].mean(axis=1)
        mid = mid[: len(mid) // thin * thin].reshape(-1, thin).mean(axis=1)
        chunks = mid[: len(mid) // CHUNK_SAMPLES * CHUNK_SAMPLES].reshape(-1, CHUNK_SAMPLES)
        found += detector.probabilities(np.asarray(chunks, np.float32))
    return float(np.mean(np.array(found) > _VOICE_PROBABILITY)) if found else 0.0


def _sections(found: Traits, tapped: Pulse) -> tuple[float, ...]:
    beats = beats_of(found, tapped, found.samples)
    starts = [float(beats.positions[beat]) / SAMPLE_RATE_HZ for beat in section_beats(beats.novelty)]
    strongest = sorted(starts, key=lambda at: -beats.novelty[int(np.searchsorted(beats.positions, at * SAMPLE_RATE_HZ))])
    return tuple(sorted(strongest[:MOST_SECTIONS]))
