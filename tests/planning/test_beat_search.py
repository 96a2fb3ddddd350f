"""The search for the elastic beat finds the best path: compared with trying every path."""

from __future__ import annotations

import random
from itertools import combinations, pairwise, product

import numpy as np
import pytest

from otio_soundtrack.planning.beat_search import BeatSearch, Point, Task

BPM, RATE, TOLERANCE, BAR = 90.0, 25.0, 0.06, 8
HALF_S = 60 / BPM / 2


def stretch(seconds: float, halves: int) -> float | None:
    """Return what a stretch costs, None where its tempo leaves the tolerance."""
    if seconds <= 0:
        return None
    bend = (halves * HALF_S / seconds - 1) / TOLERANCE
    return 0.5 * bend**2 * min(1.0, seconds / 4) if abs(bend) <= 1 else None


def worth(point: Point, place: int) -> float | None:
    """Return what a point is worth at a half beat of the bar."""
    if point.kind == "section":
        return None if place % 2 else point.weight + (1.0 if place == 0 else 0.0 if place == 4 else -3.0)
    if place % 2:
        return 0.3 * point.weight if point.kind == "cut" else None
    return point.weight * (1.25 if place == 0 else 1.0)


def path_score(chosen: list[tuple[Point, int]], units: tuple[int, ...], start: int, end: int, best_end: float) -> float | None:
    """Return the score of a path: points and sides, half beats of each stretch, eighth of the start, frame of the end."""
    at, place, total = start / 8 * 2 * HALF_S, 0, -0.02 * start
    for number, (point, side) in enumerate(chosen):
        seconds = (point.frame + side) / RATE - at
        cost = stretch(seconds, units[number])
        place = (place + units[number]) % BAR
        gain = worth(point, place)
        if cost is None or gain is None or units[number] < 2:
            return None
        total += gain * (1 - 0.1 * abs(side)) - cost
        at, place = at + seconds, 0 if point.kind == "section" else place
    cost = stretch(end / RATE - at, units[-1])
    place = (place + units[-1]) % BAR
    if cost is None or place % 2 or units[-1] < 4:
        return None
    return total - cost + (1.0 if place == 0 else 0.3 if place == 4 else -1.0) - 0.15 * abs(end - best_end) / RATE


def tried(points: tuple[Point, ...], ends: tuple[int, ...], best_end: float) -> float:
    """Return the best score of all paths."""
    best = -np.inf
    for count in range(len(points) + 1):
        for subset in combinations(points, count):
            sides = [(-1, 0, 1) if point.kind == "cut" else (0,) for point in subset]
            for side, start, end in product(product(*sides), range(8), ends):
                chosen = list(zip(subset, side, strict=True))
                edges = [start / 8 * 2 * HALF_S, *((point.frame + off) / RATE for point, off in chosen), end / RATE]
                near = [round((there - here) / HALF_S) for here, there in pairwise(edges)]
                for units in product(*((number - 1, number, number + 1) for number in near)):
                    score = path_score(chosen, units, start, end, best_end)
                    best = best if score is None else max(best, score)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_the_best_of_all_paths_is_found(seed: int) -> None:
    """Three points of any kind in 14 s: every choice of points, sides, starts, ends and numbers of half beats is tried."""
    chance = random.Random(seed)
    frames = sorted(chance.sample(range(20, 260), 3))
    kinds = [chance.choice(["cut", "cut", "hit", "section"]) for _ in frames]
    points = tuple(
        Point(frame=frame, weight=chance.uniform(0.3, 4), kind=kind) for frame, kind in zip(frames, kinds, strict=True)
    )
    ends = (290, 301)
    task = Task(
        points=points,
        rate=RATE,
        slack=1,
        ends=ends,
        best_end=296.0,
        tempi=np.array([BPM]),
        favourite=BPM,
        width=1.0,
        tolerance=TOLERANCE,
        beats_per_bar=4,
    )
    found = BeatSearch(task).best()
    expected = tried(points, ends, 296.0)
    assert (found.score if found else -np.inf) == pytest.approx(expected)
