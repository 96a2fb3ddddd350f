"""``otio-soundtrack plan``: spotting and music plan, to be read and edited by a person."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import add_music, add_service, add_timeline, command, options
from otio_soundtrack.cli.progress import progress_for

if TYPE_CHECKING:
    from otio_soundtrack.model.plan import Plan

_EXAMPLES = """  otio-soundtrack plan cut.otio -o plan.json
  (edit plan.json)
  otio-soundtrack score cut.otio -o scored.otio --plan plan.json"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "plan", "Write the spotting and music plan as JSON, for a person to edit.", _EXAMPLES)
    add_timeline(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PLAN.json", help="file to write")
    add_music(parser)
    parser.add_argument("--provider", metavar="NAME", help="write the plan of this service instead (aimi); nothing is paid")
    add_service(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> PlanWritten | ServicePlanWritten:
    """Plan and write."""
    from otio_soundtrack.pipeline.cut.musicplan import plan

    if asked.provider not in (None, "local"):
        from otio_soundtrack.pipeline.services.errands import service_plan

        path = service_plan(asked.timeline, asked.output, progress=progress_for(quiet=asked.quiet), **options(asked))
        return ServicePlanWritten(path=path, provider=asked.provider)
    plans = plan(asked.timeline, asked.output, progress=progress_for(quiet=asked.quiet), **options(asked))
    return PlanWritten(path=asked.output, plans=plans)


@dataclass(frozen=True)
class PlanWritten:
    """The written plan."""

    path: Path
    plans: tuple[Plan, ...]

    def text(self) -> str:
        """Return where it lies."""
        cues = ", ".join(f"{plan.cue_id} ({len(plan.sections)} sections)" for plan in self.plans)
        return f"{self.path}  {cues}\nEdit it, then: otio-soundtrack score TIMELINE -o OUT --plan {self.path}"

    def json(self) -> object:
        """Return path and plans."""
        return {"plan": str(self.path), "cues": [plan.model_dump(mode="json") for plan in self.plans]}


@dataclass(frozen=True)
class ServicePlanWritten:
    """The written plan of a service."""

    path: Path
    provider: str

    def text(self) -> str:
        """Return where it lies."""
        then = f"otio-soundtrack score TIMELINE -o OUT --provider {self.provider} --service-plan {self.path}"
        return f"{self.path}  plan of {self.provider}\nEdit it, then: {then}"

    def json(self) -> object:
        """Return path and provider."""
        return {"plan": str(self.path), "provider": self.provider}
