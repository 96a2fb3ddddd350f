"""Whether the moods are told apart by ear: a plain classifier on what is measured on the sound alone, each cue left out in turn.

Ten seeds of every mood (other keys, tempi and energies inside what the planner gives the mood), 20 s each, one palette for all:
who can tell them apart hears the writing, not the band. The classifier is linear discriminant analysis by hand: nearest mean
after whitening by the spread inside the moods (Fisher 1936), trained without the cue that it judges.
"""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.plan import Brief, Mood, Palette, Plan, Section
from otio_soundtrack.planning.instruments import instruments
from otio_soundtrack.planning.keys import key_name, signature
from otio_soundtrack.planning.moods import CHARACTERS
from otio_soundtrack.planning.words import Meaning
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS
from otio_soundtrack.times import SAMPLE_RATE_HZ

RATE, SECONDS, SEEDS = 24, 20, 10
FLOOR = 0.8
"""Share of cues whose mood is found; chance is one in twelve."""
ENERGIES = (0.4, 0.7)
"""Cues lie evenly between these."""
HOP, WINDOW = 480, 2048
"""Samples from moment to moment (10 ms) and of a spectrum."""
LONG = 16_384
"""Samples of the spectra in which notes are told apart."""
LEVEL = 1000.0
"""Magnitudes times this are compressed by the logarithm, so that soft onsets count too."""
EDGES_HZ = (40, 120, 300, 700, 1500, 3000, 6000, 12_000)
"""Bands whose balance is heard."""
NOTES_HZ = (80.0, 1000.0)
"""Where notes are looked for; higher are overtones."""
SLOWEST_S, FASTEST_S = 1.3, 0.15
"""Longest and shortest time between beats or strokes that the pulse is looked for in."""
SHRINKAGE = 0.15
"""Share of the spread that is taken as the same and independent for all descriptors: 120 cues are few."""

Floats = NDArray[np.float64]


def plan(mood: Mood, seed: int, palette: Palette) -> Plan:
    """Return a plan of one section as the planner would make it."""
    character, share = CHARACTERS[mood], seed / (SEEDS - 1)
    energy = ENERGIES[0] + (ENERGIES[1] - ENERGIES[0]) * ((3 * seed) % SEEDS) / (SEEDS - 1)
    section = Section(
        start=0,
        end=SECONDS * RATE,
        mood=mood,
        energy=energy,
        key=key_name(signature(seed), character.mode),
        tempo_bpm=character.slowest + (character.fastest - character.slowest) * share,
        instruments=instruments(mood, energy, Meaning()),
        palette=palette,
    )
    return Plan(cue_id="1m01", rate=RATE, frames=SECONDS * RATE, first_beat=0.0, sections=(section,), seed=seed)


def sound(mood: Mood, seed: int, palette: Palette) -> Floats:
    """Return the mastered mix of a cue, both sides together [shape=(samples,)]."""
    mix = LOCAL.render(Brief(seconds=SECONDS, plan=plan(mood, seed, palette), seed=seed), silent).mix
    heard = Levelled(mix, master(mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP))[:]
    return np.asarray(heard.mean(axis=1), np.float64)


def descriptors(mono: Floats) -> Floats:
    """Return what is measured on a sound: pulse, balance, dynamics, mode, register."""
    frames = np.lib.stride_tricks.sliding_window_view(mono, WINDOW)[::HOP] * np.hanning(WINDOW)
    spectra = np.abs(np.fft.rfft(frames, axis=1))
    return np.concatenate([_pulse(spectra), _balance(spectra), _dynamics(frames), _mode(mono)])


