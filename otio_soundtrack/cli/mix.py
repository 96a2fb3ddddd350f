"""``otio-soundtrack mix``: picture and music in one file, by a service that renders."""

from __future__ import annotations

import argparse
from pathlib import Path

from otio_soundtrack.cli.flags import add_consent, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.videos import Written

_EXAMPLES = """  otio-soundtrack mix cut.otio -o final.mp4 --provider slipstream --pick 2 --picture-volume 0.4"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "mix", "Picture and music in one file, rendered by a service.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FINAL.mp4", help="video to write")
    parser.add_argument("--provider", required=True, metavar="NAME", help="who renders (slipstream)")
    parser.add_argument("--picture-volume", type=float, default=1.0, metavar="0..1", help="of the production sound (default: 1)")
    parser.add_argument("--music-volume", type=float, default=1.0, metavar="0..1", help="of the music (default: 1)")
    parser.add_argument(
        "--music-start", type=float, default=0.0, metavar="SECONDS", help="where in the track it begins (default: 0)"
    )
    add_service(parser)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Written:
    """Render."""
    from otio_soundtrack.pipeline.errands import render

    return Written(
        render(
            asked.timeline,
            asked.output,
            picture_volume=asked.picture_volume,
            music_volume=asked.music_volume,
            start=asked.music_start,
            progress=progress_for(quiet=asked.quiet),
            **options(asked),
        )
    )
