"""The sweep of cuts: the wire breaks after so many bytes of a paid call, there or back; then the job is run again.

``python -m tests.jobs.cuts [POINTS] [PROVIDER …]`` (``make sweep``) prints a line a provider and fails where money was lost.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from otio_soundtrack.sandbox.server import Sandbox
from tests.jobs.cutter import Cut, Cutter, wire
from tests.jobs.sweep import asked, begun, quick_sandbox, sweeper

PAID = {
    "musicapi": r"POST /api/v1/sonic/(create|wav|upload)",
    "suno": r"POST /api/v1/(generate|wav)",
    "soundverse": r"POST /v\d/(generate|extend)",
    "aimi": r"POST /sync_execute",
    "slipstream": r"POST /api/v4/(soundtrack/video|download)",
}
"""Request lines of what costs something; of Slipstream, of what it is given to do."""
TAIL_BYTES = 600
"""Of a stream: its events after the first few say the same again."""


@dataclass
class Found:
    """What a sweep found."""

    points: int = 0
    doubles: int = 0
    finished: int = 0
    """Done in the second run, at the latest."""
    unknown: int = 0
    begun_unknown: int = 0
    """Of these, really begun."""
    untold: list[str] = field(default_factory=list)
    """Cuts after which something was begun and the first run neither finished nor said that it is not known."""
    odd: list[str] = field(default_factory=list)
    """Ends that are neither a take nor told as unknown."""

    @property
    def good(self) -> bool:
        """Whether the promises hold."""
        return self.points > 0 and self.doubles == 0 and not self.untold and not self.odd


def sweep(box: Sandbox, provider: str, points: int, folder: Path) -> Found:
    """Cut at ``points`` places, evenly over request and reply of each paid call, each with a request and a store of its own."""
    found = Found()
    variable = f"{provider.upper()}_BASE_URL"
    port = urlsplit(box.environment[variable]).port
    assert port is not None
    with wire(port, PAID[provider]) as cutter, sweeper(box, {variable: f"http://127.0.0.1:{cutter.port}"}) as do:
        first = do(home=str(folder / "first"), provider=provider, ask=asked(provider, "first", folder))
        assert first["told"]["state"] == "done", first
        calls = [(there, min(back, TAIL_BYTES)) for there, back in cutter.calls]
        for number, cut in enumerate(_cuts(calls, points)):
            _cut_and_go_on(do, box, cutter, found, provider=provider, cut=cut, home=folder / f"{number}", folder=folder)
    return found


def _cuts(calls: list[tuple[int, int]], points: int) -> list[Cut]:
    """Return cuts, half of them in requests, half in replies, from the first byte to the last."""
    each = -(-points // (2 * len(calls)))
    return [
        Cut(call, where, round(size * number / max(each - 1, 1)))
        for call, sizes in enumerate(calls)
        for where, size in zip(("request", "reply"), sizes, strict=True)
        for number in range(each)
    ]  # fmt: skip


def _cut_and_go_on(
    do: Any, box: Sandbox, cutter: Cutter, found: Found, *, provider: str, cut: Cut, home: Path, folder: Path
) -> None:
    before = len(begun(box, provider))
    task = {"home": str(home), "provider": provider, "ask": asked(provider, f"cut {home.name}", folder)}
    cutter.count_anew(cut)
    told = do(**task)["told"]
    made = cutter.done
    cutter.count_anew(None)
    if not made:
        return  # the reply was shorter this time
    found.points += 1
    paid = begun(box, provider)[before:]
    if len(paid) > cut.call and told["state"] != "done" and told["error"] != "JobStateUnknownError":
        found.untold.append(f"{cut}: {told['state']} {told['message']}")
    told = do(**task)["told"]
    names = [(one["what"], json.dumps(one["body"], sort_keys=True)) for one in begun(box, provider)[before:]]
    found.doubles += len(names) - len(set(names))
    if told["state"] == "done":
        found.finished += 1
    elif told["error"] == "JobStateUnknownError":
        found.unknown, found.begun_unknown = found.unknown + 1, found.begun_unknown + (len(paid) > cut.call)
    else:
        found.odd.append(f"{cut}: {told['state']} {told['message']}")


def main() -> None:
    """Sweep all services, or those that are named."""
    words = sys.argv[1:]
    points = int(words[0]) if words else 80
    bad = False
    with TemporaryDirectory() as folder, quick_sandbox(Path(folder) / "music") as box:
        for provider in words[1:] or tuple(PAID):
            began = time.monotonic()
            place = Path(folder) / provider
            place.mkdir()
            found = sweep(box, provider, points, place)
            sys.stdout.write(f"{provider:<11} {found}  {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
            bad = bad or not found.good
    sys.exit(bad)


if __name__ == "__main__":
    main()
