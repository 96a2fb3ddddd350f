"""Folders of music → the library's index; nothing in them is changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.pipeline.library.describing import track_of
from otio_soundtrack.pipeline.library.listeners import heard
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import home
from otio_soundtrack.tools.catalogue import Entry, there

SUFFIXES = frozenset(
    (".wav", ".wave", ".bwf", ".aif", ".aiff", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wma", ".caf")
)
"""What music is delivered as; other files of a folder are not looked at."""


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """What became of a folder."""

    added: int
    changed: int
    """Files that were there before, with other music."""
    unchanged: int
    removed: int
    """Tracks whose files are not there any more."""
    refused: tuple[tuple[Path, str], ...]
    """Files that are no music that can be used, and why."""
    total: int
    """Tracks in the library now."""


def shelve(folder: Path, *, progress: Progress = silent) -> Shelved:
    """Add a folder, or a file, to the library; what is there already and has not changed is not listened to again.

    Every track is kept as soon as it is heard: what is broken off goes on where it was.

    Args:
        folder: of music, with its subfolders.
        progress: is told how far the work is.

    Raises:
        SettingsError: there is no such folder.
        StoreError: the index cannot be written.
    """
    place = folder.expanduser().absolute()
    if not place.exists():
        raise SettingsError(f"there is no folder {folder}.", hint="Give a folder of music, or a music file.")
    with Library(home()) as library:
        known = {entry.path: entry for entry in library.files(place)}
        found = list(_music(place))
        gone = [entry for path, entry in known.items() if not path.exists()]
        library.remove(gone)
        fresh = [path for path in found if not _same(path, known.get(path))]
        refused: list[tuple[Path, str]] = []
        changed = rewritten = 0
        asked = [(path, known[path].sha256 if path in known else "") for path in fresh]
        for done, (path, said) in enumerate(heard(asked), start=1):
            if "error" in said:
                refused.append((path, said["error"]))
                library.remove([known[path]] if path in known else [])
            elif "same" in said:
                library.touch(known[path], said["same"]["size"], said["same"]["modified_ns"])
                rewritten += 1
            else:
                library.put(track_of(path, dict(said["track"])))
                changed += path in known
            progress("listening", done / len(fresh))
        _give_meaning(library, progress)
        return Shelved(
            added=len(fresh) - len(refused) - changed - rewritten,
            changed=changed,
            unchanged=len(found) - len(fresh) + rewritten,
            removed=len(gone),
            refused=tuple(sorted(refused)),
            total=len(library),
        )


def listed(under: Path | None = None) -> tuple[Entry, ...]:
    """Return the tracks of the library, all or those under a folder.

    Raises:
        StoreError: the index cannot be read.
    """
    if not there(home()):
        return ()
    with Library(home()) as library:
        return library.files(None if under is None else under.expanduser().absolute())


def unshelve(folder: Path) -> int:
    """Forget the tracks under a folder, or one file, and return how many there were; the files stay as they are.

    Raises:
        SettingsError: none of them is in the library.
        StoreError: the index cannot be written.
    """
    entries = listed(folder)
    if not entries:
        raise SettingsError(f"nothing under {folder} is in the library.", hint="See `otio-soundtrack library list`.")
    with Library(home()) as library:
        library.remove(entries)
    return len(entries)


def _music(place: Path) -> Iterator[Path]:
    """Yield the music files of a folder and its subfolders, in order; a file that is named is taken whatever its suffix."""
    if not place.is_dir():
        yield place
        return
    for root, folders, names in os.walk(place):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root) / name
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and path.is_file():
                yield path


def _same(path: Path, entry: Entry | None) -> bool:
    """Return whether a file is as it was when it was heard, by its size and time."""
    state = path.stat()
    return entry is not None and (entry.size, entry.modified_ns) == (state.st_size, state.st_mtime_ns)


def _give_meaning(library: Library, progress: Progress) -> None:
    """Make sentence vectors for tracks that have none, where the model is installed."""
    missing = library.without_meaning()
    for done in library.give_meaning(missing):
        progress("reading titles and tags", done / len(missing))
