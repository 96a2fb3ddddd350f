"""Keys: one home key, and for sections of another mode the key with the same signature (pure)."""

from __future__ import annotations

from hashlib import sha256

MAJOR_NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
"""Tonics as they are usually spelled, by semitones above C."""
DEGREE = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9, "harmonic minor": 9}
"""Semitones from the tonic of a major key up to the tonic of its relative in another mode: same notes, other home."""
COMFORTABLE = (0, 2, 3, 5, 7, 9, 10)
"""Major signatures with at most three sharps or flats, by tonic: where strings and guitars sound full."""


def signature(seed: int) -> int:
    """Return the tonic of the home signature's major key, semitones above C: chosen by the seed, the same everywhere."""
    return COMFORTABLE[sha256(f"key/{seed}".encode()).digest()[0] % len(COMFORTABLE)]


def key_name(major_tonic: int, mode: str) -> str:
    """Return the key of a mode within a signature, like ``D minor``.

    Args:
        major_tonic: tonic of the signature's major key, semitones above C.
        mode: a key of :data:`DEGREE`.
    """
    tonic = (major_tonic + DEGREE[mode]) % len(MAJOR_NAMES)
    names = MAJOR_NAMES if mode in ("major", "lydian", "mixolydian") else MINOR_NAMES
    return f"{names[tonic]} {mode}"
