"""Harmony: which chord stands in which bar.

Progressions are degrees of the section's scale, so that they stay in the plan's key whatever its mode; the mood chooses among
them and gives the chords their colour. A section is made of phrases: the same progression twice, another one, the first again;
longer sections take up new ones, so that nothing becomes a loop. The dominant at a close borrows the leading note in minor.
"""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.grid import Bar
from otio_soundtrack.composer.keys import OCTAVE, Key, parse_key
from otio_soundtrack.model.plan import Mood, Plan, Section

TRIAD = (0, 2, 4)
"""Scale steps of a triad above its root."""

_MINOR_PHRASES: dict[Mood, tuple[tuple[int, ...], ...]] = {
    Mood.CALM: ((1, 7, 6, 7), (1, 3, 4, 1), (6, 3, 7, 1), (1, 4, 6, 4)),
    Mood.HOPEFUL: ((6, 3, 7, 1), (1, 6, 3, 7), (6, 7, 1, 3), (4, 6, 3, 7)),
    Mood.PLAYFUL: ((1, 4, 7, 3), (1, 7, 6, 7), (1, 3, 4, 7)),
    Mood.WONDER: ((1, 6, 3, 7), (6, 1, 7, 4), (1, 3, 6, 4)),
    Mood.SAD: ((1, 6, 3, 7), (1, 4, 6, 5), (6, 7, 1, 1), (1, 3, 4, 6), (4, 1, 6, 7)),
    Mood.TENSE: ((1, 1, 6, 1), (1, 6, 4, 1), (1, 4, 1, 6), (1, 1, 7, 6)),
    Mood.MYSTERIOUS: ((1, 4, 1, 4), (1, 3, 4, 1), (1, 7, 4, 1), (1, 6, 4, 6)),
    Mood.EPIC: ((1, 6, 3, 7), (6, 7, 1, 1), (1, 3, 7, 4), (1, 7, 6, 7), (4, 6, 1, 7)),
}
_MAJOR_PHRASES: dict[Mood, tuple[tuple[int, ...], ...]] = {
    Mood.CALM: ((1, 3, 4, 1), (1, 6, 4, 5), (4, 1, 4, 5), (1, 5, 6, 4)),
    Mood.HOPEFUL: ((6, 4, 1, 5), (1, 5, 6, 4), (4, 5, 6, 1), (1, 3, 4, 5), (1, 4, 2, 5)),
    Mood.PLAYFUL: ((1, 6, 2, 5), (1, 4, 1, 5), (1, 2, 4, 5), (1, 5, 4, 1)),
    Mood.WONDER: ((1, 2, 1, 6), (1, 5, 2, 6), (1, 2, 5, 1), (6, 2, 1, 5)),
    Mood.SAD: ((1, 3, 6, 4), (6, 4, 1, 5), (1, 6, 3, 4)),
    Mood.TENSE: ((6, 6, 4, 6), (1, 6, 1, 2), (6, 4, 6, 5)),
    Mood.MYSTERIOUS: ((1, 2, 1, 2), (6, 2, 6, 1), (1, 3, 1, 2)),
    Mood.EPIC: ((1, 5, 6, 4), (6, 4, 1, 5), (1, 4, 6, 5), (4, 1, 5, 6)),
}
_MODE_PHRASES: dict[str, tuple[tuple[int, ...], ...]] = {
    "dorian": ((1, 4, 1, 7), (1, 3, 4, 1), (1, 7, 4, 1), (1, 4, 3, 4)),
    "phrygian": ((1, 2, 1, 7), (1, 2, 3, 2), (1, 6, 2, 1)),
    "lydian": ((1, 2, 1, 6), (1, 2, 5, 1), (6, 2, 1, 5)),
    "mixolydian": ((1, 7, 4, 1), (1, 5, 4, 1), (1, 4, 7, 4)),
}
_COLOURS: dict[Mood, tuple[tuple[tuple[int, ...], float], ...]] = {
    Mood.CALM: ((TRIAD, 2), ((0, 1, 2, 4), 2), ((0, 2, 4, 6), 1)),
    Mood.HOPEFUL: ((TRIAD, 4), ((0, 1, 2, 4), 2)),
    Mood.PLAYFUL: ((TRIAD, 3), ((0, 2, 4, 5), 1)),
    Mood.WONDER: ((TRIAD, 2), ((0, 1, 2, 4), 3)),
    Mood.SAD: ((TRIAD, 3), ((0, 1, 2, 4), 1), ((0, 2, 4, 6), 1)),
    Mood.TENSE: ((TRIAD, 5), ((0, 1, 2, 4), 1)),
    Mood.MYSTERIOUS: ((TRIAD, 2), ((0, 1, 2, 4), 2), ((0, 2, 4, 6), 1)),
    Mood.EPIC: ((TRIAD, 1),),
}
"""Scale steps that a chord may be made of, with how often."""

