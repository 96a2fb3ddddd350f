"""Who plays our voices in General MIDI, and what our keys are called in key signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from otio_soundtrack.composer.keys import MODES, OCTAVE, Key

FIFTH = 7
"""Semitones."""
_MIDDLE_C = 60
_MOST_SIGNS = 6
"""Accidentals of a signature at most: six sharps are six flats, and nobody wants to read seven."""


@dataclass(frozen=True)
class Patch:
    """What a voice is in General MIDI."""

    programme: int = 0
    """Counted from 0; 0 on the percussion channel is the standard kit."""
    drum: int | None = None
    """Key on the percussion channel, None for what is played on a channel of its own."""
    key: int | None = None
    """The one key of an effect, None where the note says its pitch."""


def _effect(programme: int) -> Patch:
    return Patch(programme, key=_MIDDLE_C)


PATCHES: Mapping[str, Patch] = {
    "felt piano": Patch(0),
    "grand piano": Patch(0),
    "electric piano": Patch(4),
    "celesta": Patch(8),
    "box": Patch(drum=60),
    "vibraphone": Patch(11),
    "mallet": Patch(12),
    "harmonium": Patch(20),
    "nylon guitar": Patch(24),
    "steel guitar": Patch(25),
    "upright bass": Patch(32),
    "round bass": Patch(33),
    "pulse bass": Patch(38),
    "synth bass": Patch(39),
    "solo violin": Patch(40),
    "solo cello": Patch(42),
    "low strings": Patch(43),
    "spiccato": Patch(45),
    "pizzicato": Patch(45),
    "harp": Patch(46),
    "high strings": Patch(48),
    "strings": Patch(49),
    "choir": Patch(52),
    "horns": Patch(60),
    "brass": Patch(61),
    "clarinet": Patch(71),
    "flute": Patch(73),
    "soft lead": Patch(80),
    "synth pluck": Patch(84),
    "warm pad": Patch(89),
    "analog pad": Patch(90),
    "hollow pad": Patch(92),
    "dark pad": Patch(94),
    "glass": Patch(98),
    "swell": _effect(119),
    "riser": _effect(97),
    "boom": Patch(drum=35),
    "kick": Patch(drum=36),
    "deep kick": Patch(drum=36),
    "click": Patch(drum=37),
    "snare": Patch(drum=38),
    "brush": Patch(drum=40),
    "clap": Patch(drum=39),
    "taiko": Patch(drum=41),
    "low tom": Patch(drum=43),
    "hat": Patch(drum=42),
    "cymbal": Patch(drum=49),
    "frame": Patch(drum=64),
    "shaker": Patch(drum=70),
}
"""Programme or drum of every voice (General MIDI level 1, MMA 1991), also of voices that only some palettes have."""

_NAMES = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#")
"""Tonics in order of fifths."""
_C = _NAMES.index("C")
_RELATIVE = 3
"""Fifths from a major key up to its relative minor."""


def signature(key: Key) -> str:
    """Return the key signature of a key, as MIDI can say it: major or minor with the accidentals of the scale.

    MIDI knows only major and minor. A mode gets the accidentals that engravers write for it, as the major key of the same notes
    where its third is major, else as the minor: D dorian is ``Am``, without sharps. A scale that has no major key of the same
    notes (harmonic minor) is written as its plain minor. Six accidentals are the most; of six sharps and six flats the sharps.
    """
    mode = MODES[key.mode]
    parents = (step for step in range(OCTAVE) if {(step + tone) % OCTAVE for tone in MODES["major"]} == set(mode))
    above = next(parents, 3 if key.minorish else 0)
    fifths = (key.tonic + above) * FIFTH % OCTAVE
    signs = fifths if fifths <= _MOST_SIGNS else fifths - OCTAVE
    return f"{_NAMES[_C + signs + _RELATIVE]}m" if key.minorish else _NAMES[_C + signs]
