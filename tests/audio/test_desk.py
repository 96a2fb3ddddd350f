"""Speech against music on the desk."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from otio_soundtrack.audio.desk import Bus, Music, SpeechBand, Strip, balance_db, band_power, over_db
from otio_soundtrack.audio.ducking import keyframes
from tests.audio.sounds import RATE, music, tone
from tests.talking import LINES, speech


def talk() -> np.ndarray:
    """Return the speech in stereo."""
    return np.repeat(speech()[:, None], 2, axis=1)


def in_band(sound: np.ndarray, lines: tuple[tuple[float, float], ...]) -> float:
    """Return the level of a sound in the telephone band during lines, dB, by a filter of another kind."""
    band = sosfiltfilt(butter(6, (300, 3400), "bandpass", fs=RATE, output="sos"), sound.astype(np.float64), axis=0)
    spoken = np.concatenate([band[round(start * RATE) : round(end * RATE)] for start, end in lines])
    return float(10 * np.log10(np.square(spoken).mean()))


@pytest.mark.parametrize("depth", [-4.0, -8.0, -12.0, -18.0, 0.0])
def test_speech_stands_over_the_music_under_every_preset(depth: float) -> None:
    """At least 6 dB in the band of speech, as a filter of another kind measures the two; unducked the music is not louder."""
    said = talk()
    bed = music(len(said) / RATE)[: len(said)] * np.float32(3)
    points = keyframes(LINES, depth, len(said) / RATE) if depth else ()
    ducked = Music(strips=(Strip(bed, points),), samples=len(said))
    gain = balance_db(band_power(said, LINES), band_power(bed, LINES), band_power(ducked, LINES))
    assert gain < 0
    level = np.float32(10 ** (gain / 20))
    assert in_band(said, LINES) - in_band(ducked[:] * level, LINES) >= 6.0
    assert in_band(said, LINES) - in_band(bed * level, LINES) >= -0.5


def test_music_that_leaves_room_is_not_touched() -> None:
    """Soft music keeps its level, and so does any where nobody speaks."""
    assert balance_db(1.0, 0.01, 0.005) == 0.0
    assert balance_db(0.0, 0.5, 0.2) == 0.0
    assert over_db(0.0, 1.0) is None


def test_the_band_of_speech_hears_speech_and_not_bass() -> None:
    """A tone of 1 kHz counts whole, one of 60 Hz hardly; windows of any length hear the same."""
    middle, bass = tone(1000, -20, 2.0), tone(60, -20, 2.0)
    assert 10 * np.log10(band_power(middle, [(0.5, 1.5)])) == pytest.approx(-23.01, abs=0.2)
    assert band_power(bass, [(0.5, 1.5)]) < 0.002 * band_power(middle, [(0.5, 1.5)])
    band = SpeechBand()
    for at in range(0, len(middle), 777):
        band.hear(middle[at : at + 777])
    assert band.power([(0.5, 1.5)]) == pytest.approx(band_power(middle, [(0.5, 1.5)]), rel=1e-9)


def test_the_bus_is_the_sum_at_the_volumes() -> None:
    """Production at a half, music at a quarter, its keyframes in it."""
    one, other = tone(400, -10, 1.0), tone(700, -10, 1.0)
    points = ((0.0, -6.0), (1.0, -6.0))
    desk = Music(strips=(Strip(other, points),), samples=len(other))
    bus = Bus(production=one, music=desk, production_gain=0.5, music_gain=0.25)
    wanted = 0.5 * one + 0.25 * 10 ** (-6 / 20) * other
    assert len(bus) == len(one)
    assert bus[1000:3000] == pytest.approx(wanted[1000:3000], abs=1e-6)
