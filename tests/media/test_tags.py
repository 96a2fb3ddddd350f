"""What is written in music files is read, whoever wrote it, and nothing is made up."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.tags import read_tags

WRITTEN = {
    "title": "Storm at Sea",
    "artist": "The Band",
    "composer": "Anna Beispiel",
    "publisher": "Nord Music",
    "ISRC": "DE-A12-24-00001",
    "license": "CC BY 4.0",
    "genre": "Cinematic",
    "comment": "low strings,\nslow",
}


def tagged(path: Path, tags: dict[str, str], *, codec: str) -> Path:
    """Write a tenth of a second of noise with tags."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48_000)
        container.metadata.update(tags)
        noise = np.random.default_rng(1).integers(-9000, 9000, (1, 4800), np.int16)
        frame = av.AudioFrame.from_ndarray(noise, format="s16", layout="mono")
        frame.sample_rate = 48_000
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


@pytest.mark.parametrize(("suffix", "codec"), [("flac", "flac"), ("mp3", "libmp3lame"), ("opus", "libopus")])
def test_title_people_rights_and_words_are_read(tmp_path: Path, suffix: str, codec: str) -> None:
    """Vorbis comments, ID3, comments on a stream."""
    found = read_tags(tagged(tmp_path / f"a.{suffix}", WRITTEN, codec=codec))
    rights = found.rights
    assert (rights.title, rights.composer, rights.publisher) == ("Storm at Sea", "Anna Beispiel", "Nord Music")
    assert (rights.isrc, rights.licence, found.artist) == ("DEA122400001", "CC BY 4.0", "The Band")
    assert found.words == ("Cinematic", "low strings, slow")


def test_rights_in_the_chunk_of_a_wav_and_in_the_free_fields_of_an_m4a_are_read(tmp_path: Path) -> None:
    """As production libraries and iTunes write them: an ID3 tag in a RIFF chunk, atoms with names of their own."""
    id3 = tagged(tmp_path / "a.mp3", WRITTEN, codec="libmp3lame").read_bytes()
    tag = id3[: 10 + sum((size & 0x7F) << 7 * place for place, size in enumerate(reversed(id3[6:10])))]
    wave = tagged(tmp_path / "a.wav", {}, codec="pcm_s16le").read_bytes() + b"id3 " + len(tag).to_bytes(4, "little") + tag
    (tmp_path / "a.wav").write_bytes(wave[:4] + (len(wave) - 8).to_bytes(4, "little") + wave[8:])
    m4a = tagged(tmp_path / "a.m4a", WRITTEN, codec="aac").read_bytes()
    free = b"".join(
        itunes(name, WRITTEN[key]) for name, key in (("ISRC", "ISRC"), ("LABEL", "publisher"), ("LICENSE", "license"))
    )
    for name in (b"moov", b"udta", b"meta", b"ilst"):  # each holds the next
        at = m4a.index(name) - 4
        size = int.from_bytes(m4a[at : at + 4], "big")
        m4a = m4a[:at] + (size + len(free)).to_bytes(4, "big") + m4a[at + 4 :]
    (tmp_path / "a.m4a").write_bytes(m4a[: at + size] + free + m4a[at + size :])
    for file in ("a.wav", "a.m4a"):
        rights = read_tags(tmp_path / file).rights
        assert (rights.title, rights.composer, rights.publisher) == ("Storm at Sea", "Anna Beispiel", "Nord Music")
        assert (rights.isrc, rights.licence) == ("DEA122400001", "CC BY 4.0")


def itunes(name: str, value: str) -> bytes:
    """Return a free field of an MP4 file."""

    def atom(kind: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + kind + content

    as_text = b"\0\0\0\1" + bytes(4)
    parts = ((b"mean", bytes(4) + b"com.apple.iTunes"), (b"name", bytes(4) + name.encode()), (b"data", as_text + value.encode()))
    return atom(b"----", b"".join(atom(kind, content) for kind, content in parts))


def test_nothing_is_filled_in_from_elsewhere(tmp_path: Path) -> None:
    """A copyright line is no licence, an artist no composer, a name no ISRC."""
    tags = {"artist": "Somebody", "copyright": "(C) 2020 Somebody", "isrc": "Somebody"}
    found = read_tags(tagged(tmp_path / "a.flac", tags, codec="flac"))
    assert set(found.rights.model_dump().values()) == {""}
    assert set(found.rights.told().model_dump().values()) == {"not on file"}


def test_what_is_no_media_is_refused(tmp_path: Path) -> None:
    """With its name."""
    (tmp_path / "a.mp3").write_text("notes")
    with pytest.raises(UnreadableMediaError, match=r"a\.mp3"):
        read_tags(tmp_path / "a.mp3")
