"""The limits of ``fit``: exact lengths, memory, and what is refused or warned about. Part of ``make fit-bars``.

Music of the band that the tests play, so that nothing is fetched: 700 lengths of a take that comes as files of several rates, a
track of twenty minutes, and takes that cannot be fitted well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

from benchmarks.floors import Bar
from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_samples
from tests.audio.bands import band
from tests.audio.test_spoken import SPEECH

RATES = (23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94)
"""Frames a second of cuts."""
LENGTHS = 100
"""At each rate, from a frame to five minutes."""
LONGEST_S = 300
FILE_RATES_HZ = (22_050, 44_100, 48_000, 96_000)
"""Samples a second of the takes, which the lengths share."""
MOST_GB = 1.5
TRACK_MIN = 20
CUES_MIN = (10, 19, 30)

_MEASURED = """
import resource, sys
from otio_soundtrack.cli.main import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""The whole command in a process of its own, and its peak memory in kB at the end."""


def takes(folder: Path) -> list[MusicFacts]:
    """Return one take at several rates, mono and stereo, with an ending and without."""
    sound, found = band(bars=24)[0], []
    for number, rate in enumerate(FILE_RATES_HZ):
        path = folder / f"{rate}.wav"
        part = sound[: len(sound) if number % 2 else 40 * SAMPLE_RATE_HZ]
        soundfile.write(path, part[:, 0] if number % 2 else part, rate)
        found.append(analyse_music(decoded(path, folder)))
    return found


def lengths_missed(folder: Path) -> int:
    """Return how many of the lengths have not exactly their samples."""
    missed, known = 0, takes(folder)
    for rate in RATES:
        exact = exact_rate(rate)
        for number, frames in enumerate(np.geomspace(1, LONGEST_S * rate, LENGTHS).round().astype(int).tolist()):
            samples, facts = frame_samples(frames, exact, SAMPLE_RATE_HZ), known[number % len(known)]
            missed += len(render_fit(plan_fit(facts, samples), facts.sound.file)) != samples
    return missed


def long_track(path: Path) -> None:
    """Write twenty minutes of music: bands of several tempi and keys, one after the other."""
    with soundfile.SoundFile(path, "w", samplerate=SAMPLE_RATE_HZ, channels=2, subtype="PCM_24") as file:
        left, seed = TRACK_MIN * 60 * SAMPLE_RATE_HZ, 0
        while left > 0:
            part = band(bpm=90 + 7 * (seed % 5), bars=32, seed=seed, key=seed % 7)[0][:left]
            file.write(part)
            left, seed = left - len(part), seed + 1


def run(*words: object) -> tuple[dict[str, object], float]:
    """Return the JSON answer of the command, and its peak memory in gigabytes."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "fit", *map(str, words), "--json", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout), int(done.stderr.split()[-1]) / 1e6


def memory(folder: Path) -> list[Bar]:
    """Return the peak memory of the whole command on a long track."""
    long_track(folder / "long.wav")
    found = []
    for minutes in CUES_MIN:
        told, gigabytes = run(folder / "long.wav", "--duration", 60 * minutes, "-o", folder / "out.wav")
        print(f"  {TRACK_MIN} to {minutes} min: {gigabytes:.2f} GB, {told.get('ending')}, {told.get('error', '')}", flush=True)
        found.append(Bar(name=f"{TRACK_MIN} minutes of music to {minutes}, GB", found=gigabytes, bar=MOST_GB, at_most=True))
    return found


def told(folder: Path) -> list[Bar]:
    """Return whether what cannot be fitted well is refused, or said."""
    sound, rng = band(bars=24)[0], np.random.default_rng(1)
    cases = {
        "beatless": (rng.normal(0, 0.1, (40 * SAMPLE_RATE_HZ, 2)), 25, "no clear beat"),
        "ten seconds": (sound[: 10 * SAMPLE_RATE_HZ], 25, "only 10.0 s"),
        "two seconds": (sound[: 2 * SAMPLE_RATE_HZ], 7, "repeated"),
        "half a second": (sound[: SAMPLE_RATE_HZ // 2], 25, "too short"),
        "more than four times its length": (sound, 5 * len(sound) / SAMPLE_RATE_HZ, "more than 4 times"),
        "silence": (np.zeros((10 * SAMPLE_RATE_HZ, 2)), 25, "silent"),
        "a minute of silence in it": (np.concatenate([sound, np.zeros((60 * SAMPLE_RATE_HZ, 2)), sound]), 90, "left out"),
        "speech": (soundfile.read(SPEECH)[0], 8, "speech"),
    }
    found = []
    for name, (samples, seconds, words) in cases.items():
        soundfile.write(folder / "case.wav", samples, soundfile.info(SPEECH).samplerate if name == "speech" else SAMPLE_RATE_HZ)
        answer, _ = run(folder / "case.wav", "--duration", round(seconds, 3), "-o", folder / "out.wav")
        found.append(Bar(name=f"refused or said: {name}", found=float(words in json.dumps(answer)), bar=1.0))
    return found


def main() -> bool:
    """Print the table; return whether every bar is held."""
    start = time.process_time()
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        missed = lengths_missed(folder)
        name = f"{len(RATES) * LENGTHS} lengths and rates: not exactly so many samples"
        bars = [Bar(name=name, found=missed, bar=0, at_most=True), *told(folder), *memory(folder)]
    for bar in bars:
        side = "≤" if bar.at_most else "≥"
        print(f"{bar.name:62s} {bar.found:9.3f}   {side} {bar.bar:7.3f}   {'held' if bar.held else 'MISSED'}")
    print(f"{time.process_time() - start:.0f} CPU s")
    return all(bar.held for bar in bars)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
