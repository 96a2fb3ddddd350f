"""A take laid on exactly so many samples: the best way, its ending, and what is told about it.

The take's own beginning and ending stay, sample for sample; in between it is left and entered where that is heard least. What is
missing to the sample is closed there too, by a pitch that nobody hears (Moore 1973: five cents are just noticed).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2

import numpy as np

from otio_soundtrack.audio import windows
from otio_soundtrack.audio.beats import LEAST_PULSE
from otio_soundtrack.audio.changes import WORTH, Change, changes, entries, moved, worth
from otio_soundtrack.audio.contrast import contrasts, unmet
from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.audio.hits import Bonus
from otio_soundtrack.audio.paths import Aim, Way, ways
from otio_soundtrack.audio.seams import Joiner
from otio_soundtrack.model.fit import Ending, FitPlan, Seam, Segment
from otio_soundtrack.times import SAMPLE_RATE_HZ

STING_S = 5.0
"""Up to here a cue has no room for a join: the best window is taken."""
MOST_CENTS = 5.0
"""A stretch beyond is noticed: then rather an ending is made."""
LONG_FACTOR = 4.0
"""Beyond so many times its length, a take is heard to repeat."""

_OPENING_S, _CLOSING_S, _SHARE = 6.0, 8.0, 0.15
"""What stays untouched at beginning and end, at most this share of the length."""
_KNOWN_S, _KNOWN_FROM_S, _KNOWN_SHARE = 5.25, 10.0, 0.47
"""By its first and last five seconds a take is known again: from this length on they stay too, at most this share of it."""
_SHORTEST_BEATS, _SHORTEST_BEATS_SHORT, _SHORT_S = 8, 4, 25.0
"""Beats of a segment, in long cues and in short ones."""
_LEAST_BEATS = 12
"""With fewer, a take has no places to join it."""
_RANKED, _RANKED_FOR_HITS = 80, 240
"""Ways whose joins are listened to."""
_FINE_CENTS = 0.8
"""A stretch that costs as much as half an ordinary step."""
_LATE_COST = 0.4
"""What a second costs that is taken from the decay of the take's ending."""
_RING_SHARE, _RING_LESS_S, _RING_OF_ALL = 0.75, 4.0, 0.1
"""By how much the last chord may ring shorter where bars do not add up, at most so much of the length: a rigid tempo leaves no
other freedom."""
_EASED_SHARE, _EASED_S, _EASED_LEAST = 0.8, 1.0, SAMPLE_RATE_HZ // 5
"""How much of what is left of a shortened ring falls to silence: the longer, the more was taken."""
_PAD_S = 0.05
"""Silence of the take's own that may follow its last sound."""
_RING_S = (1.0, 3.5)
"""How long the last chord of an ending that is made may ring."""
_MADE_ENDS = 3
_MANY_HITS = 3
"""So many hits count in full."""
_UNMET = 40.0
"""What it costs that nothing strong begins on a hit in what is played."""
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
        ValueError: no length, or a start outside of the music.
    """
    start = round(start_seconds * SAMPLE_RATE_HZ)
    if samples < 1 or not 0 <= start < facts.end:
        raise ValueError(f"cannot lay {facts.end} samples from {start} on {samples}")
    if start == 0 and samples == facts.samples and facts.ends and not len(hits):
        return _finished(facts, samples, Way((), 0.0), (Segment(start=0, stop=samples),), "kept")
    found = None
    room = len(facts.beats.level_db) - int(np.searchsorted(facts.beats.positions[:-1], start)) >= _LEAST_BEATS
    if samples > STING_S * SAMPLE_RATE_HZ and room:
        found = _kept(facts, samples, start, hits) if facts.ends else None
        found = found or _made(facts, samples, start, hits)
    if found is None:
        found = windows.window(facts, samples, start) if samples <= facts.end - start else windows.looped(facts, samples, start)
    return _annotated(facts, found, hits)


def _kept(facts: MusicFacts, samples: int, start: int, hits: Sequence[float]) -> FitPlan | None:
    """Return the plan that keeps the take's own ending, None where none does well."""
    pad = min(facts.samples - facts.end, int(_PAD_S * SAMPLE_RATE_HZ))
    aim = _aim(facts, samples - pad, samples + _spare(facts, samples), len(facts.beats.level_db), start)
    joiner = Joiner(facts)
    best: tuple[float, FitPlan] | None = None
    for way in ways(facts.beats, aim, _bonus(facts, hits))[: _RANKED_FOR_HITS if hits else _RANKED]:
        if best is not None and way.cost >= best[0]:
            break
        segments = joiner.segments(way, start, facts.end)
        plan = _closed(facts, samples, way, _trimmed(facts, segments, samples, pad), joiner)
        if plan is None:
            continue
        total = way.cost + joiner.heard(way) + _unmet(facts, segments, hits) + 0.5 * (plan.stretch_cents / _FINE_CENTS) ** 2
        if best is None or total < best[0]:
            best = total, plan
    return None if best is None else best[1]


