"""Builds small SoundFonts, byte by byte as SoundFont 2.04 lays them out, without the code under test."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import soundfile

RATE = 48_000
INSTRUMENT, SAMPLE, KEYS, VELOCITIES, LOOPS = 41, 53, 43, 44, 54


def sine(hertz: float, samples: int, level: float = 0.5) -> np.ndarray:
    """Return a sine that begins at phase 0."""
    return level * np.sin(2 * np.pi * hertz * np.arange(samples) / RATE)


@dataclass
class Recording:
    """A sample; the loop is in samples from its start."""

    sound: np.ndarray
    key: int = 69
    correction: int = 0
    rate: int = RATE
    loop: tuple[int, int] = (0, 0)
    packed: bool = False
    """Whether it is stored as an Ogg stream (SF3)."""


@dataclass
class Zone:
    """Generators by number, ranges as pairs, and modulators as (source, target, amount, amount source, transform)."""

    generators: Mapping[int, int | tuple[int, int]]
    modulators: Sequence[tuple[int, int, int, int, int]] = ()


@dataclass
class Font:
    """What goes into a file."""

    recordings: Sequence[Recording]
    instruments: Sequence[Sequence[Zone]]
    presets: Mapping[tuple[int, int], Sequence[Zone]]
    padded: bool = True
    wide: bool = False
    """Whether the samples have 24 bits."""
    texts: Mapping[bytes, str] = field(default_factory=lambda: {b"INAM": "Tiny", b"ICOP": "nobody"})

    def content(self) -> bytes:
        """Return the file."""
        pcm, low, headers = self._sound()
        texts = {name: text.encode() + b"\0" for name, text in self.texts.items()}
        info = self._list(b"INFO", {b"ifil": struct.pack("<HH", 2, 4), **texts})
        sound = self._list(b"sdta", {b"smpl": pcm, **({b"sm24": low} if self.wide else {})})
        body = b"sfbk" + info + sound + self._list(b"pdta", {**self._tables(), b"shdr": headers})
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def _list(self, name: bytes, parts: Mapping[bytes, bytes]) -> bytes:
        return self._chunk(b"LIST", name + b"".join(self._chunk(part, content) for part, content in parts.items()))

    def _chunk(self, name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + (b"\0" if self.padded and len(content) % 2 else b"")

    def _sound(self) -> tuple[bytes, bytes, bytes]:
        pcm, low, headers = b"", b"", b""
        for number, one in enumerate(self.recordings):
            if one.packed:
                stream = io.BytesIO()
                soundfile.write(stream, one.sound, one.rate, format="OGG", subtype="VORBIS")
                start, content, loop = len(pcm), stream.getvalue(), one.loop
                end = start + len(content)
            else:
                steps = np.rint(one.sound * 2**23).astype(np.int32)
                content = (steps >> 8).astype("<i2").tobytes() + bytes(92)
                low += (steps & 0xFF).astype("u1").tobytes() + bytes(46)
                start = len(pcm) // 2
                end, loop = start + len(one.sound), (start + one.loop[0], start + one.loop[1])
            pcm += content
            kind = 0x11 if one.packed else 1
            headers += struct.pack(
                "<20sIIIIIBbHH", f"sample {number}".encode(), start, end, *loop, one.rate, one.key, one.correction, 0, kind
            )
        return pcm, low, headers + struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)

    def _tables(self) -> dict[bytes, bytes]:
        pbag, pmod, pgen, starts = _level(list(self.presets.values()))
        phdr = b"".join(
            struct.pack("<20sHHHIII", b"preset", number, bank, start, 0, 0, 0)
            for (bank, number), start in zip([*self.presets, (255, 255)], starts, strict=True)
        )
        ibag, imod, igen, heads = _level(self.instruments)
        inst = b"".join(struct.pack("<20sH", b"instrument", start) for start in heads)
        names = (b"phdr", b"pbag", b"pmod", b"pgen", b"inst", b"ibag", b"imod", b"igen")
        return dict(zip(names, (phdr, pbag, pmod, pgen, inst, ibag, imod, igen), strict=True))


def _level(groups: Sequence[Sequence[Zone]]) -> tuple[bytes, bytes, bytes, list[int]]:
    """Return bags, modulators, generators, and where the bags of each group start."""
    bags, modulators, generators, starts = b"", b"", b"", []
    for zones in groups:
        starts.append(len(bags) // 4)
        for zone in zones:
            bags += struct.pack("<HH", len(generators) // 4, len(modulators) // 10)
            generators += b"".join(_generator(number, amount) for number, amount in zone.generators.items())
            modulators += b"".join(struct.pack("<HHhHH", *one) for one in zone.modulators)
    starts.append(len(bags) // 4)
    bags += struct.pack("<HH", len(generators) // 4, len(modulators) // 10)
    return bags, modulators + bytes(10), generators + bytes(4), starts


def _generator(number: int, amount: int | tuple[int, int]) -> bytes:
    if isinstance(amount, tuple):
        return struct.pack("<HBB", number, *amount)
    return struct.pack("<Hh", number, amount)


def one_sample(recording: Recording, generators: Mapping[int, Any] | None = None, **more: Any) -> Font:
    """Return a font with one preset of one zone."""
    zone = Zone({**(generators or {}), SAMPLE: 0}, more.pop("modulators", ()))
    return Font([recording], [[zone]], {(0, 0): [Zone({INSTRUMENT: 0})]}, **more)


def looped_sine(hertz: float = 480.0, **more: Any) -> Recording:
    """Return a second of sine whose loop holds whole cycles: it can ring for ever without a seam."""
    return Recording(sine(hertz, 48_000), loop=(24_000, 36_000), **more)
