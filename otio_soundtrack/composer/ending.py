"""The ending: the last chord, how it rings, and how everything comes to rest inside the cue.

*Ring*: rolled, struck, then left to itself. *Button*: a pick-up and one short hit of everybody. *Soft*: nobody strikes; the
chord is laid down, its voices leave one after the other from the top, the last broken chord climbs slowly.
"""

from __future__ import annotations

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE, near
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Ending, Instrument

_FADE_SHARE = {Ending.RING: 0.5, Ending.BUTTON: 0.55, Ending.SOFT: 0.75}
"""Share of the time after the final chord's start over which everything fades."""
_STING_FADE_SHARE = 0.85
"""The same in a cue of one chord, which has no time to ring out by itself."""
_FORCE = {Ending.RING: 1.0, Ending.BUTTON: 1.0, Ending.SOFT: 0.55}
"""Factor on the energy of the last chord."""
_BUTTON_BEATS = 0.5
"""Length of the last hit of a button."""
_PICK_UP = ((-0.5, 0.75), (-0.25, 0.85))
"""Beats before a button and share of its force: the two strokes that lead into it."""
_ROLL_BEATS = {Ending.RING: 0.12, Ending.BUTTON: 0.0, Ending.SOFT: 0.35}
"""Beats between the notes of the rolled chord."""
_LEAVE_FIRST, _LEAVE_STEP = 0.45, 0.14
"""Share of the last chord after which its top voice leaves in a soft ending, and how much longer each voice below stays."""
_HIT_FROM = 0.5
"""Energy from which the last chord is struck by drums as well."""
_NEAR_MELODY = 72


def fade_seconds(form: Form) -> float:
    """Return over how much of the end everything comes to rest."""
    room = form.grid.seconds - form.grid.time(form.grid.final)
    share = _STING_FADE_SHARE if len(form.moments) == 1 else _FADE_SHARE[form.plan.ending]
    return max(share * room, 0.0)


def final_chord(form: Form) -> list[Note]:
    """Return the notes of the final chord, played by whom the last section lists."""
    moment, ending = form.final, form.plan.ending
    energy = moment.energy * _FORCE[ending]
    beats = _BUTTON_BEATS if ending is Ending.BUTTON else moment.bar.beats
    writers = {
        Instrument.PAD: _chord,
        Instrument.PLUCK: _rolled,
        Instrument.BASS: _bass,
        Instrument.MELODY: _tune,
        Instrument.BELL: _bell,
        Instrument.PERCUSSION: _struck,
    }
    notes = []
    for instrument, write in writers.items():
        if instrument in moment.section.instruments:
            notes += write(form, energy, beats)
    return notes or _last_resort(form)


def _pen(form: Form, stem: Stem) -> Pen:
    return Pen(form.grid, stem, form.chance("ending", stem.value))


def _chord(form: Form, energy: float, beats: float) -> list[Note]:
    """Return the held chord; in a button short notes, in a soft ending voices that leave one by one."""
    moment, ending = form.final, form.plan.ending
    pen, upper = _pen(form, Stem.HARMONY), form.final.voicing[1:]
    for number, pitch in enumerate(reversed(upper)):
        share = min(1.0, _LEAVE_FIRST + _LEAVE_STEP * number) if ending is Ending.SOFT else 1.0
        pen.write(moment.players.pad, moment.bar.beat, beats * share, pitch, 0.3 + 0.45 * energy, exact=True)
        if ending is Ending.BUTTON:
            pen.write(moment.players.band.short, moment.bar.beat, beats, pitch, 0.45 + 0.45 * energy, exact=True)
    return pen.notes


def _rolled(form: Form, energy: float, beats: float) -> list[Note]:
    """Return the broken chord upwards; in a button all at once, after its pick-up."""
    moment, roll = form.final, _ROLL_BEATS[form.plan.ending]
    pen, upper = _pen(form, Stem.HARMONY), form.final.voicing[1:]
    level = 0.36 + 0.4 * energy
    for number, pitch in enumerate((*upper, upper[0] + OCTAVE)):
        length = max(beats - number * roll, 0.25)
        pen.write(moment.players.pluck, moment.bar.beat + number * roll, length, pitch, level, exact=True)
    if form.plan.ending is Ending.BUTTON and _has_pick_up(form):
        for before, share in _PICK_UP:
            pen.write(moment.players.pluck, moment.bar.beat + before, 0.25, upper[1], level * share, exact=True)
    return pen.notes


def _bass(form: Form, energy: float, beats: float) -> list[Note]:
    moment, pen = form.final, _pen(form, Stem.BASS)
    low, band = moment.voicing[0], moment.players.band
    pen.write(band.low, moment.bar.beat, beats, low, 0.4 + 0.45 * energy, exact=True)
    if band.bass != band.low:
        pen.write(band.bass, moment.bar.beat, beats, low, 0.42 + 0.45 * energy, exact=True)
    return pen.notes


