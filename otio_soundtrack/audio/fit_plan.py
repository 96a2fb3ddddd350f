"""A take laid on exactly so many samples: the best way, its ending, and what is told about it.

The take's own beginning and ending stay; in between it is left and entered where that is heard least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from otio_soundtrack.audio import windows
from otio_soundtrack.audio.beats import LEAST_PULSE
from otio_soundtrack.audio.changes import WORTH, Change, changes, entries, moved, worth
from otio_soundtrack.audio.contrast import contrasts, unmet
from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.audio.hits import Bonus
from otio_soundtrack.audio.listen import LEAST_S
from otio_soundtrack.audio.paths import Aim, Way, ways
from otio_soundtrack.audio.seams import Joiner
from otio_soundtrack.audio.untouched import (
    CLOSING_S,
    FINE_CENTS,
    MOST_CENTS,
    OPENING_S,
    blurred,
    closed,
    ends,
    finished,
    longer,
    spare,
    trimmed,
)
from otio_soundtrack.errors import FitError
from otio_soundtrack.model.fit import FitPlan, Segment
from otio_soundtrack.times import SAMPLE_RATE_HZ

STING_S = 5.0
"""Up to here a cue has no room for a join: the best window is taken."""
LONG_FACTOR = 4.0
"""Beyond so many times its length, a take is heard to repeat."""
_LITTLE_S = 20.0
"""In less music there is little that could be left, or entered: made longer, a listener soon knows all of it."""

_SHORTEST_BEATS, _SHORTEST_BEATS_SHORT, _SHORT_S = 8, 4, 25.0
"""Beats of a segment, in long cues and in short ones."""
_LEAST_BEATS = 12
"""With fewer, a take has no places to join it."""
_RANKED, _RANKED_FOR_HITS = 80, 240
"""Ways whose joins are listened to."""
_LATE_COST = 0.4
"""What a second costs that is taken from the decay of the take's ending."""
_PAD_S = 0.05
"""Silence of the take's own that may follow its last sound."""
_RING_S = (1.0, 3.5)
"""How long the last chord of an ending that is made may ring."""
_AGAIN = 2.0
"""What it costs that a join comes twice: by it, a listener knows a loop."""
_MOST_JUMPS = 100
"""Forty times the take: an hour of a track of a minute and a half."""
_MADE_ENDS = 3
"""Bar lines at the end of a take on which an ending may be made; of the ways to each, a third as many are listened to."""
_MANY_HITS, _MORE_JUMPS = 6, 8
"""So many hits count in full; for those beyond two there may be a jump more each, up to so many."""
_UNMET = 40.0
"""What it costs that nothing strong begins on a hit in what is played."""
_ON_HIT_S = 0.05
"""A join so near to a hit was made for it."""
_DOUBTFUL_COST = 4.0
"""A join that costs so many ordinary steps is heard by many."""


def plan_fit(facts: MusicFacts, samples: int, *, hits: Sequence[float] = (), start_seconds: float = 0.0) -> FitPlan:
    """Lay a take on a length.

    Args:
        facts: the take.
        samples: length of the result at 48 kHz, above 0.
        hits: seconds of the result at which something should begin.
        start_seconds: where in the take the result begins.

    Returns:
        a plan of exactly ``samples``.

    Raises:
        FitError: less than a second of music, and more is wanted.
        ValueError: no length, or a start outside of the music.
    """
    start = facts.sound.heard_at(round(start_seconds * SAMPLE_RATE_HZ))
    if samples < 1 or not 0 <= start < facts.end:
        raise ValueError(f"cannot lay {facts.end} samples from {start} on {samples}")
    if facts.end - start < min(samples, LEAST_S * SAMPLE_RATE_HZ):
        heard = f"{(facts.end - start) / SAMPLE_RATE_HZ:.2f} s of music"
        raise FitError(f"{heard} are too short to be made longer: they would rattle.", hint="Give more music.")
    if start == 0 and samples == facts.samples and facts.ends and not facts.fall and not len(hits):
        return facts.sound.on_file(finished(facts, samples, Way((), 0.0), (Segment(start=0, stop=samples),), "kept"))
    found = None
    room = len(facts.beats.level_db) - int(np.searchsorted(facts.beats.positions[:-1], start)) >= _LEAST_BEATS
    if samples > STING_S * SAMPLE_RATE_HZ and room:
        found = _kept(facts, samples, start, hits) if facts.ends else None
        found = found or _made(facts, samples, start, hits)
    if found is None:
        found = windows.window(facts, samples, start) if samples <= facts.end - start else windows.looped(facts, samples, start)
    return facts.sound.on_file(_annotated(facts, found, hits))


