"""Samples since midnight at the rates of film and television: figures written out by hand from SMPTE ST 12-1."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentimelineio import opentime

from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.times import clock_frame

HOUR = {  # frames that timecode counts in an hour, samples in one frame
    23.976: (86_400, Fraction(2002)),
    24.0: (86_400, Fraction(2000)),
    25.0: (90_000, Fraction(1920)),
    29.97: (107_892, Fraction(8008, 5)),
    30.0: (108_000, Fraction(1600)),
    59.94: (215_784, Fraction(4004, 5)),
}


def label(time: str, frame: int, rate: float) -> opentime.RationalTime:
    """Return what OpenTimelineIO takes a timecode for; drop-frame at 29.97 and 59.94."""
    between = ";" if rate in (29.97, 59.94) else ":"
    return opentime.from_timecode(f"{time}{between}{frame:02d}", opentime.RationalTime.nearest_smpte_timecode_rate(rate))


@pytest.mark.parametrize(
    ("rate", "reference", "remainder"),
    [
        (23.976, 172_972_800, 0.0),  # not 172 800 000: an hour of timecode lasts 3603.6 s
        (24.0, 172_800_000, 0.0),
        (25.0, 172_800_000, 0.0),
        (29.97, 172_799_827, 0.2),
        (59.94, 172_799_827, 0.2),
    ],
)
def test_one_hour_on_the_record_is_so_many_samples_after_midnight(rate: float, reference: int, remainder: float) -> None:
    """The usual first frame of picture."""
    frame = clock_frame(0, rate, label("01:00:00", 0, rate))
    stamp = TimeStamp.of(frame, rate)
    assert (stamp.frame, stamp.time_reference, stamp.remainder) == (HOUR[rate][0], reference, pytest.approx(remainder))
    assert stamp.timecode.replace(";", ":") == "01:00:00:00"


@given(st.sampled_from(sorted(HOUR)), st.integers(0, 200_000), st.integers(0, 23))
def test_a_stamp_is_the_exact_time_of_its_frame_to_half_a_sample(rate: float, frame: int, hour: int) -> None:
    """A law; what was rounded away is told."""
    hours, samples = HOUR[rate]
    start = opentime.RationalTime(hour * hours, rate)
    stamp = TimeStamp.of(clock_frame(frame, rate, start), rate)
    wanted = (hour * hours + frame) % (24 * hours)
    assert stamp.frame == wanted
    assert abs(stamp.time_reference + Fraction(stamp.remainder) - wanted * samples) < Fraction(1, 1000)
    assert abs(stamp.remainder) <= 0.5


@pytest.mark.parametrize("rate", sorted(HOUR))
def test_a_day_has_as_many_frames_as_its_timecode_has_labels(rate: float) -> None:
    """OpenTimelineIO's own last label of the day, and the frame after it is midnight."""
    end = label("23:59:59", round(rate) - 1, rate)
    assert clock_frame(0, rate, end) == 24 * HOUR[rate][0] - 1
    assert clock_frame(1, rate, end) == 0
    assert clock_frame(-1, rate, None) == 24 * HOUR[rate][0] - 1


def test_a_start_at_another_rate_counts_as_time() -> None:
    """An hour of 24 frames a second on a picture of 25."""
    assert clock_frame(0, 25.0, opentime.RationalTime(86_400, 24)) == 90_000
