"""Films for the analysis, made as thumbs from a script that knows where its cuts are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis.frames import FrameTable

WIDTH, HEIGHT = 64, 36
Thumbs = NDArray[np.uint8]


def thumb(luma: NDArray[np.float64] | float, blue: float = 0.0, red: float = 0.0) -> Thumbs:
    """Return one thumb: luma 0–1 (a number or a 36 × 64 picture), Cb and Cr −1 to 1."""
    y = np.broadcast_to(np.asarray(16 + 219 * np.clip(luma, 0, 1)), (HEIGHT, WIDTH)).round().astype(np.uint8)
    u = np.full(576, round(128 + 112 * blue), np.uint8)
    v = np.full(576, round(128 + 112 * red), np.uint8)
    return np.concatenate([y.ravel(), u, v])


def scenery(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a landscape of blobs of all sizes, 0–1 [shape=(120, 400)]: larger than a thumb, so that a camera can pan over it."""
    picture = np.zeros((120, 400))
    for size in (5, 10, 20, 40):
        coarse = rng.normal(size=(120 // size + 1, 400 // size + 1))
        picture += np.kron(coarse, np.ones((size, size)))[:120, :400] * size**0.5
    return (picture - picture.min()) / (picture.max() - picture.min())


def shot(rng: np.random.Generator, frames: int, *, pan: float = 0.3, grain: float = 0.008, flicker: float = 0.0) -> Thumbs:
    """Return a shot of its own scenery [shape=(frames, 3456)].

    Args:
        rng: chance.
        frames: length.
        pan: pixels of camera movement a frame.
        grain: standard deviation of noise on luma.
        flicker: standard deviation of the exposure, a share.
    """
    land, (blue, red) = scenery(rng), rng.uniform(-0.15, 0.15, 2)
    exposure, left, top = rng.uniform(0.5, 1.0), rng.uniform(0, 100), rng.integers(0, 80)
    made = []
    for frame in range(frames):
        at = round(left + pan * frame) % (400 - WIDTH)
        gain = exposure * (1 + flicker * rng.normal())
        picture = land[top : top + HEIGHT, at : at + WIDTH] * gain + grain * rng.normal(size=(HEIGHT, WIDTH))
        made.append(thumb(picture, blue, red))
    return np.stack(made)


def film(*shots: Thumbs) -> tuple[Thumbs, tuple[int, ...]]:
    """Return shots one after the other, and the frames on which a new one begins."""
    lengths = np.cumsum([len(one) for one in shots])
    return np.concatenate(shots), tuple(int(end) for end in lengths[:-1])


def measured(thumbs: Thumbs, batch: int = 100) -> FrameTable:
    """Return the frame table of a film, measured in batches as the exporter does it."""
    table = FrameTable()
    rows = [table.measure(thumbs[at : at + batch], thumbs[at - 1] if at else None) for at in range(0, len(thumbs), batch)]
    table.finish(np.concatenate(rows))
    return table


def agreement(found: Iterable[int], truth: Iterable[int]) -> tuple[float, float]:
    """Return precision and recall to the frame; 1.0 where there is nothing to find or nothing was found."""
    found, truth = set(found), set(truth)
    right = len(found & truth)
    return (right / len(found) if found else 1.0, right / len(truth) if truth else 1.0)
