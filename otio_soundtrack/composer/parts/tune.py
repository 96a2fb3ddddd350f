"""The tune: which bars have a melody, who plays it, and how it is doubled."""

from __future__ import annotations

from otio_soundtrack.composer.form import PHRASE_BARS, Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.melody import EVEN, LIVELY, LONG, SEMITONES_A_STEP, Motif, Wanted, motif, phrase, pitches
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

_SOFT_VOICES = {
    Mood.CALM: "felt piano",
    Mood.HOPEFUL: "felt piano",
    Mood.PLAYFUL: "vibraphone",
    Mood.WONDER: "celesta",
    Mood.SAD: "felt piano",
    Mood.TENSE: "vibraphone",
    Mood.MYSTERIOUS: "flute",
    Mood.EPIC: "felt piano",
}
_FULL_VOICES = {
    Mood.CALM: "flute",
    Mood.HOPEFUL: "high strings",
    Mood.PLAYFUL: "flute",
    Mood.WONDER: "high strings",
    Mood.SAD: "high strings",
    Mood.TENSE: "high strings",
    Mood.MYSTERIOUS: "vibraphone",
    Mood.EPIC: "horns",
}
"""Who plays the tune below and from :data:`_FULL_FROM`."""
_FULL_FROM = 0.52
_DOUBLED_FROM = 0.72
"""Energy from which the tune is doubled by the other voice, an octave away."""
_EVEN_FROM, _LIVELY_FROM = 0.3, 0.62
_ENERGY = 0.2
_INTRODUCTION_BARS = 2
"""The cue sets its scene so long before the tune comes in, if it is long enough."""
_INTRODUCTION_NEEDS_BARS = 8
_LOWEST, _HIGHEST = 62, 84
"""Range, MIDI: D4 to C6."""
_HORN_SHIFT = -OCTAVE
"""Horns play an octave lower."""
_CENTRE = 72.0
_BREATH = 0.94
"""Share of a note's length that it is held."""


def tune(form: Form) -> list[Note]:
    """Return the notes of the melody."""
    pen = Pen(form.grid, Stem.MELODY, form.chance("tune"), loose_s=0.009)
    themes = {density: motif(form.chance("theme", density), density) for density in (LONG, EVEN, LIVELY)}
    for section in range(len(form.plan.sections)):
        bars = [moment for moment in form.moments[:-1] if moment.bar.section == section]
        wanted: list[tuple[Wanted, Moment]] = []
        for moment in bars:
            if _sings(form, moment):
                wanted.extend((note, moment) for note in _wanted(form, moment, themes))
        line = pitches([note for note, _ in wanted], _LOWEST, _HIGHEST)
        for (note, moment), pitch in zip(wanted, line, strict=True):
            _write(form, pen, note, moment, pitch)
    return pen.notes


def _sings(form: Form, moment: Moment) -> bool:
    """Return whether a bar has a melody: phrases rest, and long sections leave some phrases to the others."""
    if not moment.plays(Instrument.MELODY, _ENERGY) or moment.clear or moment.bar.place < 0 or moment.bar.beats < 2:
        return False
    if set(moment.section.instruments) == {Instrument.MELODY}:
        return True
    opening = moment.bar.section == 0 and moment.bar.place < _INTRODUCTION_BARS
    rests = moment.phrase > 0 and form.chance("rest", moment.bar.section, moment.phrase).happens(0.3)
    return not rests and not (opening and len(form.moments) > _INTRODUCTION_NEEDS_BARS)


def _wanted(form: Form, moment: Moment, themes: dict[int, Motif]) -> list[Wanted]:
    """Return the notes of a bar without their pitches."""
    density = LONG if moment.energy < _EVEN_FROM else EVEN if moment.energy < _LIVELY_FROM else LIVELY
    place = moment.bar.place % PHRASE_BARS
    motifs = phrase(themes[density], form.chance("phrase", moment.bar.section, moment.phrase))
    chosen, half = motifs[place // 2], place % 2
    centre = _CENTRE + 3 * (moment.energy - 0.5) + (2 if moment.phrase % 2 else 0)
    notes, beat = [], 0.0
    for beats, step in zip(chosen.rhythms[half], chosen.contours[half], strict=True):
        if beat >= moment.bar.beats - 0.25:
            break
        length = min(beats, moment.bar.beats - beat)
        strong = beat % 2 == 0 or length >= 1.5
        notes.append(Wanted(moment.bar.beat + beat, length, strong, centre + step * SEMITONES_A_STEP, moment.chord))
        beat += length
    return notes


def _write(form: Form, pen: Pen, note: Wanted, moment: Moment, pitch: int) -> None:
    """Write a note of the tune, unless somebody speaks over it."""
    grid = form.grid
    if form.speech_at(grid.time(note.beat), grid.time(note.beat + note.beats)):
        return
    full = moment.energy >= _FULL_FROM
    voice = (_FULL_VOICES if full else _SOFT_VOICES)[moment.mood]
    level = 0.42 + 0.42 * moment.energy + (0.06 if note.strong else 0.0)
    pen.write(voice, note.beat, note.beats * _BREATH, pitch + (_HORN_SHIFT if voice == "horns" else 0), level)
    if full and moment.energy >= _DOUBLED_FROM:
        other = "high strings" if voice != "high strings" else "felt piano"
        pen.write(other, note.beat, note.beats * _BREATH, pitch, level * 0.8)
