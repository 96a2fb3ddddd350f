"""Is a hit heard? The onset strength at hit points against the same points shifted around the cue."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.model.plan import HitPoint, Mood, Plan
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from tests.composer.plans import EVERYBODY, mixed, plan_of
from tests.planning.cases import scene

HOP = 240
"""Samples: 5 ms."""


def onset_strength(mix: np.ndarray) -> np.ndarray:
    """Return how much louder the spectrum becomes from one moment to the next (half-wave rectified flux of the log magnitude)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(mix.mean(axis=1), 512), 1024)[::HOP] * np.hanning(1024)
    levels = np.log1p(1000 * np.abs(np.fft.rfft(windows, axis=1)))
    return np.concatenate([[0.0, 0.0], np.maximum(0.0, levels[2:] - levels[:-2]).mean(axis=1)])


def sync_z(mix: np.ndarray, hits: np.ndarray) -> float:
    """Return by how many standard deviations the hits stand out among circular shifts of themselves (±40 ms)."""
    strength, reach = onset_strength(mix), 8
    near = np.array([strength[max(0, at - reach) : at + reach + 1].max() for at in range(len(strength))])
    ranks = near.argsort().argsort() / len(near)
    length = len(mix) / 48_000

    def mean_rank(times: np.ndarray) -> float:
        return float(ranks[np.clip((times * 48_000 / HOP).astype(int), 0, len(ranks) - 1)].mean())

    shifts = np.random.default_rng(0).uniform(0.5, length - 0.5, 400)
    shifted = [mean_rank((hits + shift) % length) for shift in shifts]
    return (mean_rank(hits) - float(np.mean(shifted))) / float(np.std(shifted))


@pytest.mark.parametrize(("mood", "energy"), [(Mood.CALM, 0.35), (Mood.EPIC, 0.8), (Mood.TENSE, 0.6)])
def test_hits_stand_out_of_the_music(mood: Mood, energy: float) -> None:
    """Eight strong cuts near the beats of 40 s: z above 2, and more than the beat alone gives."""
    beats = [9, 18, 23, 31, 40, 46, 55, 62]
    frames = [round(beat * 60 / 104 * 25) for beat in beats]
    hits = tuple(HitPoint(frame=frame, weight=0.9, origin="cut") for frame in frames)
    section = (0, mood, energy, "D minor", 104.0, EVERYBODY)
    with_accents, without = (
        sync_z(mixed(plan_of(1000, sections=[section], hits=given)), np.array(frames) / 25) for given in (hits, ())
    )
    assert with_accents > 2
    assert with_accents > without


def uneven(seed: int, mood: Mood, form: str) -> tuple[Plan, np.ndarray]:
    """Return the plan of a film of 45 s with log-normal shots (median 2.8 s, sigma 0.55), and the seconds of all its cuts."""
    chance = np.random.default_rng(seed)
    frames = [
        int(frame) for frame in np.cumsum(np.maximum(12, chance.lognormal(np.log(2.8), 0.55, 40) * 24).round()) if frame < 1044
    ]
    cuts, features = scene((45.0, {}), every=1000.0, rate=24.0)
    changes = tuple(PictureChange(frame=frame, origin="edit", strength=float(chance.uniform(0.2, 1))) for frame in frames)
    seen = features.model_copy(update={"changes": changes})
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes(mood=mood, grid=form))
    return made, np.array(frames) / 24


@pytest.mark.parametrize(("seed", "mood"), [(0, Mood.HOPEFUL), (1, Mood.MYSTERIOUS)])
def test_the_cuts_of_an_uneven_edit_are_heard_more_on_an_elastic_grid(seed: int, mood: Mood) -> None:
    """All cuts, not only the hits that have accents: z above 2, and more than the best constant tempo gives."""
    elastic, constant = (
        sync_z(mixed(made), times) for made, times in (uneven(seed, mood, form) for form in ("elastic", "constant"))
    )
    assert elastic > 2
    assert elastic > constant
