"""The theme: a motif of two bars, and what a phrase makes of it.

A motif is an outline, not a list of notes: scale steps for each eighth of two bars. Any rhythm laid on it, long or lively, gives
the same shape, so that the theme stays itself from the quiet statement to the full return. A phrase of eight bars is four
motifs: the theme, then sequence, inversion, fragmentation or augmentation of it, then its close (the means of development of
Schoenberg's *Fundamentals of Musical Composition*, chapters 3 to 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.course import Part, Phrase
from otio_soundtrack.composer.manners import Feel
from otio_soundtrack.composer.rhythms import LONG, RHYTHMS, Rhythm

EIGHTHS = 8
"""Of a bar of four beats."""
MOTIF_BARS = 2

_STEPS = (-2, -1, 1, 2, 3, -3, 0)
_STEP_WEIGHTS = (1.2, 4.0, 4.0, 1.4, 0.5, 0.4, 0.7)
_WIDEST_OUTLINE = 5
"""Steps that a motif may stray from where it began."""
_SEQUENCES = (-2, -1, 1, 2)
"""Steps by which a motif is repeated higher or lower."""
_HEAD = 4
"""Eighths of a motif's head, the part that is broken off."""
_BAR_BEATS = 4.0
_NEW_THEME_PERIODS = 3
"""Periods after which a long cue takes up a new theme."""


@dataclass(frozen=True)
class Motif:
    """Two bars of rhythm over an outline."""

    rhythms: tuple[Rhythm, Rhythm]
    outline: tuple[int, ...]
    """Scale steps from the first note for each eighth of two bars."""

    def step(self, bar: int, beat: float) -> int:
        """Return the outline at a beat of the first (0) or second (1) bar."""
        return self.outline[bar * EIGHTHS + int(beat * 2) % EIGHTHS]

    def moved(self, steps: int) -> Motif:
        """Return the motif some scale steps away (sequence)."""
        return Motif(self.rhythms, tuple(step + steps for step in self.outline))

    def turned(self) -> Motif:
        """Return the motif upside down (inversion)."""
        return Motif(self.rhythms, tuple(-step for step in self.outline))

    def backwards(self) -> Motif:
        """Return the motif from its end (retrograde)."""
        return Motif((self.rhythms[1], self.rhythms[0]), self.outline[::-1])

    def broken(self) -> Motif:
        """Return the motif's head, climbing (fragmentation): twice in the first bar, once more and held in the second."""
        head, rhythm = self.outline[:_HEAD], self._head()
        climbing = [step + higher for higher in (0, 1, 2) for step in head]
        return Motif(((*rhythm, *rhythm), (*rhythm, 2)), (*climbing, *[climbing[-1] + 1] * _HEAD))

    def stretched(self) -> Motif:
        """Return the first bar at half its pace (augmentation); a note across the bar line is struck again on it."""
        bars: tuple[list[float], list[float]] = ([], [])
        at = 0.0
        for length in self.rhythms[0]:
            bar, whole = int(at // _BAR_BEATS), 2 * abs(length)
            inside = min(whole, (bar + 1) * _BAR_BEATS - at)
            sign = 1 if length > 0 else -1
            bars[bar].append(sign * inside)
            if whole > inside:
                bars[bar + 1].append(sign * (whole - inside))
            at += whole
        return Motif((tuple(bars[0]), tuple(bars[1])), tuple(self.outline[place // 2] for place in range(len(self.outline))))

    def closed(self, rhythm: Rhythm) -> Motif:
        """Return the motif with a calm second bar that falls back to where it began."""
        return Motif((self.rhythms[0], rhythm), (*self.outline[:EIGHTHS], 2, 2, 1, 1, 1, 0, 0, 0))

    def in_rhythm(self, rhythms: tuple[Rhythm, Rhythm]) -> Motif:
        """Return the same outline in another rhythm."""
        return Motif(rhythms, self.outline)

    def _head(self) -> Rhythm:
        """Return two beats of the first bar's rhythm: its own where it has a note on the third beat, else one note."""
        head: list[float] = []
        for length in self.rhythms[0]:
            if sum(map(abs, head)) < _HEAD / 2:
                head.append(length)
        return tuple(head) if sum(map(abs, head)) == _HEAD / 2 else (1, 1)


def theme(chance: Chance, feel: Feel, density: int) -> Motif:
    """Return a new theme.

    Args:
        chance: the same for all densities: the outline is the same, only the rhythm differs.
        feel: how it moves.
        density: :data:`.rhythms.LONG`, ``EVEN`` or ``LIVELY``.
    """
    outline = _outline(chance)
    choices = (chance.share(), chance.share())
    first, second = RHYTHMS[feel][density], RHYTHMS[feel][max(LONG, density - 1)]
    return Motif((first[int(choices[0] * len(first))], second[int(choices[1] * len(second))]), outline)


def _outline(chance: Chance) -> tuple[int, ...]:
    """Return a walk in scale steps: a step for each beat, between beats what lies between."""
    marks = [0]
    for _ in range(MOTIF_BARS * EIGHTHS // 2):
        step = chance.pick(_STEPS, _STEP_WEIGHTS)
        marks.append(marks[-1] + (-step if abs(marks[-1] + step) > _WIDEST_OUTLINE else step))
    outline: list[int] = []
    for here, there in pairwise(marks):
        between = (here + there) // 2 if abs(there - here) > 1 else here + (1 if chance.happens(0.5) else -1)
        outline += [here, between]
    return tuple(outline)


def phrase_motifs(seed: int, phrase: Phrase, feel: Feel, density: int, variant: int) -> tuple[Motif, ...]:
    """Return the four motifs (two bars each) of a phrase.

    Args:
        seed: of the plan.
        phrase: what it does with the theme.
        feel: how the tune moves.
        density: how dense it is.
        variant: number that tells phrases of the same part and period apart.
    """
    subject = theme(Chance(seed, "theme", phrase.period // _NEW_THEME_PERIODS), feel, density)
    subject = _evolved(subject, phrase.period)
    chance = Chance(seed, "phrase", phrase.part.value, phrase.period, variant)
    moved = chance.pick(_SEQUENCES)
    close = chance.pick(RHYTHMS[feel][LONG])
    if phrase.part is Part.CONTRAST:
        other = theme(Chance(seed, "contrast", phrase.period), feel, density)
        return (other.moved(1), other.moved(1 + moved), subject.turned().moved(2), other.broken())
    if phrase.part is Part.RETURN:
        return (subject, subject.moved(1), subject.stretched(), subject.closed(close))
    if phrase.part is Part.VARIATION:
        renewed = subject.in_rhythm((chance.pick(RHYTHMS[feel][density]), chance.pick(RHYTHMS[feel][density])))
        turn = subject.turned() if chance.happens(0.5) else subject.backwards()
        return (renewed, subject.moved(moved), turn, renewed.closed(close))
    return (subject, subject.moved(moved), subject.broken(), subject.closed(close))


def _evolved(subject: Motif, period: int) -> Motif:
    """Return the theme as a later period of a long cue knows it."""
    turn = period % _NEW_THEME_PERIODS
    return subject if turn == 0 else subject.backwards() if turn == 1 else subject.turned().moved(1)
