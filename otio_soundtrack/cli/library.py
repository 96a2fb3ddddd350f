"""``otio-soundtrack library``: the music that ``--provider library`` matches from."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.streams import remark
from otio_soundtrack.errors import SettingsError

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.library.shelving import Shelved
    from otio_soundtrack.tools.catalogue import Entry

_EXAMPLES = """  otio-soundtrack library add ~/Music/Production
  otio-soundtrack library list
  otio-soundtrack library list ~/Music/Production/Drones --json
  otio-soundtrack library remove ~/Music/Production/Drones"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "library", "The local library: add folders of music, list it, forget parts of it.", _EXAMPLES)
    parser.add_argument(
        "action",
        choices=("add", "list", "remove"),
        help="add what is new or has changed under DIR; list; remove DIR from the index. Music files are never changed",
    )
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="folder of music, with its subfolders, or one file")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Added | Listed | Removed:
    """Do what is asked with the library.

    Raises:
        SettingsError: no folder, or one that is not there.
        StoreError: the index cannot be used.
    """
    from otio_soundtrack.pipeline.library.shelving import listed, shelve, unshelve

    if asked.action == "list":
        return Listed(entries=listed(asked.folder))
    if asked.folder is None:
        raise SettingsError(f"library {asked.action} needs a folder.", hint=f"otio-soundtrack library {asked.action} DIR")
    if asked.action == "remove":
        return Removed(tracks=unshelve(asked.folder))
    try:
        return Added(shelved=shelve(asked.folder, progress=progress_for(quiet=asked.quiet)))
    except KeyboardInterrupt:
        remark("\notio-soundtrack: what was listened to is kept; add the folder again to go on.")
        raise


@dataclass(frozen=True)
class Added:
    """What became of a folder."""

    shelved: Shelved

    def text(self) -> str:
        """Return it in a few lines."""
        done = self.shelved
        lines = [f"passed over  {path}: {why}" for path, why in done.refused]
        counts = (
            f"{done.added} added, {done.changed} changed, {done.moved} moved, {done.unchanged} as they were, {done.removed} gone"
        )
        return "\n".join([*lines, f"{counts}; {done.total} tracks in the library"])

    def json(self) -> object:
        """Return the counts."""
        done = self.shelved
        return {
            "added": done.added,
            "changed": done.changed,
            "moved": done.moved,
            "unchanged": done.unchanged,
            "removed": done.removed,
            "refused": [{"path": str(path), "reason": why} for path, why in done.refused],
            "tracks": done.total,
        }


@dataclass(frozen=True)
class Listed:
    """Tracks of the library."""

    entries: tuple[Entry, ...]

    def text(self) -> str:
        """Return a line a track, and what is on file of its rights."""
        lines = [f"{one.path}\n    {_rights(one)}" for one in self.entries]
        return "\n".join([*lines, f"{len(self.entries)} tracks"])

    def json(self) -> object:
        """Return the tracks."""
        return {
            "tracks": [
                {
                    "path": str(one.path),
                    "sha256": one.sha256,
                    "bytes": one.size,
                    "artist": one.tags.artist,
                    "tags": list(one.tags.words),
                    "rights": one.tags.rights.told().model_dump(),
                }
                for one in self.entries
            ]
        }


@dataclass(frozen=True)
class Removed:
    """How many were forgotten."""

    tracks: int

    def text(self) -> str:
        """Return it in a line."""
        return f"{self.tracks} tracks forgotten; the files are as they were"

    def json(self) -> object:
        """Return the number."""
        return {"removed": self.tracks}


def _rights(entry: Entry) -> str:
    """Return whose a track is, in a line."""
    told = entry.tags.rights.told()
    names = ("title", "composer", "publisher", "isrc", "licence")
    return ", ".join(f"{name}: {getattr(told, name)}" for name in names)
