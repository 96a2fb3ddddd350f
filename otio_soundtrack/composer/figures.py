"""Figures: how a chord is broken over a bar, from thin to dense.

A pattern is written as text, one word a step: digits are the chord's upper notes from low (0) to high (3), 4 to 7 the same an
octave higher, ``L`` the bass note an octave up, ``.`` a rest; several in one word sound together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from otio_soundtrack.composer.manners import Figure

BASS_NOTE = -1
"""Stands for the bass note among the notes of a pattern."""
PATTERN_BEATS = 4.0
"""Beats of a pattern; shorter bars play its beginning, longer ones begin it again."""


@dataclass(frozen=True)
class Stroke:
    """One stroke of a pattern."""

    beat: float
    """From the bar line."""
    notes: tuple[int, ...]
    """Places in the chord, or :data:`BASS_NOTE`."""


Pattern = tuple[Stroke, ...]


def _pattern(text: str) -> Pattern:
    words = text.split()
    step = PATTERN_BEATS / len(words)
    return tuple(
        Stroke(number * step, tuple(BASS_NOTE if sign == "L" else int(sign) for sign in word))
        for number, word in enumerate(words)
        if word != "."
    )


def _levels(thin: tuple[str, ...], plain: tuple[str, ...], dense: tuple[str, ...]) -> tuple[tuple[Pattern, ...], ...]:
    return tuple(tuple(_pattern(text) for text in texts) for texts in (thin, plain, dense))


FIGURES: Mapping[Figure, tuple[tuple[Pattern, ...], ...]] = {
    Figure.ROLLING: _levels(
        ("0 2 1 3", "0 1 3 2", "L 1 2 3"),
        ("0 2 1 3 2 1 3 2", "0 . 2 1 3 . 2 1", "L . 1 2 3 2 . 1", "L 1 2 . 3 . 2 .", "0 1 2 3 . 2 . 1", "L . 2 . 3 1 2 ."),
        ("L 0 2 1 3 2 1 2", "0 2 3 2 1 2 3 1", "L 1 2 3 4 3 2 1"),
    ),
    Figure.SPARSE: _levels(
        ("02 . . .", "0 . 2 .", "L . 13 ."),
        ("L . 13 .", "02 . . 3", "L . 2 3", "02 . 13 ."),
        ("L 1 23 1", "L 0 2 3", "02 1 3 1", "L . 1 2 . 3 2 1"),
    ),
    Figure.RISING: _levels(
        ("0 1 2 3", "0 2 3 2"),
        ("0 1 2 3 0 1 2 3", "0 . 1 2 . 3 2 3", "0 1 3 . 0 1 3 2", "0 2 . 3 2 . 1 3", "0 2 3 2 . 1 2 3", ". 0 1 2 3 . 2 1"),
        ("0 1 2 3 4 3 2 1", "0 2 . 3 4 . 2 4", "0 1 2 3 . 2 3 4", "0 . 2 3 0 . 3 4", "0 1 2 3 4 5 4 3 2 3 4 5 4 3 2 1"),
    ),
    Figure.BOUNCING: _levels(
        (". 13 . 13", ". 02 . 3"),
        (
            ". . 13 . . . 02 .",
            ". . 13 . . . 13 3",
            ". . 02 . . 3 13 .",
            ". . 13 3 . 2 13 .",
            ". 3 . 13 . . 02 .",
            ". . 02 1 . . 3 2",
        ),
        (". . 13 3 . . 02 3", ". 3 13 . . 3 02 1", "0 . 13 . 0 3 13 .", ". 13 . 13 2 . 3 .", "0 3 13 . . 2 13 3"),
    ),
    Figure.FLOURISH: _levels(
        ("0 . 2 3", "0 2 3 ."),
        ("0 1 2 3 4 . . .", "0 2 3 4 5 . . .", "0 1 3 4 . 3 . .", "0 1 2 3 4 5 . ."),
        ("0 1 2 3 4 5 6 . 6 5 4 . . . . .", "0 2 1 3 2 4 3 5 4 . . . 3 . . .", "0 1 2 3 4 3 2 1 0 1 2 3 4 . . ."),
    ),
    Figure.DRIVEN: _levels(
        ("0 . 0 1", "0 . 1 0"),
        ("0 0 . 0 0 . 1 0", "0 . 0 0 . 0 1 0", "0 0 1 0 . 0 1 .", "0 . . 0 1 . 0 .", ". 0 0 . 0 0 . 1"),
        ("0 0 1 0 2 0 1 0", "0 1 0 2 0 1 0 2", "0 0 . 1 0 0 . 2"),
    ),
    Figure.WIDE: _levels(
        ("L 1 3 .", "L 2 . 3"),
        ("L 0 2 3 4 3 2 1", "L 1 2 4 3 2 1 2", "L 0 1 3 4 3 1 .", "L 2 4 3 2 3 1 2"),
        ("L 0 2 3 4 5 4 3", "L 1 3 4 5 4 3 1", "L 0 2 4 5 4 2 3"),
    ),
    Figure.TOLLING: _levels(
        ("0 . . .", ". . 3 .", "02 . . ."),
        ("0 . . . . 3 . .", ". . 1 . . . . 4", "02 . . . . . 4 .", ". 3 . . 1 . . ."),
        ("0 . 3 . . 1 . 4", "02 . . 5 . . 3 .", ". 4 . 3 . . 1 ."),
    ),
    Figure.STRUMMED: _levels(
        ("012 . 123 .", "L . 123 ."),
        ("L . 123 . L . 123 123", "012 . . 123 . 123 123 .", "L . 123 123 . 123 123 ."),
        ("L 123 123 123 . 123 123 123", "012 . 123 123 . 123 012 123", "L . 123 123 L 123 123 123"),
    ),
    Figure.PICKED: _levels(
        ("L 1 2 1", "L 2 1 3"),
        ("L . 2 3 L 1 3 .", "L 2 1 3 . 2 3 1", "L 1 3 . L 2 . 3", "L . 2 1 3 . 2 1", "L3 . 2 . 1 2 3 ."),
        ("L1 2 3 1 L2 . 3 2", "L3 1 . 1 L3 2 1 2", "L2 1 3 2 L1 3 . 3", "L3 . 2 1 L 3 2 1 L2 . 3 1 2 . 3 2"),
    ),
    Figure.ALBERTI: _levels(
        ("0 2 1 2", "0 1 2 1"),
        ("0 2 1 2 0 2 1 2", "L 2 1 . 0 2 1 3", "0 3 2 3 1 3 . 3", "L . 2 1 3 . 2 .", "0 2 1 2 3 . 2 1"),
        ("L 2 1 3 0 2 1 3", "L2 0 3 1 L2 . 3 1", "0 3 1 3 L 3 2 3", "L 1 2 3 4 3 2 1", "L2 . 13 2 0 3 1 3"),
    ),
    Figure.GATED: _levels(
        ("0 2 1 3", "0 1 2 1"),
        ("0 . 2 0 . 3 1 .", "0 1 . 2 0 . 3 2", "0 2 . 3 . 2 1 ."),
        ("0 . 2 3 0 . 4 2 0 . 3 2 1 . 2 .", "0 2 4 . 0 3 . 2 0 2 4 . 3 . 1 .", "0 0 3 . 2 0 4 . 0 0 3 . 2 . 4 3"),
    ),
}
"""Patterns of each figure: thin, plain, dense."""
