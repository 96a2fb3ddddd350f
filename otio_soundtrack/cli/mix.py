"""``otio-soundtrack mix``: picture, production sound and music in one file."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_consent, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.videos import Written
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.delivery import TARGETS
from otio_soundtrack.model.lane import DUCK_DEFAULT, DUCK_OFF, DUCK_PRESETS

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.deliverables.mixed import Mixed

_LOCAL = "local"
_LOCAL_ONLY = ("height", "duck", "target")
_BOTH = ("timeline", "media_root", "missing", "video_volume", "track_volume", "track_start")
_EXAMPLES = """  otio-soundtrack mix scored.otio -o final.mp4
  otio-soundtrack mix scored.otio -o final.mp4 --target ebu-r128 --duck strong --height 1080
  otio-soundtrack mix scored.otio -o bed.mp4 --target -18 --duck off --track-volume 0.3
  otio-soundtrack mix cut.otio -o final.mp4 --provider slipstream --pick 2 --video-volume 0.4"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "mix", "Picture, production sound and music of a scored timeline in one video.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FINAL.mp4", help="video to write")
    parser.add_argument(
        "--provider", default=_LOCAL, metavar="NAME", help="local (default): the timeline's own music, mixed here; slipstream"
    )
    parser.add_argument("--video-volume", type=float, metavar="0..1", help="of the production sound (default: 1)")
    parser.add_argument(
        "--track-volume", type=float, metavar="0..1", help="of the music (default: 1, or as much lower as lines need)"
    )
    parser.add_argument("--track-start", type=float, metavar="SECONDS", help="where in the music it begins (default: 0)")
    here = parser.add_argument_group("mixed here")
    presets = ", ".join(f"{name} {db:g} dB" for name, db in DUCK_PRESETS.items())
    here.add_argument(
        "--duck",
        metavar="PRESET",
        help=f"how far the music goes down under speech: {presets}, {DUCK_OFF} (default: as scored, else {DUCK_DEFAULT})",
    )
    targets = ", ".join(f"{one.name} {one.lufs:g}" for one in TARGETS.values())
    here.add_argument("--target", metavar="NAME|LUFS", help=f"loudness of the file: {targets}, or a number (default: streaming)")
    here.add_argument("--height", type=int, metavar="LINES", help="of the picture (default: as the sources have them)")
    add_service(parser)
    add_consent(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Written | Done:
    """Mix here, or let a service render."""
    if asked.provider == _LOCAL:
        return _mixed_here(asked)
    for name in _LOCAL_ONLY:
        if getattr(asked, name) is not None:
            raise SettingsError(
                f"--{name}: {asked.provider} does not know it.", hint="Leave it out, or mix here without --provider."
            )
    from otio_soundtrack.pipeline.services.errands import render

    return Written(
        render(
            asked.timeline,
            asked.output,
            picture_volume=1.0 if asked.video_volume is None else asked.video_volume,
            music_volume=1.0 if asked.track_volume is None else asked.track_volume,
            start=asked.track_start or 0.0,
            progress=progress_for(quiet=asked.quiet),
            **{name: value for name, value in options(asked).items() if name not in _LOCAL_ONLY},
        )
    )


def _mixed_here(asked: argparse.Namespace) -> Done:
    """Mix the timeline's own music."""
    from otio_soundtrack.pipeline.deliverables.mixing import mix

    foreign = sorted(set(options(asked)) - {*_BOTH, *_LOCAL_ONLY, "provider"})
    if foreign:
        flag = foreign[0].replace("_", "-")
        raise SettingsError(
            f"--{flag} is for services, and this is mixed here.", hint="Leave it out, or add --provider slipstream."
        )
    given = {name: getattr(asked, name) for name in (*_BOTH[1:], *_LOCAL_ONLY)}
    return Done(mix(asked.timeline, asked.output, progress=progress_for(quiet=asked.quiet), **given))


@dataclass(frozen=True)
class Done:
    """The written mix."""

    mixed: Mixed

    def text(self) -> str:
        """Return where it lies, and what was measured on it."""
        mixed, found = self.mixed, self.mixed.measured
        picture = "taken over as it is from " + mixed.copied_from.name if mixed.copied_from is not None else "encoded"
        loudness = "-" if mixed.loudness_lufs is None else f"{mixed.loudness_lufs:.1f} LUFS"
        peak = "-" if found.true_peak_dbtp is None else f"{found.true_peak_dbtp:.1f} dBTP"
        on = "dialogue" if mixed.by_dialogue else "whole"
        lines = [f"warning: {warning}" for warning in mixed.warnings]
        lines.append(f"video     {mixed.path}")
        lines.append(f"picture   {mixed.width}x{mixed.height}, {mixed.frames} frames, {mixed.rate:g} fps, {picture}")
        lines.append(f"loudness  {loudness} ({on}; {mixed.target.name} asks for {mixed.wanted_lufs:g}), true peak {peak}")
        if mixed.speech_over_music_db is not None:
            over = f"{mixed.speech_over_music_db:.1f} dB over the music (300–3400 Hz)"
            lines.append(f"dialogue  {mixed.speech_seconds:.1f} s of speech, {over}")
        lines += [f"ducking   {self._ducking()}", f"lanes     {mixed.sidecar}"]
        return "\n".join(lines)

    def _ducking(self) -> str:
        lanes = [one.lane for one in self.mixed.music if one.lane is not None]
        if not lanes:
            return "off"
        presets = dict.fromkeys(
            "as edited" if lane.edited else f"{lane.preset} {DUCK_PRESETS[lane.preset]:g} dB" for lane in lanes
        )
        dips = sum(after[1] < before[1] for lane in lanes for before, after in pairwise(lane.points))
        return f"{', '.join(presets)}; dips: {dips}"

    def json(self) -> object:
        """Return the figures of the written file."""
        return self.mixed.told()
