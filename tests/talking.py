"""A film in which somebody speaks, made when it is needed: our own sentences at known places over digital silence."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import soundfile
from numpy.typing import NDArray
from opentimelineio.opentime import RationalTime, TimeRange
from scipy.signal import resample_poly

FPS = 25.0
FRAMES = 350
"""Length of the film: 14 s."""
SECONDS = 14.0
SAMPLES = 672_000
LINES = ((1.0, 6.829), (8.429, 11.811))
"""Seconds in which somebody speaks, pauses below a second counted in."""


def speech(level: float = 0.5) -> NDArray[np.float32]:
    """Return the speech sample at 48 kHz, mono."""
    mono, rate = soundfile.read(Path(__file__).parent / "analysis" / "speech.ogg", dtype="float32")
    assert rate == 16_000
    return (level * resample_poly(mono, 3, 1)).astype(np.float32)


def talking_movie(path: Path, *, frames: int = FRAMES, level: float = 0.5) -> Path:
    """Write the film: a bar that wanders, and the speech; 160 × 90, 25 frames per second, H.264 with B-frames and AAC."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sound = speech(level)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=int(FPS), options={"preset": "ultrafast", "g": "50", "bf": "2"})
        video.width, video.height, video.pix_fmt = 160, 90, "yuv420p"
        audio = container.add_stream("aac", rate=48_000)
        audio.layout = "mono"
        for number in range(frames):
            picture = np.full((90, 160, 3), 60, np.uint8)
            picture[:, number % 150 : number % 150 + 10] = (255, 160, 40)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        for at in range(0, len(sound), 1024):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None, at : at + 1024]), "fltp", "mono")
            frame.sample_rate, frame.pts = 48_000, at
            container.mux(audio.encode(frame))
        container.mux(audio.encode(None))
    return path


def talking_cut(movie: Path, *blades: int) -> otio.schema.Timeline:
    """Return the film as a timeline, cut by blades that change nothing."""
    edges = [0, *blades, FRAMES]
    available = TimeRange(RationalTime(0, FPS), RationalTime(FRAMES, FPS))
    timeline = otio.schema.Timeline("talk", global_start_time=RationalTime(90_000, FPS))
    for kind, name in (("Video", "V1"), ("Audio", "DX")):
        track = otio.schema.Track(name, kind=kind)
        for start, end in pairwise(edges):
            reference = otio.schema.ExternalReference(movie.as_uri(), available)
            part = TimeRange(RationalTime(start, FPS), RationalTime(end - start, FPS))
            track.append(otio.schema.Clip(movie.stem, reference, part))
        timeline.tracks.append(track)
    return timeline
