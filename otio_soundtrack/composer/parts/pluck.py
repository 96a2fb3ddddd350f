"""The pluck: chords broken in the figure of mood and band, and driven short notes where the music presses."""

from __future__ import annotations

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.figures import BASS_NOTE, FIGURES, PATTERN_BEATS, Pattern
from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.manners import Figure
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument

_ENERGY = 0.14
"""Below it the part rests unless it is alone."""
_PLAIN_FROM, _DENSE_FROM = 0.3, 0.64
"""Energy from which the plain and the dense patterns are played."""
_HIGH_VOICES = ("harp", "mallet", "synth pluck")
"""Voices that play an octave higher when there is energy and the chord lies low."""
_LOW_CHORD = 60
_SHORT_VOICES = ("pizzicato", "synth pluck", "mallet")
"""Voices without a ring: their notes are let go with the step."""
_RING_BEATS = 1.5
"""Length of a note of the others; with the bar they are damped, because the next has another chord."""
_QUIETER = {Figure.STRUMMED: 0.72, Figure.TOLLING: 1.1}
"""Factor on the force of figures with more or fewer notes at once."""

_RHYTHMS = (
    (1, 0, 1, 1, 0, 1, 1, 0),
    (1, 1, 0, 1, 1, 0, 1, 0),
    (1, 1, 0, 1, 1, 0, 1, 1),
    (1, 0, 1, 1, 1, 0, 1, 1),
    (1, 0, 0, 1, 0, 0, 1, 0),
    (1, 1, 1, 0, 0, 1, 0, 1),
    (1, 0, 1, 0, 1, 1, 1, 0),
)
"""Eighths of the driven short notes: each has its gaps, by which one knows it again."""
_BETWEEN = ((1, 1, 1, 1, 1, 1, 1, 1), (1, 0, 1, 1, 0, 1, 1, 0), (0, 1, 0, 1, 0, 1, 1, 1), (1, 1, 0, 0, 1, 1, 0, 0))
"""Sixteenths between them, where there is most energy."""
_SHORT_FIGURES = ((0, 0, 1, 0, 2, 0, 1, 0), (0, 1, 0, 2, 0, 1, 0, 2), (1, 0, 0, 2, 0, 0, 1, 0))
_SHORT_BEATS = 0.28
_SIXTEENTHS_FROM = 0.8
_LOWEST_SHORT = 55
"""MIDI: short strings below it grunt."""


def pluck(form: Form) -> list[Note]:
    """Return the notes of the pluck."""
    pen = Pen(form.grid, Stem.HARMONY, form.chance("pluck"), loose_s=0.007)
    for moment in form.moments[:-1]:
        if not moment.plays(Instrument.PLUCK, _ENERGY):
            continue
        chance = form.chance("figure", moment.bar.section, moment.number)
        driven = moment.energy >= moment.players.manner.driven_from and not moment.clear
        if driven:
            _short(form, pen, moment, chance)
        if not driven or moment.players.figure is not Figure.DRIVEN:
            _broken(pen, moment, _pattern(form, moment, chance))
    return pen.notes


def _pattern(form: Form, moment: Moment, chance: Chance) -> Pattern:
    """Return the pattern of a phrase; its second half varies it, its last bar breathes with the one of less energy."""
    level = 0 if moment.energy < _PLAIN_FROM or moment.clear else 1 if moment.energy < _DENSE_FROM else 2
    patterns = FIGURES[moment.players.figure][level]
    first = form.turn(range(len(patterns)), "figure", moment.bar.section, moment.number)
    step = int(chance.share() * (len(patterns) - 1)) + 1 if len(patterns) > 1 else 0
    return patterns[(first + step * (moment.place // 4)) % len(patterns)]


def _broken(pen: Pen, moment: Moment, pattern: Pattern) -> None:
    players, bar, upper = moment.players, moment.bar, moment.voicing[1:]
    voice = players.pluck
    high = voice in _HIGH_VOICES and moment.energy > 0.4 and upper[0] < _LOW_CHORD and not moment.clear
    lift = OCTAVE if high else 0
    force = _QUIETER.get(players.figure, 1.0)
    for round_start in range(0, int(bar.beats + PATTERN_BEATS - 1), int(PATTERN_BEATS)):
        for stroke in pattern:
            beat = round_start + stroke.beat
            if beat > bar.beats - 0.2:
                break
            accent = 0.1 if stroke.beat == 0 else 0.05 if stroke.beat % 2 == 0 else 0.0
            level = (0.3 + 0.42 * moment.energy + accent) * force * (0.85 if len(stroke.notes) > 1 else 1.0)
            beats = 0.5 if voice in _SHORT_VOICES else min(_RING_BEATS, max(0.5, bar.beats - beat))
            for place in stroke.notes:
                pen.write(voice, bar.beat + beat, beats, _pitch(moment, place, lift), level, exact=beat == 0)


def _pitch(moment: Moment, place: int, lift: int) -> int:
    """Return the pitch at a place of the pattern; an octave lower it would be a bass note."""
    if place == BASS_NOTE:
        return moment.voicing[0] + OCTAVE
    upper = _rooted(moment) if moment.players.figure is Figure.DRIVEN else moment.voicing[1:]
    return upper[place % len(upper)] + OCTAVE * (place // len(upper)) + (lift if place < len(upper) else 0)


def _rooted(moment: Moment) -> list[int]:
    """Return the upper notes, roots first: what is driven is driven on the root."""
    return sorted(moment.voicing[1:], key=lambda pitch: ((pitch - moment.chord.root) % OCTAVE != 0, pitch))


def _short(form: Form, pen: Pen, moment: Moment, chance: Chance) -> None:
    rhythm = form.turn(_RHYTHMS, "driven", moment.bar.section, moment.number)
    figure, between = chance.pick(_SHORT_FIGURES), chance.pick(_BETWEEN)
    voice = moment.players.band.short
    upper = [pitch if pitch >= _LOWEST_SHORT else pitch + OCTAVE for pitch in _rooted(moment)]
    for eighth in range(int(moment.bar.beats * 2)):
        if rhythm[eighth % len(rhythm)]:
            accent = 0.16 if eighth % 4 == 0 else 0.05 if eighth % 2 == 0 else 0.0
            pitch, level = upper[figure[eighth % len(figure)]], 0.36 + 0.44 * moment.energy + accent
            pen.write(voice, moment.bar.beat + eighth / 2, _SHORT_BEATS, pitch, level, exact=eighth == 0)
    if moment.energy > _SIXTEENTHS_FROM:
        for eighth in range(int(moment.bar.beats * 2)):
            if between[eighth % len(between)]:
                pen.write(voice, moment.bar.beat + eighth / 2 + 0.25, 0.16, upper[1], 0.3 + 0.3 * moment.energy)
