"""Uploads in chunks, as Aimi keeps them (section 4.1 to 4.3)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.probe import probe

MOST_CHUNK = 31_457_280
"""Bytes of a chunk: 30 MB, in the larger reading."""
MOST_VIDEO = 4_000_000_000
"""Bytes of a video (a knob of the sheet's test server)."""


class UploadFault(Exception):  # noqa: N818  # the word of the trade for what a service says
    """Says why chunks cannot be joined."""


@dataclass
class Upload:
    """A task: chunks, then a video, then what was found in it."""

    id: str
    folder: Path
    chunks: set[int] = field(default_factory=set)
    video: Path | None = None
    """Joined; None until then."""
    seconds: float = 0.0
    has_sound: bool = False
    seen: bool = False
    """Whether its pictures were analysed."""
    heard: bool = False
    """Whether its sound was."""

    def keep(self, number: int, content: bytes) -> None:
        """Keep a chunk; the same number again replaces it."""
        (self.folder / f"{number}.chunk").write_bytes(content)
        self.chunks.add(number)

    def join(self, total: int) -> None:
        """Join the chunks; a second time is harmless.

        Raises:
            UploadFault: chunks are missing, or together they are no video.
        """
        if self.video is not None:
            return
        lacking = sorted(set(range(total)) - self.chunks)
        if lacking or not total:
            raise UploadFault(f"Missing chunks: {lacking}")
        path = self.folder / "video.mp4"
        with path.open("wb") as joined:
            for number in range(total):
                with (self.folder / f"{number}.chunk").open("rb") as chunk:
                    shutil.copyfileobj(chunk, joined)
        try:
            facts = probe(path)
        except UnreadableMediaError as error:
            raise UploadFault("Unsupported or corrupt video") from error
        if not facts.has_picture or facts.duration is None:
            raise UploadFault("Unsupported or corrupt video")
        self.video, self.seconds, self.has_sound = path, float(facts.duration), facts.has_sound


@dataclass
class Uploads:
    """All tasks."""

    folder: Path
    tasks: dict[str, Upload] = field(default_factory=dict)

    def begin(self) -> str:
        """Begin a task and return its id."""
        task = Upload(str(uuid4()), self.folder / f"aimi-{uuid4().hex}")
        task.folder.mkdir(parents=True)
        self.tasks[task.id] = task
        return task.id
