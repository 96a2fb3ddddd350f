"""The index of the local library on disk: which files there are, what is heard in them, their words (floor 2).

::

    HOME/library/index.sqlite3   tracks by folder and name, packed descriptors, full-text index (FTS5) of titles, people, tags

What is packed is not looked into here. A file is known by its size and time; its hash tells whether it is still the same music.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.model.track import Rights, Tags
from otio_soundtrack.tools import catalogue_words
from otio_soundtrack.tools.database import Database, transaction

FOLDER, FILE = "library", "index.sqlite3"
BLOCK = 256
"""Packed descriptors that lie together: a hundred thousand tracks are four hundred reads, and a new track writes 20 KB."""
_AT_ONCE = 500
"""Rows asked for by number in one statement: SQLite takes 999 values in its oldest form."""

_TRACKS = """CREATE TABLE tracks (
    id INTEGER PRIMARY KEY, folder INTEGER NOT NULL REFERENCES folders (id), name TEXT NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, sha256 BLOB NOT NULL, title TEXT NOT NULL, artist TEXT NOT NULL, composer TEXT NOT NULL,
    publisher TEXT NOT NULL, isrc TEXT NOT NULL, licence TEXT NOT NULL, tags TEXT NOT NULL, place TEXT NOT NULL,
    UNIQUE (folder, name))"""
_WORDS = """CREATE VIRTUAL TABLE words USING fts5 (
    title, artist, composer, tags, place, content = 'tracks', content_rowid = 'id', tokenize = 'porter unicode61')"""
_INDEXED = ", ".join(catalogue_words.FIELDS)
UPGRADES: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE folders (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE)",
        _TRACKS,
        "CREATE TABLE heard (block INTEGER PRIMARY KEY, rows BLOB NOT NULL)",
        _WORDS,
    ),
)
"""Statements that lead from version i to i + 1. Never changed, only appended to."""
_SELECT = "SELECT tracks.*, folders.path AS folder_path FROM tracks JOIN folders ON folders.id = tracks.folder"
_COLUMNS = f"folder, name, size, modified, sha256, publisher, isrc, licence, {_INDEXED}"
_PUT = (
    f"INSERT INTO tracks ({_COLUMNS}) VALUES ({', '.join('?' * len(_COLUMNS.split(',')))}) ON CONFLICT (folder, name) "  # noqa: S608
    f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS.split(', ')[2:])} RETURNING id"
)
_BETWEEN_TAGS = "\n"
"""Between tags in their column: no tag has a line break."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file in the index."""

    number: int
    path: Path
    size: int
    modified_ns: int
    sha256: str
    tags: Tags
    place: str = ""
    """Words of its name and folder."""


def there(home: Path) -> bool:
    """Return whether a store has an index."""
    return (home / FOLDER / FILE).is_file()


def counted(home: Path) -> int:
    """Return how many tracks the library of a store has; nothing is made where there is none.

    Raises:
        StoreError: the index cannot be read.
    """
    if not there(home):
        return 0
    with closing(Catalogue(home)) as catalogue:
        return catalogue.count()


