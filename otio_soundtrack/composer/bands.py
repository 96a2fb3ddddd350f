"""Bands: who plays the parts in each palette, and which figures and beats a band makes of those of the mood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from otio_soundtrack.composer.manners import MANNERS, Beat, Colour, Figure, Manner
from otio_soundtrack.model.plan import Mood, Palette, Section

Chair = Mapping[Colour, str]
"""Voice for each colour."""


def _chair(warm: str, bright: str, dark: str, airy: str) -> Chair:
    return {Colour.WARM: warm, Colour.BRIGHT: bright, Colour.DARK: dark, Colour.AIRY: airy}


@dataclass(frozen=True, kw_only=True)
class Band:
    """The players of a palette."""

    pad: Chair
    """Held chords."""
    high: str
    """Doubles the chords an octave higher where the music is full."""
    middle: str
    """Thickens the middle of the chords where the music is at its fullest."""
    pluck: Chair
    """Broken chords."""
    short: str
    """Driving short notes."""
    low: str
    """Held bass."""
    bass: str
    """Struck or plucked bass."""
    pulse: str
    """Bass in eighths."""
    soft: Chair
    """The tune when quiet."""
    full: Chair
    """The tune from a middling energy on."""
    counter: Chair
    """The line against the tune."""
    bell: Chair
    """High colour."""
    drums: Mapping[str, str]
    """Stroke played in place of one that a beat names; others as named."""
    figures: Mapping[Figure, Figure] = field(default_factory=dict)
    """Figure that the band plays where a mood asks for another."""
    beats: Mapping[Beat, Beat] = field(default_factory=dict)
    """The same for drums."""
    drums_later: float = 0.0
    """How much more energy it takes until drums join."""
    tune_instead: Mapping[Mood, tuple[str, str]] = field(default_factory=dict)
    """Soft and full voice of the tune in moods with a sound of their own."""


BANDS: Mapping[Palette, Band] = {
    Palette.HYBRID: Band(
        pad=_chair("warm pad", "strings", "dark pad", "choir"),
        high="high strings",
        middle="horns",
        pluck=_chair("felt piano", "felt piano", "mallet", "harp"),
        short="spiccato",
        low="low strings",
        bass="round bass",
        pulse="pulse bass",
        soft=_chair("felt piano", "felt piano", "vibraphone", "flute"),
        full=_chair("high strings", "high strings", "high strings", "flute"),
        counter=_chair("solo cello", "horns", "low strings", "choir"),
        bell=_chair("vibraphone", "celesta", "glass", "celesta"),
        drums={},
        tune_instead={
            Mood.WONDER: ("celesta", "high strings"),
            Mood.PLAYFUL: ("vibraphone", "flute"),
            Mood.EPIC: ("felt piano", "horns"),
            Mood.HEROIC: ("horns", "brass"),
            Mood.OMINOUS: ("low strings", "horns"),
            Mood.QUIRKY: ("mallet", "clarinet"),
        },
    ),
    Palette.ORCHESTRAL: Band(
        pad=_chair("strings", "strings", "low strings", "high strings"),
        high="high strings",
        middle="brass",
        pluck=_chair("harp", "pizzicato", "pizzicato", "harp"),
        short="spiccato",
        low="low strings",
        bass="upright bass",
        pulse="low strings",
        soft=_chair("clarinet", "flute", "clarinet", "flute"),
        full=_chair("high strings", "high strings", "horns", "high strings"),
        counter=_chair("solo cello", "horns", "solo cello", "clarinet"),
        bell=_chair("celesta", "celesta", "glass", "celesta"),
        drums={"kick": "low tom", "shaker": "brush", "frame": "snare", "click": "brush"},
        figures={Figure.ROLLING: Figure.FLOURISH, Figure.SPARSE: Figure.WIDE},
        beats={Beat.LIGHT: Beat.MARCH},
        drums_later=0.08,
        tune_instead={
            Mood.EPIC: ("horns", "brass"),
            Mood.HEROIC: ("horns", "brass"),
            Mood.OMINOUS: ("low strings", "horns"),
            Mood.PLAYFUL: ("clarinet", "flute"),
            Mood.ROMANTIC: ("solo violin", "high strings"),
        },
    ),
    Palette.CHAMBER: Band(
        pad=_chair("solo cello", "strings", "solo cello", "clarinet"),
        high="solo violin",
        middle="clarinet",
        pluck=_chair("grand piano", "grand piano", "pizzicato", "felt piano"),
        short="pizzicato",
        low="solo cello",
        bass="upright bass",
        pulse="upright bass",
        soft=_chair("solo violin", "clarinet", "clarinet", "felt piano"),
        full=_chair("solo violin", "solo violin", "solo cello", "solo violin"),
        counter=_chair("clarinet", "solo cello", "clarinet", "solo cello"),
        bell=_chair("felt piano", "celesta", "felt piano", "celesta"),
        drums={"taiko": "frame", "low tom": "frame", "kick": "frame", "snare": "brush", "shaker": "brush"},
        figures={
            Figure.RISING: Figure.ALBERTI,
            Figure.DRIVEN: Figure.ALBERTI,
            Figure.FLOURISH: Figure.WIDE,
            Figure.ROLLING: Figure.ALBERTI,
        },
        beats={Beat.BIG: Beat.SOFT, Beat.MARCH: Beat.HALTING, Beat.PRESSING: Beat.HALTING, Beat.LIGHT: Beat.SOFT},
        drums_later=0.25,
        tune_instead={Mood.OMINOUS: ("solo cello", "solo cello")},
    ),
    Palette.ACOUSTIC: Band(
        pad=_chair("harmonium", "harmonium", "harmonium", "warm pad"),
        high="high strings",
        middle="harmonium",
        pluck=_chair("nylon guitar", "steel guitar", "nylon guitar", "nylon guitar"),
        short="steel guitar",
        low="upright bass",
        bass="upright bass",
        pulse="upright bass",
        soft=_chair("nylon guitar", "flute", "clarinet", "vibraphone"),
        full=_chair("solo violin", "solo violin", "clarinet", "flute"),
        counter=_chair("solo cello", "clarinet", "solo cello", "clarinet"),
        bell=_chair("vibraphone", "mallet", "vibraphone", "celesta"),
        drums={"taiko": "box", "low tom": "box", "kick": "box", "snare": "brush", "cymbal": "shaker"},
        figures={
            Figure.RISING: Figure.PICKED,
            Figure.ROLLING: Figure.PICKED,
            Figure.DRIVEN: Figure.STRUMMED,
            Figure.BOUNCING: Figure.STRUMMED,
            Figure.WIDE: Figure.PICKED,
            Figure.FLOURISH: Figure.PICKED,
        },
        beats={Beat.BIG: Beat.SWAYING, Beat.MARCH: Beat.SWAYING, Beat.LIGHT: Beat.SWAYING, Beat.PRESSING: Beat.BROKEN},
    ),
    Palette.ELECTRONIC: Band(
        pad=_chair("analog pad", "analog pad", "hollow pad", "warm pad"),
        high="analog pad",
        middle="analog pad",
        pluck=_chair("electric piano", "synth pluck", "synth pluck", "electric piano"),
        short="synth pluck",
        low="synth bass",
        bass="synth bass",
        pulse="synth bass",
        soft=_chair("electric piano", "electric piano", "soft lead", "glass"),
        full=_chair("soft lead", "soft lead", "soft lead", "soft lead"),
        counter=_chair("hollow pad", "soft lead", "hollow pad", "hollow pad"),
        bell=_chair("electric piano", "glass", "glass", "glass"),
        drums={
            "taiko": "deep kick",
            "low tom": "deep kick",
            "kick": "deep kick",
            "frame": "clap",
            "snare": "clap",
            "brush": "clap",
            "shaker": "hat",
        },
        figures={
            Figure.RISING: Figure.GATED,
            Figure.ROLLING: Figure.RISING,
            Figure.DRIVEN: Figure.GATED,
            Figure.BOUNCING: Figure.GATED,
            Figure.WIDE: Figure.RISING,
            Figure.FLOURISH: Figure.GATED,
        },
        beats={Beat.BIG: Beat.FOUR, Beat.LIGHT: Beat.FOUR, Beat.MARCH: Beat.FOUR, Beat.PRESSING: Beat.BROKEN},
    ),
}
"""The band of every palette."""


@dataclass(frozen=True)
class Players:
    """Who plays a section, and how: the band of its palette in the manner of its mood."""

    band: Band
    manner: Manner
    pad: str
    pluck: str
    soft: str
    full: str
    counter: str
    bell: str
    figure: Figure
    beat: Beat

    def stroke(self, named: str) -> str:
        """Return what the band plays for a stroke that a beat names."""
        return self.band.drums.get(named, named)


def players(section: Section) -> Players:
    """Return who plays a section."""
    return PLAYERS[section.palette, section.mood]


def _players(palette: Palette, mood: Mood) -> Players:
    band, manner = BANDS[palette], MANNERS[mood]
    colour = manner.colour
    soft, full = band.tune_instead.get(mood, (band.soft[colour], band.full[colour]))
    return Players(
        band=band,
        manner=manner,
        pad=band.pad[colour],
        pluck=band.pluck[colour],
        soft=soft,
        full=full,
        counter=band.counter[colour],
        bell=band.bell[colour],
        figure=band.figures.get(manner.figure, manner.figure),
        beat=band.beats.get(manner.beat, manner.beat),
    )


PLAYERS: Mapping[tuple[Palette, Mood], Players] = {
    (palette, mood): _players(palette, mood) for palette in Palette for mood in Mood
}
"""Who plays in every palette and mood."""
