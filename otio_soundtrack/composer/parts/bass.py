"""The bass: a pedal, a walk, a bounce, a march or a pulse, as the mood wants it."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE, parse_key
from otio_soundtrack.composer.manners import Bass
from otio_soundtrack.composer.parts.pen import Pen
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.composer.voicing import BASS_HIGHEST, BASS_LOWEST
from otio_soundtrack.model.plan import Instrument

_HELD_BELOW = 0.34
"""Energy up to which notes are held."""
_PEDAL_BARS = 4
"""Bars of a phrase for which a pedal stays on the tonic before the bass follows the chords."""
_FIFTH = 7
_BOUNCE_BEATS = 0.7
"""Length of a bouncing note."""
_BOUNCES = ((0.0, 2.0), (0.0, 2.5), (0.0, 1.5, 3.0), (0.0, 1.0, 2.5))
"""Beats on which a bouncing bass plays."""
_MARCH_BEATS = 0.8
_PULSE_BEATS = 0.48


_SECONDS = (2.0, 2.5, 3.0)
"""Beats on which the second note of a bar may come."""
_PULSES = ((1, 1, 1, 1, 1, 1, 1, 1), (1, 0, 1, 1, 1, 0, 1, 1), (1, 1, 0, 1, 1, 1, 0, 1), (1, 0, 0, 1, 1, 0, 1, 1))
"""Eighths on which a pulsing bass plays."""


@dataclass(frozen=True)
class _Taste:
    """What a bassist decides: the first two in every bar, the others for a phrase."""

    upbeat: bool
    octave: bool
    second: float
    pulse: tuple[int, ...]
    bounce: tuple[float, ...]


def bass(form: Form) -> list[Note]:
    """Return the notes of the bass."""
    pen = Pen(form.grid, Stem.BASS, form.chance("bass"), loose_s=0.004)
    chance = form.chance("bass figures")
    for number, moment in enumerate(form.moments[:-1]):
        phrase = ("bass phrase", moment.bar.section, moment.number)
        lasting = form.turn(_SECONDS, *phrase), form.turn(_PULSES, *phrase), form.turn(_BOUNCES, *phrase)
        taste = _Taste(chance.happens(0.5), chance.happens(0.4), *lasting)
        if moment.plays(Instrument.BASS):
            _write(pen, moment, form.moments[number + 1].voicing[0], taste)
    return pen.notes


def _write(pen: Pen, moment: Moment, following: int, taste: _Taste) -> None:
    manner = moment.players.manner
    short = moment.clear or moment.energy < _HELD_BELOW or moment.bar.beats < 2
    pulses = moment.energy >= manner.pulse_from and not moment.clear and moment.bar.beats >= 2
    if manner.bass is Bass.PEDAL and (moment.place < _PEDAL_BARS or manner.harmony_bars > 1):
        _pedal(pen, moment, taste.second)
    elif manner.bass is Bass.BOUNCING and not moment.clear and moment.bar.beats >= 2:
        _bouncing(pen, moment, taste.bounce)
    elif manner.bass is Bass.PULSING and pulses:
        _pulsing(pen, moment, taste)
    elif manner.bass is Bass.MARCHING and pulses:
        _marching(pen, moment, following)
    elif short:
        _held(pen, moment, moment.voicing[0])
    else:
        _walking(pen, moment, following, taste)


def _held(pen: Pen, moment: Moment, pitch: int) -> None:
    bar, band = moment.bar, moment.players.band
    pen.write(band.low, bar.beat, bar.beats, pitch, 0.42 + 0.5 * moment.energy)
    if moment.energy > 0.2:
        pen.write(band.bass, bar.beat, bar.beats, pitch, 0.4 + 0.5 * moment.energy)


def _pedal(pen: Pen, moment: Moment, second: float) -> None:
    """Hold the tonic where it belongs to the chord or the chord stands over it, else the root."""
    tonic = parse_key(moment.section.key).tonic
    grinds = any((tone - tonic) % OCTAVE in (1, OCTAVE - 1) for tone in moment.chord.tones)
    pitch = moment.voicing[0] if grinds else _in_range(tonic)
    _held(pen, moment, pitch)
    if moment.energy > 0.4 and moment.bar.beats >= 4 and not moment.clear:
        pen.write(
            moment.players.band.bass, moment.bar.beat + second, moment.bar.beats - second, pitch, 0.36 + 0.4 * moment.energy
        )


def _in_range(tone: int) -> int:
    """Return the lowest pitch of a pitch class in the range of the bass."""
    return next(pitch for pitch in range(BASS_LOWEST, BASS_HIGHEST + 1) if pitch % OCTAVE == tone)


def _fifth(moment: Moment) -> int:
    """Return the fifth of the chord below or above its bass, the bass itself where the chord has none there."""
    low = moment.voicing[0]
    if (low + _FIFTH) % OCTAVE not in moment.chord.tones:
        return low
    return low + _FIFTH - OCTAVE if low + _FIFTH - OCTAVE >= BASS_LOWEST else low + _FIFTH


def _walking(pen: Pen, moment: Moment, following: int, taste: _Taste) -> None:
    """Write the root, the fifth or root on the second half, and sometimes a step towards the next root."""
    root, bar, level, band = moment.voicing[0], moment.bar, 0.46 + 0.45 * moment.energy, moment.players.band
    half = bar.beats / 2 if bar.beats <= 3 else taste.second
    pen.write(band.low, bar.beat, bar.beats, root, level * 0.8)
    pen.write(band.bass, bar.beat, half, root, level, exact=True)
    pen.write(band.bass, bar.beat + half, bar.beats - half, _fifth(moment) if taste.upbeat else root, level * 0.8)
    if taste.upbeat and following != root and bar.beats >= 4:
        pen.write(band.bass, bar.beat + bar.beats - 0.5, 0.5, _passing(moment, following), level * 0.65)


def _passing(moment: Moment, following: int) -> int:
    """Return the note of the scale a step before the next bass note, from the side on which the bass is."""
    above = moment.voicing[0] > following
    step = following + (2 if above else -2)
    return step if step % OCTAVE in moment.chord.scale else following + (1 if above else -1)


def _bouncing(pen: Pen, moment: Moment, places: tuple[float, ...]) -> None:
    """Write root and fifth in turn, short."""
    root, bar, level = moment.voicing[0], moment.bar, 0.46 + 0.45 * moment.energy
    for number, beat in enumerate(place for place in places if place < bar.beats):
        pitch = _fifth(moment) if number % 2 else root
        pen.write(moment.players.band.bass, bar.beat + beat, _BOUNCE_BEATS, pitch, level, exact=beat == 0)


def _marching(pen: Pen, moment: Moment, following: int) -> None:
    """Write every beat: root, root, fifth, and the way to the next root."""
    root, bar, level, band = moment.voicing[0], moment.bar, 0.46 + 0.45 * moment.energy, moment.players.band
    count = int(bar.beats)
    for beat in range(count):
        last = beat == count - 1 and following != root
        pitch = _passing(moment, following) if last else _fifth(moment) if beat == 2 else root
        pen.write(band.bass, bar.beat + beat, _MARCH_BEATS, pitch, level * (1.0 if beat == 0 else 0.8), exact=beat == 0)
    pen.write(band.low, bar.beat, bar.beats, root, level * 0.7)


def _pulsing(pen: Pen, moment: Moment, taste: _Taste) -> None:
    """Write eighths with accents in the rhythm of the phrase, an octave jump at the end of some bars."""
    root, bar, band = moment.voicing[0], moment.bar, moment.players.band
    count = int(bar.beats * 2)
    for eighth in range(count):
        if not taste.pulse[eighth % len(taste.pulse)]:
            continue
        accent = 1.0 if eighth == 0 else 0.86 if eighth % 2 == 0 else 0.7
        jump = OCTAVE if taste.octave and eighth >= count - 1 else 0
        level = (0.5 + 0.42 * moment.energy) * accent
        pen.write(band.pulse, bar.beat + eighth / 2, _PULSE_BEATS, root + jump, level, exact=eighth == 0)
    if band.low != band.pulse:
        pen.write(band.low, bar.beat, bar.beats, root, 0.3 + 0.4 * moment.energy)
