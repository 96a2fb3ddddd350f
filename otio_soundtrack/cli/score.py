"""``otio-soundtrack score``: the whole way."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_form, add_music, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.quoting import Asked, Composed
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.tidy import tidy
from otio_soundtrack.settings import CEILING_DBTP, EMBEDDED_VOICES

if TYPE_CHECKING:
    from otio_soundtrack.model.cue import Cue, CueTake
    from otio_soundtrack.pipeline.scoring.finishing import Account
    from otio_soundtrack.progress import Progress

_EXAMPLES = """  otio-soundtrack score cut.otio -o scored.otio
  otio-soundtrack score cut.edl -o scored.otio --media-root footage --prompt 'tense, sparse, low strings'
  otio-soundtrack score cut.fcpxml -o scored.otio --cues markers --hit 01:00:12:12 --takes 3
  otio-soundtrack score cut.otio -o scored.otio --sound MuseScore_General.sf3
  otio-soundtrack score cut.otio -o scored.otio --provider library --takes 3
  otio-soundtrack score cut.otio -o scored.otio --plan plan.json
  otio-soundtrack score cut.aaf -o scored.otio --handles 5s --bwf --stems"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "score", "Compose music for a cut and write it into the timeline on a new track.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="timeline to write, any suffix that OTIO writes")
    parser.add_argument("--in-place", action="store_true", help="replace TIMELINE itself")
    parser.add_argument("--provider", metavar="NAME", help="who makes the music (default: who made what is there, else local)")
    add_music(parser)
    add_service(parser)
    out = parser.add_argument_group("what is written")
    add_form(out)
    out.add_argument(
        "--media-dir", type=Path, metavar="DIR", help="folder for the audio (default: '<OUT stem>.media' beside OUT)"
    )
    out.add_argument("--midi", type=Path, metavar="FILE", help="notes of the local engine as a Standard MIDI File, for any DAW")
    how = parser.add_argument_group("how")
    how.add_argument("--plan", type=Path, metavar="FILE", help="obey this plan (see `otio-soundtrack plan`)")
    how.add_argument("--dry-run", action="store_true", default=None, help="print the plan and the quote; nothing is written")
    how.add_argument("--yes", action="store_true", default=None, help="consent to paid calls")
    how.add_argument("--max-cost", type=float, metavar="N", help="most credits that this run may spend")
    how.add_argument("--fresh", action="store_true", default=None, help="ask anew although a stored take fits")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Composed | Asked | Done:
    """Score, or only say what would be done."""
    from otio_soundtrack.pipeline.scoring.whole_way import score

    target: Path | None = asked.output
    if asked.in_place:
        if target is not None and target.resolve() != asked.timeline.resolve():
            raise SettingsError("--in-place and another --output contradict each other.", hint="Give one of them.")
        target = asked.timeline
    if target is None and not asked.dry_run:
        raise SettingsError("no output given.", hint="Add -o OUT (for example -o scored.otio) or --in-place.")
    progress = progress_for(quiet=asked.quiet)
    given = options(asked)
    if asked.dry_run:
        return _dry_run(asked, progress, given)
    return Done(scored=score(asked.timeline, target, in_place=asked.in_place, beside=None, progress=progress, **given))


def _dry_run(asked: argparse.Namespace, progress: Progress, given: dict[str, object]) -> Composed | Asked:
    """Say what would be done, and for how much."""
    from otio_soundtrack.library.declaration import NAME as LIBRARY
    from otio_soundtrack.pipeline.cut.musicplan import plan
    from otio_soundtrack.pipeline.services.estimating import estimates, provider_of
    from otio_soundtrack.pipeline.services.roster import SERVICES
    from otio_soundtrack.pipeline.takes.taking import engine

    provider = provider_of(asked.timeline, **given)
    if provider in SERVICES:
        found, conformed = estimates(asked.timeline, progress=progress, **given)
        return Asked(provider=provider, estimates=found, conformed=conformed)
    # a quote of a provider that is none, or with a sound that is none, would be no quote
    if provider != LIBRARY:
        engine(provider, asked.sound or EMBEDDED_VOICES)
    return Composed(provider=provider, plans=plan(asked.timeline, None, progress=progress, **given))


