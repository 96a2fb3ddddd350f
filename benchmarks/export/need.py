"""How many frames are decoded for 1,000 cuts, against how many must be: each source frame between key frames and needed, once."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction

import numpy as np

from benchmarks.export.cut import RATE, Content, as_cut_list, many_cuts
from benchmarks.export.material import SHOTS
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.meters import Rows, Thumbs
from otio_soundtrack.tools.media.index import picture_index

CUTS, SECONDS = 1000, 1800
BAR = 1.1
"""Frames decoded to frames needed."""


def needed(pieces: list[Content]) -> int:
    """Count source frames that lie between the key frame before a clip and the clip's last frame, each once."""
    total = 0
    for shot in SHOTS:
        keys = picture_index(shot.path).keys
        frames: set[int] = set()
        for taken, length in pieces:
            for one in taken:
                if one.shot == shot.number:
                    last = one.at + Fraction(length - 1, RATE) * one.speed
                    key = keys[bisect_right(keys, one.at) - 1]
                    frames.update(range(round(key * shot.rate), int(last * shot.rate) + 1))
        total += len(frames)
    return total


def need() -> bool:
    """Print what 1,000 cuts cost; return whether the bar is held."""
    pieces = many_cuts(CUTS, SECONDS)
    stats = export_counted(as_cut_list(pieces), None, height=36, frame_meter=_Nobody())[1]
    least = needed(pieces)
    ratio = stats.decoded / least
    shown = sum(length for _, length in pieces)
    print(f"\n{CUTS} cuts, {shown} frames: {stats.decoded} decoded, {least} needed ({ratio:.3f}), {stats.opened} files opened")
    print(f"  {'held' if ratio <= BAR else 'MISSED':7} decoded ≤ {BAR:g} × needed")
    return ratio <= BAR


class _Nobody:
    """A meter that looks away."""

    def measure(self, thumbs: Thumbs, _before: Thumbs | None, /) -> Rows:
        """Return something of the right shape."""
        return thumbs[:, :1].astype(np.float32)

    def finish(self, table: Rows, /) -> None:
        """Take the table."""
        self.table = table
