"""Archives of services: opened within bounds, their names never used as paths (floor 2)."""

from __future__ import annotations

import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.tools.files import written_whole

MOST_FILES = 200
"""Entries of an archive: a multitrack download has some dozens."""
MOST_BYTES = 4_000_000_000
"""Bytes of all files together: two hours of twenty stems would be more, and no service makes them."""
MOST_RATIO = 200
"""Times that all files together may be larger than their archive: no music packs like that."""
SILENCE_BYTES = 128_000_000
"""What a small archive may hold although it is beyond that: silent stems pack a thousandfold (seven minutes, 24 bit, 48 kHz)."""
MOST_NAME_CHARS = 300
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file that was in an archive."""

    name: str
    """As the archive calls it: text to show and to guess by, never a path."""
    path: Path
    size: int


def unpack(archive: Path, folder: Path, *, most_bytes: int = MOST_BYTES) -> tuple[Entry, ...]:
    """Unpack the files of an archive into a folder, under names of ours, in the order of the archive.

    Folders, links and archives inside are left where they are; what is encrypted, damaged or beyond a bound refuses the whole.

    Args:
        archive: a ZIP file.
        folder: where the files go.
        most_bytes: of all files together.

    Raises:
        UnusableTakeError: the archive cannot be used; nothing is left in the folder.
        StoreError: the folder cannot be written.
    """
    entries: list[Entry] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            room = min(most_bytes, max(SILENCE_BYTES, archive.stat().st_size * MOST_RATIO))
            for number, info in enumerate(_files(opened), start=1):
                path = folder / f"{archive.stem}.{number:03d}.part"
                size = _written(opened, info, path, room)
                entries.append(Entry(name=info.filename[:MOST_NAME_CHARS], path=path, size=size))
                room -= size
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        _clear(entries)
        raise _refused("is damaged, encrypted or packed in an unknown way") from error
    except BaseException:
        _clear(entries)
        raise
    return tuple(entries)


def _files(opened: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    infos = [info for info in opened.infolist() if _is_file(info)]
    if len(infos) > MOST_FILES:
        raise _refused(f"holds {len(infos)} files")
    return infos


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Return whether an entry is a plain file (or of a system that does not say)."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    return not info.is_dir() and kind in (0, stat.S_IFREG)


def _written(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, room: int) -> int:
    """Write an entry and return its size, counted while it is unpacked: what the archive says of it is not believed."""
    if info.flag_bits & 0x1:
        raise _refused("is encrypted")
    size = 0
    with written_whole(path) as scratch, opened.open(info) as packed, scratch.open("wb") as file:
        while block := packed.read(_BLOCK):
            size += len(block)
            if size > room:
                raise _refused("unpacks to more than it can honestly hold")
            file.write(block)
    return size


def _clear(entries: list[Entry]) -> None:
    for entry in entries:
        entry.path.unlink(missing_ok=True)


def _refused(what: str) -> UnusableTakeError:
    return UnusableTakeError(f"the archive of the service {what}: it was not used.", hint="Ask for the music again.")
