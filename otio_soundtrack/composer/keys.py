"""Keys: names of tonic and mode, and the scales behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from otio_soundtrack.errors import SettingsError

OCTAVE = 12
"""Semitones."""

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
}
"""Semitones of the seven degrees above the tonic."""

_OTHER_NAMES = {"": "major", "ionian": "major", "maj": "major", "aeolian": "minor", "min": "minor", "m": "minor"}
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_KEY = re.compile(r"^\s*([A-Ga-g])([#b♯♭]?)\s*([A-Za-z]*(?:\s+[A-Za-z]+)?)\s*$")


@dataclass(frozen=True)
class Key:
    """A tonic with its mode."""

    tonic: int
    """Pitch class, 0 (C) to 11 (B)."""
    mode: str
    """Name among :data:`MODES`."""

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of the seven degrees, tonic first."""
        return tuple((self.tonic + step) % OCTAVE for step in MODES[self.mode])

    @property
    def minorish(self) -> bool:
        """Whether the third above the tonic is minor."""
        return MODES[self.mode][2] == 3


def parse_key(text: str) -> Key:
    """Return the key that a person wrote.

    Args:
        text: tonic and mode, like ``D minor``, ``F# dorian``, ``Bb lydian``; a tonic alone is major.

    Raises:
        SettingsError: not a key.
    """
    found = _KEY.match(text)
    name = " ".join(found[3].lower().split()) if found else ""
    mode = _OTHER_NAMES.get(name, name)
    if found is None or mode not in MODES:
        raise SettingsError(
            f"{text!r} is not a key that the composer knows.",
            hint=f"Write a tonic and a mode, like 'D minor' or 'Bb lydian'; modes: {', '.join(MODES)}.",
        )
    return Key((_LETTERS[found[1].upper()] + _SIGNS[found[2]]) % OCTAVE, mode)


def near(pitch: int, tone: int) -> int:
    """Return the pitch of a pitch class nearest to another pitch."""
    return min(range(pitch - 6, pitch + 6), key=lambda candidate: ((candidate - tone) % OCTAVE != 0, abs(candidate - pitch)))
