"""Manners: how each mood is written, whoever plays it: figures, articulation, registers, drums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from otio_soundtrack.model.plan import Mood


class Colour(Enum):
    """Which of a band's sounds a mood takes."""

    WARM = "warm"
    BRIGHT = "bright"
    DARK = "dark"
    AIRY = "airy"


class Figure(Enum):
    """How chords are broken, see :data:`.figures.FIGURES`."""

    ROLLING = "rolling"
    SPARSE = "sparse"
    RISING = "rising"
    BOUNCING = "bouncing"
    FLOURISH = "flourish"
    DRIVEN = "driven"
    WIDE = "wide"
    TOLLING = "tolling"
    STRUMMED = "strummed"
    PICKED = "picked"
    ALBERTI = "alberti"
    GATED = "gated"


class Beat(Enum):
    """What drums do, see :data:`.beats.BEATS`."""

    BIG = "big"
    PRESSING = "pressing"
    LIGHT = "light"
    SOFT = "soft"
    MARCH = "march"
    HALTING = "halting"
    DISTANT = "distant"
    FOUR = "four"
    BROKEN = "broken"
    SWAYING = "swaying"


class Feel(Enum):
    """How a tune moves, see :data:`.rhythms.RHYTHMS`."""

    SUNG = "sung"
    FLOWING = "flowing"
    DANCING = "dancing"
    FANFARE = "fanfare"
    HALTING = "halting"
    RESTLESS = "restless"


class Bass(Enum):
    """How the bass moves."""

    PEDAL = "pedal"
    """Stays on the tonic through phrases, then leaves it."""
    WALKING = "walking"
    """Root, fifth or third, and steps towards the next chord."""
    BOUNCING = "bouncing"
    """Short root and fifth in turn, silence between them."""
    PULSING = "pulsing"
    """Walks, and pulses in eighths when there is energy."""
    MARCHING = "marching"
    """Every beat, from energy on; walks below."""


class Chords(Enum):
    """How the pad plays its chords."""

    TIED = "tied"
    """Held, notes that stay are tied over the bar line."""
    LOW = "low"
    """Held, an octave lower where there is room, and without its top."""
    SHORT = "short"
    """Struck off the beat and let go, held only when quiet."""
    RENEWED = "renewed"
    """Bowed anew twice a bar when there is energy."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    """The writing of a mood."""

    colour: Colour
    figure: Figure
    beat: Beat
    feel: Feel
    bass: Bass
    chords: Chords
    centre: int
    """MIDI number around which the tune moves; its range is an octave on either side, less where singers would not go."""
    held: float
    """Share of their length for which notes of the tune are held: 0.95 legato, 0.4 staccato."""
    drums_from: float
    """Energy from which drums join where they are listed."""
    driven_from: float = 2.0
    """Energy from which short strings (or what a band has instead) drive; above 1: never."""
    pulse_from: float = 0.6
    """Energy from which a pulsing or marching bass does so."""
    harmony_bars: int = 1
    """Bars to a chord in ordinary music; quiet music has more."""
    sings_from: float = 0.2
    """Energy from which there is a tune."""


MANNERS: Mapping[Mood, Manner] = {
    Mood.CALM: Manner(
        colour=Colour.WARM,
        figure=Figure.ROLLING,
        beat=Beat.SOFT,
        feel=Feel.SUNG,
        bass=Bass.PEDAL,
        chords=Chords.TIED,
        centre=70,
        held=0.96,
        drums_from=0.6,
    ),
    Mood.HOPEFUL: Manner(
        colour=Colour.BRIGHT,
        figure=Figure.RISING,
        beat=Beat.LIGHT,
        feel=Feel.FLOWING,
        bass=Bass.PULSING,
        chords=Chords.RENEWED,
        centre=73,
        held=0.92,
        drums_from=0.35,
        driven_from=0.72,
    ),
    Mood.PLAYFUL: Manner(
        colour=Colour.BRIGHT,
        figure=Figure.BOUNCING,
        beat=Beat.LIGHT,
        feel=Feel.DANCING,
        bass=Bass.BOUNCING,
        chords=Chords.SHORT,
        centre=77,
        held=0.6,
        drums_from=0.25,
    ),
    Mood.WONDER: Manner(
        colour=Colour.AIRY,
        figure=Figure.FLOURISH,
        beat=Beat.SOFT,
        feel=Feel.SUNG,
        bass=Bass.PEDAL,
        chords=Chords.TIED,
        centre=77,
        held=0.97,
        drums_from=0.6,
    ),
    Mood.SAD: Manner(
        colour=Colour.WARM,
        figure=Figure.SPARSE,
        beat=Beat.SOFT,
        feel=Feel.SUNG,
        bass=Bass.WALKING,
        chords=Chords.TIED,
        centre=68,
        held=0.98,
        drums_from=0.7,
    ),
    Mood.TENSE: Manner(
        colour=Colour.DARK,
        figure=Figure.DRIVEN,
        beat=Beat.PRESSING,
        feel=Feel.RESTLESS,
        bass=Bass.PULSING,
        chords=Chords.LOW,
        centre=67,
        held=0.7,
        drums_from=0.25,
        driven_from=0.38,
        pulse_from=0.35,
        harmony_bars=2,
        sings_from=0.4,
    ),
    Mood.MYSTERIOUS: Manner(
        colour=Colour.AIRY,
        figure=Figure.TOLLING,
        beat=Beat.DISTANT,
        feel=Feel.HALTING,
        bass=Bass.PEDAL,
        chords=Chords.TIED,
        centre=72,
        held=0.9,
        drums_from=0.4,
        harmony_bars=2,
    ),
    Mood.EPIC: Manner(
        colour=Colour.BRIGHT,
        figure=Figure.DRIVEN,
        beat=Beat.BIG,
        feel=Feel.FANFARE,
        bass=Bass.PULSING,
        chords=Chords.TIED,
        centre=70,
        held=0.94,
        drums_from=0.25,
        driven_from=0.42,
        pulse_from=0.55,
        sings_from=0.32,
    ),
    Mood.ROMANTIC: Manner(
        colour=Colour.WARM,
        figure=Figure.WIDE,
        beat=Beat.SOFT,
        feel=Feel.FLOWING,
        bass=Bass.WALKING,
        chords=Chords.RENEWED,
        centre=74,
        held=0.98,
        drums_from=0.8,
    ),
    Mood.OMINOUS: Manner(
        colour=Colour.DARK,
        figure=Figure.TOLLING,
        beat=Beat.DISTANT,
        feel=Feel.HALTING,
        bass=Bass.PEDAL,
        chords=Chords.LOW,
        centre=56,
        held=0.96,
        drums_from=0.2,
        harmony_bars=2,
        sings_from=0.3,
    ),
    Mood.HEROIC: Manner(
        colour=Colour.BRIGHT,
        figure=Figure.RISING,
        beat=Beat.MARCH,
        feel=Feel.FANFARE,
        bass=Bass.MARCHING,
        chords=Chords.RENEWED,
        centre=71,
        held=0.85,
        drums_from=0.2,
        driven_from=0.5,
        pulse_from=0.4,
    ),
    Mood.QUIRKY: Manner(
        colour=Colour.DARK,
        figure=Figure.BOUNCING,
        beat=Beat.HALTING,
        feel=Feel.HALTING,
        bass=Bass.BOUNCING,
        chords=Chords.SHORT,
        centre=72,
        held=0.4,
        drums_from=0.3,
    ),
}
"""The manner of every mood."""
