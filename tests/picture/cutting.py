"""Short ways to say a cut, to export it and to read back which frames it shows."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.cut import AudioElement, Cut, CutList, Layer, Source, SourceKind
from tests.media.barcode import read

NTSC = Fraction(30_000, 1001)
FILM = Fraction(24)
PAL = Fraction(25)
VARIABLE_MS = [0, 40, 80, 400, 440, 480, 520, 1500, 1533, 1566, 1600, 1640, 2600, 2640, 2680, 2720, 2760, 2800, 3900, 4000]
"""When the frames of the variable movie start, milliseconds."""
Number = float | int | str | Fraction


def movie(path: Path) -> Source:
    """Return a movie as a source."""
    return Source(kind=SourceKind.MOVIE, name=path.stem, path=path)


def layer(source: Source | Path, at: Number, speed: Number = 1, weights: list[float] | None = None) -> Layer:
    """Return a layer of a movie or any other source."""
    chosen = movie(source) if isinstance(source, Path) else source
    return Layer(source=chosen, at=Fraction(at), speed=Fraction(speed), weights=None if weights is None else tuple(weights))


def cut_list(rate: float, *pieces: tuple[int, list[Layer]], audio: list[AudioElement] | None = None) -> CutList:
    """Return a cut list of pieces laid one after another, each (frames, layers)."""
    cuts = []
    start = 0
    for frames, layers in pieces:
        cuts.append(Cut(start=start, frames=frames, layers=tuple(layers)))
        start += frames
    return CutList(name="test", rate=rate, frames=start, start_time=None, cuts=tuple(cuts), audio=tuple(audio or ()))


def sounding(path: Path, start: Number, duration: Number, at: Number, **more: Number) -> AudioElement:
    """Return an element of production sound."""
    rest = {name: Fraction(value) for name, value in more.items()}
    return AudioElement(source=movie(path), start=Fraction(start), duration=Fraction(duration), at=Fraction(at), **rest)


def luma(path: Path) -> Iterator[NDArray[np.uint8]]:
    """Decode a movie independently of the code under test and give the luma of each frame."""
    with path.open("rb") as file, av.open(file) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray()[: frame.height], np.uint8)


def codes(path: Path) -> list[tuple[int, int] | None]:
    """Return source and number of every frame of a movie."""
    return [read(plane) for plane in luma(path)]


def expected(source: int, at: Number, rate: Fraction, frames: int, record: Number, *, speed: Number = 1) -> list[tuple[int, int]]:
    """Return the codes that a constant-rate source shows: the frame whose interval holds the source time."""
    times = (Fraction(at) + k / Fraction(record) * Fraction(speed) for k in range(frames))
    return [(source, floor(time * rate)) for time in times]


def sound_of(path: Path) -> NDArray[np.float32]:
    """Decode the sound of a movie independently of the code under test [shape=(samples, 2)]."""
    with path.open("rb") as file, av.open(file) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)]).astype(np.float32)
