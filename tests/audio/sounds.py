"""Signals whose measures are known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 48_000


def sine(hz: float, dbfs: float, seconds: float, *, phase: float = 0.0, rate: int = RATE) -> NDArray[np.float32]:
    """Return a stereo sine of a peak level, with 50 ms fades as the EBU test signals have them."""
    count = int(seconds * rate)
    tone = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(count) / rate + phase)
    fade = np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.05 * rate))
    return np.repeat((tone * fade)[:, None], 2, axis=1).astype(np.float32)


def tone(hz: float, dbfs: float, seconds: float) -> NDArray[np.float32]:
    """Return a stereo sine of a peak level without fades."""
    values = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE)) / RATE)
    return np.repeat(values[:, None], 2, axis=1).astype(np.float32)


def music(seconds: float, *, seed: int = 1) -> NDArray[np.float32]:
    """Return something like music: decaying strokes over a hum, ending in a fade to zero."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    time = np.arange(count) / RATE
    sound = 0.05 * np.stack([np.sin(2 * np.pi * 110 * time), np.sin(2 * np.pi * 112 * time)], axis=1)
    for start in np.arange(0, seconds - 0.2, 0.4):
        begin = int(start * RATE)
        length = min(count - begin, RATE // 2)
        envelope = np.exp(-np.arange(length) / 4000)[:, None]
        sound[begin : begin + length] += 0.3 * envelope * rng.uniform(-1, 1, (length, 2))
    fade = min(count, RATE // 2)
    sound[count - fade :] *= np.linspace(1, 0, fade)[:, None] ** 2
    return sound.astype(np.float32)
