"""Runs all benches, or those that are named; ends with 1 if a bar is missed."""

from __future__ import annotations

import sys
from collections.abc import Callable


def export() -> bool:
    """Export of a cut against its peers."""
    from benchmarks.export.measure import main

    return main()


def reading() -> bool:
    """What the plug-in costs those who do not ask it."""
    from benchmarks.reading import main

    return main()


def composing() -> bool:
    """Composing and rendering against real time."""
    from benchmarks.composing import main

    return main()


def sync() -> bool:
    """Cuts on beats, and cuts heard in the written audio."""
    from benchmarks.sync import main

    return main()


def moods() -> bool:
    """Moods told apart by what is measured on their sound."""
    from benchmarks.moods import main

    return main()


def visuals() -> bool:
    """Branded videos against moviepy's usual way."""
    from benchmarks.visuals import main

    return main()


def library() -> bool:
    """A query in a library of 100,000 tracks, and what its index takes."""
    from benchmarks.library import main

    return main()


BENCHES: dict[str, Callable[[], bool]] = {
    "reading": reading,
    "composing": composing,
    "sync": sync,
    "moods": moods,
    "visuals": visuals,
    "library": library,
    "export": export,
}


def run(names: list[str]) -> int:
    """Run benches by name; return the exit code."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    held = [BENCHES[name]() for name in names or BENCHES]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
