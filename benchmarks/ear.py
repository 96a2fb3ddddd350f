"""One ear for all: many cues of the composer, each fitted to many lengths, judged on the written files. Part of ``make floors``.

The judge is :mod:`otio_soundtrack.audio.acceptance`, which also judges takes of services. Lengths reach from a fifth of the music
to three times as long; half of the fits have hits.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.edits import film
from benchmarks.listening import played
from otio_soundtrack.audio.acceptance import faults
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.pipeline.deliverables.fitting import fit
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import CEILING_DBTP, SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.times import SAMPLE_RATE_HZ

CUES, SHORTEST_S, LONGEST_S = 24, 6, 90
SHARES = (0.2, 0.45, 0.7, 0.93, 1.0, 1.3, 1.9, 3.0)
"""Of the length of the music."""


def judged(seed: int, seconds: int, shares: tuple[float, ...], folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what stands against a cue of the composer, then against each fit of it; the name of each first.

    Args:
        seed: of film and music.
        seconds: length of the cue.
        shares: lengths of the fits, as shares of it.
        folder: where the files are written.
    """
    cuts, seen, changes = film(seed, seconds, acts=False)
    wishes = Wishes(mood=list(Mood)[seed % len(Mood)], seed=seed)
    made = played(plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, wishes), changes, folder / "cue.wav")
    yield f"seed {seed}, {seconds} s", faults(made.facts, samples=seconds * SAMPLE_RATE_HZ, ceiling_dbtp=CEILING_DBTP)
    for number, share in enumerate(shares):
        length = round(share * seconds, 2)
        fitted = fit(folder / "cue.wav", length, folder / "fit.wav", hits=[length / 2] if number % 2 else [])
        found = faults(fitted.facts, samples=round(length * SAMPLE_RATE_HZ), ceiling_dbtp=None)
        yield f"seed {seed}, {seconds} s fitted to {length:g} s", found


def main() -> bool:
    """Print what does not pass; return whether all does."""
    start, heard, faulty = time.process_time(), 0, 0
    with TemporaryDirectory() as folder:
        for seed, seconds in enumerate(np.rint(np.geomspace(SHORTEST_S, LONGEST_S, CUES)).astype(int).tolist()):
            for name, found in judged(seed, seconds, SHARES, Path(folder)):
                heard += 1
                faulty += bool(found)
                if found:
                    print(f"  {name}: {'; '.join(found)}")
    print(f"{heard} files, {CUES} composed and their fits: {faulty} refused, {time.process_time() - start:.0f} CPU s")
    return not faulty


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
