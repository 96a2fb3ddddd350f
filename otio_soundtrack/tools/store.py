"""The store of takes: music that was made once and need not be asked for again (floor 2).

::

    HOME/takes/<sha256 of the audio>.wav        the file as the provider gave it
    HOME/requests/<sha256 of the request>.json  which take answers it, and what its provider said of it

A take is trusted only if its bytes still have the hash that is its name: a folder that people can reach is not evidence.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.tools.files import sha256, store_errors, write_text, written_whole


@dataclass(frozen=True, kw_only=True)
class StoredTake:
    """A take in the store."""

    path: Path
    sha256: str
    said: Mapping[str, Any]
    """What the provider said of it (tempo, key, beats …), JSON types."""


@dataclass(frozen=True)
class TakeStore:
    """Takes under one folder."""

    home: Path

    def find(self, request: str) -> StoredTake | None:
        """Return the take that answers a request (its hash), None where there is none whose bytes are still right."""
        try:
            answer = json.loads(self._request(request).read_text(encoding="utf-8"))
            digest, said = str(answer["sha256"]), dict(answer["said"])
        except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
            return None
        path = self.find_audio(digest)
        return None if path is None else StoredTake(path=path, sha256=digest, said=said)

    def find_audio(self, digest: str) -> Path | None:
        """Return the stored audio with a hash, None where it is absent or no longer has that hash."""
        path = self._audio(digest)
        return path if path.is_file() and sha256(path) == digest else None

    def keep(self, request: str, write: Callable[[Path], None], said: Mapping[str, Any]) -> StoredTake:
        """Store what ``write`` writes as the answer to a request.

        Raises:
            StoreError: the store cannot be written.
        """
        folder = self.home / "takes"
        with store_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".take.", suffix=".wav", dir=folder)
            os.close(handle)
        scratch = Path(name)
        try:
            write(scratch)
            digest = sha256(scratch)
            with store_errors(folder):
                scratch.replace(self._audio(digest))
        finally:
            scratch.unlink(missing_ok=True)
        write_text(self._request(request), json.dumps({"sha256": digest, "said": dict(said)}))
        return StoredTake(path=self._audio(digest), sha256=digest, said=said)

    def _audio(self, digest: str) -> Path:
        return self.home / "takes" / f"{digest}.wav"

    def _request(self, request: str) -> Path:
        return self.home / "requests" / f"{request}.json"


def place(source: Path, target: Path) -> None:
    """Copy a stored take to ``target``, whole or not at all: who edits the delivered file must not edit the store.

    Raises:
        StoreError: the target cannot be written.
    """
    with written_whole(target) as scratch:
        shutil.copyfile(source, scratch)
