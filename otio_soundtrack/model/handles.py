"""Handles: what a music file holds before and after its cue (floor 1).

Between its in and its out a file plays the finished cue, which begins and comes to rest by itself. What lies beyond is room for
the editor: to slip the clip, to fade over its edges, to let the last chord ring.
"""

from __future__ import annotations

from otio_soundtrack.model.features import Frozen
from otio_soundtrack.times import exact_rate, frame_samples


class Handles(Frozen):
    """How much a file holds beyond its cue, in frames of the picture and in the samples that they are."""

    head: int = 0
    """Frames before the cue."""
    tail: int = 0
    """Frames after it."""
    head_samples: int = 0
    """Samples before the cue, 48 kHz."""
    tail_samples: int = 0
    """Samples after it."""

    @classmethod
    def of(cls, frames: int, rate: float, *, start: int) -> Handles:
        """Return the handles of a cue.

        Args:
            frames: wanted on either side.
            rate: of the picture, frames per second.
            start: frame of the timeline on which the cue begins. Before the first frame there is nothing to reach back to: a cue
                that begins there has no head, one that begins soon after it a short one.
        """
        head = min(frames, start)
        exact = exact_rate(rate)
        return cls(head=head, tail=frames, head_samples=frame_samples(head, exact), tail_samples=frame_samples(frames, exact))

    def samples(self, cue: int) -> int:
        """Return the length of a file whose cue has so many samples."""
        return self.head_samples + cue + self.tail_samples


NO_HANDLES = Handles()
"""Of a file that is its cue and nothing else."""
