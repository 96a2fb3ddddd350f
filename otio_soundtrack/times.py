"""The only converter between timeline time, seconds and samples (floor 1).

*Conventions.* Exact rates and times are :class:`fractions.Fraction` (frames per second, seconds); picture positions are whole
frames at the picture's rate; audio positions are whole samples. Ends are exclusive. Every conversion to a whole number rounds
once, half up, here. The timeline itself keeps the float rate that it came with.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor

from opentimelineio import opentime

from otio_soundtrack.errors import SettingsError

SAMPLE_RATE_HZ = 48_000
"""Sample rate of everything we write: the rate of film and television sound."""

NTSC_SNAP_HZ = Fraction(5, 1000)
"""A rate this near to n·1000/1001 is meant to be it: real files hold 23.98, 23.976023976, 23.976024627685547."""

_DROP_FRAME_HZ = (Fraction(30_000, 1001), Fraction(60_000, 1001))
_DROPPED_AN_HOUR = 108
"""Labels that drop-frame timecode leaves out: two a minute, but not in every tenth (SMPTE ST 12-1)."""
_NTSC_NOMINAL_HZ = (24, 30, 48, 60, 96, 120)
_INTEGER_SNAP_HZ = Fraction(1, 100_000)
_VALUE_DENOMINATOR = 1_000_000
"""Real files hold fractional frame numbers (86400.1); beyond a millionth of a frame they are float noise."""


def exact_rate(rate: float) -> Fraction:
    """Return the rate that a float in a file stands for.

    Args:
        rate: frames per second as found in the timeline, above 0.

    Returns:
        frames per second: whole numbers and n·1000/1001 exactly, anything else as the nearest simple fraction.

    Raises:
        ValueError: the rate is not above 0 (real files hold 0.0 as a placeholder).
    """
    if not rate > 0:
        raise ValueError(f"rate must be above 0 frames per second, got {rate!r}")
    exact = Fraction(rate)
    if abs(exact - round(exact)) <= _INTEGER_SNAP_HZ and round(exact) > 0:
        return Fraction(round(exact))
    for nominal in _NTSC_NOMINAL_HZ:
        ntsc = Fraction(nominal * 1000, 1001)
        if abs(exact - ntsc) <= NTSC_SNAP_HZ:
            return ntsc
    return exact.limit_denominator(1001)


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number; halves go up (toward plus infinity)."""
    return floor(value + Fraction(1, 2))


def seconds(time: opentime.RationalTime) -> Fraction:
    """Return a timeline time as exact seconds."""
    return Fraction(time.value).limit_denominator(_VALUE_DENOMINATOR) / exact_rate(time.rate)


def frames_at(at: Fraction, rate: Fraction) -> int:
    """Return the picture frame whose start is nearest to a time in seconds."""
    return round_half_up(at * rate)


def frame_seconds(frame: int, rate: Fraction) -> Fraction:
    """Return when a picture frame starts, in exact seconds from frame 0."""
    return Fraction(frame) / rate


def samples_at(at: Fraction, sample_rate_hz: int = SAMPLE_RATE_HZ) -> int:
    """Return the sample nearest to a time in seconds."""
    return round_half_up(at * sample_rate_hz)


def frame_samples(frame: int, rate: Fraction, sample_rate_hz: int = SAMPLE_RATE_HZ) -> int:
    """Return the sample on which a picture frame starts; also the length in samples of so many frames."""
    return samples_at(frame_seconds(frame, rate), sample_rate_hz)


def timecode(frame: int, rate: float, start: opentime.RationalTime | None) -> str:
    """Return the record timecode of a picture frame.

    Args:
        frame: picture frame, 0 is the first of the timeline.
        rate: the picture's rate as the timeline holds it.
        start: the timeline's ``global_start_time``, None means 00:00:00:00.

    Returns:
        SMPTE timecode (drop-frame with ``;`` at 29.97 and 59.94), or seconds with three decimals at rates that SMPTE lacks.
    """
    offset = 0 if start is None else round_half_up(seconds(start) * exact_rate(rate))
    total = frame + offset
    nearest = opentime.RationalTime.nearest_smpte_timecode_rate(rate)
    if total < 0 or abs(nearest - rate) > float(NTSC_SNAP_HZ):
        return f"{float(frame_seconds(frame, exact_rate(rate))):.3f}"
    return str(opentime.to_timecode(opentime.RationalTime(total, nearest), nearest))


