"""Pictures of one file with another sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.sandbox.music import take
from otio_soundtrack.sandbox.visual import SOUND_BITS, encoded, visual
from otio_soundtrack.tools.media.probe import probe
from otio_soundtrack.tools.media.remux import write_with_sound
from otio_soundtrack.tools.media.sound import SoundReader
from otio_soundtrack.tools.media.writer import counted_frames
from otio_soundtrack.tools.waveform import write_wav

RATE = 48_000


def tone(seconds: float) -> np.ndarray:  # type: ignore[type-arg]
    """Return a tone of 440 Hz, stereo."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.repeat(0.5 * np.sin(2 * np.pi * 440 * time)[:, None], 2, axis=1).astype(np.float32)


def test_the_pictures_stay_and_the_sound_is_another(tmp_path: Path) -> None:
    """As many pictures as before, the tone from its first sample on."""
    source = visual(take("calm", 2.0, 1), ("card",), tmp_path)
    sound = tone(2.0)
    path = tmp_path / "with-tone.mp4"
    write_with_sound(path, source, encoded(sound), samples=len(sound), sound_bit_rate=SOUND_BITS)
    assert counted_frames(path) == counted_frames(source) == 50
    assert probe(path).rate == probe(source).rate
    reader = SoundReader(path)
    heard = reader.read(0, len(sound))
    reader.close()
    middle = slice(RATE // 2, RATE)
    assert np.corrcoef(heard[middle, 0], sound[middle, 0])[0, 1] > 0.999


def test_a_file_without_pictures_is_refused(tmp_path: Path) -> None:
    """Typed, with the file's name."""
    source = tmp_path / "sound.wav"
    write_wav(source, tone(1.0))
    with pytest.raises(UnreadableMediaError, match="no pictures"):
        write_with_sound(tmp_path / "out.mp4", source, iter(()), samples=0, sound_bit_rate=SOUND_BITS)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """Typed."""
    source = tmp_path / "page.mp4"
    source.write_text("<html>")
    with pytest.raises(UnreadableMediaError):
        write_with_sound(tmp_path / "out.mp4", source, iter(()), samples=0, sound_bit_rate=SOUND_BITS)