def _tune(form: Form, energy: float, beats: float) -> list[Note]:
    """Return the tonic as the last note of the tune; nobody sings over dialogue."""
    moment, pen = form.final, _pen(form, Stem.MELODY)
    if not moment.clear:
        centre = min(max(_NEAR_MELODY, moment.players.manner.centre - 4), moment.players.manner.centre + 4)
        voice = moment.players.soft
        pen.write(voice, moment.bar.beat, beats, near(centre, moment.chord.root), 0.4 + 0.4 * energy, exact=True)
    return pen.notes


def _bell(form: Form, energy: float, beats: float) -> list[Note]:
    moment, pen = form.final, _pen(form, Stem.MELODY)
    if not moment.clear:
        top = moment.voicing[-1] + OCTAVE
        pen.write(moment.players.bell, moment.bar.beat, max(beats, 1.0), top, 0.3 + 0.35 * energy, exact=True)
    return pen.notes


def _struck(form: Form, energy: float, beats: float) -> list[Note]:
    """Return the drums on the last chord: in loud endings and buttons, and where there is nobody else."""
    moment, ending = form.final, form.plan.ending
    alone = set(moment.section.instruments) == {Instrument.PERCUSSION}
    if not (alone or ending is Ending.BUTTON or (energy >= _HIT_FROM and ending is Ending.RING)):
        return []
    drums, deep, stroke = _pen(form, Stem.DRUMS), _pen(form, Stem.FX), moment.players.stroke
    drums.write(stroke("taiko"), moment.bar.beat, beats, 0, 0.45 + 0.5 * energy, exact=True)
    drums.write(stroke("cymbal"), moment.bar.beat, max(beats, 2.0), 0, 0.25 + 0.5 * energy, exact=True)
    if energy >= _HIT_FROM:
        deep.write("boom", moment.bar.beat, 2.0, 0, 0.4 + 0.5 * energy, exact=True)
    if ending is Ending.BUTTON and _has_pick_up(form):
        for before, share in _PICK_UP:
            drums.write(stroke("low tom"), moment.bar.beat + before, 0.25, 0, (0.3 + 0.4 * energy) * share, exact=True)
    return [*drums.notes, *deep.notes]


def _has_pick_up(form: Form) -> bool:
    """Return whether there is time and silence enough before the button for its pick-up."""
    first = form.final.bar.beat + _PICK_UP[0][0]
    return len(form.moments) > 1 and not form.speech_at(form.grid.time(first), form.grid.time(form.final.bar.beat))


def _last_resort(form: Form) -> list[Note]:
    """Return a soft last stroke where dialogue or little energy would leave the end empty."""
    moment = form.final
    drums = not {Instrument.MELODY, Instrument.BELL}.intersection(moment.section.instruments)
    pen = Pen(form.grid, Stem.DRUMS if drums else Stem.MELODY, form.chance("last resort"))
    voice = moment.players.stroke("taiko") if drums else _resting_voice(moment)
    pen.write(voice, moment.bar.beat, 4.0, moment.voicing[-1], 0.4, exact=True)
    return pen.notes


def _resting_voice(moment: Moment) -> str:
    return moment.players.soft if Instrument.MELODY in moment.section.instruments else moment.players.bell


def opening_chord(form: Form) -> list[Note]:
    """Return a soft touch on the first sample, so that the music is there with the first frame.

    Slow and resting parts alone would let the cue begin in silence; whoever is listed and can be struck marks its first instant.
    """
    moment = form.moments[0]
    listed, level, who = moment.section.instruments, 0.32 + 0.4 * moment.energy, moment.players
    at = form.grid.beat(0.0)
    held = Instrument.PAD in listed
    if Instrument.PLUCK in listed:
        touch = (Stem.HARMONY, who.pluck, 2.0, moment.voicing[1])
    elif Instrument.BASS in listed:
        touch = (Stem.BASS, who.band.bass, 2.0, moment.voicing[0])
    elif Instrument.BELL in listed:
        touch = (Stem.MELODY, who.bell, 3.0, moment.voicing[-1] + OCTAVE)
    elif Instrument.MELODY in listed and not held:
        touch = (Stem.MELODY, who.soft, 3.0, moment.voicing[-1])
    elif Instrument.PERCUSSION in listed and not held:
        touch = (Stem.DRUMS, who.stroke("frame"), 1.0, 0)
    else:
        return []
    stem, voice, beats, pitch = touch
    pen = Pen(form.grid, stem, form.chance("opening"))
    pen.write(voice, at, beats, pitch, level, exact=True)
    return pen.notes
