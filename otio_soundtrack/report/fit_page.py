"""The report of a fit: what to look at and what to listen to, in one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from otio_soundtrack.model.cue import SeamReport, TakeFacts
from otio_soundtrack.model.fit import FitPlan, HitMoved
from otio_soundtrack.report.axes import moment
from otio_soundtrack.report.html import document, listed, picture, player, table, terms, warned
from otio_soundtrack.report.joins import joins_section, missed
from otio_soundtrack.report.page import measured
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import write_text

_ENDINGS = {"kept": "the take's own, on the last sample", "made": "made of the take's last chords", "faded": "faded"}


@dataclass(frozen=True, kw_only=True)
class FitReport:
    """What the page tells."""

    source: str
    """File name of the music that was fitted."""
    audio: str
    """File name of the result, beside the page."""
    plan: FitPlan
    facts: TakeFacts
    """Measured on the result."""
    joins: Sequence[SeamReport]
    rate: float
    """Frames a second in which errors are told."""
    picture: bytes
    """PNG (``join_plot.fit_png``)."""
    pictures: Sequence[bytes] = ()
    """PNG of the first joins (``join_plot.join_png``)."""
    warnings: Sequence[str] = ()


def write_fit_page(path: Path, report: FitReport) -> None:
    """Write the report as one HTML file, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    write_text(path, fit_page(report))


def fit_page(report: FitReport) -> str:
    """Return the page as HTML."""
    plan = report.plan
    cents = f"{abs(plan.stretch_cents):.2f} cents {'lower' if plan.stretch_cents < 0 else 'higher'} between the untouched ends"
    facts = [
        ("file", report.audio),
        ("fitted from", report.source),
        ("stretch", cents if plan.stretch_cents else "none: pitch and tempo are the take's own"),
        ("ending", _ENDINGS[plan.ending]),
        ("tempo", f"{plan.tempo_bpm:.1f} BPM"),
        *measured(report.facts),
    ]
    off = _early(plan) + missed((hit.at, "", None if hit.error is None else hit.error * report.rate) for hit in plan.hits)
    second = f"<p>Second choice: {escape(plan.runner_up)}</p>" if plan.runner_up else ""
    parts = [
        warned(report.warnings),
        f"<section>{terms(facts)}{player(report.audio)}{picture(report.picture, 'Place in the take and waveform')}",
        joins_section(report.joins, report.pictures, off) or f"<p>There is no join.</p>{listed(off)}",
        _hits(plan.hits, report.rate),
        f"{second}</section>",
    ]
    return document(report.audio, f"{report.source}, fitted by otio-soundtrack.", parts)


def _early(plan: FitPlan) -> tuple[str, ...]:
    """Return which joins cut a beat short, sentences."""
    return tuple(
        f"Join {number} at {moment(seam.at)}: the beat before it is cut short by {1000 * seam.early / SAMPLE_RATE_HZ:.0f} ms, "
        "so that what is entered begins on a hit: does it stumble?"
        for number, seam in enumerate(plan.seams, start=1)
        if seam.early
    )


def _hits(hits: Sequence[HitMoved], rate: float) -> str:
    """Return the hits: missed ones first, then by their error."""
    if not hits:
        return ""
    ranked = sorted(hits, key=lambda hit: -(float("inf") if hit.error is None else abs(hit.error)))
    rows = [
        (
            moment(hit.at),
            "missed: nothing in the music was near" if hit.error is None else f"{hit.error * rate:+.1f} frames",
            "" if hit.error is None else f"{hit.strength:.0%}",
        )
        for hit in ranked
    ]
    return f"<h3>Hits</h3>{table(('at', 'the change lies', 'how much changes'), rows)}"
