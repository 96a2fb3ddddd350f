"""The pad: sustained chords. Voices that keep their note are tied over the bar line."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

VOICES = {
    Mood.CALM: "warm pad",
    Mood.HOPEFUL: "strings",
    Mood.PLAYFUL: "warm pad",
    Mood.WONDER: "choir",
    Mood.SAD: "strings",
    Mood.TENSE: "dark pad",
    Mood.MYSTERIOUS: "choir",
    Mood.EPIC: "strings",
}
"""Who plays the chords in each mood."""

_TIED_BARS = 2
"""A voice starts anew after so many bars, so that the chord keeps breathing."""
_FULL_ENERGY = 0.3
"""From here all four voices play, below it three."""
_HIGH_ENERGY = 0.62
"""From here the upper voices are doubled an octave higher."""
_HORN_ENERGY = 0.72
"""From here horns join in the middle."""


@dataclass
class _Held:
    """A note that still sounds."""

    pitch: int
    beat: float
    velocity: float
    voice: str
    bars: int = 0


def pad(form: Form) -> list[Note]:
    """Return the notes of the pad."""
    pen = Pen(form.grid, Stem.HARMONY, form.chance("pad"), loose_s=0.008)
    held: dict[int, _Held] = {}
    for moment in form.moments[:-1]:
        wanted = _wanted(moment) if moment.plays(Instrument.PAD) else {}
        for line in list(held):
            before = held[line]
            if wanted.get(line, (None, ""))[:2] != (before.pitch, before.voice) or before.bars >= _TIED_BARS:
                _release(pen, held.pop(line), moment.bar.beat)
        for line, (pitch, voice) in wanted.items():
            note = held.setdefault(line, _Held(pitch, moment.bar.beat, _velocity(moment, line), voice))
            note.bars += 1
        _horns(pen, moment)
    for note in held.values():
        _release(pen, note, form.final.bar.beat)
    return pen.notes


def _release(pen: Pen, note: _Held, beat: float) -> None:
    pen.write(note.voice, note.beat, beat - note.beat, note.pitch, note.velocity)


def _wanted(moment: Moment) -> dict[int, tuple[int, str]]:
    """Return pitch and voice of each line; lines above 10 are doublings."""
    upper = moment.voicing[1:]
    voice = VOICES[moment.mood]
    lines = {number: (pitch, voice) for number, pitch in enumerate(upper, start=1)}
    if moment.energy < _FULL_ENERGY or moment.clear:
        lines.pop(len(upper) if moment.clear else 1)
    if moment.energy >= _HIGH_ENERGY and not moment.clear:
        lines |= {10 + number: (upper[number] + OCTAVE, "high strings") for number in (2, 3)}
    return lines


def _velocity(moment: Moment, line: int) -> float:
    doubling = 0.75 if line > len(moment.voicing) else 1.0
    return (0.34 + 0.52 * moment.energy) * doubling


def _horns(pen: Pen, moment: Moment) -> None:
    """Let horns carry the middle of the chord where the music is big."""
    if (
        moment.plays(Instrument.PAD)
        and moment.energy >= _HORN_ENERGY
        and not moment.clear
        and moment.mood in (Mood.EPIC, Mood.HOPEFUL)
    ):
        for pitch in moment.voicing[1:3]:
            pen.write("horns", moment.bar.beat, moment.bar.beats, pitch, 0.3 + 0.4 * moment.energy)