def _kept(facts: MusicFacts, samples: int, start: int, hits: Sequence[float]) -> FitPlan | None:
    """Return the plan that keeps the take's own ending, None where none does well."""
    pad = min(facts.samples - facts.end, int(_PAD_S * SAMPLE_RATE_HZ))
    aim = _aim(facts, (samples - pad, samples + spare(facts, samples)), len(facts.beats.level_db), start, len(hits))
    ranking = _Ranking(facts, hits, Joiner(facts), start)

    def laid(way: Way, segments: tuple[Segment, ...]) -> FitPlan | None:
        return closed(facts, samples, way, trimmed(facts, segments, samples, pad), ranking.joiner)

    ranking.add(ways(facts.beats, aim, _bonus(facts, hits)), facts.end, laid)
    return ranking.best


def _made(facts: MusicFacts, samples: int, start: int, hits: Sequence[float]) -> FitPlan | None:
    """Return the plan whose ending is a chord of the take, left to ring on a bar line; None where there is no bar line for it."""
    shortest, longest = (int(seconds * SAMPLE_RATE_HZ) for seconds in _RING_S)
    if samples <= 2 * longest:
        return None
    positions, ranking = facts.beats.positions, _Ranking(facts, hits, Joiner(facts), start, share=1 / _MADE_ENDS)
    bars = np.arange(facts.pulse.phase, len(facts.beats.level_db), facts.pulse.metre)
    bars = bars[positions[bars] <= facts.end - shortest]
    # the take is long enough: the bar line that the length leads to; else one of its last
    direct = bars[(positions[bars] - start >= samples - longest) & (positions[bars] - start <= samples - shortest)]

    def laid(way: Way, segments: tuple[Segment, ...]) -> FitPlan | None:
        ring = samples - sum(one.samples for one in segments)
        if not shortest // 2 <= ring <= longest + shortest or min(one.samples for one in segments) <= 0:
            return None
        rung = Segment(start=segments[-1].start, stop=segments[-1].stop + ring)
        return finished(facts, samples, way, (*segments[:-1], rung), "made", ring=ring, joiner=ranking.joiner)

    bonus = _bonus(facts, hits)
    for end in [*direct.tolist(), *bars[-_MADE_ENDS:].tolist()]:
        aim = _aim(facts, (samples - longest, samples - shortest), int(end), start, len(hits))
        ranking.add(ways(facts.beats, aim, bonus), int(positions[end]), laid)
    return ranking.best


@dataclass
class _Ranking:
    """The best of many ways, by all that is known of them; what takes longest to know is asked last."""

    facts: MusicFacts
    hits: Sequence[float]
    joiner: Joiner
    start: int
    share: float = 1.0
    """Of the ways that are looked at of each list."""
    best: FitPlan | None = None
    _cost: float = np.inf

    def add(self, found: Sequence[Way], stop: int, laid: Callable[[Way, tuple[Segment, ...]], FitPlan | None]) -> None:
        """Look at ways, the cheapest first, up to sample ``stop`` of the take; ``laid`` gives the plan of one."""
        for way in found[: int((_RANKED_FOR_HITS if len(self.hits) else _RANKED) * self.share)]:
            cost = way.cost
            if cost >= self._cost:
                return
            segments = self.joiner.segments(way, self.start, stop)
            cost += _UNMET * unmet(self.facts.beats, segments, self.hits) if len(self.hits) else 0.0
            cost += _AGAIN * (len(way.jumps) - len(set(way.jumps)))
            cost += self.joiner.heard(way) if cost < self._cost else 0.0
            plan = laid(way, segments) if cost < self._cost else None
            if plan is None:
                continue
            cost += 0.5 * (plan.stretch_cents / FINE_CENTS) ** 2 + blurred(self.facts, plan)
            if cost < self._cost:
                self.best, self._cost = plan, cost


