"""Moods: what they look like, how fast they are, in which mode, and which goes with which (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from otio_soundtrack.model.plan import FASTEST_BPM, SLOWEST_BPM, Mood
from otio_soundtrack.planning.energy import LEAST, MOST
from otio_soundtrack.planning.look import Look
from otio_soundtrack.planning.words import ENERGY_STEP, Meaning


@dataclass(frozen=True, kw_only=True)
class Character:
    """What is typical of a mood."""

    look: tuple[float, float, float, float, float]
    """Light, colour, warmth, motion and pace of pictures that ask for it, −1 to 1."""
    slowest: float
    fastest: float
    """Tempo range, beats a minute."""
    mode: str
    """Mode of its keys."""
    valence: float
    """−1 unpleasant to 1 pleasant: neighbouring sections do not jump across it without a reason."""
    quietest: float = LEAST
    loudest: float = MOST
    """Energies between which music that was asked for in this mood stays, 0–1: whoever asks for calm music wants no battle."""


CHARACTERS: Mapping[Mood, Character] = {
    Mood.CALM: Character(look=(0.2, 0.0, 0.3, -0.9, -0.7), slowest=60, fastest=84, mode="major", valence=0.5, loudest=0.45),
    Mood.HOPEFUL: Character(look=(0.8, 0.2, 0.5, 0.1, 0.1), slowest=84, fastest=116, mode="major", valence=0.8, loudest=0.8),
    Mood.PLAYFUL: Character(look=(0.5, 0.8, 0.2, 0.5, 0.7), slowest=100, fastest=138, mode="major", valence=0.9, quietest=0.3),
    Mood.WONDER: Character(look=(0.3, 0.6, -0.3, -0.3, -0.5), slowest=66, fastest=92, mode="lydian", valence=0.6, loudest=0.65),
    Mood.SAD: Character(look=(-0.3, -0.7, -0.3, -0.6, -0.6), slowest=56, fastest=76, mode="minor", valence=-0.6, loudest=0.5),
    Mood.TENSE: Character(
        look=(-0.6, -0.4, -0.4, 0.5, 0.6), slowest=92, fastest=132, mode="phrygian", valence=-0.8, quietest=0.3
    ),
    Mood.MYSTERIOUS: Character(
        look=(-0.9, 0.0, -0.3, -0.4, -0.4), slowest=64, fastest=92, mode="dorian", valence=-0.3, loudest=0.6
    ),
    Mood.EPIC: Character(look=(-0.2, 0.3, 0.2, 0.8, 0.7), slowest=80, fastest=124, mode="minor", valence=0.0, quietest=0.45),
    Mood.ROMANTIC: Character(look=(0.3, 0.3, 0.9, -0.4, -0.4), slowest=62, fastest=84, mode="major", valence=0.7, loudest=0.65),
    Mood.OMINOUS: Character(
        look=(-0.9, -0.4, -0.5, -0.5, -0.5), slowest=50, fastest=72, mode="harmonic minor", valence=-0.9, loudest=0.7
    ),
    Mood.HEROIC: Character(
        look=(0.4, 0.4, 0.4, 0.8, 0.5), slowest=96, fastest=132, mode="mixolydian", valence=0.6, quietest=0.45
    ),
    Mood.QUIRKY: Character(look=(0.3, 0.6, -0.1, 0.2, 0.5), slowest=104, fastest=140, mode="dorian", valence=0.3, loudest=0.8),
}

RARE = -0.45
"""… and what moods get that a picture alone hardly asks for: light and movement cannot tell love from a summer day."""
HABIT: Mapping[Mood, float] = {Mood.HOPEFUL: 0.15, Mood.CALM: 0.1} | dict.fromkeys(
    (Mood.ROMANTIC, Mood.OMINOUS, Mood.HEROIC, Mood.QUIRKY), RARE
)
"""What an ordinary picture gets: pictures that say nothing are scored kindly, as commissioned music mostly is."""
WORD_WEIGHT = 2.5
"""One clear word against the looks: a person who says "sad" means it even on a bright beach."""
HOME_HOLD = 0.4
"""How much better another mood must suit a section than the home mood: a cue is one piece of music, not a patchwork."""
VALENCE_COST = 0.2
"""… and the more so, the farther its valence is from home."""
MOST_GUESTS = 2
"""Moods beside the home mood that a cue may visit."""
SLOW_FACTOR, FAST_FACTOR = 0.8, 1.2
"""What a clear wish for slow or fast makes of a mood's tempo range …"""
SLOW_MOST_BPM, FAST_LEAST_BPM = 92.0, 104.0
"""… and where slow music ends and fast music begins, whatever the mood."""
LIVELY_BPM, RESTFUL_BPM = 120.0, 92.0
"""Moods that reach the first are none for slow or quiet music, moods that stay below the second none for fast or loud music,
unless they are named."""
QUIET_MOST, LOUD_LEAST = 0.55, 0.45
"""Most energy of music that words want quiet, least of music that they want loud, as far as half the range of its mood allows."""


