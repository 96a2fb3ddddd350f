"""How long the last chord sounds: planner and composer agree on it here (floor 1)."""

from __future__ import annotations

from collections.abc import Mapping

from otio_soundtrack.model.plan import Ending, Instrument

ROOM_S: Mapping[Ending, tuple[float, float, float]] = {
    Ending.RING: (2.2, 3.2, 5.5),
    Ending.BUTTON: (0.9, 1.2, 2.2),
    Ending.SOFT: (3.5, 5.0, 7.5),
}
"""Seconds from the last chord to the last frame: least, best, most (2.2 to 5.5 s: facts/music.md §3.2)."""
SHORTEST_S = 1.0
"""The last chord belongs to the last section, unless that is shorter than this."""
MOST_SHARE = 0.4
"""Most of a short cue that the last chord may take."""
STING_S = 2.0
"""Seconds: a cue shorter than this is one chord."""


def last_chord_room(
    ending: Ending, instruments: tuple[Instrument, ...], section_s: float, cue_s: float
) -> tuple[float, float, float]:
    """Return the least, best and most seconds from the last chord to the last frame.

    Args:
        ending: of the plan.
        instruments: of the last section; where nobody can hold a chord, the room is that of a button.
        section_s: seconds of the last section.
        cue_s: seconds of the cue.
    """
    sustained = Instrument.PAD in instruments or Instrument.BASS in instruments
    most = min(MOST_SHARE * cue_s, max(SHORTEST_S, section_s))
    least_s, best_s, most_s = ROOM_S[ending if sustained else Ending.BUTTON]
    return min(least_s, most), min(best_s, most), min(most_s, most)
