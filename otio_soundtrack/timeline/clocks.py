"""Time on the way from the record to the media: exact rational seconds, and the straight lines between them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from opentimelineio import opentime

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.times import exact_rate, frame_seconds, frames_at
from otio_soundtrack.times import seconds as exact_seconds

ZERO = Fraction(0)
ONE = Fraction(1)

_LARGEST_DENOMINATOR = 10**15
"""Sums of odd fractions (thousands of clips with fractional frame numbers) would grow without end; a femtosecond is enough."""
_SLOWEST_RATE_HZ = 0.001
"""Frames a second: slower rates (0 and below, float noise) count nothing."""
_RANGES_REMEMBERED = 65_536
"""Distinct times of a long timeline whose exact seconds are kept: each costs some ten microseconds to find."""


@lru_cache(maxsize=_RANGES_REMEMBERED)
def _seconds(value: float, rate: float) -> Fraction:
    if value == 0:
        return ZERO
    if value.is_integer():
        return int(value) / exact_rate(rate)
    return exact_seconds(opentime.RationalTime(value, rate))


def seconds_of(time: opentime.RationalTime, what: str) -> Fraction:
    """Return a time of the timeline in exact seconds.

    Args:
        time: as found; nothing at a rate of 0 is a placeholder of several writers and means 0.
        what: whose time it is, for the message.

    Raises:
        UnsupportedTimingError: a time other than 0 at a rate that counts nothing, or one that is not a number.
    """
    value, rate = time.value, time.rate
    if value - value != 0 or rate - rate != 0 or (rate < _SLOWEST_RATE_HZ and value != 0):
        raise UnsupportedTimingError(
            f"{what} has a time that means nothing: {value} at {rate} frames per second.",
            hint="Correct its range in the application that wrote the timeline.",
        )
    return _seconds(value, rate)


def range_of(span: opentime.TimeRange | None, what: str) -> tuple[Fraction, Fraction] | None:
    """Return start and duration of a range in exact seconds, None for no range.

    Raises:
        UnsupportedTimingError: a time that means nothing, or a duration below 0.
    """
    if span is None:
        return None
    start, duration = seconds_of(span.start_time, what), seconds_of(span.duration, what)
    if duration < 0:
        raise UnsupportedTimingError(f"{what} lasts {float(duration):.3f} seconds, which is less than nothing.")
    return start, duration


def bounded(at: Fraction) -> Fraction:
    """Return the time itself, or the nearest that can still be written with a femtosecond's denominator."""
    return at if at.denominator <= _LARGEST_DENOMINATOR else at.limit_denominator(_LARGEST_DENOMINATOR)


@dataclass(frozen=True)
class Clock:
    """The own time of something on the timeline, as a straight line over record time: ``own = origin + record × speed``."""

    origin: Fraction
    """Own time in seconds when the record stands at 0."""
    speed: Fraction
    """Own seconds a record second; below 0 it runs backwards, 0 stands still."""

    def own(self, record: Fraction) -> Fraction:
        """Return the own time at a record time."""
        return self.origin + record * self.speed

    def record(self, own: Fraction) -> Fraction:
        """Return the record time at an own time; the clock must not stand still."""
        return (own - self.origin) / self.speed

    def span(self, start: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
        """Return the record times between which an own stretch runs, the earlier first."""
        first, last = self.record(start), self.record(end)
        return (first, last) if first <= last else (last, first)

    def inside(self, start: Fraction, duration: Fraction, head: Fraction, speed: Fraction) -> Clock:
        """Return the clock of an item that lies on what this clock belongs to.

        A retimed item uses ``duration × |speed|`` of its own time from ``head`` on; in reverse it plays that same stretch from
        its end to ``head`` (AYON and Raven read it so: a negative scalar mirrors the used material, it does not run out of it).

        Args:
            start: where the item lies, in this clock's time.
            duration: its length there.
            head: own time of the item at the start of its ``source_range``.
            speed: own seconds per second of this clock.
        """
        anchor = start if speed >= 0 else start + duration
        return Clock(head + (self.origin - anchor) * speed, self.speed * speed)


@dataclass(frozen=True)
class Grid:
    """The frames of the picture on record time."""

    rate: Fraction
    """Frames per second."""

    def frame(self, record: Fraction) -> int:
        """Return the frame whose start is nearest to a record time."""
        return frames_at(record, self.rate)

    def start(self, frame: int) -> Fraction:
        """Return when a frame starts, seconds."""
        return frame_seconds(frame, self.rate)

    def frames(self, clock: Clock, start: Fraction, end: Fraction) -> tuple[int, int]:
        """Return the frames [first, last) on which a stretch of a clock's own time is seen."""
        first, last = clock.span(start, end)
        return self.frame(first), self.frame(last)
