"""Thirty mixes against the bars of the trade: ``python -m benchmarks.mixes``, part of ``make floors``.

Every mix has its own lines at its own places and level, room noise, music of the composer, preset and loudness target. Loudness
is measured by pyloudnorm and true peak by oversampling on what PyAV decodes; speech over music by a filter of another kind. Needs
the sentences of the tests (``tests/analysis/speech.ogg``).
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pyloudnorm
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfiltfilt

from benchmarks.edits import FPS, film
from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.audio.deliver import Wanted, deliver
from otio_soundtrack.audio.desk import Bus, Music, Strip, balance_db, band_power
from otio_soundtrack.audio.ducking import HOLD_S, RELEASE_S, keyframes
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.delivery import TARGETS, LoudnessTarget
from otio_soundtrack.model.lane import DUCK_DEFAULT, DUCK_PRESETS
from otio_soundtrack.model.plan import Brief, Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS, SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.times import SAMPLE_RATE_HZ

MIXES, SECONDS = 30, 40
SENTENCES = ((1.0, 5.045), (5.945, 6.829), (8.429, 11.811))
"""Where somebody speaks in the sample, seconds."""
SPEECH = Path(__file__).parents[1] / "tests" / "analysis" / "speech.ogg"
EARLY_S, LATE_S, BACK_S = 0.35, 0.15, 1.2
DEPTH_DB, LOUDNESS_LU, OVER_DB = 1.0, 0.5, 6.0
PEAK_TOLERANCE_DB = 0.02
"""Two ways of oversampling differ by so much."""
_BEGUN = 1 / 8
"""Share of its depth from which a dip is said to have begun; and to be over, below it."""

Signal = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one mix shows."""

    target: LoudnessTarget
    preset: str
    loudness_miss: float
    peak_over: float
    leads: list[float]
    """Seconds from the beginning of each dip to the line."""
    depths: list[float]
    """Distance of the gain in each line to the preset, dB."""
    backs: list[float]
    """Seconds from the end of each line until the music is back."""
    over: float
    """Speech over music in the band of speech, dB."""


def talk(chance: np.random.Generator) -> tuple[NDArray[np.float32], list[tuple[float, float]]]:
    """Return production sound with lines at random places, and where they are."""
    mono, rate = soundfile.read(SPEECH, dtype="float32")
    wide = resample_poly(mono, SAMPLE_RATE_HZ // rate, 1)
    sound = chance.normal(scale=10 ** (chance.uniform(-75, -55) / 20), size=SECONDS * SAMPLE_RATE_HZ)
    level, lines, at = 10 ** (chance.uniform(-18, 0) / 20), [], chance.uniform(0.6, 5.0)
    while True:
        start, end = SENTENCES[chance.integers(len(SENTENCES))]
        if at + end - start > SECONDS - 2.0:
            break
        first = round(at * SAMPLE_RATE_HZ)
        line = level * wide[round(start * SAMPLE_RATE_HZ) : round(end * SAMPLE_RATE_HZ)]
        sound[first : first + len(line)] += line
        lines.append((at, at + end - start))
        at += end - start + float(chance.choice([chance.uniform(0.35, 0.9), chance.uniform(1.3, 6.0)]))
    return np.repeat(sound[:, None], 2, axis=1).astype(np.float32), lines


def music(seed: int) -> NDArray[np.float32]:
    """Return a cue of the composer, at the loudness of a music file."""
    cuts, seen, _ = film(seed, SECONDS, acts=True)
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes(mood=list(Mood)[seed % len(Mood)], seed=seed))
    mix = LOCAL.render(Brief(seconds=made.frames / FPS, plan=made, seed=seed), silent).mix
    return Levelled(mix, master(mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP))[:]


