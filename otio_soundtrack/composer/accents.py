"""Accents: the music meets the strongest hit points.

Only a few hits are met: those of people always, of the cuts the strongest, never in quick succession. Notes that lie next to a
hit on the grid are moved onto it, what comes just before is thinned (the breath that makes an accent heard), and a stroke
fitting the energy is laid on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from otio_soundtrack.composer.form import Form, Moment
from otio_soundtrack.composer.keys import OCTAVE
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.composer.voices.orchestra import ENSEMBLES
from otio_soundtrack.model.plan import Instrument
from otio_soundtrack.times import exact_rate, frame_seconds

NEAR_S = 0.07
"""Seconds: notes and beats so near to a hit are meant to be on it."""

_APART_S = 1.8
"""Seconds between accents on cuts: more would be a stab on every cut."""
_APART_ASKED_S = 0.3
"""Seconds between accents that a person asked for."""
_LEAST_WEIGHT = 0.45
"""Cuts below it are passed over."""
_BREATH_S = 0.42
"""Seconds before an accent in which the busy parts are silent."""
_BREATH_STEMS = (Stem.DRUMS, Stem.HARMONY)
_LEFT_S = 0.1
"""Seconds before its end in which a bass note has had its say."""
_HELD_S = 0.5
"""Seconds: longer notes of held voices sound on through the breath."""
_BIG_FROM = 0.55
"""Energy from which an accent is struck by drums and deep tones."""


def met_hits(form: Form) -> tuple[float, ...]:
    """Return the seconds of the hit points that get an accent."""
    rate = exact_rate(form.plan.rate)
    end = form.grid.time(form.grid.final) - _APART_S / 2
    chosen: list[float] = []
    asked = [hit for hit in form.plan.hits if hit.origin in ("user", "marker")]
    cuts = [hit for hit in form.plan.hits if hit.origin in ("cut", "motion") and hit.weight >= _LEAST_WEIGHT]
    for hits, apart in ((asked, _APART_ASKED_S), (cuts, _APART_S)):
        for hit in sorted(hits, key=lambda hit: (-hit.weight, hit.frame)):
            at = float(frame_seconds(hit.frame, rate))
            fits = 0 < at < end and all(abs(at - other) >= apart for other in chosen)
            if fits and (hit in asked or _near_grid(form, at)):
                chosen.append(at)
    return tuple(sorted(chosen))


def accented(form: Form, notes: Iterable[Note]) -> list[Note]:
    """Return the notes with accents on the hits that are met."""
    hits = met_hits(form)
    shaped = [shaped for note in notes if (shaped := _shaped(note, hits)) is not None]
    basses = [note for note in shaped if note.stem is Stem.BASS]
    for at in hits:
        moment = _moment_at(form, at)
        if not form.speech_at(at, at + _BREATH_S):
            low = min((note.pitch for note in basses if note.start <= at < note.end - _LEFT_S), default=moment.voicing[0])
            shaped.extend(_stroke(moment, at, _weight(form, at), low))
    return shaped


def _near_grid(form: Form, at: float) -> bool:
    half_beat = round(form.grid.beat(at) * 2) / 2
    return abs(form.grid.time(half_beat) - at) <= NEAR_S


def _weight(form: Form, at: float) -> float:
    """Return the weight of the hit at a time."""
    rate = exact_rate(form.plan.rate)
    return max((hit.weight for hit in form.plan.hits if abs(float(frame_seconds(hit.frame, rate)) - at) < 1e-9), default=1.0)


def _moment_at(form: Form, at: float) -> Moment:
    beat = form.grid.beat(at) + 1e-6
    return [moment for moment in form.moments if moment.bar.beat <= beat][-1]


def _shaped(note: Note, hits: tuple[float, ...]) -> Note | None:
    """Return a note as it is played around the hits: moved onto one, softened or left out just before one."""
    for at in hits:
        if abs(note.start - at) <= NEAR_S:
            return replace(note, start=at, velocity=min(1.0, note.velocity * 1.15 + 0.05))
        if NEAR_S < at - note.start < _BREATH_S:
            held = note.voice in ENSEMBLES and note.seconds > _HELD_S
            if note.stem in _BREATH_STEMS and not held and note.start > NEAR_S:
                return None
            return replace(note, velocity=note.velocity * 0.7)
    return note


def _stroke(moment: Moment, at: float, weight: float, low: int) -> list[Note]:
    """Return the stroke on a hit, played by whom the section lists; the bass strikes ``low``, the note on which it is."""
    listed, force = moment.section.instruments, (0.3 + 0.65 * moment.energy) * (0.6 + 0.4 * weight)
    upper, who = moment.voicing[1:], moment.players
    strokes = []
    big = moment.energy >= _BIG_FROM
    if Instrument.PERCUSSION in listed:
        strokes.append(Note(Stem.DRUMS, who.stroke("taiko" if big else "low tom"), at, 1.0, 0, force))
        if big:
            strokes.append(Note(Stem.FX, "boom", at, 2.0, 0, force))
            strokes.append(Note(Stem.DRUMS, who.stroke("cymbal"), at, 2.0, 0, force * 0.8))
    if Instrument.BASS in listed:
        strokes.append(Note(Stem.BASS, who.band.bass, at, 0.9, low, force))
    if Instrument.PLUCK in listed:
        voice = who.band.short if big else who.pluck
        chord = upper if big else (upper[0], upper[-1])
        strokes.extend(Note(Stem.HARMONY, voice, at, 0.35 if big else 1.5, pitch, force) for pitch in chord)
    if Instrument.BELL in listed and not big:
        strokes.append(Note(Stem.MELODY, who.bell, at, 2.0, upper[-1] + OCTAVE, force))
    if not strokes and Instrument.PAD in listed:
        strokes.extend(Note(Stem.HARMONY, who.band.short, at, 0.5, pitch, force) for pitch in upper)
    return strokes


def swells(form: Form) -> list[Note]:
    """Return what leads into louder sections: a cymbal roll or a riser that ends on the section's first bar line."""
    notes = []
    for before, after in zip(form.moments, form.moments[1:], strict=False):
        rises = after.bar.place == 0 and after.section is not before.section and after.energy > before.energy + 0.12
        if rises and Instrument.PERCUSSION in after.section.instruments and not before.clear:
            at = form.grid.time(after.bar.beat)
            voice = "riser" if after.energy > 0.65 else "swell"
            if at > 1.0:
                notes.append(Note(Stem.FX, voice, at, 0.5, 0, 0.4 + 0.5 * after.energy))
    return notes
