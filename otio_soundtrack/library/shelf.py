"""The index of the library: tracks go in, columns and words come out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.library.rows import Rows, packed, rows, unpacked
from otio_soundtrack.library.sentences import Matrix, installed_model
from otio_soundtrack.library.vectors import Vectors
from otio_soundtrack.library.words import place_words, told
from otio_soundtrack.model.track import Descriptors, Track
from otio_soundtrack.tools.catalogue import Catalogue, Entry

_AT_ONCE = 64
"""Texts that are turned into vectors between two looks at the clock: half a second."""
_CLARITIES = ((("artist", "composer"), 0.25), (("tags",), 0.6), (("title", "place"), 1.0))
"""How clearly words stand for a track, by where they stand: tags name its album, too, which says little of one track."""
_SAID_SHARE = 0.6
"""Of the words that any track says, weighed by how rare they are: a track that says so much of them says what is asked."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """All tracks of the library as columns, in one order."""

    numbers: NDArray[np.int64]
    """In the index, rising [shape=(tracks,)]."""
    heard: Rows
    """[shape=(tracks,)]."""


class Library:
    """The library of one store; used by the thread that opened it.

    Every method raises :class:`~otio_soundtrack.errors.StoreError` where the disk does not do its part.
    """

    def __init__(self, home: Path) -> None:
        """Open it, made where needed.

        Args:
            home: folder of the store.
        """
        self._catalogue = Catalogue(home)
        self._vectors = Vectors(self._catalogue.folder)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None) -> None:
        self._catalogue.close()

    def __len__(self) -> int:
        return self._catalogue.count()

    def files(self, under: Path | None = None) -> tuple[Entry, ...]:
        """Return the files of the index, all or those under a folder (or one file), in order of their paths."""
        return self._catalogue.entries(under)

    def put(self, track: Track) -> int:
        """Keep a track and return its number; one whose file is there already takes its place."""
        entry = Entry(
            number=0,
            path=track.path,
            size=track.size,
            modified_ns=track.modified_ns,
            sha256=track.sha256,
            tags=track.tags,
            place=place_words(track.path),
        )
        for known in self._catalogue.numbers(track.path):  # first: what is broken off here has no vector, not a false one
            self._vectors.forget(known)
        return self._catalogue.put(entry, packed(track.heard))

    def touch(self, entry: Entry, size: int, modified_ns: int) -> None:
        """Note that a file was written again with the same music in it."""
        self._catalogue.touch(entry.number, size, modified_ns)

    def remove(self, tracks: Sequence[Entry | Track]) -> None:
        """Forget tracks, unless their numbers are those of other files meanwhile; the files stay as they are."""
        for track in tracks:
            self._vectors.forget(track.number)
        self._catalogue.remove({track.number: track.path for track in tracks})

    def sized(self, sizes: Collection[int]) -> list[Track]:
        """Return the tracks whose files have one of some sizes, bytes."""
        columns = self.columns()
        numbers = [entry.number for entry in self._catalogue.entries() if entry.size in sizes] if sizes else []
        return self.tracks(columns, np.searchsorted(columns.numbers, numbers).tolist())

    def columns(self) -> Columns:
        """Return all tracks."""
        kept = rows(self._catalogue.packed())
        there = np.flatnonzero(kept["seconds"] > 0)
        return Columns(numbers=there + 1, heard=kept[there])

    def tracks(self, columns: Columns, places: Sequence[int]) -> list[Track]:
        """Return the tracks at some places of the columns, in their order; those that were removed meanwhile are left out."""
        numbers = [int(columns.numbers[place]) for place in places]
        entries = self._catalogue.these(numbers)
        heard = {number: unpacked(columns.heard[place]) for number, place in zip(numbers, places, strict=True)}
        return [_track(entries[number], heard[number]) for number in numbers if number in entries]

    def word_scores(self, columns: Columns, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how clearly tracks say some words, 0–1; rare words count most [shape=(tracks,)]."""
        scores, said, whole = np.zeros(len(columns.numbers)), np.zeros(len(columns.numbers)), 0.0
        for word in words:
            clarity = self.any_word_scores(columns, [word])
            if many := int(np.count_nonzero(clarity)):
                rarity = log(1 + len(clarity) / many)
                scores, said, whole = scores + rarity * clarity, said + rarity * (clarity > 0), whole + rarity
        return scores / np.maximum(said, _SAID_SHARE * whole) if whole else scores

    def any_word_scores(self, columns: Columns, words: Sequence[str]) -> NDArray[np.float64]:
        """Return how clearly tracks say one of some words, 0–1 [shape=(tracks,)]."""
        scores = np.zeros(len(columns.numbers))
        for fields, clarity in _CLARITIES:
            scores[np.searchsorted(columns.numbers, self._catalogue.saying(words, fields))] = clarity
        return scores

    def said(self, words: Sequence[str], numbers: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
        """Return what tracks themselves say of some words: number → ``title``, ``tags``, ``place`` … → their words."""
        return self._catalogue.said(words, numbers)

    def meaning_scores(self, columns: Columns, text: str) -> NDArray[np.float32] | None:
        """Return how alike tracks are to a text in meaning, −1 to 1; None where there is no sentence model, or no vector yet."""
        model, known = installed_model(), self._vectors.all()
        if model is None or len(known) == 0 or not text.strip():
            return None
        products = np.zeros(int(max(columns.numbers.max(initial=0), len(known))), np.float32)
        products[: len(known)] = known @ model.vectors([text])[0]
        return products[columns.numbers - 1]

    def without_meaning(self) -> list[int]:
        """Return the numbers of tracks that have no vector; none where there is no model to make one."""
        if installed_model() is None:
            return []
        known = self._vectors.all()
        return [number for number in self.columns().numbers.tolist() if number > len(known) or not known[number - 1].any()]

    def give_meaning(self, numbers: Sequence[int]) -> Iterator[int]:
        """Make the vectors of tracks, some at a time, and yield how many were made so far."""
        model, columns = installed_model(), self.columns()
        if model is None:
            return
        places = {number: place for place, number in enumerate(columns.numbers.tolist())}
        for first in range(0, len(numbers), _AT_ONCE):
            wanted = [places[number] for number in numbers[first : first + _AT_ONCE] if number in places]
            some = self.tracks(columns, wanted)
            made: Matrix = model.vectors([told(one.title, one.tags, place_words(one.path), one.heard) for one in some])
            for one, vector in zip(some, made, strict=True):
                self._vectors.put(one.number, vector)
            yield min(len(numbers), first + _AT_ONCE)


def _track(entry: Entry, heard: Descriptors) -> Track:
    return Track(
        path=entry.path,
        size=entry.size,
        modified_ns=entry.modified_ns,
        sha256=entry.sha256,
        tags=entry.tags,
        heard=heard,
        number=entry.number,
    )
