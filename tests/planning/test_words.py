"""What words of a prompt ask of the plan."""

from __future__ import annotations

import pytest

from otio_soundtrack.model.plan import Ending, Instrument, Mood
from otio_soundtrack.planning.words import meaning


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("sad piano", Mood.SAD),
        ("A MYSTERIOUS night", Mood.MYSTERIOUS),
        ("light-hearted, bouncy ukulele", Mood.PLAYFUL),
        ("epic trailer", Mood.EPIC),
        ("thriller with suspense", Mood.TENSE),
    ],
)
def test_a_mood_is_heard(text: str, mood: Mood) -> None:
    """In any case, with punctuation around."""
    moods = meaning(text).moods
    assert max(moods, key=lambda one: moods[one]) is mood


def test_unknown_words_ask_for_nothing() -> None:
    """A provider still reads them."""
    said = meaning("xyzzy über 42", "")
    assert (dict(said.moods), said.pace, said.energy, said.wanted, said.unwanted, said.ending) == (
        {},
        0,
        0,
        frozenset(),
        frozenset(),
        None,
    )


@pytest.mark.parametrize(
    ("text", "pace"), [("slow strings", -1), ("fast", 1), ("not fast", -1), ("slow but then fast", 0), ("breakfast", 0)]
)
def test_pace_words(text: str, pace: float) -> None:
    """Slow against fast; parts of longer words do not count."""
    assert meaning(text).pace == pace


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("strings and drums", {Instrument.PAD, Instrument.PERCUSSION}, set()),
        ("strings, no drums", {Instrument.PAD}, {Instrument.PERCUSSION}),
        ("no drums, soft strings", {Instrument.PAD}, {Instrument.PERCUSSION}),
        ("no drums soft strings", {Instrument.PAD}, {Instrument.PERCUSSION}),
        ("without any percussion", set(), {Instrument.PERCUSSION}),
        ("drums. No drums in the end", set(), {Instrument.PERCUSSION}),
    ],
)
def test_instruments_are_wanted_or_not(text: str, wanted: set[Instrument], unwanted: set[Instrument]) -> None:
    """A negation reaches the next word that means something; what is unwanted anywhere is not wanted."""
    said = meaning(text)
    assert (said.wanted, said.unwanted) == (wanted, unwanted)


def test_not_sad_speaks_against_sadness() -> None:
    """A negated mood counts against it."""
    assert meaning("not sad").moods[Mood.SAD] < 0


@pytest.mark.parametrize(
    ("text", "ending"),
    [("fade out", Ending.SOFT), ("no fade", None), ("end on a button", Ending.BUTTON), ("ring-out", Ending.RING)],
)
def test_endings(text: str, ending: Ending | None) -> None:
    """The words of the trade."""
    assert meaning(text).ending is ending


def test_energy_is_bounded() -> None:
    """Twenty loud words are not louder than a few."""
    assert meaning("loud powerful intense " * 20).energy == -meaning("quiet gentle minimal " * 20).energy == pytest.approx(0.3)


def test_a_waltz_has_three_beats() -> None:
    """The one metre that a word asks for."""
    assert meaning("a slow waltz").waltz
    assert not meaning("not a waltz").waltz
