"""Hits on the way through a take: what a change on a wanted time is worth, and joins that lie on the hit itself.

Joins from beat to beat keep the grid on which a take is played, and music of a rigid tempo then has a beat near a wanted time
only by chance. An editor cuts there: the music is left early, and what is entered on the hit is strong enough to begin anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.similarity import OFF_METRE, Beats
from otio_soundtrack.times import SAMPLE_RATE_HZ

Ints = NDArray[np.int64]
Costs = NDArray[np.float64]

_LATE = SAMPLE_RATE_HZ // 50
"""So much after a beat is still on it: 20 ms."""
_EARLY, _NEW_BAR = 1.2, 3.0
"""What it costs that a beat is cut short, all of it, and that what is entered has another place in the bar."""
_LIKE = 0.8
"""How much it counts that two sides of a join on a hit differ: a change is wanted there."""
_SHORTEST_BEATS = 4
"""Beats of a segment before a join on a hit."""
_NEAREST_BEATS = 4


@dataclass(frozen=True)
class Struck:
    """Ways that are left right at a hit."""

    enter: Ints
    offset: Ints
    cost: Costs
    leave: Ints
    """Beat that is cut short."""
    hit: Ints
    """Index of the hit."""
    came: Ints
    """Index of the way that is left."""


class Bonus:
    """What hits take off the cost of a segment that brings a change to them."""

    def __init__(self, wanted: Sequence[int], worth: Costs, entries: Ints, joined: Costs) -> None:
        """Take the hits.

        Args:
            wanted: samples of the result.
            worth: what a change at each hundredth of a second of the take takes off.
            entries: beats of the take that are strong enough to begin on a hit.
            joined: what it takes off to leave before beat i and to enter there on a hit [shape=(beats, entries)].
        """
        self.wanted, self._worth, self._entries, self._joined = wanted, worth, entries, joined
        self.most = len(wanted) * max(float(worth.max(initial=0.0)), float(joined.max(initial=0.0)))
        """What all hits together can take off."""

    def of(self, first: Ints, after: Ints, offset: Ints) -> Costs:
        """Return it for segments of the take that are played with an offset (arrays that broadcast)."""
        total = np.zeros(np.broadcast_shapes(first.shape, after.shape, offset.shape))
        for hit in self.wanted:
            at = hit - offset
            inside = (at >= first) & (at < after)
            total += np.where(inside, self._worth[self._place(at)], 0.0)
        return total

    def _place(self, at: Ints) -> Ints:
        return np.asarray(np.clip(at // (SAMPLE_RATE_HZ // 100), 0, len(self._worth) - 1))

    def struck(self, music: Beats, within: tuple[int, int, int], ways: tuple[Ints, Ints, Costs]) -> Struck:
        """Return the cheapest way from those given to every strong beat on every hit.

        Args:
            music: the take.
            within: beat before which nothing is left, beat from which on nothing is left, beat after which nothing is entered.
            ways: beat entered last, offset and cost of each.
        """
        opening, leaving, closing = within
        beat, offset, cost = ways
        usable = (self._entries >= 1) & (self._entries < closing)
        entries = self._entries[usable]
        # what begins with the segment is counted with the segment: here only what the join makes of it
        joined = self._joined[:, usable] - self._worth[self._place(music.positions[entries])]
        none = np.zeros(0, np.int64)
        parts: list[tuple[Ints, Ints, Costs, Ints, Ints, Ints]] = [(none, none, np.zeros(0), none, none, none)]
        for number, hit in enumerate(self.wanted):
            at = hit - offset
            leave = np.searchsorted(music.positions, at - _LATE, "left")
            good = np.flatnonzero((leave >= beat + _SHORTEST_BEATS) & (leave >= opening) & (leave < leaving))
            if not len(good) or not len(entries):
                continue
            dear = cost[good] - self.of(music.positions[beat[good]], at[good], offset[good])
            total = dear[:, None] + _costs(music, at[good], leave[good], entries) - joined[leave[good]]
            best = total.argmin(axis=0)
            least = total[best, np.arange(len(entries))]
            some = np.isfinite(least)
            enter, best = entries[some], good[best[some]]
            parts.append((enter, hit - music.positions[enter], least[some], leave[best], np.full(len(enter), number), best))
        return Struck(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _costs(music: Beats, at: Ints, leave: Ints, entries: Ints) -> Costs:
    """Return what it costs to leave at a sample, before beat ``leave``, and to enter at each beat [shape=(ways, entries)]."""
    early = np.maximum(music.positions[leave] - at, 0) / np.diff(music.positions)[leave - 1]
    jump = music.jump[leave[:, None], entries[None]].astype(np.float64)
    jump = np.where(jump >= OFF_METRE, jump - OFF_METRE + _NEW_BAR, jump)
    jump[np.abs(leave[:, None] - entries[None]) < _NEAREST_BEATS] = np.inf
    return np.asarray(_LIKE * jump + _EARLY * early[:, None])