_PHRASE_BARS = 4
_FORM = (0, 1, 0, 2)
"""Which progression each phrase of a sixteen-bar period takes; the next period brings new ones."""
_SLOW_HARMONY_ENERGY = 0.3
"""Below it the harmony moves every other bar."""
_HALF_CLOSE_BARS = 4
"""A section at least so long ends on the dominant of what follows."""


@dataclass(frozen=True)
class Chord:
    """Pitch classes with a root."""

    root: int
    """Pitch class of the bass."""
    tones: tuple[int, ...]
    """Pitch classes, root first."""
    scale: tuple[int, ...]
    """Pitch classes that a tune over it may use."""

    @property
    def third(self) -> int:
        """Pitch class that decides between major and minor."""
        return next(tone for tone in self.tones if (tone - self.root) % OCTAVE in (3, 4))


def harmony(plan: Plan, bars: tuple[Bar, ...]) -> tuple[Chord, ...]:
    """Return the chord of each bar, and the final chord after them.

    Raises:
        SettingsError: a section's key cannot be read.
    """
    keys = [parse_key(section.key) for section in plan.sections]
    chords: list[Chord] = []
    for index, section in enumerate(plan.sections):
        count = sum(bar.section == index and bar.place >= 0 for bar in bars)
        degrees = _degrees(section, keys[index], count, Chance(plan.seed, "harmony", index))
        colour = Chance(plan.seed, "colour", index)
        section_chords = [_coloured(section.mood, keys[index], degree, colour) for degree in degrees]
        last = index == len(plan.sections) - 1
        if count >= _HALF_CLOSE_BARS or (last and count >= 2):
            section_chords[-1] = dominant(keys[index] if last else keys[index + 1])
        chords.extend(section_chords)
    if bars and bars[0].place < 0:
        chords.insert(0, chords[0])
    final_key, mood = keys[-1], plan.sections[-1].mood
    return (*chords, diatonic(final_key, 1, (0, 1, 2, 4) if mood in (Mood.WONDER, Mood.CALM, Mood.HOPEFUL) else TRIAD))


def diatonic(key: Key, degree: int, steps: tuple[int, ...] = TRIAD) -> Chord:
    """Return the chord on a degree (1–7) of a key, made of the given scale steps above its root."""
    scale = key.scale
    tones = tuple(scale[(degree - 1 + step) % len(scale)] for step in steps)
    return Chord(tones[0], tones, scale)


def dominant(key: Key) -> Chord:
    """Return the major triad a fifth above the tonic, with the leading note also in minor."""
    root = (key.tonic + 7) % OCTAVE
    leading = (key.tonic + 11) % OCTAVE
    flat_seventh = (key.tonic + 10) % OCTAVE
    scale = tuple(leading if tone == flat_seventh else tone for tone in key.scale)
    return Chord(root, (root, leading, (root + 7) % OCTAVE), scale)


def _degrees(section: Section, key: Key, count: int, chance: Chance) -> list[int]:
    """Return the degree of each bar of a section."""
    if key.mode in _MODE_PHRASES:
        pool = _MODE_PHRASES[key.mode]
    else:
        pool = (_MINOR_PHRASES if key.minorish else _MAJOR_PHRASES)[section.mood]
    slow = section.energy < _SLOW_HARMONY_ENERGY and count >= _PHRASE_BARS
    degrees: list[int] = []
    period: list[tuple[int, ...]] = []
    while len(degrees) < count:
        phrase = (len(degrees) // (_PHRASE_BARS * (2 if slow else 1))) % len(_FORM)
        if phrase == 0:
            period = _shuffled(pool, chance, first=section.mood is not Mood.HOPEFUL or not degrees)
        progression = period[_FORM[phrase] % len(period)]
        degrees.extend(degree for degree in progression for _ in range(2 if slow else 1))
    return degrees[:count]


def _shuffled(pool: tuple[tuple[int, ...], ...], chance: Chance, *, first: bool) -> list[tuple[int, ...]]:
    """Return the progressions in another order; with ``first`` one that begins on the tonic leads, if there is any."""
    rest, order = list(pool), []
    while rest:
        order.append(rest.pop(int(chance.share() * len(rest))))
    if first:
        order.sort(key=lambda progression: progression[0] != 1)
    return order


def _coloured(mood: Mood, key: Key, degree: int, chance: Chance) -> Chord:
    """Return the chord on a degree in a colour of the mood; the colour never makes a semitone against the root."""
    colours = _COLOURS[mood]
    steps = chance.pick([steps for steps, _ in colours], [weight for _, weight in colours])
    chord = diatonic(key, degree, steps)
    clashes = any((tone - chord.root) % OCTAVE in (1, 11) for tone in chord.tones)
    return diatonic(key, degree) if clashes or not _has_fifth(chord) else chord


def _has_fifth(chord: Chord) -> bool:
    return (chord.root + 7) % OCTAVE in chord.tones
