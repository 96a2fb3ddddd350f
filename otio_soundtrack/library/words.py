"""Words: what is searched for in a prompt, and what a track says of itself (pure)."""

from __future__ import annotations

import re
from pathlib import Path

from otio_soundtrack.model.track import Descriptors, Tags

MOST_WORDS = 12
"""Of a prompt: what comes later in it counts less to whoever wrote it, and each word costs time."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DENIED = re.compile(r"\b(?:no|not|without|never|avoid|less)\s+(?:(?:any|too|very|much|a|the)\s+)*[\w-]+", re.IGNORECASE)
_LEAST_LETTERS = 3
_COMMON_TEXT = """
about across after also and are around before between bpm but could during each for from has have into its just key like major
make minor more most music musical not only other out over piece score should some something song soundtrack such that the
them theme then there they this through track under underscore until upon very want was when where which while who will with
would you your
"""
_COMMON = frozenset(_COMMON_TEXT.split())
"""Words that say nothing about music, or what all music has."""
_FAST_BPM, _SLOW_BPM = 125.0, 85.0
_MUCH, _LITTLE = 0.6, 0.35


def searched(prompt: str) -> tuple[str, ...]:
    """Return the words of a prompt that are worth searching for, in order; what is denied ("no drums") is none of them."""
    wanted = _DENIED.sub(" ", prompt)
    found = (word.lower().replace("'", "") for word in _WORD.findall(wanted))
    kept = (word for word in found if len(word) >= _LEAST_LETTERS and word not in _COMMON and not word.isdigit())
    return tuple(dict.fromkeys(kept))[:MOST_WORDS]


def place_words(path: Path) -> str:
    """Return the words in the names of a file and its folder: libraries are sorted by hand."""
    return " ".join(_CAMEL.sub(" ", " ".join(_WORD.findall(name))) for name in (path.parent.name, path.stem))


def described(heard: Descriptors) -> str:
    """Return what is heard in a track in words that people search by."""
    dark, light = heard.valence < -1 / 4, heard.valence > 1 / 4
    energetic, calm = heard.energy > _MUCH, heard.energy < _LITTLE
    feeling = {
        (True, True): "happy, uplifting, driving",
        (True, False): "dark, tense, dramatic, intense",
        (False, True): "peaceful, warm, gentle",
        (False, False): "sad, dark, lonely",
    }
    words = [
        "energetic, intense" if energetic else "calm, quiet" if calm else "moderate",
        feeling[energetic, light] if (dark or light) and (energetic or calm) else "",
        "driving percussion, drums" if heard.percussive > _MUCH else "soft, sustained" if heard.percussive < _LITTLE else "",
        "fast" if heard.tempo_bpm > _FAST_BPM else "slow" if heard.tempo_bpm < _SLOW_BPM else "",
        "bright" if heard.brightness > _MUCH else "dark sound" if heard.brightness < _LITTLE else "",
    ]
    return ", ".join(word for word in words if word)


def told(title: str, tags: Tags, place: str, heard: Descriptors) -> str:
    """Return a track as a text whose meaning is compared with what is wanted."""
    return ". ".join(part for part in (title, *tags.words, place, described(heard)) if part)
