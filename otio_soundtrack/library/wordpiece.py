"""Words as the pieces that sentence models know: WordPiece after Devlin et al. 2019, without accents and capitals (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LONGEST = 128
"""Pieces of a text that are read: a title and its tags have some thirty."""
_BEGIN, _END, _UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_INSIDE = "##"
"""Marks a piece that does not begin a word."""
_MOST_LETTERS = 100
"""A longer word is none."""
_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")


def pieces(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Return the numbers of the pieces of a text, with its beginning and its end.

    Args:
        text: any text.
        vocabulary: piece → number.
    """
    plain = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(char) != "Mn")
    found: list[int] = []
    for word in _WORD.findall(plain):
        found += _parts(word, vocabulary)
    return [vocabulary[_BEGIN], *found[: LONGEST - 2], vocabulary[_END]]


def _parts(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Return the longest pieces from the left; one unknown piece where a rest has none."""
    found: list[int] = []
    start = 0
    while start < len(word) <= _MOST_LETTERS:
        mark = _INSIDE if start else ""
        stop = next((end for end in range(len(word), start, -1) if mark + word[start:end] in vocabulary), start)
        if stop == start:
            return [vocabulary[_UNKNOWN]]
        found.append(vocabulary[mark + word[start:stop]])
        start = stop
    return found or [vocabulary[_UNKNOWN]]
