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
        ("no drums or bells", set(), {Instrument.PERCUSSION, Instrument.BELL}),
        ("no drums and bass, just strings", {Instrument.PAD}, {Instrument.PERCUSSION, Instrument.BASS}),
        ("no big drums", set(), {Instrument.PERCUSSION}),
        ("drum-free, strings", {Instrument.PAD}, {Instrument.PERCUSSION}),
        ("strings rather than drums", {Instrument.PAD}, {Instrument.PERCUSSION}),
        ("nothing but strings", {Instrument.PAD}, set()),
        ("not only strings", {Instrument.PAD}, set()),
        ("90 beats per minute", set(), set()),
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


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("90 bpm", 90),
        ("tense, 122.5BPM", 122.5),
        ("100 beats per minute", 100),
        ("9000 bpm", None),
        ("12 bpm", None),
        ("90", None),
    ],
)
def test_a_named_tempo_is_heard(text: str, tempo: float | None) -> None:
    """Where it can be played."""
    assert meaning(text).tempo == tempo


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("dark, sad", (Mood.SAD,)),
        ("calm but epic", (Mood.CALM, Mood.EPIC)),
        ("warm", (Mood.CALM, Mood.HOPEFUL)),
        ("non-epic, hopeful", (Mood.HOPEFUL,)),
        ("light hearted", (Mood.PLAYFUL,)),
        ("anything but sad", ()),
    ],
)
def test_clear_words_for_moods_win_over_colours(text: str, named: tuple[Mood, ...]) -> None:
    """In the order in which they are said."""
    assert meaning(text).named == named


def test_the_more_particular_text_wins_where_two_differ() -> None:
    """A marker against the prompt of the film; what only one of them says holds."""
    said = meaning("solo piano, sad, slow", "epic strings, fast, no bells, fade out")
    assert said.named == (Mood.SAD,)
    assert said.pace == -1
    assert said.wanted == {Instrument.PLUCK, Instrument.MELODY}
    assert said.only
    assert (said.unwanted, said.ending) == ({Instrument.BELL}, Ending.SOFT)


@pytest.mark.parametrize(
    ("text", "course"),
    [
        ("calm, then epic", True),
        ("builds from calm to epic", True),
        ("tense, ends hopeful", True),
        ("sad, ends on a button", False),
    ],
)
def test_an_order_in_time_is_heard(text: str, course: bool) -> None:
    """The end of a cue is no order of moods."""
    assert meaning(text).course is course
