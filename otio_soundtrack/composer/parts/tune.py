"""The tune: which bars have a melody, who plays it, how it is doubled, and the line against it."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.course import Part
from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE, near, parse_key
from otio_soundtrack.composer.melody import SEMITONES_A_STEP, Wanted, pitches
from otio_soundtrack.composer.parts.counter import counter
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.rhythms import EVEN, LIVELY, LONG
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.composer.theme import MOTIF_BARS, phrase_motifs
from otio_soundtrack.model.plan import Instrument

_FULL_FROM = 0.52
"""Energy from which the full voice plays the tune."""
_DOUBLED_FROM = 0.72
"""Energy from which the soft voice or the high strings double it."""
_EVEN_FROM, _LIVELY_FROM = 0.3, 0.62
_REACH = 11
"""Semitones of the range on each side of its middle."""
_LOW_VOICES = ("horns", "brass", "low strings", "solo cello")
_HIGH_TUNE = 62
"""MIDI: tunes around a higher middle are played an octave lower by voices of the middle register."""
_SHORTEST_BAR = 2.0
"""Beats: shorter bars have no tune."""


@dataclass(frozen=True)
class Sung:
    """A note of the tune."""

    wanted: Wanted
    moment: Moment
    pitch: int


def tune(form: Form) -> list[Note]:
    """Return the notes of the melody and of the line against it."""
    pen = Pen(form.grid, Stem.MELODY, form.chance("tune"), loose_s=0.009)
    sung: list[Sung] = []
    for section in range(len(form.plan.sections)):
        bars = [moment for moment in form.moments[:-1] if moment.bar.section == section and _sings(moment)]
        wanted = [(note, moment) for moment in bars for note in _wanted(form, moment)]
        if wanted:
            centre = wanted[0][1].players.manner.centre
            line = pitches([note for note, _ in wanted], centre - _REACH, centre + _REACH)
            sung += [Sung(note, moment, pitch) for (note, moment), pitch in zip(wanted, line, strict=True)]
    heard = [note for note in sung if not _spoken_over(form, note)]
    for note in heard:
        _write(pen, note)
    lines = [(note.wanted.beat, note.wanted.beat + note.wanted.beats, note.pitch) for note in heard]
    return [*pen.notes, *counter(form, lines)]


def _sings(moment: Moment) -> bool:
    """Return whether a bar has a melody: the introduction and the interludes leave it to the others, dialogue too."""
    whole = moment.bar.place >= 0 and moment.bar.beats >= _SHORTEST_BAR
    if not moment.plays(Instrument.MELODY, moment.players.manner.sings_from) or moment.clear or not whole:
        return False
    if set(moment.section.instruments) == {Instrument.MELODY}:
        return True
    return moment.phrase.part is not Part.INTERLUDE and not moment.introduction


def _wanted(form: Form, moment: Moment) -> list[Wanted]:
    """Return the notes of a bar without their pitches."""
    manner = moment.players.manner
    density = LONG if moment.energy < _EVEN_FROM else EVEN if moment.energy < _LIVELY_FROM else LIVELY
    variant = moment.number if moment.phrase.part is Part.VARIATION else 0
    motifs = phrase_motifs(form.plan.seed, moment.phrase, manner.feel, density, variant)
    place = moment.place % (MOTIF_BARS * len(motifs))
    motif, half = motifs[place // MOTIF_BARS], place % MOTIF_BARS
    centre = near(manner.centre, parse_key(moment.section.key).tonic) + 3 * (moment.energy - 0.5)
    notes, beat = [], 0.0
    for length in motif.rhythms[half]:
        if beat >= moment.bar.beats - 0.25:
            break
        beats = min(abs(length), moment.bar.beats - beat)
        if length > 0:
            strong = beat % 2 == 0 or beats >= 1.5
            target = centre + motif.step(half, beat) * SEMITONES_A_STEP
            notes.append(Wanted(moment.bar.beat + beat, beats, strong, target, moment.chord))
        beat += abs(length)
    return notes


def _spoken_over(form: Form, note: Sung) -> bool:
    begin, end = note.wanted.beat, note.wanted.beat + note.wanted.beats
    return form.speech_at(form.grid.time(begin), form.grid.time(end))


def _write(pen: Pen, note: Sung) -> None:
    """Write a note of the tune, doubled where the music is full."""
    moment, wanted, players = note.moment, note.wanted, note.moment.players
    full = moment.energy >= _FULL_FROM
    voice = players.full if full else players.soft
    level = 0.32 + 0.52 * moment.energy + (0.06 if wanted.strong else 0.0)
    beats = wanted.beats * players.manner.held
    pen.write(voice, wanted.beat, beats, _placed(voice, note), level)
    if full and moment.energy >= _DOUBLED_FROM:
        other = players.band.high if voice != players.band.high else players.soft
        pen.write(other, wanted.beat, beats, _placed(other, note), level)


def _placed(voice: str, note: Sung) -> int:
    """Return the pitch of a note in the octave of a voice."""
    lower = voice in _LOW_VOICES and note.moment.players.manner.centre > _HIGH_TUNE
    return note.pitch - OCTAVE if lower else note.pitch
