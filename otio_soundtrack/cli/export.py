"""``otio-soundtrack export``: the cut as a picture file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_timeline, command
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.settings import DEFAULT_HEIGHT, DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from otio_soundtrack.model.cut import PictureFile

_EXAMPLES = """  otio-soundtrack export cut.otio -o cut.mp4
  otio-soundtrack export cut.edl -o cut.mp4 --media-root footage --height 720 --range 01:00:10:00 01:00:40:00"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "export", "Write the cut as a picture file (H.264 and AAC), frame-exact.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="CUT.mp4", help="file to write (.mp4 or .mov)")
    parser.add_argument("--height", type=int, default=DEFAULT_HEIGHT, metavar="LINES", help="(default: %(default)s)")
    parser.add_argument(
        "--max-bytes",
        type=int,
        default=DEFAULT_MAX_BYTES,
        metavar="N",
        help="size that the file stays below (default: %(default)s)",
    )
    parser.add_argument("--range", nargs=2, metavar=("IN", "OUT"), help="only this part; OUT is exclusive")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Exported:
    """Write the cut."""
    from otio_soundtrack.pipeline.cut.cutting import export_cut

    picture = export_cut(
        asked.timeline,
        asked.output,
        height=asked.height,
        max_bytes=asked.max_bytes,
        range=None if asked.range is None else tuple(asked.range),
        media_root=asked.media_root,
        missing=asked.missing or "slate",
        progress=progress_for(quiet=asked.quiet),
    )
    return Exported(picture=picture)


@dataclass(frozen=True)
class Exported:
    """The written picture file."""

    picture: PictureFile

    def text(self) -> str:
        """Return what was written, measured."""
        picture = self.picture
        lines = [f"warning: {warning}" for warning in picture.warnings]
        size = f"{picture.size_bytes / 1e6:.1f} MB"
        facts = f"{picture.width}x{picture.height}, {picture.frames} frames, {float(picture.rate):.3f} fps, {size}"
        return "\n".join([*lines, f"{picture.path}  {facts}"])

    def json(self) -> object:
        """Return the facts of the file."""
        picture = self.picture
        return {
            "picture": str(picture.path),
            "rate": float(picture.rate),
            "frames": picture.frames,
            "width": picture.width,
            "height": picture.height,
            "bytes": picture.size_bytes,
            "sha256": picture.sha256,
            "slated": list(picture.slated),
            "warnings": list(picture.warnings),
        }
