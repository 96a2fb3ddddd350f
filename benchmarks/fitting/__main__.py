"""The bars of fitting, ``python -m benchmarks.fitting [tuned-on | held-out] [--every N]``: ends with 1 where one is missed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fitting.lengths import Run, runs
from benchmarks.fitting.table import bars, peers, warned
from benchmarks.fitting.tracks import HELD_OUT, TUNED_ON, Track, tracks

SETS = {"tuned-on": TUNED_ON, "held-out": HELD_OUT}


def measured(chosen: list[Track]) -> list[Run]:
    """Fit every track to its lengths."""
    found = []
    with TemporaryDirectory() as folder:
        for track in chosen:
            found.append(runs(track, Path(folder)))
            print(f"  {found[-1].line()}", flush=True)
    return found


def main(asked: argparse.Namespace) -> bool:
    """Print the table of every set; return whether all bars are held."""
    held = True
    for name, wanted in SETS.items():
        if asked.set not in (None, name):
            continue
        print(f"{name}:")
        found = measured(tracks(wanted)[:: asked.every])
        for bar in bars(found):
            side = "≤" if bar.at_most else "≥"
            print(f"{bar.name:62s} {bar.found:9.3f}   {side} {bar.bar:7.3f}   {'held' if bar.held else 'MISSED'}")
        held &= all(bar.held for bar in bars(found))
        print(warned(found))
        print(peers(found))
    return held


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", nargs="?", choices=sorted(SETS), help="one set of tracks alone")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every N-th track")
    sys.exit(0 if main(parser.parse_args()) else 1)
