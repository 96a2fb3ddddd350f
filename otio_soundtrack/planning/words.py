"""Words of a prompt that change the plan (English; a small table, not a language model).

A word changes moods, pace, energy, instruments or ending. ``no``, ``not``, ``without``, ``less`` and the like turn the next
words round: ``no drums`` takes the drums away, ``not sad`` rules sadness out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from otio_soundtrack.model.plan import FASTEST_BPM, SLOWEST_BPM, Ending, Instrument, Mood
from otio_soundtrack.planning.vocabulary import (
    COURSE_WORDS,
    DETERMINERS,
    ENDING_WORDS,
    FAST_WORDS,
    HIGH_WORDS,
    INSTRUMENT_WORDS,
    LOW_WORDS,
    MOOD_HINTS,
    MOOD_WORDS,
    NEGATIONS,
    ONLY_WORDS,
    PHRASES,
    SLOW_WORDS,
)


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What words ask of the plan."""

    moods: Mapping[Mood, float] = field(default_factory=dict)
    """How much each mood is asked for, in order of mention; 1 is one clear word, below 0 it is ruled out."""
    mood_words: Mapping[Mood, tuple[str, ...]] = field(default_factory=dict)
    """The words that ask for each mood."""
    pace: float = 0.0
    """−1 a clear wish for slow, +1 for fast."""
    tempo: float | None = None
    """Beats a minute that are named (``90 bpm``)."""
    energy: float = 0.0
    """Added to the energy of every section, 0–1 scale."""
    wanted: frozenset[Instrument] = frozenset()
    unwanted: frozenset[Instrument] = frozenset()
    torn: frozenset[Instrument] = frozenset()
    """Parts that are asked for and ruled out in one text: they are unwanted."""
    only: bool = False
    """Nobody plays but who is wanted (``solo piano``)."""
    course: bool = False
    """The moods follow each other in time (``starts calm, builds to epic``)."""
    ending: Ending | None = None
    waltz: bool = False
    """Three beats to the bar."""

    @property
    def named(self) -> tuple[Mood, ...]:
        """Moods that are asked for, in order of mention: by clear words if there are any, else by hints."""
        clear = tuple(mood for mood, weight in self.moods.items() if weight >= 1)
        return clear or tuple(mood for mood, weight in self.moods.items() if weight > 0)

    @property
    def refused(self) -> frozenset[Mood]:
        """Moods that are ruled out."""
        return frozenset(mood for mood, weight in self.moods.items() if weight < 0)

    @property
    def lively(self) -> bool:
        """Whether the words ask for more than the ordinary in pace or energy."""
        return self.pace > 0 or self.energy >= ENERGY_STEP

    @property
    def restrained(self) -> bool:
        """Whether they ask for less, and nowhere for more."""
        return not self.lively and (self.pace < 0 or self.energy <= -ENERGY_STEP)


_REACH = 3
"""Words that a negation reaches over: 'not too very sad'."""
ENERGY_STEP = 0.12
"""Energy of one word: three make a section of middling energy full or nearly empty."""
_DENIED_SHARE = 0.5
"""'Not loud' asks for less than 'quiet' does."""
_HINT = 0.5
"""Of one clear word; a colour like 'warm' says little beside 'sad'."""
_MOST_ENERGY = 0.3
_TEMPO = re.compile(r"(?<![\d.])(\d{2,3}(?:\.\d+)?)\s*-?\s*(?:bpm\b|beats (?:per|a) minute\b)")
_LACK = re.compile(r"\b([a-z]+)-(?:free|less)\b")
_CLAUSE_END = re.compile(r"[.,;:!?()/\n]|\bbut\b")
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")


