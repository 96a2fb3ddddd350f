"""``otio-soundtrack search``: ranked tracks for a cut, nothing written."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_music, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.errands import Found
    from otio_soundtrack.provider.ask import Candidate

_EXAMPLES = """  otio-soundtrack search cut.otio --provider slipstream
  otio-soundtrack search cut.otio --provider slipstream --count 20 --set mood=Tense --json
  otio-soundtrack score cut.otio -o scored.otio --provider slipstream --pick 3"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "search", "Ranked tracks for a cut; the timeline stays as it is.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("--provider", metavar="NAME", default="slipstream", help="whose music (default: slipstream)")
    parser.add_argument("--count", type=int, default=10, metavar="N", help="tracks for each cue, at most (default: 10)")
    add_music(parser)
    add_service(parser)
    parser.add_argument("--fresh", action="store_true", default=None, help="ask again although the answer is kept")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Ranked:
    """Search."""
    from otio_soundtrack.pipeline.errands import search

    return Ranked(search(asked.timeline, asked.count, progress=progress_for(quiet=asked.quiet), **options(asked)))


@dataclass(frozen=True)
class Ranked:
    """The tracks."""

    found: tuple[Found, ...]

    def text(self) -> str:
        """Return a line a track."""
        lines = []
        for cue in self.found:
            lines.append(f"{cue.cue_id}  {len(cue.candidates)} tracks")
            lines += [f"  {one.rank:3d}  {_line(one)}" for one in cue.candidates]
        return "\n".join(lines)

    def json(self) -> object:
        """Return the tracks of each cue."""
        return {
            "cues": [{"id": cue.cue_id, "tracks": [one.model_dump(mode="json") for one in cue.candidates]} for cue in self.found]
        }


def _line(one: Candidate) -> str:
    length = "" if one.seconds is None else f"{one.seconds:.0f} s"
    tempo = "" if one.tempo_bpm is None else f"{one.tempo_bpm:.0f} BPM"
    who = f"{one.title} – {one.artist}" if one.artist else one.title
    parts = [who, length, tempo, one.key, one.genre, one.mood, one.vocals, "restricted" if one.restricted else ""]
    return "  ".join(part for part in parts if part)