@dataclass(frozen=True)
class Done:
    """What was done."""

    scored: Account

    def text(self) -> str:
        """Return where everything lies, and what was measured."""
        from otio_soundtrack.report.conforming import summary  # late: it draws

        lines = [f"warning: {warning}" for warning in self.scored.warnings]
        lines += [f"note: {note}" for note in self.scored.notes]
        lines += [f"timeline  {self.scored.output}"]
        for cue in self.scored.cues:
            take = cue.active_take
            loudness = "-" if take.facts.integrated_lufs is None else f"{take.facts.integrated_lufs:.1f} LUFS"
            lines.append(
                f"music     {take.audio}\n          {cue.spot.cue_id}: {cue.spot.frames} frames, {take.facts.samples} samples, "
                f"{loudness}, {take.record.tempo_bpm:.1f} BPM, {take.record.key}, {len(cue.takes)} take(s)"
            )
            if take.record.stems:
                names = ", ".join(stem.name for stem in take.record.stems)
                lines.append(f"stems     {names} beside it; their sum is the mix {-(take.record.stems_null_db or 0):.0f} dB down")
            if cue.conformed is not None:
                lines.append(f"conformed {' '.join(summary(cue.conformed))}")
            lines += _ducked(take)
        lines += [f"notes     {path}" for path in self.scored.midi]
        return "\n".join([*lines, f"report    {self.scored.report}"])

    def json(self) -> dict[str, object]:
        """Return the result of the public contract (interface: ``score --json``)."""
        return {
            "timeline": str(self.scored.output),
            "cues": [_cue_json(cue, self.scored) for cue in self.scored.cues],
            "jobs": list(self.scored.jobs),
            "report": str(self.scored.report),
            "midi": [str(path) for path in self.scored.midi],
            "warnings": list(self.scored.warnings),
            "notes": list(self.scored.notes),
        }


def _ducked(take: CueTake) -> list[str]:
    """Return where the ducked file of a take lies, nothing where nobody asked for one."""
    lane = take.record.duck
    if lane is None:
        return []
    beside = f"{take.audio.with_name(lane.file)}" if lane.file else "no file: nobody speaks under this cue"
    return [f"ducked    {beside}{' (as edited)' if lane.edited else ''}"]


def _cue_json(cue: Cue, scored: Account) -> dict[str, object]:
    """Return one cue of ``score --json``."""
    from otio_soundtrack.audio.acceptance import figures

    take, record = cue.active_take, cue.active_take.record.metadata()
    rate = scored.cut.exact_rate
    wanted = ("provider", "integrated_lufs", "true_peak_dbtp", "tempo_bpm", "key", "ending", "hits", "seams", "sha256")
    return {
        "id": cue.spot.cue_id,
        "range": {"start": float(cue.spot.start / rate), "duration": float(cue.spot.frames / rate)},
        "rate": scored.cut.rate,
        "frames": cue.spot.frames,
        "audio": str(take.audio),
        "samples": take.record.samples,
        "handles": record["handles"],
        "bwf": record["bwf"],
        "sample_rate": take.facts.sample_rate,
        "channels": take.facts.channels,
        **{name: record[name] for name in wanted},
        "heard": record["heard"],
        "acceptance": figures(take.facts, samples=scored.samples(cue), ceiling_dbtp=CEILING_DBTP),
        "conformed": None if cue.conformed is None else tidy(cue.conformed.model_dump(mode="json")),
        "takes": [_take_json(one, active=one.key == cue.active) for one in cue.takes],
    }


def _take_json(take: CueTake, *, active: bool) -> dict[str, object]:
    record = take.record
    told: dict[str, object] = {
        "key": take.key,
        "active": active,
        "audio": str(take.audio),
        "cost": record.cost.model_dump(mode="json"),
    }
    if record.stems:
        told["stems"] = {stem.name: str(take.audio.with_name(stem.file)) for stem in record.stems}
        told["stems_null_db"] = record.stems_null_db
    if record.duck is not None:
        told["duck"] = {**record.duck.model_dump(mode="json"), "edited": record.duck.edited}
        told["ducked"] = str(take.audio.with_name(record.duck.file)) if record.duck.file else None
    return told
