"""Ways through a take: which beats to play, in which order, for a wanted length.

Playing on changes nothing, only jumps do: a way is known by its *offset*, result time minus time in the take, which a jump from
beat i to beat j raises by position(i) − position(j). The way that ends with the take's own end at the wanted length is the one
whose jumps add up to wanted − own length. Ways are built jump by jump (dynamic programming over beat and offset, the cheapest of
every quarter second of offset kept); the last jump is looked up among all jumps, sorted by what they add, so that it closes the
length as nearly as any jump can.

Costs are fixed beforehand: a way is not made dearer for what it has played. A join is not used twice in a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.hits import Bonus
from otio_soundtrack.audio.similarity import Beats
from otio_soundtrack.times import SAMPLE_RATE_HZ

JUMP_COST = 0.25
"""Every join costs so much beyond what it sounds like: few are better than many."""

_EVEN = 0.4
"""How much of a jump counts as it is; the rest squared: two joins that nobody hears are better than one that some do."""
_PER_BEAT, _PER_BEAT_LAST = 8, 160
"""Best jumps from each beat: on the way, and as the last one."""
_OFFSET_STEP = SAMPLE_RATE_HZ // 4
"""Ways are told apart by offset in steps of a quarter second."""
_WAYS = 600
"""Ways that are followed from one jump to the next."""
_BATCH = 100
"""Ways that are continued at once, for memory's sake."""
_MOST = 60
"""Complete ways of each number of jumps that are returned."""
_NEAREST_BEATS = 4
"""A jump over less is a stumble."""
_BITS = 20
_FIELD = (1 << _BITS) - 1
"""Jumps are named by three numbers of so many bits: an hour has fewer beats, and nobody wants so many hits."""

Ints = NDArray[np.int64]
Costs = NDArray[np.float64]


@dataclass(frozen=True)
class Aim:
    """What a way must do."""

    least: int
    """Samples of the result up to the end of the way, at least …"""
    most: int
    """… and at most."""
    slack: int
    """Samples by which it may be missed, for stretching to close."""
    fine: float
    """Samples of stretch that cost as much as half an ordinary step; the cost grows with the square."""
    late: float
    """What every sample beyond ``least`` costs."""
    end: int
    """Beat before which the way ends; the number of beats for the end of the take."""
    opening: int
    """Beat before which nothing is left."""
    closing: int
    """Beat after which nothing is entered."""
    leaving: int
    """Beat from which on nothing is left."""
    shortest: int
    """Beats of a segment."""
    start: int = 0
    """Sample of the take on which the way begins."""
    jumps: int = 4
    """At most."""


class Jump(NamedTuple):
    """From somewhere in a take to somewhere else in it."""

    leave: int
    """Beat before which it is left."""
    enter: int
    """Beat at which it is entered."""
    hit: int | None = None
    """Sample of the result on which it is entered, the beat that is left cut short for it; None: where the beat ends."""


@dataclass(frozen=True)
class Way:
    """Jumps, in order."""

    jumps: tuple[Jump, ...]
    cost: float


@dataclass(frozen=True)
class _Jumps:
    """Jumps that may be used."""

    leave: Ints
    enter: Ints
    shift: Ints
    """Samples added to the offset."""
    cost: Costs


@dataclass(frozen=True)
class _Layer:
    """Ways with the same number of jumps."""

    beat: Ints
    """Entered last."""
    offset: Ints
    cost: Costs
    jump: Ints
    """Name of the last jump, see :func:`_named`; −1 for none."""
    came: Ints
    """Index in the layer before."""


