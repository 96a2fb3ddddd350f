"""Contrast: whether a way through a take, as it will be heard, changes strongly where it was asked to.

A change that is strong in the take may be none once other beats come before it, and every join may make one. So a join on a hit
is sought by what it brings together, and the ways that are left at last are judged by the novelty of what they play.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from otio_soundtrack.audio.similarity import NOVELTY_BEATS, PEAK_BEATS, Beats, checkerboard
from otio_soundtrack.model.fit import Segment
from otio_soundtrack.times import SAMPLE_RATE_HZ

_STRONG = 0.6
"""Share of the greatest novelty of a result from which a change is noticed as one."""
_NEAR = SAMPLE_RATE_HZ // 10
"""A change within 100 ms of a hit is that of the hit."""
_DROP_DB, _LEVEL_BEATS = 12.0, 4
"""By so much softer, over so many beats, music has stopped: that is a change, but nothing begins."""
_DEEPEST_DB = 40.0
"""So far below the loudest beat everything counts as silence."""


def begun(level_db: NDArray[np.float64], entries: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """Return how far something begins where beats meet, and does not only stop: 1 where what follows is as loud as what was.

    Args:
        level_db: of beats in the order in which they are played.
        entries: beats that may follow on each; None: those that do.

    Returns:
        0–1 [shape=(beats,)], or of every beat followed by every entry in its place [shape=(beats, entries)].
    """
    sums = np.concatenate([[0.0], np.cumsum(np.maximum(level_db, level_db.max(initial=-np.inf) - _DEEPEST_DB))])
    place = np.arange(len(level_db))
    first, stop = np.maximum(place - _LEVEL_BEATS, 0), np.minimum(place + _LEVEL_BEATS, len(level_db))
    after = (sums[stop] - sums[place]) / np.maximum(stop - place, 1)
    before = np.where(place > 0, (sums[place] - sums[first]) / np.maximum(place - first, 1), after)
    softer = before - after if entries is None else before[:, None] - after[entries][None]
    return np.asarray(np.clip(1 - softer / _DROP_DB, 0.0, 1.0))


def contrasts(music: Beats, entries: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how strong a change it is to leave before beat i and to enter at each of some beats.

    Args:
        music: the take.
        entries: beats.

    Returns:
        0–1, 1 from what is noticed as strong on [shape=(beats, entries)]; 0 within two bars of either end.
    """
    count, reach = len(music.step), NOVELTY_BEATS
    found = np.zeros((count, len(entries)))
    if count <= 2 * reach or not len(entries):
        return found
    board, alike = checkerboard(), np.exp(-music.step / max(float(np.median(music.step)), 1e-9))
    inside = np.arange(reach, count - reach)
    before, after, natural = np.zeros(len(inside)), np.zeros(len(inside)), np.zeros(len(inside))
    columns = np.clip(entries, reach, count - reach - 1)
    across = np.zeros((len(inside), len(entries)))
    for one in range(reach):
        for other in range(reach):
            before += board[one, other] * alike[inside - reach + one, inside - reach + other]
            after += board[reach + one, reach + other] * alike[inside + one, inside + other]
            natural += 2 * board[one, reach + other] * alike[inside - reach + one, inside + other]
            across += 2 * board[one, reach + other] * alike[(inside - reach + one)[:, None], columns[None] + other]
    greatest = max(float((before + after + natural).max()), 1e-9)
    found[inside] = (before[:, None] + after[columns - reach][None] + across) / (_STRONG * greatest)
    found[:, (entries < reach) | (entries >= count - reach)] = 0.0
    return np.clip(found, 0.0, 1.0) * begun(music.level_db, entries)


def unmet(music: Beats, segments: Sequence[Segment], hits: Sequence[float]) -> float:
    """Return how far a result is from a strong change on every hit: 0 where all are met, 1 for every one where nothing changes.

    Args:
        music: the take.
        segments: what is played of it, in order.
        hits: seconds of the result.
    """
    orders, times, at = [], [], 0
    for segment in segments:
        first, after = np.searchsorted(music.positions[:-1], [segment.start - SAMPLE_RATE_HZ // 20, segment.stop])
        orders.append(np.arange(first, after))
        times.append(at + music.positions[first:after] - segment.start)
        at += segment.samples
    order, starts = np.concatenate(orders), np.concatenate(times)
    if len(order) <= 2 * NOVELTY_BEATS:
        return float(len(hits))
    novelty = np.zeros(len(order))
    reach = np.arange(2 * NOVELTY_BEATS)
    around = order[np.arange(len(order) - 2 * NOVELTY_BEATS)[:, None] + reach]
    apart = music.step[around[:, :, None], around[:, None, :]]
    alike = np.exp(-apart / max(float(np.median(apart)), 1e-9))
    novelty[NOVELTY_BEATS : len(order) - NOVELTY_BEATS] = np.einsum("nij,ij->n", alike, checkerboard())
    novelty[novelty < maximum_filter1d(novelty, PEAK_BEATS)] = 0.0
    strong = np.clip(novelty / max(_STRONG * float(novelty.max()), 1e-9), 0, 1) * begun(music.level_db[order])
    total = 0.0
    for hit in hits:
        near = np.abs(starts - hit * SAMPLE_RATE_HZ) <= _NEAR
        total += 1 - float(strong[near].max(initial=0.0))
    return total
