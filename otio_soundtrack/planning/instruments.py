"""Who may play in a section (pure)."""

from __future__ import annotations

from otio_soundtrack.model.plan import Instrument, Mood
from otio_soundtrack.planning.words import Meaning

ENTRY = {
    Instrument.PAD: 0.0,
    Instrument.BASS: 0.15,
    Instrument.MELODY: 0.22,
    Instrument.PLUCK: 0.25,
    Instrument.PERCUSSION: 0.5,
}
"""Energy from which on a part may play."""
BELL_MOODS = frozenset({Mood.WONDER, Mood.PLAYFUL, Mood.HOPEFUL, Mood.MYSTERIOUS, Mood.QUIRKY})
BELL_ENTRY = 0.3
"""In other moods and in quiet sections bells would be decoration."""
DRUMLESS_MOODS = frozenset({Mood.CALM, Mood.SAD, Mood.WONDER, Mood.ROMANTIC})
DRUMLESS_ENTRY = 0.75
"""In these moods drums wait for this energy."""


def instruments(mood: Mood, energy: float, said: Meaning) -> tuple[Instrument, ...]:
    """Return the parts of a section in the order of :class:`Instrument`; at least one.

    Args:
        mood: of the section.
        energy: of the section, 0–1.
        said: words; a wanted part always may play, an unwanted one never does.
    """
    playing = {part for part, entry in ENTRY.items() if energy >= entry}
    if mood in DRUMLESS_MOODS and energy < DRUMLESS_ENTRY:
        playing.discard(Instrument.PERCUSSION)
    # who asks for strings, or for less, has not asked for drums
    if said.restrained or (said.wanted and not said.lively):
        playing.discard(Instrument.PERCUSSION)
    if mood in BELL_MOODS and energy >= BELL_ENTRY:
        playing.add(Instrument.BELL)
    playing = (set(said.wanted) if said.only else playing | said.wanted) - said.unwanted
    # somebody has to play: "no strings" over a quiet section leaves the harp
    playing = playing or {next((part for part in Instrument if part not in said.unwanted), Instrument.PAD)}
    return tuple(part for part in Instrument if part in playing)
