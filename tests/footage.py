"""Small media and timelines that tests of the whole way use; made when they are needed, nothing of it is in the repository."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

FPS = 24.0
SHOT_FRAMES = 240
"""Length of every movie made here."""


def movie(path: Path, *, shade: int = 120, frames: int = SHOT_FRAMES, rate: Fraction = Fraction(24)) -> Path:
    """Write a small movie: a bar wanders over a grey of the given shade; 24 frames per second unless told, no sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "g": "24"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for number in range(frames):
            picture = np.full((90, 160, 3), shade, np.uint8)
            picture[:, (number * 2) % 150 : (number * 2) % 150 + 10] = (255, 255 - shade, shade)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def clip(name: str, url: str, start: int, frames: int, *, rate: float = FPS) -> otio.schema.Clip:
    """Return a clip of a movie made here."""
    reference = otio.schema.ExternalReference(
        target_url=url, available_range=TimeRange(RationalTime(0, rate), RationalTime(SHOT_FRAMES, rate))
    )
    return otio.schema.Clip(name, reference, TimeRange(RationalTime(start, rate), RationalTime(frames, rate)))


def edit(*shots: tuple[str, int, int], name: str = "edit") -> otio.schema.Timeline:
    """Return a timeline with one video track of (url, first source frame, frames) and a start at one hour."""
    timeline = otio.schema.Timeline(name, global_start_time=RationalTime(86400, FPS))
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    for number, (url, start, frames) in enumerate(shots, start=1):
        track.append(clip(f"shot {number}", url, start, frames))
    timeline.tracks.append(track)
    return timeline


def small_cut(folder: Path) -> Path:
    """Write two movies and an .otio of four shots, 200 frames, into a folder; return the timeline's path."""
    movie(folder / "a.mp4", shade=60)
    movie(folder / "b.mp4", shade=190)
    timeline = edit(("a.mp4", 0, 60), ("b.mp4", 10, 40), ("a.mp4", 100, 30), ("b.mp4", 120, 70), name="small cut")
    path = folder / "small.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path
