"""How much begins at a join, against what begins there in the take itself."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.audio.bursts import Fade, burst
from tests.audio.bands import RATE

SHORT = Fade(RATE // 25, RATE // 25)
LONG = Fade(RATE // 5, RATE // 10)


def tone(hz: float, seconds: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return a steady tone in stereo."""
    moments = np.arange(int(seconds * RATE)) / RATE
    return np.repeat((0.3 * np.sin(2 * np.pi * hz * moments))[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("fade", [SHORT, LONG])
def test_a_join_that_changes_nothing_begins_as_much_as_the_take(fade: Fade) -> None:
    """Left and entered at the same sample, of noise that is struck there."""
    noise = np.random.default_rng(7).standard_normal((4 * RATE, 2)).astype(np.float32) * 0.05
    noise[2 * RATE :] *= 6
    assert burst(noise, 2 * RATE, 2 * RATE, fade) == pytest.approx(1.0, abs=0.02)


def test_what_sets_in_from_nothing_stands_out_and_less_with_a_longer_fade() -> None:
    """From silence into the middle of a steady noise."""
    noise = np.random.default_rng(7).standard_normal((3 * RATE, 2)).astype(np.float32) * 0.1
    sound = np.concatenate([np.zeros_like(noise), noise])
    short, long = (burst(sound, int(1.5 * RATE), int(4.5 * RATE), fade) for fade in (SHORT, LONG))
    assert short > long > 1.1


def test_where_nothing_begins_a_join_is_as_it_should_be() -> None:
    """Silence joined to silence."""
    assert burst(np.zeros((4 * RATE, 2), np.float32), RATE, 3 * RATE, SHORT) == 1.0


def test_a_join_near_either_end_of_the_take_is_measured_too() -> None:
    """What lies outside of the take is silence."""
    assert np.isfinite(burst(tone(300, 1), RATE // 50, RATE - 100, LONG))
