"""The balance: where many strike together, each plays softer, as a conductor asks of a tutti.

The loudness of a cue is that of its whole; its peaks are those few moments in which drums, bass, chords and tune begin at once.
Were everybody as loud there as alone, a limiter would have to flatten them. Here the players make room themselves: velocities
are lowered, so that the stroke keeps its attack, its colour turns a little darker, and stems, MIDI file and mix agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from otio_soundtrack.composer.score import Note
from otio_soundtrack.composer.voices import TOUCH, level, ringing_seconds
from otio_soundtrack.composer.voices.orchestra import DRUMS, ENSEMBLES, MODALS

_TOGETHER_S = 0.03
"""Seconds: what begins so near to each other adds up to one peak; players' unevenness is at most 9 ms to each side."""
_STRONGEST = 10 ** (2.0 / 10)
"""Power at which strokes begin to share, against the mean of the cue: 2 dB. A limiter at −1 dBTP then has little left to do at
−16 LUFS, as a chord's peak is about 6 dB above what its powers add up to where they meet badly."""
_STRONGEST_ON_HIT = 10 ** (3.0 / 10)
"""The same on a hit point: 3 dB, so that hits stand out of the bar lines."""
_KEPT = 0.1
"""Share of the decibels above it that are left: a fuller stroke is still the louder one."""
_FEW_PARTIALS, _STRING, _HELD, _STROKE = 0.9, 0.6, 0.55, 0.9
"""Peak of a note at full velocity before its seat in the mix, measured over all voices: bars and bells, strings (plucked or
hammered, whose many partials never meet), bowed and blown voices, drums. Each is right to 3 dB."""


def balanced(notes: Collection[Note], hits: Collection[float]) -> list[Note]:
    """Return the notes, those softer that begin together with many others.

    Args:
        notes: of the whole cue.
        hits: seconds of the hit points that are met.

    Returns:
        As many notes, in order of their start.
    """
    mean = _mean_power(notes)
    played: list[Note] = []
    sounding: list[Note] = []
    for group in _groups(notes):
        start = group[0].start
        sounding = [note for note in sounding if note.end > start]
        most = mean * (_STRONGEST_ON_HIT if any(note.start in hits for note in group) else _STRONGEST)
        power = sum(map(_power, (*group, *sounding)))
        softer = (most / power) ** ((1 - _KEPT) / 2 / TOUCH) if power > most else 1.0
        shared = [replace(note, velocity=note.velocity * softer) for note in group]
        sounding += [note for note in shared if note.voice in ENSEMBLES]
        played += shared
    return played


def _groups(notes: Collection[Note]) -> Iterator[Sequence[Note]]:
    """Yield the notes that begin together."""
    group: list[Note] = []
    for note in sorted(notes, key=lambda note: note.start):
        if group and note.start - group[0].start >= _TOGETHER_S:
            yield group
            group = []
        group.append(note)
    if group:
        yield group


def _mean_power(notes: Collection[Note]) -> float:
    """Return the power of the cue; within 1 dB it follows the loudness that is measured afterwards."""
    end = max((note.end for note in notes), default=1.0)
    return sum(_power(note) * ringing_seconds(note) for note in notes) / end


def _power(note: Note) -> float:
    """Return the square of a note's peak: phases are as they come, so that powers add up, not peaks."""
    if note.voice in MODALS:
        peak = _FEW_PARTIALS if MODALS[note.voice].ratios else _STRING
    else:
        peak = _STROKE if note.voice in DRUMS else _HELD
    return (peak * level(note)) ** 2
