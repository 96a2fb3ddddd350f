"""No holes: where a plan's few instruments would leave silence, they play on softly."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.composer.voices import ringing_seconds
from otio_soundtrack.model.plan import Instrument

LONGEST_S = 0.45
"""Seconds of silence between sounding notes that are left alone."""

_STEP_S = 0.4
"""Seconds between filling strokes."""
_SOFT = 0.3
"""Velocity of what fills."""


def filled(form: Form, notes: list[Note]) -> list[Note]:
    """Return the notes with every hole filled, up to the final chord."""
    end = form.grid.time(form.grid.final)
    added: list[Note] = []
    sounding = 0.0
    for note in sorted(notes, key=lambda note: note.start):
        if note.start - sounding > LONGEST_S:
            added.extend(_fill(form, sounding, min(note.start, end)))
        sounding = max(sounding, note.start + ringing_seconds(note))
    if end - sounding > LONGEST_S:
        added.extend(_fill(form, sounding, end))
    return [*notes, *added]


def _fill(form: Form, start: float, end: float) -> list[Note]:
    """Return soft notes of a listed instrument from start to end."""
    notes: list[Note] = []
    at = start
    while at < end - LONGEST_S / 2:
        moment = [moment for moment in form.moments if form.grid.time(moment.bar.beat) <= at + 1e-6 or moment is form.moments[0]][
            -1
        ]
        until = min(end, max(at + _STEP_S, form.grid.time(moment.bar.beat + moment.bar.beats)))
        notes.extend(_soft(moment, at, until, len(notes)))
        at = until if Instrument.PAD in moment.section.instruments else at + _STEP_S
    return notes


def _soft(moment: Moment, at: float, until: float, number: int) -> list[Note]:
    """Return what one listed instrument plays softly at a time."""
    listed, upper = moment.section.instruments, moment.voicing[1:]
    tone = upper[number % len(upper)]
    if Instrument.PAD in listed:
        return [Note(Stem.HARMONY, moment.players.pad, at, until - at, pitch, _SOFT) for pitch in upper[:3]]
    if Instrument.PLUCK in listed:
        return [Note(Stem.HARMONY, moment.players.pluck, at, 2.0, tone, _SOFT)]
    if Instrument.BASS in listed:
        return [Note(Stem.BASS, moment.players.band.bass, at, 2.0, moment.voicing[0], _SOFT + 0.1)]
    if Instrument.MELODY in listed:
        return [Note(Stem.MELODY, moment.players.soft, at, 2.0, tone, _SOFT)]
    if Instrument.BELL in listed:
        return [Note(Stem.MELODY, moment.players.bell, at, 2.0, tone + OCTAVE, _SOFT)]
    return [Note(Stem.DRUMS, moment.players.stroke("frame"), at, 0.3, 0, _SOFT + 0.1)]
