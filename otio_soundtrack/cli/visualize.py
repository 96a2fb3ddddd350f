"""``otio-soundtrack visualize``: a branded video of a track, made here or by the service that made the music."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_consent, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.videos import Written
from otio_soundtrack.errors import SettingsError

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.deliverables.visualizing import Visual

_EXAMPLES = """  otio-soundtrack visualize music.wav -o video.mp4 --author 'Studio Nord' --cover cover.jpg
  otio-soundtrack visualize scored.otio -o reel.mp4 --aspect 9:16 --title 'Night Shift' --domain-name studionord.example
  otio-soundtrack visualize tracks.otio -o visual.mp4 --as-track with_picture.otio
  otio-soundtrack visualize music.wav -o branded.mp4 --provider suno --author 'Studio Nord' --yes"""

_LOCAL = ("title", "cover", "font", "aspect", "height", "as_track", "url_style", "media_root")
"""Options of videos that are made here."""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "visualize", "A branded video of a track, its picture made from the music itself.", _EXAMPLES)
    parser.add_argument("source", metavar="SOURCE", type=Path, help="music file, or a timeline with music")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="VIDEO.mp4", help="video to write")
    parser.add_argument("--author", metavar="TEXT", help="signature under the title, at most 50 characters")
    parser.add_argument("--domain-name", metavar="TEXT", help="watermark, at most 50 characters")
    parser.add_argument("--provider", default="local", metavar="NAME", help="local (default), or who made the music (suno)")
    local = parser.add_argument_group("made here")
    local.add_argument("--title", metavar="TEXT", help="(default: what the music is called, else the name of the file)")
    local.add_argument("--cover", type=Path, metavar="FILE", help="cover art, a picture file (default: the track as a disc)")
    local.add_argument("--aspect", choices=("16:9", "1:1", "9:16"), help="shape of the picture (default: 16:9)")
    local.add_argument("--height", type=int, metavar="LINES", help="(default: 1080, upright 1920)")
    local.add_argument("--font", type=Path, metavar="FILE", help="font of all that is written (.ttf, .otf)")
    local.add_argument(
        "--as-track",
        type=Path,
        metavar="OUT.otio",
        help="write a timeline with the video on a new video track (SOURCE is a timeline without picture)",
    )
    local.add_argument("--url-style", choices=("file", "relative", "path"), help="how that timeline names it (default: file)")
    local.add_argument("--media-root", type=Path, metavar="DIR", help="where relative media are (default: beside SOURCE)")
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Written | Made:
    """Make the video."""
    given = {name: value for name in _LOCAL if (value := getattr(asked, name)) is not None}
    progress = progress_for(quiet=asked.quiet)
    if asked.provider == "local":
        from otio_soundtrack.pipeline.deliverables.visualizing import visualize

        given |= {"author": asked.author, "domain_name": asked.domain_name}
        return Made(visualize(asked.source, asked.output, progress=progress, **given))
    if given:
        flag = "--" + next(iter(given)).replace("_", "-")
        raise SettingsError(f"{flag} is for videos that are made here, not by {asked.provider}.", hint="Leave out one of them.")
    from otio_soundtrack.pipeline.services.errands import visualize as by_service

    author, domain_name = asked.author or "", asked.domain_name or ""
    return Written(
        by_service(asked.source, asked.output, author=author, domain_name=domain_name, progress=progress, **options(asked))
    )


@dataclass(frozen=True)
class Made:
    """A video that was made here."""

    visual: Visual

    def text(self) -> str:
        """Return what was written, measured."""
        made = self.visual
        lines = [f"warning: {warning}" for warning in made.warnings]
        facts = f"{made.width}x{made.height}, {made.frames} frames, {float(made.rate):.3f} fps, {len(made.passages)} passages"
        lines.append(f"video     {made.path}  {facts}")
        if made.timeline is not None:
            lines.append(f"timeline  {made.timeline}")
        return "\n".join(lines)

    def json(self) -> object:
        """Return the facts of the file."""
        from otio_soundtrack.pipeline.deliverables.heard_music import sequence

        made = self.visual
        return {
            "video": str(made.path),
            "width": made.width,
            "height": made.height,
            "rate": float(made.rate),
            "frames": made.frames,
            "samples": made.samples,
            "title": made.title,
            "passages": sequence(made.passages),
            "timeline": None if made.timeline is None else str(made.timeline),
            "job": None,
            "warnings": list(made.warnings),
        }
