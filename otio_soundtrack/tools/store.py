"""The store of takes: music that was made once and need not be asked for again (floor 2).

::

    HOME/takes/<sha256 of the audio>.wav        the file as the provider gave it
    HOME/requests/<sha256 of the request>.json  which take answers it, when it was made and what its provider said of it
    HOME/cues/<sha256 of the audio>.json        the cut that a cue was laid on, and what was asked for it
    HOME/store/<sha256 of the file>.*           the file of a service that a take was fitted from, as it came

A take is trusted only if its bytes still have the hash that is its name: a folder that people can reach is not evidence.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from pydantic import ValidationError

from otio_soundtrack.model.conform import Remembered
from otio_soundtrack.model.cue import Said
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.tools.files import kept_by_hash, require_writable, sha256, write_text, written_whole


class _Answer(Frozen):
    """What a file under ``requests/`` holds."""

    sha256: str
    created: datetime
    said: Said


@dataclass(frozen=True, kw_only=True)
class StoredTake:
    """A take in the store."""

    path: Path
    sha256: str
    said: Said
    created: str
    """When it was made: UTC, ISO 8601."""


@dataclass(frozen=True)
class TakeStore:
    """Takes under one folder."""

    home: Path

    def find(self, request: str) -> StoredTake | None:
        """Return the take that answers a request (its hash), None where there is none whose bytes are still right."""
        try:
            answer = _Answer.model_validate_json(self._request(request).read_bytes())
        except (OSError, ValidationError):  # absent, closed to us, a folder, damaged: then the take is made again
            return None
        path = self.find_audio(answer.sha256)
        return None if path is None else _stored(path, answer)

    def find_audio(self, digest: str) -> Path | None:
        """Return the stored audio with a hash, None where it is absent or no longer has that hash."""
        path = self._audio(digest)
        try:
            return path if path.is_file() and sha256(path) == digest else None
        except OSError:  # closed to us
            return None

    def require_writable(self) -> None:
        """Check that takes can be kept, before anybody makes one.

        Raises:
            StoreError: the store cannot be written.
        """
        require_writable(self.home / "takes")
        require_writable(self.home / "requests")

    def keep(self, request: str, write: Callable[[Path], None], said: Said) -> StoredTake:
        """Store what ``write`` writes as the answer to a request; the very take that answers it already keeps its moment.

        Raises:
            StoreError: the store cannot be written.
        """
        path, digest, _ = kept_by_hash(self.home / "takes", ".wav", write)
        earlier = self.find(request)
        if earlier is not None and earlier.sha256 == digest and earlier.said == said:
            return earlier
        answer = _Answer(sha256=digest, created=datetime.now(timezone.utc).replace(microsecond=0), said=said)
        write_text(self._request(request), answer.model_dump_json())
        return _stored(path, answer)

    def remember(self, digest: str, remembered: Remembered) -> None:
        """Keep what a later version of a cut needs to know of the cue with this audio.

        Raises:
            StoreError: the store cannot be written.
        """
        write_text(self.home / "cues" / f"{digest}.json", remembered.model_dump_json())

    def recall(self, digest: str) -> Remembered | None:
        """Return what is kept of the cue with this audio, None where that is nothing."""
        try:
            return Remembered.model_validate_json((self.home / "cues" / f"{digest}.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def find_original(self, digest: str) -> Path | None:
        """Return the file with a hash as its provider gave it, None where it is not here, or has changed."""
        try:
            known = sorted((self.home / "store").glob(f"{digest}*")) if digest else []
            return next((path for path in known if path.is_file() and sha256(path) == digest), None)
        except OSError:  # closed to us
            return None

    def _audio(self, digest: str) -> Path:
        return self.home / "takes" / f"{digest}.wav"

    def _request(self, request: str) -> Path:
        return self.home / "requests" / f"{request}.json"


def _stored(path: Path, answer: _Answer) -> StoredTake:
    return StoredTake(path=path, sha256=answer.sha256, said=answer.said, created=answer.created.isoformat(timespec="seconds"))


def place(source: Path, target: Path) -> None:
    """Copy a stored take to ``target``, whole or not at all: who edits the delivered file must not edit the store.

    Raises:
        StoreError: the target cannot be written.
    """
    with written_whole(target) as scratch:
        shutil.copyfile(source, scratch)
