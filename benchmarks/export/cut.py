"""The 40-shot cut of the bench: three minutes from six sources.

It has gaps, dissolves, a retime, a freeze, a nested stack and sound.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from benchmarks.export.material import SECONDS, SHOTS
from otio_soundtrack.model.cut import AudioElement, Cut, CutList, Layer, Source, SourceKind

RATE = 25
DISSOLVE_FRAMES = 24
_SPECIAL = ("gap", "gap", "gap", "retime", "freeze", "nest")
"""What is not a plain clip in the 40."""
_SPREAD = 0.55
"""Standard deviation of the logarithm of shot lengths: cuts of films look like this."""


@dataclass(frozen=True)
class Taken:
    """Where a clip comes from."""

    shot: int
    at: Fraction
    speed: Fraction = Fraction(1)


Content = tuple[tuple[Taken, ...], int]
"""Sources (none for a gap, two for a dissolve) and frames of a piece."""


def source(number: int) -> Source:
    """Return a source of the bench."""
    return Source(kind=SourceKind.MOVIE, name=f"source {number}", path=SHOTS[number].path)


def forty_shots() -> list[Content]:
    """Return the pieces of the cut in record order."""
    chance = random.Random(1)  # noqa: S311  # the same cut every time is the point
    weights = [chance.lognormvariate(0, _SPREAD) for _ in range(40)]
    frames = [max(50, floor(180 * RATE * weight / sum(weights))) for weight in weights]
    frames[frames.index(max(frames))] += 180 * RATE - sum(frames)
    kinds = ["clip"] * 40
    places = chance.sample(range(2, 38, 2), len(_SPECIAL) + 4)
    for place, kind in zip(places, (*_SPECIAL, *["dissolve"] * 4), strict=True):
        kinds[place] = kind
    pieces: list[Content] = []
    for length, kind in zip(frames, kinds, strict=True):
        pieces.extend(_pieces(chance, kind, length))
    return pieces


def _pieces(chance: random.Random, kind: str, length: int) -> Sequence[Content]:
    if kind == "gap":
        return [((), length)]
    if kind == "retime":
        return [((_somewhere(chance, length, Fraction(2)),), length)]
    if kind == "freeze":
        return [((_somewhere(chance, 1, Fraction(0)),), length)]
    if kind == "nest":
        under, over = _somewhere(chance, length), _somewhere(chance, length // 3)
        third = length // 3
        later = Taken(under.shot, under.at + Fraction(2 * third, RATE))
        return [((under,), third), ((over,), third), ((later,), length - 2 * third)]
    taken = _somewhere(chance, length)
    if kind == "dissolve":
        other = _somewhere(chance, length)
        rest = length - DISSOLVE_FRAMES
        return [((other, taken), DISSOLVE_FRAMES), ((Taken(taken.shot, taken.at + Fraction(DISSOLVE_FRAMES, RATE)),), rest)]
    return [((taken,), length)]


def _somewhere(chance: random.Random, frames: int, speed: Fraction = Fraction(1)) -> Taken:
    """Return a clip that begins on a frame of its source and fits into it."""
    number = chance.randrange(len(SHOTS))
    rate = SHOTS[number].rate
    last = floor((SECONDS - 1 - frames * speed / RATE) * rate)
    return Taken(number, chance.randint(0, last) / rate, speed)


def many_cuts(count: int, seconds: int, seed: int = 7) -> list[Content]:
    """Return hard cuts of even length from all over the sources."""
    chance = random.Random(seed)  # noqa: S311  # the same cut every time is the point
    return [((_somewhere(chance, seconds * RATE // count),), seconds * RATE // count) for _ in range(count)]


def as_cut_list(pieces: Sequence[Content]) -> CutList:
    """Return the pieces as a cut list, with the sound of every plain clip below it."""
    cuts: list[Cut] = []
    audio: list[AudioElement] = []
    start = 0
    for taken, frames in pieces:
        layers = [Layer(source=source(one.shot), at=one.at, speed=one.speed) for one in taken]
        if len(taken) == 2:
            up = tuple(dissolve_weight(k, frames) for k in range(frames))
            down = tuple(1 - weight for weight in up)
            layers = [Layer(source=one.source, at=one.at, weights=w) for one, w in zip(layers, (down, up), strict=True)]
        cuts.append(Cut(start=start, frames=frames, layers=tuple(layers), name=f"shot at {start}"))
        if len(taken) == 1 and taken[0].speed == 1:
            place = Fraction(start, RATE), Fraction(frames, RATE)
            audio.append(AudioElement(source=layers[0].source, start=place[0], duration=place[1], at=taken[0].at))
        start += frames
    return CutList(name="bench", rate=float(RATE), frames=start, start_time=None, cuts=tuple(cuts), audio=tuple(audio))


def dissolve_weight(frame: int, frames: int) -> float:
    """Return the share of the incoming side in a frame of a dissolve."""
    return (frame + 0.5) / frames


def codes(pieces: Sequence[Content]) -> list[tuple[int, int] | None]:
    """Return source and frame that each frame of the cut must show; None in gaps and dissolves, which carry no code."""
    wanted: list[tuple[int, int] | None] = []
    for taken, frames in pieces:
        if len(taken) != 1:
            wanted += [None] * frames
            continue
        one = taken[0]
        times = (one.at + Fraction(k, RATE) * one.speed for k in range(frames))
        wanted += [(one.shot, floor(time * SHOTS[one.shot].rate)) for time in times]
    return wanted
