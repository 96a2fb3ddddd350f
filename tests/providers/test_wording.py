"""A brief in the words of services."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.model.plan import Ending, Mood, Palette
from otio_soundtrack.provider import wording
from tests.providers.briefs import brief


def test_style_words_begin_with_the_genre_and_the_mood_that_lasts_longest() -> None:
    """What comes first counts most, and is cut last."""
    sections = ((Mood.TENSE, 0.3), (Mood.TENSE, 0.3), (Mood.CALM, 0.3))
    words = wording.style_words(brief(genre="trip hop", sections=sections))
    assert words[:3] == ("trip hop", "tense", "calm")
    assert {"92 BPM", "D minor", "sustained pads", "simple melody", "instrumental"} <= set(words)


def test_style_words_of_a_song_with_voices_do_not_ask_for_an_instrumental() -> None:
    """A voice is welcome then, and nothing is avoided."""
    sung = brief(instrumental=False)
    assert "instrumental" not in wording.style_words(sung)
    assert wording.unwanted(sung) == ()
    assert "vocals" in wording.unwanted(brief())


@pytest.mark.parametrize("palette", list(Palette))
@pytest.mark.parametrize("ending", list(Ending))
def test_every_band_and_every_ending_has_words(palette: Palette, ending: Ending) -> None:
    """A new one cannot be forgotten here."""
    words = wording.style_words(brief(palette=palette, ending=ending))
    assert wording.ENDINGS[ending][0] in words
    assert set(wording.BANDS[palette]) <= set(words)


@pytest.mark.parametrize(
    ("energies", "words"),
    [
        ((0.4,), "even throughout"),
        ((0.4, 0.45), "even throughout"),
        ((0.2, 0.5, 0.9), "slow build to the end"),
        ((0.9, 0.5, 0.2), "falls away slowly"),
        ((0.2, 0.9, 0.2), "slow build to one peak in the middle, then falls away"),
        ((0.2, 0.3, 0.4, 0.5, 0.9, 0.2), "slow build to one peak late, then falls away"),
        ((0.2, 0.8, 0.2, 0.8, 0.2), "rises and falls several times"),
        ((0.8, 0.2, 0.8), "falls back, then returns"),
    ],
)
def test_the_course_of_the_energy_is_told_in_a_few_words(energies: tuple[float, ...], words: str) -> None:
    """A service that reads no times still learns where the music goes."""
    assert wording.course(brief(sections=tuple((Mood.EPIC, energy) for energy in energies)).plan) == words


def test_a_description_keeps_the_words_of_the_user_and_adds_what_they_leave_open() -> None:
    """Tempo, key, voices and ending come from the plan."""
    told = wording.description(brief(prompt="Slow, warm strings"))
    assert told.startswith("Slow, warm strings. 92 BPM, D minor. ")
    assert "no voices" in told
    assert told.endswith("End on a final chord that rings out, no fade.")


def test_a_description_does_not_say_twice_what_the_prompt_says() -> None:
    """Words that the analysis wrote name tempo, voices and ending already."""
    prompt = "Instrumental at 80 BPM. Begins sparse; rises at 0:10. End with a short final hit."
    assert wording.description(brief(prompt=prompt)) == prompt


def test_a_text_within_its_limit_is_left_alone() -> None:
    """Nothing is said of it either."""
    assert wording.shortened("prompt", "warm strings", 12) == ("warm strings", ())


def test_a_text_beyond_its_limit_is_cut_after_a_word_and_that_is_said() -> None:
    """The sentence shows what was left out."""
    text, notes = wording.shortened("prompt", "warm strings, slow piano", 14)
    assert text == "warm strings"
    assert len(notes) == 1
    assert "slow piano" in notes[0]


@given(st.text(max_size=120), st.integers(min_value=1, max_value=60))
def test_no_text_is_longer_than_its_limit_and_no_cut_is_silent(text: str, most: int) -> None:
    """Whatever the text."""
    kept, notes = wording.shortened("title", text, most)
    plain = " ".join(text.split())
    assert len(kept) <= most
    assert plain.startswith(kept)
    assert bool(notes) == (kept != plain)


@given(st.lists(st.text(alphabet="abc ", min_size=1, max_size=9), max_size=12), st.integers(min_value=1, max_value=40))
def test_no_list_is_longer_than_its_limit_and_every_word_is_kept_or_named(words: list[str], most: int) -> None:
    """The least important words go first."""
    kept, notes = wording.listed("style", words, most)
    assert len(kept) <= most
    for word in {word.strip() for word in words if word.strip()}:
        assert word in kept.split(", ") or word in notes[0]


def test_what_no_words_can_ask_for_is_said() -> None:
    """Length, times of sections, hit points and dialogue."""
    said = " ".join(wording.unsayable(brief(sections=((Mood.CALM, 0.2), (Mood.EPIC, 0.9)), hits=3, speech=True)))
    assert "exact length" in said
    assert "2 sections" in said
    assert "3 hit points" in said
    assert "speaks" in said


def test_a_continuation_asks_for_an_ending_only_where_the_music_ends() -> None:
    """An ending in the middle could not be cut out without a trace."""
    assert "come to rest" in wording.continuation(brief(), last=True)
    assert "without an ending" in wording.continuation(brief(), last=False)


def test_the_title_names_the_cue() -> None:
    """Short enough for every service."""
    assert wording.title(brief()) == "1m01 Hopeful"
