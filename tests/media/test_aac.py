"""Sound encoded on its own, and what decides whether pictures can be copied."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.aac import aac_packets, write_aac
from otio_soundtrack.tools.media.copying import copy_facts
from otio_soundtrack.tools.media.remux import write_with_sound
from otio_soundtrack.tools.media.sound import SoundReader
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import tone
from tests.footage import movie

BITS = 256_000


def heard(path: Path, samples: int) -> np.ndarray:
    """Return what a file sounds like."""
    reader = SoundReader(path)
    try:
        return reader.read(0, samples)
    finally:
        reader.close()


def test_packets_go_into_a_video_unchanged(tmp_path: Path) -> None:
    """The sound of the video is that of the file to the sample, as long, and the pictures are the same packets."""
    sound = tone(440, -6, 10.0)[:479_123]
    write_aac(tmp_path / "a.m4a", sound, BITS)
    alone = heard(tmp_path / "a.m4a", len(sound))
    assert np.corrcoef(alone[4800:-4800, 0], sound[4800:-4800, 0])[0, 1] > 0.9999
    movie(tmp_path / "m.mp4")
    write_with_sound(
        tmp_path / "f.mp4", tmp_path / "m.mp4", aac_packets(tmp_path / "a.m4a"), samples=len(sound), sound_bit_rate=BITS
    )
    assert np.array_equal(heard(tmp_path / "f.mp4", len(sound)), alone)
    with av.open(str(tmp_path / "m.mp4")) as old, av.open(str(tmp_path / "f.mp4")) as new:
        packets = [[(bytes(one), one.pts * one.time_base) for one in file.demux(video=0) if one.size] for file in (old, new)]
        ends = {stream.type: stream.duration * stream.time_base for stream in new.streams if stream.duration and stream.time_base}
    assert packets[0] == packets[1]
    assert ends["video"] == 10
    assert abs(ends["audio"] - Fraction(len(sound) + 1024, 48_000)) <= Fraction(1024, 48_000)


def test_a_file_without_sound_gives_no_packets(tmp_path: Path) -> None:
    """Typed."""
    with pytest.raises(UnreadableMediaError, match="no sound"):
        list(aac_packets(movie(tmp_path / "m.mp4", frames=3)))


def test_steady_h264_can_be_copied_and_other_things_cannot(tmp_path: Path) -> None:
    """At its own rate only; no codec that MP4 does not hold, no frame that is late, no sound file."""
    facts = copy_facts(movie(tmp_path / "m.mp4", frames=30), Fraction(24))
    assert facts is not None
    assert (facts.codec, facts.width, facts.height, facts.frames) == ("h264", 160, 90, 30)
    assert copy_facts(tmp_path / "m.mp4", Fraction(25)) is None
    late = tmp_path / "late.mp4"
    mjpeg = tmp_path / "m.mkv"
    for path, codec, ticks in ((late, "libx264", [0, 1, 2, 4, 5]), (mjpeg, "mjpeg", range(5))):
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=24)
            stream.width, stream.height, stream.pix_fmt = 32, 32, "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.codec_context.time_base = Fraction(1, 24)
            for tick in ticks:
                frame = av.VideoFrame.from_ndarray(np.zeros((48, 32), np.uint8), "yuv420p")
                frame.pts, frame.time_base = tick, Fraction(1, 24)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        assert copy_facts(path, Fraction(24)) is None
    write_wav(tmp_path / "s.wav", tone(440, -6, 0.5))
    assert copy_facts(tmp_path / "s.wav", Fraction(24)) is None
