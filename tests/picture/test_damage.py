"""A damaged packet is passed over as players do, and told; a file of which nothing decodes is an error with its path."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cut import AudioElement, Cut, CutList, Source, SourceKind
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.tools.media.sound import SoundReader

RATE_HZ = 48_000
SECONDS = 2


class Heard:
    """Keeps the sound that it hears."""

    def __init__(self) -> None:
        self.windows: list[np.ndarray] = []

    def hear(self, window: np.ndarray, /) -> None:
        """Keep a window."""
        self.windows.append(window.copy())


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Two seconds of FLAC in Matroska: each packet carries a checksum, so damage is noticed."""
    path = tmp_path / "tone.mka"
    wave = 0.25 * np.sin(2 * np.pi * 440 * np.arange(SECONDS * RATE_HZ) / RATE_HZ)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=RATE_HZ, layout="mono")
        stream.codec_context.format = "s16"
        for start in range(0, len(wave), 4096):
            block = (wave[start : start + 4096] * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate, frame.pts = RATE_HZ, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def packets_of(path: Path) -> list[bytes]:
    """Return the packets of a file."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def damaged(path: Path, *numbers: int) -> Path:
    """Overwrite the inside of some packets of a file, of all where none is named."""
    packets = packets_of(path)
    content = path.read_bytes()
    for number in numbers or range(len(packets)):
        content = content.replace(packets[number], packets[number][:1] + b"\0" * (len(packets[number]) - 1))
    path.write_bytes(content)
    return path


def cut_of(path: Path) -> CutList:
    """Return two seconds of black with the sound of a file."""
    source = Source(kind=SourceKind.MOVIE, name="tone", path=path)
    element = AudioElement(source=source, start=Fraction(0), duration=Fraction(SECONDS), at=Fraction(0))
    frames = SECONDS * 25
    return CutList(name="c", rate=25.0, frames=frames, start_time=None, cuts=(Cut(start=0, frames=frames),), audio=(element,))


def test_one_damaged_packet_is_silence_in_its_place_and_a_warning(tone: Path) -> None:
    """What is before and after sounds where it should."""
    with closing(SoundReader(tone)) as reader:
        whole = reader.read(0, SECONDS * RATE_HZ)[:, 0]
    block = -(-SECONDS * RATE_HZ // len(packets_of(tone)) // 256) * 256  # FLAC's blocks are equally long, but for the last
    meter = Heard()
    _, stats = export_counted(cut_of(damaged(tone, 8)), None, sound_meter=meter)
    heard = np.concatenate(meter.windows)[:, 0]
    wrong = np.flatnonzero(np.abs(heard - whole) > 1e-3)
    assert 0.9 * block < len(wrong) <= block
    assert wrong[-1] - wrong[0] < block
    assert not heard[wrong].any()
    assert stats.warnings == ("tone is damaged: packets that did not decode and were passed over: 1.",)


def test_a_whole_file_gives_no_warning(tone: Path) -> None:
    """Nothing is told where nothing is wrong."""
    _, stats = export_counted(cut_of(tone), None, sound_meter=Heard())
    assert stats.warnings == ()


def test_a_file_of_which_nothing_decodes_is_an_error_with_its_path(tone: Path) -> None:
    """The pipeline makes a slate of it, or stops."""
    with pytest.raises(UnreadableMediaError, match="tone") as raised:
        export_counted(cut_of(damaged(tone)), None, sound_meter=Heard())
    assert raised.value.path == tone
