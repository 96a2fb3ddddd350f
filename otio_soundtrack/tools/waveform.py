"""Sound files: the one door to libsndfile, which reads them (floor 2).

We deliver one format only, the one that editing systems take without a question: RIFF WAV, plain PCM, 48 kHz, 24 bits, stereo,
no further chunks. The samples are rounded to 24 bits here and written with the standard library: the bytes are the same
everywhere, and a full disk is an ``OSError`` with its reason, which libsndfile would swallow.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from otio_soundtrack.errors import StoreError, UnreadableMediaError
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import written_whole

FULL_SCALE = 1 << 23
"""Steps of a 24-bit sample on either side of zero."""
BLOCK_SAMPLES = 1 << 16
"""Samples that are read or written at a time: 1.4 s, half a megabyte of float32 stereo."""

_SAMPLE_BYTES = 3
"""Bytes of a 24-bit sample."""


@dataclass(frozen=True, kw_only=True)
class WaveShape:
    """What the header of a sound file says."""

    samples: int
    """Length in samples of one channel."""
    sample_rate: int
    """Hertz."""
    channels: int


def quantised(samples: NDArray[np.floating[Any]]) -> NDArray[np.int32]:
    """Return samples as 24-bit steps: rounded half to even, limited to full scale.

    Args:
        samples: floats, full scale ±1.0, any shape.

    Returns:
        int32 of the same shape, −8388608 to 8388607; divided by 2²³ it is what a reader of the file gets, exact in float32.
    """
    steps = samples * samples.dtype.type(FULL_SCALE)  # a power of two: exact in any precision
    np.rint(steps, out=steps)
    return np.clip(steps, -FULL_SCALE, FULL_SCALE - 1, out=steps).astype(np.int32)


def write_wav(path: Path, sound: Sound | NDArray[np.floating[Any]]) -> None:
    """Write a music file whole or not at all: 48 kHz, 24-bit PCM, stereo.

    Args:
        path: file to write, its folder is made where missing.
        sound: float32 or float64, full scale ±1.0; what is above is limited. It is read block by block.

    Raises:
        StoreError: the file cannot be written.
        ValueError: not stereo, or not finite.
    """
    with written_whole(path) as scratch, scratch.open("wb") as stream, wave.open(stream, "wb") as file:
        file.setparams((2, _SAMPLE_BYTES, SAMPLE_RATE_HZ, len(sound), "NONE", ""))
        for start in range(0, len(sound), BLOCK_SAMPLES):
            block = sound[start : start + BLOCK_SAMPLES]
            if block.ndim != 2 or block.shape[1] != 2:
                raise ValueError(f"music files are stereo [shape=(samples, 2)], got shape {block.shape}")
            if not np.isfinite(block).all():
                raise ValueError("music to be written holds values that are not finite numbers")
            file.writeframesraw(_packed(quantised(block)))


def write_mp3(path: Path, sound: Sound | NDArray[np.floating[Any]]) -> None:
    """Write an MP3 file whole or not at all: 48 kHz, stereo, as libsndfile's encoder makes it; its length is told in its header.

    Only the sandbox delivers such files: what we lay into a timeline is WAV.

    Args:
        path: file to write, its folder is made where missing.
        sound: [shape=(samples, 2)], full scale ±1.0.

    Raises:
        StoreError: the file cannot be written.
    """
    with written_whole(path) as scratch:
        try:
            with soundfile.SoundFile(scratch, "w", samplerate=SAMPLE_RATE_HZ, channels=2, format="MP3") as file:
                for start in range(0, len(sound), BLOCK_SAMPLES):
                    file.write(sound[start : start + BLOCK_SAMPLES])
        except soundfile.LibsndfileError as error:
            raise StoreError(f"could not write {path}: {str(error).rstrip('.')}.", hint="Is there room on the disk?") from error


def _packed(steps: NDArray[np.int32]) -> bytes:
    """Return 24-bit steps as little-endian groups of three bytes."""
    four_bytes = np.ascontiguousarray(steps, "<i4").reshape(-1, 1).view(np.uint8)
    return four_bytes[:, :_SAMPLE_BYTES].tobytes()


def wave_shape(path: Path) -> WaveShape:
    """Return length, rate and channels of a sound file.

    Raises:
        UnreadableMediaError: no such file, or not a sound file that can be read.
    """
    with _opened(path) as sound:
        return WaveShape(samples=sound.frames, sample_rate=sound.samplerate, channels=sound.channels)


def blocks(path: Path, *, size: int = BLOCK_SAMPLES, handles: Handles = NO_HANDLES) -> Iterator[NDArray[np.float32]]:
    """Yield a sound file stretch by stretch.

    Args:
        path: any format that libsndfile reads.
        size: samples a stretch; the last is shorter.
        handles: what lies before and after the cue in the file: it is left out.

    Yields:
        float32 [shape=(samples, channels)], full scale ±1.0.

    Raises:
        UnreadableMediaError: no such file, not a sound file, or damaged.
    """
    with _opened(path) as sound:
        left = sound.frames - handles.tail_samples - handles.head_samples
        sound.seek(min(handles.head_samples, sound.frames))
        while True:
            try:
                block = np.asarray(sound.read(max(0, min(size, left)), dtype="float32", always_2d=True), np.float32)
            except soundfile.LibsndfileError as error:
                raise _unreadable(path, error) from error
            if not len(block):
                return
            left -= len(block)
            yield block


class WaveFile:
    """A sound file as a :class:`otio_soundtrack.model.sound.Sound`: what is asked for is read then, and not kept."""

    def __init__(self, path: Path, *, handles: Handles = NO_HANDLES) -> None:
        """Take a file, without its handles.

        Raises:
            UnreadableMediaError: no such file, or not a sound file.
        """
        self._path, self._first = path, handles.head_samples
        self._length = max(0, wave_shape(path).samples - handles.samples(0))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, stretch: slice) -> NDArray[np.float32]:
        """Return the samples ``start:stop`` [shape=(samples, channels)]."""
        first, after, _ = stretch.indices(self._length)
        with _opened(self._path) as sound:
            try:
                sound.seek(self._first + first)
                return np.asarray(sound.read(max(0, after - first), dtype="float32", always_2d=True), np.float32)
            except soundfile.LibsndfileError as error:
                raise _unreadable(self._path, error) from error


def read_wav(path: Path) -> tuple[NDArray[np.float32], int]:
    """Return a whole sound file and its rate.

    Returns:
        float32 [shape=(samples, channels)] with full scale ±1.0, and hertz.

    Raises:
        UnreadableMediaError: no such file, not a sound file, or damaged.
    """
    shape = wave_shape(path)
    parts = list(blocks(path))
    return (np.concatenate(parts) if parts else np.zeros((0, shape.channels), np.float32)), shape.sample_rate


def decoded(content: bytes, *, most: int) -> NDArray[np.float32]:
    """Return a sound that lies inside of another file.

    Args:
        content: a whole file of any format that libsndfile reads.
        most: samples that are believed; a longer sound is a damaged one.

    Returns:
        float32 [shape=(samples, channels)], full scale ±1.0.

    Raises:
        UnreadableMediaError: not a sound, damaged, or longer.
    """
    parts, samples = [], 0
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as sound:
            while len(block := sound.read(BLOCK_SAMPLES, dtype="float32", always_2d=True)):
                parts.append(block)
                samples += len(block)
                if samples > most:
                    raise UnreadableMediaError(f"the sound is longer than {most} samples.")
    except soundfile.LibsndfileError as error:
        raise UnreadableMediaError(f"this is no sound: {str(error).rstrip('.')}.") from error
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def _opened(path: Path) -> soundfile.SoundFile:
    try:
        return soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> UnreadableMediaError:
    if not path.is_file():
        return UnreadableMediaError(f"there is no sound file at {path}.", hint="Check the path.")
    return UnreadableMediaError(
        f"{path} cannot be read as sound: {str(error).rstrip('.')}.", hint="Is it a complete WAV, FLAC, Ogg or MP3 file?"
    )