def _made(facts: MusicFacts, samples: int, start: int, hits: Sequence[float]) -> FitPlan | None:
    """Return the plan whose ending is a chord of the take, left to ring on a bar line; None where there is no bar line for it."""
    shortest, longest = (int(seconds * SAMPLE_RATE_HZ) for seconds in _RING_S)
    if samples <= 2 * longest:
        return None
    positions, joiner = facts.beats.positions, Joiner(facts)
    bars = np.arange(facts.pulse.phase, len(facts.beats.level_db), facts.pulse.metre)
    bars = bars[positions[bars] <= facts.end - shortest]
    # the take is long enough: the bar line that the length leads to; else one of its last
    direct = bars[(positions[bars] - start >= samples - longest) & (positions[bars] - start <= samples - shortest)]
    best: tuple[float, FitPlan] | None = None
    for end in [*direct.tolist(), *bars[-_MADE_ENDS:].tolist()]:
        aim = _aim(facts, samples - longest, samples - shortest, int(end), start)
        for way in ways(facts.beats, aim, _bonus(facts, hits))[: (_RANKED_FOR_HITS if hits else _RANKED) // _MADE_ENDS]:
            if best is not None and way.cost >= best[0]:
                break
            segments = joiner.segments(way, start, int(positions[end]))
            ring = samples - sum(one.samples for one in segments)
            if not shortest // 2 <= ring <= longest + shortest or min(one.samples for one in segments) <= 0:
                continue
            total = way.cost + joiner.heard(way) + _unmet(facts, segments, hits)
            if best is None or total < best[0]:
                last = Segment(start=segments[-1].start, stop=segments[-1].stop + ring)
                best = total, _finished(facts, samples, way, (*segments[:-1], last), "made", ring=ring, joiner=joiner)
    return None if best is None else best[1]


def _aim(facts: MusicFacts, least: int, most: int, end: int, start: int) -> Aim:
    """Return what a way must do to end before beat ``end``."""
    positions, seconds = facts.beats.positions, least / SAMPLE_RATE_HZ
    first, last = _ends(seconds)
    opening, closing = start + first * SAMPLE_RATE_HZ, positions[end] - last * SAMPLE_RATE_HZ
    stretched = max(1.0, least - (_OPENING_S + _CLOSING_S) * SAMPLE_RATE_HZ)
    shortest = _SHORTEST_BEATS if seconds > _SHORT_S else _SHORTEST_BEATS_SHORT
    own = max(1, int(positions[end]) - start)
    opened = max(int(np.searchsorted(positions, opening)), _SHORTEST_BEATS_SHORT)
    closed = min(int(np.searchsorted(positions, closing)), end - _SHORTEST_BEATS_SHORT)
    return Aim(
        least=least,
        most=most,
        slack=int(stretched * _share(MOST_CENTS)),
        fine=max(1.0, stretched * _share(_FINE_CENTS)),
        late=_LATE_COST / SAMPLE_RATE_HZ,
        end=end,
        opening=opened,
        closing=closed,
        # what comes to rest does so once; what does not is left wherever that is heard least
        leaving=min(end, max(closed, opened + 1)) if facts.ends else len(positions) - 1,
        shortest=shortest,
        start=start,
        jumps=4 if least <= own else min(24, 3 + 2 * ceil(least / own)),
    )


def _ends(seconds: float) -> tuple[float, float]:
    """Return how much of beginning and end stays untouched in a result of so many seconds, seconds."""
    least = min(_KNOWN_S, _KNOWN_SHARE * seconds) if seconds >= _KNOWN_FROM_S else 0.0
    first, last = (max(min(most, _SHARE * seconds), least) for most in (_OPENING_S, _CLOSING_S))
    return first, last


def _share(cents: float) -> float:
    """Return by which share music gets longer that is so much lower."""
    return float(2 ** (cents / 1200) - 1)


def _bonus(facts: MusicFacts, hits: Sequence[float]) -> Bonus:
    """Return what hits take off: of many, each less, so that they do not make a patchwork of the music."""
    share = min(1.0, _MANY_HITS / max(len(hits), 1)) if len(hits) else 0.0
    strong = entries(facts) if len(hits) else np.zeros(0, np.int64)
    joined = share * WORTH * contrasts(facts.beats, strong)
    return Bonus([round(hit * SAMPLE_RATE_HZ) for hit in hits], share * worth(facts), strong, joined)


def _unmet(facts: MusicFacts, segments: Sequence[Segment], hits: Sequence[float]) -> float:
    """Return what it costs that hits are not met by a strong change of what is played."""
    return _UNMET * unmet(facts.beats, segments, hits) if len(hits) else 0.0


def _spare(facts: MusicFacts, samples: int) -> int:
    """Return by how many samples the last chord can ring shorter: what is inaudible anyway, and a part of its decay."""
    shorter = min(int(_RING_SHARE * facts.ring), int(_RING_LESS_S * SAMPLE_RATE_HZ), int(_RING_OF_ALL * samples))
    return max(facts.quiet, facts.faint, shorter)


def _eased(facts: MusicFacts, stop: int) -> int:
    """Return how long the fall to silence is where the last chord is left before it has faded, samples."""
    less, left = facts.end - facts.quiet - stop, facts.ring - facts.end + stop
    longest = int(_EASED_S * SAMPLE_RATE_HZ)
    # where music fades out while it goes on, no last chord must stay whole
    ringing = int(_EASED_SHARE * left) if left > _EASED_LEAST else longest
    return 0 if less <= 0 else min(ringing, longest, 2 * less + _EASED_LEAST)


def _trimmed(facts: MusicFacts, segments: tuple[Segment, ...], samples: int, pad: int) -> tuple[Segment, ...]:
    """Return segments whose last one leaves out inaudible decay, or lets some silence follow, where that saves a stretch."""
    beside = sum(one.samples for one in segments) - samples
    shift = -min(beside, _spare(facts, samples)) if beside > 0 else min(-beside, pad)
    last = segments[-1]
    return (*segments[:-1], Segment(start=last.start, stop=last.stop + shift))


def _closed(facts: MusicFacts, samples: int, way: Way, segments: tuple[Segment, ...], joiner: Joiner) -> FitPlan | None:
    """Return the plan of segments whose missing samples are closed between beginning and ending."""
    if min(one.samples for one in segments) <= 0:
        return None
    ring = _eased(facts, segments[-1].stop)
    plan = _finished(facts, samples, way, segments, "kept", ring=ring, joiner=joiner)
    return plan if abs(plan.stretch_cents) <= MOST_CENTS else None


def _finished(
    facts: MusicFacts,
    samples: int,
    way: Way,
    segments: tuple[Segment, ...],
    ending: Ending,
    *,
    ring: int = 0,
    joiner: Joiner | None = None,
) -> FitPlan:
    """Return the plan of a way."""
    natural = sum(one.samples for one in segments)
    seams = (joiner or Joiner(facts)).seams(way, segments)
    first, last = _untouched(segments, seams, samples)
    between = natural - first - last
    cents = 0.0 if natural == samples else 1200 * log2(between / max(1, between + samples - natural)) if between > 0 else np.inf
    return FitPlan(
        samples=samples,
        segments=segments,
        seams=seams,
        keep_first=samples if natural == samples else first,
        keep_last=0 if natural == samples else last,
        stretch_cents=round(cents, 4) if np.isfinite(cents) else 2 * MOST_CENTS,
        ending=ending,
        ring=ring,
        rise=0,
        tempo_bpm=round(facts.pulse.tempo_bpm, 2),
    )


def _untouched(segments: Sequence[Segment], seams: Sequence[Seam], samples: int) -> tuple[int, int]:
    """Return how many samples at beginning and end are not stretched: first and last segment, or what opens and closes them."""
    opening, closing = (int(one * SAMPLE_RATE_HZ) for one in _ends(samples / SAMPLE_RATE_HZ))
    natural = sum(one.samples for one in segments)
    if len(segments) > 2:
        first = segments[0].samples + max(0, seams[0].fade - seams[0].before)
        last = segments[-1].samples + seams[-1].before
        between = natural - first - last
        if between > 0 and abs(1200 * log2(between / max(1, between + samples - natural))) <= 2 * _FINE_CENTS:
            return _narrowed(first, last, natural, samples, seams)
    if len(segments) > 1:
        opening, closing = min(opening, segments[0].samples), min(closing, segments[-1].samples)
    return _narrowed(opening, closing, natural, samples, seams)


def _narrowed(first: int, last: int, natural: int, samples: int, seams: Sequence[Seam]) -> tuple[int, int]:
    """Return more untouched samples where a shorter stretch is fine enough, around the first join."""
    needed = ceil(abs(samples - natural) / _share(_FINE_CENTS))
    if natural - first - last <= needed:
        return first, last
    centre = round(seams[0].at * SAMPLE_RATE_HZ) if seams else natural // 2
    first = min(max(first, centre - needed // 2), natural - last - needed)
    return first, natural - first - needed


def _annotated(facts: MusicFacts, plan: FitPlan, hits: Sequence[float]) -> FitPlan:
    """Return a plan with what became of the hits, with what a person should know, and joins told where they are heard."""
    known: list[Change] = changes(facts, plan)
    heard = [plan.heard_at(round(seam.at * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ for seam in plan.seams]
    seams = tuple(seam.model_copy(update={"at": at}) for seam, at in zip(plan.seams, heard, strict=True))
    notes = list(plan.notes)
    dearest = max((seam.cost for seam in seams), default=0.0)
    if dearest > _DOUBTFUL_COST:
        at = max(seams, key=lambda seam: seam.cost).at
        notes.append(f"Listen to {at:.1f} s: the take has no better place to join for this length.")
    if plan.samples > LONG_FACTOR * facts.end:
        notes.append(f"The length is more than {LONG_FACTOR:g} times that of the music: it repeats audibly.")
    if facts.pulse.strength < LEAST_PULSE and plan.seams:
        notes.append("The music has no clear beat: joins were chosen by sound alone.")
    return plan.model_copy(update={"seams": seams, "hits": moved(known, hits), "notes": tuple(notes)})
