"""Files as services send them, encoded in the test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000


def encode(path: Path, codec: str, sound: NDArray[Any], *, rate: int = RATE, picture: bool = False) -> Path:
    """Write sound [shape=(samples, 2)] into the container of the path's suffix; no codec, no sound."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout="stereo") if codec else None
        if picture:
            _pictures(file, round(len(sound) / rate * 10))
        if stream is not None:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T, np.float32), format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, 0
            convert = av.AudioResampler(format=stream.codec_context.format.name, layout="stereo", rate=rate)
            for piece in [*convert.resample(frame), *convert.resample(None), None]:
                for packet in stream.encode(piece):
                    file.mux(packet)
    return path


def _pictures(file: Any, count: int) -> None:
    video = file.add_stream("mpeg4", rate=10)
    video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
    for number in range(count):
        black = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
        black.pts = number
        for packet in video.encode(black):
            file.mux(packet)
    for packet in video.encode(None):
        file.mux(packet)


def click(seconds: float, at: int, *, rate: int = RATE) -> NDArray[np.float32]:
    """Return silence with one click whose first sample is ``at``."""
    sound = np.zeros((int(seconds * rate), 2), np.float32)
    length = rate // 200
    decay = np.exp(-np.arange(length) / (rate / 2000))
    sound[at : at + length] = (0.8 * decay * np.cos(np.arange(length) * 0.3))[:, None]
    return sound
