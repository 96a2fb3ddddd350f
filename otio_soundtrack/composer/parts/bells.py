"""Bells: high colour on arrivals, a few notes where a phrase begins, a shimmer where nothing else moves."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.manners import Figure
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument

_ENERGY = 0.22
"""Below it bells would be the brightest thing in the quietest music."""


def bells(form: Form) -> list[Note]:
    """Return the notes of the bells."""
    pen = Pen(form.grid, Stem.MELODY, form.chance("bells"), loose_s=0.006)
    for moment in form.moments[:-1]:
        alone = moment.section.instruments == (Instrument.BELL,)
        if moment.plays(Instrument.BELL, _ENERGY) and not moment.clear:
            if alone or (moment.players.manner.figure is Figure.FLOURISH and moment.energy > 0.35 and moment.place % 4 == 3):
                _run(pen, moment)
            elif moment.place % 4 == 0:
                _arrival(pen, moment)
    return pen.notes


def _arrival(pen: Pen, moment: Moment) -> None:
    """Ring the chord's top on the bar line and answer later in the bar."""
    top, level = moment.voicing[-1] + OCTAVE, 0.16 + 0.49 * moment.energy
    first = moment.bar.place == 0
    pen.write(moment.players.bell, moment.bar.beat, 3, top, level + (0.12 if first else 0.0), exact=True)
    if moment.bar.beats >= 3:
        pen.write(moment.players.bell, moment.bar.beat + 1.5, 2, moment.voicing[2] + OCTAVE, level * 0.75)
        pen.write(moment.players.bell, moment.bar.beat + 2.5, 2, moment.voicing[3] + OCTAVE, level * 0.65)


def _run(pen: Pen, moment: Moment) -> None:
    """Ring through the chord, upwards."""
    for eighth in range(int(moment.bar.beats)):
        pitch = moment.voicing[1 + eighth % 4] + OCTAVE
        pen.write(
            moment.players.bell, moment.bar.beat + eighth, 2.5, pitch, 0.16 + 0.44 * moment.energy + (0.08 if eighth == 0 else 0)
        )
