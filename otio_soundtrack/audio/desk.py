"""The mixing desk: production sound and music on one bus, and how speech stands against the music.

Everything is read stretch by stretch on the time of the record: sample 0 is the first of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from otio_soundtrack.audio.ducking import Stretch, gains
from otio_soundtrack.model.lane import GainPoint
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

SPEECH_BAND_HZ = (300.0, 3400.0)
"""What a telephone carries (ITU-T G.712): what makes a line understood lies in it, and what covers a line."""
SPEECH_OVER_MUSIC_DB = 8.0
"""Level of speech over the ducked music that the desk sets the music for: 6 dB are asked for, and a quiet line lies below the
mean."""
_STEP = SAMPLE_RATE_HZ // 10
"""Samples of which one level is kept: 100 ms, as loudness meters do."""
_SECTIONS = 2
"""Order of each edge of the speech band, half."""
_SPAN = 1 << 16
"""Samples that are heard at a time."""
_NOTHING = 1e-10
"""Mean square (−100 dBFS) below which there is nothing to hear."""


@dataclass(frozen=True)
class Strip:
    """A piece of music on the desk."""

    sound: Sound
    """On record time, as long as the picture, silent where the piece does not play."""
    points: tuple[GainPoint, ...]
    """Keyframes on record time."""


@dataclass(frozen=True, kw_only=True)
class Music:
    """All music with its keyframes, before its volume."""

    strips: tuple[Strip, ...]
    samples: int
    """Length of the picture."""
    ducked: bool = True
    """False plays it as if there were no keyframes."""

    def __len__(self) -> int:
        """Return the length in samples."""
        return self.samples

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples of a stretch."""
        start, stop, _ = stretch.indices(self.samples)
        total = np.zeros((stop - start, 2), np.float32)
        for strip in self.strips:
            total += strip.sound[start:stop] * (gains(strip.points, start, stop - start) if self.ducked else 1.0)
        return total


@dataclass(frozen=True, kw_only=True)
class Bus:
    """What leaves the desk: production sound and music, each at its volume."""

    production: Sound
    music: Sound
    production_gain: float
    """Linear."""
    music_gain: float
    """Linear."""

    def __len__(self) -> int:
        """Return the length in samples."""
        return len(self.production)

    def __getitem__(self, stretch: slice, /) -> Samples:
        """Return the samples of a stretch."""
        production = self.production[stretch] * np.float32(self.production_gain)
        return np.asarray(production + self.music[stretch] * np.float32(self.music_gain), np.float32)


class SpeechBand:
    """Hears how much of a sound lies in the band of speech; ten numbers a second are kept."""

    def __init__(self) -> None:
        """Set the filter to rest."""
        self._filter = butter(_SECTIONS, SPEECH_BAND_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
        self._state = np.zeros((len(self._filter), 2, 2))
        self._waiting: NDArray[np.float64] = np.zeros((2, 0))
        self._powers: list[NDArray[np.float64]] = []

    def hear(self, samples: Samples) -> None:
        """Take the next stretch, of any length."""
        band, self._state = sosfilt(self._filter, samples.T.astype(np.float64), zi=self._state)
        waiting = np.concatenate([self._waiting, band], axis=1)
        whole = waiting.shape[1] // _STEP * _STEP
        self._powers.append(np.square(waiting[:, :whole]).reshape(2, -1, _STEP).mean(axis=(0, 2)))
        self._waiting = waiting[:, whole:]

    def power(self, speech: Sequence[Stretch]) -> float:
        """Return the mean square of what was heard while somebody spoke, 0 where nobody did."""
        powers = np.concatenate([np.zeros(0), *self._powers])
        middles = (np.arange(len(powers)) + 0.5) * _STEP / SAMPLE_RATE_HZ
        spoken = np.zeros(len(powers), bool)
        for start, end in speech:
            spoken[np.searchsorted(middles, start) : np.searchsorted(middles, end)] = True
        return float(powers[spoken].mean()) if spoken.any() else 0.0


def band_power(sound: Sound, speech: Sequence[Stretch]) -> float:
    """Return the mean square of a whole sound in the band of speech while somebody speaks."""
    band = SpeechBand()
    for start in range(0, len(sound), _SPAN):
        band.hear(sound[start : start + _SPAN])
    return band.power(speech)


def over_db(speech: float, music: float) -> float | None:
    """Return how many dB one power lies over another, None where either is nothing."""
    if min(speech, music) < _NOTHING:
        return None
    return float(10 * np.log10(speech / music))


def balance_db(speech: float, music: float, ducked: float) -> float:
    """Return the gain of the music at which lines are understood, dB, never above 0.

    Under speech the ducked music lies :data:`SPEECH_OVER_MUSIC_DB` below it, and without ducking it would not be louder than the
    speech is: between the lines it does not jump out.

    Args:
        speech: mean square of the production sound in the band of speech while somebody speaks.
        music: of the music without keyframes, there.
        ducked: of the music with its keyframes, there.
    """
    room = [
        over - margin
        for over, margin in ((over_db(speech, music), 0.0), (over_db(speech, ducked), SPEECH_OVER_MUSIC_DB))
        if over is not None
    ]
    return min(0.0, *room) if room else 0.0
