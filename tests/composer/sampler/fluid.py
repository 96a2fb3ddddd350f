"""The same notes through FluidSynth, a sampler that other people wrote, and how alike two sounds are."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from otio_soundtrack.composer.sampler.player import Stroke

FLUIDSYNTH = shutil.which("fluidsynth")
FONTS = {
    "fluid": Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    "musescore": Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
}
"""Debian's ``fluid-soundfont-gm`` (SF2) and ``musescore-general-soundfont-small`` (SF3)."""
GAIN = 0.2
"""FluidSynth's own default gain."""
QUIET_MS = 150
"""Milliseconds of silence at the end of every passage."""
RESTING_FILTER = 10 ** (3.01 / 40)
"""FluidSynth's filter is never off and lifts a sound without resonance by 1.5 dB."""


def _number(value: int) -> bytes:
    """Return a number as MIDI files write it: seven bits a byte, the last one without the top bit."""
    out = [value & 0x7F]
    while value := value >> 7:
        out.insert(0, value & 0x7F | 0x80)
    return bytes(out)


@dataclass(frozen=True)
class Passage:
    """Some notes of one preset, apart from others."""

    bank: int
    programme: int
    strokes: Sequence[Stroke]
    seconds: float
    """How long it is listened to."""


def midi_file(passages: Sequence[Passage]) -> bytes:
    """Return a standard MIDI file whose ticks are milliseconds: one passage after the other, each begins in silence.

    Volume is at full, pan in the middle; kits are on channel 10.
    """
    events: list[tuple[int, int, bytes]] = []
    start = 0
    for passage in passages:
        channel = 9 if passage.bank == 128 else 0
        set_up = [bytes([0xB0 | other, 120, 0]) for other in (0, 9)]
        set_up += [bytes([0xB0 | channel, 7, 127]), bytes([0xC0 | channel, passage.programme])]
        events += [(max(0, start - QUIET_MS), 0, message) for message in set_up]
        for stroke in passage.strokes:
            on, off = (start + round(at / 48) for at in (stroke.start, stroke.start + stroke.held))
            events += [
                (on, 2, bytes([0x90 | channel, stroke.key, stroke.velocity])),
                (off, 1, bytes([0x80 | channel, stroke.key, 0])),
            ]
        start += round(passage.seconds * 1000)
    track, now = b"\x00\xff\x51\x03" + (1_000_000).to_bytes(3, "big"), 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        track += _number(at - now) + message
        now = at
    track += _number(max(0, start - now)) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 1000) + b"MTrk" + struct.pack(">I", len(track)) + track


def fluidsynth(font: Path, passages: Sequence[Passage], folder: Path) -> list[np.ndarray]:
    """Return what FluidSynth makes of passages, dry, each [shape=(2, samples)], at the gain of our sampler.

    All go through one run, because FluidSynth decodes a whole SF3 font each time it opens it.
    """
    assert FLUIDSYNTH is not None
    (folder / "notes.mid").write_bytes(midi_file(passages))
    command = [FLUIDSYNTH, "-ni", "-q", "-R", "0", "-C", "0", "-r", "48000", "-g", str(GAIN), "-T", "wav", "-O", "float"]
    made = folder / "notes.wav"
    subprocess.run([*command, "-F", str(made), str(font), str(folder / "notes.mid")], check=True, capture_output=True)
    sound, _ = soundfile.read(made, dtype="float32", always_2d=True)
    parts, start = [], 0
    for passage in passages:
        length = round(passage.seconds * 48_000)
        part = np.zeros((2, length), np.float32)
        heard = sound.T[:, start : start + length]
        part[:, : heard.shape[1]] = heard
        parts.append(part / (GAIN * RESTING_FILTER))
        start += length
    return parts


def mel_decibels(sound: np.ndarray, bands: int = 64, hop: int = 1024, size: int = 2048) -> np.ndarray:
    """Return the mel spectrogram of both sides together in decibels, the quietest 60 dB below the loudest [shape=(n, bands)]."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(sound.mean(axis=0), size // 2), size)[::hop] * np.hanning(size)
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2
    hertz = np.fft.rfftfreq(size, 1 / 48_000)
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 16_000 / 700), bands + 2) / 2595) - 1)
    up = (hertz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - hertz[:, None]) / (edges[2:] - edges[1:-1])
    mel = power @ np.maximum(0, np.minimum(up, down))
    decibels = 10 * np.log10(np.maximum(mel, 1e-12))
    return np.maximum(decibels, decibels.max() - 60)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two sounds' mel spectrograms."""
    return float(np.corrcoef(mel_decibels(one).ravel(), mel_decibels(other).ravel())[0, 1])


def level_db(one: np.ndarray, other: np.ndarray) -> float:
    """Return by how many decibels one sound is louder than the other (root mean square)."""
    return float(10 * np.log10((np.mean(np.square(one)) + 1e-20) / (np.mean(np.square(other)) + 1e-20)))
