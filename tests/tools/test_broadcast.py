"""Broadcast Wave, read by two others: a parser written from EBU Tech 3285 for these tests, and FFmpeg."""

from __future__ import annotations

import struct
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.broadcast import Extension, write_bwf
from otio_soundtrack.tools.waveform import write_wav

SAID = Extension(
    description="1M02 mix, from 01:00:00:00",
    originator="otio-soundtrack 9.9",
    originator_reference="ab" * 16,
    made=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc),
    time_reference=172_972_800,
    integrated_lufs=-16.04,
    true_peak_dbtp=-1.0,
    max_momentary_lufs=None,
)


def chunks(path: Path) -> dict[str, bytes]:
    """Return the chunks of a RIFF WAVE file; its sizes must be those that are told."""
    whole = path.read_bytes()
    assert (whole[:4], struct.unpack("<I", whole[4:8])[0], whole[8:12]) == (b"RIFF", len(whole) - 8, b"WAVE")
    found, at = {}, 12
    while at < len(whole):
        size = struct.unpack("<I", whole[at + 4 : at + 8])[0]
        found[whole[at : at + 4].decode()] = whole[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def bext(path: Path) -> dict[str, Any]:
    """Return the fields of a bext chunk by their offsets in Tech 3285 v2."""
    chunk = chunks(path)["bext"]

    def text(first: int, length: int) -> str:
        return chunk[first : first + length].split(b"\0")[0].decode("ascii")

    return {
        "description": text(0, 256),
        "originator": text(256, 32),
        "reference": text(288, 32),
        "date": text(320, 10),
        "time": text(330, 8),
        "time_reference": int.from_bytes(chunk[338:346], "little"),
        "version": int.from_bytes(chunk[346:348], "little"),
        "loudness": struct.unpack("<5h", chunk[412:422]),
        "history": chunk[602:].decode("ascii"),
    }


@pytest.mark.parametrize("samples", [0, 1, 70_001])
def test_a_file_says_what_it_is_and_keeps_its_sound(samples: int, tmp_path: Path) -> None:
    """Odd sizes too; no more is changed than the chunk that is added."""
    plain, stamped = tmp_path / "plain.wav", tmp_path / "stamped.wav"
    write_wav(plain, np.random.default_rng(1).uniform(-1, 1, (samples, 2)).astype(np.float32))
    write_bwf(stamped, plain, SAID)
    assert {name: chunks(stamped)[name] for name in ("fmt ", "data")} == chunks(plain)
    assert list(chunks(stamped)) == ["bext", "fmt ", "data"]
    assert bext(stamped) == {
        "description": SAID.description,
        "originator": SAID.originator,
        "reference": SAID.originator_reference,
        "date": "2026-01-02",
        "time": "03:04:05",
        "time_reference": 172_972_800,
        "version": 2,
        "loudness": (-1604, 0x7FFF, -100, 0x7FFF, 0x7FFF),
        "history": "A=PCM,F=48000,W=24,M=stereo,T=otio-soundtrack 9.9\r\n",
    }
    assert np.array_equal(soundfile.read(stamped)[0], soundfile.read(plain)[0])


def test_ffmpeg_reads_the_stamp(tmp_path: Path) -> None:
    """Its own parser, in another language."""
    write_wav(tmp_path / "a.wav", np.zeros((480, 2), np.float32))
    write_bwf(tmp_path / "a.wav", tmp_path / "a.wav", SAID)
    with av.open(str(tmp_path / "a.wav")) as container:
        told = dict(container.metadata)
        assert container.streams.audio[0].codec_context.name == "pcm_s24le"
    assert told["time_reference"] == "172972800"
    assert (told["encoded_by"], told["originator_reference"]) == (SAID.originator, SAID.originator_reference)
    assert (told["comment"], told["date"]) == (SAID.description, "2026-01-02")


def test_a_place_that_is_closed_is_told(tmp_path: Path) -> None:
    """As every file of ours."""
    write_wav(tmp_path / "a.wav", np.zeros((1, 2), np.float32))
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="could not write"):
        write_bwf(tmp_path / "file" / "b.wav", tmp_path / "a.wav", SAID)
