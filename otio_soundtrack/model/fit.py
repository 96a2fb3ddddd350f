"""How a take is laid on a length: pieces of it, the joins between them, and what became of hits and ending (floor 1)."""

from __future__ import annotations

from typing import Literal

from otio_soundtrack.model.features import Frozen

Ending = Literal["kept", "made", "faded"]


class Segment(Frozen):
    """A stretch of the take that is played through."""

    start: int
    """First sample of the take, 48 kHz."""
    stop: int
    """Sample after its last."""

    @property
    def samples(self) -> int:
        """Length before any stretch."""
        return self.stop - self.start


class Seam(Frozen):
    """A join of two segments."""

    at: float
    """Seconds from the start of the result."""
    from_: float
    """Seconds in the take at which it is left."""
    to: float
    """Seconds in the take at which it is entered."""
    percentile: float
    """Share of the take's own neighbouring beats that differ less than the two at this join, 0–100: 50 is an ordinary step."""
    cost: float
    """Difference of what surrounds the join in the take, before and after: 1 is an ordinary step from beat to beat."""
    on_metre: bool
    """Whether it is entered on the beat of the bar on which it was left."""
    lag: int
    """Samples by which the entry was moved to fit by correlation."""
    likeness: float
    """Correlation at the join, −1 to 1."""
    fade: int
    """Length of the cross-fade, samples."""
    before: int
    """How much of the cross-fade lies before the join, samples."""
    early: int = 0
    """Samples by which the beat before the join is cut short, so that what is entered begins on a hit."""


class HitMoved(Frozen):
    """A wanted time and the change in the music that was brought there."""

    at: float
    """Seconds from the start of the result."""
    error: float | None
    """Seconds from ``at`` to the change; above 0 the music is late. None: nothing in the music was near."""
    strength: float
    """How much changes there, 0–1."""


class FitPlan(Frozen):
    """A take laid on a length. Everything that rendering needs; nothing of it is chance."""

    samples: int
    """Length of the result, 48 kHz."""
    segments: tuple[Segment, ...]
    seams: tuple[Seam, ...]
    """One less than segments."""
    keep_first: int
    """Samples at the beginning that are those of the take, untouched."""
    keep_last: int
    """The same at the end."""
    stretch_cents: float
    """Pitch of what lies between, cents; 0: untouched too."""
    ending: Ending
    ring: int
    """Samples of the last chord where an ending is made, else of the fall at the end; 0 where the take's own is whole."""
    rise: int
    """Samples of the fade at the start where the music does not begin at its own beginning; 0 otherwise."""
    tempo_bpm: float
    hits: tuple[HitMoved, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know, a sentence each."""
    runner_up: str = ""
    """The second best choice and why it is not the first, where there was one."""

    @property
    def natural(self) -> int:
        """Samples of the segments before any stretch."""
        return sum(one.samples for one in self.segments)

    @property
    def step(self) -> float:
        """Samples of the take that are played in a sample of the result, between the untouched ends."""
        untouched = self.keep_first + self.keep_last
        return 1.0 if self.natural == self.samples else (self.natural - untouched) / (self.samples - untouched)

    def heard_at(self, natural: int) -> int:
        """Return the sample of the result on which a sample of the unstretched segments is heard."""
        if natural <= self.keep_first or self.natural == self.samples:
            return natural
        if natural >= self.natural - self.keep_last:
            return natural + self.samples - self.natural
        return self.keep_first + round((natural - self.keep_first) / self.step)
