"""How strong each picture change is (pure)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis.frames import SIGNATURE, distance
from otio_soundtrack.model.cut import Cut, CutList

FAINTEST_FULL = 0.08
"""Signature distance that is never taken for more than its share of 1: where no cut of a film reaches it, all are faint."""
_DECIMALS = 3


def change_strengths(cuts: CutList, rows: NDArray[np.float32], frames: list[int]) -> list[float]:
    """Return the strength of each change, 0–1, 1 the strongest of this cut.

    Compared are the last picture before and the first after; at a dissolve the last before it begins and the first after it
    ends, because the neighbours inside it are nearly equal.

    Args:
        cuts: the cut.
        rows: the frame table [shape=(frames, COLUMNS)].
        frames: the changes, each above 0 and below the length.
    """
    if not frames:
        return []
    holding = np.searchsorted([cut.start for cut in cuts.cuts], frames, side="right") - 1
    sides = [_sides(cuts, frame, int(at)) for frame, at in zip(frames, holding, strict=True)]
    signatures = rows[:, SIGNATURE]
    before = signatures[[first for first, _ in sides]]
    after = signatures[[last for _, last in sides]]
    steps = distance(before, after).astype(np.float64)
    return [round(float(step), _DECIMALS) for step in steps / max(float(steps.max()), FAINTEST_FULL)]


def _sides(cuts: CutList, frame: int, at: int) -> tuple[int, int]:
    """Return the frames whose pictures a change separates; ``at`` is the place of the cut that holds the change."""
    after = frame
    if frame == cuts.cuts[at].start:
        # a dissolve may be listed in several parts, of which only the first is a change
        while at < len(cuts.cuts) and _blends(cuts.cuts[at]) and (after == frame or not cuts.cuts[at].changes_picture):
            after = cuts.cuts[at].end
            at += 1
    return frame - 1, min(after, cuts.frames - 1)


def _blends(cut: Cut) -> bool:
    return any(layer.weights is not None for layer in cut.layers)
