"""``otio-soundtrack jobs``: what services were asked, what became of it, and going on with it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from otio_soundtrack.cli.flags import command
from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.cli.receiving import Receiving, receiving
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.settings import home

if TYPE_CHECKING:
    from otio_soundtrack.jobs import Details, Entry, Result

_EXAMPLES = """  otio-soundtrack jobs
  otio-soundtrack jobs show 3f9c
  otio-soundtrack jobs resume 3f9c --max-cost 20
  otio-soundtrack jobs resume
  otio-soundtrack jobs resubmit 3f9c
  otio-soundtrack jobs forget 3f9c
  otio-soundtrack jobs receive --port 8750"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(commands, "jobs", "Jobs of services: list them, go on with one, send it once more, forget it.", _EXAMPLES)
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "resume", "resubmit", "forget", "receive"),
        default="list",
        help="list (default); show all that is known; resume where it was broken off, paying nothing twice; resubmit paid calls "
        "whose fate is unknown; forget; receive what services call back (needs a public address, see docs/services.md)",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="a job, by the beginning of its id; resume without one takes all")
    parser.add_argument("--yes", action="store_true", help="consent to what the rest of the job costs (default: as it was begun)")
    parser.add_argument("--max-cost", type=float, metavar="N", help="most credits that this run may spend")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="where `receive` listens (default: any that is free)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address at which it listens (default: 127.0.0.1)")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> Listed | Shown | Ended | Receiving:
    """Do what is asked with the jobs.

    Raises:
        SettingsError: there is no such job, or it is in no state for that.
        StoreError: the ledger cannot be used.
        ProviderError: a job that was to be resumed did not deliver.
    """
    from otio_soundtrack import jobs

    if asked.action == "list":
        return Listed(entries=jobs.entries(home()))
    if asked.action == "show":
        return Shown(details=jobs.details(home(), _id(asked)))
    if asked.action == "receive":
        return receiving(asked.host, asked.port, quiet=asked.quiet)
    if asked.action == "forget":
        return Listed(entries=(jobs.forget(home(), _id(asked)),))
    if asked.action == "resubmit":
        jobs.resubmit(home(), _id(asked))
    return _resumed(asked)


def _resumed(asked: argparse.Namespace) -> Ended:
    """Take up one job or all.

    Raises:
        SoundtrackError: the only job that was asked for did not deliver.
    """
    from otio_soundtrack.audio.ears import Ears
    from otio_soundtrack.jobs import NO_CONSENT, Consent, resume
    from otio_soundtrack.pipeline.services.roster import SERVICES
    from otio_soundtrack.pipeline.services.wiring import JobEars, clock, open_wire

    if asked.max_cost is not None and not asked.max_cost >= 0.0:
        raise SettingsError(f"--max-cost is {asked.max_cost:g}, not a number of credits.")
    given = asked.yes or asked.max_cost is not None
    with TemporaryDirectory(prefix="otio-soundtrack-") as scratch:
        results = resume(
            home(),
            asked.id,
            services=SERVICES,
            open_wire=open_wire,
            ears=JobEars(Ears(Path(scratch))),
            consent=Consent(yes=asked.yes, max_cost=asked.max_cost) if given else NO_CONSENT,
            progress=progress_for(quiet=asked.quiet),
            clock=clock(),
        )
    if asked.id is not None:
        results[0].value_or_raise()
    return Ended(results=results)


def _id(asked: argparse.Namespace) -> str:
    if not asked.id:
        raise SettingsError(f"jobs {asked.action} needs a job.", hint="See `otio-soundtrack jobs` for their ids.")
    return str(asked.id)


@dataclass(frozen=True)
class Listed:
    """Jobs in the ledger."""

    entries: tuple[Entry, ...]

    def text(self) -> str:
        """Return a line a job, and below it what to do where something is to be done."""
        return "\n".join(_lines(one) for one in self.entries) or "no jobs"

    def json(self) -> object:
        """Return them as the result of ``score`` shows jobs, with what it does not need."""
        return {"jobs": [_summary(one) for one in self.entries]}


