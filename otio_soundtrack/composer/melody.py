"""Melody: the pitches that realise an outline over the chords.

They follow the outline as nearly as good line-writing allows (Viterbi): steps before leaps, chord notes on strong beats, other
notes reached and left by step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otio_soundtrack.composer.harmony import Chord
from otio_soundtrack.composer.keys import OCTAVE

SEMITONES_A_STEP = 1.75
"""Mean size of a scale step, for outlines."""

_OUTLINE_COST = 0.16
"""Cost of a semitone beside the outline."""
_REPEAT_COST = 0.9
_LEAP_COSTS = ((2, 0.0), (4, 1.1), (7, 1.9), (OCTAVE, 4.5))
"""Widest leap in semitones for each cost; a step is free."""
_WILD_COST = 9.0
_LOOSE_NOTE_COST = 2.0
"""Cost of a note outside the chord that is left by a leap; reached by one it is three quarters of that."""
_SHADOW_COST = 6.0
"""Cost of moving in parallel fifths or octaves with a line that is already written."""
_EDGE = 2
"""Semitones that targets keep from the ends of the range."""


@dataclass(frozen=True)
class Wanted:
    """A note of a line before it has its pitch."""

    beat: float
    beats: float
    strong: bool
    """Whether it must be a note of the chord."""
    target: float
    """Pitch that the outline asks for, MIDI."""
    chord: Chord
    against: int | None = None
    """What another line has at the same time, MIDI; None: nothing."""


def pitches(wanted: Sequence[Wanted], lowest: int, highest: int) -> list[int]:
    """Return the pitch of each note of a line.

    Args:
        wanted: the notes, in order; may be empty.
        lowest: lowest MIDI number of the range, at least an octave below ``highest``.
        highest: highest MIDI number of the range.
    """
    if not wanted:
        return []
    options = [_options(note, lowest, highest) for note in wanted]
    costs = [_beside(pitch, wanted[0], lowest, highest) for pitch in options[0]]
    back: list[list[int]] = []
    for number in range(1, len(wanted)):
        row, choices = [], []
        for pitch in options[number]:
            ways = [
                cost + _step(before, pitch, wanted[number - 1], wanted[number])
                for before, cost in zip(options[number - 1], costs, strict=True)
            ]
            best = min(range(len(ways)), key=ways.__getitem__)
            row.append(ways[best] + _beside(pitch, wanted[number], lowest, highest))
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


def _beside(pitch: int, note: Wanted, lowest: int, highest: int) -> float:
    return _OUTLINE_COST * abs(pitch - min(max(note.target, lowest + _EDGE), highest - _EDGE))


def _step(before: int, pitch: int, note_before: Wanted, note: Wanted) -> float:
    """Return the cost of going from one note to the next."""
    leap = abs(pitch - before)
    cost = _REPEAT_COST if leap == 0 else next((price for widest, price in _LEAP_COSTS if leap <= widest), _WILD_COST)
    if leap > 2:
        cost += _LOOSE_NOTE_COST if before % OCTAVE not in note_before.chord.tones else 0.0
        cost += 0.75 * _LOOSE_NOTE_COST if pitch % OCTAVE not in note.chord.tones else 0.0
    if leap and note.against is not None and note_before.against is not None and note.against != note_before.against:
        interval = (note.against - pitch) % OCTAVE
        cost += _SHADOW_COST if interval in (0, 7) and interval == (note_before.against - before) % OCTAVE else 0.0
    return cost
