"""A cue sheet as CSV and as a page: every field of the trade's table, nothing invented, nothing run."""

from __future__ import annotations

import csv
import io

import pytest

from otio_soundtrack.cuesheet.columns import length
from otio_soundtrack.cuesheet.page import page
from otio_soundtrack.cuesheet.table import csv_text
from otio_soundtrack.model.cue_sheet import CueSheet
from otio_soundtrack.times import exact_rate
from tests.cuesheet.sheets import LIBRARY, ours, sheet, use

EVIL = '<img src=x onerror="alert(1)">'
HEADER = {
    "production": "Night Shift",
    "series": "Harbour",
    "episode": "The Tide",
    "episode_number": 7,
    "alternate_titles": "Nattskiftet",
    "production_number": "HB-107",
    "revision": "revised",
    "company": "Blue Pier",
    "broadcaster": "Channel 9",
    "network_type": "cable",
    "country": "SE",
    "air_date": "2026-12-01",
    "identifier": "10.5240/AAAA",
    "prepared_by": "M. Editor",
    "prepared_date": "2026-11-21",
}


def table(made: CueSheet) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return header and lines as a spreadsheet reads them."""
    rows = list(csv.reader(io.StringIO(csv_text(made).removeprefix("\ufeff"))))
    blank = rows.index([])
    names, *lines = rows[blank + 1 :]
    return dict(rows[:blank]), [dict(zip(names, one, strict=True)) for one in lines]


def test_the_header_has_every_field_of_the_conventions() -> None:
    """The table of the fact sheet, in its words."""
    header, _ = table(sheet(use(0, 250), use(1000, 2000, {"cue_sheet": LIBRARY}), **HEADER))
    assert header == {
        "Production title": "Night Shift",
        "Series": "Harbour",
        "Episode title": "The Tide",
        "Episode number": "7",
        "Alternate titles": "Nattskiftet",
        "Production number": "HB-107",
        "Original or revised": "revised",
        "Production company": "Blue Pier",
        "Broadcaster or channel": "Channel 9",
        "Network type": "cable",
        "Country": "SE",
        "First air date": "2026-12-01",
        "EIDR or ISAN": "10.5240/AAAA",
        "Programme length": "00:02:00.000",
        "Total music length": "00:00:50.000",
        "Prepared by": "M. Editor",
        "Prepared date": "2026-11-21",
        "Timeline": "cut",
        "Timecode": "25 fps, out exclusive",
    }


def test_a_line_has_every_field_of_the_conventions() -> None:
    """Cue fields, in the order of the sheet."""
    _, (line,) = table(sheet(use(250, 406, {"cue_sheet": LIBRARY}, media="radio.wav")))
    assert line == {
        "Sequence": "1",
        "Cue number": "1m02s",
        "Title": "Four in the Morning",
        "Usage": "VI",
        "Usage name": "Visual Instrumental",
        "In": "01:00:10:00",
        "Out": "01:00:16:06",
        "Duration": "00:00:06.240",
        "Seconds": "6.240",
        "Writers": "Zoë Ångström; Jo Bell",
        "Writer roles": "C; A",
        "Writer societies": "STIM; PRS",
        "Writer IPI": "00123456789; ",
        "Writer shares %": "60; 40",
        "Writer note": "",
        "Publishers": "North Light",
        "Publisher roles": "E",
        "Publisher societies": "STIM",
        "Publisher IPI": "00987654321",
        "Publisher shares %": "100",
        "ISRC": "SEXXX2600001",
        "ISWC": "T-123.456.789-0",
        "Library or title code": "NL-0042",
        "Album": "Night Work",
        "Label": "NL Records",
        "Library": "North Light Library",
        "AI": "none",
        "Registrable": "yes",
        "Intent": "",
        "Approval reference": "GEN-7",
        "Licence": "",
        "File": "radio.wav",
    }


def test_what_is_not_on_file_is_blank_in_csv_and_says_so_on_the_page() -> None:
    """Never filled from elsewhere; a generated work has no writer, and the note stands beside the empty field."""
    made = sheet(use(0, 250))
    header, (line,) = table(made)
    assert {name for name, value in line.items() if value} == {
        *("Sequence", "Cue number", "Usage", "Usage name", "In", "Out", "Duration", "Seconds"),
        *("Writer note", "AI", "Registrable", "File"),
    }
    assert line["Writer note"] == "AI-generated, no registrable author claimed"
    assert {name for name, value in header.items() if value} == {
        *("Programme length", "Total music length", "Timeline", "Timecode"),
    }
    assert page(made).count("not on file") == 15 + 3  # the header, then title, publishers, identifiers


def test_notes_of_the_production_are_not_on_the_official_sheet() -> None:
    """They are for the people who make it."""
    made = sheet(use(0, 250, {"cue_sheet": LIBRARY}))
    assert "call Jo first" not in csv_text(made) + page(made)


@pytest.mark.parametrize(
    ("rate", "start", "frame", "timecode"),
    [
        (29.97, 107_892, 1800, "01:01:00;02"),  # SMPTE ST 12-1: frames 0 and 1 of minute 1 do not exist
        (29.97, 107_892, 17_982, "01:10:00;00"),
        (30000 / 1001, None, 17_981, "00:09:59;29"),
        (59.94, None, 3600, "00:01:00;04"),
        (23.976, 86_400, 1440, "01:01:00:00"),
        (25.0, 90_000, 1500, "01:01:00:00"),
    ],
)
def test_in_and_out_are_record_timecode_drop_frame_where_the_rate_has_it(
    rate: float, start: float | None, frame: int, timecode: str
) -> None:
    """The label that the editing system shows."""
    made = sheet(use(frame, frame + 1), rate=rate, start=start, frames=frame + 1)
    header, (line,) = table(made)
    assert line["In"] == timecode
    assert ("drop-frame" in header["Timecode"]) == (";" in timecode)


def test_lengths_are_exact_at_rates_of_video() -> None:
    """An hour of label at 29.97 lasts 3599.9964 s; 107,892 frames at 1001/30000 s each."""
    assert length(107_892 / exact_rate(29.97)) == "00:59:59.996"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "\r\n=", "＝", "＠"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(begin: str) -> None:
    """OWASP's list: an apostrophe in front, and no control characters."""
    evil = f'{begin}HYPERLINK("http://x";"y")'
    header, (line,) = table(sheet(use(0, 9, {"cue_sheet": {"title": evil}}, media=evil), production=evil))
    for cell in (header["Production title"], line["Title"], line["File"]):
        assert cell.startswith("'")
        assert cell.isprintable()


