"""Percussion: patterns for each family of moods, growing with energy, with fills into louder sections."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument, Mood

Hit = tuple[float, str, float, float]
"""Beat in the bar, drum, loudness 0–1, energy from which it is played."""

_BIG: tuple[Hit, ...] = (
    (0.0, "taiko", 0.95, 0.0),
    (1.0, "frame", 0.4, 0.3),
    (2.0, "low tom", 0.75, 0.4),
    (2.75, "low tom", 0.5, 0.6),
    (3.0, "frame", 0.5, 0.35),
    (3.5, "low tom", 0.6, 0.65),
    (1.5, "taiko", 0.6, 0.75),
    (0.5, "shaker", 0.5, 0.5),
    (1.5, "shaker", 0.5, 0.5),
    (2.5, "shaker", 0.5, 0.5),
)
_PRESSING: tuple[Hit, ...] = (
    (0.0, "taiko", 0.8, 0.3),
    (0.0, "frame", 0.5, 0.0),
    (0.75, "click", 0.5, 0.2),
    (1.5, "frame", 0.6, 0.25),
    (2.25, "click", 0.45, 0.2),
    (2.5, "low tom", 0.6, 0.5),
    (3.0, "frame", 0.55, 0.0),
    (3.5, "click", 0.6, 0.3),
    (3.75, "frame", 0.35, 0.6),
)
_LIGHT: tuple[Hit, ...] = (
    (0.0, "kick", 0.7, 0.25),
    (2.0, "kick", 0.6, 0.35),
    (2.5, "kick", 0.4, 0.6),
    (1.0, "brush", 0.55, 0.35),
    (3.0, "brush", 0.6, 0.35),
    (0.0, "shaker", 0.6, 0.0),
    (0.5, "shaker", 0.4, 0.0),
    (1.0, "shaker", 0.7, 0.0),
    (1.5, "shaker", 0.4, 0.0),
    (2.0, "shaker", 0.6, 0.0),
    (2.5, "shaker", 0.4, 0.0),
    (3.0, "shaker", 0.7, 0.0),
    (3.5, "shaker", 0.5, 0.0),
    (1.75, "click", 0.4, 0.55),
    (3.25, "click", 0.35, 0.55),
)
_SOFT: tuple[Hit, ...] = (
    (0.0, "frame", 0.6, 0.0),
    (2.5, "frame", 0.4, 0.2),
    (1.0, "shaker", 0.4, 0.25),
    (2.0, "shaker", 0.5, 0.25),
    (3.0, "shaker", 0.4, 0.0),
    (0.0, "kick", 0.6, 0.5),
    (3.5, "frame", 0.3, 0.5),
)
PATTERNS = {
    Mood.EPIC: _BIG,
    Mood.TENSE: _PRESSING,
    Mood.MYSTERIOUS: _PRESSING,
    Mood.PLAYFUL: _LIGHT,
    Mood.HOPEFUL: _LIGHT,
    Mood.CALM: _SOFT,
    Mood.SAD: _SOFT,
    Mood.WONDER: _SOFT,
}
_ENERGY = {Mood.EPIC: 0.25, Mood.TENSE: 0.25, Mood.MYSTERIOUS: 0.35, Mood.PLAYFUL: 0.25, Mood.HOPEFUL: 0.35}
"""Energy from which percussion joins; in the other moods :data:`_LATE`."""
_LATE = 0.45
_FILL_FROM = 0.4
_CRASH_FROM = 0.5


def percussion(form: Form) -> list[Note]:
    """Return the notes of the drums."""
    pen = Pen(form.grid, Stem.DRUMS, form.chance("percussion"), loose_s=0.004)
    for number, moment in enumerate(form.moments[:-1]):
        if not moment.plays(Instrument.PERCUSSION, _ENERGY.get(moment.mood, _LATE)):
            continue
        chance = form.chance("drums", moment.bar.section, moment.bar.place)
        fill = moment.left == 1 and moment.next_energy >= _FILL_FROM and not moment.clear and moment.bar.beats >= 2
        _pattern(pen, moment, until=moment.bar.beats - (1 if fill else 0), ghost=chance.happens(0.3))
        if fill:
            _fill(pen, moment)
        arrives = moment.bar.place == 0 and number > 0 and moment.energy >= _CRASH_FROM and not moment.clear
        if arrives or (moment.bar.place > 0 and moment.bar.place % 8 == 0 and moment.energy > 0.75):
            pen.write("cymbal", moment.bar.beat, moment.bar.beats, 0, 0.35 + 0.5 * moment.energy, exact=True)
    return pen.notes


def _pattern(pen: Pen, moment: Moment, *, until: float, ghost: bool) -> None:
    pattern = PATTERNS[moment.mood]
    rounds = -(-int(moment.bar.beats + 3) // 4)
    hits = [(at + 4 * turn, drum, loudness, least) for turn in range(rounds) for at, drum, loudness, least in pattern]
    for beat, drum, loudness, least in hits:
        thin = moment.clear and (drum in ("taiko", "low tom", "brush", "click") or beat % 1)
        if beat < until and not thin and (moment.energy >= least or least == 0.0):
            level = loudness * (0.45 + 0.55 * moment.energy) * (0.6 if moment.clear else 1.0)
            pen.write(drum, moment.bar.beat + beat, 0.5, 0, level, exact=beat == 0)
    if ghost and moment.energy > 0.5 and not moment.clear:
        pen.write("frame", moment.bar.beat + max(0.0, until - 0.25), 0.25, 0, 0.25 + 0.2 * moment.energy)


def _fill(pen: Pen, moment: Moment) -> None:
    """Write sixteenths that grow over the last beat."""
    drums = (
        ("low tom", "low tom", "taiko", "taiko")
        if moment.mood in (Mood.EPIC, Mood.TENSE)
        else ("frame", "frame", "low tom", "frame")
    )
    for sixteenth, drum in enumerate(drums):
        level = (0.35 + 0.13 * sixteenth) * (0.5 + 0.5 * max(moment.energy, moment.next_energy))
        pen.write(drum, moment.bar.beat + moment.bar.beats - 1 + sixteenth / 4, 0.25, 0, level)
