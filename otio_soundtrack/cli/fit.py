"""``otio-soundtrack fit``: any music to an exact length."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.times import SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.deliverables.fitting import Fitted

_EXAMPLES = """  otio-soundtrack fit track.mp3 --duration 94.72 -o fitted.wav
  otio-soundtrack fit track.mp3 --duration 00:01:34:17 --rate 25 --hit 12.5 --hit 61s -o fitted.wav --json
  otio-soundtrack fit track.mp3 --duration 45 -o fitted.wav --report"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "fit", "Any music to an exact length, with its own beginning and ending.", _EXAMPLES)
    parser.add_argument("audio", metavar="AUDIO", type=Path, help="music in any usual format, or a video with music")
    parser.add_argument("--duration", required=True, metavar="TIME", help="wanted length, exact to the sample")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.wav", help="file to write")
    parser.add_argument("--hit", action="append", default=[], metavar="TIME", help="something should begin here; repeatable")
    parser.add_argument("--rate", type=float, default=24.0, metavar="FPS", help="frames a second of times (default: 24)")
    parser.add_argument("--report", action="store_true", help="write OUT.report.html: the fit and the sound around every join")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Told:
    """Fit."""
    from otio_soundtrack.errors import SettingsError
    from otio_soundtrack.pipeline.deliverables.fitting import fit

    if not 0 < asked.rate < float("inf"):
        raise SettingsError(f"--rate {asked.rate:g} is no frame rate.", hint="24, 25, 29.97 …")
    progress = progress_for(quiet=asked.quiet)
    words = {"hits": asked.hit, "rate": asked.rate, "report": asked.report, "progress": progress}
    return Told(fit(asked.audio, asked.duration, asked.output, **words))


@dataclass(frozen=True)
class Told:
    """What was fitted."""

    fitted: Fitted

    def text(self) -> str:
        """Return it for people."""
        plan = self.fitted.plan
        direction = "lower" if plan.stretch_cents < 0 else "higher"
        stretch = f", {abs(plan.stretch_cents):.2f} cents {direction} in between" if plan.stretch_cents else ""
        length = f"{plan.samples / SAMPLE_RATE_HZ:.3f} s ({plan.samples} samples)"
        lines = [f"{self.fitted.audio}  {length}, ending {plan.ending}{stretch}"]
        lines += [
            f"  join at {seam.at:.2f} s: from {seam.from_:.2f} to {seam.to:.2f} s of the music, "
            f"more of a step than {seam.percentile:.0f} % of its beats"
            + (f", left {1000 * seam.early / SAMPLE_RATE_HZ:.0f} ms early for a hit" if seam.early else "")
            for seam in plan.seams
        ]
        for hit in plan.hits:
            missed = "missed" if hit.error is None else f"{hit.error * self.fitted.rate:+.1f} frames"
            lines.append(f"  hit at {hit.at:.2f} s: {missed}")
        lines += [f"  {warning}" for warning in self.fitted.warnings]
        lines += [f"  second choice: {plan.runner_up}"] if plan.runner_up else []
        return "\n".join(lines + ([f"report  {self.fitted.report}"] if self.fitted.report is not None else []))

    def json(self) -> object:
        """Return audio, lengths, ending, stretch, hits, seams and what the file was judged by."""
        from otio_soundtrack.audio.acceptance import figures

        plan = self.fitted.plan
        return {
            "audio": str(self.fitted.audio),
            "samples": plan.samples,
            "sample_rate": SAMPLE_RATE_HZ,
            "requested_samples": plan.samples,
            "tempo_bpm": plan.tempo_bpm,
            "ending": plan.ending,
            "stretch": {"cents": plan.stretch_cents, "untouched": [plan.keep_first, plan.keep_last]},
            "hits": [
                {
                    "at": hit.at,
                    "error": hit.error,
                    "error_frames": None if hit.error is None else round(hit.error * self.fitted.rate, 2),
                    "strength": hit.strength,
                }
                for hit in plan.hits
            ],
            "seams": [
                {
                    "at": seam.at,
                    "from": seam.from_,
                    "to": seam.to,
                    "percentile": seam.percentile,
                    "cost": seam.cost,
                    "on_metre": join.on_metre,
                    "fade_ms": join.fade_ms,
                    "early_ms": round(1000 * seam.early / SAMPLE_RATE_HZ, 1),
                    "flux_ratio": join.flux_ratio,
                }
                for seam, join in zip(plan.seams, self.fitted.joins, strict=True)
            ],
            "runner_up": plan.runner_up,
            "report": None if self.fitted.report is None else str(self.fitted.report),
            "acceptance": figures(self.fitted.facts, samples=plan.samples, ceiling_dbtp=None),
            "warnings": list(self.fitted.warnings),
        }
