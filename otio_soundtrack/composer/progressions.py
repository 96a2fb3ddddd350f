"""Progressions: degrees of the scale for half a phrase, by mood and mode. The triads on these degrees are perfect ones."""

from __future__ import annotations

from collections.abc import Mapping

from otio_soundtrack.model.plan import Mood

Progression = tuple[int, ...]
"""Four degrees, 1 to 7."""
Pool = tuple[Progression, ...]

TRIAD = (0, 2, 4)
"""Scale steps of a triad above its root."""
NINTH = (0, 1, 2, 4)
"""… of a triad with its ninth, the second above the root."""
SEVENTH = (0, 2, 4, 6)
SIXTH = (0, 2, 4, 5)

OWN: Mapping[Mood, tuple[str, Pool]] = {
    Mood.CALM: ("major", ((1, 4, 1, 4), (1, 1, 4, 1), (1, 6, 4, 1), (4, 1, 5, 1), (4, 1, 4, 5))),
    Mood.HOPEFUL: ("major", ((1, 5, 6, 4), (1, 4, 6, 1), (1, 4, 1, 5), (6, 4, 1, 1), (4, 1, 5, 1))),
    Mood.PLAYFUL: ("major", ((1, 4, 1, 5), (1, 6, 4, 1), (1, 4, 5, 1), (4, 1, 4, 1), (2, 5, 1, 1))),
    Mood.WONDER: ("lydian", ((1, 1, 2, 1), (1, 1, 1, 2), (1, 2, 1, 1), (5, 1, 1, 2), (2, 1, 1, 1))),
    Mood.SAD: ("minor", ((1, 6, 4, 5), (1, 4, 1, 5), (1, 6, 4, 1), (6, 4, 1, 1), (4, 1, 6, 7))),
    Mood.TENSE: ("phrygian", ((1, 1, 2, 1), (1, 2, 1, 1), (1, 1, 1, 2), (6, 1, 2, 1), (2, 1, 1, 7))),
    Mood.MYSTERIOUS: ("dorian", ((1, 4, 1, 1), (1, 1, 4, 1), (1, 3, 1, 4), (4, 1, 3, 1), (3, 4, 1, 1))),
    Mood.EPIC: ("minor", ((1, 6, 7, 1), (1, 5, 6, 1), (1, 6, 4, 1), (6, 7, 1, 1), (4, 1, 6, 1))),
    Mood.ROMANTIC: ("major", ((1, 6, 4, 1), (1, 4, 1, 5), (1, 6, 2, 5), (4, 5, 1, 1), (4, 1, 2, 5))),
    Mood.OMINOUS: ("harmonic minor", ((1, 1, 6, 1), (1, 4, 1, 6), (1, 6, 4, 1), (4, 1, 6, 1), (6, 1, 4, 1))),
    Mood.HEROIC: ("mixolydian", ((1, 7, 1, 1), (1, 1, 7, 1), (1, 1, 4, 1), (7, 1, 7, 1), (5, 1, 7, 1))),
    Mood.QUIRKY: ("dorian", ((1, 4, 1, 1), (1, 7, 1, 1), (1, 1, 4, 1), (7, 1, 7, 1), (3, 1, 7, 1))),
}
"""The mode that a mood is written in, and its progressions in it."""

IN_MODE: Mapping[str, Pool] = {
    "major": ((1, 5, 6, 4), (1, 4, 1, 5), (1, 6, 4, 5), (6, 4, 1, 5), (4, 1, 4, 5)),
    "minor": ((1, 6, 4, 1), (1, 4, 6, 1), (1, 7, 6, 1), (6, 7, 1, 1), (4, 1, 6, 7)),
    "dorian": ((1, 4, 1, 1), (1, 7, 4, 1), (1, 4, 1, 7), (4, 1, 7, 1)),
    "phrygian": ((1, 2, 1, 7), (1, 1, 2, 1), (1, 6, 2, 1), (6, 1, 2, 1)),
    "lydian": ((1, 1, 2, 1), (1, 3, 1, 2), (6, 1, 2, 1), (3, 1, 2, 1)),
    "mixolydian": ((1, 7, 4, 1), (1, 5, 4, 1), (1, 4, 1, 7), (4, 7, 1, 1)),
    "harmonic minor": ((1, 6, 4, 5), (1, 4, 5, 1), (1, 5, 6, 4), (6, 4, 5, 1)),
}
"""Progressions of a mood that a person sets in another mode than its own."""

CADENCE: Mapping[str, int] = {"dorian": 7, "phrygian": 2, "lydian": 2, "mixolydian": 7, "harmonic minor": 5}
"""Degree that closes a section in each mode; major and minor close on the dominant with the leading note."""

COLOURS: Mapping[Mood, tuple[tuple[tuple[int, ...], float], ...]] = {
    Mood.CALM: ((TRIAD, 2), (NINTH, 2), (SEVENTH, 1)),
    Mood.HOPEFUL: ((TRIAD, 4), (NINTH, 2)),
    Mood.PLAYFUL: ((TRIAD, 4), (SIXTH, 1)),
    Mood.WONDER: ((TRIAD, 2), (NINTH, 3)),
    Mood.SAD: ((TRIAD, 3), (NINTH, 1), (SEVENTH, 1)),
    Mood.TENSE: ((TRIAD, 1),),
    Mood.MYSTERIOUS: ((TRIAD, 2), (NINTH, 2), (SEVENTH, 1)),
    Mood.EPIC: ((TRIAD, 1),),
    Mood.ROMANTIC: ((TRIAD, 1), (NINTH, 2), (SEVENTH, 2)),
    Mood.OMINOUS: ((TRIAD, 1),),
    Mood.HEROIC: ((TRIAD, 1),),
    Mood.QUIRKY: ((TRIAD, 3), (SIXTH, 2)),
}
"""Scale steps that a chord may be made of, with how often."""
OPEN_ENDED = (Mood.CALM, Mood.HOPEFUL, Mood.WONDER, Mood.ROMANTIC)
"""Moods whose last chord keeps its ninth."""
INVERTED = (Mood.HOPEFUL, Mood.ROMANTIC, Mood.SAD, Mood.HEROIC, Mood.PLAYFUL)
"""Moods whose bass takes the third of a chord where that makes it move by step."""


def progressions(mood: Mood, mode: str) -> Pool:
    """Return the progressions of a mood in a mode, at least two that begin on the tonic and one that does not."""
    own_mode, pool = OWN[mood]
    return pool if mode == own_mode else IN_MODE[mode]