def _pulse(spectra: Floats) -> Floats:
    """Return onset rates of lows and highs, how sharp onsets are, and the period and strength of the pulse."""
    levels = np.log1p(LEVEL / WINDOW * spectra)
    rises = np.maximum(0.0, levels[2:] - levels[:-2])
    split = int(EDGES_HZ[2] * WINDOW / SAMPLE_RATE_HZ)
    found = []
    for part in (rises[:, :split], rises[:, split:]):
        strength = part.mean(axis=1)
        peaks = (strength[1:-1] > strength[:-2]) & (strength[1:-1] >= strength[2:]) & (strength[1:-1] > 1.5 * strength.mean())
        found += [peaks.mean() * SAMPLE_RATE_HZ / HOP, strength.std() / strength.mean(), np.log(strength.mean())]
    strength = rises.mean(axis=1) - rises.mean()
    lags = range(int(FASTEST_S * SAMPLE_RATE_HZ / HOP), int(SLOWEST_S * SAMPLE_RATE_HZ / HOP))
    again = np.array([float(strength[lag:] @ strength[:-lag]) for lag in lags]) / float(strength @ strength)
    return np.array([*found, again.max(), np.log(lags[int(again.argmax())]), again[: len(again) // 3].max()])


def _balance(spectra: Floats) -> Floats:
    """Return the shares of the bands (logarithms), the centroid and how tone-like the sound is."""
    power = np.square(spectra).mean(axis=0)
    hertz = np.fft.rfftfreq(WINDOW, 1 / SAMPLE_RATE_HZ)
    shares = [power[(hertz >= low) & (hertz < high)].sum() / power.sum() for low, high in pairwise(EDGES_HZ)]
    centroid = float((power * hertz).sum() / power.sum())
    middle = power[(hertz > EDGES_HZ[2]) & (hertz < EDGES_HZ[5])]
    flatness = float(np.log(middle + 1e-12).mean() - np.log(middle.mean()))
    return np.array([*np.log(np.array(shares) + 1e-6), np.log(centroid), flatness])


def _dynamics(frames: Floats) -> Floats:
    """Return how much the level moves from moment to moment and over seconds."""
    level = 10 * np.log10(np.square(frames).mean(axis=1) + 1e-7)
    slow = level[: len(level) // 100 * 100].reshape(-1, 100).mean(axis=1)
    return np.array([np.abs(np.diff(level)).mean(), level.std(), slow.std(), np.percentile(level, 10) - np.percentile(level, 90)])


def _mode(mono: Floats) -> Floats:
    """Return the twelve notes seen from the tonic (the note on which the sound rests and that its bass has), and the register."""
    windows = np.lib.stride_tricks.sliding_window_view(mono, LONG)[:: LONG // 4] * np.hanning(LONG)
    power = np.sqrt(np.abs(np.fft.rfft(windows, axis=1))).sum(axis=0)
    hertz = np.fft.rfftfreq(LONG, 1 / SAMPLE_RATE_HZ)
    use = (hertz > NOTES_HZ[0]) & (hertz < NOTES_HZ[1])
    pitch = 12 * np.log2(hertz[use] / 440) + 69
    chroma = np.bincount(np.round(pitch).astype(int) % 12, weights=power[use], minlength=12)
    low = pitch < 53
    bass = np.bincount(np.round(pitch[low]).astype(int) % 12, weights=power[use][low], minlength=12)
    end = np.abs(np.fft.rfft(mono[-3 * LONG : -LONG] * np.hanning(2 * LONG)))[::2][: len(power)]
    last = np.bincount(np.round(pitch).astype(int) % 12, weights=end[use], minlength=12)
    weight = chroma / chroma.max() + bass / bass.max() + last / last.max()
    tonic = int(np.argmax(weight + 0.5 * np.roll(weight, -7)))
    seen = np.roll(chroma, -tonic) / chroma.sum()
    register = float((pitch * power[use]).sum() / power[use].sum())
    return np.array([*seen[1:], register])


def judged(examples: Floats, labels: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return the label that each example gets from a classifier that learned on all others."""
    found = []
    for number in range(len(examples)):
        others = np.arange(len(examples)) != number
        known, names = examples[others], labels[others]
        scale = known.std(axis=0) + 1e-9
        known, one = known / scale, examples[number] / scale
        means = np.array([known[names == name].mean(axis=0) for name in range(labels.max() + 1)])
        inside = np.cov((known - means[names]).T)
        spread = (1 - SHRINKAGE) * inside + SHRINKAGE * np.trace(inside) / len(inside) * np.eye(len(inside))
        distance = [float((one - mean) @ np.linalg.solve(spread, one - mean)) for mean in means]
        found.append(int(np.argmin(distance)))
    return np.array(found)


def main() -> bool:
    """Print the share of cues whose mood is found, and what is taken for what; return whether the floor holds."""
    moods = list(Mood)
    labels = np.repeat(np.arange(len(moods)), SEEDS)
    examples = np.array([descriptors(sound(mood, seed, Palette.HYBRID)) for mood in moods for seed in range(SEEDS)])
    found = judged(examples, labels)
    for number, mood in enumerate(moods):
        taken = found[labels == number]
        wrong = [moods[other].value for other in taken if other != number]
        print(
            f"{mood.value:11s} found {int((taken == number).sum()):2d} of {SEEDS}"
            + (f", taken for {', '.join(wrong)}" if wrong else "")
        )
    share = float((found == labels).mean())
    print(f"moods told apart: {share:.2f} (floor {FLOOR:g}, chance {1 / len(moods):.2f})")
    return share >= FLOOR


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