def mixed(seed: int, path: Path) -> Figures:
    """Mix once and measure."""
    chance = np.random.default_rng(seed)
    production, lines = talk(chance)
    bed = music(seed)
    target = list(TARGETS.values())[seed % len(TARGETS)]
    # every other mix is of the default preset, since the bar of speech over music is about that
    preset = DUCK_DEFAULT if seed % 2 else list(DUCK_PRESETS)[seed // 2 % len(DUCK_PRESETS)]
    meter = SoundMeter()
    meter.hear(production)
    speech = meter.speech()
    ducked = Music(strips=(Strip(bed, keyframes(speech, DUCK_PRESETS[preset], SECONDS)),), samples=len(production))
    gain = 10 ** (balance_db(*(band_power(sound, speech) for sound in (production, bed, ducked))) / 20)
    bus = Bus(production=production, music=ducked, production_gain=1.0, music_gain=gain)
    by_dialogue = target.full_programme_lufs is not None
    deliver(bus, path, Wanted(lufs=target.lufs, true_peak_dbtp=target.true_peak_dbtp, by_dialogue=by_dialogue), speech)
    sound = decoded(path)[: len(production)]
    meant = np.concatenate([part(sound, *line) for line in lines]) if by_dialogue else sound
    loudness = pyloudnorm.Meter(SAMPLE_RATE_HZ).integrated_loudness(meant)
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = np.nan_to_num(ducked[:][:, 0] / bed[:, 0], nan=1.0)
    return Figures(
        target=target,
        preset=preset,
        loudness_miss=abs(loudness - target.lufs),
        peak_over=float(20 * np.log10(np.abs(resample_poly(sound, 8, 1, axis=0)).max())) - target.true_peak_dbtp,
        over=in_band(production, lines) - in_band(ducked[:] * gain, lines),
        **dips(20 * np.log10(np.maximum(curve, 1e-6)), lines, DUCK_PRESETS[preset]),
    )


def dips(gain_db: Signal, lines: list[tuple[float, float]], depth: float) -> dict[str, list[float]]:
    """Return when the music goes down and comes back around lines, and how deep it goes."""
    leads, depths, backs = [], [], []
    for number, (start, end) in enumerate(lines):
        before = lines[number - 1][1] if number else -HOLD_S - RELEASE_S
        after = lines[number + 1][0] if number + 1 < len(lines) else SECONDS + HOLD_S + RELEASE_S
        inside = gain_db[round((start + EARLY_S) * SAMPLE_RATE_HZ) : round((end - 0.1) * SAMPLE_RATE_HZ)]
        depths.append(float(abs(np.median(inside) - depth)) if len(inside) else 0.0)
        # where the music is back in between: a pause near the second of the hold may go either way
        if start - before > HOLD_S + RELEASE_S:
            first = round(max(0.0, start - 2 * EARLY_S) * SAMPLE_RATE_HZ)
            begun = first + np.flatnonzero(gain_db[first:] < depth * _BEGUN)[0]
            leads.append(float(start - begun / SAMPLE_RATE_HZ))
        if after - end > HOLD_S + RELEASE_S:
            last = round(end * SAMPLE_RATE_HZ)
            backs.append(float(np.flatnonzero(gain_db[last:] > depth * _BEGUN)[0] / SAMPLE_RATE_HZ))
    return {"leads": leads, "depths": depths, "backs": backs}


def decoded(path: Path) -> Signal:
    """Return what a player decodes [shape=(samples, 2)]."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)]).astype(np.float64)


def part(sound: NDArray[np.floating], start: float, end: float) -> NDArray[np.floating]:
    """Return a stretch of a sound."""
    return sound[round(start * SAMPLE_RATE_HZ) : round(end * SAMPLE_RATE_HZ)]


def in_band(sound: NDArray[np.float32], lines: list[tuple[float, float]]) -> float:
    """Return the level of a sound in the band of speech while somebody speaks, dB."""
    band = sosfiltfilt(butter(6, (300, 3400), "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), sound.astype(np.float64), axis=0)
    return float(10 * np.log10(np.mean(np.square(np.concatenate([part(band, *line) for line in lines])))))


def main() -> bool:
    """Print the table; return whether every bar is held."""
    began = time.process_time()
    with TemporaryDirectory() as folder:
        found = [mixed(seed, Path(folder) / "mix.m4a") for seed in range(MIXES)]
    # pyloudnorm gates what BS.1770-1 does not: of dialogue it tells another figure, which is only printed
    whole = [one for one in found if one.target.full_programme_lufs is None]
    leads = [lead for one in found for lead in one.leads]
    lines = [
        ("loudness of the whole against the target, LU, worst", max(one.loudness_miss for one in whole), LOUDNESS_LU),
        ("loudness of dialogue (gated by pyloudnorm), LU, worst", max(one.loudness_miss for one in found), 2 * LOUDNESS_LU),
        ("true peak over the ceiling, dB, worst", max(one.peak_over for one in found), PEAK_TOLERANCE_DB),
        ("dip before the line, s, earliest", max(leads), EARLY_S),
        ("dip before the line, s, latest (negative)", -min(leads), -LATE_S),
        ("depth against the preset, dB, worst", max(max(one.depths) for one in found), DEPTH_DB),
        ("back after the line, s, latest", max(back for one in found for back in one.backs), BACK_S),
        ("speech over music, dB, least (negative)", -min(one.over for one in found if one.preset == DUCK_DEFAULT), -OVER_DB),
    ]
    for name, value, bar in lines:
        print(f"{name:56s} {value:8.3f}   bar {bar:6.2f}   {'held' if value <= bar else 'MISSED'}")
    print(f"{MIXES} mixes of {SECONDS} s, {len(leads)} dips, {time.process_time() - began:.0f} CPU s")
    return all(value <= bar for _, value, bar in lines)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
