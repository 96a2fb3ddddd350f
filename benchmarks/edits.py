"""Random edits for the benches: log-normal shots, and where wanted three acts that look different."""

from __future__ import annotations

import numpy as np

from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.features import Curve, Features, PictureChange

FPS = 24
MEDIAN_S, SIGMA, SHORTEST_S = 2.8, 0.55, 0.5
"""Shots: log-normal, as in the sketch."""
LAST_S = 1.5
"""No cut in the last seconds of a film."""
HZ = 5
"""Values a second of the curves."""
ACTS = (
    {"motion": 0.05, "brightness": 0.25, "warmth": -0.1, "saturation": 0.12, "pace": 8.0},
    {"motion": 0.30, "brightness": 0.40, "warmth": 0.05, "saturation": 0.22, "pace": 20.0},
    {"motion": 0.65, "brightness": 0.55, "warmth": 0.25, "saturation": 0.35, "pace": 38.0},
)
"""Looks from still to turbulent; a film has them in an order of its own."""


def film(seed: int, seconds: int, *, acts: bool = False) -> tuple[CutList, Features, list[int]]:
    """Return a film and the frames of its cuts.

    Args:
        seed: another seed is another film.
        seconds: its length.
        acts: whether it has three acts that look different, each beginning on a cut; else nothing is seen but cuts.
    """
    chance = np.random.default_rng(seed)
    frames, at = [], 0
    while (at := at + round(max(SHORTEST_S, chance.lognormal(np.log(MEDIAN_S), SIGMA)) * FPS)) <= (seconds - LAST_S) * FPS:
        frames.append(at)
    strengths = [float(chance.uniform(0.2, 1)) for _ in frames]
    total = seconds * FPS
    looks = {name: Curve(unit="0-1", hz=HZ, values=()) for name in ACTS[0]}
    if acts:
        turns = [min(range(len(frames)), key=lambda index: abs(frames[index] - total * act / len(ACTS))) for act in (1, 2)]
        for turn in turns:
            strengths[turn] = 1.0
        order = chance.permutation(len(ACTS))
        edges = [0, *(round(frames[turn] / FPS * HZ) for turn in turns), seconds * HZ]
        for name in looks:
            parts = [[ACTS[order[act]][name]] * (edges[act + 1] - edges[act]) for act in range(len(ACTS))]
            looks[name] = Curve(unit="0-1", hz=HZ, values=tuple(value for part in parts for value in part))
    changes = tuple(
        PictureChange(frame=frame, origin="edit", strength=strength) for frame, strength in zip(frames, strengths, strict=True)
    )
    cuts = CutList(name="film", rate=FPS, frames=total, start_time=None, cuts=(Cut(start=0, frames=total),))
    empty = Curve(unit="LUFS", hz=10, values=())
    seen = Features(rate=FPS, frames=total, changes=changes, speech=(), loudness=empty, integrated_lufs=None, **looks)
    return cuts, seen, frames
