"""Colours of the music (pure): a mood has its own, an unknown section one from cool to warm by how loud it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otio_soundtrack.model.plan import Mood

Colour = tuple[int, int, int]
"""sRGB."""

MOODS: dict[Mood, Colour] = {
    Mood.CALM: (72, 176, 190),
    Mood.HOPEFUL: (126, 196, 120),
    Mood.PLAYFUL: (250, 190, 72),
    Mood.WONDER: (118, 140, 245),
    Mood.SAD: (98, 134, 190),
    Mood.TENSE: (238, 98, 72),
    Mood.MYSTERIOUS: (148, 104, 220),
    Mood.EPIC: (240, 150, 62),
    Mood.ROMANTIC: (238, 116, 158),
    Mood.OMINOUS: (196, 72, 98),
    Mood.HEROIC: (246, 178, 64),
    Mood.QUIRKY: (92, 206, 168),
}
_BY_LOUDNESS: tuple[Colour, ...] = (
    (84, 150, 230),
    (112, 124, 240),
    (160, 106, 232),
    (220, 96, 180),
    (240, 98, 110),
    (246, 146, 72),
)
"""From the softest section to the loudest: blue, indigo, violet, magenta, red, amber; all equally light."""
_SOFT_LIGHT = 0.82
"""A section without energy is so much darker than one at full strength."""
_GROUND = 0.14
"""Share of its colour in the ground: dark, so that writing stands out."""
_NIGHT: Colour = (9, 10, 14)
"""What the rest of the ground is."""


@dataclass(frozen=True)
class Passage:
    """A stretch of the music with one colour."""

    start: float
    """Seconds from the first frame."""
    colour: Colour


def of_mood(mood: Mood, energy: float) -> Colour:
    """Return the colour of a section of a plan, in eighths of energy: neighbours that differ by nothing else look the same."""
    steps = 8
    light = _SOFT_LIGHT + (1 - _SOFT_LIGHT) * round(energy * steps) / steps
    red, green, blue = MOODS[mood]
    return round(red * light), round(green * light), round(blue * light)


def of_loudness(levels: Sequence[float]) -> list[Colour]:
    """Return colours of sections by their levels, dB: from cool to warm; neighbours never have the same."""
    if not levels:
        return []
    softest, span = min(levels), max(levels) - min(levels)
    top = len(_BY_LOUDNESS) - 1
    middle = top // 2
    chosen: list[int] = []
    for level in levels:
        step = middle if span == 0 else round((level - softest) / span * top)
        if chosen and step == chosen[-1]:
            step += 1 if step < top else -1
        chosen.append(step)
    return [_BY_LOUDNESS[step] for step in chosen]


def ground(colour: Colour) -> Colour:
    """Return the dark ground that goes with a colour."""
    return mixed(_NIGHT, colour, _GROUND)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour with a share of another."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def passage_at(passages: Sequence[Passage], seconds: float) -> int:
    """Return the number of the passage that a moment lies in; the first counts from the very beginning."""
    return max((number for number, one in enumerate(passages) if one.start <= seconds), default=0)
