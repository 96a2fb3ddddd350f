"""``otio-soundtrack search``: ranked tracks for a cut, nothing written."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_music, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.errors import SettingsError

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.makers.matching import Matched
    from otio_soundtrack.pipeline.services.errands import Found
    from otio_soundtrack.provider.ask import Candidate

_EXAMPLES = """  otio-soundtrack search cut.otio --provider slipstream
  otio-soundtrack search cut.otio --provider slipstream --count 20 --set mood=Tense --json
  otio-soundtrack search cut.otio --provider library --prompt 'tense, low strings' --reference 'Temp Track'
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
    from otio_soundtrack.library.declaration import DECLARATION
    from otio_soundtrack.library.search import method
    from otio_soundtrack.pipeline.makers.matching import matches
    from otio_soundtrack.pipeline.services.errands import search

    progress = progress_for(quiet=asked.quiet)
    if asked.count < 1:
        raise SettingsError(f"--count is {asked.count}, not a number of tracks.", hint="Ask for one at least.")
    if asked.provider == DECLARATION.name:
        return Ranked(matches(asked.timeline, asked.count, progress=progress, **options(asked)), notes=(method(),))
    return Ranked(search(asked.timeline, asked.count, progress=progress, **options(asked)))


@dataclass(frozen=True)
class Ranked:
    """The tracks."""

    found: tuple[Found, ...] | tuple[Matched, ...]
    notes: tuple[str, ...] = ()
    """What is to be known of how they were found."""

    def text(self) -> str:
        """Return a line a track."""
        lines = []
        for cue in self.found:
            lines.append(f"{cue.cue_id}  {len(cue.candidates)} tracks")
            for one in cue.candidates:
                lines += [f"  {one.rank:3d}  {_line(one)}", *(f"         {reason}" for reason in one.reasons)]
        return "\n".join([*lines, *self.notes])

    def json(self) -> object:
        """Return the tracks of each cue."""
        return {
            "cues": [{"id": cue.cue_id, "tracks": [one.model_dump(mode="json") for one in cue.candidates]} for cue in self.found],
            "notes": list(self.notes),
        }


def _line(one: Candidate) -> str:
    length = "" if one.seconds is None else f"{one.seconds:.0f} s"
    tempo = "" if one.tempo_bpm is None else f"{one.tempo_bpm:.0f} BPM"
    who = f"{one.title} – {one.artist}" if one.artist else one.title
    score = "" if one.score is None else f"{one.score:.2f}"
    parts = [score, who, length, tempo, one.key, one.genre, one.mood, one.vocals, "restricted" if one.restricted else ""]
    return "  ".join(part for part in parts if part)
