"""From a built font to sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from otio_soundtrack.composer.sampler.font import SoundFont, open_font
from otio_soundtrack.composer.sampler.player import Preset, Stroke
from tests.composer.sampler.builder import Font


def opened(font: Font, folder: Path) -> SoundFont:
    """Return a built font as it is read."""
    path = folder / "built.sf2"
    path.write_bytes(font.content())
    return open_font(path)


def note(font: Font, folder: Path, *, key: int = 69, velocity: int = 127, held: int = 24_000) -> np.ndarray:
    """Return a note of a built font [shape=(2, samples)]."""
    return Preset(opened(font, folder), 0, 0).sound(Stroke(0, held, key, velocity), room=480_000)


def together(preset: Preset, strokes: Sequence[Stroke], samples: int) -> np.ndarray:
    """Return several notes of a preset [shape=(2, samples)]."""
    out = np.zeros((2, samples), np.float32)
    cuts = preset.cuts(strokes)
    for number, stroke in enumerate(strokes):
        sound = preset.sound(stroke, cut=cuts.get(number), room=samples - stroke.start)
        out[:, stroke.start : stroke.start + sound.shape[1]] += sound
    return out


def hertz_of(sound: np.ndarray, at: int = 8896, size: int = 8192) -> float:
    """Return the frequency of a sine around a sample, from the phase that it gains in a millisecond."""
    window, start = np.hanning(size), at - size // 2
    first, second = (np.fft.rfft(sound[begin : begin + size] * window) for begin in (start, start + 48))
    strongest = size // 1024 + int(np.abs(first[size // 1024 :]).argmax())  # below 47 Hz nothing is a tone
    turns = np.angle(second[strongest] / first[strongest]) / (2 * np.pi)
    return float((turns + np.rint(strongest * 48 / size - turns)) * 1000)


def cents(hertz: float, wanted: float) -> float:
    """Return the distance of two frequencies."""
    return float(1200 * np.log2(hertz / wanted))


def level(sound: np.ndarray) -> float:
    """Return the amplitude of a steady sine."""
    return float(np.sqrt(2 * np.mean(np.square(sound))))
