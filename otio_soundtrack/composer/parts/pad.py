"""The pad: sustained chords. Voices that keep their note are tied over the bar line."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.manners import Chords
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument

LOWEST_LOW = 46
"""MIDI: lower chords growl; voices that would lie lower keep their octave."""

_TIED_BARS = 2
"""A voice starts anew after so many bars, so that the chord keeps breathing."""
_FULL_ENERGY = 0.3
"""From here all four voices play, below it three."""
_HIGH_ENERGY = 0.62
"""From here the upper voices are doubled an octave higher."""
_MIDDLE_ENERGY = 0.72
"""From here another voice joins in the middle."""
_RENEWED_ENERGY = 0.42
"""From here chords are bowed anew in the middle of the bar where the mood wants it."""
_SHORT_ENERGY = 0.28
"""From here chords are short where the mood wants it."""
_SHORT_PLACES = (
    ((0.0, 0.9), (2.5, 0.6)),
    ((0.0, 0.6), (1.5, 0.9)),
    ((0.0, 0.6), (1.0, 0.6), (3.5, 0.5)),
    ((0.0, 0.6), (0.75, 0.5), (3.0, 0.9)),
)
"""Beats and lengths of short chords; a phrase keeps to one way."""
_RENEWED_AT = (2.0, 2.5, 3.0)
"""Beats on which a chord may be bowed anew; a phrase keeps to one."""


@dataclass
class _Held:
    """A note that still sounds."""

    pitch: int
    beat: float
    velocity: float
    voice: str
    bars: float = 0.0


@dataclass(frozen=True)
class _Stretch:
    """A bar, or half of one, in which the chord stands."""

    moment: Moment
    beat: float
    bars: float
    anew: bool = False


def pad(form: Form) -> list[Note]:
    """Return the notes of the pad."""
    pen = Pen(form.grid, Stem.HARMONY, form.chance("pad"), loose_s=0.008)
    held: dict[int, _Held] = {}
    for stretch in (stretch for moment in form.moments[:-1] for stretch in _stretches(form, moment)):
        moment = stretch.moment
        plays = moment.plays(Instrument.PAD)
        short = plays and _short(moment)
        wanted = _wanted(moment) if plays and not short else {}
        for line in list(held):
            before = held[line]
            same = wanted.get(line, (None, ""))[:2] == (before.pitch, before.voice)
            if not same or before.bars >= _TIED_BARS or stretch.anew:
                _release(pen, held.pop(line), stretch.beat)
        for line, (pitch, voice) in wanted.items():
            note = held.setdefault(line, _Held(pitch, stretch.beat, _velocity(moment, line), voice))
            note.bars += stretch.bars
        if short:
            _struck(form, pen, moment)
        elif plays and not stretch.anew:
            _middle(pen, moment)
    for note in held.values():
        _release(pen, note, form.final.bar.beat)
    return pen.notes


def _stretches(form: Form, moment: Moment) -> list[_Stretch]:
    """Return the bar, or its parts where the chord is bowed anew."""
    bar = moment.bar
    renewed = moment.players.manner.chords is Chords.RENEWED and moment.energy >= _RENEWED_ENERGY
    if not renewed or moment.clear or bar.beats < 4:
        return [_Stretch(moment, bar.beat, 1.0)]
    at = form.turn(_RENEWED_AT, "renewed", moment.bar.section, moment.number)
    return [_Stretch(moment, bar.beat, at / bar.beats), _Stretch(moment, bar.beat + at, 1 - at / bar.beats, anew=True)]


def _release(pen: Pen, note: _Held, beat: float) -> None:
    pen.write(note.voice, note.beat, beat - note.beat, note.pitch, note.velocity)


def _short(moment: Moment) -> bool:
    """Return whether the chords are struck and let go; somebody has to sound between them."""
    accompanied = Instrument.PLUCK in moment.section.instruments or Instrument.BASS in moment.section.instruments
    return moment.players.manner.chords is Chords.SHORT and moment.energy >= _SHORT_ENERGY and not moment.clear and accompanied


def _wanted(moment: Moment) -> dict[int, tuple[int, str]]:
    """Return pitch and voice of each line; lines above 10 are doublings."""
    upper = moment.voicing[1:]
    low = moment.players.manner.chords is Chords.LOW
    lines = {number: (_lowered(pitch) if low else pitch, moment.players.pad) for number, pitch in enumerate(upper, start=1)}
    if moment.energy < _FULL_ENERGY or moment.clear:
        lines.pop(len(upper) if moment.clear or low else 1)
    if moment.energy >= _HIGH_ENERGY and not moment.clear and not low:
        lines |= {10 + number: (upper[number] + OCTAVE, moment.players.band.high) for number in (2, 3)}
    # voices that meet on one note are one
    return {line: note for note, line in reversed({note: line for line, note in reversed(lines.items())}.items())}


def _lowered(pitch: int) -> int:
    return pitch - OCTAVE if pitch - OCTAVE >= LOWEST_LOW else pitch


def _velocity(moment: Moment, line: int) -> float:
    doubling = 0.9 if line > len(moment.voicing) else 1.0
    return (0.34 + 0.52 * moment.energy) * doubling


def _struck(form: Form, pen: Pen, moment: Moment) -> None:
    """Write short chords."""
    for beat, beats in form.turn(_SHORT_PLACES, "short", moment.bar.section, moment.number):
        for pitch in moment.voicing[1:] if beat < moment.bar.beats else ():
            pen.write(moment.players.pad, moment.bar.beat + beat, beats, pitch, 0.3 + 0.5 * moment.energy)


def _middle(pen: Pen, moment: Moment) -> None:
    """Thicken the middle of the chord where the music is big."""
    if moment.energy >= _MIDDLE_ENERGY and not moment.clear:
        for pitch in moment.voicing[1:3]:
            pen.write(moment.players.band.middle, moment.bar.beat, moment.bar.beats, pitch, 0.28 + 0.36 * moment.energy)
