"""How much faster than real time the local engine composes, plays and masters; the first cue builds its sounds as well."""

from __future__ import annotations

import sys
import time

from otio_soundtrack.audio.master import master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.plan import Brief, Instrument, Mood, Plan, Section
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS

RATE = 24
LENGTHS_S = (30, 60, 180, 600)
BAR = 25.0
"""Times real time."""
MOODS = (Mood.CALM, Mood.HOPEFUL, Mood.TENSE, Mood.EPIC)


def plan(seconds: int, seed: int) -> Plan:
    """Return a full plan: four sections of rising energy, everybody plays."""
    frames = seconds * RATE
    edges = [frames * part // len(MOODS) for part in range(len(MOODS) + 1)]
    sections = tuple(
        Section(
            start=start, end=end, mood=mood, energy=0.3 + 0.2 * index, key="D minor", tempo_bpm=96, instruments=tuple(Instrument)
        )
        for index, (mood, start, end) in enumerate(zip(MOODS, edges, edges[1:], strict=False))
    )
    return Plan(cue_id="1m01", rate=RATE, frames=frames, first_beat=0.0, sections=sections, seed=seed)


def main() -> bool:
    """Print the ratios; return whether the slowest is within the bar."""
    worst = float("inf")
    for seconds in LENGTHS_S:
        wanted = plan(seconds, seed=seconds)  # another seed each time: no sound comes from the cache of the one before
        start, at = time.process_time(), time.perf_counter()
        rendering = LOCAL.render(Brief(seconds=seconds, plan=wanted), silent)
        master(rendering.mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP)
        cpu, spent = time.process_time() - start, time.perf_counter() - at
        worst = min(worst, seconds / spent)
        print(f"{seconds:4d} s of music: {spent:6.2f} s, {seconds / spent:5.1f} x real time; {cpu:6.2f} CPU s")
    print(f"slowest {worst:.1f} x real time (bar {BAR:g})")
    return worst >= BAR


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
