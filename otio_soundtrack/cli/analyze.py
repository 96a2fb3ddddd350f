"""``otio-soundtrack analyze``: what is seen and heard in the cut."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_timeline, command
from otio_soundtrack.cli.progress import progress_for

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.cut.cutting import Analysis

_EXAMPLES = """  otio-soundtrack analyze cut.otio --plot cut.png
  otio-soundtrack analyze film.otio --json > film.features.json"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "analyze", "Cuts, pace, motion, light, colour, speech and loudness of the cut as JSON.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="draw it as well")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Analyzed:
    """Analyse, and draw where asked."""
    from otio_soundtrack.pipeline.cut.cutting import analyze

    analysis = analyze(
        asked.timeline,
        media_root=asked.media_root,
        missing=asked.missing or "slate",
        plot=asked.plot,
        progress=progress_for(quiet=asked.quiet),
    )
    return Analyzed(analysis=analysis)


@dataclass(frozen=True)
class Analyzed:
    """The features of the cut."""

    analysis: Analysis

    def text(self) -> str:
        """Return the JSON, indented for reading."""
        return json.dumps(self.json(), indent=1, ensure_ascii=False)

    def json(self) -> object:
        """Return the features, with what could not be shown as the timeline asks."""
        return {**self.analysis.features.model_dump(mode="json"), "warnings": list(self.analysis.cut.warnings)}
