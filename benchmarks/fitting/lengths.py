"""One track on all its lengths, by us and by the peers, and with hits."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.fitting.heard import hear
from benchmarks.fitting.hits import HitsMet, hits_met
from benchmarks.fitting.measures import Figures, Join, Made, Source, figures
from benchmarks.fitting.peers import loop_points, looped, plain_cut, random_beats, without_context
from benchmarks.fitting.tracks import Track
from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.times import SAMPLE_RATE_HZ

SHARES = (0.5, 0.8, 1.6)
"""Of the take's length; and one length that films have."""
FILM_S = 94.72
OURS, CUT, RANDOM, LOOPER, PLAIN = "ours", "plain cut", "random beats", "PyMusicLooper", "no context"
WAYS = (OURS, CUT, RANDOM, LOOPER, PLAIN)


@dataclass
class Run:
    """What was measured on a track."""

    track: Track
    seconds: float
    tempo_bpm: float
    ends: bool
    """Whether the take comes to rest by itself."""
    analysis_speed: float = 0.0
    """Seconds of music in a CPU second: analysis, planning and rendering of one length."""
    planning_speed: float = 0.0
    """Seconds of the result in a CPU second: planning of another length."""
    figures: dict[str, list[Figures]] = field(default_factory=lambda: {way: [] for way in WAYS})
    shares: list[float] = field(default_factory=list)
    """Length asked against the take's, of each of our figures."""
    endings: list[str] = field(default_factory=list)
    hits: HitsMet | None = None

    def line(self) -> str:
        """Return it in a line."""
        mine = self.figures[OURS]
        fluxes = [flux for one in mine for flux in one.fluxes]
        percentiles = [place for one in mine for place in one.percentiles]
        return (
            f"{self.track.package:22s} {self.track.name[:32]:32s} {self.seconds:4.0f} s {self.tempo_bpm:4.0f} bpm"
            f" {'/'.join(str(len(one.fluxes)) for one in mine):9s} joins, flux {np.median(fluxes) if fluxes else 1:.2f},"
            f" percentile {np.median(percentiles) if percentiles else 0:3.0f}, cents {max(one.cents for one in mine):.1f},"
            f" {self.endings[0]:5s} {min(one.end_kept for one in mine):.3f}, hits {self.hits}"
        )


def runs(track: Track, folder: Path) -> Run:
    """Fit a track to all its lengths, by every way."""
    sound = decoded(track.path, folder)
    start = time.process_time()
    facts = analyse_music(sound)
    listened = time.process_time() - start
    source, plain = _source(facts), without_context(facts)
    rng = np.random.default_rng(zlib.crc32(track.name.encode()))
    run = Run(track, source.seconds, facts.pulse.tempo_bpm, facts.ends)
    loop = loop_points(track.path)
    spent = []
    for seconds in [*(share * source.seconds for share in SHARES), FILM_S]:
        samples = round(seconds * SAMPLE_RATE_HZ)
        start = time.process_time()
        plan = plan_fit(facts, samples)
        spent.append((seconds, time.process_time() - start))
        mine = made(facts, plan)
        if not run.analysis_speed:
            run.analysis_speed = source.seconds / (listened + time.process_time() - start)
        run.figures[OURS].append(figures(source, mine, samples))
        run.shares.append(seconds / source.seconds)
        run.endings.append(plan.ending)
        run.figures[CUT].append(figures(source, plain_cut(source, samples), samples))
        run.figures[RANDOM].append(figures(source, random_beats(source, samples, rng), samples))
        run.figures[PLAIN].append(figures(source, made(facts, plan_fit(plain, samples)), samples))
        if loop is not None and loop[1] * SAMPLE_RATE_HZ <= len(source.sound):
            run.figures[LOOPER].append(figures(source, looped(source, samples, loop), samples))
    run.planning_speed = sum(seconds for seconds, _ in spent) / sum(used for _, used in spent)
    run.hits = hits_met(facts, rng)
    return run


def made(facts: MusicFacts, plan: FitPlan) -> Made:
    """Return our result."""
    joins = tuple(Join(seam.at, seam.from_, seam.to) for seam in plan.seams)
    return Made(render_fit(plan, facts.sound.file), joins, plan.stretch_cents, plan.ending)


def _source(facts: MusicFacts) -> Source:
    """Return a take as the benchmark knows it."""
    sound = np.asarray(facts.sound.file[0 : facts.sound.place(facts.end)])
    return Source(sound, hear(sound), np.array(facts.seconds), facts.pulse.metre, facts.pulse.phase)
