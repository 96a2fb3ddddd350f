"""Form: what each bar is like before anybody plays. Parts read a bar's moment and decide what to do in it."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.grid import Bar, Grid
from otio_soundtrack.composer.harmony import Chord, harmony
from otio_soundtrack.composer.voicing import Voicing, voicings
from otio_soundtrack.model.plan import Instrument, Mood, Plan, Section
from otio_soundtrack.times import exact_rate, frame_seconds

PHRASE_BARS = 8
"""Bars after which the texture may change."""

_GROWTH = 0.14
"""Share by which energy grows from the first bar of a section to its last."""
_LIFT = 0.1
"""Energy added in the last two bars before a section with more."""
_CLEAR_ENERGY = 0.55
"""Factor on energy under dialogue."""
_TEXTURES = (-0.16, -0.06, 0.0, 0.04, 0.08)
"""Energy that later phrases of a long section may have more or less."""


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
    phrase: int
    """Number of its phrase in the section."""
    final: bool = False
    """Whether this is the final chord."""

    @property
    def mood(self) -> Mood:
        """Return the section's mood."""
        return self.section.mood

    @property
    def left(self) -> int:
        """Return how many bars of the section are left, this one included."""
        return self.bar.of - self.bar.place

    def plays(self, instrument: Instrument, least_energy: float = 0.0) -> bool:
        """Return whether an instrument may play here: it is listed, and there is enough going on or nobody else."""
        listed = self.section.instruments
        return instrument in listed and (self.energy >= least_energy or set(listed) == {instrument})


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


def form(plan: Plan, grid: Grid) -> Form:
    """Return the form of a plan on its grid.

    Raises:
        SettingsError: a key cannot be read.
    """
    rate = exact_rate(plan.rate)
    clear = tuple(
        (float(frame_seconds(region.start, rate)), float(frame_seconds(region.end, rate))) for region in plan.keep_clear
    )
    chords = harmony(plan, grid.bars)
    last_beats = max(0.0, grid.beat(grid.seconds) - grid.final)
    final = Bar(grid.final, last_beats, len(plan.sections) - 1, 0, 1)
    moments = []
    for bar, chord, voicing in zip((*grid.bars, final), chords, voicings(chords), strict=True):
        section = plan.sections[bar.section]
        following = plan.sections[min(bar.section + 1, len(plan.sections) - 1)]
        speaks = _covered(clear, grid.time(bar.beat), grid.time(bar.beat + bar.beats))
        phrase = max(0, bar.place) // PHRASE_BARS
        energy = _energy(bar, section, following) + _texture(plan, bar.section, phrase)
        energy = min(1.0, max(0.0, energy)) * (_CLEAR_ENERGY if speaks else 1.0)
        moments.append(Moment(bar, chord, voicing, section, energy, following.energy, speaks, phrase, bar is final))
    return Form(plan, grid, tuple(moments), clear)


def _energy(bar: Bar, section: Section, following: Section) -> float:
    """Return the energy of a bar before dialogue and texture."""
    share = max(0, bar.place) / max(1, bar.of - 1)
    lift = _LIFT if bar.of - bar.place <= 2 and following.energy > section.energy + _LIFT else 0.0
    return section.energy * (1 - _GROWTH + _GROWTH * share) + lift


def _texture(plan: Plan, section: int, phrase: int) -> float:
    """Return how much denser or thinner a phrase is: long sections breathe, their first phrase is as planned."""
    return 0.0 if phrase == 0 else Chance(plan.seed, "texture", section, phrase).pick(_TEXTURES)


def _covered(regions: tuple[tuple[float, float], ...], start: float, end: float) -> bool:
    """Return whether regions cover more than half of a stretch."""
    covered = sum(max(0.0, min(end, until) - max(start, since)) for since, until in regions)
    return covered > (end - start) / 2