def _aim(facts: MusicFacts, lengths: tuple[int, int], end: int, start: int, hits: int) -> Aim:
    """Return what a way must do to end before beat ``end`` with a length between two, for so many hits."""
    least, most = lengths
    positions, seconds = facts.beats.positions, least / SAMPLE_RATE_HZ
    first, last = ends(seconds)
    opening, closing = start + first * SAMPLE_RATE_HZ, positions[end] - last * SAMPLE_RATE_HZ
    stretched = max(1.0, least - (OPENING_S + CLOSING_S) * SAMPLE_RATE_HZ)
    shortest = _SHORTEST_BEATS if seconds > _SHORT_S else _SHORTEST_BEATS_SHORT
    own = max(1, int(positions[end]) - start)
    opened = max(int(np.searchsorted(positions, opening)), _SHORTEST_BEATS_SHORT)
    closed = min(int(np.searchsorted(positions, closing)), end - _SHORTEST_BEATS_SHORT)
    return Aim(
        least=least,
        most=most,
        slack=int(stretched * longer(MOST_CENTS)),
        fine=max(1.0, stretched * longer(FINE_CENTS)),
        late=_LATE_COST / SAMPLE_RATE_HZ,
        end=end,
        opening=opened,
        closing=closed,
        # what comes to rest does so once; what does not is left wherever that is heard least
        leaving=min(end, max(closed, opened + 1)) if facts.ends else len(positions) - 1,
        shortest=shortest,
        start=start,
        jumps=(4 if least <= own else min(_MOST_JUMPS, 3 + 2 * ceil(least / own))) + min(max(0, hits - 2), _MORE_JUMPS),
    )


def _bonus(facts: MusicFacts, hits: Sequence[float]) -> Bonus:
    """Return what hits take off: of many, each less, so that they do not make a patchwork of the music."""
    if not len(hits):
        return Bonus([], np.zeros(1), np.zeros(0, np.int64), np.zeros((len(facts.beats.step), 0)))
    share, strong = min(1.0, _MANY_HITS / len(hits)), entries(facts)
    joined = share * WORTH * contrasts(facts.beats, strong)
    return Bonus([round(hit * SAMPLE_RATE_HZ) for hit in hits], share * worth(facts), strong, joined)


def _annotated(facts: MusicFacts, plan: FitPlan, hits: Sequence[float]) -> FitPlan:
    """Return a plan with what became of the hits, with what a person should know, and joins told where they are heard."""
    known: list[Change] = changes(facts, plan)
    heard = [plan.heard_at(round(seam.at * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ for seam in plan.seams]
    seams = tuple(seam.model_copy(update={"at": at}) for seam, at in zip(plan.seams, heard, strict=True))
    notes = [*plan.notes, *facts.sound.told()]
    dearest = max(seams, key=lambda seam: seam.cost, default=None)
    if dearest is not None and dearest.cost > _DOUBTFUL_COST:
        struck = any(abs(dearest.at - hit) < _ON_HIT_S for hit in hits)
        why = "the music is left there for the hit" if struck else "the take has no better place to join for this length"
        notes.append(f"Listen to {dearest.at:.1f} s: {why}.")
    if facts.end < min(plan.samples, _LITTLE_S * SAMPLE_RATE_HZ):
        notes.append(f"The music has only {facts.end / SAMPLE_RATE_HZ:.1f} s: what is repeated of it is known again.")
    if plan.samples > LONG_FACTOR * facts.end:
        notes.append(f"The length is more than {LONG_FACTOR:g} times that of the music: it repeats audibly.")
    if facts.pulse.strength < LEAST_PULSE and (plan.seams or plan.ending == "made" or hits):
        notes.append("The music has no clear beat: where it is joined, or made to end, was chosen by sound alone.")
    return plan.model_copy(update={"seams": seams, "hits": moved(known, hits), "notes": tuple(notes)})
