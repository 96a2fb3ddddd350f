"""Keyframes under speech, and music rendered with them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.audio.ducking import Ducked, gains, keyframes
from tests.audio.sounds import RATE

LENGTH = 60.0


@st.composite
def speeches(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Stretches of speech in order, some of them near or beyond the edges of the music."""
    at, found = draw(st.floats(-5, 5)), []
    for _ in range(draw(st.integers(0, 12))):
        end = at + draw(st.floats(0.25, 8))
        found.append((at, end))
        at = end + draw(st.floats(0.3, 6))
    return found


def level(points: tuple[tuple[float, float], ...], at: float) -> float:
    """Return the gain at a moment in dB, read as a person reads the keyframes."""
    return float(np.interp(at, [time for time, _ in points], [db for _, db in points])) if points else 0.0


@given(speeches(), st.sampled_from([-4.0, -8.0, -12.0, -18.0]))
@settings(max_examples=200, deadline=None)
def test_every_line_is_ducked_in_time_and_the_music_comes_back(speech: list[tuple[float, float]], depth: float) -> None:
    """Full depth from 250 ms into the line to its end; untouched before the dip; back 800 ms after, where nobody goes on."""
    points = keyframes(speech, depth, LENGTH)
    times = [time for time, _ in points]
    assert times == sorted(times)
    assert all(0.0 <= time <= LENGTH and depth <= db <= 0.0 for time, db in points)
    for number, (start, end) in enumerate(speech):
        for at in (start + 0.2501, end):
            if 0 <= at <= min(end, LENGTH):
                assert level(points, at) == pytest.approx(depth, abs=0.01)
        quiet_before = number == 0 or start - speech[number - 1][1] > 1.06
        if quiet_before and 0 < start - 0.25 < LENGTH:
            assert level(points, start - 0.2501) == pytest.approx(0.0, abs=0.01)
            assert level(points, min(start, LENGTH)) < 0.0
        quiet_after = number + 1 == len(speech) or speech[number + 1][0] - end > 1.06
        if quiet_after and end - start >= 0.25 and 0 <= end + 0.801 < LENGTH:
            assert level(points, end + 0.801) == pytest.approx(0.0, abs=0.01)


def test_a_short_pause_is_held_and_a_long_one_is_not() -> None:
    """Below a second the music stays down; above it comes up, at least for a moment."""
    held = keyframes([(2.0, 4.0), (4.9, 6.0)], -8.0, LENGTH)
    assert [db for _, db in held] == [0.0, -8.0, -8.0, 0.0]
    assert level(keyframes([(2.0, 4.0), (6.0, 8.0)], -8.0, LENGTH), 5.0) == 0.0


def test_where_nobody_speaks_there_are_no_keyframes() -> None:
    """Neither in silence nor where the speech lies outside of the music."""
    assert keyframes([], -8.0, LENGTH) == ()
    assert keyframes([(70.0, 75.0)], -8.0, LENGTH) == ()
    assert keyframes([(-9.0, -3.0)], -8.0, LENGTH) == ()


def test_music_that_begins_in_a_line_begins_low() -> None:
    """No keyframe lies before the file, and its first sample is already down."""
    points = keyframes([(-2.0, 3.0)], -12.0, LENGTH)
    assert points[0] == (0.0, -12.0)
    assert gains(points, 0, 10) == pytest.approx(10 ** (-12 / 20))


@given(st.integers(0, 3 * RATE), st.integers(1, 5000))
@settings(max_examples=40, deadline=None)
def test_a_stretch_is_rendered_as_in_the_whole(start: int, count: int) -> None:
    """Whoever reads block by block hears what is heard at once, and that is what the keyframes say."""
    ones = np.ones((4 * RATE, 2), np.float32)
    points = keyframes([(1.0, 2.0)], -8.0, 4.0)
    sound = Ducked(ones, points)
    part = sound[start : start + count]
    wanted = [10 ** (level(points, at / RATE) / 20) for at in (start, start + len(part) - 1)]
    assert part[[0, -1], 0] == pytest.approx(wanted, abs=1e-4)
    assert np.array_equal(part[:, 0], part[:, 1])
    assert len(sound) == len(ones)
