"""Six sources of a minute each, as editors have them, in which every frame carries its number; made once, on demand."""

from __future__ import annotations

import subprocess
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.media.barcode import BARS, bits

FOLDER = Path("bench-output") / "media"
SECONDS = 60
_GOP = 250
"""Frames between key frames: x264's default, what cameras and stock houses deliver."""
_SHARE = 6
"""The code takes one in so many lines, as :mod:`tests.media.barcode` reads it."""


@dataclass(frozen=True)
class Shot:
    """A source of the bench."""

    number: int
    width: int
    height: int
    rate: Fraction
    pattern: str
    """What ffmpeg's generators draw."""
    sound_hz: int = 48_000
    channels: int = 2

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FOLDER / f"source{self.number}.mp4"

    @property
    def frames(self) -> int:
        """Length."""
        return round(SECONDS * self.rate)


NTSC = Fraction(30_000, 1001)
_ZOOM = "mandelbrot=s=480x270:r=25:maxiter=600:end_scale=0.0001:end_pts=1500,scale=1920:1080,noise=alls=8:allf=t"
_LIFE = "life=s=320x180:r=30000/1001:mold=10:ratio=0.1:death_color=#C83232:life_color=#00ff88:seed=4,scale=1280:720"
SHOTS = (
    Shot(0, 1280, 720, Fraction(24), "testsrc2=s=1280x720:r=24,noise=alls=10:allf=t"),
    Shot(1, 1920, 1080, Fraction(25), _ZOOM),
    Shot(2, 1280, 720, NTSC, f"{_LIFE},noise=alls=6:allf=t", 44_100),
    Shot(3, 1920, 1080, Fraction(24), "testsrc2=s=1920x1080:r=24,hue=H=0.7*t,noise=alls=12:allf=t"),
    Shot(4, 1920, 1080, NTSC, "gradients=s=480x270:r=30000/1001:speed=0.05:n=5:seed=3,scale=1920:1080,noise=alls=14:allf=t"),
    Shot(5, 1280, 720, Fraction(25), "testsrc2=s=1280x720:r=25,hue=H=floor(t/3)*1.3,noise=alls=10:allf=t", 48_000, 1),
)


def make_all(ffmpeg: str) -> None:
    """Make the sources that are not there yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        if not shot.path.exists():
            print(f"making {shot.path} (once)")
            _make(ffmpeg, shot)


def _make(ffmpeg: str, shot: Shot) -> None:
    sound = shot.path.with_suffix(".wav")
    _babble(sound, shot)
    scratch = shot.path.with_suffix(".part.mp4")
    bit_rate = "16M" if shot.height > 720 else "8M"
    rate = f"{shot.rate.numerator}/{shot.rate.denominator}"
    command = [ffmpeg, "-y", "-v", "error", "-f", "lavfi", "-i", shot.pattern]
    command += ["-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{BARS}x1", "-r", rate, "-i", "-", "-i", str(sound)]
    bars = f"[1:v]scale={shot.width}:{shot.height // _SHARE}:flags=neighbor,format=yuv420p[b]"
    graph = f"[0:v]format=yuv420p[a];{bars};[a][b]overlay=0:0:shortest=1,format=yuv420p[v]"
    command += ["-filter_complex", graph, "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "veryfast"]
    command += ["-refs", "2", "-bf", "3", "-g", str(_GOP), "-b:v", bit_rate, "-maxrate", bit_rate, "-bufsize", "32M"]
    command += ["-frames:v", str(shot.frames), "-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", str(scratch)]
    # one row of pixels a frame; ffmpeg stretches it to bars
    rows = bytes(255 * bit for number in range(shot.frames + 60) for bit in bits(shot.number, number))
    subprocess.run(command, input=rows, check=True)
    scratch.replace(shot.path)
    sound.unlink()


def _babble(path: Path, shot: Shot) -> None:
    """Write sound with syllables: a buzz with formants that comes and goes four times a second."""
    random = np.random.default_rng(shot.number)
    at = np.arange(SECONDS * shot.sound_hz) / shot.sound_hz
    pitch = 95 + 22 * shot.number
    buzz = sum(np.sin(2 * np.pi * pitch * k * at + random.uniform(0, 6)) / k for k in range(1, 24))
    syllables = np.interp(at * 4, np.arange(SECONDS * 4 + 1), random.uniform(0, 1, SECONDS * 4 + 1))
    signal = 0.08 * buzz * syllables + 0.02 * random.standard_normal(len(at))
    pcm = np.repeat((np.clip(signal, -1, 1) * 32_000).astype("<i2")[:, None], shot.channels, axis=1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(shot.channels)
        file.setsampwidth(2)
        file.setframerate(shot.sound_hz)
        file.writeframes(pcm.tobytes())


if __name__ == "__main__":
    import imageio_ffmpeg

    make_all(imageio_ffmpeg.get_ffmpeg_exe())
