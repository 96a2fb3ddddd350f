"""A cue sheet as CSV: the header field by field, an empty line, the column names, a line for each cue."""

from __future__ import annotations

import csv
import io

from otio_soundtrack.cuesheet.columns import COLUMNS, header, row
from otio_soundtrack.model.cue_sheet import CueSheet

_FORMULA = "=+-@＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), the wide forms too."""
_BYTE_ORDER_MARK = "﻿"


def csv_text(sheet: CueSheet) -> str:
    """Return a cue sheet as CSV; what is not on file is blank.

    A cell that a spreadsheet would run as a formula begins with an apostrophe. A text that is more than ASCII begins with a byte
    order mark, without which Excel takes it for another alphabet.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([_safe(name), _safe(value)] for name, value in header(sheet))
    writer.writerow([])
    writer.writerow([name for name, _ in COLUMNS])
    writer.writerows([_safe(cell) for cell in row(sheet, cue)] for cue in sheet.cues)
    text = stream.getvalue()
    return text if text.isascii() else f"{_BYTE_ORDER_MARK}{text}"


def _safe(cell: str) -> str:
    """Return a cell that is read as text, on one line and without control characters."""
    plain = "".join(character if character.isprintable() else " " for character in cell)
    return f"'{plain}" if plain.lstrip().startswith(tuple(_FORMULA)) else plain
