"""A mix brought to its loudness as the encoded file holds it: encoded, decoded, measured, corrected.

A codec moves peaks by a dB and more, and loudness a little. So what is judged is not the mix but the file: it is decoded as a
player would, the gain is corrected by what is missing, and where a peak came out too high the limiter is told of a higher one,
there alone; a few times at most. Nothing is held in memory but one peak for every few samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from otio_soundtrack.audio.ducking import Stretch
from otio_soundtrack.audio.limiter import limiting, low_peak, peak_curve, spans
from otio_soundtrack.audio.master import Level, Levelled
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.tools.loudness import LoudnessMeter
from otio_soundtrack.tools.media.aac import write_aac
from otio_soundtrack.tools.media.sound import SoundReader
from otio_soundtrack.tools.peaks import HOP

BIT_RATE = 256_000
"""AAC, bits per second of stereo: no listener tells it from the original."""
TOLERANCE_LU = 0.15
"""A third of what is promised (0.5 LU)."""
MOST_PASSES = 8
"""Encodings at most; two are usual."""
_CODEC_DB = 0.3
"""The limiter works so much below the true peak that is allowed: what AAC at this rate usually adds."""
_MARGIN_DB = 0.05
"""Peaks stay so much below what is allowed: other meters oversample otherwise."""
_CODEC_HOPS = 1024 // HOP
"""Hops on either side that a peak of the decoder may come from: a frame of AAC."""
_HAIR_DB = 0.1
"""What a correction of a peak adds, so that it is not needed twice."""
_LEAST_YIELD, _LIMITED_YIELD, _WORKING_DB = 0.2, 0.6, 1.0
"""How much louder a dB of gain makes a mix, at least; where the limiter takes away more than a dB; that dB."""
_MOST_STEP_DB = 4.0
"""Gain that one pass may add: a limiter that is driven harder tells nothing of the next pass."""
_LATER_DB = 6.0
"""Peaks are looked for as if the gain were so much higher: later passes may add some."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was heard in an encoded mix."""

    integrated_lufs: float | None
    """None for silence and for less than 0.4 s."""
    true_peak_dbtp: float | None
    """None for silence."""
    dialogue_lufs: float | None
    """Loudness while somebody speaks (BS.1770-1: not gated), None where nobody does."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a mix is brought to."""

    lufs: float
    true_peak_dbtp: float
    by_dialogue: bool = False
    """Whether the loudness while somebody speaks is meant, instead of that of the whole."""

    def missing_lu(self, found: Measured) -> float:
        """Return how much louder the mix must become, 0 for silence."""
        loudness = found.dialogue_lufs if self.by_dialogue else found.integrated_lufs
        return 0.0 if loudness is None else self.lufs - loudness

    def over_db(self, found: Measured) -> float:
        """Return how far peaks are above what is allowed, a hair for other meters counted in."""
        return -_MARGIN_DB if found.true_peak_dbtp is None else found.true_peak_dbtp - (self.true_peak_dbtp - _MARGIN_DB)


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One encoding of the mix."""

    gain_db: float
    found: Measured
    reduction_db: float
    """Most that the limiter takes away."""


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """The mix as it was delivered."""

    chosen: Pass
    passes: int
    """How often it was encoded."""


def deliver(bus: Sound, path: Path, wanted: Wanted, speech: Sequence[Stretch], progress: Progress = silent) -> Delivered:
    """Encode a mix at its loudness with its true peaks kept, both as measured on the decoded file.

    Where only limiting by many dB would reach the loudness (whispers, and one shot), the nearest of the passes is kept.

    Args:
        bus: the mix, at least one sample; it is read several times.
        path: the AAC file, overwritten.
        wanted: loudness and ceiling.
        speech: where somebody speaks, seconds.
        progress: is told how far the work is.

    Raises:
        StoreError: no room for the file.
    """
    gain_db = wanted.missing_lu(measured(_blocks(bus), speech, peaks=False))
    least = low_peak(_linear(wanted.true_peak_dbtp), _linear(gain_db + _LATER_DB))
    peaks = peak_curve(bus, least).astype(np.float32)
    encoder = _Encoder(bus, path, peaks, wanted, tuple(speech))
    done: list[Pass] = []
    for step in _search(wanted, gain_db, done):
        done.append(encoder.encoded(step))
        progress("mixing", len(done) / (MOST_PASSES + 1))
    kept = [one for one in done if wanted.over_db(one.found) <= 0]
    best = min(kept or done[-1:], key=lambda one: abs(wanted.missing_lu(one.found)))
    if best is not done[-1] or not kept:
        # peaks that no pass could keep go down with everything else
        done.append(encoder.encoded(best.gain_db - max(0.0, wanted.over_db(best.found))))
    progress("mixing", 1.0)
    return Delivered(chosen=done[-1], passes=len(done))


def _search(wanted: Wanted, gain_db: float, done: Sequence[Pass]) -> Iterator[float]:
    """Yield the gain of each pass, corrected by what those before have shown; end where nothing is missing."""
    for _ in range(MOST_PASSES):
        yield gain_db
        missing = wanted.missing_lu(done[-1].found)
        if wanted.over_db(done[-1].found) <= 0 and abs(missing) <= TOLERANCE_LU:
            return
        gain_db += min(_MOST_STEP_DB, missing / _yield(wanted, done))


def _yield(wanted: Wanted, done: Sequence[Pass]) -> float:
    """Return how much louder the mix becomes by a dB of gain, 1 where the limiter rests, from the last two passes."""
    if len(done) < 2:
        return _LIMITED_YIELD if done[-1].reduction_db > _WORKING_DB else 1.0
    gained = done[-1].gain_db - done[-2].gain_db
    louder = wanted.missing_lu(done[-2].found) - wanted.missing_lu(done[-1].found)
    return min(1.0, max(_LEAST_YIELD, louder / gained)) if abs(gained) > _HAIR_DB else 1.0


@dataclass
class _Encoder:
    """Encodes one mix, as often as it is asked; learns of peaks that only the decoder has."""

    bus: Sound
    path: Path
    peaks: NDArray[np.float32]
    """True peak of every hop of the mix, raised where the decoded one was too high."""
    wanted: Wanted
    speech: tuple[Stretch, ...]

    def encoded(self, gain_db: float) -> Pass:
        """Encode the mix once and measure the file."""
        gain = _linear(gain_db)
        curve = limiting(self.peaks, gain, _linear(self.wanted.true_peak_dbtp - _CODEC_DB))
        write_aac(self.path, Levelled(self.bus, Level(gain, curve), whole_steps=False), BIT_RATE)
        found = measured_file(self.path, len(self.bus), self.speech)
        if self.wanted.over_db(found) > 0:
            self._learn()
        return Pass(gain_db=gain_db, found=found, reduction_db=max(0.0, curve.deepest_db))

    def _learn(self) -> None:
        """Raise the peaks that the limiter knows by what they came out too high."""
        ceiling = _linear(self.wanted.true_peak_dbtp - _MARGIN_DB)
        with _decoded(self.path, len(self.bus)) as sound:
            over = peak_curve(sound, low_peak(ceiling, 1.0)).astype(np.float32) / np.float32(ceiling)
        raised = np.where(over > 1.0, over * np.float32(_linear(_CODEC_DB + _HAIR_DB)), np.float32(1.0))
        # the limiter may not have touched the place at all: what it aimed at counts from there
        self.peaks = self.peaks * maximum_filter1d(raised, 2 * _CODEC_HOPS + 1, mode="nearest")


class _Decoded:
    """A file as a sound."""

    def __init__(self, reader: SoundReader, samples: int) -> None:
        self._reader, self._samples = reader, samples

    def __len__(self) -> int:
        return self._samples

    def __getitem__(self, stretch: slice, /) -> Samples:
        start, stop, _ = stretch.indices(self._samples)
        return self._reader.read(start, stop - start)


@contextmanager
def _decoded(path: Path, samples: int) -> Iterator[_Decoded]:
    """Give a file as a sound; what a codec appends is not played."""
    reader = SoundReader(path)
    try:
        yield _Decoded(reader, samples)
    finally:
        reader.close()


def measured_file(path: Path, samples: int, speech: Sequence[Stretch]) -> Measured:
    """Return what is heard in a file once it is decoded.

    Args:
        path: sound, or a video with sound.
        samples: its length at 48 kHz: what a codec appends is not played.
        speech: where somebody speaks, seconds.

    Raises:
        UnreadableMediaError: it does not decode.
    """
    with _decoded(path, samples) as sound:
        return measured(_blocks(sound), speech)


def measured(blocks: Iterable[Samples], speech: Sequence[Stretch], *, peaks: bool = True) -> Measured:
    """Return loudness and true peak of a sound that comes block by block; without ``peaks`` the latter is None."""
    meter = LoudnessMeter(peaks=peaks)
    for block in blocks:
        meter.hear(block)
    whole = meter.result()
    return Measured(
        integrated_lufs=whole.integrated_lufs, true_peak_dbtp=whole.true_peak_dbtp, dialogue_lufs=meter.within(speech)
    )


def _blocks(sound: Sound) -> Iterator[Samples]:
    for start, stop in spans(len(sound)):
        yield sound[start:stop]


def _linear(decibels: float) -> float:
    return float(10 ** (decibels / 20))
