"""Values on their way between our own processes."""

from __future__ import annotations

import copyreg
import io
import pickle
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange

_TIMES = {
    RationalTime: lambda time: (RationalTime, (time.value, time.rate)),
    TimeRange: lambda span: (TimeRange, (span.start_time, span.duration)),
}
"""How the times of OpenTimelineIO are taken apart: it cannot do it itself."""


def packed(value: object) -> bytes:
    """Return a value as bytes; sealed values (keys, open files, timelines) raise TypeError."""
    parcel = io.BytesIO()
    packer = pickle.Pickler(parcel)
    packer.dispatch_table = {**copyreg.dispatch_table, **_TIMES}
    packer.dump(value)
    return parcel.getvalue()


def unpacked(parcel: bytes) -> Any:  # noqa: ANN401  # whatever was packed
    """Return what :func:`packed` packed, in a process of ours; bytes from anywhere else must not be given."""
    return pickle.loads(parcel)  # noqa: S301  # from our own pipe, or the user's own cluster
