"""What must hold at every length: 100 cues from two seconds to twenty minutes, judged on the written files.

Part of ``make floors``. The lengths lie evenly on a logarithmic scale; every cue has its own film, moods and seed.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.edits import FPS, film
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.plan import Brief, Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS, SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.waveform import write_wav

CUES, SHORTEST_S, LONGEST_S = 100, 2, 1200
ACTS_FROM_S = 30
"""A shorter film has one act."""
MOST_REDUCTION_DB = 3.0
MOST_ERROR_LU = 0.1
MOST_SILENCE_S = 0.35
MOST_MEMORY_GB = 1.0
PEAK_TOLERANCE_DB = 0.005


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one cue shows."""

    seconds: int
    mood: Mood
    facts: TakeFacts
    reduction_db: float
    """Most that the limiter takes away."""

    @property
    def faults(self) -> list[str]:
        """Return what is not as it must be."""
        facts = self.facts
        error = abs((facts.integrated_lufs or 0.0) - DEFAULT_LUFS)
        return [
            told
            for wrong, told in (
                (facts.samples != self.seconds * SAMPLE_RATE_HZ, f"{facts.samples} samples"),
                (error > MOST_ERROR_LU, f"{facts.integrated_lufs} LUFS"),
                ((facts.true_peak_dbtp or 0.0) > CEILING_DBTP + PEAK_TOLERANCE_DB, f"{facts.true_peak_dbtp} dBTP"),
                (facts.clipped_samples > 0, f"{facts.clipped_samples} clipped samples"),
                (facts.longest_silence > MOST_SILENCE_S, f"a hole of {facts.longest_silence:.2f} s"),
                (not facts.ends, "no ending"),
                (self.reduction_db >= MOST_REDUCTION_DB, f"{self.reduction_db:.1f} dB of limiting"),
            )
            if wrong
        ]


def found(seed: int, seconds: int, path: Path) -> Found:
    """Return what a cue of so many seconds shows."""
    cuts, seen, _ = film(seed, seconds, acts=seconds >= ACTS_FROM_S)
    mood = list(Mood)[seed % len(Mood)]
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes(mood=mood, seed=seed))
    mix = LOCAL.render(Brief(seconds=made.frames / FPS, plan=made, seed=seed), silent).mix
    level = master(mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP)
    write_wav(path, Levelled(mix, level))
    return Found(seconds=seconds, mood=mood, facts=listen(path), reduction_db=level.curve.deepest_db)


def main() -> bool:
    """Print what is wrong; return whether nothing is."""
    start, heard = time.process_time(), 0
    faulty, deepest = 0, 0.0
    with TemporaryDirectory() as folder:
        for seed, seconds in enumerate(np.rint(np.geomspace(SHORTEST_S, LONGEST_S, CUES)).astype(int)):
            one = found(seed, int(seconds), Path(folder) / "cue.wav")
            heard += one.seconds
            deepest = max(deepest, one.reduction_db)
            if one.faults:
                faulty += 1
                print(f"  {one.seconds:5d} s, {one.mood.value}, seed {seed}: {', '.join(one.faults)}")
    spent = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{CUES} cues of {SHORTEST_S} s to {LONGEST_S // 60} min: {faulty} with a fault; limiter at most {deepest:.1f} dB")
    print(f"{heard} s of music in {spent:.0f} CPU s ({heard / spent:.0f} × real time), {memory:.2f} GB (bar {MOST_MEMORY_GB:g})")
    return not faulty and memory <= MOST_MEMORY_GB


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
