"""Ways made into segments and joins: every join aligned by what is heard there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from otio_soundtrack.audio.bursts import Fade, burst
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
_LONGER = 2.5
"""A cross-fade may also be so many times longer, or begin so many times its half earlier, where less stands out then."""
_STANDS_OUT, _USUAL = 3.0, (0.8, 0.97)
"""What it costs that a join has so much more, or half so much that it has less, of an attack than the take has there."""
_MEETS = 2.0
"""What it costs that no two neighbouring beats of the take differ more than those that meet."""


@dataclass
class Joiner:
    """Aligns joins of one take; each is looked at once."""

    music: MusicFacts
    _known: dict[tuple[int, int], Match] = field(default_factory=dict)
    _faded: dict[tuple[int, int, int], tuple[Fade, float]] = field(default_factory=dict)

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

    def heard(self, way: Way) -> float:
        """Return what the joins of a way cost by their sound: that they do not fit, stand out, or that unlike beats meet."""
        total = 0.0
        for jump in way.jumps:
            matched = self.matched(jump.leave, jump.enter)
            into = int(self.music.beats.positions[jump.enter]) + matched.lag
            stands = self.faded(int(self.music.beats.positions[jump.leave]), into, jump.enter)[1]
            total += UNLIKE * (1 - max(0.0, matched.likeness)) + stands
            total += _MEETS * (self.music.beats.percentile(jump.leave - 1, jump.enter) / 100) ** 2
        return total

    def faded(self, out: int, into: int, enter: int) -> tuple[Fade, float]:
        """Return the cross-fade to a beat whose attack is most like that of the take, and what it costs."""
        if (out, into, enter) not in self._faded:
            fades = self._fades(self.music.beats.attack[enter] > _STRUCK)
            costs = [_stands_out(burst(self.music.sound, out, into, fade)) for fade in fades]
            least = min(range(len(fades)), key=costs.__getitem__)
            self._faded[out, into, enter] = fades[least], costs[least]
        return self._faded[out, into, enter]

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
        best, _ = self.faded(one.stop, other.start, enter)
        before = max(0, min(best.before, one.samples // 3, other.start))
        after = max(0, min(best.samples - best.before, other.samples // 3, self.music.samples - one.stop))
        return (min(best.samples, before) if best.before >= best.samples else before + after), before

    @staticmethod
    def _fades(struck: bool) -> tuple[Fade, ...]:
        """Return the cross-fades that an entry may have, the usual one first: over before what is struck, around what is not."""
        short, soft = int(_FADE_STRUCK_S * SAMPLE_RATE_HZ), int(_FADE_SOFT_S * SAMPLE_RATE_HZ)
        if not struck:
            return Fade(soft, soft // 2), Fade(int(soft * _LONGER), int(soft * _LONGER / 2)), Fade(soft, soft)
        ahead, long = int(_AHEAD_S * SAMPLE_RATE_HZ), int(short * _LONGER)
        return Fade(short, short + ahead), Fade(long, long + ahead), Fade(long, long // 2)


def _stands_out(attack: float) -> float:
    """Return what the attack of a join costs against that of the take."""
    least, most = _USUAL
    return _STANDS_OUT * (max(0.0, attack - most) + max(0.0, least - attack) / 2)
