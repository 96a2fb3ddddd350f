"""Music files on disk, byte by byte."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from otio_soundtrack.errors import StoreError, UnreadableMediaError
from otio_soundtrack.tools.waveform import WaveFile, blocks, decoded, read_wav, wave_shape, write_wav


def test_the_file_is_plain_pcm_and_nothing_else(tmp_path: Path) -> None:
    """RIFF, one fmt chunk with format tag 1, one data chunk: 48 kHz, 24 bits, stereo."""
    path = tmp_path / "a" / "music.wav"
    write_wav(path, np.zeros((7, 2), np.float32))
    expected = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 42, b"WAVE", b"fmt ", 16, 1, 2, 48_000, 288_000, 6, 24, b"data", 42
    )
    assert path.read_bytes() == expected + bytes(42)


def test_samples_are_rounded_half_to_even_and_limited(tmp_path: Path) -> None:
    """Expected steps are written out by hand."""
    step = 2.0**-23
    given = [0.5 * step, 1.5 * step, 2.5 * step, -0.5 * step, -1.5 * step, 0.49 * step, 2.0, -2.0]
    path = tmp_path / "music.wav"
    write_wav(path, np.array([given, given]).T)
    steps = [int.from_bytes(path.read_bytes()[44 + 6 * n : 47 + 6 * n], "little", signed=True) for n in range(len(given))]
    assert steps == [0, 2, 2, 0, -2, 0, 8_388_607, -8_388_608]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_what_lies_on_the_grid_comes_back_unchanged(tmp_path: Path, kind: type) -> None:
    """24-bit values survive the way to disk and back, longer than one block."""
    steps = np.random.default_rng(1).integers(-(2**23), 2**23, (70_001, 2))
    write_wav(tmp_path / "music.wav", (steps * 2.0**-23).astype(kind))
    back, rate = read_wav(tmp_path / "music.wav")
    assert rate == 48_000
    assert np.array_equal(back * 2.0**23, steps)
    assert wave_shape(tmp_path / "music.wav").samples == 70_001
    assert [len(block) for block in blocks(tmp_path / "music.wav", size=50_000)] == [50_000, 20_001]


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    """No samples, but a header."""
    write_wav(tmp_path / "music.wav", np.zeros((0, 2)))
    assert read_wav(tmp_path / "music.wav")[0].shape == (0, 2)


@pytest.mark.parametrize("bad", [np.zeros(4), np.zeros((4, 1)), np.full((4, 2), np.inf)])
def test_what_is_not_stereo_sound_is_not_written(tmp_path: Path, bad: np.ndarray) -> None:
    """A caller's mistake leaves no file."""
    with pytest.raises(ValueError, match="music"):
        write_wav(tmp_path / "music.wav", bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [None, b"", b"this is text, not sound", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_cannot_be_read_says_so(tmp_path: Path, content: bytes | None) -> None:
    """Absent, empty, foreign and broken files give one clear error with the path."""
    path = tmp_path / "music.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableMediaError, match=r"music\.wav"):
        read_wav(path)


def test_a_folder_that_is_a_file_is_a_store_error_and_keeps_what_was_there(tmp_path: Path) -> None:
    """What stands at the path stays as it was."""
    (tmp_path / "folder").write_text("mine")
    with pytest.raises(StoreError):
        write_wav(tmp_path / "folder" / "music.wav", np.zeros((4, 2)))
    assert (tmp_path / "folder").read_text() == "mine"


def test_a_sound_inside_of_another_file_is_decoded() -> None:
    """FLAC, because it loses nothing: what comes back is what went in."""
    steps = np.random.default_rng(1).integers(-32_768, 32_767, (70_000, 2)).astype(np.int16)
    stream = io.BytesIO()
    soundfile.write(stream, steps, 44_100, format="FLAC", subtype="PCM_16")
    assert np.array_equal(decoded(stream.getvalue(), most=70_000), steps.astype(np.float32) / 32_768)
    with pytest.raises(UnreadableMediaError, match="longer than 69999 samples"):
        decoded(stream.getvalue(), most=69_999)


@pytest.mark.parametrize("content", [b"", b"these are no sounds", b"OggS" + bytes(200)])
def test_what_is_no_sound_cannot_be_decoded(content: bytes) -> None:
    """Nothing, a text, and a damaged Ogg stream."""
    with pytest.raises(UnreadableMediaError, match="no sound"):
        decoded(content, most=1000)


def test_a_file_is_read_where_it_is_asked_and_nowhere_else(tmp_path: Path) -> None:
    """Any stretch equals that stretch of the whole file; beyond its end there is nothing."""
    whole = np.random.default_rng(5).uniform(-0.5, 0.5, (10_000, 2)).astype(np.float32)
    write_wav(tmp_path / "a.wav", whole)
    stored, _ = read_wav(tmp_path / "a.wav")
    sound = WaveFile(tmp_path / "a.wav")
    assert len(sound) == 10_000
    for stretch in (slice(0, 10), slice(9_990, None), slice(3, 9_000), slice(9_999, 20_000), slice(12_000, 13_000)):
        assert np.array_equal(sound[stretch], stored[stretch])
