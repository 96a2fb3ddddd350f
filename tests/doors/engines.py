"""Engines that other people wrote play scored timelines: the music is where it should be, to a frame.

``python -m tests.doors.engines [NAME …]`` (in ``make sweep``) scores a cut at three rates, with a cue that begins late and files
that have handles, lets GES, melt and Kdenlive play it, and measures by correlation when the music sounds. At 50 s a thousandth,
the difference between 24 and 23.976, is more than a frame. What is not installed is named and left out. Debian: ges1.0-tools, the
gstreamer1.0 plug-ins; melt; kdenlive, xvfb, xauth, xdotool, openbox, dbus.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import opentimelineio as otio
from numpy.typing import NDArray
from opentimelineio.opentime import RationalTime, TimeRange
from scipy.signal import correlate

import otio_soundtrack
from otio_soundtrack.times import frame_samples
from otio_soundtrack.tools.waveform import read_wav
from tests.doors import test_ges
from tests.footage import movie

RATES = {"23.976": Fraction(24_000, 1001), "24": Fraction(24), "29.97 drop-frame": Fraction(30_000, 1001)}
SHOT_S, CUE_S, CUE_LENGTH_S = 28, 50, 5
"""Two shots of so many seconds, a cue from then on, so long."""
AROUND_S = 2
"""How far off the music is looked for."""
HOP = 240
"""Samples of a level: 5 ms, longer than the jitter of an engine that reads its sound frame by frame."""
LIKENESS, QUIET = 0.9, 0.01
"""Correlation with the file that counts as the same music; what may be heard elsewhere, as a share of the loudest."""
PATIENCE_S = 900.0

Render = Callable[[Path, Path, int], NDArray[np.float32]]
"""Scored timeline, folder to work in and frames of the cut → its sound, mono, 48 kHz."""


def scored(folder: Path, rate: Fraction) -> tuple[Path, int, NDArray[np.float32]]:
    """Return a scored timeline, the first frame of its cue, and the sound of its cue without the handles."""
    hz, shot, start = float(rate), round(SHOT_S * rate), round(CUE_S * rate)
    film = movie(folder / "shot.mp4", frames=shot, rate=rate).as_uri()
    edit = otio.schema.Timeline("engines", global_start_time=otio.opentime.from_timecode("01:00:00:00", hz))
    track = otio.schema.Track("V1", kind="Video")
    for number in range(2):
        whole = TimeRange(RationalTime(0, hz), RationalTime(shot, hz))
        track.append(otio.schema.Clip(f"shot {number}", otio.schema.ExternalReference(film, whole), whole))
    edit.tracks.append(track)
    span = (f"{start}f", f"{start + round(CUE_LENGTH_S * rate)}f")
    result = otio_soundtrack.score(edit, folder / "scored.otio", range=span, handles="1s", mood="epic")
    handles, (samples, _) = result.cues[0].active_take.record.handles, read_wav(result.cues[0].audio)
    return folder / "scored.otio", start, samples[handles.head_samples : len(samples) - handles.tail_samples].mean(axis=1)


def by_ges(timeline: Path, folder: Path, _frames: int) -> NDArray[np.float32]:
    """GStreamer Editing Services."""
    return test_ges.render(timeline, folder, timeout=PATIENCE_S)


def by_melt(timeline: Path, folder: Path, frames: int) -> NDArray[np.float32]:
    """MLT, from the project that the adapter writes."""
    return melted(project(timeline, folder), folder, frames)


def by_kdenlive(timeline: Path, folder: Path, frames: int) -> NDArray[np.float32]:
    """Kdenlive opens that project on a screen that nobody sees and saves it as its own; melt plays what it saved."""
    path = project(timeline, folder)
    home = folder / "home"
    (home / ".config").mkdir(parents=True)
    # as after the first start: else it asks who it is for
    (home / ".config" / "kdenliverc").write_text("[version]\nversion=22.12.3\n", encoding="utf-8")
    runtime = folder / "kde"
    runtime.mkdir(mode=0o700)
    given = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", "dbus-run-session", "--"]
    inside = [sys.executable, "-m", "tests.doors.engines", "--save", str(path)]
    done = subprocess.run([*screen, *inside], capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=given)
    if done.returncode:
        raise RuntimeError(f"Kdenlive did not save: {done.stdout[-300:]}{done.stderr[-300:]}")
    return melted(path, folder, frames)


ENGINES: dict[str, tuple[Render, tuple[str, ...]]] = {
    "GES": (by_ges, ("ges-launch-1.0",)),
    "melt": (by_melt, ("melt",)),
    "Kdenlive": (by_kdenlive, ("kdenlive", "melt", "xvfb-run", "xauth", "dbus-run-session", "dbus-send", "xdotool", "openbox")),
}
"""By name: what renders, and the programs that it needs."""


def project(timeline: Path, folder: Path) -> Path:
    """Write a timeline as Kdenlive's adapter does; its banner is kept off the screen."""
    path = folder / "project.kdenlive"
    with contextlib.redirect_stdout(io.StringIO()):
        otio.adapters.write_to_file(otio.adapters.read_from_file(str(timeline)), str(path))
    return path


