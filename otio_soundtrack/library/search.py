"""The library ranked for a cut: columns, parts, order, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otio_soundtrack.library.ranking import parts
from otio_soundtrack.library.reasons import reasons
from otio_soundtrack.library.sentences import INSTALL, installed_model
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.library.words import place_words, searched
from otio_soundtrack.model.track import Track

_COPIES = 3
"""So many times as many tracks as are wanted are looked at, because some may be copies of others."""
_STEM_LETTERS = 5
"""Beginnings that are so long make words of one family, for telling which word was met."""


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A track and where it stands."""

    track: Track
    score: float
    """How well it suits, 0–1."""
    sings: bool
    """Whether a voice is likely in it."""
    reasons: tuple[str, ...]


def ranked(library: Library, wanted: Wanted, count: int) -> list[Ranked]:
    """Return the tracks that suit a cut best, the best first; of equals the one that was added first.

    Args:
        library: the tracks.
        wanted: what the cut asks.
        count: tracks at most.

    Raises:
        StoreError: the index cannot be read.
        SettingsError: the sentence model is damaged.
    """
    columns = library.columns()
    if not len(columns.numbers):
        return []
    words = searched(wanted.prompt)
    found = parts(
        wanted,
        columns.heard,
        own_words=library.word_scores(columns, words).astype(np.float64),
        related_words=library.word_scores(columns, wanted.related).astype(np.float64),
        meaning=library.meaning_scores(columns, wanted.prompt or f"{wanted.mood} film music"),
    )
    order = np.argsort(-found.total, kind="stable")[: _COPIES * count].tolist()
    place_of = {int(columns.numbers[place]): place for place in order}
    # the same music in two folders is one track
    once = {track.sha256: track for track in reversed(library.tracks(columns, order))}
    listed = []
    for track in sorted(once.values(), key=lambda one: order.index(place_of[one.number]))[:count]:
        place = place_of[track.number]
        why = reasons(wanted, found, columns.heard, place, track, matched=met(track, words))
        score, sings = round(float(found.total[place]), 4), bool(found.sings[place])
        listed.append(Ranked(track=track, score=score, sings=sings, reasons=why))
    return listed


def method() -> str:
    """Return how words are compared on this machine, a sentence."""
    if installed_model() is None:
        return f"Words are compared as they are written; with `{INSTALL}` and `library add` again they are compared by meaning."
    return "Words are compared by meaning and as they are written."


def met(track: Track, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that stand in a track's title, tags or names, one of a family for another."""
    own = " ".join((track.title, track.tags.artist, *track.tags.words, place_words(track.path))).lower().split()
    beginnings = {word.strip(".,;:!?()\"'")[:_STEM_LETTERS] for word in own}
    return tuple(word for word in words if word[:_STEM_LETTERS] in beginnings)
