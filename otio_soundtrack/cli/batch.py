"""``otio-soundtrack batch``: many timelines, each scored by itself."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_consent, add_form, add_media, add_music, add_service, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.score import Done
from otio_soundtrack.cli.telling import exit_code, in_words, told

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.batch.batching import Ended

_EXAMPLES = """  otio-soundtrack batch reels/*.otio -o scored
  otio-soundtrack batch reels/*.otio -o scored --provider musicapi --max-cost 600 --workers 2
  otio-soundtrack batch reels/*.otio -o scored --scheduler tcp://farm:8786"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "batch", "Score many timelines, on all cores or on a Dask cluster.", _EXAMPLES)
    parser.add_argument("timelines", metavar="TIMELINE", type=Path, nargs="+", help="edit timelines, each scored by itself")
    add_media(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="folder for '<stem>_scored.otio' and media (default: beside each)"
    )
    parser.add_argument("--provider", metavar="NAME", help="who makes the music (default: who made what is there, else local)")
    who = parser.add_argument_group("who works")
    who.add_argument("--workers", type=int, metavar="N", help="processes of this machine (default: one a core)")
    who.add_argument("--scheduler", default="", metavar="ADDRESS", help="a Dask scheduler, for example tcp://farm:8786")
    add_music(parser)
    add_service(parser)
    add_form(parser.add_argument_group("what is written"))
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Batch:
    """Score them."""
    from otio_soundtrack.pipeline.batch.batching import batch

    return Batch(
        ended=batch(
            asked.timelines,
            asked.output,
            workers=asked.workers,
            scheduler=asked.scheduler,
            progress=progress_for(quiet=asked.quiet),
            **options(asked),
        )
    )


@dataclass(frozen=True)
class Batch:
    """How all of them ended."""

    ended: tuple[Ended, ...]

    @property
    def exit_code(self) -> int:
        """Return the gravest end: 7 where a job is open still, so that a script does not take it for done."""
        return max((exit_code(one.error) for one in self.ended if one.error is not None), default=0)

    def text(self) -> str:
        """Return a line a timeline, and how many are done."""
        done = [one.account for one in self.ended if one.account is not None]
        warnings = sum(len(one.warnings) for one in done)
        lines = [f"{one.timeline}  {_end(one)}" for one in self.ended]
        return "\n".join(
            [*lines, f"{len(done)} of {len(self.ended)} timelines are scored; {warnings} warnings are in their reports"]
        )

    def json(self) -> object:
        """Return each as ``score --json`` gives it, or its error."""
        return {"timelines": [_json(one) for one in self.ended]}


def _end(one: Ended) -> str:
    return f"-> {one.output}" if one.error is None else f"failed: {in_words(one.error)}"


def _json(one: Ended) -> dict[str, object]:
    source = {"source": str(one.timeline)}
    if one.account is None:
        return {**source, "error": None if one.error is None else told(one.error)}
    return {**source, **Done(scored=one.account).json()}
