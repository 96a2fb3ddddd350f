"""``otio-soundtrack cue-sheet``: the music cue sheet of a timeline."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command

if TYPE_CHECKING:
    from otio_soundtrack.model.cue_sheet import CueSheet, SheetCue

_EXAMPLES = """  otio-soundtrack cue-sheet scored.otio -o cues.csv
  otio-soundtrack cue-sheet scored.otio -o cues.csv -o cues.html --production 'Night Shift' --episode-number 7"""

_HEADER = (
    ("production", "TEXT", "title of the production"),
    ("series", "TEXT", "series"),
    ("episode", "TEXT", "title of the episode"),
    ("episode-number", "TEXT", "number of the episode"),
    ("alternate-titles", "TEXT", "other titles"),
    ("production-number", "TEXT", "number of the production"),
    ("company", "TEXT", "production company"),
    ("broadcaster", "TEXT", "broadcaster or channel"),
    ("network-type", "TEXT", "kind of the network, like 'cable'"),
    ("country", "TEXT", "country"),
    ("air-date", "DATE", "first air date, or the expected one"),
    ("identifier", "TEXT", "EIDR or ISAN"),
    ("prepared-by", "TEXT", "who prepares the sheet"),
    ("prepared-date", "DATE", "(default: today)"),
)
"""Flags of the header: name, placeholder, help."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "cue-sheet", "Write the music cue sheet: what is on file, nothing invented.", _EXAMPLES)
    parser.add_argument("timeline", metavar="TIMELINE", type=Path, help="scored timeline, or any with tagged music")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        action="append",
        required=True,
        metavar="CUES.csv",
        help="file to write: .csv, or .html to be printed; may be given twice",
    )
    parser.add_argument(
        "--media-root", type=Path, metavar="DIR", help="where relative media and their sidecars are (default: beside TIMELINE)"
    )
    header = parser.add_argument_group("header", "what is not given here or carried by the timeline is not on file")
    for name, placeholder, purpose in _HEADER:
        header.add_argument(f"--{name}", metavar=placeholder, help=purpose)
    header.add_argument("--revision", choices=("original", "revised"), help="whether it replaces an earlier sheet")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Listed:
    """List the music and write."""
    from otio_soundtrack.pipeline.deliverables.cuesheets import cue_sheet

    names = [*(name.replace("-", "_") for name, _, _ in _HEADER), "revision"]
    given = {name: getattr(asked, name) for name in names}
    return Listed(asked.output, cue_sheet(asked.timeline, asked.output, media_root=asked.media_root, **given))


@dataclass(frozen=True)
class Listed:
    """The written cue sheet."""

    files: list[Path]
    sheet: CueSheet

    def text(self) -> str:
        """Return where it lies, the lines of the sheet, and what to look at."""
        sheet = self.sheet
        lines = [f"warning: {warning}" for warning in sheet.warnings]
        lines += [f"cue sheet {file}" for file in self.files]
        for cue in sheet.cues:
            usage = "--" if cue.usage is None else cue.usage.value
            times = f"{sheet.timecode(cue.first)}  {sheet.timecode(cue.end)}"
            lines.append(f"{cue.number:>4} {cue.cue or '-':<6} {usage:<2} {times}  AI {cue.ai}, registrable {cue.registrable}")
        return "\n".join(lines)

    def json(self) -> object:
        """Return the sheet as it is, exact, what is not on file as null."""
        sheet = self.sheet
        return {
            "cue_sheet": [str(file) for file in self.files],
            "timeline": sheet.timeline,
            "header": {name: value or None for name, value in sheet.production.model_dump().items()},
            "rate": sheet.rate,
            "frames": sheet.frames,
            "music_frames": sheet.music_frames,
            "cues": [self._cue(cue) for cue in sheet.cues],
            "warnings": list(sheet.warnings),
        }

    def _cue(self, cue: SheetCue) -> dict[str, object]:
        sheet, known = self.sheet, cue.on_file.model_dump(mode="json", exclude={"cue", "usage", "ai"})
        return {
            "number": cue.number,
            "cue": cue.cue or None,
            "usage": None if cue.usage is None else cue.usage.value,
            "in": sheet.timecode(cue.first),
            "out": sheet.timecode(cue.end),
            "first_frame": cue.first,
            "frames": cue.frames,
            "seconds": float(sheet.seconds(cue.frames)),
            **{name: value or None for name, value in known.items()},
            "ai": cue.ai,
            "registrable": cue.registrable,
            "intent": cue.intent or None,
            "licence": cue.licence or None,
            "file": cue.file or None,
        }
