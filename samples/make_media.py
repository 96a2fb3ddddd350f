"""Lay the demo timeline out in a folder and make its picture files there, so that the repository carries none.

Run by ``make demo``: ``make_media.py FOLDER``; picture files that are there already are kept. Every picture is computed: no
footage of anybody.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
CARRIED = ("demo.otio", "voice.ogg")
"""What the repository carries."""
WIDTH, HEIGHT = 320, 180
"""Pixels: small enough to be made in seconds on any machine."""
FPS = 24
SECONDS = 22
"""Length of each file: more than any shot of the demo needs."""

Picture = NDArray[np.float32]
"""Red, green, blue [shape=(HEIGHT, WIDTH, 3)], 0–1."""

_X, _Y = np.meshgrid(np.linspace(0, 1, WIDTH, dtype=np.float32), np.linspace(0, 1, HEIGHT, dtype=np.float32))


def dawn(t: float) -> Picture:
    """A sun that rises over a flat horizon: warm, slow."""
    height = 0.62 - 0.012 * t
    glow = np.exp(-(((_X - 0.35) * 1.8) ** 2 + (_Y - height) ** 2) / 0.02)
    sky = np.clip(0.25 + 0.02 * t + 0.5 * _Y, 0, 1)
    picture = np.stack([sky + 0.7 * glow, 0.55 * sky + 0.45 * glow, 0.45 * sky + 0.1 * glow], axis=-1)
    land = 0.68 + 0.02 * np.sin(9 * _X + 0.1 * t) < _Y
    picture[land] *= 0.25
    return picture


def waves(t: float) -> Picture:
    """Swell under a grey-blue sky: cold, always moving."""
    swell = sum(np.sin(k * 14 * _X - (1.2 + 0.5 * k) * t + 9 * _Y * k) / k for k in (1, 2, 3))
    sea = _Y > 0.42
    light = np.where(sea, 0.30 + 0.16 * swell * _Y, 0.72 - 0.3 * _Y)
    return np.stack([0.55 * light, 0.80 * light, 1.05 * light], axis=-1)


def street(t: float) -> Picture:
    """Lights that rush past: fast, saturated."""
    speed = 1.4
    lanes = np.floor(_Y * 9)
    phase = (_X * (1 + 0.4 * lanes) - speed * t * (0.6 + 0.15 * lanes)) % 0.5
    streak = np.exp(-phase * 14)
    hue = (lanes % 3)[..., None] == np.arange(3)
    return (0.05 + streak[..., None] * np.where(hue, 1.0, 0.35)).astype(np.float32)


def night(t: float) -> Picture:
    """A dark town with lamps that breathe: still, blue."""
    generator = np.random.default_rng(7)
    picture = np.full((HEIGHT, WIDTH, 3), (0.03, 0.04, 0.10), np.float32) * (1.4 - _Y[..., None])
    for x, y, size, phase in generator.uniform((0, 0.45, 0.0015, 0), (1, 0.95, 0.006, 6.3), (24, 4)).astype(np.float32):
        lamp = np.exp(-((_X - x) ** 2 * 3.2 + (_Y - y) ** 2) / size**1.3) * (0.6 + 0.3 * np.sin(0.7 * t + phase))
        picture += lamp[..., None] * (1.0, 0.75, 0.4)
    return picture


SHOTS: dict[str, Callable[[float], Picture]] = {"dawn": dawn, "waves": waves, "street": street, "night": night}


def write(path: Path, shot: Callable[[float], Picture]) -> None:
    """Encode one file; it appears under its name when it is complete."""
    scratch = path.with_name(f".{path.name}.part.mp4")
    with av.open(str(scratch), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(SECONDS * FPS):
            pixels = (np.clip(shot(number / FPS), 0, 1) * 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    scratch.replace(path)


def main(folder: Path) -> None:
    """Make what is missing in a folder."""
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    for name in CARRIED:
        shutil.copyfile(HERE / name, folder / name)
    for name, shot in SHOTS.items():
        path = media / f"{name}.mp4"
        if not path.exists():
            print(f"making {path.name}", file=sys.stderr)
            write(path, shot)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
