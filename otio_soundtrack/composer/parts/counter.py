"""The line against the tune: half notes in the tenor, moving against it; where the tune rests it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from otio_soundtrack.composer.course import Part
from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.melody import Wanted, pitches
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

_FROM = 0.5
"""Energy from which there is a second line; less in moods that live by it, and where it leads."""
_FROM_IN = {Mood.ROMANTIC: 0.35, Mood.HEROIC: 0.45}
_LEADS_FROM = 0.25
_LOWEST, _HIGHEST = 50, 67
"""Range, MIDI: D3 to G4, the tenor."""
_MIDDLE = 58.5
_MIRROR = 0.6
"""How far it goes against the tune: semitones for each semitone of the tune away from its own middle."""
_APART = 3
"""Semitones that it stays below the tune."""
_LOW_TUNE = 62
"""MIDI: a tune around a lower middle fills the tenor itself."""
_BEATS = 2.0
"""Length of its notes."""
_WAVE = (0, 3, 5, 2)
"""Semitones above its middle that it rises to over four notes where nothing leads it."""

Line = Sequence[tuple[float, float, int]]
"""Notes of the tune: first beat, beat after, pitch."""


def counter(form: Form, tune: Line) -> list[Note]:
    """Return the notes of the second line.

    Args:
        form: the cue.
        tune: what it moves against, in order.
    """
    pen = Pen(form.grid, Stem.HARMONY, form.chance("counter"), loose_s=0.008)
    wanted: list[tuple[Wanted, Moment]] = []
    middle = sum(pitch for _, _, pitch in tune) / len(tune) if tune else _MIDDLE
    for moment in form.moments[:-1]:
        if _plays(moment):
            wanted += [(note, moment) for note in _bar(form, moment, tune, middle)]
    line = pitches([note for note, _ in wanted], _LOWEST, _HIGHEST)
    for (note, moment), pitch in zip(wanted, line, strict=True):
        below = pitch - OCTAVE if note.against is not None and pitch > note.against - _APART else pitch
        leads = 0.12 if moment.phrase.part is Part.INTERLUDE else 0.0
        pen.write(moment.players.counter, note.beat, note.beats * 0.95, below, 0.26 + 0.36 * moment.energy + leads)
    return pen.notes


def _plays(moment: Moment) -> bool:
    leads = moment.phrase.part is Part.INTERLUDE
    least = _LEADS_FROM if leads else _FROM_IN.get(moment.mood, _FROM)
    alone = set(moment.section.instruments) == {Instrument.MELODY}
    alone = alone or (moment.players.manner.centre < _LOW_TUNE and not leads)
    ready = moment.energy >= least and moment.bar.place >= 0 and not moment.clear and not moment.introduction
    return ready and not alone and moment.plays(Instrument.MELODY)


def _bar(form: Form, moment: Moment, tune: Line, middle: float) -> list[Wanted]:
    """Return the notes of a bar without their pitches: chord notes, higher where the tune is low."""
    notes = []
    for number in range(int(moment.bar.beats // _BEATS)):
        beat = moment.bar.beat + number * _BEATS
        if form.speech_at(form.grid.time(beat), form.grid.time(beat + _BEATS)):
            continue
        over = next((pitch for begin, end, pitch in tune if begin < beat + _BEATS and end > beat), None)
        wave = _WAVE[(2 * moment.place + number) % len(_WAVE)]
        target = _MIDDLE + (wave if over is None else _MIRROR * (middle - over))
        notes.append(replace(Wanted(beat, _BEATS, True, target, moment.chord), against=over))
    return notes
