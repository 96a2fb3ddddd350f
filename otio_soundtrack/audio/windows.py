"""When there is no room, or no place, for joins: the best window of a take, or the take over and over."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.model.fit import Ending, FitPlan, Seam, Segment
from otio_soundtrack.times import SAMPLE_RATE_HZ

RISE_S = 0.012
"""Fade where music begins in the middle: shorter than an attack, longer than a click."""
_RING_SHARE, _RING_MOST_S = 0.4, 2.0
"""The last chord of a window rings for so much of it."""
_FADE_SHARE, _FADE_MOST_S = 0.3, 4.0
_LOOP_FADE_S = 0.25
_NO_STEP = 1e-6
"""Where neighbouring beats differ by so little, all are alike."""
_OFF_BEAT, _SOFT, _NO_OPENING, _MADE = 0.6, 0.05, 0.3, 0.3
"""What counts against a window: a start off the bar line; every dB below the loud moments; no own beginning; no own ending."""


@dataclass(frozen=True)
class _Choice:
    start: int
    cost: float
    ending: Ending
    why: str


def window(facts: MusicFacts, samples: int, start: int) -> FitPlan:
    """Return the best stretch of the take that is so long, and say what the second best was.

    Args:
        facts: the take.
        samples: not more than there are from ``start`` on.
        start: sample of the take before which nothing is used.
    """
    choices = sorted([*_endings(facts, samples, start), *_openings(facts, samples, start)], key=lambda one: one.cost)
    best = choices[0]
    second = next((one for one in choices[1:] if abs(one.start - best.start) >= samples // 2), None)
    runner_up = "" if second is None else f"From {_place(facts, second)} of the take: {second.why}."
    ring = _ring(facts, best, samples)
    return FitPlan(
        samples=samples,
        segments=(Segment(start=best.start, stop=best.start + samples),),
        seams=(),
        keep_first=samples,
        keep_last=0,
        stretch_cents=0.0,
        ending=best.ending if ring or best.ending == "kept" else "faded",
        ring=ring or (min(facts.fall, _fade(samples)) if best.ending == "kept" else _fade(samples)),
        rise=0 if best.start == 0 else int(min(RISE_S * SAMPLE_RATE_HZ, samples // 4)),
        tempo_bpm=round(facts.pulse.tempo_bpm, 2),
        notes=(f"From {_place(facts, best)} of the take: {best.why}.",),
        runner_up=runner_up,
    )


def _place(facts: MusicFacts, choice: _Choice) -> str:
    """Return where a window begins in the file."""
    return f"{facts.sound.place(choice.start) / SAMPLE_RATE_HZ:.1f} s"


def looped(facts: MusicFacts, samples: int, start: int) -> FitPlan:
    """Return the take over and over, its ending last: for takes that have no places to join them."""
    own, fade = facts.end - start, min(int(_LOOP_FADE_S * SAMPLE_RATE_HZ), (facts.end - start) // 4)
    whole, rest = divmod(samples, own)
    if 0 < rest < 4 * fade and whole > 1:
        # no rest shorter than its cross-fade: the last two share what is left
        whole, rest = whole - 1, rest + own
    rests = [] if rest == 0 else [rest] if rest <= own else [rest // 2, rest - rest // 2]
    segments = [Segment(start=start, stop=facts.end)] * (whole - (1 if rests else 0))
    segments += [Segment(start=facts.end - one, stop=facts.end) for one in rests]
    if rests:
        segments.append(Segment(start=start, stop=facts.end))
    seams, at = [], 0
    for one, other in pairwise(segments):
        at += one.samples
        seams.append(_loop_seam(facts, at, one, other, min(fade, one.samples // 3, other.samples // 3)))
    return FitPlan(
        samples=samples,
        segments=tuple(segments),
        seams=tuple(seams),
        keep_first=samples,
        keep_last=0,
        stretch_cents=0.0,
        ending="kept" if facts.ends else "faded",
        ring=min(facts.fall, _fade(samples)) if facts.ends else _fade(samples),
        rise=0,
        tempo_bpm=round(facts.pulse.tempo_bpm, 2),
        notes=("The music is repeated as it is: no joins inside of it lead to this length.",),
    )


def _loop_seam(facts: MusicFacts, at: int, one: Segment, other: Segment, fade: int) -> Seam:
    """Return the join from an end to a start; the cross-fade lies before it, where the one that is left still sounds."""
    before = min(fade, other.start)
    leave, enter = (int(np.searchsorted(facts.beats.positions, place)) for place in (one.stop, other.start))
    last, first = min(max(leave, 1), len(facts.beats.level_db)) - 1, min(enter, len(facts.beats.level_db) - 1)
    ordinary = max(float(np.median(facts.beats.natural)), _NO_STEP) if len(facts.beats.natural) else 1.0
    return Seam(
        at=at / SAMPLE_RATE_HZ,
        from_=one.stop / SAMPLE_RATE_HZ,
        to=other.start / SAMPLE_RATE_HZ,
        percentile=round(facts.beats.percentile(last, first), 1),
        cost=round(float(facts.beats.step[last, first]) / ordinary, 4),
        on_metre=(leave - enter) % facts.pulse.metre == 0,
        lag=0,
        likeness=0.0,
        fade=max(before, fade // 8),
        before=before,
    )


def _endings(facts: MusicFacts, samples: int, start: int) -> list[_Choice]:
    """Return the window that ends with the take, begun on a bar line where the inaudible end of its decay allows that."""
    latest = facts.end - samples
    if not facts.ends or latest < start:
        return []
    earliest = max(start, latest - facts.quiet)
    bars = _bars(facts)
    on_bar = bars[(bars >= earliest) & (bars <= latest)]
    at = int(on_bar[-1]) if len(on_bar) else latest
    cost = (
        _softness(facts, at, samples) + (0.0 if len(on_bar) or at == start else _OFF_BEAT) + (0.0 if at == start else _NO_OPENING)
    )
    return [_Choice(at, cost, "kept", "it ends as the take ends" + (", and begins on a bar line" if len(on_bar) else ""))]


def _openings(facts: MusicFacts, samples: int, start: int) -> list[_Choice]:
    """Return the windows that begin at the start, or where something new begins on a bar line."""
    latest = facts.end - samples
    bars = _bars(facts)
    places = [(start, 0.0, "it begins as the take begins")]
    for bar in bars[(bars > start) & (bars <= latest)].tolist():
        beat = int(np.searchsorted(facts.beats.positions[:-1], bar))
        places.append((bar, _NO_OPENING * (2 - float(facts.beats.novelty[beat])), "it begins on a bar line, loud and clear"))
    return [_Choice(at, cost + _MADE + _softness(facts, at, samples), "made", why) for at, cost, why in places]


def _bars(facts: MusicFacts) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return facts.beats.positions[:-1][facts.pulse.phase :: facts.pulse.metre]


def _softness(facts: MusicFacts, start: int, samples: int) -> float:
    """Return what it counts that a window is softer than the loud moments of the take."""
    positions, level = facts.beats.positions, facts.beats.level_db
    first, after = np.searchsorted(positions[:-1], [start, start + samples])
    inside = level[max(0, int(first) - 1) : max(int(after), 1)]
    loud = float(np.percentile(level, 90))
    return _SOFT * max(0.0, loud - float(inside.mean() if len(inside) else level.min()))


def _ring(facts: MusicFacts, choice: _Choice, samples: int) -> int:
    """Return how long the last chord of a made ending rings: from the last beat that leaves it time; 0 where there is none."""
    if choice.ending != "made":
        return 0
    least = int(min(_RING_SHARE * samples, _RING_MOST_S * SAMPLE_RATE_HZ))
    beats = facts.beats.positions[:-1] - choice.start
    fitting = beats[(beats > 0) & (beats <= samples - least)]
    ring = samples - int(fitting[-1]) if len(fitting) else 0
    return ring if ring <= 2 * least else 0


def _fade(samples: int) -> int:
    return int(min(_FADE_SHARE * samples, _FADE_MOST_S * SAMPLE_RATE_HZ))
