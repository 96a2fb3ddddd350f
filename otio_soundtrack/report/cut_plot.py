"""A picture of the cut that a person understands at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Curve, Features
from otio_soundtrack.report.axes import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    RED,
    TEAL,
    length,
    line_width,
    plain,
    quiet_axes,
    time_axis,
    titled,
)
from otio_soundtrack.tools.figure import figure, png_bytes, save_png

if TYPE_CHECKING:
    from otio_soundtrack.tools.figure import Axes, Figure

WIDTH, HEIGHT = 13.0, 8.0
"""Inches."""
ROWS = (1.5, 0.8, 1.6, 1.6, 0.5, 1.6)
"""Relative heights: cuts, light and colour, pace, motion, speech, loudness."""
QUIETEST_SHOWN = -60.0
"""LUFS at the bottom of the loudness row."""
MOST_TICKS = 1500
"""Changes drawn; beyond, only the strongest: more than one a pixel is a black bar."""
FAINTEST_TICK = 0.12
"""Height of a change of strength 0: an invisible cut is still a cut."""


def plot_features(features: Features, cuts: CutList | None, path: Path) -> None:
    """Draw the features of a cut as one PNG.

    Args:
        features: what was seen and heard.
        cuts: the cut, for its name and timecode; None: seconds only.
        path: the picture file.

    Raises:
        StoreError: the file cannot be written.
    """
    save_png(draw_features(features, cuts), path)


def features_png(features: Features, cuts: CutList | None) -> bytes:
    """Return the drawing of :func:`plot_features` as PNG."""
    return png_bytes(draw_features(features, cuts))


def draw_features(features: Features, cuts: CutList | None) -> Figure:
    """Return the drawing of :func:`plot_features`."""
    drawn = figure(WIDTH, HEIGHT)
    grid = drawn.add_gridspec(len(ROWS), 1, height_ratios=ROWS, hspace=0.28, left=0.1, right=0.965, top=0.9, bottom=0.075)
    rows = [drawn.add_subplot(grid[number, 0]) for number in range(len(ROWS))]
    seconds = features.frames / features.rate
    titled(drawn, cuts.name if cuts and cuts.name else "cut", _summary(features))
    _changes(rows[0], features)
    _light(rows[1], features, seconds)
    _curve(rows[2], features.pace, "pace", "cuts/min", BLUE)
    _curve(rows[3], features.motion, "motion", "0 to 1", TEAL, top=1.0)
    _speech(rows[4], features)
    _loudness(rows[5], features)
    time_axis(rows, seconds, features.rate, cuts.start_time if cuts else None)
    return drawn


def _summary(features: Features) -> str:
    seconds = features.frames / features.rate
    edits = sum(change.origin == "edit" for change in features.changes)
    seen = len(features.changes) - edits
    spoken = sum(region.end - region.start for region in features.speech) / features.frames
    parts = [f"{length(seconds)} at {features.rate:.5g} fps", _counted(edits, seen)]
    if features.changes:
        parts.append(f"a shot lasts {seconds / (len(features.changes) + 1):.1f} s on average")
    parts.append(f"speech {spoken:.0%}")
    if features.integrated_lufs is not None:
        parts.append(f"sound {features.integrated_lufs:.1f} LUFS")
    return "   ·   ".join(parts)


def _counted(edits: int, seen: int) -> str:
    told = "1 cut" if edits == 1 else f"{edits} cuts"
    return f"{told} in the edit, {seen} seen inside clips" if seen else told


def _changes(row: Axes, features: Features) -> None:
    quiet_axes(row, "cuts", "how strong")
    row.set_ylim(0, 1.05)
    shown = sorted(features.changes, key=lambda change: -change.strength)[:MOST_TICKS]
    for origin, colour, label in (("edit", INK, "in the edit"), ("detected", ORANGE, "seen inside a clip")):
        mine = [change for change in shown if change.origin == origin]
        at = [change.frame / features.rate for change in mine]
        heights = [FAINTEST_TICK + (1 - FAINTEST_TICK) * change.strength for change in mine]
        if at:
            row.vlines(at, 0, heights, colors=colour, linewidth=line_width(len(shown)), label=label)
    if any(change.origin == "detected" for change in features.changes):
        row.legend(loc="upper right", fontsize=8, frameon=True, framealpha=0.9, edgecolor="none")
    if not shown:
        plain(row, "no cuts")


def _light(row: Axes, features: Features, seconds: float) -> None:
    quiet_axes(row, "light, colour", "")
    row.set_yticks([])
    row.grid(visible=False)
    if not features.brightness.values:
        plain(row, "the picture was not looked at")
        return
    row.imshow(palette(features)[np.newaxis], aspect="auto", extent=(0, seconds, 0, 1), interpolation="nearest", origin="lower")


def palette(features: Features) -> NDArray[np.float64]:
    """Return a colour for each moment that is as bright, as warm and as colourful as the picture there [shape=(n, 3)], 0–1."""
    light = np.asarray(features.brightness.values)
    warmth = np.asarray(features.warmth.values)
    colour = np.asarray(features.saturation.values)
    # along one axis, orange to blue: two numbers of colour cannot show a hue, and a wrong hue would be a lie
    tint = np.clip(warmth * (0.4 + 0.6 * colour), -1, 1)[:, np.newaxis] * np.array([0.55, 0.08, -0.6])
    shown = np.clip(light, 0, 1)[:, np.newaxis] ** 0.8
    return np.asarray(np.clip(shown * (1 + tint), 0, 1), np.float64)


def _curve(row: Axes, curve: Curve, name: str, unit: str, colour: str, *, top: float | None = None) -> None:
    quiet_axes(row, name, unit)
    if not curve.values:
        plain(row, "the picture was not looked at")
        return
    at = (np.arange(len(curve.values)) + 0.5) / curve.hz
    row.fill_between(at, 0, curve.values, color=colour, alpha=0.3, linewidth=0)
    row.plot(at, curve.values, color=colour, linewidth=1.2)
    row.set_ylim(0, top or max(1.0, 1.15 * max(curve.values)))


def _speech(row: Axes, features: Features) -> None:
    quiet_axes(row, "speech", "")
    row.set_yticks([])
    row.set_ylim(0, 1)
    spans = [(region.start / features.rate, (region.end - region.start) / features.rate) for region in features.speech]
    row.broken_barh(spans, (0.1, 0.8), facecolors=RED, linewidth=0)
    if not spans:
        plain(row, "nobody speaks")


def _loudness(row: Axes, features: Features) -> None:
    quiet_axes(row, "loudness", "LUFS")
    row.set_ylim(QUIETEST_SHOWN, 0)
    row.set_yticks([-50, -36, -23, -10])
    curve = features.loudness
    heard = np.asarray(curve.values)
    if not len(heard) or heard.max() <= QUIETEST_SHOWN:
        plain(row, "no sound")
        return
    at = (np.arange(len(heard)) + 0.5) / curve.hz
    row.fill_between(at, QUIETEST_SHOWN, np.maximum(heard, QUIETEST_SHOWN), color=GREY, alpha=0.5, linewidth=0)
    if features.integrated_lufs is not None:
        row.axhline(features.integrated_lufs, color=INK, linewidth=1, linestyle=(0, (4, 3)))