def melted(path: Path, folder: Path, frames: int) -> NDArray[np.float32]:
    """Return the sound of an MLT project; its black background is longer than the cut."""
    out = folder / "out.wav"
    sound = ["-consumer", f"avformat:{out}", "vn=1", "acodec=pcm_s16le", "ar=48000", "real_time=-1"]
    call = ["melt", "-silent", str(path), "in=0", f"out={frames - 1}", *sound]
    subprocess.run(call, capture_output=True, timeout=PATIENCE_S, check=True)
    return np.asarray(read_wav(out)[0].mean(axis=1), np.float32)


def save(path: Path) -> int:
    """Let Kdenlive open and save a project, inside of a session of its own; called by :func:`by_kdenlive`."""
    before, since = path.read_bytes(), time.monotonic()
    with subprocess.Popen(["openbox"]) as windows, subprocess.Popen(["kdenlive", str(path)]) as kdenlive:
        try:
            window = [f"--dest=org.kde.kdenlive-{kdenlive.pid}", "/kdenlive/MainWindow_1"]
            act = ["dbus-send", "--session", "--type=method_call", *window, "org.kde.KMainWindow.activateAction"]
            while path.read_bytes() == before and time.monotonic() - since < PATIENCE_S / 2 and kdenlive.poll() is None:
                time.sleep(3)
                # the first time it tells that the project is of an older version, and waits until that is read
                subprocess.run([*act, "string:file_save"], check=False, timeout=60)
                time.sleep(3)
                subprocess.run(["xdotool", "key", "Return"], check=False, timeout=60)
        finally:
            kdenlive.kill()  # told to quit it asks again
            windows.kill()
    return int(path.read_bytes() == before)


def level(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the RMS level of every hop."""
    blocks = samples[: len(samples) // HOP * HOP].reshape(-1, HOP).astype(np.float64)
    return np.asarray(np.sqrt((blocks**2).mean(axis=1)))


def measured(heard: NDArray[np.float32], music: NDArray[np.float32], at: int) -> tuple[float, float, float]:
    """Return how late music sounds that should begin at a sample, seconds; how like it is; how loud it is elsewhere."""
    around = AROUND_S * 48_000 // HOP
    first = at // HOP - around
    curve, wanted = level(heard[first * HOP : at + len(music) + around * HOP]), level(music)
    together = correlate(curve - curve.mean(), wanted - wanted.mean(), "valid")
    best = int(np.argmax(together))
    likeness = float(np.corrcoef(curve[best : best + len(wanted)], wanted)[0, 1])
    elsewhere = float(np.abs(heard[: at - 24_000]).max() / np.abs(heard).max())
    return (first + best) * HOP / 48_000 - at / 48_000, likeness, elsewhere


def lines(names: list[str]) -> Iterator[tuple[bool, str]]:
    """Yield whether it went well, and what was measured: a line for each rate and engine."""
    for name, (render, programs) in ENGINES.items():
        absent = [program for program in programs if shutil.which(program) is None]
        if names and name not in names:
            continue
        if absent:
            yield True, f"{name}: left out, not installed: {', '.join(absent)}"
            continue
        for label, rate in RATES.items():
            with TemporaryDirectory(prefix="otio-soundtrack-engines-") as place:
                timeline, start, music = scored(Path(place), rate)
                heard = render(timeline, Path(place), 2 * round(SHOT_S * rate))
                late, likeness, elsewhere = measured(heard, music, frame_samples(start, rate))
            good = abs(late) <= 1 / rate and likeness >= LIKENESS and elsewhere <= QUIET
            yield good, f"{name} at {label}: {1000 * late:+.0f} ms, {float(late * rate):+.2f} frames, likeness {likeness:.3f}"


def main(words: list[str]) -> int:
    """Run; the exit code says whether all went well."""
    if words[:1] == ["--save"]:
        return save(Path(words[1]))
    faults = 0
    for good, line in lines(words):
        print(f"{'ok  ' if good else 'FAIL'} {line}", flush=True)  # noqa: T201
        faults += not good
    return min(1, faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
