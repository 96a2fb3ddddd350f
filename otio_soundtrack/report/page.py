"""The report of a run: one HTML file with everything inside, for a person (no script, no network)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from otio_soundtrack.model.conform import Conformed
from otio_soundtrack.model.cue import CueRecord, HitReport, TakeFacts
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.report.axes import moment
from otio_soundtrack.report.conforming import music_rows, music_words, shot_rows, summary
from otio_soundtrack.report.hearing import section_rows, sentences
from otio_soundtrack.report.html import counted, document, joined, listed, picture, player, table, terms, warned
from otio_soundtrack.report.joins import ON_BEAT_FRAMES, joins_section, missed
from otio_soundtrack.times import exact_rate, frame_seconds
from otio_soundtrack.tools.files import write_text

SHOWN_FRAMES = 0.05
"""Less is 0.0 with one decimal."""
MOST_HITS = 200
"""Hits listed; a feature film has thousands, and the plan file has them all."""


@dataclass(frozen=True, kw_only=True)
class CueReport:
    """What a cue's part of the page tells."""

    plan: Plan
    record: CueRecord
    facts: TakeFacts
    """Of the active take."""
    audio: str
    """File name of the active take."""
    takes: int = 1
    conformed: Conformed | None = None
    """What became of the music of an earlier cut."""
    picture: bytes | None = None
    """PNG of the music (``music_plot.music_png``), None leaves it out."""
    joins: Sequence[bytes] = ()
    """PNG of each join (``join_plot.join_png``), the first few where there are many."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the page tells."""

    title: str
    """Name of the timeline."""
    summary: Sequence[tuple[str, str]]
    """Name and value of facts of the cut, in order."""
    cues: Sequence[CueReport]
    picture: bytes | None = None
    """PNG of the cut (``cut_plot.features_png``), None where nothing was analysed."""
    warnings: Sequence[str] = ()


