"""What commands tell that let a service make a video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.services.errands import Video


@dataclass(frozen=True)
class Written:
    """The written video."""

    video: Video

    def text(self) -> str:
        """Return where it lies, and what is to be known of it."""
        return "\n".join([*(f"warning: {note}" for note in self.video.notes), f"video     {self.video.path}"])

    def json(self) -> object:
        """Return path and job."""
        return {"video": str(self.video.path), "job": self.video.job, "warnings": list(self.video.notes)}
