"""Plans for tests, and the way from a plan to a mastered mix."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.plan import Brief, Ending, HitPoint, Instrument, Mood, Palette, Plan, Region, Section
from otio_soundtrack.progress import silent
from otio_soundtrack.provider import Rendering

EVERYBODY = tuple(Instrument)
KEYS = ("C major", "D minor", "F# dorian", "Bb lydian", "E phrygian", "G mixolydian", "A minor", "Eb major")
MINOR_MOODS = (Mood.SAD, Mood.TENSE, Mood.MYSTERIOUS, Mood.EPIC)


def plan_of(
    frames: int,
    *,
    rate: float = 25.0,
    sections: Sequence[tuple[int, Mood, float, str, float, tuple[Instrument, ...]]] | None = None,
    first_beat: float = 0.0,
    **more: Any,
) -> Plan:
    """Return a plan; sections are (start frame, mood, energy, key, tempo, instruments)."""
    sections = sections or [(0, Mood.HOPEFUL, 0.5, "D major", 96.0, EVERYBODY)]
    ends = [*(section[0] for section in sections[1:]), frames]
    made = tuple(
        Section(start=start, end=end, mood=mood, energy=energy, key=key, tempo_bpm=tempo, instruments=instruments)
        for (start, mood, energy, key, tempo, instruments), end in zip(sections, ends, strict=True)
    )
    return Plan(cue_id="1m01", rate=rate, frames=frames, first_beat=first_beat, sections=made, **more)


def random_plan(seed: int, seconds: float) -> Plan:
    """Return a plan with one to four sections of any moods, keys, tempi and players, hits and dialogue."""
    chance = random.Random(seed)
    rate = chance.choice([23.976, 24.0, 25.0, 29.97, 30.0, 50.0])
    frames = max(4, round(seconds * rate))
    starts = sorted({0, *(chance.randrange(1, frames) for _ in range(chance.randrange(4)))})
    tempo = chance.uniform(55, 150)
    sections = [
        (
            start,
            chance.choice(list(Mood)),
            chance.random(),
            chance.choice(KEYS),
            tempo if chance.random() < 0.7 else chance.uniform(40, 200),
            tuple(chance.sample(EVERYBODY, chance.randrange(1, len(EVERYBODY) + 1))),
        )
        for start in starts
    ]
    cuts = sorted(chance.randrange(frames) for _ in range(chance.randrange(12)))
    hits = tuple(
        HitPoint(frame=cut, weight=chance.random(), origin=chance.choice(["cut", "marker", "user", "motion"])) for cut in cuts
    )
    speech = chance.randrange(frames)
    clear = (Region(start=speech, end=min(frames, speech + round(3 * rate))),) if chance.random() < 0.5 else ()
    return plan_of(
        frames,
        rate=rate,
        sections=sections,
        first_beat=chance.uniform(-1, 1),
        hits=hits,
        keep_clear=clear,
        ending=chance.choice(list(Ending)),
        beats_per_bar=chance.choice([3, 4, 4, 4, 5]),
        seed=chance.randrange(1000),
    )


def in_palette(plan: Plan, palette: Palette) -> Plan:
    """Return the plan played by another band."""
    return plan.model_copy(update={"sections": tuple(one.model_copy(update={"palette": palette}) for one in plan.sections)})


def rendered(plan: Plan, *, stems: bool = False) -> Rendering:
    """Return what the engine makes of a plan."""
    return LOCAL.render(Brief(seconds=plan.frames / plan.rate, plan=plan, seed=plan.seed), silent, stems=stems)


def mixed(plan: Plan) -> np.ndarray:
    """Return the mastered mix of a plan, −16 LUFS below −1 dBTP."""
    mix = rendered(plan).mix
    return Levelled(mix, master(mix, lufs=-16.0, ceiling_dbtp=-1.0))[:]
