"""Ways made into segments and joins: every join aligned by what is heard there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.audio.joints import Match, likeness, match
from otio_soundtrack.audio.paths import Way
from otio_soundtrack.model.fit import Seam, Segment
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ

UNLIKE = 0.6
"""What a join costs whose sides do not correlate at all."""

_AROUND_S, _REACH_S = 0.08, 0.03
"""How much to either side of a join is compared, and how far an entry may be moved."""
_STRUCK = 0.35
"""Attack from which an entry brings its own beginning: the cross-fade is over before it."""
_FADE_STRUCK_S, _AHEAD_S = 0.04, 0.002
_FADE_SOFT_S = 0.18


@dataclass
class Joiner:
    """Aligns joins of one take; each is looked at once."""

    music: MusicFacts
    _known: dict[tuple[int, int], Match] = field(default_factory=dict)

    def matched(self, leave: int, enter: int) -> Match:
        """Return where the entry fits best what would have followed."""
        if (leave, enter) not in self._known:
            self._known[leave, enter] = self._match(leave, enter)
        return self._known[leave, enter]

    def _match(self, leave: int, enter: int) -> Match:
        around, reach = int(_AROUND_S * SAMPLE_RATE_HZ), int(_REACH_S * SAMPLE_RATE_HZ)
        positions = self.music.beats.positions
        out, into = int(positions[leave]), int(positions[enter])
        if min(out - around, into - around - reach) < 0 or max(out + around, into + around + reach) > self.music.samples:
            return Match(0, 0.0)
        return match(self._mid(out - around, out + around), self._mid(into - around - reach, into + around + reach), reach)

    def _as_it_is(self, out: int, into: int) -> Match:
        """Return how alike two places are without moving either."""
        around = int(_AROUND_S * SAMPLE_RATE_HZ)
        if min(out, into) < around or max(out, into) + around > self.music.samples:
            return Match(0, 0.0)
        return Match(0, likeness(self._mid(out - around, out + around), self._mid(into - around, into + around)))

    def _mid(self, start: int, stop: int) -> Samples:
        return np.asarray(self.music.sound[start:stop].mean(axis=1), np.float32)

    def unlikeness(self, way: Way) -> float:
        """Return what the joins of a way cost by their sound."""
        return sum(UNLIKE * (1 - max(0.0, self.matched(jump.leave, jump.enter).likeness)) for jump in way.jumps)

    def segments(self, way: Way, start: int, stop: int) -> tuple[Segment, ...]:
        """Return what a way plays from ``start`` to ``stop`` of the take."""
        positions, found, at = self.music.beats.positions, [], 0
        for jump in way.jumps:
            left = int(positions[jump.leave]) if jump.hit is None else start + jump.hit - at
            found.append(Segment(start=start, stop=left))
            at += left - start
            start = int(positions[jump.enter]) + (self.matched(jump.leave, jump.enter).lag if jump.hit is None else 0)
        return (*found, Segment(start=start, stop=stop))

    def seams(self, way: Way, segments: Sequence[Segment]) -> tuple[Seam, ...]:
        """Return the joins between them; times before any stretch."""
        found, at = [], 0
        beats, metre = self.music.beats, self.music.pulse.metre
        for jump, (one, other) in zip(way.jumps, pairwise(segments), strict=True):
            at += one.samples
            leave, enter = jump.leave, jump.enter
            fade, before = self._fade(enter, one, other)
            matched = self.matched(leave, enter) if jump.hit is None else self._as_it_is(one.stop, other.start)
            found.append(
                Seam(
                    at=at / SAMPLE_RATE_HZ,
                    from_=one.stop / SAMPLE_RATE_HZ,
                    to=other.start / SAMPLE_RATE_HZ,
                    percentile=round(beats.percentile(leave - 1, enter), 1),
                    cost=round(float(beats.jump[leave, enter]), 4),
                    on_metre=(leave - enter) % metre == 0,
                    lag=matched.lag,
                    likeness=round(matched.likeness, 4),
                    fade=fade,
                    before=before,
                    early=max(0, int(beats.positions[leave]) - one.stop) if jump.hit is not None else 0,
                )
            )
        return tuple(found)

    def _fade(self, enter: int, one: Segment, other: Segment) -> tuple[int, int]:
        """Return the length of the cross-fade and how much of it lies before the join, samples."""
        struck = self.music.beats.attack[enter] > _STRUCK
        fade = int((_FADE_STRUCK_S if struck else _FADE_SOFT_S) * SAMPLE_RATE_HZ)
        before = fade + int(_AHEAD_S * SAMPLE_RATE_HZ) if struck else fade // 2
        before = max(0, min(before, one.samples // 3, other.start))
        after = max(0, min(fade - before, other.samples // 3, self.music.samples - one.stop))
        return (min(fade, before) if struck else before + after), before