def ways(music: Beats, aim: Aim, bonus: Bonus) -> list[Way]:
    """Return the best ways, the cheapest first; empty where no way has that length."""
    some, every = _allowed(music, aim, _PER_BEAT), _allowed(music, aim, _PER_BEAT_LAST)
    order = np.argsort(every.shift, kind="stable")
    every = _Jumps(every.leave[order], every.enter[order], every.shift[order], every.cost[order])
    begin = int(np.searchsorted(music.positions[:-1], aim.start, "right")) - 1
    zero = np.zeros(1, np.int64)
    layers = [_Layer(zero + max(begin, 0), zero - aim.start, np.zeros(1), zero - 1, zero)]
    found = _played_through(music, aim, layers, bonus)
    for _ in range(aim.jumps):
        found += _closed(music, aim, layers, every, bonus)
        if len(layers) == aim.jumps or not len(some.leave):
            break
        # a way that is dearer already than a whole one, and needs another jump, is not followed
        limit = min((way.cost for way in found), default=np.inf) + bonus.most - JUMP_COST
        layers.append(_continued(music, aim, layers[-1], some, (bonus, limit)))
        found += _played_through(music, aim, layers, bonus) if bonus.wanted else []
        if not len(layers[-1].beat):
            break
    return sorted(found, key=lambda way: way.cost)


def _allowed(music: Beats, aim: Aim, per_beat: int) -> _Jumps:
    """Return the best jumps from every beat, within opening and closing."""
    count = len(music.jump)
    cost = music.jump[:, : max(0, min(count, aim.closing))].copy()
    leave, enter = np.arange(count)[:, None], np.arange(cost.shape[1])[None]
    cost[(np.abs(leave - enter) < _NEAREST_BEATS) | (leave < aim.opening) | (leave >= aim.leaving) | (enter < 1)] = np.inf
    kept = min(per_beat, cost.shape[1])
    if kept == 0:
        none = np.zeros(0, np.int64)
        return _Jumps(none, none, none, np.zeros(0))
    best = np.argpartition(cost, kept - 1, axis=1)[:, :kept]
    chosen = np.take_along_axis(cost, best, 1)
    chosen = _EVEN * chosen + (1 - _EVEN) * chosen**2
    row, column = np.nonzero(np.isfinite(chosen))
    enters = best[row, column].astype(np.int64)
    leaves = row.astype(np.int64)
    return _Jumps(leaves, enters, music.positions[leaves] - music.positions[enters], chosen[row, column].astype(np.float64))


def _played_through(music: Beats, aim: Aim, layers: list[_Layer], bonus: Bonus) -> list[Way]:
    """Return the ways that have the length without another jump."""
    layer = layers[-1]
    end = np.full(len(layer.beat), music.positions[aim.end])
    length = end + layer.offset
    fitting = (length >= aim.least - aim.slack) & (length <= aim.most + aim.slack) & (layer.beat <= aim.end - aim.shortest)
    cost = layer.cost + _missed(aim, length) - bonus.of(music.positions[layer.beat], end, layer.offset)
    chosen = np.flatnonzero(fitting)
    best = chosen[np.argsort(cost[chosen], kind="stable")][:_MOST]
    return [Way(_history(layers, int(one), bonus), float(cost[one])) for one in best]


def _missed(aim: Aim, length: Ints) -> Costs:
    """Return what it costs that a way is not exactly as long as wanted."""
    beside = length - np.clip(length, aim.least, aim.most)
    return np.asarray(0.5 * (beside / aim.fine) ** 2 + aim.late * (np.clip(length, aim.least, aim.most) - aim.least))


