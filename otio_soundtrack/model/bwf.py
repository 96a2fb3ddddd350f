"""Where a music file says that it belongs on the record: the time stamp of a Broadcast Wave file (floor 1)."""

from __future__ import annotations

from otio_soundtrack.model.features import Frozen
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_samples, frame_seconds, timecode


class TimeStamp(Frozen):
    """The moment of a file's first sample, as EBU Tech 3285 counts it: samples since midnight.

    That is real time, not what timecode reads: at 23.976 frames a second 01:00:00:00 is 3603.6 s after midnight, because each of
    the 24 frames that timecode calls a second lasts 1001/24000 s; at 29.97 drop-frame it is 3599.9964 s.
    """

    timecode: str
    """Record timecode of the first sample."""
    frame: int
    """Frames since midnight, at the picture's rate."""
    rate: float
    """Of the picture, frames per second."""
    time_reference: int
    """Samples since midnight, 48 kHz."""
    remainder: float
    """By how many samples the frame really begins later: 0 where it begins on a sample, else half a sample to either side."""

    @classmethod
    def of(cls, frame: int, rate: float) -> TimeStamp:
        """Return the stamp of a frame.

        Args:
            frame: since midnight (:func:`otio_soundtrack.times.clock_frame`).
            rate: of the picture, frames per second.
        """
        exact = exact_rate(rate)
        reference = frame_samples(frame, exact)
        rest = frame_seconds(frame, exact) * SAMPLE_RATE_HZ - reference
        return cls(
            timecode=timecode(frame, rate, None),
            frame=frame,
            rate=rate,
            time_reference=reference,
            remainder=round(float(rest), 6),
        )
