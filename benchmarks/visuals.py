"""Branded video against moviepy's usual way: writing and picture composited for every frame. Ratios of CPU time, one run.

Both draw the same stills (ground, disc, waveform, title, signature, watermark), the spectrum at every frame and the time that has
gone, at 1920×1080 and 30 frames a second, and encode with x264's ``veryfast`` at the same quality.
"""

from __future__ import annotations

import os
import resource
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.titles import Writing, written
from otio_soundtrack.tools.typeface import face_for
from otio_soundtrack.visual.film import frames_for, write_film
from otio_soundtrack.visual.frames import Frames, clock
from otio_soundtrack.visual.layout import layout
from otio_soundtrack.visual.movement import heights, spectra
from otio_soundtrack.visual.painting import Ground, bars_picture, columns_of, disc_picture, wave_picture
from otio_soundtrack.visual.palette import Passage
from otio_soundtrack.visual.scene import Scene, Shown, Words

SECONDS, PEER_SECONDS = 20, 3
"""Of music that we show, and of it that moviepy shows: its frames cost the same each."""
RATE = Fraction(30)
LEAST_RATIO = 4.0
"""Bar: how many times less CPU time a frame costs here."""
LEAST_SPEED = 1.5
"""Bar: times real time on one core."""
_COLOUR = (238, 98, 72)


def music(seconds: float) -> Samples:
    """Return chords with a beat."""
    at = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (110, 220, 277.2, 329.6, 880, 3520))
    wave = 0.1 * chord * (0.3 + 0.7 * np.exp(-4 * (at % 0.5)))
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def cpu() -> float:
    """Return the CPU seconds of this process and of the encoders that it has started."""
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def scene(sound: Samples) -> Scene:
    """Return the scene of the race."""
    place = layout("16:9", 1080)
    seconds = len(sound) / SAMPLE_RATE_HZ
    return Scene(
        layout=place,
        words=Words(
            title=face_for("Night Shift"), author=face_for("Studio Nord"), watermark=face_for("nord.example"), length="0:20"
        ),
        shown=Shown(
            levels=spectra(sound, RATE, frames_for(len(sound), RATE), place.bands),
            heights=heights(sound, columns_of(place.wave, place.scale)),
            passages=[Passage(0, _COLOUR)],
            seconds=seconds,
        ),
        cover=None,
    )


def ours(folder: Path) -> float:
    """Return our CPU seconds a frame, everything counted: measuring the music, painting, drawing, encoding picture and sound."""
    sound, before = music(SECONDS), cpu()
    frames = Frames(scene(sound), RATE)
    count = frames_for(len(sound), RATE)
    write_film(folder / "ours.mp4", frames, count, sound, lambda _step, _share: None)
    return (cpu() - before) / count


def moviepys(folder: Path) -> float:
    """Return the CPU seconds a frame of moviepy's own way; what stands still is painted before the clock starts."""
    from moviepy import CompositeVideoClip, ImageClip, TextClip, VideoClip

    made = scene(music(PEER_SECONDS))
    place, shown = made.layout, made.shown
    colours = np.tile(np.array(_COLOUR, np.float32), (64, 1))
    ground = Ground(place, None).picture(_COLOUR)
    disc = disc_picture(place.art.width, shown.levels[:64], colours, lit=True)
    wave = wave_picture(place.wave, shown.heights, np.tile(colours[:1], (len(shown.heights), 1)), lit=True)
    bars = bars_picture(place.bars, place.bands, _COLOUR, lit=True)
    title = written(Writing(lines=("Night Shift",), letter=88, font=None))

    def spectrum(at: float) -> NDArray[np.uint8]:
        levels = shown.levels[min(int(at * RATE), len(shown.levels) - 1)]
        column = np.minimum(np.arange(place.bars.width) * place.bands // place.bars.width, place.bands - 1)
        lit = np.arange(place.bars.height, 0, -1)[:, None] <= levels[column][None, :] * place.bars.height
        return np.where(
            lit[..., None], bars[..., :3], ground[place.bars.top : place.bars.bottom, place.bars.left : place.bars.right]
        )

    before = cpu()
    clips = [
        ImageClip(ground),
        ImageClip(disc).with_position((place.art.left, place.art.top)),
        ImageClip(wave).with_position((place.wave.left, place.wave.top)),
        VideoClip(spectrum).with_position((place.bars.left, place.bars.top)),
        ImageClip(title).with_position((place.title.left, place.title.top)),
        TextClip(text="Studio Nord", font_size=38, color="white").with_position((place.author.left, place.author.top)),
        *(
            TextClip(text=clock(second), font_size=26, color="white", duration=1)
            .with_start(second)
            .with_position((place.clocks.left, place.clocks.top))
            for second in range(PEER_SECONDS)
        ),
    ]
    whole = CompositeVideoClip([one if one.duration else one.with_duration(PEER_SECONDS) for one in clips], size=(1920, 1080))
    whole.with_duration(PEER_SECONDS).write_videofile(
        str(folder / "peer.mp4"),
        fps=float(RATE),
        preset="veryfast",
        ffmpeg_params=["-crf", "19"],
        threads=1,
        audio=False,
        logger=None,
    )
    return (cpu() - before) / (PEER_SECONDS * RATE)


def main() -> bool:
    """Run both and tell the ratio."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        here, there = ours(Path(folder)), moviepys(Path(folder))
    speed = float(1 / RATE) / here
    held = there / here >= LEAST_RATIO and speed >= LEAST_SPEED
    print(f"branded video, 1080p30: {here * 1000:.1f} ms of CPU a frame, {speed:.1f} × real time on one core; stills included")
    print(f"moviepy, composited for every frame: {there * 1000:.1f} ms, {there / here:.1f} × ours (bar {LEAST_RATIO:g})")
    print("held" if held else "MISSED")
    return held
