"""Pictures of a fit: where its joins and hits lie, and the sound around each join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from otio_soundtrack.model.cue import SeamReport
from otio_soundtrack.model.fit import FitPlan, HitMoved
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.report.axes import (
    BLUE,
    FAINT,
    GREY,
    INK,
    ORANGE,
    RED,
    TEAL,
    clock,
    length,
    moment,
    quiet_axes,
    time_axis,
    titled,
)
from otio_soundtrack.report.spectrum import band_levels, envelope
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.figure import figure, png_bytes

if TYPE_CHECKING:
    from otio_soundtrack.tools.figure import Axes

AROUND_S = 2.0
"""Seconds before and after a join that are drawn."""
WIDTH, HEIGHT = 4.9, 3.3
"""Inches of the picture of a join: shrunk to a telephone its letters stay readable."""
COLUMNS = 500
WINDOW = 2048
"""Samples of one spectrum, 43 ms: a splice is a line, and chords are lines too."""
LOWEST_HZ, HIGHEST_HZ = 60.0, 14_000.0
QUIETEST_DB = -70.0
FIT_WIDTH, FIT_HEIGHT = 13.0, 4.6
FIT_COLUMNS = 1200
MOST_NUMBERS = 40
"""Joins that are numbered in the overview."""


def join_png(sound: Sound, seam: SeamReport, number: int) -> bytes:
    """Return the sound around a join as PNG: waveform and spectrogram, the join marked.

    Args:
        sound: the fitted music, 48 kHz.
        seam: the join.
        number: of the join, from 1.
    """
    first = max(0, round((seam.at - AROUND_S) * SAMPLE_RATE_HZ))
    part = sound[first : min(len(sound), round((seam.at + AROUND_S) * SAMPLE_RATE_HZ))]
    start = first / SAMPLE_RATE_HZ - seam.at
    end = start + len(part) / SAMPLE_RATE_HZ
    drawn = figure(WIDTH, HEIGHT)
    grid = drawn.add_gridspec(2, 1, height_ratios=(1, 3), hspace=0.08, left=0.09, right=0.97, top=0.86, bottom=0.12)
    wave, spectrum = drawn.add_subplot(grid[0, 0]), drawn.add_subplot(grid[1, 0])
    drawn.text(0.09, 0.94, f"Join {number} at {moment(seam.at)}", fontsize=11, fontweight="bold", color=INK, va="center")
    drawn.text(0.97, 0.94, f"{moment(seam.from_)} → {moment(seam.to)}", fontsize=9.5, color=GREY, va="center", ha="right")
    lows, highs, _ = envelope(part, COLUMNS)
    wave.fill_between(np.linspace(start, end, len(lows)), lows, highs, color=BLUE, linewidth=0)
    loudest = max(float(np.abs(part).max(initial=0.0)), 1e-4)
    wave.set_ylim(-loudest, loudest)
    wave.axis("off")
    levels = band_levels(part, COLUMNS, LOWEST_HZ, HIGHEST_HZ, window=WINDOW)
    extent = (start, end, float(np.log10(LOWEST_HZ)), float(np.log10(HIGHEST_HZ)))
    spectrum.imshow(levels, aspect="auto", origin="lower", extent=extent, cmap="magma", vmin=QUIETEST_DB, vmax=0)
    spectrum.set_yticks(np.log10([100, 400, 1600, 6400]), ["100", "400", "1.6k", "6.4k"])
    spectrum.set_xticks([-2, -1, 0, 1, 2], ["−2 s", "−1 s", "join", "+1 s", "+2 s"])
    spectrum.tick_params(labelsize=9, color=FAINT, labelcolor=GREY, length=3)
    for row, colour in ((wave, ORANGE), (spectrum, "white")):
        row.set_xlim(-AROUND_S, AROUND_S)
        row.axvline(0, color=colour, linewidth=1.2, linestyle=(0, (4, 3)))
    return png_bytes(drawn)


def fit_png(sound: Sound, plan: FitPlan, rate: float) -> bytes:
    """Return a fit at a glance as PNG: which part of the take plays when, and the waveform with joins and hits.

    Args:
        sound: the fitted music, 48 kHz.
        plan: how it was laid.
        rate: frames a second in which errors of hits are told.
    """
    seconds = plan.samples / SAMPLE_RATE_HZ
    drawn = figure(FIT_WIDTH, FIT_HEIGHT)
    grid = drawn.add_gridspec(2, 1, height_ratios=(1.1, 2), hspace=0.24, left=0.1, right=0.965, top=0.83, bottom=0.09)
    take, wave = drawn.add_subplot(grid[0, 0]), drawn.add_subplot(grid[1, 0])
    joins = f"{len(plan.seams)} join{'' if len(plan.seams) == 1 else 's'}"
    titled(drawn, "Which part of the take plays when", f"{length(seconds)}, {joins}, ending {plan.ending}", top=0.95, under=0.885)
    _take(take, plan)
    quiet_axes(wave, "waveform", "joins, ▾ hits")
    lows, highs, mean = envelope(sound, FIT_COLUMNS)
    at = (np.arange(len(lows)) + 0.5) * seconds / len(lows)
    wave.fill_between(at, lows, highs, color=BLUE, alpha=0.35, linewidth=0)
    wave.fill_between(at, -mean, mean, color=BLUE, alpha=0.8, linewidth=0)
    wave.set_ylim(-1, 1)
    wave.set_yticks([-1, 0, 1])
    time_axis((take, wave), seconds, rate, None)
    mark_joins((take, wave), [seam.at for seam in plan.seams])
    _hits(wave, plan.hits, rate)
    return png_bytes(drawn)


def mark_joins(rows: Sequence[Axes], joins: Sequence[float]) -> None:
    """Draw joins as lines through rows, numbered under the last.

    Args:
        rows: from top to bottom.
        joins: seconds.
    """
    for row in rows:
        low, high = row.get_ylim()
        row.vlines(joins, low, high, colors=INK, linewidth=1.1, linestyles=(0, (4, 3)))
        row.set_ylim(low, high)
    low, high = rows[-1].get_ylim()
    for number, at in enumerate(joins[:MOST_NUMBERS], start=1):
        rows[-1].text(at, low + 0.03 * (high - low), f" {number}", fontsize=8, color=INK, va="bottom", ha="left", clip_on=True)


def _take(row: Axes, plan: FitPlan) -> None:
    """Draw the place in the take against the time of the result: a line that climbs, and jumps at each join."""
    quiet_axes(row, "take", "its place")
    starts = [0.0, *(seam.at for seam in plan.seams)]
    ends = [*starts[1:], plan.samples / SAMPLE_RATE_HZ]
    for first, after, segment in zip(starts, ends, plan.segments, strict=True):
        row.plot((first, after), (segment.start / SAMPLE_RATE_HZ, segment.stop / SAMPLE_RATE_HZ), color=TEAL, linewidth=2.2)
    most = max(segment.stop for segment in plan.segments) / SAMPLE_RATE_HZ
    row.set_ylim(-0.04 * most, 1.04 * most)
    ticks = [0.0, most]
    row.set_yticks(ticks, [clock(tick, 1) for tick in ticks])


def _hits(row: Axes, hits: Sequence[HitMoved], rate: float) -> None:
    """Mark hits above the waveform: met or missed, with the error in frames."""
    for hit in hits:
        missed = hit.error is None
        marker, colour = ("x", RED) if missed else ("v", ORANGE)
        row.scatter([hit.at], [1.0], s=34, marker=marker, color=colour, clip_on=False, zorder=4)
        words = "missed" if hit.error is None else f"{hit.error * rate:+.1f} f"
        row.text(hit.at, 1.1, words, fontsize=8, color=RED if missed else GREY, ha="center", va="bottom", clip_on=False)
