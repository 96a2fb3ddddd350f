"""The library ranked for a cut: columns, parts, order, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from otio_soundtrack.library.ranking import parts
from otio_soundtrack.library.reasons import reasons
from otio_soundtrack.library.sentences import INSTALL, installed_model
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.library.words import searched
from otio_soundtrack.model.track import Track

_COPIES = 3
"""So many times as many tracks as are wanted are looked at, because some may be copies of others."""


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
        own_words=library.word_scores(columns, words),
        related_words=library.any_word_scores(columns, wanted.related),
        meaning=library.meaning_scores(columns, wanted.prompt or f"{wanted.mood} film music"),
    )
    order = np.argsort(-found.total, kind="stable")[: _COPIES * count].tolist()
    place_of = {int(columns.numbers[place]): place for place in order}
    # the same music in two folders is one track
    once = {track.sha256: track for track in reversed(library.tracks(columns, order))}
    best = sorted(once.values(), key=lambda one: order.index(place_of[one.number]))[:count]
    sought = (*words, *wanted.related) if wanted.named or not wanted.prompt else words
    said = library.said(sought, [track.number for track in best])
    listed = []
    for track in best:
        place = place_of[track.number]
        why = reasons(wanted, found, columns.heard, place, track, said=said.get(track.number, {}))
        score, sings = round(float(found.total[place]), 4), bool(found.sings[place])
        listed.append(Ranked(track=track, score=score, sings=sings, reasons=why))
    return listed


def method() -> str:
    """Return how words are compared on this machine, a sentence."""
    if installed_model() is None:
        return f"Words are compared as they are written; with `{INSTALL}` and `library add` again they are compared by meaning."
    return "Words are compared by meaning and as they are written."
