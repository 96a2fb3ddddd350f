"""Harmony: which chord stands in which bar.

Progressions are degrees of the section's scale, so that they stay in the plan's key whatever its mode; the mood chooses among
them and gives the chords their colour (:mod:`.progressions`). A phrase has two progressions; statement and return have the
same, the contrast is away from the tonic, later periods bring new ones. A section opens on its tonic, whatever its phrase does:
its key is new to the listener. It closes on the cadence of what follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.course import PHRASE_BARS, Part, Phrase, phrase_of
from otio_soundtrack.composer.grid import Bar
from otio_soundtrack.composer.keys import OCTAVE, Key, parse_key
from otio_soundtrack.composer.manners import MANNERS
from otio_soundtrack.composer.progressions import CADENCE, COLOURS, INVERTED, NINTH, OPEN_ENDED, TRIAD, Progression, progressions
from otio_soundtrack.model.plan import Mood, Plan, Section

_HALF_BARS = 4
"""Bars of a progression: half a phrase."""
_SLOW_HARMONY_ENERGY = 0.3
"""Below it the harmony moves every other bar."""
_HALF_CLOSE_BARS = 7
"""A section at least so long ends on the cadence of what follows."""
_HALVES = {Part.STATEMENT: (0, 1), Part.VARIATION: (0, 2), Part.RETURN: (0, 1), Part.INTERLUDE: (2, 1)}
"""Which progressions the halves of a phrase take; the contrast has those that are away from home."""
_UNHEARD = -1
"""The last one at home: a statement has the first two."""
_PLAIN_HOME = 0.9
"""How often the tonic chord stays without colour: home has to be known as home."""


@dataclass(frozen=True)
class Chord:
    """Pitch classes with a root."""

    root: int
    """Pitch class of the root."""
    tones: tuple[int, ...]
    """Pitch classes, root first."""
    scale: tuple[int, ...]
    """Pitch classes that a tune over it may use."""
    lowest: int | None = None
    """Pitch class of the bass; None: the root."""

    @property
    def bass(self) -> int:
        """Pitch class of the bass."""
        return self.root if self.lowest is None else self.lowest

    @property
    def third(self) -> int:
        """Pitch class that decides between major and minor."""
        return next(tone for tone in self.tones if (tone - self.root) % OCTAVE in (3, 4))


def harmony(plan: Plan, bars: tuple[Bar, ...], phrases: Mapping[tuple[int, int], Phrase]) -> tuple[Chord, ...]:
    """Return the chord of each bar, and the final chord after them.

    Args:
        plan: keys, moods and seed.
        bars: all bars before the final chord.
        phrases: what each phrase does, from :func:`.course.course`.

    Raises:
        SettingsError: a section's key cannot be read.
    """
    keys = [parse_key(section.key) for section in plan.sections]
    chords: list[Chord] = []
    for index, section in enumerate(plan.sections):
        own = [bar for bar in bars if bar.section == index and bar.place >= 0]
        numbers = [phrase_of(bar) for bar in own]
        lengths = [(phrases[index, number], numbers.count(number)) for number in dict.fromkeys(numbers)]
        degrees = _degrees(plan.seed, section, keys[index], lengths)
        colour = Chance(plan.seed, "colour", index)
        section_chords = [_coloured(section.mood, keys[index], degree, colour) for degree in degrees]
        last = index == len(plan.sections) - 1
        if len(own) >= _HALF_CLOSE_BARS or (last and len(own) >= 2):
            section_chords[-1] = cadence(keys[index] if last else keys[index + 1])
        chords.extend(_inverted(section_chords) if section.mood in INVERTED else section_chords)
    if bars and bars[0].place < 0:
        chords.insert(0, chords[0])
    return (*chords, diatonic(keys[-1], 1, NINTH if plan.sections[-1].mood in OPEN_ENDED else TRIAD))


def diatonic(key: Key, degree: int, steps: tuple[int, ...] = TRIAD) -> Chord:
    """Return the chord on a degree (1–7) of a key, made of the given scale steps above its root."""
    scale = key.scale
    tones = tuple(scale[(degree - 1 + step) % len(scale)] for step in steps)
    return Chord(tones[0], tones, scale)


def cadence(key: Key) -> Chord:
    """Return the chord that leads to a key: the mode's own, in major and minor the dominant."""
    return diatonic(key, CADENCE[key.mode]) if key.mode in CADENCE else dominant(key)


