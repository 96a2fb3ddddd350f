"""Folders of music → the library's index; nothing in them is changed."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.model.track import Track
from otio_soundtrack.pipeline.library.describing import track_of
from otio_soundtrack.pipeline.library.folders import Looked, gone, looked, same
from otio_soundtrack.pipeline.library.listeners import heard
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import home
from otio_soundtrack.tools.catalogue import FOLDER, Entry, there
from otio_soundtrack.tools.database import PRIVATE_FOLDER
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.locks import Lock

ADDING_LOCK = "adding.lock"
"""Beside the index: held while tracks are added. Two at once would listen to the same files, and share the same cores."""
SCRATCH = "listening"
"""Folder beside the index for what is decoded; cleared by whoever adds next where nobody else could."""


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """What became of a folder."""

    added: int
    changed: int
    """Files that were there before, with other music."""
    moved: int
    """Files that had another name or place before."""
    unchanged: int
    removed: int
    """Tracks whose files are not there any more."""
    refused: tuple[tuple[Path, str], ...]
    """Files that are no music that can be used, and folders that cannot be read, and why."""
    total: int
    """Tracks in the library now."""


def shelve(folder: Path, *, progress: Progress = silent) -> Shelved:
    """Add a folder, or a file, to the library; what is there already, under whatever name, is not listened to again.

    Every track is kept as soon as it is heard: what is broken off goes on where it was.

    Args:
        folder: of music, with its subfolders.
        progress: is told how far the work is.

    Raises:
        SettingsError: there is no such folder, it cannot be read, or all that the library knew of it is gone.
        StoreError: the index cannot be written.
    """
    place = _place(folder)
    if gone(place):
        raise SettingsError(f"there is no folder {folder}.", hint="Give a folder of music, or a music file.")
    with _alone(progress) as scratch, Library(home()) as library:
        shelf = _Shelf(library, looked(place), {entry.path: entry for entry in library.files(place)})
        shelf.check(folder)
        fresh = shelf.fresh()
        for done, (path, said) in enumerate(heard(fresh, scratch), start=1):
            shelf.keep(path, said)
            progress("listening", done / len(fresh))
        shelf.forget_gone()
        _give_meaning(library, progress)
        return shelf.result()


@dataclass(frozen=True)
class _Shelf:
    """A folder on its way into the library."""

    library: Library
    looked: Looked
    known: dict[Path, Entry]
    """What the library has of it, by path."""
    twins: dict[str, Track] = field(default_factory=dict)
    """Tracks that a fresh file may hold the music of, by their hash, as they were before anything changed."""
    became: Counter[str] = field(default_factory=Counter)
    """How many files became what, by the names of :class:`Shelved`."""
    taken: Counter[str] = field(default_factory=Counter)
    """How many new files hold the music of a track, by its hash."""

    def check(self, folder: Path) -> None:
        """Check that there is something to look at.

        Raises:
            SettingsError: nothing can be read; or nothing is left: what took days to hear is not forgotten for an empty mount
                point.
        """
        if self.looked.files or not (self.looked.closed or self.known):
            return
        if self.looked.closed:
            path, why = self.looked.closed[0]
            raise SettingsError(f"{path} cannot be read: {why}", hint="Check its permissions, or give another folder.")
        raise SettingsError(
            f"no music is left in {folder}, where the library knows {len(self.known)} tracks; they were kept.",
            hint="If its disk is not mounted, mount it; else `otio-soundtrack library remove` forgets them.",
        )

    def fresh(self) -> list[tuple[Path, tuple[str, ...]]]:
        """Return the files that are new or changed, with the hashes of tracks of the same size: each may be one of them."""
        files = {path: state for path, state in self.looked.files.items() if not same(state, self.known.get(path))}
        self.became["unchanged"] = len(self.looked.files) - len(files)
        alike = self.library.sized({state.st_size for state in files.values()})
        self.twins.update((track.sha256, track) for track in alike)
        return [(path, tuple({one.sha256 for one in alike if one.size == state.st_size})) for path, state in files.items()]

    def keep(self, path: Path, said: Mapping[str, Any]) -> None:
        """Keep what is said of a file.

        Raises:
            StoreError: there was no room to listen to it, or there is none to keep it.
        """
        before = self.known.get(path)
        if "full" in said:
            raise StoreError(said["full"], hint=said["hint"])
        if "error" in said:
            self.looked.closed.append((path, said["error"]))
            self.library.remove([before] if before else [])
        elif "track" in said:
            self.library.put(track_of(path, dict(said["track"])))
            self.became["changed" if before else "added"] += 1
        elif before and before.sha256 == said["same"]["sha256"]:
            self.library.touch(before, said["same"]["size"], said["same"]["modified_ns"])
            self.became["unchanged"] += 1
        else:
            twin = self.twins[said["same"]["sha256"]]
            self.library.put(replace(twin, path=path, **said["same"]))
            self.became["changed" if before else "added"] += 1
            self.taken[twin.sha256] += not before

    def forget_gone(self) -> None:
        """Forget what is not there any more: after the rest, because it may have another name now."""
        tracks: dict[Path, Entry | Track] = {self.twins[digest].path: self.twins[digest] for digest in self.taken}
        tracks.update(self.known)
        lost = [one for path, one in tracks.items() if path not in self.looked.files and gone(path)]
        self.library.remove(lost)
        moved = (self.taken & Counter(one.sha256 for one in lost)).total()
        self.became.update(moved=moved, added=-moved, removed=len(lost) - moved)

    def result(self) -> Shelved:
        """Return what became of the folder."""
        became = {name: self.became[name] for name in ("added", "changed", "moved", "unchanged", "removed")}
        return Shelved(**became, refused=tuple(sorted(self.looked.closed)), total=len(self.library))


def listed(under: Path | None = None) -> tuple[Entry, ...]:
    """Return the tracks of the library, all or those under a folder.

    Raises:
        StoreError: the index cannot be read.
    """
    if not there(home()):
        return ()
    with Library(home()) as library:
        return library.files(None if under is None else _place(under))


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


def _place(folder: Path) -> Path:
    """Return the one name of a folder that the index knows it by: ``../Music`` is where it leads from here."""
    return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100  # resolve() would replace links by where they lead


@contextmanager
def _alone(progress: Progress) -> Iterator[Path]:
    """Give a folder for what is decoded, while nobody else adds; who has to wait is told."""
    lock, scratch = Lock(home() / FOLDER / ADDING_LOCK), home() / FOLDER / SCRATCH
    if not lock.taken():
        progress("waiting for another `library add`", 0.0)
    with lock:
        shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
        with store_errors(scratch):
            scratch.mkdir(mode=PRIVATE_FOLDER)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _give_meaning(library: Library, progress: Progress) -> None:
    """Make sentence vectors for tracks that have none, where the model is installed."""
    missing = library.without_meaning()
    for done in library.give_meaning(missing):
        progress("reading titles and tags", done / len(missing))
