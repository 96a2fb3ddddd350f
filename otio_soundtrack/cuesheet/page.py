"""A cue sheet as one HTML page to be printed on paper laid crosswise: no script, no network, all text from outside escaped."""

from __future__ import annotations

from html import escape

from otio_soundtrack.cuesheet.columns import header, length, writer_note
from otio_soundtrack.model.cue_sheet import CueSheet, Party, SheetCue

NOT_ON_FILE = '<span class="none">not on file</span>'
_WIDTHS = {"#": 2, "Cue": 5, "Title": 15, "Usage": 9, "In": 8, "Out": 8, "Duration": 9, "Writers": 12, "Publishers": 10}
_WIDTHS |= {"Identifiers": 10, "AI": 12}
"""Columns, and how many hundredths of the page each has."""
_AI_WORDS = {"none": "no AI", "assisted": "AI-assisted", "full": "AI-generated", "unknown": "AI status unknown"}
_REGISTRABLE_WORDS = {"yes": "registrable", "no": "not registrable", "ask": "ask before registering"}

STYLE = """
@page{size:A4 landscape;margin:12mm}
:root{--ink:#1f2933;--soft:#5f6c7b;--line:#c8d0d8;--tint:#f4f6f8;--warn:#fff4e0}
*{box-sizing:border-box}
body{margin:0 auto;max-width:92rem;padding:1.25rem;color:var(--ink);background:#fff;font:14px/1.4 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .75rem;overflow-wrap:anywhere}
h1 small{font-weight:400;color:var(--soft);font-size:.95rem;margin-left:.5rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:.4rem 1.25rem;margin:0 0 1.25rem;
padding:.75rem 1rem;border:1px solid var(--line);border-radius:4px}
dt{color:var(--soft);font-size:.75rem}
dd{margin:0;overflow-wrap:anywhere}
.none{color:#6b7785;font-style:italic}
table{border-collapse:collapse;width:100%;font-size:.82rem;table-layout:fixed}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{background:var(--tint);font-weight:600;white-space:nowrap}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.more{color:var(--soft);font-size:.75rem}
tfoot td{font-weight:600;border:0}
.warnings{background:var(--warn);border-radius:4px;padding:.25rem 1rem;margin:1.25rem 0 0}
.warnings h2{font-size:.95rem;margin:.5rem 0 0}
ul{margin:.25rem 0 .75rem;padding-left:1.1rem}
@media print{body{padding:0;font-size:9pt}.warnings{display:none}th{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@media (max-width:70rem){.scroll{overflow-x:auto}table{min-width:68rem}}
@media print{.scroll{overflow:visible}table{min-width:0;font-size:7.5pt}.more{font-size:6.5pt}}
""".strip()


def page(sheet: CueSheet) -> str:
    """Return a cue sheet as HTML; what is not on file says so."""
    title = escape(sheet.production.production or sheet.timeline or "Timeline")
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{_known(value)}</dd></div>" for name, value in header(sheet))
    names = "".join(f'<th style="width:{width}%">{escape(name)}</th>' for name, width in _WIDTHS.items())
    rows = "\n".join(_row(sheet, cue) for cue in sheet.cues) or f'<tr><td colspan="{len(_WIDTHS)}">No music.</td></tr>'
    total = length(sheet.seconds(sheet.music_frames))
    foot = f'<tr><td colspan="6">Total music</td><td class="number">{total}</td><td colspan="4"></td></tr>'
    head = (
        '<meta charset="utf-8"><meta name="generator" content="otio-soundtrack">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · music cue sheet</title><style>{STYLE}</style>"
    )
    table = f"<table><thead><tr>{names}</tr></thead><tbody>\n{rows}\n</tbody><tfoot>{foot}</tfoot></table>"
    body = f'<h1>{title}<small>Music cue sheet</small></h1><dl>{facts}</dl><div class="scroll">{table}</div>{_warnings(sheet)}'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'


def _known(value: str) -> str:
    return escape(value) if value else NOT_ON_FILE


def _row(sheet: CueSheet, cue: SheetCue) -> str:
    known = cue.on_file
    usage = "" if cue.usage is None else f"{cue.usage.value}{_more(cue.usage.words)}"
    writers = escape(writer_note(cue)) or _parties(known.writers)
    cells = (
        ("number", str(cue.number)),
        ("", _known(cue.cue)),
        ("", f"{_known(known.title)}{_more(cue.file)}"),
        ("", usage or NOT_ON_FILE),
        ("number", escape(sheet.timecode(cue.first))),
        ("number", escape(sheet.timecode(cue.end))),
        ("number", length(sheet.seconds(cue.frames))),
        ("", writers),
        ("", _parties(known.publishers)),
        ("", _identifiers(cue)),
        ("", _status(cue)),
    )
    return "<tr>" + "".join(f'<td class="{kind}">{cell}</td>' if kind else f"<td>{cell}</td>" for kind, cell in cells) + "</tr>"


def _parties(parties: tuple[Party, ...]) -> str:
    """Return writers or publishers, each with what is on file about it."""
    if not parties:
        return NOT_ON_FILE
    return "".join(f"<div>{escape(one.name)}{_more(_about(one))}</div>" for one in parties)


def _about(party: Party) -> str:
    share = "" if party.share is None else f"{party.share:g} %"
    return ", ".join(
        part for part in (party.role, party.society, f"IPI {party.ipi}" if party.ipi else "IPI not on file", share) if part
    )


def _identifiers(cue: SheetCue) -> str:
    known = cue.on_file
    named = (
        ("ISRC", known.isrc),
        ("ISWC", known.iswc),
        ("code", known.catalogue_number),
        ("album", known.album),
        ("label", known.label),
        ("library", known.library),
    )
    return (
        "".join(f'<div><span class="more">{name}</span> {escape(value)}</div>' for name, value in named if value) or NOT_ON_FILE
    )


def _status(cue: SheetCue) -> str:
    temp = "TEMP" if cue.intent == "temp" else ""
    approval = f"approval {cue.on_file.approval}" if cue.on_file.approval else ""
    more = "".join(_more(text) for text in (_REGISTRABLE_WORDS[cue.registrable], temp, approval, cue.licence) if text)
    return f"{_AI_WORDS[cue.ai]}{more}"


def _more(text: str) -> str:
    """Return a second, fainter line."""
    return f'<div class="more">{escape(text)}</div>' if text else ""


def _warnings(sheet: CueSheet) -> str:
    """Return what to look at before filing: on the screen only, not on the printed sheet."""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in sheet.warnings)
    return f'<section class="warnings"><h2>Before it is filed</h2><ul>{items}</ul></section>' if items else ""
