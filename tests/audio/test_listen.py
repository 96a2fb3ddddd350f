"""Listening and acceptance on files that were built to have exactly one fault."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from otio_soundtrack.audio.acceptance import accept
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.errors import UnreadableMediaError, UnusableTakeError
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import RATE, music, sine

SILENCE = np.zeros((RATE, 2), np.float32)
BURST = np.full((4800, 2), 0.25, np.float32)


def heard(folder: Path, samples: np.ndarray) -> object:
    """Return what is heard on a file of these samples."""
    write_wav(folder / "take.wav", samples)
    return listen(folder / "take.wav")


def test_a_good_take_is_accepted(tmp_path: Path) -> None:
    """Nothing is wrong with music that ends."""
    facts = heard(tmp_path, music(3))
    accept(facts, samples=3 * RATE, ceiling_dbtp=0.0)
    assert (facts.samples, facts.sample_rate, facts.channels, facts.ends) == (3 * RATE, RATE, 2, True)
    assert facts.sha256 == hashlib.sha256((tmp_path / "take.wav").read_bytes()).hexdigest()


def test_silences_are_measured_where_they_are(tmp_path: Path) -> None:
    """Half a second before, 1.5 s between, 0.75 s after the sound."""
    facts = heard(tmp_path, np.concatenate([SILENCE[:24_000], BURST, SILENCE, SILENCE[:24_000], BURST, SILENCE[:36_000]]))
    assert (facts.head_silence, facts.longest_silence, facts.tail_silence) == (0.5, 1.5, 0.75)


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (np.concatenate([SILENCE, SILENCE]), "silent"),
        (np.concatenate([BURST, SILENCE, SILENCE[:4800], music(1)]), "silent for 1.1 s in the middle"),
        (np.clip(music(2) * 6, -1, 1), "clipped"),
        (sine(440, -12, 2.0)[:-6000], "breaks off"),
        (np.concatenate([music(1), SILENCE, SILENCE, SILENCE]), "silent for the last"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, samples: np.ndarray, fault: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(UnusableTakeError, match=fault):
        accept(heard(tmp_path, samples), samples=None, ceiling_dbtp=None)


def test_a_wrong_length_and_a_high_peak_are_both_named(tmp_path: Path) -> None:
    """All faults stand in one line."""
    with pytest.raises(UnusableTakeError, match=r"96000 samples instead of 96001; its true peak is .* above -40\.00"):
        accept(heard(tmp_path, music(2)), samples=96_001, ceiling_dbtp=-40.0)


@pytest.mark.parametrize(("last_db", "ends"), [(-47.0, True), (-30.0, False)])
def test_a_slow_fade_that_has_become_faint_is_an_ending(tmp_path: Path, last_db: float, *, ends: bool) -> None:
    """Long before its last tenth of a second it is far below the music; what is not so faint breaks off."""
    slow = sine(220.0, last_db, 1.5)
    write_wav(tmp_path / "a.wav", np.concatenate([sine(220.0, -1.0, 5.0), slow[:68_000], np.zeros((480, 2), np.float32)]))
    assert listen(tmp_path / "a.wav").ends == ends


def test_a_hole_of_just_less_than_a_second_is_let_pass(tmp_path: Path) -> None:
    """The limit is one second."""
    accept(heard(tmp_path, np.concatenate([BURST, SILENCE[: RATE - 10], music(1)])), samples=None, ceiling_dbtp=None)


def test_a_mono_file_of_another_rate_is_heard_as_it_is(tmp_path: Path) -> None:
    """What services send need not be 48 kHz stereo; one channel of -20 dBFS at 1 kHz has -23.0 LUFS."""
    values = 0.1 * np.sin(2 * np.pi * 1000 * np.arange(44_100 * 3) / 44_100)
    soundfile.write(tmp_path / "take.flac", values, 44_100)
    facts = listen(tmp_path / "take.flac")
    assert (facts.samples, facts.sample_rate, facts.channels) == (44_100 * 3, 44_100, 1)
    assert facts.integrated_lufs == pytest.approx(-23.0, abs=0.1)


def test_more_than_two_channels_are_refused(tmp_path: Path) -> None:
    """Surround is not music for a stereo track."""
    soundfile.write(tmp_path / "take.wav", np.zeros((100, 6)), RATE)
    with pytest.raises(UnusableTakeError, match="6 channels"):
        listen(tmp_path / "take.wav")


def test_samples_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    """A float file may hold them."""
    soundfile.write(tmp_path / "take.wav", np.full((100, 2), np.nan), RATE, subtype="FLOAT")
    with pytest.raises(UnusableTakeError, match="not numbers"):
        listen(tmp_path / "take.wav")


def test_a_text_file_is_not_music(tmp_path: Path) -> None:
    """One clear error."""
    (tmp_path / "take.wav").write_text("no music")
    with pytest.raises(UnreadableMediaError, match="cannot be read as sound"):
        listen(tmp_path / "take.wav")
