"""Four other ways to lay music on a length."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.fitting.measures import Join, Made, Samples, Source
from benchmarks.fitting.tracks import CACHE
from otio_soundtrack.audio.facts import MusicFacts
from otio_soundtrack.times import SAMPLE_RATE_HZ

_FADE_S = 0.05
"""Cross-fade of an editor who drags one clip over the other."""
_LEAST_S = 4.0
"""Of a piece."""
_LOOPER = "pymusiclooper==3.6.0"
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def plain_cut(source: Source, samples: int) -> Made:
    """Return the first and the last half, joined wherever they meet; what is longer plays as often as it takes."""
    own = len(source.sound)
    if samples <= own:
        half = samples // 2
        return _joined(source.sound, [(0, half), (own - (samples - half), own)])
    whole, rest = divmod(samples, own)
    return _joined(source.sound, [(0, own)] * whole + ([(own - rest, own)] if rest > SAMPLE_RATE_HZ else []), samples)


def random_beats(source: Source, samples: int, rng: np.random.Generator) -> Made:
    """Return the take with jumps from beat to beat, chance where, until the length is met."""
    beats, wanted, own = (source.beats * SAMPLE_RATE_HZ).astype(int), samples, len(source.sound)
    pieces, at = [], 0
    while wanted > own - at:
        leave = int(rng.choice(beats[beats > at + _LEAST_S * SAMPLE_RATE_HZ], 1)[0]) if at < own // 2 else own
        pieces.append((at, leave))
        wanted -= leave - at
        at = int(rng.choice(beats[beats < own // 2]))
    room = own - at - wanted
    leaves = beats[(beats > at + _LEAST_S * SAMPLE_RATE_HZ) & (beats < at + wanted - _LEAST_S * SAMPLE_RATE_HZ)]
    leave = int(rng.choice(leaves)) if len(leaves) else at + wanted // 2
    enter = int(beats[np.abs(beats - leave - room).argmin()])
    return _joined(source.sound, [*pieces, (at, leave), (enter, own)], samples)


def looped(source: Source, samples: int, loop: tuple[float, float]) -> Made:
    """Return the take with the loop that PyMusicLooper found played as often as the length takes, or left out."""
    begin, end = (int(seconds * SAMPLE_RATE_HZ) for seconds in loop)
    own = len(source.sound)
    if samples < own:
        return _joined(source.sound, [(0, begin), (end, own)], samples)
    pieces, length = [(0, end)], own
    while length < samples:
        pieces.append((begin, end))
        length += end - begin
    return _joined(source.sound, [*pieces[:-1], (begin, own)], samples)


def without_context(facts: MusicFacts) -> MusicFacts:
    """Return a take as a planner sees it that compares the two beats that meet, whatever surrounds them and wherever in the bar.

    Everything else is our planner: what it gains by context and bar lines is what ours gains.
    """
    apart = facts.beats.step / (float(np.median(facts.beats.natural)) or 1.0)
    # leaving before beat i, the last that is heard is the one before
    jump = np.concatenate([np.full((1, len(apart)), apart.max(), apart.dtype), apart[:-1]])
    return replace(facts, beats=replace(facts.beats, jump=jump))


def loop_points(track: Path) -> tuple[float, float] | None:
    """Return the best loop of PyMusicLooper (MIT), seconds; None where it finds none or cannot be had.

    It is installed in an environment of its own, because a part of what it needs is under the GPL, and only its command is run.
    """
    kept = CACHE / "loops" / f"{track.stem}.json"
    if not kept.is_file():
        command = _looper()
        if command is None:
            return None
        told = subprocess.run(
            [command, "export-points", "--path", track, "--export-to", "stdout", "--fmt", "seconds", "--alt-export-top", "1"],
            capture_output=True,
            text=True,
            check=False,
        ).stdout
        numbers = _NUMBERS.findall(told.splitlines()[-1] if told.strip() else "")
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([float(number) for number in numbers[:2]] if len(numbers) >= 2 else None))
    found = json.loads(kept.read_text())
    return None if found is None else (found[0], found[1])


def _looper() -> Path | None:
    """Return the command, installed where it is not there yet."""
    home = CACHE / "looper"
    command = home / "bin" / "pymusiclooper"
    if not command.is_file():
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", _LOOPER], check=False)
    return command if command.is_file() else None


def _joined(sound: Samples, pieces: Sequence[tuple[int, int]], samples: int | None = None) -> Made:
    """Return pieces of a take with a cross-fade of equal power where they meet, cut off or filled up to the length."""
    fade = int(_FADE_S * SAMPLE_RATE_HZ)
    turn = (np.linspace(0, np.pi / 2, fade)[:, None]).astype(np.float32)
    out: list[Samples] = []
    joins: list[Join] = []
    at = 0
    for number, (start, stop) in enumerate(pieces):
        piece = np.array(sound[start:stop])
        if number and start >= fade and len(piece) > fade and len(out[-1]) > fade:
            out[-1][-fade:] = out[-1][-fade:] * np.cos(turn) + sound[start - fade : start] * np.sin(turn)
        if number:
            joins.append(Join(at / SAMPLE_RATE_HZ, pieces[number - 1][1] / SAMPLE_RATE_HZ, start / SAMPLE_RATE_HZ))
        out.append(piece)
        at += len(piece)
    whole = np.concatenate(out)
    wanted = at if samples is None else samples
    whole = np.pad(whole[:wanted], ((0, max(0, wanted - at)), (0, 0)))
    return Made(whole, tuple(join for join in joins if join.at < wanted / SAMPLE_RATE_HZ - _FADE_S))