def _table(words: Mapping[Mood, str] | Mapping[Instrument, str] | Mapping[Ending, str]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for meant, listed in words.items():
        for word in listed.split():
            found.setdefault(word, []).append(meant)
    return found


_MOODS, _HINTS = _table(MOOD_WORDS), _table(MOOD_HINTS)
_INSTRUMENTS, _ENDINGS = _table(INSTRUMENT_WORDS), _table(ENDING_WORDS)
_PACES = {**dict.fromkeys(SLOW_WORDS.split(), -1.0), **dict.fromkeys(FAST_WORDS.split(), 1.0)}
_ENERGIES = {**dict.fromkeys(LOW_WORDS.split(), -ENERGY_STEP), **dict.fromkeys(HIGH_WORDS.split(), ENERGY_STEP)}
_COURSE = frozenset(COURSE_WORDS.split())
_MEANT = _PACES.keys() | _ENERGIES.keys() | _MOODS.keys() | _HINTS.keys() | _INSTRUMENTS.keys()
_COMPOUNDS = {word.replace("-", " "): word for word in _MEANT if "-" in word}
"""Words with a hyphen that people also write without."""


def meaning(*texts: str) -> Meaning:
    """Return what texts ask of the plan together; unknown words mean nothing here (a provider still reads them).

    Args:
        texts: the most particular first: what a marker asks for wins over what is asked for the whole film.
    """
    particular = _meaning(texts[0]) if texts else Meaning()
    for text in texts[1:]:
        particular = _joined(particular, _meaning(text))
    return particular


def _joined(particular: Meaning, general: Meaning) -> Meaning:
    """Return two meanings as one; where they differ the particular one wins."""
    moods = {mood: weight for mood, weight in general.moods.items() if weight < 0 or not particular.named}
    return replace(
        particular,
        moods={**moods, **particular.moods},
        mood_words={**general.mood_words, **particular.mood_words},
        pace=particular.pace or general.pace,
        tempo=particular.tempo or (None if particular.pace else general.tempo),
        energy=particular.energy or general.energy,
        wanted=particular.wanted if particular.only else particular.wanted | (general.wanted - particular.unwanted),
        unwanted=particular.unwanted | (general.unwanted - particular.wanted),
        torn=particular.torn | general.torn,
        only=particular.only or (general.only and not particular.wanted),
        course=particular.course or (general.course and not particular.named),
        ending=particular.ending or general.ending,
        waltz=particular.waltz or general.waltz,
    )


def _meaning(text: str) -> Meaning:
    text = text.casefold().replace("’", "'")
    moods: dict[Mood, float] = {}
    mood_words: dict[Mood, tuple[str, ...]] = {}
    parts: dict[int, set[Instrument]] = {1: set(), -1: set()}
    pace = energy = 0.0
    ending: Ending | None = None
    words = list(_signed(_TEMPO.sub(" ", text)))
    for word, sign in words:
        for table, weight in ((_MOODS, 1.0), (_HINTS, _HINT)):
            for mood in map(Mood, table.get(word, ())):
                moods[mood] = moods.get(mood, 0.0) + sign * weight
                if sign > 0:
                    mood_words[mood] = (*mood_words.get(mood, ()), word)
        parts[sign].update(map(Instrument, _INSTRUMENTS.get(word, ())))
        pace += sign * _PACES.get(word, 0.0)
        energy += _ENERGIES.get(word, 0.0) * (1 if sign > 0 else -_DENIED_SHARE)
        if sign > 0 and word in _ENDINGS:
            ending = Ending(_ENDINGS[word][0])
    wanted, unwanted = parts[1] - parts[-1], parts[-1]
    return Meaning(
        moods=moods,
        mood_words=mood_words,
        pace=max(-1.0, min(1.0, pace)),
        tempo=_tempo(text),
        energy=max(-_MOST_ENERGY, min(_MOST_ENERGY, energy)),
        wanted=frozenset(wanted),
        unwanted=frozenset(unwanted),
        torn=frozenset(parts[1] & parts[-1]),
        only=bool(wanted) and any(word in ONLY_WORDS and sign > 0 for word, sign in words),
        course=any(word in _COURSE and sign > 0 for word, sign in words),
        ending=ending,
        waltz=("waltz", 1) in words,
    )


def _tempo(text: str) -> float | None:
    """Return the first tempo that is named and can be played."""
    found = (float(match[1]) for match in _TEMPO.finditer(text))
    return next((bpm for bpm in found if SLOWEST_BPM <= bpm <= FASTEST_BPM), None)


def _signed(text: str) -> Iterable[tuple[str, int]]:
    """Yield each word with 1, or −1 where it is negated; a negation ends with its clause."""
    for said, meant in {**PHRASES, **_COMPOUNDS}.items():
        text = re.sub(rf"\b{said}\b", meant, text)
    for clause in _CLAUSE_END.split(_LACK.sub(r"no \1", text)):
        words = _WORD.findall(clause)
        left, takes_noun = 0, False
        for at, word in enumerate(words):
            if word in NEGATIONS:
                left, takes_noun = _REACH, word in DETERMINERS
                continue
            yield word, -1 if left else 1
            left = _reach(left, words[at : at + 3], takes_noun=takes_noun)


def _reach(left: int, words: list[str], *, takes_noun: bool) -> int:
    """Return over how many words a negation reaches after the first of some words."""
    word, *after = words
    if not left or word not in _MEANT:
        return max(0, left - 1)
    following = after[0] if after else ""
    if following in {"or", "nor"} or (following == "and" and len(after) > 1 and after[1] in _INSTRUMENTS):
        return _REACH
    # what was negated ends it: in "no drums soft strings" only the drums are unwanted; but "no big drums" means the drums
    return 1 if takes_noun and word not in _INSTRUMENTS and following in _INSTRUMENTS else 0
