"""Melody: a motif that is stated and varied, and the pitches that realise it over the chords.

A motif is two bars of rhythm with a contour. A phrase of eight bars states it, repeats it one step elsewhere, turns it over,
and comes to rest. The pitches follow the contour as nearly as good line-writing allows (Viterbi): steps before leaps, chord
notes on strong beats, other notes reached and left by step.
"""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.harmony import Chord
from otio_soundtrack.composer.keys import OCTAVE

Rhythm = tuple[float, ...]
"""Lengths in beats of the notes of a bar."""

LONG, EVEN, LIVELY = 0, 1, 2
"""How dense a tune is."""
RHYTHMS: dict[int, tuple[Rhythm, ...]] = {
    LONG: ((4,), (3, 1), (2, 2), (1.5, 2.5)),
    EVEN: ((1.5, 0.5, 2), (2, 1, 1), (1, 1, 2), (1.5, 1.5, 1), (3, 0.5, 0.5)),
    LIVELY: ((0.5, 0.5, 1, 1, 1), (1, 0.5, 0.5, 1.5, 0.5), (0.75, 0.75, 0.5, 1, 1), (1.5, 0.5, 0.5, 0.5, 1), (0.5, 1, 0.5, 1, 1)),
}
SEMITONES_A_STEP = 1.75
"""Mean size of a scale step, for contours."""

_STEPS = (-2, -1, 1, 2, 3, -3, 0)
_STEP_WEIGHTS = (1.2, 4.0, 4.0, 1.5, 0.6, 0.5, 0.8)
_WIDEST_CONTOUR = 5
"""Steps that a motif may stray from where it began."""
_SEQUENCES = (-1, 1, 2)
_CONTOUR_COST = 0.22
"""Cost of a semitone beside the contour."""
_LOOSE_NOTE_COST = 2.0
"""Cost of a note outside the chord that is left by a leap; reached by one it is three quarters of that."""
_EDGE = 2
"""Semitones that targets keep from the ends of the range."""


@dataclass(frozen=True)
class Motif:
    """Two bars of rhythm and contour."""

    rhythms: tuple[Rhythm, Rhythm]
    contours: tuple[tuple[int, ...], tuple[int, ...]]
    """Scale steps from the first note, for each note of each bar."""

    def turned(self) -> Motif:
        """Return the motif upside down."""
        return Motif(self.rhythms, (tuple(-step for step in self.contours[0]), tuple(-step for step in self.contours[1])))

    def moved(self, steps: int) -> Motif:
        """Return the motif some scale steps away."""
        first, second = (tuple(step + steps for step in contour) for contour in self.contours)
        return Motif(self.rhythms, (first, second))

    def closed(self, rhythm: Rhythm) -> Motif:
        """Return the motif with a calm second bar that falls back to where it began."""
        contour = tuple(range(len(rhythm) - 1, -1, -1))
        return Motif((self.rhythms[0], rhythm), (self.contours[0], contour))


@dataclass(frozen=True)
class Wanted:
    """A note of the tune before it has its pitch."""

    beat: float
    beats: float
    strong: bool
    """Whether it must be a note of the chord."""
    target: float
    """Pitch that the contour asks for, MIDI."""
    chord: Chord


def motif(chance: Chance, density: int) -> Motif:
    """Return a new motif."""
    rhythms = (chance.pick(RHYTHMS[density]), chance.pick(RHYTHMS[max(LONG, density - 1)]))
    contours: list[tuple[int, ...]] = []
    at = 0
    for bar, rhythm in enumerate(rhythms):
        steps = []
        for number in range(len(rhythm)):
            step = 0 if bar == number == 0 else chance.pick(_STEPS, _STEP_WEIGHTS)
            at += -step if abs(at + step) > _WIDEST_CONTOUR else step
            steps.append(at)
        contours.append(tuple(steps))
    return Motif(rhythms, (contours[0], contours[1]))


def phrase(theme: Motif, chance: Chance) -> tuple[Motif, ...]:
    """Return the four motifs (two bars each) of an eight-bar phrase."""
    moved = theme.moved(chance.pick(_SEQUENCES))
    third = theme.turned() if chance.happens(0.6) else moved.turned()
    return (theme, moved, third, theme.closed(chance.pick(RHYTHMS[LONG])))


def pitches(wanted: list[Wanted], lowest: int, highest: int) -> list[int]:
    """Return the pitch of each note of a tune.

    Args:
        wanted: the notes, in order; may be empty.
        lowest: lowest MIDI number of the range, at least an octave below ``highest``.
        highest: highest MIDI number of the range.
    """
    if not wanted:
        return []
    options = [_options(note, lowest, highest) for note in wanted]
    costs = [_contour(pitch, wanted[0], lowest, highest) for pitch in options[0]]
    back: list[list[int]] = []
    for number in range(1, len(wanted)):
        row, choices = [], []
        for pitch in options[number]:
            ways = [
                cost + _step(before, pitch, wanted[number - 1].chord, wanted[number].chord)
                for before, cost in zip(options[number - 1], costs, strict=True)
            ]
            best = min(range(len(ways)), key=ways.__getitem__)
            row.append(ways[best] + _contour(pitch, wanted[number], lowest, highest))
            choices.append(best)
        costs = row
        back.append(choices)
    index = min(range(len(costs)), key=costs.__getitem__)
    line = [options[-1][index]]
    for number in range(len(back) - 1, -1, -1):
        index = back[number][index]
        line.append(options[number][index])
    return line[::-1]


def _options(note: Wanted, lowest: int, highest: int) -> list[int]:
    """Return the pitches that a note may take: chord notes if strong, else the scale without what grinds against the chord."""
    chord = note.chord
    free = {tone for tone in chord.scale if not any((tone - other) % OCTAVE in (1, 11) for other in chord.tones)}
    allowed = set(chord.tones) if note.strong else free | set(chord.tones)
    return [pitch for pitch in range(lowest, highest + 1) if pitch % OCTAVE in allowed]


def _contour(pitch: int, note: Wanted, lowest: int, highest: int) -> float:
    return _CONTOUR_COST * abs(pitch - min(max(note.target, lowest + _EDGE), highest - _EDGE))


def _step(before: int, pitch: int, chord_before: Chord, chord: Chord) -> float:
    """Return the cost of going from one note to the next."""
    leap = abs(pitch - before)
    cost = 0.9 if leap == 0 else 0.0 if leap <= 2 else 0.7 if leap <= 4 else 1.4 if leap <= 7 else 4.0
    if leap > 2:
        cost += _LOOSE_NOTE_COST if before % OCTAVE not in chord_before.tones else 0.0
        cost += 0.75 * _LOOSE_NOTE_COST if pitch % OCTAVE not in chord.tones else 0.0
    return cost
