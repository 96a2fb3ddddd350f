"""The floors of the composer that listening can decide, on random edits of three acts: ``make floors``.

A film: log-normal shots (median 2.8 s), three acts that look different, a mood of its own or, in every third film, the moods that
the picture asks for. Everything is measured on the written file. Each bar is the number that the music must show; a missed bar
ends with 1.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.edits import film
from benchmarks.listening import Played, played
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS, SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots

FILMS, SECONDS = 24, 60
HEARD_Z = 2.0
BAR_MS = 1.0
VARIES = 0.25
"""A plan whose energies differ by so much varies."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One line of the table."""

    name: str
    found: float
    bar: float
    at_most: bool = False

    @property
    def held(self) -> bool:
        """Return whether the figure is as good as the bar."""
        return self.found <= self.bar if self.at_most else self.found >= self.bar


def scored(seed: int, folder: Path) -> Played:
    """Return a film's music."""
    cuts, seen, frames = film(seed, SECONDS, acts=True)
    mood = None if seed % 3 == 0 else list(Mood)[seed % len(Mood)]
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes(mood=mood, seed=seed))
    return played(made, frames, folder / "film.wav")


def table(films: list[Played]) -> list[Bar]:
    """Return what the films show."""
    heard = [one.heard for one in films]
    sections = [section for one in heard for section in one.sections]
    z = np.array([one.cuts.z for one in heard if one.cuts is not None])
    ranked = np.array([section.key_rank for section in sections if section.key_rank is not None])
    energies = [[section.energy for section in one.plan.sections] for one in films]
    varied = [one.heard for one, energy in zip(films, energies, strict=True) if max(energy) - min(energy) >= VARIES]
    follows = [one.loudness_follows for one in varied if one.loudness_follows is not None]
    ratios = [one.brightness_ratio for one in varied if one.brightness_ratio is not None]
    bars = [abs(section.bar_error_ms) <= BAR_MS for section in sections if section.bar_error_ms is not None]
    loudness = [abs((one.facts.integrated_lufs or 0.0) - DEFAULT_LUFS) for one in films]
    peaks = [one.facts.true_peak_dbtp or 0.0 for one in films]
    return [
        Bar(name="cuts within a frame of a beat", found=_mean([one.beats.within_frame for one in heard if one.beats]), bar=0.70),
        Bar(name="section starts on a bar line", found=float(np.mean(bars)), bar=1.0),
        Bar(name=f"films whose cuts are heard (z > {HEARD_Z:g})", found=float((z > HEARD_Z).mean()), bar=0.95),
        Bar(name="median z", found=float(np.median(z)), bar=4.5),
        Bar(name="loudness follows energy (Spearman), mean", found=_mean(follows), bar=0.85),
        Bar(name="brightest against calmest section, median", found=float(np.median(ratios)), bar=1.4),
        Bar(name="key of a section heard, rank 1", found=float((ranked == 1).mean()), bar=0.97),
        Bar(name="loudness error, LU, worst", found=max(loudness), bar=0.1, at_most=True),
        Bar(name="true peak, dBTP, worst", found=max(peaks), bar=CEILING_DBTP + 0.005, at_most=True),
        Bar(name="clipped samples", found=float(sum(one.facts.clipped_samples for one in films)), bar=0.0, at_most=True),
        Bar(name="holes of more than 0.35 s", found=float(sum(len(one.gaps) for one in heard)), bar=0.0, at_most=True),
    ]


def _mean(values: list[float]) -> float:
    return float(np.mean(values))


def main() -> bool:
    """Print the table; return whether every bar is held."""
    start = time.process_time()
    with TemporaryDirectory() as folder:
        films = [scored(seed, Path(folder)) for seed in range(FILMS)]
    lines = table(films)
    for line in lines:
        side = "≤" if line.at_most else "≥"
        print(f"{line.name:48s} {line.found:8.3f}   {side} {line.bar:6.2f}   {'held' if line.held else 'MISSED'}")
    print("by mood (median):   z   brightest : calmest   keys heard")
    for mood in Mood:
        mine = [one for one in films if mood in {section.mood for section in one.plan.sections}]
        if mine:
            print(f"  {mood.value:12s} {_of_mood(mine, mood)}")
    print(f"{FILMS} films of {SECONDS} s, {time.process_time() - start:.0f} CPU s")
    return all(line.held for line in lines)


def _of_mood(films: list[Played], mood: Mood) -> str:
    """Return the figures of the films in which a mood is, keys of its sections alone."""
    z = [one.heard.cuts.z for one in films if one.heard.cuts is not None]
    ratios = [one.heard.brightness_ratio for one in films if one.heard.brightness_ratio is not None]
    pairs = [pair for one in films for pair in zip(one.plan.sections, one.heard.sections, strict=True)]
    ranks = [heard.key_rank for meant, heard in pairs if meant.mood is mood and heard.key_rank is not None]
    ratio = f"{np.median(ratios):6.2f}" if ratios else "     -"
    return f"{np.median(z):9.1f} {ratio} {sum(rank == 1 for rank in ranks):15d} of {len(ranks)}"


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
