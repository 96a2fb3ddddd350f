"""Builders of movies, stills and sequences whose frames carry their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.media.barcode import painted

SIZE = (320, 180)
"""Width and height of test pictures."""
SOUND_BLOCK = 1024


def picture(
    source: int, number: int, size: tuple[int, int] = SIZE, *, shade: int | None = None, grain: int = 0
) -> NDArray[np.uint8]:
    """Return yuv420p planes of a numbered frame: the code above, below it a ramp that moves with the number, or one shade."""
    width, height = size
    planes = np.full((height * 3 // 2, width), 128, np.uint8)
    if shade is None:
        slope = np.arange(width)[None, :] // 4 + np.arange(height)[:, None] // 2
        planes[:height] = 40 + (slope + number * 3) % 160
    else:
        planes[:height] = shade
    if grain:
        noise = np.random.default_rng(number).integers(-grain, grain + 1, (height, width))
        planes[:height] = np.clip(planes[:height] + noise, 16, 235)
    painted(planes[:height], source, number)
    return planes


def numbered_movie(
    path: Path,
    *,
    source: int,
    frames: int,
    rate: Fraction,
    size: tuple[int, int] = SIZE,
    key_every: int = 60,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    options: dict[str, str] | None = None,
    shade: Callable[[int], int] | None = None,
    grain: int = 0,
    stamps: Sequence[int] | None = None,
    base: Fraction | None = None,
    rotation: int | None = None,
    pixel_aspect: Fraction | None = None,
    sound: NDArray[np.float32] | None = None,
    sound_rate: int = 48_000,
    sound_codec: str = "aac",
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write a movie; ``stamps`` in units of ``base`` make it variable in rate; ``sound`` is [shape=(samples, channels)]."""
    container_options = {"movflags": "+use_metadata_tags"} if path.suffix == ".mp4" else {}
    with av.open(f"file:{path}", "w", options=container_options) as container:
        container.metadata.update(metadata or {})
        video = container.add_stream(codec, rate=rate)
        video.width, video.height = size
        video.pix_fmt = pixels
        if codec == "libx264":
            video.options = {"g": str(key_every), "bf": "3", "preset": "veryfast", "crf": "18", **(options or {})}
        elif options:
            video.options = options
        video.codec_context.time_base = base or 1 / rate
        video.codec_context.thread_count = 1
        if pixel_aspect is not None:
            video.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation is not None:
            video.set_display_rotation(rotation)
        audio = None
        if sound is not None:
            audio = container.add_stream(sound_codec, rate=sound_rate, layout="mono" if sound.shape[1] == 1 else "stereo")
        for number in range(frames):
            planes = picture(source, number, size, shade=None if shade is None else shade(number), grain=grain)
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p").reformat(format=pixels)
            frame.pts = number if stamps is None else stamps[number]
            frame.time_base = base or 1 / rate
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound is not None and audio is not None:
            _encode_sound(container, audio, sound, sound_rate)
    return path


def sound_file(path: Path, sound: NDArray[np.float32], rate: int, codec: str = "pcm_s16le") -> Path:
    """Write a sound file."""
    with av.open(f"file:{path}", "w") as container:
        audio = container.add_stream(codec, rate=rate, layout="mono" if sound.shape[1] == 1 else "stereo")
        _encode_sound(container, audio, sound, rate)
    return path


def _encode_sound(container: av.container.OutputContainer, audio: av.AudioStream, sound: NDArray[np.float32], rate: int) -> None:
    layout = "mono" if sound.shape[1] == 1 else "stereo"
    for at in range(0, len(sound), SOUND_BLOCK):
        block = sound[at : at + SOUND_BLOCK]
        if audio.codec_context.format.name.startswith("s16"):
            pcm = (np.clip(block, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(pcm, "s16", layout)
        else:
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block.T), "fltp", layout)
        frame.sample_rate = rate
        frame.pts = at
        frame.time_base = Fraction(1, rate)
        container.mux(audio.encode(frame))
    container.mux(audio.encode(None))


def numbered_stills(folder: Path, *, source: int, numbers: Sequence[int], name: str = "shot.{:04d}.png") -> list[Path]:
    """Write one PNG for each number and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in numbers:
        file = folder / name.format(number)
        write_still(file, av.VideoFrame.from_ndarray(picture(source, number), "yuv420p").reformat(format="rgb24"))
        files.append(file)
    return files


def write_still(path: Path, frame: av.VideoFrame, codec: str = "png") -> Path:
    """Write a frame as a picture file."""
    context = av.CodecContext.create(codec, "w")
    context.width, context.height = frame.width, frame.height
    context.pix_fmt = frame.format.name
    context.time_base = Fraction(1, 25)
    path.write_bytes(b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)]))
    return path


def clicks(samples: int, at: Sequence[int], channels: int = 2) -> NDArray[np.float32]:
    """Return silence with single samples of 0.9."""
    sound = np.zeros((samples, channels), np.float32)
    sound[list(at)] = 0.9
    return sound
