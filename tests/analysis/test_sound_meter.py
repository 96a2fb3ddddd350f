"""What is heard in the production sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from otio_soundtrack.analysis.decimator import Decimator
from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.analysis.speech import speech_stretches

RATE = 48_000
SPOKEN = ((1.0, 5.045), (5.945, 6.829), (8.429, 11.811))
"""Seconds in which somebody speaks in ``speech.ogg``: our own sentences, spoken by espeak-ng, laid between digital silence."""


def sample() -> np.ndarray:
    """Return the speech sample at 48 kHz stereo."""
    mono, rate = soundfile.read(Path(__file__).with_name("speech.ogg"), dtype="float32")
    assert rate == 16_000
    wide = resample_poly(mono, 3, 1).astype(np.float32)
    return np.stack([wide, wide], axis=1)


def heard(samples: np.ndarray, window: int = RATE) -> SoundMeter:
    """Return a meter that heard samples in windows."""
    meter = SoundMeter()
    for at in range(0, len(samples), window):
        meter.hear(samples[at : at + window])
    return meter


def noise_bed(kind: str) -> np.ndarray:
    """Return eight seconds of sound in which nobody speaks."""
    rng, at = np.random.default_rng(5), np.arange(8 * RATE) / RATE
    if kind == "tone":
        mono = 0.3 * np.sin(2 * np.pi * 440 * at)
    elif kind == "noise":
        mono = 0.1 * rng.normal(size=len(at))
    elif kind == "hum":
        mono = sum(0.1 / n * np.sin(2 * np.pi * 50 * n * at) for n in range(1, 9)) + 0.01 * rng.normal(size=len(at))
    else:
        mono = np.zeros(len(at))
        for beat in range(16):
            chord = [220.0, 277.18, 329.63] if beat % 8 < 4 else [196.0, 246.94, 293.66]
            tail = at[: len(at) - beat * RATE // 2]
            for pitch in chord:
                mono[beat * RATE // 2 :] += 0.08 * np.exp(-3 * tail) * np.sin(2 * np.pi * pitch * tail)
            mono[beat * RATE // 2 :] += 0.05 * np.exp(-40 * tail) * rng.normal(size=len(tail))
    return np.stack([mono, mono], axis=1).astype(np.float32)


def test_speech_is_found_where_it_is() -> None:
    """Each spoken stretch is found with edges within a tenth of a second, and no other."""
    found = heard(sample()).speech()
    joined = [(SPOKEN[0][0], SPOKEN[0][1]), SPOKEN[1], SPOKEN[2]]
    covered = sum(max(0.0, min(end, b) - max(start, a)) for start, end in found for a, b in joined)
    spoken, total = sum(b - a for a, b in joined), sum(end - start for start, end in found)
    assert covered / spoken >= 0.95
    assert covered / total >= 0.9
    for a, b in joined:
        assert min(abs(start - a) for start, _ in found) <= 0.12
        assert min(abs(end - b) for _, end in found) <= 0.12


@pytest.mark.parametrize("kind", ["tone", "noise", "hum", "music"])
def test_what_is_no_speech_is_not_taken_for_it(kind: str) -> None:
    """Tones, noise, mains hum and plucked chords with drums."""
    assert heard(noise_bed(kind)).speech() == ()


def test_windows_of_any_length_hear_the_same() -> None:
    """The exporter's windows fall where they like: 1, 511 and 48,001 samples give the very same stretches."""
    samples = sample()[: 3 * RATE]
    whole = heard(samples, len(samples))
    for window in (511, 48_001):
        again = heard(samples, window)
        assert again.speech() == whole.speech()
        assert again.loudness().integrated_lufs == pytest.approx(whole.loudness().integrated_lufs, abs=0.01)


def test_speech_up_to_the_last_sample_is_not_lost() -> None:
    """The film ends in the middle of a word."""
    cut = round(4.0 * RATE)
    (stretch,) = heard(sample()[:cut]).speech()
    assert stretch[1] == pytest.approx(4.0, abs=0.06)


def test_quiet_speech_is_found() -> None:
    """A dialogue track 30 dB below the sample is still dialogue."""
    found = heard(sample() * np.float32(10 ** (-30 / 20))).speech()
    assert sum(end - start for start, end in found) > 0.8 * sum(b - a for a, b in SPOKEN)


