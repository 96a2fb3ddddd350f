"""The orchestra: every voice by name, with its place in the room and its level in the mix."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.score import Note
from otio_soundtrack.composer.voices.drums import SWELLS
from otio_soundtrack.composer.voices.ensemble import Ensemble
from otio_soundtrack.composer.voices.exact import rounded
from otio_soundtrack.composer.voices.modal import Modal
from otio_soundtrack.composer.voices.orchestra import DRUMS, ENSEMBLES, MODALS, SEATS

TOUCH = 1.4
"""Exponent from velocity to loudness: half the velocity is 8 dB less."""

_LAYERS = 6
"""Touches that a struck voice is rendered in; loudness between them is continuous."""
_VARIANTS = 3
"""Strokes of a drum that differ, played in turn."""
LONGEST_LEAD_S = 2.5
"""No voice begins to sound earlier before its note than this."""
PLAYERS = 2
"""Threads that may play the embedded voices together: a chord has several notes, and a third thread only waits for memory."""
_OPENING_ATTACK_S = 0.05
"""A slow voice at the very start of the cue speaks this fast: the music is there with the first frame."""
_STROKE_S = {"taiko": 0.7, "low tom": 0.4, "cymbal": 1.0, "boom": 1.0}
_SHORT_STROKE_S = 0.2
"""Seconds for which a stroke is well heard."""
_CACHE_SAMPLES = 48_000 * 300
"""Most sound of struck notes kept for reuse: five minutes, 115 MB."""


@dataclass(frozen=True)
class Played:
    """A note as sound."""

    samples: NDArray[np.float32]
    """[shape=(samples, 2)], peak about 1."""
    lead_s: float
    """Seconds from its first sample to where it is heard to begin."""
    ready: bool = False
    """Whether it has its loudness, its place and its end already, and only is to be laid where it belongs."""


class Player(Protocol):
    """Who plays a note: the embedded voices (:func:`play`), or a SoundFont."""

    def __call__(self, note: Note, /, *, number: int) -> Played:
        """Return the sound of a note, given its number in the score."""


class _Struck:
    """Struck notes that were rendered before, least recently used first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int], NDArray[np.float32]] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        """Two cues may be played at once, each in a thread of its own."""

    def get(self, voice: str, pitch: int, layer: int) -> NDArray[np.float32]:
        with self._lock:
            return self._got((voice, pitch, layer))

    def _got(self, key: tuple[str, int, int]) -> NDArray[np.float32]:
        voice, pitch, layer = key
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        sound = MODALS[voice].sound(pitch, (layer + 0.5) / _LAYERS)
        self._kept[key] = sound
        self._size += len(sound)
        while self._size > _CACHE_SAMPLES:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone)
        return sound


_STRUCK = _Struck()


def play(note: Note, /, *, number: int) -> Played:
    """Return the sound of a note.

    Args:
        note: what to play.
        number: its number in the score, which chooses among equal variants.
    """
    if note.voice in DRUMS:
        layer = min(int(note.velocity * _LAYERS), _LAYERS - 1)
        stroke = DRUMS[note.voice](number % _VARIANTS, (layer + 0.5) / _LAYERS)
        return Played(stroke, SWELLS.get(note.voice, 0.0))
    if note.voice in MODALS:
        return _played_struck(MODALS[note.voice], note)
    return _played_held(ENSEMBLES[note.voice], note, number)


def _played_struck(modal: Modal, note: Note) -> Played:
    layer = min(int(note.velocity * _LAYERS), _LAYERS - 1)
    sound = _STRUCK.get(note.voice, note.pitch, layer)
    return Played(sound, modal.attack_s / 2)


def _played_held(ensemble: Ensemble, note: Note, number: int) -> Played:
    attack = rounded(ensemble.attack_s * (1.3 - 0.7 * note.velocity))
    if note.start < attack / 2:
        attack = min(attack, _OPENING_ATTACK_S)
        return Played(ensemble.sound(note.pitch, note.velocity, note.seconds, attack, number), 0.0)
    # a raised cosine is half way up in its middle: there the ear puts the beginning
    return Played(ensemble.sound(note.pitch, note.velocity, note.seconds + attack / 2, attack, number), attack / 2)


def level(note: Note) -> float:
    """Return the linear gain at which a note of the embedded voices stands in the mix."""
    return float(10 ** (SEATS[note.voice].gain_db / 20) * note.velocity**TOUCH)


def ringing_seconds(note: Note) -> float:
    """Return how long a note is well heard from its start, damping and ringing out included."""
    if note.voice in ENSEMBLES:
        return note.seconds
    if note.voice in DRUMS:
        return _STROKE_S.get(note.voice, _SHORT_STROKE_S)
    # a struck note is well heard for about a third of its ring
    return min(note.seconds, MODALS[note.voice].ring_s / 3)