def write_report(path: Path, report: Report) -> None:
    """Write the report as one HTML file, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    write_text(path, page(report))


def page(report: Report) -> str:
    """Return the page as HTML; all text from outside is escaped."""
    cut = f"<section><h2>The cut</h2>{terms(report.summary)}{picture(report.picture, 'Features of the cut over time')}</section>"
    under = f"Music by otio-soundtrack, {counted(len(report.cues), 'cue')}."
    return document(report.title or "Timeline", under, [warned(report.warnings), cut, *(_cue(cue) for cue in report.cues)])


def _cue(cue: CueReport) -> str:
    plan = cue.plan
    where = f", from {plan.timecode}" if plan.timecode else ""
    words = f"<blockquote>{escape(cue.record.brief.prompt)}</blockquote>" if cue.record.brief.prompt else ""
    parts = [
        f"<h2>Cue {escape(plan.cue_id.upper())}{escape(where)}</h2>",
        words,
        terms(_measured(cue)),
        player(cue.audio),
        picture(cue.picture, f"Sections, hits, waveform and spectrum of cue {plan.cue_id}"),
        _conformed(cue.conformed),
        joins_section(cue.record.seams, cue.joins, missed(_wanted(cue.record.hits))),
        _heard(cue.record.heard),
        "<h3>Sections</h3>",
        table(("from", "to", "mood", "energy", "key", "tempo", "who may play"), _sections(plan)),
        _hits(cue.record.hits),
        f"<h3>Why</h3>{listed(plan.notes)}" if plan.notes else "",
    ]
    return f"<section>{joined(parts)}</section>"


def _measured(cue: CueReport) -> list[tuple[str, str]]:
    facts, record = cue.facts, cue.record
    endings = {"kept": "its own, on the last frame", "made": "made to fit", "faded": "faded"}
    return [
        ("file", cue.audio),
        ("takes", str(cue.takes)),
        ("made by", f"{record.provider}, {record.model}"),
        (
            "tempo and key",
            f"{' to '.join(f'{tempo:.1f}' for tempo in record.tempi_bpm or (record.tempo_bpm,))} BPM, {record.key}",
        ),
        *measured(facts),
        ("ending", endings[record.ending]),
        ("licence", record.licence),
        ("written by a machine", {"none": "no", "assisted": "in part", "full": "yes", "unknown": "not known"}[record.ai]),
    ]


def measured(facts: TakeFacts) -> list[tuple[str, str]]:
    """Return what every music file is judged by: length, loudness, peak, clipping, silences."""
    seconds = facts.samples / facts.sample_rate
    return [
        ("length", f"{seconds:.3f} s, {facts.samples} samples at {facts.sample_rate / 1000:g} kHz"),
        ("loudness", "not defined" if facts.integrated_lufs is None else f"{facts.integrated_lufs:.1f} LUFS"),
        ("true peak", "silence" if facts.true_peak_dbtp is None else f"{facts.true_peak_dbtp:.1f} dBTP"),
        ("clipped samples", str(facts.clipped_samples)),
        ("silence", f"{facts.head_silence:.2f} s before, {facts.longest_silence:.2f} s inside, {facts.tail_silence:.2f} s after"),
        ("comes to rest", "yes" if facts.ends else "no, it breaks off"),
    ]


def _conformed(one: Conformed | None) -> str:
    """Return what changed since an earlier cut: its shots, and where hits and joins lie now."""
    if one is None:
        return ""
    shots = table(("shot", "name", "was at", "is at", "frames then", "frames now"), shot_rows(one.shots)) if one.shots else ""
    rows, words = music_rows(one.music), " ".join((*summary(one), music_words(one.music)))
    moved = table(("music", "label", "was at", "is at", "moved by"), rows) if rows else ""
    return f"<h3>Since the earlier cut</h3><p>{escape(words)}</p>{shots}{moved}"


def _heard(heard: Heard | None) -> str:
    """Return what was heard in the written file: sentences, and a line for each section."""
    if heard is None:
        return ""
    rows = [(str(number), *cells) for number, cells in enumerate(section_rows(heard.sections), start=1)]
    bars = table(("section", "nearest bar", "key heard", "loudness", "brightness"), rows) if rows else ""
    told = "Measured on the file; beats and bars are those that its maker counted."
    return f"<h3>What is heard</h3><p>{told}</p>{listed(sentences(heard))}{bars}"


def _sections(plan: Plan) -> Iterable[tuple[str, ...]]:
    rate = exact_rate(plan.rate)
    for section in plan.sections:
        times = (float(frame_seconds(frame, rate)) for frame in (section.start, section.end))
        yield (
            *(moment(time) for time in times),
            section.mood.value,
            f"{section.energy:.0%}",
            section.key,
            f"{section.tempo_bpm:.1f}",
            ", ".join(part.value for part in section.instruments),
        )


def _wanted(hits: Sequence[HitReport]) -> Iterable[tuple[float, str, float]]:
    """Yield the hits that people asked for."""
    return ((hit.at, hit.label, hit.error_frames) for hit in hits if hit.origin in ("user", "marker"))


def _hits(hits: Sequence[HitReport]) -> str:
    if not hits:
        return ""
    met = sum(abs(hit.error_frames) <= ON_BEAT_FRAMES for hit in hits)
    rows = [(moment(hit.at), hit.origin, hit.label, _error(hit.error_frames)) for hit in hits[:MOST_HITS]]
    more = f"<p>{len(hits) - MOST_HITS} more are in the plan.</p>" if len(hits) > MOST_HITS else ""
    told = f"<p>{met} of {counted(len(hits), 'hit point')} within a frame of a beat.</p>"
    return f"<h3>Hit points</h3>{told}{table(('at', 'asked by', 'label', 'nearest beat'), rows)}{more}"


def _error(frames: float) -> str:
    if abs(frames) < SHOWN_FRAMES:
        return "on it"
    return f"{abs(frames):.1f} frames {'late' if frames > 0 else 'early'}"
