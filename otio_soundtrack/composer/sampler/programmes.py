"""Programmes: which preset of a General MIDI font stands for which voice of the score.

They are those of the MIDI file (:data:`otio_soundtrack.composer.general_midi.PATCHES`), where a font has nothing better. Voices
that are not here, and voices whose preset a font does not have, are played by the embedded voices.
"""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.general_midi import PATCHES, Patch

DRUM_BANK = 128
"""Bank of drum kits: each key is a drum."""
OUR_OWN = frozenset({"swell", "riser", "boom"})
"""Effects that arrive at a moment, or go deeper than a drum: General MIDI has nothing like them."""

_BRUSH_KIT = 40
_SNARE = 38
_TAIKO = 116
_TAIKO_KEY = 48
_MIDDLE_KEY = 60
_MIDDLES = {
    **dict.fromkeys(("round bass", "pulse bass", "upright bass", "synth bass", "low strings"), 40),
    "solo cello": 50,
    **dict.fromkeys(("felt piano", "grand piano", "electric piano", "horns"), 62),
    **dict.fromkeys(("harp", "mallet", "spiccato", "pizzicato", "synth pluck"), 64),
    "vibraphone": 72,
    **dict.fromkeys(("flute", "high strings", "solo violin", "soft lead", "clarinet"), 74),
    "glass": 76,
    "celesta": 79,
}
"""Keys in the middle of where voices play, where it is not middle C."""


@dataclass(frozen=True)
class Programme:
    """A preset, by the numbers of General MIDI level 1 from 0."""

    number: int
    bank: int = 0
    key: int | None = None
    """The one key that a drum is struck on; None: the note says it."""
    middle: int = _MIDDLE_KEY
    """Key in the middle of where the voice plays: there its loudness is measured."""


def _programme(voice: str, patch: Patch) -> Programme:
    if patch.drum is not None:
        return Programme(0, bank=DRUM_BANK, key=patch.drum, middle=patch.drum)
    return Programme(patch.programme, key=patch.key, middle=_MIDDLES.get(voice, _MIDDLE_KEY))


PROGRAMMES: dict[str, Programme] = {
    **{voice: _programme(voice, patch) for voice, patch in PATCHES.items() if voice not in OUR_OWN},
    # better than what a channel of drums in a MIDI file can say
    "brush": Programme(_BRUSH_KIT, bank=DRUM_BANK, key=_SNARE, middle=_SNARE),
    "taiko": Programme(_TAIKO, key=_TAIKO_KEY, middle=_TAIKO_KEY),
}
"""Preset of every voice that a font can play."""
