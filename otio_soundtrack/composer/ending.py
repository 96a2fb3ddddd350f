"""The ending: the last chord, how it rings, and how everything comes to rest inside the cue."""

from __future__ import annotations

from otio_soundtrack.composer.form import Form
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.parts import bells, pad, pluck
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import Ending, Instrument

_FADE_SHARE = {Ending.RING: 0.5, Ending.BUTTON: 0.55, Ending.SOFT: 0.75}
"""Share of the time after the final chord's start over which everything fades."""
_STING_FADE_SHARE = 0.85
"""The same in a cue of one chord, which has no time to ring out by itself."""
_BUTTON_BEATS = 0.5
"""Length of the last hit of a button."""
_ROLL_BEATS = 0.12
"""Beats between the notes of a rolled chord."""
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
    energy = moment.energy * (0.55 if ending is Ending.SOFT else 1.0)
    beats = _BUTTON_BEATS if ending is Ending.BUTTON else moment.bar.beats
    listed = moment.section.instruments
    at = moment.bar.beat

    def pen(stem: Stem) -> Pen:
        one = Pen(form.grid, stem, form.chance("ending", stem.value))
        pens.append(one)
        return one

    pens: list[Pen] = []
    harmony, low, top = pen(Stem.HARMONY), pen(Stem.BASS), pen(Stem.MELODY)
    upper = moment.voicing[1:]
    if Instrument.PAD in listed:
        for pitch in upper:
            harmony.write(pad.VOICES[moment.mood], at, beats, pitch, 0.3 + 0.45 * energy, exact=True)
    if Instrument.PLUCK in listed:
        for number, pitch in enumerate((*upper, upper[0] + OCTAVE)):
            roll = 0.0 if ending is Ending.BUTTON else number * _ROLL_BEATS
            harmony.write(pluck.VOICES[moment.mood], at + roll, max(beats - roll, 0.25), pitch, 0.36 + 0.4 * energy, exact=True)
    if Instrument.BASS in listed:
        low.write("low strings", at, beats, moment.voicing[0], 0.4 + 0.45 * energy, exact=True)
        low.write("round bass", at, beats, moment.voicing[0], 0.42 + 0.45 * energy, exact=True)
    if Instrument.MELODY in listed and not moment.clear:
        top.write("felt piano", at, beats, _near(_NEAR_MELODY, moment.chord.root), 0.4 + 0.4 * energy, exact=True)
    if Instrument.BELL in listed:
        top.write(bells.VOICES[moment.mood], at, max(beats, 1.0), upper[-1] + OCTAVE, 0.3 + 0.35 * energy, exact=True)
    if Instrument.PERCUSSION in listed and (
        energy >= _HIT_FROM or ending is Ending.BUTTON or set(listed) == {Instrument.PERCUSSION}
    ):
        drums, deep = pen(Stem.DRUMS), pen(Stem.FX)
        drums.write("taiko", at, 2.0, 0, 0.45 + 0.5 * energy, exact=True)
        drums.write("cymbal", at, 2.0, 0, 0.25 + 0.5 * energy, exact=True)
        if energy >= _HIT_FROM:
            deep.write("boom", at, 2.0, 0, 0.4 + 0.5 * energy, exact=True)
    notes = [note for one in pens for note in one.notes]
    return notes or _last_resort(form)


def _last_resort(form: Form) -> list[Note]:
    """Return a soft last stroke where dialogue or little energy would leave the end empty."""
    moment = form.final
    drums = Instrument.MELODY not in moment.section.instruments
    pen = Pen(form.grid, Stem.DRUMS if drums else Stem.MELODY, form.chance("last resort"))
    pen.write("taiko" if drums else "felt piano", moment.bar.beat, 4.0, moment.voicing[-1], 0.4, exact=True)
    return pen.notes


def opening_chord(form: Form) -> list[Note]:
    """Return a soft touch on the first sample, so that the music is there with the first frame.

    Slow and resting parts alone would let the cue begin in silence; whoever is listed and can be struck marks its first instant.
    """
    moment = form.moments[0]
    listed, level = moment.section.instruments, 0.32 + 0.4 * moment.energy
    at = form.grid.beat(0.0)
    if Instrument.PLUCK in listed:
        pen = Pen(form.grid, Stem.HARMONY, form.chance("opening"))
        pen.write(pluck.VOICES[moment.mood], at, 2.0, moment.voicing[1], level, exact=True)
    elif Instrument.BASS in listed:
        pen = Pen(form.grid, Stem.BASS, form.chance("opening"))
        pen.write("round bass", at, 2.0, moment.voicing[0], level, exact=True)
    elif Instrument.BELL in listed:
        pen = Pen(form.grid, Stem.MELODY, form.chance("opening"))
        pen.write(bells.VOICES[moment.mood], at, 3.0, moment.voicing[-1] + OCTAVE, level, exact=True)
    elif Instrument.MELODY in listed and Instrument.PAD not in listed:
        pen = Pen(form.grid, Stem.MELODY, form.chance("opening"))
        pen.write("felt piano", at, 3.0, moment.voicing[-1], level, exact=True)
    elif Instrument.PERCUSSION in listed and Instrument.PAD not in listed:
        pen = Pen(form.grid, Stem.DRUMS, form.chance("opening"))
        pen.write("frame", at, 1.0, 0, level, exact=True)
    else:
        return []
    return pen.notes


def _near(pitch: int, tone: int) -> int:
    """Return the pitch of a pitch class nearest to another pitch."""
    return min(range(pitch - 6, pitch + 6), key=lambda candidate: ((candidate - tone) % OCTAVE != 0, abs(candidate - pitch)))
