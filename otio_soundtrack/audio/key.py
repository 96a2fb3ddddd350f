"""Which key is heard: the pitch classes of a stretch against the profiles of the 24 keys."""

from __future__ import annotations

import numpy as np

from otio_soundtrack.audio.spectra import PITCH_CLASSES, Strengths

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Names of the pitch classes as they are most often written."""

_MAJOR = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)
"""How often each degree sounds in a key (Albrecht and Shanahan 2013, The Use of Large Corpora to Train a New Type of Key-Finding
Algorithm, Music Perception 31/1)."""
_OPENING_SHARE, _OPENING_WEIGHT = 0.2, 4.0
"""The opening of a stretch names its key to a listener: so much of it counts so many times. Without, a minor key and its relative
major are confused, as they have the same tones."""
_CLOSE_SHARE, _CLOSE_WEIGHT = 0.1, 2.0
"""The close confirms it, but less: sections may end half closed, on the way to the next. The bass does not count apart: its
fifths and its overtones draw the ear to the dominant (docs/decisions/0007)."""


def key_places(chroma: Strengths) -> list[tuple[int, bool]] | None:
    """Return all 24 keys from the best to the worst by what is heard, None where no pitch is.

    Args:
        chroma: strength of the pitch classes from C on, a row for each window [shape=(windows, 12)].

    Returns:
        Tonic (0 is C) and whether it is minor, for each key.
    """
    weights = np.ones(len(chroma))
    weights[: max(1, int(_OPENING_SHARE * len(chroma)))] = _OPENING_WEIGHT
    weights[len(chroma) - int(_CLOSE_SHARE * len(chroma)) :] = _CLOSE_WEIGHT
    tones = weights @ chroma
    if np.ptp(tones) <= 0:
        return None
    likeness = key_likeness(tones)
    keys = list(likeness)
    return [keys[place] for place in np.argsort(list(likeness.values()), kind="stable")[::-1]]


def key_likeness(tones: Strengths) -> dict[tuple[int, bool], float]:
    """Return how like each of the 24 keys some tones are: correlation with its profile, −1 to 1.

    Args:
        tones: strength of the pitch classes from C on, not all the same [shape=(12,)].

    Returns:
        By tonic (0 is C) and whether it is minor: the major keys first.
    """
    keys = [(tonic, minor) for minor in (False, True) for tonic in range(PITCH_CLASSES)]
    return {(tonic, minor): float(np.corrcoef(tones, np.roll(_MINOR if minor else _MAJOR, tonic))[0, 1]) for tonic, minor in keys}


def key_name(tonic: int, *, minor: bool) -> str:
    """Return ``D minor``."""
    return f"{TONICS[tonic]} {'minor' if minor else 'major'}"
