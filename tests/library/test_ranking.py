"""The parts of a rank, on columns."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.library.ranking import WORDS, parts
from otio_soundtrack.library.rows import packed, rows
from tests.library.tracks import cut, heard

FOUR = rows(packed(heard()) * 4)


@pytest.mark.parametrize(
    ("meaning", "literal", "clear"),
    [
        ((0.31, 0.31, 0.31, 0.57), (0, 0, 0, 0), (False, False, False, True)),  # a track that means it, among music
        ((0.12, 0.31, 0.05, 0.29), (0, 0, 0, 0), (False, False, False, False)),  # words that have nothing to do with music
        ((0.55, 0.56, 0.54, 0.72), (0, 0, 0, 0), (False, False, False, True)),  # a library that is all about what is asked
        ((0.31, 0.31, 0.31, 0.60), (1, 0, 0, 0), (True, False, False, True)),  # one says it, one means it
    ],
)
def test_a_meaning_counts_by_how_far_it_stands_above_what_all_music_has(
    meaning: tuple[float, ...], literal: tuple[float, ...], clear: tuple[bool, ...]
) -> None:
    """And a word that is written counts more than one that is meant."""
    wanted, said = cut(prompt="anything"), np.array(literal, np.float64)
    found = parts(wanted, FOUR, own_words=said, related_words=np.zeros(4), meaning=np.array(meaning, np.float32))
    words = found.values["words"]
    assert found.weights["words"] == WORDS
    assert [bool(one > 0.5) for one in words] == list(clear)
    assert all(words[~np.array(clear)] < 0.1)
    assert words.argmax() == (int(np.argmax(said)) if said.any() else int(np.argmax(meaning)))


def test_words_for_the_mood_of_the_picture_do_not_answer_a_prompt() -> None:
    """Only those for moods that the prompt names do, at half of what its own words are worth."""
    related = np.array([1.0, 0, 0, 0])
    for named, worth in ((True, 0.5), (False, 0.0)):
        wanted = cut(prompt="anything", named=named)
        found = parts(wanted, FOUR, own_words=np.zeros(4), related_words=related, meaning=None)
        assert found.values["words"].tolist() == [worth, 0, 0, 0]
    assert parts(cut(), FOUR, own_words=np.zeros(4), related_words=related, meaning=None).values["words"][0] == 1.0
