"""Videos that were uploaded to Slipstream, or linked (sections 3.1 and 3.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import uuid4

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.probe import probe

MOST_BYTES = 62_914_560
"""60 MB, in the larger reading."""
SUFFIXES = ("mov", "mpeg", "mp4", "avi")
SHORTEST = Fraction(1)
"""Seconds; shorter ones cannot be analysed (the sheet's number is none)."""


class Unanalysable(Exception):  # noqa: N818  # the word of the trade
    """A video that cannot be analysed: text and code."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.text, self.code = text, code


@dataclass(frozen=True)
class Video:
    """A video: a file or a link."""

    id: str
    value: str
    """Hash of the file, or the link."""
    title: str
    path: Path | None
    """None for a link."""
    url: str | None
    """Where the file can be fetched."""

    def shown(self) -> dict[str, Any]:
        """Return it as the service does."""
        return {
            "id": self.id,
            "source_type": "youtube_url" if self.path is None else "file",
            "source_value": self.value,
            "source_title": self.title,
            "file": self.url,
        }


@dataclass
class Videos:
    """All videos."""

    folder: Path
    all: dict[str, Video] = field(default_factory=dict)

    def knows(self, value: str) -> bool:
        """Return whether a file with this hash is there."""
        return any(video.value == value for video in self.all.values())

    def link(self, url: str) -> Video:
        """Keep a link."""
        return self._kept(Video(str(uuid4()), url, "A walk by the harbour", None, None))

    def file(self, name: str, content: bytes, origin: str) -> Video:
        """Keep a file.

        Raises:
            Unanalysable: it is no video, too short, or without sound.
        """
        name = PurePosixPath(name.replace("\\", "/")).name
        path = self.folder / f"slipstream-{uuid4().hex}.{name.rsplit('.', 1)[-1].lower()}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        try:
            facts = probe(path)
        except UnreadableMediaError as error:
            raise Unanalysable("The video could not be read.", "video_corrupt") from error
        if not facts.has_picture or facts.duration is None:
            raise Unanalysable("The video could not be read.", "video_corrupt")
        if facts.duration < SHORTEST:
            raise Unanalysable("The video is too short to analyse.", "video_too_short")
        if not facts.has_sound:
            raise Unanalysable("The video has no audio track.", "video_no_audio")
        video = str(uuid4())
        return self._kept(Video(video, sha256(content).hexdigest()[:32], name, path, f"{origin}/soundtrack/{video}"))

    def _kept(self, video: Video) -> Video:
        self.all[video.id] = video
        return video
