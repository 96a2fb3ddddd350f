"""Takes on the scorecard of their provider: measured as they came, before they are fitted or brought to a loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from otio_soundtrack.audio.listen import Ear
from otio_soundtrack.model.scorecard import Mark
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.loudness import LoudnessMeter
from otio_soundtrack.tools.marks import keep

LEAST_BEATS = 24
"""Eight in each third: with fewer, the tempo of a third is not known."""
_BLOCK = 10 * SAMPLE_RATE_HZ


@dataclass(frozen=True)
class Charge:
    """Who made a take, and what for."""

    provider: str
    credits: float = 0.0
    """Of this take alone: a job that gave two cost half for each."""


def marked(home: Path, sound: Sound, charge: Charge, *, sha256: str, asked: int, beats: Sequence[float]) -> Mark:
    """Put a take on the scorecard of its provider and return what was noted.

    Args:
        home: folder of the store.
        sound: the take as it came.
        charge: who made it, and what for.
        sha256: of its file.
        asked: samples of the cue.
        beats: seconds of its beats.

    Raises:
        StoreError: the scorecard cannot be written.
    """
    ear, meter = Ear(SAMPLE_RATE_HZ), LoudnessMeter(peaks=False)
    for start in range(0, len(sound), _BLOCK):
        block = sound[start : start + _BLOCK]
        ear.hear(block)
        meter.hear(block)
    mark = Mark(
        provider=charge.provider,
        sha256=sha256,
        asked_seconds=round(asked / SAMPLE_RATE_HZ, 3),
        seconds=len(sound) / SAMPLE_RATE_HZ,
        tail_seconds=(len(sound) - 1 - ear.last_sound) / SAMPLE_RATE_HZ,
        lufs=meter.result().integrated_lufs,
        drift=drift(beats),
        credits=charge.credits,
    )
    keep(home, mark)
    return mark


def drift(beats: Sequence[float]) -> float | None:
    """Return by how much the last third of some beats is faster or slower than the first, per cent; None for few beats."""
    if len(beats) < LEAST_BEATS:
        return None
    apart = np.diff(np.asarray(beats, np.float64))
    third = len(apart) // 3
    first, last = float(np.median(apart[:third])), float(np.median(apart[-third:]))
    return 100 * abs(first / last - 1) if first > 0 and last > 0 else None
