"""Whether the music meets the cuts: 20 random edits, cuts on beats counted, and cuts heard in the written file alone.

Elastic and constant grids are compared on the same edits (the meter: ``otio_soundtrack/audio/sync.py``).
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.edits import film
from benchmarks.listening import played
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots

SECONDS, FILMS = 90, 20
LEAST_Z, LEAST_FILMS, LEAST_MEDIAN = 2.0, 19, 4.5
"""Floors: nearly every film is heard to be in time, the median clearly."""


def measured(seed: int, wishes: Wishes, path: Path) -> tuple[float, float]:
    """Return how many cuts of a film lie within a frame of a beat, and by how much they are heard."""
    cuts, seen, frames = film(seed, SECONDS)
    heard = played(plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, wishes), frames, path).heard
    if heard.beats is None or heard.cuts is None:
        raise ValueError(f"film {seed} has too few cuts to be heard")
    return heard.beats.within_frame, heard.cuts.z


def main() -> bool:
    """Print both grids; return whether the elastic one holds the floors."""
    held = True
    with TemporaryDirectory() as folder:
        for form in ("constant", "elastic"):
            found = []
            for seed in range(FILMS):
                wishes = Wishes.model_validate({"grid": form, "seed": seed, "mood": list(Mood)[seed % len(Mood)]})
                found.append(measured(seed, wishes, Path(folder) / "film.wav"))
            on_beat, z = np.array(found).T
            print(
                f"{form:8s} cuts on a beat {on_beat.mean():.2f} · heard: median z {np.median(z):.1f}, least {z.min():.1f}, "
                f"above {LEAST_Z:g} in {(z > LEAST_Z).sum()} of {FILMS}"
            )
            held = (z > LEAST_Z).sum() >= LEAST_FILMS and float(np.median(z)) >= LEAST_MEDIAN
    print(f"floors: z above {LEAST_Z:g} in {LEAST_FILMS}, median {LEAST_MEDIAN:g}: {'held' if held else 'missed'}")
    return bool(held)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