def dominant(key: Key) -> Chord:
    """Return the major triad a fifth above the tonic, with the leading note also in minor."""
    root = (key.tonic + 7) % OCTAVE
    leading = (key.tonic + 11) % OCTAVE
    flat_seventh = (key.tonic + 10) % OCTAVE
    scale = tuple(leading if tone == flat_seventh else tone for tone in key.scale)
    return Chord(root, (root, leading, (root + 7) % OCTAVE), scale)


def _degrees(seed: int, section: Section, key: Key, phrases: Sequence[tuple[Phrase, int]]) -> list[int]:
    """Return the degree of each bar of a section, given its phrases with their bars."""
    quiet = section.energy < _SLOW_HARMONY_ENERGY and sum(bars for _, bars in phrases) >= PHRASE_BARS
    bars_each = MANNERS[section.mood].harmony_bars * (2 if quiet else 1)
    degrees: list[int] = []
    for number, (phrase, bars) in enumerate(phrases):
        # a short section has no time to come home to its key: there the contrast only has other chords than the statement
        stays = phrase.part is Part.CONTRAST and bars < PHRASE_BARS
        turned = replace(phrase, part=Part.INTERLUDE) if stays else phrase
        first, second = _halves(seed, section.mood, key.mode, turned, opens=number == 0)
        slow = min(bars_each, 2 if bars <= _HALF_BARS else bars_each)
        if slow == 1 and 1 < bars < _HALF_BARS:
            # what is too short for its progression leaves out the middle, not the way home
            first = (*first[: bars - 1], first[-1])
        course = [degree for degree in (*first, *second) for _ in range(slow)]
        degrees.extend(course[place % len(course)] for place in range(bars))
    return degrees


def _halves(seed: int, mood: Mood, mode: str, phrase: Phrase, *, opens: bool) -> tuple[Progression, Progression]:
    """Return the two progressions of a phrase; sections of one mood and mode share theirs, so that a return is one.

    Args:
        seed: of the plan.
        mood: of the section.
        mode: of the section's key.
        phrase: what it does with the theme.
        opens: whether the section begins with it: then it states the key before it leaves it.
    """
    pool = progressions(mood, mode)
    home = _shuffled([one for one in pool if one[0] == 1], Chance(seed, "home", mood.value, mode, phrase.period))
    away = _shuffled([one for one in pool if one[0] != 1], Chance(seed, "away", mood.value, mode, phrase.period))
    if phrase.part is Part.CONTRAST:
        return (home[_UNHEARD], away[0]) if opens else (away[0], away[-1] if len(away) > 1 else home[_UNHEARD])
    one, other = _HALVES[phrase.part]
    return home[one % len(home)], (*home, *away)[(other + phrase.period) % len(pool)]


def _shuffled(pool: list[Progression], chance: Chance) -> list[Progression]:
    rest, order = list(pool), []
    while rest:
        order.append(rest.pop(int(chance.share() * len(rest))))
    return order


def _coloured(mood: Mood, key: Key, degree: int, chance: Chance) -> Chord:
    """Return the chord on a degree in a colour of the mood; none of its notes are a semitone apart: that would grind on tunes."""
    colours = COLOURS[mood]
    steps = chance.pick([steps for steps, _ in colours], [weight for _, weight in colours])
    steps = TRIAD if chance.happens(_PLAIN_HOME) and degree == 1 else steps
    chord = diatonic(key, degree, steps)
    clashes = any((one - other) % OCTAVE == 1 for one in chord.tones for other in chord.tones)
    return diatonic(key, degree) if clashes or not _has_fifth(chord) else chord


def _has_fifth(chord: Chord) -> bool:
    return (chord.root + 7) % OCTAVE in chord.tones


def _inverted(chords: list[Chord]) -> list[Chord]:
    """Return the chords with a third in the bass where it lies a step from the bass on both sides, ends left alone."""
    turned = list(chords)
    for place in range(1, len(chords) - 1):
        before, chord, after = turned[place - 1], chords[place], chords[place + 1]
        if chord.root in (before.root, after.root) or place % _HALF_BARS == 0:
            continue
        if _step(before.bass, chord.third) and _step(chord.third, after.root):
            turned[place] = replace(chord, lowest=chord.third)
    return turned


def _step(one: int, other: int) -> bool:
    return (one - other) % OCTAVE in (1, 2, OCTAVE - 1, OCTAVE - 2)
