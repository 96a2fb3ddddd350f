"""The bass: held low strings when quiet, a plucked bass with the harmony, a pulse when driven."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

_HELD_BELOW, _PULSE_FROM = 0.34, 0.6
"""Energy up to which notes are held, and from which they pulse."""
_SMOOTH = (Mood.CALM, Mood.SAD, Mood.WONDER, Mood.MYSTERIOUS)
"""Moods in which the bass never pulses."""
_FIFTH = 7


def bass(form: Form) -> list[Note]:
    """Return the notes of the bass."""
    pen = Pen(form.grid, Stem.BASS, form.chance("bass"), loose_s=0.004)
    chance = form.chance("bass figures")
    for number, moment in enumerate(form.moments[:-1]):
        if not moment.plays(Instrument.BASS):
            continue
        following = form.moments[number + 1].voicing[0]
        if moment.clear or moment.energy < _HELD_BELOW or moment.bar.beats < 2:
            _held(pen, moment)
        elif moment.energy < _PULSE_FROM or moment.mood in _SMOOTH:
            _walking(pen, moment, following, upbeat=chance.happens(0.5))
        else:
            _pulsing(pen, moment, octave=chance.happens(0.4))
    return pen.notes


def _held(pen: Pen, moment: Moment) -> None:
    root, bar = moment.voicing[0], moment.bar
    pen.write("low strings", bar.beat, bar.beats, root, 0.42 + 0.5 * moment.energy)
    if moment.energy > 0.2:
        pen.write("round bass", bar.beat, bar.beats, root, 0.4 + 0.5 * moment.energy)


def _walking(pen: Pen, moment: Moment, following: int, *, upbeat: bool) -> None:
    """Write the root, the fifth or root on the second half, and sometimes a step towards the next root."""
    root, bar, level = moment.voicing[0], moment.bar, 0.46 + 0.45 * moment.energy
    half = bar.beats / 2 if bar.beats <= 3 else bar.beats - 1.5
    fifth = root + _FIFTH if (root + _FIFTH) % OCTAVE in moment.chord.tones else root
    pen.write("low strings", bar.beat, bar.beats, root, level * 0.8)
    pen.write("round bass", bar.beat, half, root, level, exact=True)
    pen.write("round bass", bar.beat + half, bar.beats - half, fifth if upbeat else root, level * 0.8)
    if upbeat and following != root and bar.beats >= 4:
        step = following + (2 if root > following else -2)
        scale_step = step if step % OCTAVE in moment.chord.scale else step + (1 if root < following else -1)
        pen.write("round bass", bar.beat + bar.beats - 0.5, 0.5, scale_step, level * 0.65)


def _pulsing(pen: Pen, moment: Moment, *, octave: bool) -> None:
    """Write eighths with accents, an octave jump at the end of some bars."""
    root, bar = moment.voicing[0], moment.bar
    count = int(bar.beats * 2)
    for eighth in range(count):
        accent = 1.0 if eighth == 0 else 0.86 if eighth % 2 == 0 else 0.7
        jump = OCTAVE if octave and eighth >= count - 1 else 0
        pen.write(
            "pulse bass", bar.beat + eighth / 2, 0.48, root + jump, (0.5 + 0.42 * moment.energy) * accent, exact=eighth == 0
        )
    pen.write("low strings", bar.beat, bar.beats, root, 0.3 + 0.4 * moment.energy)
