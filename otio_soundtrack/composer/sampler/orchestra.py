"""The orchestra of a SoundFont: plays the notes of a score as loud and as early as the embedded voices would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log10, sqrt

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.sampler.attack import HEARD_S, heard, speaks_after
from otio_soundtrack.composer.sampler.font import SoundFont
from otio_soundtrack.composer.sampler.kept import Kept
from otio_soundtrack.composer.sampler.player import Preset, Stroke
from otio_soundtrack.composer.sampler.programmes import PROGRAMMES, Programme
from otio_soundtrack.composer.sampler.regions import Region
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.composer.voices import Played, Player, play
from otio_soundtrack.composer.voices.exact import rise, rounded
from otio_soundtrack.composer.voices.orchestra import SEATS
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.times import SAMPLE_RATE_HZ

_TOUCH = 0.7
"""Exponent from velocity (0–1) to MIDI velocity: squared, as fonts do, it is the touch of the embedded voices."""
_TOP = 127
_MEASURED = 0.7
"""Velocity at which loudness is compared."""
_AROUND = (-7, 0, 7)
"""Semitones around the middle of a voice at which loudness is compared and attacks are measured."""
_MOST_DB = 24.0
"""Decibels by which a preset is made louder or softer at most: beyond it is broken, or meant to be silent."""
_OPENING_S = 0.01
"""Seconds over which a note fades in whose beginning lies before the cue."""
_ROOM = 48_000 * 120
"""Samples that a note lasts at most: two minutes."""
_QUIET = 1e-6
"""Root mean square below which a preset does not sound."""


@dataclass(frozen=True, eq=False)
class _Chair:
    """A voice and who plays it."""

    preset: Preset
    programme: Programme
    gain: float
    pan: float

    def stroke(self, note: Note) -> Stroke:
        """Return a note as the preset takes it."""
        velocity = min(_TOP, max(1, round(_TOP * note.velocity**_TOUCH)))
        between = note.velocity ** (2 * _TOUCH) / (velocity / _TOP) ** 2 if note.velocity > 0 else 0.0
        return Stroke(
            start=round(note.start * SAMPLE_RATE_HZ),
            held=round(note.seconds * SAMPLE_RATE_HZ),
            key=note.pitch if self.programme.key is None else self.programme.key,
            velocity=velocity,
            gain=rounded(self.gain * between),
            pan=self.pan,
        )


class Orchestra:
    """A SoundFont in the seats of the embedded voices. Stateless, except for a cache of sounds."""

    def __init__(self, font: SoundFont) -> None:
        self.font = font
        self._kept = Kept()
        self._presets: dict[tuple[int, int], Preset] = {}
        self._chairs: dict[str, _Chair | None] = {}
        self._leads: dict[tuple[Region, ...], float] = {}
        if not any((programme.bank, programme.number) in font.presets for programme in PROGRAMMES.values()):
            raise SettingsError(
                f"the SoundFont {font.path} has none of the General MIDI presets that the composer plays.",
                hint="Choose a General MIDI font; `otio-soundtrack doctor` names one.",
            )

    def player(self, score: Score) -> Player:
        """Return what plays a score, note by note, in any order.

        Notes that the font has nothing for are played by the embedded voices.
        """
        cuts = self._cuts(score)

        def playing(note: Note, /, *, number: int) -> Played:
            chair = self._chair(note.voice)
            stroke = None if chair is None else chair.stroke(note)
            if chair is None or stroke is None or not chair.preset.sounding(stroke.key, stroke.velocity):
                return play(note, number=number)
            return self._played(chair, stroke, cuts.get(number))

        return playing

    def _played(self, chair: _Chair, stroke: Stroke, cut: int | None) -> Played:
        lead = self._lead(chair, stroke)
        ahead = round(lead * SAMPLE_RATE_HZ)
        sound = chair.preset.sound(
            replace(stroke, held=stroke.held + ahead), cut=None if cut is None else cut + ahead, room=_ROOM
        )
        late = ahead - stroke.start
        if late <= 0:
            return Played(sound.T, lead, ready=True)
        # the cue begins inside the attack of its first notes: they are there with the first frame
        sound = sound[:, late:].copy()
        opening = min(round(_OPENING_S * SAMPLE_RATE_HZ), sound.shape[1])
        sound[:, :opening] *= rise(opening).astype(np.float32)
        return Played(sound.T, stroke.start / SAMPLE_RATE_HZ, ready=True)

    def _lead(self, chair: _Chair, stroke: Stroke) -> float:
        """Return how many seconds a note must begin before it is heard: measured once for the regions that play it."""
        sounding = chair.preset.sounding(stroke.key, stroke.velocity)
        if sounding not in self._leads:
            keys = (max(one.keys[0] for one in sounding), min(one.keys[1] for one in sounding))
            velocities = (max(one.velocities[0] for one in sounding), min(one.velocities[1] for one in sounding))
            velocity = min(max(round(_TOP * _MEASURED), velocities[0]), velocities[1])
            probes = {min(max(chair.programme.middle + step, keys[0]), keys[1]) for step in _AROUND}
            notes = [Stroke(start=0, held=SAMPLE_RATE_HZ, key=key, velocity=velocity) for key in sorted(probes)]
            self._leads[sounding] = speaks_after([chair.preset.sound(note, room=SAMPLE_RATE_HZ) for note in notes])
        return self._leads[sounding]

    def _chair(self, voice: str) -> _Chair | None:
        """Return who plays a voice, None where the font has nothing for it."""
        if voice not in self._chairs:
            self._chairs[voice] = self._seated(voice)
        return self._chairs[voice]

    def _seated(self, voice: str) -> _Chair | None:
        programme = PROGRAMMES.get(voice)
        if programme is None or (programme.bank, programme.number) not in self.font.presets:
            return None
        place = (programme.bank, programme.number)
        preset = self._presets.setdefault(place, Preset(self.font, *place, self._kept))
        seat = SEATS[voice]
        chair = _Chair(preset, programme, gain=1.0, pan=seat.pan)
        keys = [programme.middle] if programme.key is not None else [programme.middle + step for step in _AROUND]
        notes = [Note(Stem.HARMONY, voice, 5.0, HEARD_S, key, _MEASURED) for key in keys]
        here = _together(heard(_from_beat(self._played(chair, chair.stroke(note), None))) for note in notes)
        there = _together(heard(_from_beat(play(note, number=1))) for note in notes)
        if here < _QUIET:
            return None
        wanted_db = seat.gain_db + 20 * log10(max(there, _QUIET) * _MEASURED ** (2 * _TOUCH) / here)
        return replace(chair, gain=rounded(10 ** (min(max(wanted_db, -_MOST_DB), _MOST_DB) / 20)))

    def _cuts(self, score: Score) -> dict[int, int]:
        """Return which notes of a score are cut off by later ones, by their number, and after how many samples."""
        by_preset: dict[Preset, list[tuple[int, Stroke]]] = {}
        for number, note in enumerate(score.notes):
            chair = self._chair(note.voice)
            if chair is not None:
                by_preset.setdefault(chair.preset, []).append((number, chair.stroke(note)))
        cuts = {}
        for preset, numbered in by_preset.items():
            found = preset.cuts([stroke for _, stroke in numbered])
            cuts.update({numbered[place][0]: samples for place, samples in found.items()})
        return cuts


def _from_beat(played: Played) -> NDArray[np.float32]:
    """Return a note from where it is heard to begin [shape=(2, samples)]."""
    return played.samples[round(played.lead_s * SAMPLE_RATE_HZ) :].T


def _together(levels: Iterable[float]) -> float:
    """Return the root mean square of several levels."""
    squares = [level * level for level in levels]
    return sqrt(sum(squares) / len(squares))
