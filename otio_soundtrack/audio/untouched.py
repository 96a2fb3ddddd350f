"""What of a take stays as it is on another length, and where what is missing is closed.

Beginning and ending stay, sample for sample; a last chord may ring shorter than it did; the rest of a difference is a stretch
between them, of which nobody hears the pitch (Moore 1973: five cents are just noticed).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2, sqrt

import numpy as np

from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.audio.paths import Way
from otio_soundtrack.audio.seams import Joiner
from otio_soundtrack.audio.traits import FAST_HZ
from otio_soundtrack.model.fit import Ending, FitPlan, Seam, Segment
from otio_soundtrack.times import SAMPLE_RATE_HZ

MOST_CENTS = 5.0
"""A stretch beyond is noticed: then rather an ending is made."""
FINE_CENTS = 0.8
"""A stretch that costs as much as half an ordinary step."""
OPENING_S, CLOSING_S, _SHARE = 6.0, 8.0, 0.15
"""What stays untouched at beginning and end, at most this share of the length."""
_KNOWN_S, _KNOWN_FROM_S, _KNOWN_SHARE = 5.25, 10.0, 0.47
"""By its first and last five seconds a take is known again: from this length on they stay too, at most this share of it."""
_RING_SHARE, _RING_LESS_S, _RING_OF_ALL = 0.75, 4.0, 0.1
"""By how much the last chord may ring shorter where bars do not add up, at most so much of the length: a rigid tempo leaves no
other freedom."""
_ALIKE, _BLURRED = 0.985, 250.0
"""Correlation with the take's own above which an ending is the same to the ear, and what all of it below would cost."""
_EASED_SHARE, _EASED_S, _EASED_LEAST = 0.65, 1.0, SAMPLE_RATE_HZ // 5
"""How much of what is left of a shortened ring falls to silence: the longer, the more was taken."""


def ends(seconds: float) -> tuple[float, float]:
    """Return how much of beginning and end stays untouched in a result of so many seconds, seconds."""
    least = min(_KNOWN_S, _KNOWN_SHARE * seconds) if seconds >= _KNOWN_FROM_S else 0.0
    first, last = (max(min(most, _SHARE * seconds), least) for most in (OPENING_S, CLOSING_S))
    return first, last


def longer(cents: float) -> float:
    """Return by which share music gets longer that is so much lower."""
    return float(2 ** (cents / 1200) - 1)


def spare(facts: MusicFacts, samples: int) -> int:
    """Return by how many samples the last chord can ring shorter: what is inaudible anyway, and a part of its decay."""
    shorter = min(int(_RING_SHARE * facts.ring), int(_RING_LESS_S * SAMPLE_RATE_HZ), int(_RING_OF_ALL * samples))
    return max(facts.quiet, facts.faint, shorter)


def blurred(facts: MusicFacts, plan: FitPlan) -> float:
    """Return what it costs that the fall at the end leaves too little of the take's last seconds to be known by them."""
    if plan.ending != "kept" or not plan.ring:
        return 0.0
    missing = max(0, facts.end - plan.segments[-1].stop) * FAST_HZ // SAMPLE_RATE_HZ
    power = facts.tail[missing : missing + int(_KNOWN_S * FAST_HZ)]
    falling = np.linspace(0, 1, max(1, plan.ring * FAST_HZ // SAMPLE_RATE_HZ), endpoint=False)[: len(power)]
    gain = np.ones(len(power))
    gain[: len(falling)] = np.sin(falling * (np.pi / 2)) ** 2
    whole, left = float(power.sum()), float((power * gain * gain).sum())
    alike = float((power * gain).sum()) / max(sqrt(whole * left), 1e-12)
    return _BLURRED * max(0.0, _ALIKE - alike)


def trimmed(facts: MusicFacts, segments: tuple[Segment, ...], samples: int, pad: int) -> tuple[Segment, ...]:
    """Return segments whose last one leaves out inaudible decay, or lets some silence follow, where that saves a stretch."""
    beside = sum(one.samples for one in segments) - samples
    shift = -min(beside, spare(facts, samples)) if beside > 0 else min(-beside, pad)
    last = segments[-1]
    return (*segments[:-1], Segment(start=last.start, stop=last.stop + shift))


def closed(facts: MusicFacts, samples: int, way: Way, segments: tuple[Segment, ...], joiner: Joiner) -> FitPlan | None:
    """Return the plan of segments whose missing samples are closed between beginning and ending."""
    if min(one.samples for one in segments) <= 0:
        return None
    ring = _eased(facts, segments[-1].stop)
    plan = finished(facts, samples, way, segments, "kept", ring=ring, joiner=joiner)
    return plan if abs(plan.stretch_cents) <= MOST_CENTS else None


def finished(
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


def _eased(facts: MusicFacts, stop: int) -> int:
    """Return how long the fall to silence is where the last chord is left before it has faded, samples."""
    less, left = facts.end - facts.quiet - stop, facts.ring - facts.end + stop
    longest = int(_EASED_S * SAMPLE_RATE_HZ)
    # where music fades out while it goes on, no last chord must stay whole
    ringing = int(_EASED_SHARE * left) if left > _EASED_LEAST else longest
    return facts.fall if less <= 0 else min(ringing, longest, 2 * less + _EASED_LEAST)


def _untouched(segments: Sequence[Segment], seams: Sequence[Seam], samples: int) -> tuple[int, int]:
    """Return how many samples at beginning and end are not stretched: first and last segment, or what opens and closes them."""
    opening, closing = (int(one * SAMPLE_RATE_HZ) for one in ends(samples / SAMPLE_RATE_HZ))
    natural = sum(one.samples for one in segments)
    if len(segments) > 2:
        first = segments[0].samples + max(0, seams[0].fade - seams[0].before)
        last = segments[-1].samples + seams[-1].before
        between = natural - first - last
        if between > 0 and abs(1200 * log2(between / max(1, between + samples - natural))) <= 2 * FINE_CENTS:
            return _narrowed(first, last, natural, samples, seams)
    if len(segments) > 1:
        opening, closing = min(opening, segments[0].samples), min(closing, segments[-1].samples)
    return _narrowed(opening, closing, natural, samples, seams)


def _narrowed(first: int, last: int, natural: int, samples: int, seams: Sequence[Seam]) -> tuple[int, int]:
    """Return more untouched samples where a shorter stretch is fine enough, around the first join."""
    needed = ceil(abs(samples - natural) / longer(FINE_CENTS))
    if natural - first - last <= needed:
        return first, last
    centre = round(seams[0].at * SAMPLE_RATE_HZ) if seams else natural // 2
    first = min(max(first, centre - needed // 2), natural - last - needed)
    return first, natural - first - needed
