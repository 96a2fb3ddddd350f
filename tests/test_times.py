"""Time is exact: fractions inside, rounded once, half up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.times import exact_rate, frame_samples, frames_at, parse_frame, round_half_up, seconds, timecode

HOUR_AT_24 = RationalTime(86400, 24)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (24.0, Fraction(24)),
        (25.0, Fraction(25)),
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (23.976023976023978, Fraction(24000, 1001)),
        (23.976024627685547, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (29.97002997, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (59.9401, Fraction(60000, 1001)),
        (15.0, Fraction(15)),
        (48000.0, Fraction(48000)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_every_rate_that_real_files_hold_is_read_as_what_it_means(found: float, meant: Fraction) -> None:
    """The list is from real timelines (float32 rates of Hiero included)."""
    assert exact_rate(found) == meant


@pytest.mark.parametrize("rate", [0.0, -24.0, float("nan")])
def test_a_rate_that_is_none_is_a_mistake_of_the_caller(rate: float) -> None:
    """Placeholders never get here."""
    with pytest.raises(ValueError, match="rate"):
        exact_rate(rate)


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=999))
def test_rounding_is_to_the_nearest_and_halves_go_up(value: Fraction) -> None:
    """A law, unlike Python's round, which goes to the even neighbour."""
    rounded = round_half_up(value)
    assert Fraction(-1, 2) < rounded - value <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("frames", "rate", "samples"),
    [
        (1, Fraction(24000, 1001), 2002),
        (5, Fraction(30000, 1001), 8008),
        (1, Fraction(30000, 1001), 1602),
        (2, Fraction(30000, 1001), 3203),
        (3, Fraction(60000, 1001), 2402),
        (7, Fraction(25), 13440),
    ],
)
def test_frames_become_samples_rounded_once(frames: int, rate: Fraction, samples: int) -> None:
    """Figures of the trade: 2002 samples a frame at 23.976, 1601.6 at 29.97, 800.8 at 59.94."""
    assert frame_samples(frames, rate) == samples


@given(st.integers(0, 10_000_000), st.sampled_from([23.976, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 60.0]))
def test_a_frame_comes_back_from_its_time(frame: int, rate: float) -> None:
    """A law: no drift in two days of frames."""
    assert frames_at(seconds(RationalTime(frame, rate)), exact_rate(rate)) == frame


@pytest.mark.parametrize(
    ("text", "rate", "start", "frame"),
    [
        ("12.5", 24.0, None, 300),
        ("12.5s", 25.0, None, 313),
        ("300f", 24.0, HOUR_AT_24, 300),
        ("01:00:12:12", 24.0, HOUR_AT_24, 300),
        ("00:00:10;00", 29.97, None, 300),
        ("00:01:00;02", 29.97, None, 1800),
        (" 0 ", 24.0, None, 0),
    ],
)
def test_a_person_may_type_seconds_frames_or_record_timecode(
    text: str, rate: float, start: RationalTime | None, frame: int
) -> None:
    """Drop-frame: 00:01:00;02 is the frame after 00:00:59;29 (SMPTE ST 12-1)."""
    assert parse_frame(text, rate, start) == frame


@pytest.mark.parametrize("text", ["", "twelve", "1:2", "12.5f", "01:00:00:30", "1e3"])
def test_what_is_no_time_is_told_with_what_is(text: str) -> None:
    """The message shows the forms that are understood."""
    with pytest.raises(SettingsError, match="seconds"):
        parse_frame(text, 24.0, None)


@pytest.mark.parametrize("rate", [12.5, 15.0, 1000.0])
def test_timecode_is_refused_at_rates_that_have_none(rate: float) -> None:
    """The nearest rate that has one would give another moment: 30 s at 12.5 became 58.6 s."""
    with pytest.raises(SettingsError, match=f"does not exist at {rate:g}"):
        parse_frame("00:00:30:12", rate, None)


@pytest.mark.parametrize(
    ("frame", "rate", "start", "text"),
    [
        (0, 24.0, HOUR_AT_24, "01:00:00:00"),
        (1800, 29.97, None, "00:01:00;02"),
        (25, 25.0, None, "00:00:01:00"),
        (150, 100.0, None, "1.500"),
        (48000, 48000.0, None, "1.000"),
    ],
)
def test_timecode_is_written_where_it_exists_and_seconds_elsewhere(
    frame: int, rate: float, start: RationalTime | None, text: str
) -> None:
    """SMPTE has no timecode at 100 or 48,000 frames a second."""
    assert timecode(frame, rate, start) == text
