"""A folder as it stands: its music, and what of it cannot be looked at."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from otio_soundtrack.tools.catalogue import Entry

SUFFIXES = frozenset(
    (".wav", ".wave", ".bwf", ".aif", ".aiff", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wma", ".caf")
)
"""What music is delivered as; other files of a folder are not looked at."""


@dataclass(frozen=True)
class Looked:
    """What was found in a folder."""

    files: dict[Path, os.stat_result] = field(default_factory=dict)
    """The music, in order, with size and time."""
    closed: list[tuple[Path, str]] = field(default_factory=list)
    """Folders and files that cannot be looked at, and why."""


def looked(place: Path) -> Looked:
    """Return the music of a folder and its subfolders; a file that is named is taken whatever its suffix.

    Links to files are followed, links to folders are not: they may lead in a circle. What is gone when it is looked at was never
    there.
    """
    found = Looked()
    for path in _named(place, found) if os.path.isdir(place) else (place,):  # noqa: PTH112  # Path's raises where it is closed
        state = _state(path, found)
        if state is not None and stat.S_ISREG(state.st_mode):
            found.files[path] = state
    return found


def _state(path: Path, found: Looked) -> os.stat_result | None:
    """Return what the system knows of a file; None where it is gone or closed, which is noted."""
    try:
        str(path).encode()
        return path.stat()
    except FileNotFoundError:  # gone since, or a link that leads nowhere
        return None
    except UnicodeEncodeError:
        found.closed.append((_shown(path), "its name is not in the encoding of this system: rename it."))
    except OSError as error:
        found.closed.append((path, f"{error.strerror}."))
    return None


def gone(path: Path) -> bool:
    """Return whether a file is not there any more; of one in a folder that is closed for now nobody knows."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def same(state: os.stat_result, entry: Entry | None) -> bool:
    """Return whether a file is as it was when it was heard, by its size and time."""
    return entry is not None and (entry.size, entry.modified_ns) == (state.st_size, state.st_mtime_ns)


def _named(place: Path, found: Looked) -> Iterator[Path]:
    """Yield what is called music, folder by folder; folders that cannot be read are noted."""

    def closed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            found.closed.append((_shown(Path(os.fsdecode(error.filename))), f"{error.strerror}."))

    for root, folders, names in os.walk(place, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (
            Path(root) / name for name in sorted(names) if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".")
        )


def _shown(path: Path) -> Path:
    """Return a path in characters that can be written."""
    return Path(os.fsencode(path).decode(errors="replace"))
