"""Form: what each bar is like before anybody plays. Parts read a bar's moment and decide what to do in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from otio_soundtrack.composer.bands import Players, players
from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.course import PHRASE_BARS, Part, Phrase, course, phrase_of
from otio_soundtrack.composer.grid import Bar, Grid
from otio_soundtrack.composer.harmony import Chord, harmony
from otio_soundtrack.composer.voicing import Voicing, voicings
from otio_soundtrack.model.plan import Ending, Instrument, Mood, Plan, Section
from otio_soundtrack.times import exact_rate, frame_seconds

T = TypeVar("T")

_GROWTH = 0.14
"""Share by which energy grows from the first bar of a section to its last."""
_LIFT = 0.1
"""Energy added in the last two bars before a section with more."""
_CLEAR_ENERGY = 0.55
"""Factor on energy under dialogue."""
_TEXTURES = (-0.12, -0.06, 0.0, 0.03, 0.06)
"""Energy that later phrases of a long section may have more or less."""
_PART_ENERGY = {Part.CONTRAST: -0.04, Part.INTERLUDE: -0.07, Part.RETURN: 0.05}
"""Energy that the form adds: the contrast steps back, the return arrives."""
_INTRODUCTION_BARS = 2
"""The cue sets its scene so long before tune and drums come in, if it is long enough."""
_INTRODUCTION_NEEDS_BARS = 8
_LATE_DRUMS = 0.65
"""Energy from which drums do not wait for the introduction to end."""
_SOFT_CLOSE, _SOFT_CLOSE_BARS = 0.75, 2
"""Factor on energy in the last bars before a soft ending."""


@dataclass(frozen=True)
class Moment:
    """One bar as the parts see it."""

    bar: Bar
    chord: Chord
    voicing: Voicing
    section: Section
    energy: float
    """How much is going on, 0–1: the section's energy, shaped over the section, less under dialogue."""
    next_energy: float
    """Energy of the section that follows, that of this one in the last."""
    clear: bool
    """Whether somebody speaks during most of the bar."""
    number: int
    """Number of its phrase in the section."""
    phrase: Phrase
    """What that phrase does with the theme, and who rests."""
    introduction: bool = False
    """Whether it sets the scene before the theme."""
    final: bool = False
    """Whether this is the final chord."""

    @property
    def mood(self) -> Mood:
        """Return the section's mood."""
        return self.section.mood

    @property
    def players(self) -> Players:
        """Return who plays, and in which manner."""
        return players(self.section)

    @property
    def place(self) -> int:
        """Return the number of the bar in its phrase."""
        return max(0, self.bar.place) - self.number * PHRASE_BARS

    @property
    def left(self) -> int:
        """Return how many bars of the section are left, this one included."""
        return self.bar.of - self.bar.place

    def plays(self, instrument: Instrument, least_energy: float = 0.0) -> bool:
        """Return whether an instrument may play here: it is listed, and there is enough going on or nobody else."""
        listed = self.section.instruments
        if set(listed) == {instrument}:
            return True
        late = self.introduction and instrument is Instrument.PERCUSSION and self.energy < _LATE_DRUMS
        return instrument in listed and self.energy >= least_energy and instrument not in self.phrase.resting and not late


@dataclass(frozen=True)
class Form:
    """The whole cue, bar by bar."""

    plan: Plan
    grid: Grid
    moments: tuple[Moment, ...]
    """All bars; the last is the final chord."""
    clear: tuple[tuple[float, float], ...]
    """Seconds in which somebody speaks."""

    @property
    def final(self) -> Moment:
        """Return the final chord."""
        return self.moments[-1]

    def speech_at(self, start: float, end: float) -> bool:
        """Return whether somebody speaks between two times in seconds."""
        return any(start < until and end > since for since, until in self.clear)

    def chance(self, *purpose: str | int) -> Chance:
        """Return a source of chance for a purpose, fixed by the plan's seed."""
        return Chance(self.plan.seed, *purpose)

    def turn(self, options: Sequence[T], *purpose: str | int) -> T:
        """Return one of the options; neighbouring seeds have different ones, so that takes are told apart."""
        first = int(Chance("turn", *purpose).share() * len(options))
        return options[(first + self.plan.seed) % len(options)]


def form(plan: Plan, grid: Grid) -> Form:
    """Return the form of a plan on its grid.

    Raises:
        SettingsError: a key cannot be read.
    """
    rate = exact_rate(plan.rate)
    clear = tuple(
        (float(frame_seconds(region.start, rate)), float(frame_seconds(region.end, rate))) for region in plan.keep_clear
    )
    phrases = course(plan, grid.bars)
    chords = harmony(plan, grid.bars, phrases)
    last_beats = max(0.0, grid.beat(grid.seconds) - grid.final)
    final = Bar(grid.final, last_beats, len(plan.sections) - 1, 0, 1)
    moments = []
    for bar, chord, voicing in zip((*grid.bars, final), chords, voicings(chords), strict=True):
        number = phrase_of(bar)
        phrase = Phrase(Part.RETURN, 0, frozenset()) if bar is final else phrases[bar.section, number]
        speaks = _covered(clear, grid.time(bar.beat), grid.time(bar.beat + bar.beats))
        opens = bar.section == 0 and bar.place < _INTRODUCTION_BARS and len(grid.bars) >= _INTRODUCTION_NEEDS_BARS
        section, following = plan.sections[bar.section], plan.sections[min(bar.section + 1, len(plan.sections) - 1)]
        energy = _energy(plan, bar, number, phrase.part) * (_CLEAR_ENERGY if speaks else 1.0)
        moments.append(
            Moment(bar, chord, voicing, section, energy, following.energy, speaks, number, phrase, opens, bar is final)
        )
    return Form(plan, grid, tuple(moments), clear)


def _energy(plan: Plan, bar: Bar, number: int, part: Part) -> float:
    """Return the energy of a bar before dialogue, 0–1: the section's, as it grows, lifts, dies away and changes by phrases."""
    section, following = plan.sections[bar.section], plan.sections[min(bar.section + 1, len(plan.sections) - 1)]
    left = bar.of - bar.place
    share = max(0, bar.place) / max(1, bar.of - 1)
    lift = _LIFT if left <= 2 and following.energy > section.energy + _LIFT else 0.0
    dies = plan.ending is Ending.SOFT and section is plan.sections[-1] and left <= _SOFT_CLOSE_BARS
    shaped = section.energy * (1 - _GROWTH + _GROWTH * share) * (_SOFT_CLOSE if dies else 1.0) + lift
    phrased = 0.0 if number == 0 else _texture(plan, bar.section, number) + _PART_ENERGY.get(part, 0.0)
    return min(1.0, max(0.0, shaped + phrased))


def _texture(plan: Plan, section: int, phrase: int) -> float:
    """Return how much denser or thinner a later phrase is: long sections breathe, their first phrase is as planned."""
    return Chance(plan.seed, "texture", section, phrase).pick(_TEXTURES)


def _covered(regions: tuple[tuple[float, float], ...], start: float, end: float) -> bool:
    """Return whether regions cover more than half of a stretch."""
    covered = sum(max(0.0, min(end, until) - max(start, since)) for since, until in regions)
    return covered > (end - start) / 2
