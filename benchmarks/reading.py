"""What the installed plug-in costs a program that does not ask it: reading 10,000 clips, whole process, with and without us.

Both sides are the same process with the same packages; without us, our entry point is taken out of what OTIO finds. CPU
seconds of the child, the two sides in turn, so that what else the machine does hits both.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

CLIPS = 10_000
RUNS = 15
"""Of each side."""
BAR = 1.02
"""Largest ratio that the project allows itself."""

CHILD = """
import sys
from opentimelineio.plugins import manifest
import opentimelineio as otio
if sys.argv[2] == "without":
    found = manifest.plugin_entry_points
    manifest.plugin_entry_points = lambda: [one for one in found() if one.name != "otio_soundtrack"]
timeline = otio.adapters.read_from_file(sys.argv[1])
assert ("soundtrack_score" in otio.hooks.available_hookscript_names()) == (sys.argv[2] == "with")
assert len(timeline.tracks[0]) == 10_000
"""


def long_timeline(path: Path) -> None:
    """Write a timeline of CLIPS clips with references and metadata, as an editor's export holds them."""
    track = otio.schema.Track("V1", kind="Video")
    for number in range(CLIPS):
        span = TimeRange(RationalTime(number, 24), RationalTime(24, 24))
        reference = otio.schema.ExternalReference(f"file:///media/shot_{number:05d}.mov", span)
        track.append(
            otio.schema.Clip(f"shot_{number:05d}", reference, span, metadata={"reel": f"A{number:03d}", "note": "x" * 40})
        )
    timeline = otio.schema.Timeline("long")
    timeline.tracks.append(track)
    timeline.to_json_file(str(path))


def child_seconds(path: Path, side: str) -> float:
    """Return CPU seconds of one whole process that reads the timeline."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", CHILD, str(path), side], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> bool:
    """Print the ratio; return whether it is within the bar."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.otio"
        long_timeline(path)
        child_seconds(path, "with")  # both sides find warm files
        pairs = [(child_seconds(path, "with"), child_seconds(path, "without")) for _ in range(RUNS)]
    given, plain = (median(side) for side in zip(*pairs, strict=True))
    best = min(pair[0] for pair in pairs) / min(pair[1] for pair in pairs)
    print(f"reading {CLIPS} clips, CPU s: {given:.3f} with the plug-in, {plain:.3f} without")
    print(f"ratio of medians {given / plain:.3f}, of best runs {best:.3f} (bar {BAR})")
    return best <= BAR


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
