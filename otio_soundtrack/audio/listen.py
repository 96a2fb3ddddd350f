"""Listening to a music file: what is measured on it, from disk, in one pass of bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.loudness import LoudnessMeter
from otio_soundtrack.tools.waveform import blocks, wave_shape

SILENCE_DBFS = -60.0
"""Samples below it are silence."""
FULL_SCALE_SHARE = 1 - 2.0**-15
"""From here a sample counts as clipped: the largest value of a 16-bit file is one."""
REST_S = 0.01
"""The last stretch of a take that comes to rest is near silence."""
REST_DBFS = -50.0
"""What near silence is."""
SOFTEST_PEAK_DBFS = -45.0
"""Music whose loudest sample is below is as good as silent."""
LEAST_S = 1.0
"""Less is no music."""
LONGEST_PAUSE_S = 3.0
"""No pause of music is longer: it is a silence around it, or between two pieces."""

_TAIL_S = 0.6
"""How much of the end is looked at for its decay."""
_DECAY = 0.7
"""The last sixth of it is at most so loud as what comes before."""
_FAINT_DB = -42.0
"""An end that is so far below the peak of the music has faded, however slowly."""


@dataclass
class Ear:
    """What was heard so far of one file."""

    rate: int
    heard: int = 0
    clipped: int = 0
    first_sound: int | None = None
    last_sound: int = -1
    longest_gap: int = 0
    pauses: list[tuple[int, int]] = field(default_factory=list)
    """Silences inside of more than :data:`LONGEST_PAUSE_S`: their first sample, and the first that sounds again."""
    peak: float = 0.0
    """Largest sample, full scale 1."""
    tail: list[NDArray[np.float32]] = field(default_factory=list)

    def hear(self, block: NDArray[np.float32]) -> None:
        """Take the next stretch [shape=(samples, channels)]."""
        loudest = np.abs(block).max(axis=1)
        self.peak = max(self.peak, float(loudest.max(initial=0.0)))
        self.clipped += int(np.count_nonzero(np.abs(block) >= FULL_SCALE_SHARE))
        sounding = np.flatnonzero(loudest >= 10 ** (SILENCE_DBFS / 20)) + self.heard
        if len(sounding):
            if self.first_sound is None:
                self.first_sound = self.last_sound = int(sounding[0])
            steps = np.diff(sounding, prepend=self.last_sound)
            self.longest_gap = max(self.longest_gap, int(steps.max()) - 1)
            for again in np.flatnonzero(steps > LONGEST_PAUSE_S * self.rate).tolist():
                self.pauses.append((int(sounding[again] - steps[again]) + 1, int(sounding[again])))
            self.last_sound = int(sounding[-1])
        self.heard += len(block)
        self.tail = [*self.tail, loudest][-_kept(self.rate, len(block)) :]

    def ends(self) -> bool:
        """Return whether the end is near silence, and quieter than what leads to it."""
        wanted = max(1, min(int(_TAIL_S * self.rate), self.heard // 2))
        tail = np.concatenate(self.tail)[-wanted:] if self.tail else np.zeros(1, np.float32)
        rest = tail[-max(1, min(int(REST_S * self.rate), len(tail) // 6)) :]
        last, before = tail[-max(1, len(tail) // 6) :], tail[: -max(1, len(tail) // 6)]
        near_silence = float(rest.max(initial=0.0)) <= 10 ** (REST_DBFS / 20)
        decays = not len(before) or _power(last) <= _DECAY**2 * _power(before)
        faint = max(10 ** (SILENCE_DBFS / 20), self.peak * 10 ** (_FAINT_DB / 20))
        return near_silence and (decays or float(tail.max(initial=0.0)) <= faint)

    def last_peak(self) -> float:
        """Return the largest sample of the last 10 ms."""
        last = np.concatenate(self.tail)[-max(1, int(REST_S * self.rate)) :] if self.tail else np.zeros(1, np.float32)
        return float(last.max(initial=0.0))


def listen(path: Path, *, handles: Handles = NO_HANDLES) -> TakeFacts:
    """Return what is measured on the cue of a music file.

    Args:
        path: mono or stereo file that libsndfile reads.
        handles: what lies before and after the cue in it.

    Raises:
        UnreadableMediaError: no such file, or damaged.
        UnusableTakeError: more than two channels, or samples that are not numbers.
    """
    shape = wave_shape(path)
    if shape.channels > 2:
        raise UnusableTakeError(f"{path.name} has {shape.channels} channels, not one or two.", hint="Ask for a stereo file.")
    ear = Ear(shape.sample_rate)
    meter = LoudnessMeter(sample_rate=shape.sample_rate, channels=shape.channels)
    for block in blocks(path, handles=handles):
        if not np.isfinite(block).all():
            raise UnusableTakeError(f"{path.name} holds samples that are not numbers.", hint="Get the file again.")
        ear.hear(block)
        meter.hear(block)
    loudness = meter.result()
    sound = ear.first_sound is not None
    return TakeFacts(
        samples=ear.heard,
        sample_rate=shape.sample_rate,
        channels=shape.channels,
        integrated_lufs=loudness.integrated_lufs,
        true_peak_dbtp=loudness.true_peak_dbtp,
        clipped_samples=ear.clipped,
        longest_silence=max(0, ear.longest_gap) / shape.sample_rate,
        head_silence=(ear.first_sound if ear.first_sound is not None else ear.heard) / shape.sample_rate,
        tail_silence=(ear.heard - 1 - ear.last_sound) / shape.sample_rate if sound else 0.0,
        ends=ear.ends(),
        sha256=sha256(path),
        last_peak=ear.last_peak(),
        momentary=loudness.momentary,
    )


def _kept(rate: int, block: int) -> int:
    """Return how many of the last blocks hold the tail."""
    return 2 + int(_TAIL_S * rate) // max(1, block)


def _power(values: NDArray[np.float32]) -> float:
    return float(np.mean(np.square(values, dtype=np.float64)))
