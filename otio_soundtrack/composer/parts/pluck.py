"""The pluck: broken chords on piano, harp or mallets, and driven short strings where the music presses."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

VOICES = {
    Mood.CALM: "felt piano",
    Mood.HOPEFUL: "felt piano",
    Mood.PLAYFUL: "mallet",
    Mood.WONDER: "harp",
    Mood.SAD: "felt piano",
    Mood.TENSE: "mallet",
    Mood.MYSTERIOUS: "harp",
    Mood.EPIC: "harp",
}
"""Who breaks the chords in each mood."""

_ENERGY = 0.14
"""Below it the part rests unless it is alone."""
_EIGHTHS_FROM = 0.3
_DRIVEN = (Mood.TENSE, Mood.EPIC)
_DRIVEN_FROM = 0.42
"""Energy from which short strings replace the broken chords in driven moods, and join them in others at :data:`_JOIN_FROM`."""
_JOIN_FROM = 0.72

_FIGURES = (
    (0, 2, 1, 3, 2, 1, 3, 2),
    (0, 1, 2, 3, 2, 1, 2, 1),
    (0, 2, 3, 2, 1, 2, 3, 1),
    (0, 3, 2, 1, 0, 3, 2, 1),
    (0, 1, 3, 2, 0, 1, 3, 2),
    (0, 2, 1, 2, 3, 2, 1, 2),
)
"""Orders of the four upper notes over the eighths of a bar."""
_RHYTHMS = {
    Mood.TENSE: ((1, 0, 1, 1, 0, 1, 1, 0), (1, 1, 0, 1, 1, 0, 1, 0)),
    Mood.EPIC: ((1, 1, 1, 1, 1, 1, 1, 1), (1, 0, 1, 1, 1, 0, 1, 1)),
}
_OTHER_RHYTHMS = ((1, 0, 1, 0, 1, 1, 0, 1), (1, 0, 1, 1, 0, 1, 1, 0))
_SHORT_FIGURE = (0, 0, 1, 0, 2, 0, 1, 0)
_LOWEST_SHORT = 55
"""MIDI: short strings below it grunt."""


def pluck(form: Form) -> list[Note]:
    """Return the notes of the pluck."""
    pen = Pen(form.grid, Stem.HARMONY, form.chance("pluck"), loose_s=0.007)
    for moment in form.moments[:-1]:
        if not moment.plays(Instrument.PLUCK, _ENERGY):
            continue
        figures = form.chance("figure", moment.bar.section, moment.phrase)
        figure, variant = figures.pick(_FIGURES), figures.pick((0, 1))
        driven = moment.mood in _DRIVEN and moment.energy > _DRIVEN_FROM
        if not driven:
            _broken(pen, moment, figure)
        if (driven or moment.energy > _JOIN_FROM) and not moment.clear:
            _short(pen, moment, _RHYTHMS.get(moment.mood, _OTHER_RHYTHMS)[variant])
        elif driven:
            _broken(pen, moment, figure)
    return pen.notes


def _broken(pen: Pen, moment: Moment, figure: tuple[int, ...]) -> None:
    step = 1.0 if moment.energy < _EIGHTHS_FROM or moment.clear else 0.5
    voice, upper = VOICES[moment.mood], moment.voicing[1:]
    lift = OCTAVE if voice in ("harp", "mallet") and moment.energy > 0.4 and upper[0] < 60 and not moment.clear else 0
    for number in range(int(moment.bar.beats / step)):
        place = figure[(number if step < 1 else 2 * number) % len(figure)]
        accent = 0.1 if number * step % 4 == 0 else 0.05 if number * step % 2 == 0 else 0.0
        level = 0.3 + 0.42 * moment.energy + accent
        pen.write(voice, moment.bar.beat + number * step, max(step * 2.5, 1.5), upper[place] + lift, level, exact=number == 0)


def _short(pen: Pen, moment: Moment, rhythm: tuple[int, ...]) -> None:
    upper = [pitch if pitch >= _LOWEST_SHORT else pitch + OCTAVE for pitch in moment.voicing[1:]]
    for eighth in range(int(moment.bar.beats * 2)):
        if rhythm[eighth % len(rhythm)]:
            accent = 0.16 if eighth % 4 == 0 else 0.05 if eighth % 2 == 0 else 0.0
            pitch = upper[_SHORT_FIGURE[eighth % len(_SHORT_FIGURE)]]
            pen.write(
                "spiccato", moment.bar.beat + eighth / 2, 0.28, pitch, 0.36 + 0.44 * moment.energy + accent, exact=eighth == 0
            )
    if moment.energy > 0.8:
        for sixteenth in range(1, int(moment.bar.beats * 4), 2):
            pen.write("spiccato", moment.bar.beat + sixteenth / 4, 0.16, upper[1], 0.3 + 0.3 * moment.energy)