def allowed(said: Meaning) -> tuple[Mood, ...]:
    """Return the moods that words leave to the picture: those that they name, else those that they do not speak against."""
    if said.named:
        return said.named
    open_to = [mood for mood in Mood if mood not in said.refused]
    if said.lively:
        fitting = [mood for mood in open_to if CHARACTERS[mood].fastest > RESTFUL_BPM]
    elif said.restrained:
        fitting = [mood for mood in open_to if CHARACTERS[mood].fastest < LIVELY_BPM]
    else:
        fitting = open_to
    return tuple(fitting or open_to or Mood)


def at_home(said: Meaning) -> tuple[Mood, ...]:
    """Return the moods that words leave to choose the home mood from: of those that they name the one that comes first.

    One word may name several (``warm``): of those a wish for slow or quiet takes the restful. Where the named ones do not go with
    a wish for slow or fast, those that do come first.
    """
    if not said.named:
        return allowed(said)
    fitting = set(allowed(replace(said, moods={}))) & set(said.named) or set(said.named)
    first = next(mood for mood in said.named if mood in fitting)
    word = said.mood_words[first][0]
    equal = tuple(mood for mood in said.named if mood in fitting and said.mood_words[mood][0] == word)
    restful = tuple(mood for mood in equal if CHARACTERS[mood].fastest <= RESTFUL_BPM)
    return restful if restful and said.restrained else equal


def energy_range(mood: Mood, said: Meaning, *, asked: bool) -> tuple[float, float]:
    """Return the least and the most energy of a section as far as a person has a say in it.

    Args:
        mood: of the section.
        said: words.
        asked: whether a person asked for this mood; what the picture chose keeps the energy of the picture.
    """
    character = CHARACTERS[mood]
    low, high = (character.quietest, character.loudest) if asked else (LEAST, MOST)
    middle = (low + high) / 2
    if said.energy >= ENERGY_STEP:
        return min(max(low, LOUD_LEAST), middle), high
    if said.restrained:
        return low, max(min(high, QUIET_MOST), middle)
    return low, high


def fit_of(mood: Mood, look: Look, said: Meaning) -> float:
    """Return how well a mood suits a look and what was said: the projection of the look on the mood's own, and the words."""
    typical = CHARACTERS[mood].look
    length = sqrt(sum(part * part for part in typical))
    seen = sum(one * other for one, other in zip(typical, look.numbers, strict=True)) / length
    return seen + WORD_WEIGHT * said.moods.get(mood, 0.0) + HABIT.get(mood, 0.0)


