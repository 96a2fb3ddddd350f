"""Whether the music meets the cuts: 20 random edits, cuts on beats counted, and cuts heard in the mastered mix alone.

Heard: the onset strength within 40 ms of the cuts, as a rank among all moments, against 500 circular shifts of the same cuts
(facts/music.md §4.3, our own meter). Elastic and constant grids are compared on the same edits.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.features import Curve, Features, PictureChange
from otio_soundtrack.model.plan import Brief, Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS, SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.times import SAMPLE_RATE_HZ

FPS, SECONDS, FILMS = 24, 90, 20
MEDIAN_S, SIGMA, SHORTEST_S = 2.8, 0.55, 0.5
"""Shots: log-normal, as in the sketch."""
HOP, WINDOW, REACH = 240, 1024, 8
"""Samples from moment to moment (5 ms) and of a spectrum; moments around a cut (40 ms)."""
LEVEL = 1000.0
"""Magnitudes times this are compressed by the logarithm, so that soft onsets count too."""
SHIFTS = 500
LEAST_Z, LEAST_FILMS, LEAST_MEDIAN = 2.0, 19, 4.5
"""Floors: nearly every film is heard to be in time, the median clearly."""

Floats = NDArray[np.float64]


def film(seed: int) -> tuple[CutList, Features, list[int]]:
    """Return a film with nothing but cuts, as frames."""
    chance = np.random.default_rng(seed)
    frames, at = [], 0
    while (at := at + round(max(SHORTEST_S, chance.lognormal(np.log(MEDIAN_S), SIGMA)) * FPS)) <= (SECONDS - 1.5) * FPS:
        frames.append(at)
    changes = tuple(PictureChange(frame=frame, origin="edit", strength=chance.uniform(0.2, 1)) for frame in frames)
    total, empty = SECONDS * FPS, Curve(unit="0-1", hz=5, values=())
    cuts = CutList(name="film", rate=FPS, frames=total, start_time=None, cuts=(Cut(start=0, frames=total),))
    seen = Features(
        rate=FPS,
        frames=total,
        changes=changes,
        pace=empty,
        motion=empty,
        brightness=empty,
        saturation=empty,
        warmth=empty,
        speech=(),
        loudness=empty,
        integrated_lufs=None,
    )
    return cuts, seen, frames


def heard(mix: NDArray[np.float32], times: Floats) -> float:
    """Return by how many standard deviations the onset strength at times exceeds that at the same times shifted."""
    mono = np.pad(mix.mean(axis=1), WINDOW // 2)
    spectra = np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(mono, WINDOW)[::HOP] * np.hanning(WINDOW), axis=1))
    levels = np.log1p(LEVEL * spectra)
    strength = np.concatenate([[0.0, 0.0], np.maximum(0.0, levels[2:] - levels[:-2]).mean(axis=1)])
    near = np.lib.stride_tricks.sliding_window_view(np.pad(strength, REACH), 2 * REACH + 1).max(axis=1)
    ranks = near.argsort().argsort() / len(near)
    length = len(mix) / SAMPLE_RATE_HZ

    def mean_rank(at: Floats) -> float:
        return float(ranks[np.clip((at * SAMPLE_RATE_HZ / HOP).astype(int), 0, len(ranks) - 1)].mean())

    shifted = [mean_rank((times + shift) % length) for shift in np.random.default_rng(0).uniform(0.5, length - 0.5, SHIFTS)]
    return (mean_rank(times) - float(np.mean(shifted))) / float(np.std(shifted))


def measured(seed: int, wishes: Wishes) -> tuple[float, float]:
    """Return how many cuts of a film lie within a frame of a beat, and by how much they are heard."""
    cuts, seen, frames = film(seed)
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, wishes)
    rendering = LOCAL.render(Brief(seconds=SECONDS, plan=made, seed=seed), silent)
    mix = Levelled(rendering.mix, master(rendering.mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP))[:]
    times = np.array(frames) / FPS
    off = np.abs(times[:, np.newaxis] - np.array(rendering.beats)).min(axis=1)
    return float((off <= 1 / FPS + 1e-6).mean()), heard(mix, times)


def main() -> bool:
    """Print both grids; return whether the elastic one holds the floors."""
    held = True
    for form in ("constant", "elastic"):
        found = []
        for seed in range(FILMS):
            wishes = Wishes.model_validate({"grid": form, "seed": seed, "mood": list(Mood)[seed % len(Mood)]})
            found.append(measured(seed, wishes))
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
