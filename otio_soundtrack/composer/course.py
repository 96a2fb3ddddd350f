"""The course of a cue: which phrase states the theme, which varies it, leaves it and brings it back.

A phrase is eight bars of a section, the last one of a section up to eleven. Short cues are A, A–A or A–B–A; longer ones go
through periods of A A′ B A′ and an interlude, each period with its own turn of the material; the last phrase is the return.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.grid import Bar
from otio_soundtrack.model.plan import Instrument, Plan

PHRASE_BARS = 8
"""Bars of a phrase."""

_FULL_FROM = 0.6
"""Energy from which drums and chords never rest: who expects the peak must get it."""
_FEWEST = 4
"""Players of a section in which one may rest."""
_REST_CHANCE = {True: 0.6, False: 0.35}
"""How likely one rests in a phrase, in later periods and in the first."""


class Part(Enum):
    """What a phrase does with the theme."""

    STATEMENT = "A"
    VARIATION = "A'"
    CONTRAST = "B"
    INTERLUDE = "interlude"
    """No tune: the others and the line below it lead."""
    RETURN = "return"


_SHORT: dict[int, tuple[Part, ...]] = {
    0: (),
    1: (Part.STATEMENT,),
    2: (Part.STATEMENT, Part.RETURN),
    3: (Part.STATEMENT, Part.CONTRAST, Part.RETURN),
    4: (Part.STATEMENT, Part.VARIATION, Part.CONTRAST, Part.RETURN),
}
_PERIOD = (Part.STATEMENT, Part.VARIATION, Part.CONTRAST, Part.VARIATION, Part.INTERLUDE)


@dataclass(frozen=True)
class Phrase:
    """One phrase of the cue."""

    part: Part
    period: int
    """0 in the first period and in the return, which brings the first theme back as it was."""
    resting: frozenset[Instrument]
    """Who is silent in it."""


def phrase_of(bar: Bar) -> int:
    """Return the number of a bar's phrase in its section."""
    return min(max(0, bar.place) // PHRASE_BARS, max(0, (bar.of + PHRASE_BARS // 2) // PHRASE_BARS - 1))


def course(plan: Plan, bars: tuple[Bar, ...]) -> dict[tuple[int, int], Phrase]:
    """Return the phrases of a cue by section and number in it.

    Args:
        plan: whose sections and seed they have.
        bars: all bars before the final chord.
    """
    places = list(dict.fromkeys((bar.section, phrase_of(bar)) for bar in bars))
    found: dict[tuple[int, int], Phrase] = {}
    for number, (part, place) in enumerate(zip(parts(len(places)), places, strict=True)):
        period = 0 if part is Part.RETURN else number // len(_PERIOD)
        first = place[1] == 0 or part is Part.RETURN
        resting = frozenset[Instrument]() if first else _resting(plan, place, late=number >= len(_PERIOD))
        found[place] = Phrase(part, period, resting)
    return found


def parts(count: int) -> tuple[Part, ...]:
    """Return the parts of a cue of so many phrases."""
    if count in _SHORT:
        return _SHORT[count]
    rounds = -(-count // len(_PERIOD))
    return (*(_PERIOD * rounds)[: count - 1], Part.RETURN)


def _resting(plan: Plan, place: tuple[int, int], *, late: bool) -> frozenset[Instrument]:
    """Return who rests in a phrase: at most one, and nobody whom the peak needs."""
    section = plan.sections[place[0]]
    chance = Chance(plan.seed, "rests", *place)
    may = [Instrument.PLUCK, Instrument.BELL]
    if section.energy < _FULL_FROM:
        may += [Instrument.PAD, Instrument.PERCUSSION]
    listed = [instrument for instrument in may if instrument in section.instruments]
    if not listed or len(section.instruments) < _FEWEST or not chance.happens(_REST_CHANCE[late]):
        return frozenset()
    return frozenset({chance.pick(listed)})
