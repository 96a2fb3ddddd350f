"""The voices and the hall, measured."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import fftconvolve

from otio_soundtrack.composer import room
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.composer.voices import exact, play
from otio_soundtrack.composer.voices.drums import SWELLS
from otio_soundtrack.composer.voices.orchestra import DRUMS, ENSEMBLES, MODALS, SEATS
from otio_soundtrack.model.plan import Instrument, Mood
from tests.composer.plans import plan_of, rendered

PITCHED = [*MODALS, *ENSEMBLES]


def sound(voice: str, pitch: int = 64, velocity: float = 0.7, start: float = 5.0) -> np.ndarray:
    """Return a note of one and a half seconds."""
    return play(Note(Stem.HARMONY, voice, start, 1.5, pitch, velocity), number=1).samples


def test_every_voice_has_a_seat() -> None:
    """And no seat is empty."""
    assert set(SEATS) == {*MODALS, *ENSEMBLES, *DRUMS}


@pytest.mark.parametrize("voice", PITCHED)
@pytest.mark.parametrize("pitch", [45, 57, 69])
def test_a_voice_is_in_tune(voice: str, pitch: int) -> None:
    """The strongest spectral line below 1.5 times the note's frequency lies within 12 cents of it."""
    samples = sound(voice, pitch).mean(axis=1)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 19)) ** 2
    hertz = np.fft.rfftfreq(1 << 19, 1 / 48_000)
    wanted = 440 * 2 ** ((pitch - 69) / 12)
    near = (hertz > wanted * 0.93) & (hertz < wanted * 1.07)
    centre = (hertz[near] * spectrum[near]).sum() / spectrum[near].sum()
    assert abs(1200 * np.log2(centre / wanted)) < 12


@pytest.mark.parametrize("voice", PITCHED)
def test_a_harder_touch_is_brighter(voice: str) -> None:
    """The centre of the spectrum rises with velocity."""

    def centre(velocity: float) -> float:
        power = np.abs(np.fft.rfft(sound(voice, 60, velocity).mean(axis=1)))
        return float((power * np.arange(len(power))).sum() / power.sum())

    assert centre(0.95) > 1.02 * centre(0.2)


@pytest.mark.parametrize("voice", list(SEATS))
def test_a_voice_begins_and_ends_in_silence(voice: str) -> None:
    """No click at either end, no offset, and a level that others can be mixed with."""
    samples = sound(voice, 50)
    assert np.abs(samples[0]).max() < 0.02
    assert np.abs(samples[-1]).max() < 0.002
    assert 0.1 < np.abs(samples).max() < 1.7
    assert np.abs(samples.mean(axis=0)).max() < 2e-3


@pytest.mark.parametrize("voice", [*PITCHED, *(name for name in DRUMS if name not in SWELLS)])
def test_a_voice_is_heard_where_its_note_is(voice: str) -> None:
    """Half of the first peak is reached near the written beginning, slow voices start early.

    Near is 25 ms and a fifth of a slow attack. Many players beat against each other, so that the mean of several notes counts.
    """
    several = [play(Note(Stem.HARMONY, voice, 5.0, 1.5, 57, 0.7), number=number) for number in range(12)]
    played, length = several[0], min(len(one.samples) for one in several)
    power = np.mean(
        [np.square(one.samples[:length].mean(axis=1)) for one in several], axis=0
    )  # many players beat: their mean counts
    envelope = np.sqrt(np.convolve(power, np.ones(960) / 960, "same"))[: int((played.lead_s + 0.35) * 48_000)]
    reached = np.argmax(envelope >= 0.5 * envelope.max()) / 48_000
    assert abs(reached - played.lead_s) < 0.025 + 0.2 * getattr(ENSEMBLES.get(voice), "attack_s", 0.0)


@pytest.mark.parametrize("voice", list(ENSEMBLES))
def test_a_slow_voice_at_the_start_of_the_cue_speaks_at_once(voice: str) -> None:
    """Within 16 ms there is sound above −40 dB."""
    played = play(Note(Stem.HARMONY, voice, 0.0, 1.5, 57, 0.7), number=1)
    assert played.lead_s == 0.0
    assert np.abs(played.samples[: int(0.016 * 48_000)]).max() > 0.01 * np.abs(played.samples).max()


def rung(send: np.ndarray) -> np.ndarray:
    """Return what the hall gives back, block by block."""
    hall = room.Hall(len(send))
    return np.concatenate([hall.ring(send[start : start + room.STEP]) for start in range(0, len(send), room.STEP)])


