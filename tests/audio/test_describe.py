"""What is said of a track is what was played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.audio.describe import describe
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.model.track import CURVE_POINTS
from tests.audio.bands import RATE, band

VOICE = Path(__file__).resolve().parents[2] / "samples" / "voice.ogg"


def pad(seconds: float, *, minor: bool, level: float = 0.1) -> NDArray[np.float32]:
    """Return a chord on A that is held, swelling slowly."""
    time = np.arange(int(seconds * RATE)) / RATE
    tones = (0, 3 if minor else 4, 7, 12, 24, 36)
    sound = sum(np.sin(2 * np.pi * 220 * 2 ** (tone / 12) * time) for tone in tones) * (0.6 + 0.4 * np.sin(time / 3))
    fade = np.minimum(1, np.minimum(time, time[::-1]))
    return np.repeat((level * sound * fade)[:, None], 2, axis=1).astype(np.float32)


def drums(bpm: float, seconds: float) -> NDArray[np.float32]:
    """Return bursts of noise over a low thump on every beat."""
    chance, sound = np.random.default_rng(2), np.zeros(int(seconds * RATE), np.float32)
    for at in np.arange(0.1, seconds - 0.5, 60 / bpm):
        time = np.arange(RATE // 5) / RATE
        hit = 0.5 * chance.standard_normal(len(time)) * np.exp(-60 * time) + 0.7 * np.sin(2 * np.pi * 60 * time) * np.exp(
            -20 * time
        )
        sound[int(at * RATE) : int(at * RATE) + len(time)] += hit
    return np.repeat(sound[:, None], 2, axis=1)


def test_tempo_and_key_of_a_band_are_found() -> None:
    """104 beats a minute; C, A, F and G on A are the chords of A major's first, sixth, fourth and fifth degree."""
    found = describe(band(bpm=104)[0])
    assert found.tempo_bpm == pytest.approx(104, rel=0.01)
    assert (found.tonic, found.minor) == (9, False)
    assert found.voice < 0.05


def test_drums_are_more_energetic_and_more_percussive_than_a_held_chord() -> None:
    """By far: they are the ends of the scales."""
    loud, still = describe(drums(120, 20)), describe(pad(20, minor=True))
    assert loud.energy > still.energy + 0.4
    assert loud.percussive > still.percussive + 0.4
    assert loud.pulse > still.pulse + 0.4
    assert loud.tempo_bpm == pytest.approx(120, rel=0.01)


def test_major_is_lighter_than_minor() -> None:
    """The same chord but for its third."""
    major, minor = describe(pad(12, minor=False)), describe(pad(12, minor=True))
    assert (major.minor, minor.minor) == (False, True)
    assert major.valence > minor.valence + 0.2


def test_the_curve_follows_what_is_played() -> None:
    """A chord, then the drums begin."""
    quiet = pad(20, minor=True, level=0.02)
    found = describe(np.concatenate([quiet, drums(120, 20)]))
    assert len(found.curve) == CURVE_POINTS
    assert max(found.curve[2 : CURVE_POINTS // 2 - 1]) < min(found.curve[CURVE_POINTS // 2 + 1 : -1])
    assert any(abs(at - 20) < 1 for at in found.sections)


def test_a_voice_is_heard_over_music(tmp_path: Path) -> None:
    """Somebody speaks over a chord 12 dB below."""
    spoken = decoded(VOICE, tmp_path)
    mixed = spoken[: len(spoken)] + pad(len(spoken) / RATE, minor=False, level=0.01)[: len(spoken)]
    assert describe(mixed).voice > 0.3


@pytest.mark.parametrize("sound", [np.zeros((5 * RATE, 2), np.float32), drums(120, 1.0)[:1000]])
def test_silence_and_splinters_are_refused(sound: NDArray[np.float32]) -> None:
    """They are no music."""
    with pytest.raises(UnusableTakeError, match="silent, or too short"):
        describe(sound)