def home_mood(looks: Sequence[Look], lengths: Sequence[int], said: Meaning) -> Mood:
    """Return the mood that suits most of a cue best.

    Sections vote with their lengths, because the mean of a dark chase and a bright meadow is a film that nobody shot; how well
    a mood suits all of them counts too, so that a mood which never fails wins against one that is often nearly right.

    Args:
        looks: of the sections.
        lengths: frames of each.
        said: words.
    """
    total = sum(lengths)
    open_to = at_home(said)
    votes = dict.fromkeys(open_to, 0.0)
    for look, length in zip(looks, lengths, strict=True):
        fits = {mood: fit_of(mood, look, said) for mood in open_to}
        votes[max(open_to, key=lambda mood: fits[mood])] += length / total
        for mood in open_to:
            votes[mood] += fits[mood] * length / total
    return max(open_to, key=lambda mood: votes[mood])


def section_moods(home: Mood, looks: Sequence[Look], lengths: Sequence[int], said: Meaning) -> tuple[Mood, ...]:
    """Return the mood of each section: home, unless another suits its look plainly better, and at most two others in a cue.

    Moods that words put into an order in time follow each other in it, each for the same share of the cue.

    Args:
        home: mood of the cue.
        looks: of the sections.
        lengths: frames of each.
        said: words.
    """
    if said.course and len(said.named) > 1:
        ends = np.cumsum(lengths)
        shares = (ends - np.asarray(lengths) / 2) / ends[-1]
        return tuple(said.named[int(share * len(said.named))] for share in shares)
    open_to = (home, *(mood for mood in allowed(said) if mood is not home and not _same_word(mood, home, said)))
    merits = [{mood: _merit(mood, home, look, said) for mood in open_to} for look in looks]
    heard = {home}
    for _ in range(MOST_GUESTS):
        gains = {mood: _gain(mood, heard, merits, lengths) for mood in open_to}
        guest = max(open_to, key=lambda mood: gains[mood])
        if gains[guest] > 0:
            heard.add(guest)
    found = [max((mood for mood in open_to if mood in heard), key=lambda mood: merit[mood]) for merit in merits]
    if home not in found:  # it is heard where it is missed most
        lead = [merit[mood] for merit, mood in zip(merits, found, strict=True)]
        found[lead.index(min(lead))] = home
    return tuple(found)


def _same_word(mood: Mood, home: Mood, said: Meaning) -> bool:
    """Return whether one word named two moods: then it is asked for once, at home."""
    return bool(said.named) and said.mood_words[mood][0] == said.mood_words[home][0]


def _gain(mood: Mood, heard: set[Mood], merits: Sequence[Mapping[Mood, float]], lengths: Sequence[int]) -> float:
    """Return what a cue gains when one more mood is allowed."""
    better = (max(0.0, merit[mood] - max(merit[known] for known in heard)) for merit in merits)
    return sum(gain * length for gain, length in zip(better, lengths, strict=True))


def _merit(mood: Mood, home: Mood, look: Look, said: Meaning) -> float:
    """Return how much better than the home mood another suits a section, after what leaving home costs."""
    if mood is home:
        return 0.0
    apart = abs(CHARACTERS[mood].valence - CHARACTERS[home].valence)
    return fit_of(mood, look, said) - fit_of(home, look, said) - HOME_HOLD - VALENCE_COST * apart


def tempo_range(mood: Mood, said: Meaning) -> tuple[float, float]:
    """Return the slowest and fastest tempo of a mood as far as words leave it alone, beats a minute."""
    character = CHARACTERS[mood]
    factor = 1 + said.pace * ((FAST_FACTOR - 1) if said.pace > 0 else (1 - SLOW_FACTOR))
    slowest, fastest = max(SLOWEST_BPM, character.slowest * factor), min(FASTEST_BPM, character.fastest * factor)
    if said.pace > 0:
        return max(slowest, FAST_LEAST_BPM), max(fastest, FAST_LEAST_BPM * FAST_FACTOR)
    if said.pace < 0:
        return min(slowest, SLOW_MOST_BPM * SLOW_FACTOR), min(fastest, SLOW_MOST_BPM)
    return slowest, fastest