def test_names_from_outside_are_text_on_the_page() -> None:
    """No tag of a stranger, no script at all."""
    said = {"cue_sheet": {"title": EVIL, "writers": [{"name": EVIL, "role": EVIL}], "publishers": [EVIL], "library": EVIL}}
    html = page(sheet(use(0, 9, said | {"licence": EVIL}, media=EVIL), production=EVIL, series=EVIL))
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("&lt;img") == 11


def test_csv_has_a_byte_order_mark_only_where_excel_needs_one() -> None:
    """Plain ASCII needs none, and programs trip over it."""
    assert csv_text(sheet(use(0, 9), production="Café")).startswith("\ufeffProduction title,Café")
    assert csv_text(sheet(use(0, 9))).startswith("Production title,")


def test_a_timeline_without_music_has_a_sheet_that_says_so() -> None:
    """The header stands, no line does."""
    made = sheet()
    assert table(made)[1] == []
    assert "No music." in page(made)
    assert table(made)[0]["Total music length"] == "00:00:00.000"


def test_warnings_are_on_the_screen_and_not_on_paper() -> None:
    """The printed sheet is the official one."""
    html = page(sheet(use(0, 9, ours(intent="temp"))))
    assert "TEMP and must not" in html
    assert ".warnings{display:none}" in html
