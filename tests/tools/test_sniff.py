"""What a file is, by its bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.tools.sniff import HEAD_BYTES, sniffed

HEADS = {
    b"ID3\x04\x00": ("audio", ".mp3"),
    b"\xff\xfb\x90\x64": ("audio", ".mp3"),
    b"\xff\xf3\x84\xc4": ("audio", ".mp3"),
    b"\xff\xf1\x50\x80": ("audio", ".aac"),
    b"fLaC\x00\x00\x00\x22": ("audio", ".flac"),
    b"OggS\x00\x02": ("audio", ".ogg"),
    b"RIFF\x24\x00\x00\x00WAVEfmt ": ("audio", ".wav"),
    b"RF64\xff\xff\xff\xffWAVEds64": ("audio", ".wav"),
    b"FORM\x00\x00\x00\x24AIFFCOMM": ("audio", ".aiff"),
    b"\x00\x00\x00\x20ftypM4A \x00": ("audio", ".m4a"),
    b"\x00\x00\x00\x20ftypisom\x00": ("video", ".mp4"),
    b"\x1a\x45\xdf\xa3\x01": ("video", ".mkv"),
    b"PK\x03\x04\x14": ("archive", ".zip"),
    b'{"a": 1}': ("json", ".json"),
    b"\xef\xbb\xbf\n [1]": ("json", ".json"),
    b" \n<!DOCTYPE html>": ("page", ".html"),
    b"<?xml version": ("page", ".html"),
}


@pytest.mark.parametrize("head", HEADS)
def test_what_begins_like_a_kind_is_of_it(head: bytes) -> None:
    """The forms that services give, and those that their errors have (magic numbers of the formats' own documents)."""
    assert sniffed(head) == HEADS[head]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"I",
        b"\xff",
        b"\xff\xfb",
        b"\xff\xd8\xff\xe0",
        '{"a"'.encode("utf-16"),
        b"\xff\xff\xff\xff",
        b"Not Found",
        b"%PDF",
        bytes(4096),
    ],
)
def test_anything_else_is_nothing_known(head: bytes) -> None:
    """Short, empty, pictures, wide text."""
    assert sniffed(head) == ("unknown", ".bin")


@pytest.mark.parametrize(
    ("form", "suffix"),
    [("WAV", ".wav"), ("FLAC", ".flac"), ("OGG", ".ogg"), ("MP3", ".mp3"), ("AIFF", ".aiff"), ("RF64", ".wav")],
)
def test_files_of_a_real_encoder_are_known(form: str, suffix: str, tmp_path: Path) -> None:
    """As libsndfile writes them."""
    path = tmp_path / "tone"
    soundfile.write(path, np.sin(np.arange(48_000) / 20).astype(np.float32), 48_000, format=form)
    assert sniffed(path.read_bytes()[:HEAD_BYTES]) == ("audio", suffix)


@given(st.binary(max_size=64))
def test_every_head_has_an_answer(head: bytes) -> None:
    """Nothing raises."""
    kind, suffix = sniffed(head)
    assert kind in ("audio", "video", "archive", "json", "page", "unknown")
    assert suffix.startswith(".")