def test_silence_has_neither_speech_nor_loudness() -> None:
    """Loudness of silence is not a number (BS.1770 gates it away)."""
    meter = heard(np.zeros((2 * RATE, 2), np.float32))
    assert meter.speech() == ()
    assert meter.loudness().integrated_lufs is None


def test_a_cut_without_sound_is_no_error() -> None:
    """No window at all."""
    meter = SoundMeter()
    assert meter.speech() == ()
    assert meter.loudness().integrated_lufs is None


def test_nothing_can_be_heard_after_the_result_was_read() -> None:
    """The detector's last chunk has been closed: more sound would be heard wrongly."""
    meter = heard(np.zeros((RATE, 2), np.float32))
    meter.speech()
    with pytest.raises(ValueError, match="before the sound was over"):
        meter.hear(np.zeros((10, 2), np.float32))


def test_mono_windows_are_refused() -> None:
    """A caller's bug."""
    with pytest.raises(ValueError, match="samples, 2"):
        SoundMeter().hear(np.zeros(10, np.float32))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_the_decimator_does_not_care_about_windows(lengths: list[int]) -> None:
    """Any split of a signal gives the samples of the whole."""
    signal = np.random.default_rng(1).normal(size=sum(lengths)).astype(np.float32)
    whole = Decimator()
    expected = np.concatenate([whole.hear(signal), whole.rest()])
    split, at, parts = Decimator(), 0, []
    for length in lengths:
        parts.append(split.hear(signal[at : at + length]))
        at += length
    assert np.allclose(np.concatenate([*parts, split.rest()]), expected, atol=1e-6)


@pytest.mark.parametrize("length", [1, 2, 3, 100, 48_000, 48_001])
def test_the_decimator_gives_every_third_sample(length: int) -> None:
    """ceil(n / 3) samples: those that lie on input samples 0, 3, 6 and so on."""
    decimator = Decimator()
    got = len(decimator.hear(np.ones(length, np.float32))) + len(decimator.rest())
    assert got == -(-length // 3)


def test_the_decimator_keeps_time() -> None:
    """An impulse on input sample 3000 is the largest on output sample 1000."""
    signal = np.zeros(6000, np.float32)
    signal[3000] = 1
    decimator = Decimator()
    assert int(np.argmax(np.concatenate([decimator.hear(signal), decimator.rest()]))) == 1000


@pytest.mark.parametrize(
    ("hertz", "least", "most"), [(1000, -0.1, 0.1), (5000, -0.3, 0.3), (10_000, -200, -55), (15_000, -200, -55)]
)
def test_the_decimator_passes_speech_and_stops_images(hertz: int, least: float, most: float) -> None:
    """Gain in dB: flat for speech, 55 dB down where it would fold back."""
    signal = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE).astype(np.float32)
    out = Decimator().hear(signal)[200:]
    gain = 20 * np.log10(max(float(np.sqrt(2 * np.mean(out**2))), 1e-10))
    assert least <= gain <= most


CHUNK = 0.032


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        ([], []),
        ([0.1] * 50, []),
        ([0.9] * 5, []),  # 0.16 s is a cough
        ([0.0] * 10 + [0.9] * 20 + [0.0] * 10, [(10 * CHUNK, 30 * CHUNK)]),
        ([0.0] * 10 + [0.9] * 10 + [0.4] * 5 + [0.9] * 10 + [0.0] * 5, [(10 * CHUNK, 35 * CHUNK)]),  # doubt is not a pause
        ([0.9] * 20 + [0.0] * 5 + [0.9] * 20, [(0.0, 45 * CHUNK)]),  # 0.16 s of pause is closed
        ([0.9] * 20 + [0.0] * 15 + [0.9] * 20, [(0.0, 20 * CHUNK), (35 * CHUNK, 55 * CHUNK)]),  # 0.48 s is not
        ([0.0] * 30 + [0.9] * 20, [(30 * CHUNK, 50 * CHUNK)]),  # speech at the very end
    ],
)
def test_probabilities_become_stretches(probabilities: list[float], expected: list[tuple[float, float]]) -> None:
    """Hysteresis, least length and closed pauses; 30 ms are given on each side."""
    found = speech_stretches(probabilities, CHUNK, len(probabilities) * CHUNK)
    assert len(found) == len(expected)
    for (start, end), (a, b) in zip(found, expected, strict=True):
        assert start == pytest.approx(max(0, a - 0.03))
        assert end == pytest.approx(min(len(probabilities) * CHUNK, b + 0.03))
