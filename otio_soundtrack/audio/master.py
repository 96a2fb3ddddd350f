"""The master: a mix brought to a loudness below a true peak, and its stems with it.

Loudness is measured once before and then only corrected: a gain of x dB makes everything x LU louder, and only the little that
the limiter takes away has to be found by listening again. What is judged is the mix as the file will hold it, in 24 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np

from otio_soundtrack.audio.limiter import Curve, limiting, low_peak, peak_curve, spans
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.loudness import GATING_STEPS, MOMENTARY_HZ, SILENCE_LUFS, LoudnessMeter
from otio_soundtrack.tools.peaks import HOP
from otio_soundtrack.tools.waveform import FULL_SCALE, quantised

LOUDNESS_TOLERANCE_LU = 0.05
"""Half of what is promised (0.1 LU)."""

_ROUNDS = 10
"""Corrections at most; three are usual."""
_CEILING_MARGIN_DB = 0.04
"""The limiter aims so much below the ceiling: its oversampling and the meter's differ in the third digit."""
_SILENT_DBFS = -90.0
"""Peak below which there is nothing to bring to a level."""
_GAIN_BITS = 30
"""Bits after the point that are kept of the gain."""
_MEASURING_DBFS = -6.0
"""Peak at which a mix is measured first."""
_SHORT = GATING_STEPS * SAMPLE_RATE_HZ // MOMENTARY_HZ
"""Samples: a shorter mix has no integrated loudness and needs another measure."""


@dataclass(frozen=True)
class Level:
    """What the master did."""

    gain: float
    """Linear gain on everything."""
    curve: Curve
    """Limiter gain over time."""


class Levelled:
    """A sound at the level of the master, computed while it is read."""

    def __init__(self, sound: Sound, level: Level, *, whole_steps: bool = True) -> None:
        """Bring a sound to a level.

        Args:
            sound: the mix, or a stem of it.
            level: of the mix.
            whole_steps: whether it lies on the grid of 24 bits, as the file will hold it. Stems that shall add up to the mix do
                not until they are written.
        """
        self._sound, self._level, self._whole_steps = sound, level, whole_steps

    def __len__(self) -> int:
        """Return the length in samples."""
        return len(self._sound)

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples of a stretch."""
        start, stop, _ = stretch.indices(len(self._sound))
        # the curve of the limiter is kept for every few samples
        early = start % HOP
        part = _at(self._level, self._sound, start - early, stop)[early:]
        return _on_24_bits(part) if self._whole_steps else part


def master(mix: Sound, *, lufs: float, ceiling_dbtp: float, handles: Handles = NO_HANDLES) -> Level:
    """Return the level that brings a mix to its loudness.

    A mix shorter than 0.4 s has no integrated loudness: its unweighted power stands for it, so that a short cue is about as loud
    as a long one. Peaks are kept below the ceiling in any case; where only limiting by many dB would reach the loudness (a single
    stroke, a target above −8 LUFS), the nearest that ten corrections find is given.

    Args:
        mix: the sound, at least one sample.
        lufs: integrated loudness, ITU-R BS.1770.
        ceiling_dbtp: true peak that is not exceeded.
        handles: what lies before and after the cue in the mix: it is limited as well, but does not count for the loudness.
    """
    peak = max(float(np.abs(mix[start:stop]).max(initial=0.0)) for start, stop in spans(len(mix)))
    if peak <= 10 ** (_SILENT_DBFS / 20):
        return Level(1.0, _open(mix))
    return _level(mix, peak, lufs, ceiling_dbtp, handles)


def _level(mix: Sound, peak: float, lufs: float, ceiling_dbtp: float, handles: Handles) -> Level:
    """Return the gain and limiting that bring a mix nearest to its loudness."""
    over_db, margin_db = 0.0, _CEILING_MARGIN_DB
    # measured well above the gate of silence, however quiet the mix comes
    first_db = _MEASURING_DBFS - 20 * log10(peak)
    gain_db = lufs + first_db - _loudness(mix, Level(_gain(first_db), _open(mix)), handles, peaks=False)[0]
    best: tuple[float, Level] | None = None
    peaks = peak_curve(mix, low_peak(10 ** (ceiling_dbtp / 20), _gain(gain_db)))
    for _ in range(_ROUNDS):
        level = Level(_gain(gain_db), limiting(peaks, _gain(gain_db), 10 ** ((ceiling_dbtp - margin_db) / 20)))
        loudness, true_peak = _loudness(mix, level, handles, peaks=True)
        over_db = true_peak - ceiling_dbtp
        miss = abs(loudness - lufs)
        if over_db <= 0 and (best is None or miss < best[0]):
            best = (miss, level)
        if over_db <= 0 and miss <= LOUDNESS_TOLERANCE_LU:
            break
        if over_db > 0:
            margin_db += over_db + _CEILING_MARGIN_DB
        gain_db += lufs - loudness
    if best is None:  # peaks that the limiter cannot see: turned down as a whole
        return Level(level.gain * _gain(-over_db - _CEILING_MARGIN_DB), level.curve)
    return best[1]


def _gain(decibels: float) -> float:
    """Return a linear gain, rounded so that it is the same on every machine."""
    return round(10 ** (decibels / 20) * (1 << _GAIN_BITS)) / (1 << _GAIN_BITS)


def _open(mix: Sound) -> Curve:
    return Curve(np.ones(2 + len(mix) // HOP))


def _loudness(mix: Sound, level: Level, handles: Handles, *, peaks: bool) -> tuple[float, float]:
    """Return loudness (LUFS) and true peak (dBTP) of the cue of a mix at a level, as a file of 24 bits would hold it."""
    meter, squares = LoudnessMeter(peaks=peaks), 0.0
    first, after = handles.head_samples, len(mix) - handles.tail_samples
    for start, stop in spans(len(mix)):
        part = _on_24_bits(_at(level, mix, start, stop))[max(0, first - start) : max(0, after - start)]
        squares += float(np.square(part, dtype=np.float64).sum()) if after - first < _SHORT else 0.0
        meter.hear(part)
    heard = meter.result()
    true_peak = heard.true_peak_dbtp if heard.true_peak_dbtp is not None else SILENCE_LUFS
    if after - first >= _SHORT:
        return heard.integrated_lufs if heard.integrated_lufs is not None else SILENCE_LUFS, true_peak
    # BS.1770 adds the channels' powers and takes off 0.691 dB; its weighting of frequencies is left out here
    return 10 * log10(max(round(squares / (after - first), 12), 1e-12)) - 0.691, true_peak


def _at(level: Level, sound: Sound, start: int, stop: int) -> Samples:
    """Return a stretch of a sound at a level."""
    return sound[start:stop] * (level.curve.at(start, stop) * np.float32(level.gain))


def _on_24_bits(sound: Samples) -> Samples:
    return np.asarray(quantised(sound) * np.float32(1 / FULL_SCALE), np.float32)
