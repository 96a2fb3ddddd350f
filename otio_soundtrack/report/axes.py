"""What all pictures share: colours, quiet axes, a time axis that people read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from opentimelineio.opentime import RationalTime

from otio_soundtrack.times import exact_rate, frames_at, timecode

if TYPE_CHECKING:
    from otio_soundtrack.tools.figure import Axes, Figure

INK, GREY, FAINT = "#1f2933", "#7b8794", "#d9dee4"
BLUE, TEAL, ORANGE, RED, VIOLET = "#2f6fb0", "#1d8a7a", "#d9730d", "#b83a4b", "#6b4ea0"
"""Told apart with all common kinds of colour blindness, and by their lightness in grey."""

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Seconds between labels that people count in."""
MOST_LABELS = 12
MANY = 150
"""Lines in a row from which on they are drawn thin and without heads."""
LONG_SECONDS = 60.0
"""From here on lengths are told in minutes too."""
NAME_AT = -0.032
"""Where the names of rows end, as a share of the row's width: left of the widest tick label."""


def titled(drawn: Figure, name: str, summary: str, *, top: float = 0.965, under: float = 0.928) -> None:
    """Write the title and the line under it, at shares of the height. A ``$`` in a name is no formula."""
    drawn.text(0.1, top, name, fontsize=14, fontweight="bold", color=INK, va="center", parse_math=False)
    drawn.text(0.1, under, summary, fontsize=9.5, color=GREY, va="center", parse_math=False)


def quiet_axes(row: Axes, name: str, unit: str) -> None:
    """Give a row its name on the left, its unit under it, and take away all lines that say nothing."""
    for words, side, size, colour in ((name, "bottom" if unit else "center", 9.5, INK), (unit, "top", 8, GREY)):
        row.text(NAME_AT, 0.5, words, transform=row.transAxes, ha="right", va=side, fontsize=size, color=colour, clip_on=False)
    row.tick_params(labelsize=8, color=FAINT, labelcolor=GREY, length=3)
    for side in ("top", "right", "left"):
        row.spines[side].set_visible(False)
    row.spines["bottom"].set_color(FAINT)
    row.grid(axis="x", color=FAINT, linewidth=0.6)
    row.set_axisbelow(True)


def plain(row: Axes, words: str) -> None:
    """Say in a row why it is empty."""
    row.text(0.5, 0.5, words, transform=row.transAxes, ha="center", va="center", fontsize=9, color=GREY, style="italic")


def time_axis(rows: Sequence[Axes], seconds: float, rate: float, start: RationalTime | None) -> None:
    """Give all rows the same time axis, labelled under the last: minutes and seconds, and record timecode where there is one.

    Args:
        rows: from top to bottom.
        seconds: length shown.
        rate: frames per second.
        start: the timeline's ``global_start_time``; None: no timecode is shown.
    """
    step = next((step for step in STEPS if seconds / step <= MOST_LABELS), STEPS[-1])
    marks = [number * step for number in range(int(seconds / step + 1e-9) + 1)]
    labels = [clock(mark, step) for mark in marks]
    if start is not None:
        exact = exact_rate(rate)
        codes = [timecode(frames_at(Fraction(mark), exact), rate, start) for mark in marks]
        labels = [f"{label}\n{code}" for label, code in zip(labels, codes, strict=True)]
    for row in rows:
        row.set_xlim(0, seconds)
        row.set_xticks(marks)
        row.set_xticklabels(labels if row is rows[-1] else [""] * len(marks))
    rows[-1].tick_params(axis="x", labelsize=8, labelcolor=INK)


def line_width(lines: int) -> float:
    """Return how thick, in points, so many upright lines of a row are drawn."""
    return 1.5 if lines <= MANY else 0.6


def length(seconds: float) -> str:
    """Return a length as people say it and as machines count it: ``45.0 s``, ``3:00 (180.0 s)``."""
    return f"{seconds:.1f} s" if seconds < LONG_SECONDS else f"{clock(int(seconds), 1)} ({seconds:.1f} s)"


def moment(seconds: float) -> str:
    """Return a time with tenths, ``1:07.4``."""
    tenths = round(seconds * 10)
    return f"{clock(tenths // 10, 1)}.{tenths % 10}"


def clock(seconds: float, step: float) -> str:
    """Return a time as people say it: ``0.4 s`` on short axes, ``1:07`` on long ones, ``1:02:30`` on very long ones."""
    if step < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
