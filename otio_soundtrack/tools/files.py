"""Files of ours: written whole or not at all (floor 2)."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from otio_soundtrack.errors import StoreError

T = TypeVar("T")
_READ_BYTES = 1 << 20
_PRIVATE = 0o600


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` while writing ``path`` into a :class:`StoreError` that says what to do."""
    try:
        yield
    except OSError as error:
        hints = {
            errno.ENOSPC: "The disk is full: free some space or choose another folder.",
            errno.EDQUOT: "The disk quota is used up: free some space or choose another folder.",
            errno.EACCES: "Check the permissions of the folder or choose another one.",
            errno.EPERM: "Check the permissions of the folder or choose another one.",
            errno.ENOTDIR: "Choose another folder.",
            errno.EISDIR: "A folder has that name: move it away or choose another name.",
            errno.EROFS: "The disk is read-only: choose another folder.",
        }
        reason = error.strerror or str(error)
        hint = hints.get(error.errno or 0, "Check the disk and the limits of this account, or choose another folder.")
        raise StoreError(f"could not write {path}: {reason}.", hint=hint) from error


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a scratch path beside ``path``; on success it takes the place of ``path`` in one step, on any failure it is gone.

    The folder is made where it is missing. The suffix of the scratch path is that of ``path``, because writers choose their
    format by it. What stood at ``path`` stays as it was until the new file is complete and on disk. A symbolic link stays: the
    file that it leads to is replaced, as if it had been opened for writing.

    Raises:
        StoreError: the folder or file cannot be written.
    """
    place = Path(os.path.realpath(path))
    with store_errors(path):
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=path.suffix, dir=place.parent)
        os.close(handle)
    scratch = Path(name)
    try:
        with store_errors(path):
            yield scratch
            with scratch.open("rb+") as stream:
                os.fsync(stream.fileno())
            scratch.chmod(_default_mode())
            scratch.replace(place)
    finally:
        scratch.unlink(missing_ok=True)


def kept_by_hash(folder: Path, suffix: str, write: Callable[[Path], T]) -> tuple[Path, str, T]:
    """Keep a file under the SHA-256 of its bytes, private to the user, whoever else keeps one there at the same time.

    Args:
        folder: where it is kept; made where it is missing.
        suffix: of its name; writers choose their format by it.
        write: writes it to the path that it is given.

    Returns:
        Its path, its hash, and what ``write`` returned.

    Raises:
        StoreError: the folder or file cannot be written.
    """
    with store_errors(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(prefix=".part.", suffix=suffix, dir=folder)
        os.close(handle)
    scratch = Path(name)
    try:
        made = write(scratch)
        with store_errors(folder):
            scratch.chmod(_PRIVATE)
            digest = sha256(scratch)
            return scratch.replace(folder / f"{digest}{suffix}"), digest, made
    finally:
        scratch.unlink(missing_ok=True)


def require_writable(folder: Path) -> None:
    """Check that files can be made in a folder that may not exist yet, so that nobody waits for work that cannot be kept.

    Raises:
        StoreError: something that is no folder stands in the way, or the folder is closed to us.
    """
    nearest = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    with store_errors(folder):
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{nearest} is not a folder")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "no permission to write there")


def write_text(path: Path, text: str) -> None:
    """Write a small UTF-8 text file whole or not at all."""
    with written_whole(path) as scratch:
        scratch.write_text(text, encoding="utf-8")


def _default_mode() -> int:
    """Return the mode that ``open`` would have given: mkstemp makes files that only their owner can read."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