@pytest.mark.parametrize("samples", [30_000, 500_000, 900_000])
def test_the_hall_is_the_plain_convolution(samples: int) -> None:
    """Against SciPy's convolution of the whole, in one block and in several."""
    rng = np.random.default_rng(5)
    send = np.zeros((samples, 2), np.float32)
    send[: samples - samples // 3 : 9000] = rng.uniform(-0.5, 0.5, (len(send[: samples - samples // 3 : 9000]), 2))
    wet = rung(send)
    for side in (0, 1):
        response = room._side(side + 1) / room._RESPONSE_STEPS
        expected = fftconvolve(send[:, side], response)[:samples]
        assert np.abs(wet[:, side] - expected).max() < 1e-5


@pytest.mark.parametrize("samples", [1, 100, 5000, 300_000])
def test_the_hall_takes_any_length(samples: int) -> None:
    """An impulse at the start comes back as reflections only; the length stays."""
    send = np.zeros((samples, 2), np.float32)
    send[0] = 1.0
    wet = rung(send)
    assert wet.shape == (samples, 2)
    assert np.abs(wet[0, 0]) < 0.01
    assert (np.abs(wet[1000:]).max(initial=0.0) > 0.001) == (samples > 1000)


def test_the_hall_of_silence_is_silent() -> None:
    """And rings out when the sound has ended long ago."""
    assert not rung(np.zeros((500_000, 2), np.float32)).any()


def test_the_stems_are_the_mix_and_leave_it_as_it_is() -> None:
    """Their sum is the mix 80 dB below it, and asking for them changes no sample of it; the cue has more than one block."""
    plan = plan_of(300, sections=[(0, Mood.EPIC, 0.9, "D minor", 120.0, tuple(Instrument))])
    alone, apart = rendered(plan), rendered(plan, stems=True)
    mix = apart.mix[:]
    assert set(apart.stems) == {"drums", "bass", "harmony", "melody", "fx"}
    assert not alone.stems
    assert np.array_equal(alone.mix[:], mix)
    rest = sum(stem[:].astype(np.float64) for stem in apart.stems.values()) - mix
    assert np.sqrt(np.mean(np.square(rest))) < 1e-4 * np.sqrt(np.mean(np.square(mix)))


@pytest.mark.parametrize("samples", [1, 100, 4801, 96_000])
def test_decaying_sines_are_what_their_formula_says(samples: int) -> None:
    """Against plain NumPy, to 120 dB below."""
    partials = [(220.0, 0.5, 1.0), (443.7, 0.3, 0.4), (5000.0, 0.2, 2.0)]
    time = np.arange(samples) / 48_000
    expected = sum(level * np.sin(2 * np.pi * hz * time) * 10 ** (-3 * time / seconds) for hz, level, seconds in partials)
    assert np.abs(exact.decaying_sines(partials, samples) - expected).max() < 1e-6


def test_decaying_sines_are_exact_in_any_order_of_summing() -> None:
    """The most partials in reverse order, that is with other sums inside, are the same bits."""
    partials = [(50.0 * number, 1 / 48, 0.2 + 0.1 * number) for number in range(1, 49)]
    assert np.array_equal(exact.decaying_sines(partials, 9000), exact.decaying_sines(partials[::-1], 9000))
    with pytest.raises(ValueError, match="48"):
        exact.decaying_sines([*partials, partials[0]], 10)


def test_the_transform_leaves_room_for_rounding_to_whole_numbers() -> None:
    """The error of the transform on loud noise stays below a quarter, so that every machine rounds to the same number."""
    rng = np.random.default_rng(1)
    size = room._TRANSFORM
    whole = np.rint(rng.uniform(-0.5, 0.5, size - room.RESPONSE) * room._SIGNAL_STEPS)
    rung = np.fft.irfft(np.fft.rfft(whole, size) * room._response(size)[0], size)
    assert np.abs(rung - np.rint(rung)).max() < 0.25


def test_the_table_sine_is_a_sine() -> None:
    """Right to 2e-8 everywhere, also for negative phases."""
    cycles = np.linspace(-3, 3, 100_001)
    assert np.abs(exact.sine(cycles) - np.sin(2 * np.pi * cycles)).max() < 2.5e-8


def test_a_decay_falls_by_sixty_decibels_in_its_time() -> None:
    """One thousandth after the time."""
    assert exact.decay(0.5, 24_001)[-1] == pytest.approx(1e-3, rel=1e-4)
