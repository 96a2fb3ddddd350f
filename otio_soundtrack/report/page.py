"""The report of a run: one HTML file with everything inside, for a person (no script, no network)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from otio_soundtrack.model.conform import Conformed
from otio_soundtrack.model.cue import CueRecord, HitReport, TakeFacts
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.report.axes import moment
from otio_soundtrack.report.conforming import music_rows, shot_rows, summary
from otio_soundtrack.report.hearing import section_rows, sentences
from otio_soundtrack.report.style import STYLE
from otio_soundtrack.times import exact_rate, frame_seconds
from otio_soundtrack.tools.files import write_text

ON_BEAT_FRAMES = 1.0
"""A hit within a frame of a beat is met: picture cannot show less."""
SHOWN_FRAMES = 0.05
"""Less is 0.0 with one decimal."""
MOST_HITS = 200
"""Hits listed; a feature film has thousands, and the plan file has them all."""

_GENERATOR = '<meta name="generator" content="otio-soundtrack">'
"""What tells our reports from other pages."""
_HEAD_BYTES = 1024
"""The mark stands near the beginning of the file."""


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


def is_report(path: Path) -> bool:
    """Return whether a file is a report that we wrote, and may be replaced."""
    try:
        with path.open("rb") as stream:
            return _GENERATOR.encode() in stream.read(_HEAD_BYTES)
    except OSError:  # a folder, or closed to us: not ours to replace
        return False


def page(report: Report) -> str:
    """Return the page as HTML; all text from outside is escaped."""
    title = escape(report.title or "Timeline")
    parts = [
        f"<header><h1>{title}</h1><p>Music by otio-soundtrack, {_counted(len(report.cues), 'cue')}.</p></header>",
        _warnings(report.warnings),
        f"<section><h2>The cut</h2>{_facts(report.summary)}{_picture(report.picture, 'Features of the cut over time')}</section>",
        *(_cue(cue) for cue in report.cues),
    ]
    head = (
        f'<meta charset="utf-8">{_GENERATOR}<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · soundtrack</title><style>{STYLE}</style>"
    )
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{_joined(parts)}\n</main></body></html>\n'


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _warnings(warnings: Sequence[str]) -> str:
    if not warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    return f'<section class="warnings"><h2>Warnings</h2><ul>{items}</ul></section>'


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return f"<dl>{cells}</dl>" if cells else ""


def _picture(png: bytes | None, words: str) -> str:
    if png is None:
        return ""
    return (
        f'<figure tabindex="0"><img alt="{escape(words)}" src="data:image/png;base64,{b64encode(png).decode("ascii")}"></figure>'
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; on a narrow screen each row becomes a card whose cells carry their column's name."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-name="{escape(name)}">{escape(cell)}</td>' for name, cell in zip(head, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def _cue(cue: CueReport) -> str:
    plan = cue.plan
    where = f", from {plan.timecode}" if plan.timecode else ""
    words = f"<blockquote>{escape(cue.record.brief.prompt)}</blockquote>" if cue.record.brief.prompt else ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in plan.notes)
    parts = [
        f"<h2>Cue {escape(plan.cue_id.upper())}{escape(where)}</h2>",
        words,
        _facts(_measured(cue)),
        # the report lies beside the music, so that its bare name leads there
        f'<audio controls preload="none" src="{escape(quote(cue.audio))}"></audio>',
        _picture(cue.picture, f"Sections, hits, waveform and spectrum of cue {plan.cue_id}"),
        _conformed(cue.conformed),
        _heard(cue.record.heard),
        "<h3>Sections</h3>",
        _table(("from", "to", "mood", "energy", "key", "tempo", "who may play"), _sections(plan)),
        _hits(cue.record.hits),
        f"<h3>Why</h3><ul>{notes}</ul>" if notes else "",
    ]
    return f"<section>{_joined(parts)}</section>"


def _measured(cue: CueReport) -> list[tuple[str, str]]:
    facts, record = cue.facts, cue.record
    seconds = facts.samples / facts.sample_rate
    loudness = "not defined" if facts.integrated_lufs is None else f"{facts.integrated_lufs:.1f} LUFS"
    peak = "silence" if facts.true_peak_dbtp is None else f"{facts.true_peak_dbtp:.1f} dBTP"
    endings = {"kept": "its own, on the last frame", "made": "made to fit", "faded": "faded"}
    return [
        ("file", cue.audio),
        ("takes", str(cue.takes)),
        ("made by", f"{record.provider}, {record.model}"),
        ("length", f"{seconds:.3f} s, {facts.samples} samples at {facts.sample_rate / 1000:g} kHz"),
        (
            "tempo and key",
            f"{' to '.join(f'{tempo:.1f}' for tempo in record.tempi_bpm or (record.tempo_bpm,))} BPM, {record.key}",
        ),
        ("loudness", loudness),
        ("true peak", peak),
        ("clipped samples", str(facts.clipped_samples)),
        ("longest silence inside", f"{facts.longest_silence:.2f} s"),
        ("ending", endings[record.ending] + ("" if facts.ends else "; breaks off")),
        ("licence", record.licence),
        ("written by a machine", {"none": "no", "assisted": "in part", "full": "yes", "unknown": "not known"}[record.ai]),
    ]


def _conformed(one: Conformed | None) -> str:
    """Return what changed since an earlier cut: its shots, and where hits and joins lie now."""
    if one is None:
        return ""
    shots = _table(("shot", "name", "was at", "is at", "frames then", "frames now"), shot_rows(one.shots)) if one.shots else ""
    moved = _table(("music", "label", "was at", "is at", "moved by"), music_rows(one.music)) if one.music else ""
    return f"<h3>Since the earlier cut</h3><p>{escape(' '.join(summary(one)))}</p>{shots}{moved}"


def _heard(heard: Heard | None) -> str:
    """Return what was heard in the written file: sentences, and a line for each section."""
    if heard is None:
        return ""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences(heard))
    rows = [(str(number), *cells) for number, cells in enumerate(section_rows(heard.sections), start=1)]
    table = _table(("section", "nearest bar", "key heard", "loudness", "brightness"), rows) if rows else ""
    told = "Measured on the file; beats and bars are those that its maker counted."
    return f"<h3>What is heard</h3><p>{told}</p><ul>{items}</ul>{table}"


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


def _hits(hits: Sequence[HitReport]) -> str:
    if not hits:
        return ""
    met = sum(abs(hit.error_frames) <= ON_BEAT_FRAMES for hit in hits)
    rows = [(moment(hit.at), hit.origin, hit.label, _error(hit.error_frames)) for hit in hits[:MOST_HITS]]
    more = f"<p>{len(hits) - MOST_HITS} more are in the plan.</p>" if len(hits) > MOST_HITS else ""
    told = f"<p>{met} of {_counted(len(hits), 'hit point')} within a frame of a beat.</p>"
    return f"<h3>Hit points</h3>{told}{_table(('at', 'asked by', 'label', 'nearest beat'), rows)}{more}"


def _error(frames: float) -> str:
    if abs(frames) < SHOWN_FRAMES:
        return "on it"
    return f"{abs(frames):.1f} frames {'late' if frames > 0 else 'early'}"