class Catalogue:
    """The index of one store; used by the thread that opened it, beside other processes that have it open too.

    Every method raises :class:`~otio_soundtrack.errors.StoreError` where the disk does not do its part.
    """

    def __init__(self, home: Path) -> None:
        """Open it, made where needed.

        Args:
            home: folder of the store.
        """
        self._file = Database(
            path=home / FOLDER / FILE,
            name="the index of the library",
            upgrades=UPGRADES,
            when_damaged="Move the file away and run `otio-soundtrack library add` again: the music itself is not touched.",
            durable=False,
        )
        self._connection = self._file.opened()

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._file.path.parent

    def count(self) -> int:
        """Return how many tracks there are."""
        return int(self._rows("SELECT count(*) FROM tracks")[0][0])

    def put(self, entry: Entry, row: bytes) -> int:
        """Keep a track and return its number; a file that is there already keeps its own.

        Args:
            entry: the file; its number does not matter.
            row: packed descriptors.
        """
        with self._writing():
            return self._put(entry, row)

    def put_all(self, tracks: Iterable[tuple[Entry, bytes]]) -> list[int]:
        """Keep many tracks at once, all or none; see :meth:`put`."""
        with self._writing():
            return [self._put(entry, row) for entry, row in tracks]

    def touch(self, number: int, size: int, modified_ns: int) -> None:
        """Note that a file was written again with the same bytes."""
        with self._writing():
            self._connection.execute("UPDATE tracks SET size = ?, modified = ? WHERE id = ?", (size, modified_ns, number))

    def entries(self, under: Path | None = None) -> tuple[Entry, ...]:
        """Return the files in order of their paths.

        Args:
            under: a folder or a file; None for all.
        """
        if under is None:
            found = self._rows(f"{_SELECT} ORDER BY folder_path, name")
        else:
            folder = str(under)
            found = self._rows(
                f"{_SELECT} WHERE folder_path = ? OR substr(folder_path, 1, ?) = ? OR (folder_path = ? AND name = ?) "
                "ORDER BY folder_path, name",
                (folder, len(folder) + 1, f"{folder.rstrip('/')}/", str(under.parent), under.name),
            )
        return tuple(_entry(row) for row in found)

    def these(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return files by their numbers; those that are not there any more are left out."""
        found: dict[int, Entry] = {}
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            rows = self._rows(f"{_SELECT} WHERE tracks.id IN ({', '.join('?' * len(some))})", tuple(some))
            found |= {int(row["id"]): _entry(row) for row in rows}
        return found

    def packed(self) -> bytes:
        """Return the packed descriptors of tracks 1, 2, 3 … one after the other; zeros where a track is not there any more."""
        found = dict(self._tuples("SELECT block, rows FROM heard"))
        if not found:
            return b""
        empty = bytes(len(next(iter(found.values()))))
        return b"".join(found.get(block, empty) for block in range(max(found) + 1))

    def saying(self, words: Sequence[str], fields: Sequence[str]) -> list[int]:
        """Return the numbers of the tracks that say one of some words in some fields; see :func:`catalogue_words.saying`."""
        return catalogue_words.saying(self._tuples, words, fields)

    def said(self, words: Sequence[str], numbers: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
        """Return what tracks say of some words, by their numbers, then by column; see :func:`catalogue_words.said`."""
        return catalogue_words.said(self._tuples, words, numbers)

    def numbers(self, path: Path) -> list[int]:
        """Return the number of a file, none where it is not there."""
        found = self._rows(
            "SELECT tracks.id FROM tracks JOIN folders ON folders.id = tracks.folder WHERE folders.path = ? AND name = ?",
            (str(path.parent), path.name),
        )
        return [int(row[0]) for row in found]

    def remove(self, files: Mapping[int, Path]) -> None:
        """Forget files by their numbers, where they still have them; the files stay as they are."""
        with self._writing():
            self._forget([number for number, one in self.these(list(files)).items() if one.path == files[number]], keep=False)
            self._connection.execute("DELETE FROM folders WHERE id NOT IN (SELECT folder FROM tracks)")

    def _put(self, entry: Entry, row: bytes) -> int:
        rights, folder = entry.tags.rights, self._folder(entry.path.parent)
        self._forget(self._numbers("folder = ? AND name = ?", (folder, entry.path.name)), keep=True)
        values = (
            folder,
            entry.path.name,
            entry.size,
            entry.modified_ns,
            bytes.fromhex(entry.sha256),
            rights.publisher,
            rights.isrc,
            rights.licence,
            rights.title,
            entry.tags.artist,
            rights.composer,
            _BETWEEN_TAGS.join(entry.tags.words),
            entry.place,
        )
        number = int(self._connection.execute(_PUT, values).fetchone()[0])
        self._lay(number, row)
        self._connection.execute(
            f"INSERT INTO words (rowid, {_INDEXED}) SELECT id, {_INDEXED} FROM tracks WHERE id = ?",  # noqa: S608  # our own names
            (number,),
        )
        return number

    def _forget(self, numbers: Sequence[int], *, keep: bool) -> None:
        """Take tracks out of the index of words, and unless they are kept, out of everything."""
        for number in numbers:
            self._connection.execute(
                f"INSERT INTO words (words, rowid, {_INDEXED}) SELECT 'delete', id, {_INDEXED} FROM tracks WHERE id = ?",  # noqa: S608
                (number,),
            )
            if not keep:
                self._lay(number, b"")
                self._connection.execute("DELETE FROM tracks WHERE id = ?", (number,))

    def _lay(self, number: int, row: bytes) -> None:
        """Lay packed descriptors into their block; none leave zeros."""
        block, place = divmod(number - 1, BLOCK)
        found = self._connection.execute("SELECT rows FROM heard WHERE block = ?", (block,)).fetchone()
        if found is None and not row:
            return
        rows = bytearray(BLOCK * len(row)) if found is None else bytearray(found[0])
        size = len(rows) // BLOCK
        rows[place * size : (place + 1) * size] = row or bytes(size)
        self._connection.execute("INSERT OR REPLACE INTO heard (block, rows) VALUES (?, ?)", (block, bytes(rows)))

    def _numbers(self, where: str, values: tuple[object, ...]) -> list[int]:
        return [int(row[0]) for row in self._connection.execute(f"SELECT id FROM tracks WHERE {where}", values)]  # noqa: S608

    def _folder(self, path: Path) -> int:
        self._connection.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (str(path),))
        return int(self._connection.execute("SELECT id FROM folders WHERE path = ?", (str(path),)).fetchone()[0])

    def _rows(self, statement: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        with self._file.errors():
            return self._connection.execute(statement, values).fetchall()

    def _tuples(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return rows without names: a hundred thousand of them are made faster."""
        with self._file.errors():
            cursor = self._connection.cursor()
            cursor.row_factory = None
            return cursor.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._file.errors(), transaction(self._connection):
            yield


def _entry(row: sqlite3.Row) -> Entry:
    rights = Rights(**{name: row[name] for name in ("title", "composer", "publisher", "isrc", "licence")})
    tags = Tags(rights=rights, artist=row["artist"], words=tuple(filter(None, row["tags"].split(_BETWEEN_TAGS))))
    return Entry(
        number=row["id"],
        path=Path(row["folder_path"]) / row["name"],
        size=row["size"],
        modified_ns=row["modified"],
        sha256=row["sha256"].hex(),
        tags=tags,
        place=row["place"],
    )
