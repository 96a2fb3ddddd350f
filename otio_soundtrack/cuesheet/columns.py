"""What stands in which field of a cue sheet, for CSV and page alike (pure). Empty is not on file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from opentimelineio import opentime

from otio_soundtrack.model.cue_sheet import CueSheet, Party, SheetCue
from otio_soundtrack.times import exact_rate, round_half_up

NO_AUTHOR = "AI-generated, no registrable author claimed"
"""Stands where the writers of a wholly generated work would; nobody is put there."""
BETWEEN = "; "
"""Between the writers of one cue; their roles, societies, numbers and shares follow in the same order."""
_MILLISECONDS = 1000
_MINUTE_S, _HOUR_S = 60, 3600

Field = tuple[str, Callable[[CueSheet, SheetCue], str]]
"""Name of a column, and what stands in it for a cue."""


def header(sheet: CueSheet) -> list[tuple[str, str]]:
    """Return names and values of the header, in order."""
    given = sheet.production
    return [
        ("Production title", given.production),
        ("Series", given.series),
        ("Episode title", given.episode),
        ("Episode number", given.episode_number),
        ("Alternate titles", given.alternate_titles),
        ("Production number", given.production_number),
        ("Original or revised", given.revision),
        ("Production company", given.company),
        ("Broadcaster or channel", given.broadcaster),
        ("Network type", given.network_type),
        ("Country", given.country),
        ("First air date", given.air_date),
        ("EIDR or ISAN", given.identifier),
        ("Programme length", length(sheet.seconds(sheet.frames))),
        ("Total music length", length(sheet.seconds(sheet.music_frames))),
        ("Prepared by", given.prepared_by),
        ("Prepared date", given.prepared_date),
        ("Timeline", sheet.timeline),
        ("Timecode", timecode_kind(sheet.rate)),
    ]


def length(seconds: Fraction) -> str:
    """Return a length as ``HH:MM:SS.mmm``, rounded once."""
    whole, rest = divmod(round_half_up(seconds * _MILLISECONDS), _MILLISECONDS)
    return f"{whole // _HOUR_S:02d}:{whole // _MINUTE_S % 60:02d}:{whole % _MINUTE_S:02d}.{rest:03d}"


def timecode_kind(rate: float) -> str:
    """Return how frames are counted: ``29.97 fps drop-frame, out exclusive``: out is the first frame without."""
    shown = f"{float(exact_rate(rate)):.3f}".rstrip("0").rstrip(".")
    nearest = opentime.RationalTime.nearest_smpte_timecode_rate(rate)
    # as the converter itself decides it: a minute of 59.94 shows its drop with a semicolon
    drop = ";" in opentime.to_timecode(opentime.RationalTime(0, nearest), nearest)
    return f"{shown} fps{' drop-frame' if drop else ''}, out exclusive"


def writer_note(cue: SheetCue) -> str:
    """Return what is to be said where writers would stand."""
    return NO_AUTHOR if cue.ai == "full" else ""


def _each(parties: Sequence[Party], value: Callable[[Party], str]) -> str:
    """Return one value of every party in order; nothing where none of them has it."""
    values = [value(party) for party in parties]
    return BETWEEN.join(values) if any(values) else ""


def _share(party: Party) -> str:
    return "" if party.share is None else f"{party.share:g}"


COLUMNS: tuple[Field, ...] = (
    ("Sequence", lambda _sheet, cue: str(cue.number)),
    ("Cue number", lambda _sheet, cue: cue.cue),
    ("Title", lambda _sheet, cue: cue.on_file.title),
    ("Usage", lambda _sheet, cue: "" if cue.usage is None else cue.usage.value),
    ("Usage name", lambda _sheet, cue: "" if cue.usage is None else cue.usage.words),
    ("In", lambda sheet, cue: sheet.timecode(cue.first)),
    ("Out", lambda sheet, cue: sheet.timecode(cue.end)),
    ("Duration", lambda sheet, cue: length(sheet.seconds(cue.frames))),
    ("Seconds", lambda sheet, cue: f"{float(sheet.seconds(cue.frames)):.3f}"),
    ("Writers", lambda _sheet, cue: _each(cue.on_file.writers, lambda one: one.name)),
    ("Writer roles", lambda _sheet, cue: _each(cue.on_file.writers, lambda one: one.role)),
    ("Writer societies", lambda _sheet, cue: _each(cue.on_file.writers, lambda one: one.society)),
    ("Writer IPI", lambda _sheet, cue: _each(cue.on_file.writers, lambda one: one.ipi)),
    ("Writer shares %", lambda _sheet, cue: _each(cue.on_file.writers, _share)),
    ("Writer note", lambda _sheet, cue: writer_note(cue)),
    ("Publishers", lambda _sheet, cue: _each(cue.on_file.publishers, lambda one: one.name)),
    ("Publisher roles", lambda _sheet, cue: _each(cue.on_file.publishers, lambda one: one.role)),
    ("Publisher societies", lambda _sheet, cue: _each(cue.on_file.publishers, lambda one: one.society)),
    ("Publisher IPI", lambda _sheet, cue: _each(cue.on_file.publishers, lambda one: one.ipi)),
    ("Publisher shares %", lambda _sheet, cue: _each(cue.on_file.publishers, _share)),
    ("ISRC", lambda _sheet, cue: cue.on_file.isrc),
    ("ISWC", lambda _sheet, cue: cue.on_file.iswc),
    ("Library or title code", lambda _sheet, cue: cue.on_file.catalogue_number),
    ("Album", lambda _sheet, cue: cue.on_file.album),
    ("Label", lambda _sheet, cue: cue.on_file.label),
    ("Library", lambda _sheet, cue: cue.on_file.library),
    ("AI", lambda _sheet, cue: cue.ai),
    ("Registrable", lambda _sheet, cue: cue.registrable),
    ("Intent", lambda _sheet, cue: cue.intent),
    ("Approval reference", lambda _sheet, cue: cue.on_file.approval),
    ("Licence", lambda _sheet, cue: cue.licence),
    ("File", lambda _sheet, cue: cue.file),
)
"""The columns, in order."""


def row(sheet: CueSheet, cue: SheetCue) -> list[str]:
    """Return what stands in every column for a cue."""
    return [value(sheet, cue) for _, value in COLUMNS]
