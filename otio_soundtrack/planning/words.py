"""Words of a prompt that change the plan (English; a small table, not a language model).

A word changes moods, pace, energy, instruments or ending. ``no``, ``not``,
``without``, ``less`` and the like turn the next words round: ``no drums`` takes the drums away, ``not sad`` speaks against
sadness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from otio_soundtrack.model.plan import Ending, Instrument, Mood


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What words ask of the plan."""

    moods: Mapping[Mood, float] = field(default_factory=dict)
    """How much each mood is asked for; 1 is one clear word, below 0 it is not wanted."""
    pace: float = 0.0
    """−1 a clear wish for slow, +1 for fast."""
    energy: float = 0.0
    """Added to the energy of every section, 0–1 scale."""
    wanted: frozenset[Instrument] = frozenset()
    unwanted: frozenset[Instrument] = frozenset()
    ending: Ending | None = None
    waltz: bool = False
    """Three beats to the bar."""


MOOD_WORDS: Mapping[Mood, str] = {
    Mood.CALM: "calm calming peaceful serene gentle quiet tranquil relaxed relaxing ambient soft lullaby meditative pastoral",
    Mood.HOPEFUL: "hopeful hope uplifting optimistic inspiring bright warm positive heartwarming triumphant corporate",
    Mood.PLAYFUL: "playful fun funny happy cheerful comic comedy quirky bouncy joyful joyous light-hearted whimsical silly",
    Mood.WONDER: "wonder wondrous magical magic dreamy dreamlike awe ethereal fairytale space fantasy floating nature",
    Mood.SAD: "sad sorrow sorrowful melancholic melancholy mournful grief lonely nostalgic wistful tragic emotional bittersweet",
    Mood.TENSE: "tense tension suspense suspenseful thriller anxious nervous urgent danger dangerous chase scary horror action",
    Mood.MYSTERIOUS: "mysterious mystery eerie dark secret noir enigmatic uneasy haunting strange ominous brooding",
    Mood.EPIC: "epic heroic trailer grand majestic powerful cinematic dramatic battle anthemic huge massive",
}
SLOW_WORDS = "slow slowly unhurried sparse adagio largo lento sustained drifting languid"
FAST_WORDS = "fast quick driving upbeat energetic allegro presto rushing racing urgent brisk chase"
LOW_WORDS = "quiet soft gentle subtle minimal sparse intimate delicate restrained calm small understated underscore"
HIGH_WORDS = "loud powerful intense big huge massive energetic driving epic action aggressive full triumphant"
INSTRUMENT_WORDS: Mapping[Instrument, str] = {
    Instrument.PAD: "pad pads strings string orchestra orchestral synth synths choir ambient violins violin cello cellos",
    Instrument.BASS: "bass basses contrabass",
    Instrument.PLUCK: "pluck plucks plucked pizzicato guitar guitars harp arpeggio arpeggios ukulele mandolin",
    Instrument.MELODY: "melody melodies melodic theme tune piano lead flute horn oboe clarinet",
    Instrument.PERCUSSION: "percussion percussive drums drum beat beats taiko rhythm rhythmic kick",
    Instrument.BELL: "bell bells chime chimes celesta glockenspiel sparkle vibraphone marimba",
}
ENDING_WORDS: Mapping[Ending, str] = {
    Ending.BUTTON: "button stinger",
    Ending.SOFT: "fade fades fading",
    Ending.RING: "ringing ring-out",
}
NEGATIONS = frozenset(("no", "not", "without", "never", "less", "minus", "don't", "avoid"))
_REACH = 3
"""Words that a negation reaches over: 'not too very sad'."""
_ENERGY_STEP = 0.12
"""Energy of one word: three make a section of middling energy full or nearly empty."""
_MOST_ENERGY = 0.3
_CLAUSE_END = re.compile(r"[.,;:!?]|\bbut\b")
_WORD = re.compile(r"[a-z]+(?:[-'][a-z]+)*")


def _table(words: Mapping[Mood, str] | Mapping[Instrument, str] | Mapping[Ending, str]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for meant, listed in words.items():
        for word in listed.split():
            found.setdefault(word, []).append(meant)
    return found


_MOODS, _INSTRUMENTS, _ENDINGS = _table(MOOD_WORDS), _table(INSTRUMENT_WORDS), _table(ENDING_WORDS)
_PACES = {**dict.fromkeys(SLOW_WORDS.split(), -1.0), **dict.fromkeys(FAST_WORDS.split(), 1.0)}
_ENERGIES = {**dict.fromkeys(LOW_WORDS.split(), -_ENERGY_STEP), **dict.fromkeys(HIGH_WORDS.split(), _ENERGY_STEP)}


def meaning(*texts: str) -> Meaning:
    """Return what texts ask of the plan together; unknown words mean nothing here (a provider still reads them)."""
    moods: dict[Mood, float] = {}
    wanted: set[Instrument] = set()
    unwanted: set[Instrument] = set()
    pace = energy = 0.0
    ending: Ending | None = None
    words = list(_signed(" . ".join(texts)))
    for word, sign in words:
        for mood in _MOODS.get(word, ()):
            moods[Mood(mood)] = moods.get(Mood(mood), 0.0) + sign
        for instrument in _INSTRUMENTS.get(word, ()):
            (wanted if sign > 0 else unwanted).add(Instrument(instrument))
        pace += sign * _PACES.get(word, 0.0)
        energy += sign * _ENERGIES.get(word, 0.0)
        if sign > 0 and word in _ENDINGS:
            ending = Ending(_ENDINGS[word][0])
    return Meaning(
        moods=moods,
        pace=max(-1.0, min(1.0, pace)),
        energy=max(-_MOST_ENERGY, min(_MOST_ENERGY, energy)),
        wanted=frozenset(wanted - unwanted),
        unwanted=frozenset(unwanted),
        ending=ending,
        waltz=("waltz", 1) in words,
    )


def _signed(text: str) -> Iterable[tuple[str, int]]:
    """Yield each word with 1, or −1 where it is negated; a negation ends with its clause."""
    for clause in _CLAUSE_END.split(text.casefold()):
        left = 0
        for word in _WORD.findall(clause):
            if word in NEGATIONS:
                left = _REACH
                continue
            yield word, -1 if left else 1
            # what was negated ends it: in "no drums soft strings" only the drums are unwanted
            left = 0 if word in _PACES or word in _ENERGIES or word in _MOODS or word in _INSTRUMENTS else max(0, left - 1)
