"""A SoundFont file: its presets and its samples, read when they are needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.sampler.records import LAYOUTS, Table, damaged, read_table
from otio_soundtrack.composer.sampler.riff import Chunk, chunks
from otio_soundtrack.errors import SettingsError, UnreadableMediaError
from otio_soundtrack.tools.waveform import decoded

_COMPRESSED = 0x10
"""Flag of a sample that is an Ogg stream of its own (SF3)."""
_ROM = 0x8000
"""Flag of a sample that lies in the memory of a sound card."""
_SLOWEST_HZ, _FASTEST_HZ = 400, 192_000
"""Sampling rates that are believed; the specification asks for 400 to 50,000, libraries are recorded at up to 192,000."""
_LONGEST = 1 << 25
"""Samples in one sound at most: twelve minutes. More is a damaged length."""
_UNPITCHED = 255
_MIDDLE_C = 60
_NAMES = {b"INAM": "name", b"ICOP": "copyright"}
_MOST_TEXT = 1 << 16
"""Bytes of a text about the font at most (the specification says 65,536)."""


@dataclass(frozen=True)
class Sample:
    """One recording."""

    sound: NDArray[np.float32]
    """One channel, full scale ±1."""
    loop_start: int
    """First sample of the loop."""
    loop_end: int
    """First sample after the loop; not above the start where there is none."""
    rate: int
    """Hertz."""
    key: int
    """MIDI key that it sounds at when it is played at its own rate."""
    correction: int
    """Cents to add."""


@dataclass(frozen=True, eq=False)
class SoundFont:
    """An open SoundFont; what is heard is read when it is first needed."""

    path: Path
    name: str
    """As the font calls itself."""
    copyright: str
    """What the font says of its rights; empty where it says nothing."""
    tables: dict[str, Table]
    """Tables by their four letters."""
    presets: dict[tuple[int, int], int]
    """Bank and programme → row of ``phdr``."""
    _pcm: Chunk
    _low_bytes: Chunk | None
    """Further eight bits of every sample, None in a font of 16 bits."""
    _samples: dict[int, Sample] = field(default_factory=dict)

    def sample(self, number: int) -> Sample:
        """Return a sample.

        Raises:
            UnreadableMediaError: it is not in the file, or cannot be decoded.
        """
        if number not in self._samples:
            self._samples[number] = self._read(number)
        return self._samples[number]

    def _read(self, number: int) -> Sample:
        headers = self.tables["shdr"]
        if not 0 <= number < len(headers) - 1:
            raise damaged(self.path, f"a zone asks for sample {number}, and there are {len(headers) - 1}")
        header = headers[number]
        title = header["name"].decode("latin-1").rstrip()
        start, end, rate = int(header["start"]), int(header["end"]), int(header["rate"])
        if int(header["kind"]) & _ROM or not start < end or not _SLOWEST_HZ <= rate <= _FASTEST_HZ:
            raise damaged(self.path, f"the header of its sample {title!r} makes no sense")
        packed = bool(int(header["kind"]) & _COMPRESSED)
        sound = self._decoded(start, end, title) if packed else self._plain(start, end, title)
        origin = 0 if packed else start
        key = int(header["key"])
        return Sample(
            sound=sound,
            loop_start=int(header["loop_start"]) - origin,
            loop_end=int(header["loop_end"]) - origin,
            rate=rate,
            key=_MIDDLE_C if key == _UNPITCHED or key > 127 else key,
            correction=int(header["correction"]),
        )

    def _plain(self, start: int, end: int, title: str) -> NDArray[np.float32]:
        if end - start > _LONGEST:
            raise damaged(self.path, f"its sample {title!r} has no end")
        high = np.frombuffer(self._bytes(self._pcm, 2 * start, 2 * end, title), "<i2")
        if self._low_bytes is None:
            return np.asarray(high.astype(np.float32) * np.float32(2.0**-15))
        low = np.frombuffer(self._bytes(self._low_bytes, start, end, title), "u1")
        return np.asarray((high.astype(np.int32) * 256 + low).astype(np.float32) * np.float32(2.0**-23))

    def _decoded(self, start: int, end: int, title: str) -> NDArray[np.float32]:
        try:
            sound = decoded(self._bytes(self._pcm, start, end, title), most=_LONGEST)
        except UnreadableMediaError as error:
            raise damaged(self.path, f"its sample {title!r}: {error.message}") from error
        if not len(sound) or not np.isfinite(sound).all():
            raise damaged(self.path, f"its sample {title!r} holds no sound")
        # decoders differ between machines in the last bits: on a grid of 16 bits most of that is gone
        return np.asarray(np.rint(sound[:, 0] * np.float32(2.0**15)) * np.float32(2.0**-15), np.float32)

    def _bytes(self, chunk: Chunk, start: int, end: int, title: str) -> bytes:
        if end > chunk.size:
            raise damaged(self.path, f"its sample {title!r} lies outside of the file")
        try:
            with self.path.open("rb") as stream:
                stream.seek(chunk.start + start)
                content = stream.read(end - start)
        except OSError as error:
            raise damaged(self.path, error.strerror or str(error)) from error
        if len(content) < end - start:
            raise damaged(self.path, "it is cut off")
        return content


def open_font(path: Path) -> SoundFont:
    """Return a SoundFont.

    Args:
        path: an SF2 or SF3 file.

    Raises:
        SettingsError: there is no such file, it is no SoundFont, or it holds no preset.
        UnreadableMediaError: it is a SoundFont, but cut off or damaged.
    """
    if not path.is_file():
        raise SettingsError(f"there is no SoundFont at {path}.", hint="Check the path given with --sound.")
    try:
        with path.open("rb") as stream:
            return _parsed(stream, path)
    except OSError as error:
        raise SettingsError(
            f"the SoundFont {path} cannot be opened: {error.strerror or error}.", hint="Check its permissions."
        ) from error


def _parsed(stream: BinaryIO, path: Path) -> SoundFont:
    head = stream.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"sfbk":
        raise SettingsError(f"{path} is not a SoundFont.", hint="Give an .sf2 or .sf3 file with --sound, or leave it out.")
    size = stream.seek(0, 2)
    parts = _parts(stream, size)
    tables = {}
    for name in LAYOUTS:
        if name not in parts:
            raise damaged(path, f"its table {name.decode('ascii')} is missing")
        tables[name.decode("ascii")] = read_table(stream, parts[name], path)
    pcm = parts.get(b"smpl")
    if pcm is None or pcm.end > size:
        raise damaged(path, "its sound is cut off")
    presets: dict[tuple[int, int], int] = {}
    for row, header in enumerate(tables["phdr"][:-1]):
        presets.setdefault((int(header["bank"]), int(header["programme"])), row)
    if not presets:
        raise SettingsError(f"the SoundFont {path} holds no preset.", hint="Choose another SoundFont.")
    texts = {field_name: _text(stream, parts.get(name)) for name, field_name in _NAMES.items()}
    low_bytes = parts.get(b"sm24")
    whole = low_bytes is not None and 2 * low_bytes.size >= pcm.size and low_bytes.end <= size
    return SoundFont(
        path=path,
        name=texts["name"] or path.stem,
        copyright=texts["copyright"],
        tables=tables,
        presets=presets,
        _pcm=pcm,
        _low_bytes=low_bytes if whole else None,
    )


def _parts(stream: BinaryIO, size: int) -> dict[bytes, Chunk]:
    """Return every chunk inside the three lists of a SoundFont by its name; the first of equals."""
    parts: dict[bytes, Chunk] = {}
    for chunk in chunks(stream, 12, size):
        if chunk.name == b"LIST":
            for part in chunks(stream, chunk.start + 4, min(chunk.end, size)):
                parts.setdefault(part.name, part)
    return parts


def _text(stream: BinaryIO, chunk: Chunk | None) -> str:
    """Return a text about the font on one line."""
    if chunk is None:
        return ""
    stream.seek(chunk.start)
    content = stream.read(min(chunk.size, _MOST_TEXT)).split(b"\0")[0]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in content.decode("utf-8", "replace")).split())