def _closed(music: Beats, aim: Aim, layers: list[_Layer], every: _Jumps, bonus: Bonus) -> list[Way]:
    """Return the best ways that one more jump brings to the end."""
    layer = layers[-1]
    end = int(music.positions[aim.end])
    low = np.searchsorted(every.shift, aim.least - aim.slack - end - layer.offset, "left")
    high = np.searchsorted(every.shift, aim.most + aim.slack - end - layer.offset, "right")
    counts = high - low
    way = np.repeat(np.arange(len(layer.beat)), counts)
    if not len(way):
        return []
    jump = np.arange(len(way)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(low, counts)
    good = every.leave[jump] >= layer.beat[way] + aim.shortest
    good &= (every.enter[jump] <= aim.end - aim.shortest) & (_named(every.leave, every.enter)[jump] != layer.jump[way])
    way, jump = way[good], jump[good]
    offset = layer.offset[way]
    cost = layer.cost[way] + JUMP_COST + every.cost[jump] + _missed(aim, end + offset + every.shift[jump])
    cost -= bonus.of(music.positions[layer.beat[way]], music.positions[every.leave[jump]], offset)
    cost -= bonus.of(music.positions[every.enter[jump]], np.full(len(way), end), offset + every.shift[jump])
    best = np.argsort(cost, kind="stable")[:_MOST]
    return [
        Way(
            (*_history(layers, int(way[one]), bonus), Jump(int(every.leave[jump[one]]), int(every.enter[jump[one]]))),
            float(cost[one]),
        )
        for one in best
    ]


def _history(layers: list[_Layer], index: int, bonus: Bonus) -> tuple[Jump, ...]:
    """Return the jumps that led to a way of the last layer."""
    jumps: list[Jump] = []
    for layer in reversed(layers[1:]):
        name = int(layer.jump[index])
        hit = name & _FIELD
        jumps.append(Jump(name >> 2 * _BITS, name >> _BITS & _FIELD, bonus.wanted[hit - 1] if hit else None))
        index = int(layer.came[index])
    return tuple(reversed(jumps))


def _named(leave: Ints, enter: Ints, hit: Ints | int = 0) -> Ints:
    """Return a number for every jump: where it leaves, where it enters, and from 1 on which hit it lies."""
    return np.asarray((leave << 2 * _BITS) | (enter << _BITS) | hit)


def _continued(music: Beats, aim: Aim, layer: _Layer, some: _Jumps, costs: tuple[Bonus, float]) -> _Layer:
    """Return the ways with one more jump, the cheapest of every beat and offset, then of every offset.

    Args:
        music: the take.
        aim: what they must do.
        layer: the ways so far.
        some: jumps that continue them.
        costs: what hits take off, and the cost from which a way is given up.
    """
    bonus, limit = costs
    parts: list[tuple[Ints, Ints, Costs, Ints, Ints]] = []
    names = _named(some.leave, some.enter)
    leaves = music.positions[some.leave]
    for first in range(0, len(layer.beat), _BATCH):
        batch = np.arange(first, min(first + _BATCH, len(layer.beat)))
        beat, offset = layer.beat[batch][:, None], layer.offset[batch][:, None]
        good = (some.leave[None] >= beat + aim.shortest) & (names[None] != layer.jump[batch][:, None])
        good &= (leaves[None] + offset <= aim.most) & (layer.cost[batch][:, None] + some.cost[None] < limit - JUMP_COST)
        way, jump = np.nonzero(good)
        cost = layer.cost[batch[way]] + JUMP_COST + some.cost[jump]
        cost -= bonus.of(music.positions[layer.beat[batch[way]]], leaves[jump], layer.offset[batch[way]])
        shifted = layer.offset[batch[way]] + some.shift[jump]
        chosen = _cheapest(some.enter[jump], shifted, cost)
        parts.append((some.enter[jump][chosen], shifted[chosen], cost[chosen], names[jump][chosen], batch[way][chosen]))
    struck = bonus.struck(music, (aim.opening, aim.leaving, aim.closing), (layer.beat, layer.offset, layer.cost + JUMP_COST))
    parts.append((struck.enter, struck.offset, struck.cost, _named(struck.leave, struck.enter, struck.hit + 1), struck.came))
    enter, offset, cost, name, came = (np.concatenate(column) for column in zip(*parts, strict=True))
    chosen = _cheapest(enter, offset, cost)
    # the cheapest of every offset first, then the second cheapest …: wherever the length lies, there is a way towards it
    order = chosen[np.lexsort((cost[chosen], offset[chosen] // _OFFSET_STEP))]
    places = offset[order] // _OFFSET_STEP
    rank = np.arange(len(order)) - np.searchsorted(places, places, "left")
    kept = order[np.lexsort((cost[order], rank))[:_WAYS]]
    return _Layer(enter[kept], offset[kept], cost[kept], name[kept], came[kept])


def _cheapest(enter: Ints, offset: Ints, cost: Costs) -> Ints:
    """Return the indices of the cheapest way to every beat with every offset."""
    order = np.lexsort((cost, offset // (_OFFSET_STEP // 10), enter))
    place = offset[order] // (_OFFSET_STEP // 10)
    new = np.ones(len(order), bool)
    new[1:] = (enter[order][1:] != enter[order][:-1]) | (place[1:] != place[:-1])
    return np.asarray(order[new])
