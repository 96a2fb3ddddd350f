"""A picture of the music and of how it meets the cut."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.plan import Mood, Plan
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.report.axes import (
    BLUE,
    FAINT,
    GREY,
    INK,
    MANY,
    ORANGE,
    RED,
    TEAL,
    VIOLET,
    length,
    line_width,
    plain,
    quiet_axes,
    time_axis,
    titled,
)
from otio_soundtrack.report.bars import bar_lines, beat_times
from otio_soundtrack.report.join_plot import mark_joins
from otio_soundtrack.report.spectrum import band_levels, envelope
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_seconds
from otio_soundtrack.tools.figure import figure, png_bytes, save_png

if TYPE_CHECKING:
    from otio_soundtrack.tools.figure import Axes, Figure

WIDTH, HEIGHT = 13.0, 8.0
"""Inches."""
ROWS = (0.9, 0.9, 2.0, 3.2)
"""Relative heights: sections, hits and bars, waveform, spectrogram."""
COLUMNS = 1200
"""Moments drawn: about one a pixel."""
LOWEST_HZ, HIGHEST_HZ = 40.0, 16_000.0
QUIETEST_DB = -75.0
"""Level, against the loudest band, that is drawn as black."""
MOST_SECTION_LINES = 40
MOST_BAR_LINES = 160
"""Beyond, bar lines are a grey haze and are left out."""
MOST_BEATS = 400
MOST_CUT_LINES = 120
"""Beyond, cuts hide the sound."""
BEAT_HEIGHT = 0.12
"""Share of the row."""
MOOD_COLOURS = {
    Mood.CALM: "#a9d3c5",
    Mood.HOPEFUL: "#f3d27a",
    Mood.PLAYFUL: "#f2a65e",
    Mood.WONDER: "#b9b4e6",
    Mood.SAD: "#9db7d5",
    Mood.TENSE: "#d98b8b",
    Mood.MYSTERIOUS: "#a59ab8",
    Mood.EPIC: "#d7a3b5",
    Mood.ROMANTIC: "#eab6c4",
    Mood.OMINOUS: "#9a8f99",
    Mood.HEROIC: "#e9bd8f",
    Mood.QUIRKY: "#c6cf7c",
}
HIT_COLOURS = {"user": RED, "marker": VIOLET, "cut": INK, "motion": TEAL}
FULL_LABEL, SHORT_LABEL = 0.16, 0.05
"""Shares of the cue from which on a section is wide enough for all its facts, or for its mood."""


def plot_music(sound: Sound, plan: Plan, facts: TakeFacts, path: Path, *, cuts: Sequence[int] = ()) -> None:
    """Draw a take as one PNG: sections, hits with bars and beats, waveform and spectrogram with the cuts.

    Args:
        sound: the music, read stretch by stretch.
        plan: what it was made from.
        facts: what was measured on it.
        path: the picture file.
        cuts: frames of the cue on which the picture changes; those outside the cue are left out.

    Raises:
        StoreError: the file cannot be written.
    """
    save_png(draw_music(sound, plan, facts, cuts=cuts), path)


def music_png(sound: Sound, plan: Plan, facts: TakeFacts, *, cuts: Sequence[int] = (), joins: Sequence[float] = ()) -> bytes:
    """Return the drawing of :func:`plot_music` as PNG; ``joins`` are seconds at which a fit leaves the take."""
    return png_bytes(draw_music(sound, plan, facts, cuts=cuts, joins=joins))


def draw_music(sound: Sound, plan: Plan, facts: TakeFacts, *, cuts: Sequence[int] = (), joins: Sequence[float] = ()) -> Figure:
    """Return the drawing of :func:`plot_music`."""
    drawn = figure(WIDTH, HEIGHT)
    grid = drawn.add_gridspec(len(ROWS), 1, height_ratios=ROWS, hspace=0.22, left=0.1, right=0.965, top=0.9, bottom=0.06)
    rows = [drawn.add_subplot(grid[number, 0]) for number in range(len(ROWS))]
    seconds = float(frame_seconds(plan.frames, exact_rate(plan.rate)))
    start = f" at {plan.timecode}" if plan.timecode else ""
    titled(drawn, f"{plan.cue_id.upper()}{start}", _summary(plan, facts, seconds))
    _sections(rows[0], plan, seconds)
    _hits(rows[1], plan)
    sounds = _waveform(rows[2], sound)
    _spectrogram(rows[3], sound, sounds=sounds)
    time_axis(rows, seconds, plan.rate, None)
    _meetings(rows, plan, [frame / plan.rate for frame in cuts if 0 < frame < plan.frames])
    mark_joins(rows[2:3], joins)
    for row in rows[2:] if len(plan.sections) <= MOST_SECTION_LINES else []:
        row.vlines([section.start / plan.rate for section in plan.sections[1:]], *row.get_ylim(), colors=GREY, linewidth=0.8)
    return drawn


def _meetings(rows: Sequence[Axes], plan: Plan, cuts: Sequence[float]) -> None:
    """Draw what should meet: bar lines and beats, and the cuts as marks above the waveform and as lines through the sound."""
    bars = bar_lines(plan)
    if len(bars) <= MOST_BAR_LINES:
        rows[1].vlines(bars, 0, 1, colors=FAINT, linewidth=1, zorder=0)
    beats = beat_times(plan)
    if len(beats) <= MOST_BEATS:
        rows[1].vlines(beats, 0, BEAT_HEIGHT, colors=GREY, linewidth=0.6, zorder=0)
    if len(cuts) <= MOST_CUT_LINES:
        for row, colour in zip(rows[2:], (ORANGE, "white"), strict=True):
            row.vlines(cuts, *row.get_ylim(), colors=colour, linewidth=0.7, alpha=0.55)
        rows[2].scatter(cuts, [1.0] * len(cuts), s=16, marker="v", color=ORANGE, clip_on=False, zorder=4)


def _summary(plan: Plan, facts: TakeFacts, seconds: float) -> str:
    loud = "too short or silent for LUFS" if facts.integrated_lufs is None else f"{facts.integrated_lufs:.1f} LUFS"
    peak = "" if facts.true_peak_dbtp is None else f", peak {facts.true_peak_dbtp:.1f} dBTP"
    tempi = sorted({section.tempo_bpm for section in plan.sections})
    tempo = f"{tempi[0]:.1f}" if len(tempi) == 1 else f"{tempi[0]:.0f} to {tempi[-1]:.0f}"
    ending = "ends at rest" if facts.ends else "breaks off at the end"
    parts = [f"{length(seconds)}, {facts.samples} samples", f"{tempo} BPM", loud + peak, ending, f"{len(plan.hits)} hit points"]
    return "   ·   ".join(parts)


def _sections(row: Axes, plan: Plan, seconds: float) -> None:
    quiet_axes(row, "sections", "height: energy")
    row.set_yticks([])
    row.set_ylim(0, 1)
    for section in plan.sections:
        start, end = section.start / plan.rate, section.end / plan.rate
        row.bar(
            start, section.energy, end - start, align="edge", color=MOOD_COLOURS[section.mood], edgecolor="white", linewidth=1
        )
        share = (end - start) / seconds
        if share >= SHORT_LABEL:
            full = f"{section.mood.value} · {section.key} · {section.energy:.0%}"
            words = full if share >= FULL_LABEL else section.mood.value
            row.text((start + end) / 2, 0.06, words, ha="center", va="bottom", fontsize=8, color=INK, clip_on=True)


def _hits(row: Axes, plan: Plan) -> None:
    quiet_axes(row, "hits", "bars, beats")
    row.grid(visible=False)
    row.set_yticks([])
    row.set_ylim(0, 1.12)
    spans = [(region.start / plan.rate, (region.end - region.start) / plan.rate) for region in plan.keep_clear]
    row.broken_barh(spans, (0, 1), facecolors=RED, alpha=0.13, linewidth=0, label="dialogue" if spans else None)
    for origin, colour in HIT_COLOURS.items():
        mine = [hit for hit in plan.hits if hit.origin == origin]
        if mine:
            at, weight = [hit.frame / plan.rate for hit in mine], [hit.weight for hit in mine]
            row.vlines(at, 0, weight, colors=colour, linewidth=line_width(len(plan.hits)))
            row.scatter(at, weight, s=14 if len(plan.hits) <= MANY else 1, color=colour, label=origin, zorder=3)
    for hit in plan.hits:
        if hit.label:
            row.text(hit.frame / plan.rate, 1.14, hit.label, fontsize=7, color=GREY, clip_on=False, parse_math=False)
    if plan.hits or spans:
        row.legend(loc="lower right", bbox_to_anchor=(1, 0.97), fontsize=7.5, ncols=5, frameon=False, borderpad=0.1)


def _waveform(row: Axes, sound: Sound) -> bool:
    """Draw the waveform; return whether there is any sound."""
    quiet_axes(row, "waveform", "▾ cuts")
    row.set_ylim(-1, 1)
    row.set_yticks([-1, 0, 1])
    if not len(sound):
        plain(row, "no sound")
        return False
    lows, highs, mean = envelope(sound, COLUMNS)
    at = (np.arange(len(lows)) + 0.5) * len(sound) / SAMPLE_RATE_HZ / len(lows)
    row.fill_between(at, lows, highs, color=BLUE, alpha=0.35, linewidth=0)
    row.fill_between(at, -mean, mean, color=BLUE, alpha=0.8, linewidth=0)
    return bool(mean.any())


def _spectrogram(row: Axes, sound: Sound, *, sounds: bool) -> None:
    quiet_axes(row, "spectrum", "Hz")
    if not sounds:
        row.set_yticks([])
        plain(row, "silence")
        return
    levels = band_levels(sound, COLUMNS, LOWEST_HZ, HIGHEST_HZ)
    extent = (0, len(sound) / SAMPLE_RATE_HZ, float(np.log10(LOWEST_HZ)), float(np.log10(HIGHEST_HZ)))
    row.imshow(
        levels, aspect="auto", origin="lower", extent=extent, cmap="magma", vmin=QUIETEST_DB, vmax=0, interpolation="nearest"
    )
    row.set_yticks(np.log10([50, 200, 1000, 4000, 12000]), ["50", "200", "1k", "4k", "12k"])
    row.grid(visible=False)
    row.set_xlabel("")
