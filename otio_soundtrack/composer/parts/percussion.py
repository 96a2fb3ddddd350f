"""Percussion: the beat of mood and band, growing with energy, with fills into louder sections."""

from __future__ import annotations

from otio_soundtrack.composer.beats import BEATS
from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.manners import Beat
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Instrument

_FILL_FROM = 0.4
"""Energy of the next section from which a fill leads into it."""
_CRASH_FROM = 0.5
"""Energy from which a cymbal marks a section's first bar."""
_PHRASE_CRASH_FROM = 0.75
"""… and the first bar of a phrase."""
_LEFT_OUT = 0.28
"""Share of the strokes off the bar line that a phrase leaves out: each has its own groove."""
_SPOKEN_OVER = ("taiko", "low tom", "brush", "click", "snare")
"""Strokes that are left out under dialogue."""
_FILLS = {
    Beat.BIG: (("low tom", "low tom", "taiko", "taiko"), ("taiko", "low tom", "low tom", "taiko")),
    Beat.PRESSING: (("low tom", "click", "low tom", "taiko"), ("frame", "low tom", "low tom", "taiko")),
    Beat.MARCH: (("snare", "snare", "snare", "low tom"), ("snare", "low tom", "snare", "snare")),
    Beat.FOUR: (("brush", "brush", "brush", "brush"), ("kick", "brush", "brush", "brush")),
    Beat.BROKEN: (("kick", "brush", "kick", "brush"), ("brush", "shaker", "brush", "brush")),
}
"""Sixteenths of the last beat before a section."""
_OTHER_FILLS = (("frame", "frame", "low tom", "frame"), ("frame", "low tom", "frame", "low tom"))


def percussion(form: Form) -> list[Note]:
    """Return the notes of the drums."""
    pen = Pen(form.grid, Stem.DRUMS, form.chance("percussion"), loose_s=0.004)
    for number, moment in enumerate(form.moments[:-1]):
        least = moment.players.manner.drums_from + moment.players.band.drums_later
        if not moment.plays(Instrument.PERCUSSION, least):
            continue
        chance = form.chance("drums", moment.bar.section, moment.bar.place)
        fill = moment.left == 1 and moment.next_energy >= _FILL_FROM and not moment.clear and moment.bar.beats >= 2
        turn = moment.place % 4 == 3 and moment.energy > _CRASH_FROM and chance.happens(0.5) and not moment.clear
        last = 1 if fill else 0.5 if turn else 0
        _pattern(form, pen, moment, until=moment.bar.beats - last, ghost=chance.happens(0.3))
        if fill:
            _fill(pen, moment, chance.pick(_FILLS.get(moment.players.beat, _OTHER_FILLS)))
        elif turn and moment.bar.beats >= 2:
            _turn(pen, moment)
        arrives = moment.bar.place == 0 and number > 0 and moment.energy >= _CRASH_FROM and not moment.clear
        if arrives or (moment.bar.place > 0 and moment.place == 0 and moment.energy > _PHRASE_CRASH_FROM):
            cymbal = moment.players.stroke("cymbal")
            pen.write(cymbal, moment.bar.beat, moment.bar.beats, 0, 0.35 + 0.5 * moment.energy, exact=True)
    return pen.notes


def _pattern(form: Form, pen: Pen, moment: Moment, *, until: float, ghost: bool) -> None:
    rounds = -(-int(moment.bar.beats + 3) // 4)
    groove = form.chance("groove", moment.bar.section, moment.number)
    # sections of one beat share its pattern, so that a return is one; later periods have others
    pattern = form.turn(BEATS[moment.players.beat], "beat", moment.players.beat.value, moment.phrase.period)
    kept = [hit for hit in pattern if not groove.happens(_LEFT_OUT) or hit[0] == 0.0]
    hits = [(at + 4 * turn, drum, level, least) for turn in range(rounds) for at, drum, level, least in kept]
    for beat, drum, loudness, least in hits:
        thin = moment.clear and (drum in _SPOKEN_OVER or beat % 1)
        if beat < until and not thin and (moment.energy >= least or least == 0.0):
            level = loudness * (0.45 + 0.55 * moment.energy) * (0.6 if moment.clear else 1.0)
            pen.write(moment.players.stroke(drum), moment.bar.beat + beat, 0.5, 0, level, exact=beat == 0)
    if ghost and moment.energy > 0.5 and not moment.clear:
        at = moment.bar.beat + max(0.0, until - 0.25)
        pen.write(moment.players.stroke("frame"), at, 0.25, 0, 0.25 + 0.2 * moment.energy)


def _fill(pen: Pen, moment: Moment, drums: tuple[str, ...]) -> None:
    """Write sixteenths that grow over the last beat."""
    for sixteenth, drum in enumerate(drums):
        level = (0.35 + 0.13 * sixteenth) * (0.5 + 0.5 * max(moment.energy, moment.next_energy))
        stroke = moment.players.stroke(drum)
        pen.write(stroke, moment.bar.beat + moment.bar.beats - 1 + sixteenth / len(drums), 0.25, 0, level)


def _turn(pen: Pen, moment: Moment) -> None:
    """Write two strokes that turn into the next four bars."""
    drums = _FILLS.get(moment.players.beat, _OTHER_FILLS)[0]
    for number, drum in enumerate(drums[-2:]):
        at = moment.bar.beat + moment.bar.beats - 0.5 + number / 4
        pen.write(moment.players.stroke(drum), at, 0.25, 0, (0.4 + 0.1 * number) * (0.5 + 0.5 * moment.energy))
