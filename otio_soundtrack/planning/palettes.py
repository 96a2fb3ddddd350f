"""Which band plays: from words, else from the mood (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from otio_soundtrack.model.plan import Mood, Palette
from otio_soundtrack.planning.vocabulary import NEGATIONS

PALETTE_WORDS: Mapping[Palette, str] = {
    Palette.HYBRID: "hybrid trailer cinematic modern",
    Palette.ORCHESTRAL: "orchestra orchestral symphonic symphony classical brass horns fanfare woodwinds philharmonic",
    Palette.CHAMBER: "chamber piano pianist solo quartet trio intimate neoclassical cello violin clarinet",
    Palette.ACOUSTIC: "acoustic guitar guitars folk ukulele unplugged country banjo mandolin fingerpicking indie campfire",
    Palette.ELECTRONIC: "electronic electronica electro synth synths synthesizer synthwave techno house edm ambient tech 80s",
}
"""Words that name a band; also those of a genre."""
MOOD_PALETTES: Mapping[Mood, Palette] = {
    Mood.ROMANTIC: Palette.ORCHESTRAL,
    Mood.HEROIC: Palette.ORCHESTRAL,
    Mood.PLAYFUL: Palette.ACOUSTIC,
    Mood.QUIRKY: Palette.CHAMBER,
    Mood.SAD: Palette.CHAMBER,
}
"""Who plays a mood where nobody says otherwise; the hybrid band plays all others."""
NEGATION_REACH = 3
"""Words before a band's name in which a negation counts: ``no more synths``."""
_CLAUSE_END = re.compile(r"[.,;:!?]|\bbut\b")
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z]+)*")
_MEANT = {word: palette for palette, words in PALETTE_WORDS.items() for word in words.split()}


def palette_of(home: Mood, *texts: str) -> tuple[Palette, str]:
    """Return the band of a cue, and the word that decided it; without such a word the mood decides, and the word is empty.

    Args:
        home: mood of the cue.
        texts: the user's words, the genre among them.
    """
    votes = dict.fromkeys(Palette, 0)
    first: dict[Palette, str] = {}
    for clause in _CLAUSE_END.split(" . ".join(texts).casefold()):
        words = _WORD.findall(clause)
        for place, word in enumerate(words):
            if word in _MEANT:
                unwanted = NEGATIONS.intersection(words[max(0, place - NEGATION_REACH) : place])
                votes[_MEANT[word]] += -1 if unwanted else 1
                first.setdefault(_MEANT[word], word)
    best = max(Palette, key=lambda palette: votes[palette])
    if votes[best] > 0:
        return best, first[best]
    usual = MOOD_PALETTES.get(home, Palette.HYBRID)
    # "no piano" over a sad picture leaves the band that the words do not speak against
    return (usual if votes[usual] >= 0 else best), ""