@dataclass(frozen=True)
class Shown:
    """All that is known of a job."""

    details: Details

    def text(self) -> str:
        """Return paragraphs: the job, its steps, what left the machine."""
        told = self.details
        lines = [_lines(told.entry), f"  quote: {told.entry.job.quote or 'none'}", "  steps:"]
        for one in told.steps:
            price = "" if not one.paid else ", paid" if one.credits is None else f", {one.credits:g} credits"
            named = f", {one.service_id} there" if one.service_id else ""
            lines.append(f"    {one.state:<9} {one.label}{price}{named}, {_moment(one.updated)}")
        lines.append("  left this machine:")
        lines += [f"    {one.size} bytes to {one.host}: {one.what}, sha256 {one.sha256} ({one.label})" for one in told.left]
        return "\n".join(lines)

    def json(self) -> object:
        """Return job, steps and what left the machine; answers of the service are not in it, for they hold signed addresses."""
        told = self.details
        steps = [
            {
                "label": one.label,
                "state": one.state,
                "paid": one.paid,
                "credits": one.credits,
                "service_id": one.service_id,
                "sent": None if one.sent is None else _moment(one.sent),
                "updated": _moment(one.updated),
            }
            for one in told.steps
        ]
        left = [
            {
                "step": one.label,
                "at": _moment(one.at),
                "host": one.host,
                "what": one.what,
                "sha256": one.sha256,
                "bytes": one.size,
            }
            for one in told.left
        ]
        return {**_summary(told.entry), "quote": told.entry.job.quote, "steps": steps, "left_this_machine": left}


@dataclass(frozen=True)
class Ended:
    """Jobs that were taken up."""

    results: tuple[Result, ...]

    def text(self) -> str:
        """Return a line a job."""
        lines = [
            f"{one.job}  {one.provider}  {one.state}"
            f"{f': {one.error}' if one.error else ': its music is in the store; ask for it again and nothing is paid'}"
            for one in self.results
        ]
        return "\n".join(lines) or "no job is open"

    @property
    def exit_code(self) -> int:
        """Return the gravest end: 7 where a job is open or unknown still, so that a script does not take it for done."""
        return max((one.error.exit_code for one in self.results if one.error is not None), default=0)

    def json(self) -> object:
        """Return how each ended."""
        return {
            "jobs": [
                {
                    **one.told(),
                    "error": None if one.error is None else {"kind": type(one.error).__name__, "message": str(one.error)},
                }
                for one in self.results
            ]
        }


def _lines(entry: Entry) -> str:
    job = entry.job
    cue = f"  {job.cue}" if job.cue else ""
    spent = f"{entry.calls} paid call{'' if entry.calls == 1 else 's'}, {entry.credits:g} credits"
    line = (
        f"{job.id}  {job.provider}  {job.kind}{cue}  {'running' if entry.busy else entry.state}  {spent}  {_moment(job.created)}"
    )
    return "\n".join([line, *(f"  {one}" for one in (job.note, _advice(entry)) if one)])


def _advice(entry: Entry) -> str:
    """Return what to do, unless the job's own note says it."""
    identity = entry.job.id
    if entry.busy or "otio-soundtrack jobs" in entry.job.note:
        return ""
    if entry.state == "open":
        return f"`otio-soundtrack jobs resume {identity}` goes on with it."
    if entry.state == "unknown":
        return (
            f"A paid call was cut off: look at your account; `otio-soundtrack jobs resume {identity}` asks what can be asked, "
            f"`jobs resubmit {identity}` sends it once more, `jobs forget {identity}` drops it."
        )
    return ""


def _summary(entry: Entry) -> dict[str, object]:
    job = entry.job
    return {
        "id": job.id,
        "provider": job.provider,
        "model": job.model,
        "kind": job.kind,
        "cue": job.cue,
        "state": entry.state,
        "running": entry.busy,
        "calls": entry.calls,
        "credits": entry.credits,
        "created": _moment(job.created),
        "note": job.note,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="seconds")
