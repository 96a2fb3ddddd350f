"""The cost follows the source that is used, not the number of cuts: few open files, bounded memory, each frame decoded once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
from bisect import bisect_right
from fractions import Fraction
from pathlib import Path

import pytest
from numpy import float32, uint8
from numpy.typing import NDArray

from otio_soundtrack.picture.crew import worker_count
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.mix import OPEN_SOUNDS
from otio_soundtrack.picture.task import OPEN_SOURCES
from otio_soundtrack.tools.media.index import picture_index
from tests.media.movies import numbered_movie
from tests.picture.cutting import cut_list, layer

ROOT = Path(__file__).resolve().parents[2]
PAL = Fraction(25)


class Nobody:
    """A meter that looks away: frames must be made for it, and nothing else."""

    def measure(self, thumbs: NDArray[uint8], _before: NDArray[uint8] | None, /) -> NDArray[float32]:
        """Return something of the right shape."""
        return thumbs[:, :1].astype(float32)

    def finish(self, table: NDArray[float32], /) -> None:
        """Take the table."""
        self.rows = len(table)


def test_a_thousand_cuts_decode_each_needed_frame_once(footage: dict[str, Path]) -> None:
    """Frames decoded ≤ 1.1 × the source frames between the key frame before each cut and its end, each counted once."""
    chance = random.Random(3)
    starts = [Fraction(chance.randrange(0, 980), 25) for _ in range(1000)]
    meter = Nobody()
    cuts = cut_list(25.0, *((12, [layer(footage["pal"], at)]) for at in starts))
    stats = export_counted(cuts, None, height=18, frame_meter=meter)[1]
    keys = picture_index(footage["pal"]).keys
    needed: set[int] = set()
    for at in starts:
        key = keys[bisect_right(keys, at) - 1]
        needed.update(range(int(key * 25), min(1000, int(at * 25) + 12)))
    assert meter.rows == 12_000
    assert stats.decoded <= 1.1 * len(needed)


def test_distant_frames_are_reached_by_seeking(tmp_path: Path) -> None:
    """Fast playback jumps from key frame to key frame instead of decoding all between them."""
    every_second = {"g": "25", "sc_threshold": "0"}
    source = numbered_movie(tmp_path / "keys.mp4", source=1, frames=1000, rate=PAL, size=(64, 36), options=every_second)
    stats = export_counted(cut_list(25.0, (10, [layer(source, 0, 100)])), None, height=18, frame_meter=Nobody())[1]
    assert stats.decoded <= 10 * 3


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files as Linux shows them")
def test_five_thousand_cuts_need_no_more_files_and_memory_than_fifty(tmp_path: Path) -> None:
    """Files open beyond those before, and peak memory, of 5,000 cuts from 40 sources, a thousand with sound, against 50 cuts."""
    _, little = used(tmp_path, 50)
    files, much = used(tmp_path, 5000)
    assert files <= worker_count() * OPEN_SOURCES + OPEN_SOUNDS + 4
    # the plan and the tables of packets grow, pictures do not
    assert much <= little + 100_000


def used(folder: Path, cuts: int) -> tuple[int, int]:
    """Export in a process of its own; return the most open files and the peak memory in kilobytes."""
    body = """
        import random, resource, sys, os
        from fractions import Fraction
        from pathlib import Path
        from cutting import cut_list, layer, sounding
        from media.movies import clicks, numbered_movie
        from otio_soundtrack.picture.export import export_cut
        folder, count = Path(sys.argv[1]), int(sys.argv[2])
        sources = [folder / f"{k}.mp4" for k in range(40)]
        for k, source in enumerate(sources):
            if not source.exists():
                quiet = clicks(48000, [100])
                numbered_movie(source, source=k % 8, frames=50, rate=Fraction(25), size=(64, 36), sound=quiet)
        chance = random.Random(count)
        taken = [(chance.choice(sources), Fraction(chance.randrange(46), 25)) for _ in range(count)]
        heard = [k for k in range(count) if k % 5 == 0]  # most of the time goes into opening them: a fifth shows the same
        sounds = [sounding(taken[k][0], Fraction(4 * k, 25), Fraction(4, 25), taken[k][1]) for k in heard]
        most, before = 0, len(os.listdir("/proc/self/fd"))
        def look(step, share):
            global most
            most = max(most, len(os.listdir("/proc/self/fd")))
        cuts = cut_list(25.0, *((4, [layer(s, at)]) for s, at in taken), audio=sounds)
        export_cut(cuts, folder / "o.mp4", height=36, progress=look)
        print(most - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    path = os.pathsep.join(map(str, [ROOT, ROOT / "tests", ROOT / "tests" / "picture"]))
    command = [sys.executable, "-c", textwrap.dedent(body), str(folder), str(cuts)]
    child = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True)
    files, memory = child.stdout.split()
    return int(files), int(memory)
