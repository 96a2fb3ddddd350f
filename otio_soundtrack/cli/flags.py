"""Flags that several commands share, and how flags become options."""

from __future__ import annotations

import argparse
from pathlib import Path

from otio_soundtrack.model.plan import Mood, Palette
from otio_soundtrack.settings import OPTION_NAMES


def command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, purpose: str, examples: str
) -> argparse.ArgumentParser:
    """Return the parser of a command with what every command has.

    Args:
        commands: where it is added.
        name: the command's word.
        purpose: one sentence, also in the list of commands.
        examples: lines shown under ``--help``.
    """
    parser = commands.add_parser(
        name,
        help=purpose,
        description=purpose,
        epilog=f"examples:\n{examples}\n\nTimes are seconds (12.5 or 12.5s), record timecode (01:00:12:12) or frames (300f).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return parser


def add_timeline(parser: argparse.ArgumentParser) -> None:
    """Add the timeline and where its media are."""
    parser.add_argument("timeline", metavar="TIMELINE", type=Path, help="edit timeline in any format that OpenTimelineIO reads")
    add_media(parser)


def add_media(parser: argparse.ArgumentParser) -> None:
    """Add where media of timelines are."""
    parser.add_argument(
        "--media-root", type=Path, metavar="DIR", help="where relative media are looked for (default: beside TIMELINE)"
    )
    parser.add_argument(
        "--missing", choices=("slate", "fail"), help="clips whose media cannot be read: a slate and a warning (default), or stop"
    )


def add_music(parser: argparse.ArgumentParser) -> None:
    """Add what shapes the music: brief and spotting."""
    music = parser.add_argument_group("music")
    music.add_argument("--prompt", metavar="TEXT", help="words for the composer, for example 'slow, warm strings'")
    music.add_argument("--mood", choices=[mood.value for mood in Mood], help="default: from the picture and the prompt")
    music.add_argument(
        "--palette",
        choices=[palette.value for palette in Palette],
        help="which band plays (default: from the prompt and the mood)",
    )
    music.add_argument("--genre", metavar="TEXT", help="genre, in the words of the service")
    music.add_argument("--tempo", type=float, metavar="BPM", help="beats a minute (default: the tempo that fits the cuts best)")
    music.add_argument(
        "--grid", choices=("elastic", "constant"), help="whether the tempo bends a little towards the cuts (default: elastic)"
    )
    music.add_argument("--energy", type=float, metavar="0..1", help="how much is going on (default: follows the picture)")
    music.add_argument("--instrumental", action="store_true", default=None, help="no voice (default)")
    music.add_argument("--vocals", dest="instrumental", action="store_false", help="ask for a voice where the provider has one")
    music.add_argument("--seed", type=int, metavar="N", help="another number is another take of the same plan (default: 1)")
    spot = parser.add_argument_group("spotting")
    spot.add_argument("--range", nargs=2, metavar=("IN", "OUT"), help="score this part only; OUT is exclusive")
    spot.add_argument(
        "--cues", choices=("whole", "markers", "tagged"), help="one cue (default), one for each marked or tagged part"
    )
    spot.add_argument("--hit", action="append", metavar="TIME", help="a moment that the music should hit; may be repeated")
    spot.add_argument("--hits", choices=("cuts", "markers", "none"), help="other hit points (default: markers, then strong cuts)")


def add_service(parser: argparse.ArgumentParser) -> None:
    """Add what only services are told."""
    service = parser.add_argument_group("services")
    service.add_argument("--reference", metavar="FILE_OR_CLIP_OR_URL", help="temp track to remix or to match")
    service.add_argument("--reference-url", metavar="URL", help="where the service can fetch the reference")
    service.add_argument("--pick", type=int, metavar="N", help="which of the ranked tracks (default: 1, the best)")
    service.add_argument("--wav", action="store_true", default=None, help="ask for a lossless file where that has a price")
    service.add_argument("--keep-sound", action="store_true", default=None, help="tell the service of the production sound")
    service.add_argument("--most-calls", type=int, metavar="N", help="most paid calls that extend a take (default: 4)")
    service.add_argument(
        "--service-plan", type=Path, metavar="FILE", help="obey this plan of the service (see `plan --provider`)"
    )
    service.add_argument("--set", action="append", metavar="NAME=VALUE", help="an option of the provider (see `providers`)")


def add_form(out: argparse._ArgumentGroup) -> None:
    """Add the form in which music is written, of one timeline or of many."""
    out.add_argument("--takes", type=int, metavar="N", help="takes kept as alternative media references (default: 1)")
    out.add_argument("--url-style", choices=("file", "relative", "path"), help="form of the media URL (default: file)")
    out.add_argument("--track", metavar="NAME", help="name of the new track (default: Soundtrack)")
    out.add_argument("--loudness", type=float, metavar="LUFS", help="integrated loudness of the music (default: -16)")
    out.add_argument("--intent", choices=("temp", "final"), help="temp stamps TEMP into names (default for machine-made music)")
    out.add_argument("--handles", metavar="TIME", help="music beyond the cue at tail and head, for fades and slips (default: 0)")
    out.add_argument("--bwf", action="store_true", default=None, help="Broadcast Wave, stamped with its record time")
    out.add_argument(
        "--stems", action="store_true", default=None, help="lay drums, bass, harmony, melody and fx beside each take"
    )
    out.add_argument("--duck", metavar="PRESET", help="a ducked file beside each clean one: light, medium, strong, deep")
    out.add_argument("--sound", metavar="voices|FILE", help="play on the embedded voices (default) or on a SoundFont, SF2 or SF3")


def add_consent(parser: argparse.ArgumentParser) -> None:
    """Add what lets a run spend."""
    paid = parser.add_argument_group("paid calls")
    paid.add_argument("--yes", action="store_true", default=None, help="consent to paid calls")
    paid.add_argument("--max-cost", type=float, metavar="N", help="most credits that this run may spend")
    paid.add_argument("--fresh", action="store_true", default=None, help="ask again although the answer is kept")


def options(asked: argparse.Namespace) -> dict[str, object]:
    """Return the given flags as options of the pipeline; what was not given is left to its defaults."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in vars(asked).items()
        if name in OPTION_NAMES and value is not None
    }
