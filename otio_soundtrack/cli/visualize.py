"""``otio-soundtrack visualize``: a branded video of a track, by the service that made it."""

from __future__ import annotations

import argparse
from pathlib import Path

from otio_soundtrack.cli.flags import add_consent, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.videos import Written

_EXAMPLES = """  otio-soundtrack visualize music.wav -o branded.mp4 --provider suno --author 'Studio Nord' --yes"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "visualize", "A branded video of a track, made by its service.", _EXAMPLES)
    parser.add_argument("source", metavar="SOURCE", type=Path, help="music file that `score` wrote, its sidecar beside it")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="VIDEO.mp4", help="video to write")
    parser.add_argument("--provider", required=True, metavar="NAME", help="who makes the video (suno)")
    parser.add_argument("--author", default="", metavar="TEXT", help="signature on the cover, at most 50 characters")
    parser.add_argument("--domain-name", default="", metavar="TEXT", help="watermark, at most 50 characters")
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Written:
    """Make the video."""
    from otio_soundtrack.pipeline.errands import visualize

    return Written(
        visualize(
            asked.source,
            asked.output,
            author=asked.author,
            domain_name=asked.domain_name,
            progress=progress_for(quiet=asked.quiet),
            **options(asked),
        )
    )