def clock_frame(frame: int, rate: float, start: opentime.RationalTime | None = None) -> int:
    """Return how many frames lie between midnight and a picture frame, as record timecode counts them.

    Args:
        frame: picture frame, 0 is the first of the timeline; below 0 it lies before.
        rate: the picture's rate as the timeline holds it.
        start: the timeline's ``global_start_time``, None means 00:00:00:00.

    Returns:
        0 or above, below the frames of a day: after 23:59:59 timecode begins anew. A day of drop-frame timecode (29.97, 59.94)
        leaves out 108 labels an hour for every 30 frames a second.
    """
    offset = 0 if start is None else round_half_up(seconds(start) * exact_rate(rate))
    nominal = ceil(exact_rate(rate))
    hour = nominal * 3600 - (nominal // 30 * _DROPPED_AN_HOUR if is_drop_frame(rate) else 0)
    return (frame + offset) % (24 * hour)


def is_drop_frame(rate: float) -> bool:
    """Return whether timecode at this rate is counted drop-frame, as OpenTimelineIO does."""
    return exact_rate(rate) in _DROP_FRAME_HZ


_SECONDS = re.compile(r"^(-?\d+(?:\.\d+)?)s?$")
_FRAMES = re.compile(r"^(\d+)f$")
_TIMECODE = re.compile(r"^\d{1,2}:\d{2}:\d{2}[:;]\d{2,3}$")


def parse_frame(text: str, rate: float, start: opentime.RationalTime | None) -> int:
    """Return the picture frame that a person's time names.

    Args:
        text: ``12.5`` or ``12.5s`` (seconds from the first frame), ``300f`` (frames), ``01:00:12:12`` or ``01:00:12;12``
            (record timecode of the timeline).
        rate: the picture's rate.
        start: the timeline's ``global_start_time``, None means 00:00:00:00.

    Raises:
        SettingsError: the text is none of these, or timecode does not exist at this rate.
    """
    text = text.strip()
    exact = exact_rate(rate)
    if match := _FRAMES.match(text):
        return int(match[1])
    if match := _SECONDS.match(text):
        return frames_at(Fraction(match[1]), exact)
    if _TIMECODE.match(text):
        try:
            named = _from_timecode(text, rate)
        except ValueError as error:
            raise SettingsError(
                f"timecode {text} does not exist at {rate:g} frames per second.",
                hint="Give seconds (12.5s) or frames (300f) instead.",
            ) from error
        offset = 0 if start is None else round_half_up(seconds(start) * exact)
        return round_half_up(Fraction(named.value)) - offset
    raise SettingsError(
        f"{text!r} is not a time.",
        hint="Times are seconds (12.5 or 12.5s), record timecode (01:00:12:12) or frames (300f).",
    )


def _from_timecode(text: str, rate: float) -> opentime.RationalTime:
    """Return the label's time; ValueError where it does not exist, or where SMPTE has no timecode at this rate."""
    nearest = opentime.RationalTime.nearest_smpte_timecode_rate(rate)
    if abs(nearest - rate) > float(NTSC_SNAP_HZ):
        raise ValueError(f"there is no timecode at {rate!r} frames per second")
    return opentime.from_timecode(text, nearest)


def extent(frames: int, rate: float, start: opentime.RationalTime | None) -> str:
    """Return how long a cut is, in every form that a time may have."""
    first, after = (timecode(frame, rate, start) for frame in (0, frames))
    return (
        f"The cut runs from 0 to {float(frame_seconds(frames, exact_rate(rate))):.3f} s ({frames}f; timecode {first} to {after})."
    )


def parse_range(typed: tuple[str, str], rate: float, start: opentime.RationalTime | None, frames: int) -> tuple[int, int]:
    """Return the first frame and the frame after the last of a range that a person typed.

    Args:
        typed: in and out; the out point is exclusive.
        rate: the picture's rate.
        start: the timeline's ``global_start_time``.
        frames: length of the cut.

    Raises:
        SettingsError: a time that is none, or a range that is empty, backwards or outside the cut.
    """
    first, after = (parse_frame(text, rate, start) for text in typed)
    if not 0 <= first < frames or after > frames:
        raise SettingsError(f"--range {typed[0]} {typed[1]} reaches outside the cut.", hint=extent(frames, rate, start))
    if after <= first:
        raise SettingsError(
            f"--range {typed[0]} {typed[1]} is empty.", hint="The second time is the first one that is left out: put it later."
        )
    return first, after
