"""What a media file says of itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.tools.media.index import picture_index
from otio_soundtrack.tools.media.probe import probe, timecode_seconds
from tests.media.movies import clicks, numbered_movie, sound_file
from tests.picture.cutting import NTSC, PAL


def test_a_movie_tells_rate_length_and_streams(footage: dict[str, Path]) -> None:
    """Picture and sound, 25 a second, forty seconds."""
    facts = probe(footage["pal"])
    assert (facts.has_picture, facts.has_sound, facts.is_still, facts.rate) == (True, True, False, PAL)
    assert facts.duration is not None
    assert float(facts.duration) == pytest.approx(40, abs=0.05)
    assert facts.start_timecode is None


def test_ntsc_is_exact(footage: dict[str, Path]) -> None:
    """29.97 is 30000/1001, mute is without sound."""
    assert probe(footage["ntsc"]).rate == NTSC
    assert not probe(footage["ntsc"]).has_sound


def test_a_sound_file_has_no_picture(footage: dict[str, Path]) -> None:
    """A WAV file."""
    facts = probe(footage["mono"])
    assert (facts.has_picture, facts.has_sound, facts.rate, facts.duration) == (False, True, None, Fraction(8))


def test_a_picture_file_is_a_still(footage: dict[str, Path]) -> None:
    """A PNG has neither rate nor length."""
    facts = probe(footage["still"])
    assert (facts.has_picture, facts.is_still, facts.rate, facts.duration) == (True, True, None, None)


@pytest.mark.parametrize(
    ("written", "rate", "seconds"),
    [
        ("01:00:00:12", Fraction(24), 3600 + Fraction(1, 2)),
        ("10:00:00:00", NTSC, Fraction(36_000 * 1001, 1000)),
        ("00:01:00;02", NTSC, 1800 / NTSC),
        ("00:10:00;00", NTSC, 17_982 / NTSC),
    ],
)
def test_timecode_is_frames_divided_by_rate(tmp_path: Path, written: str, rate: Fraction, seconds: Fraction) -> None:
    """Of a file and of a label; drop-frame numbers are those of SMPTE ST 12-1."""
    file = numbered_movie(tmp_path / "tc.mov", source=1, frames=5, rate=rate, size=(64, 36), metadata={"timecode": written})
    assert timecode_seconds(written, rate) == seconds
    assert probe(file).start_timecode == seconds


def test_a_broadcast_wave_tells_its_time_reference(tmp_path: Path) -> None:
    """The bext chunk counts samples since midnight: an hour."""
    file = sound_file(tmp_path / "plain.wav", clicks(48_000, [5]), 48_000)
    bext = bytearray(602)
    bext[338:346] = (48_000 * 3600).to_bytes(8, "little")
    content = file.read_bytes()
    with_chunk = content[:12] + b"bext" + len(bext).to_bytes(4, "little") + bytes(bext) + content[12:]
    file.write_bytes(b"RIFF" + (len(with_chunk) - 8).to_bytes(4, "little") + with_chunk[8:])
    assert probe(file).start_timecode == 3600


@pytest.mark.parametrize("text", ["", "1:2:3", "aa:bb:cc:dd", "01:00:00:00:00"])
def test_what_is_no_timecode_is_none(text: str) -> None:
    """Damaged labels are ignored."""
    assert timecode_seconds(text, PAL) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.mp4", b"This is a text, not a movie.\n" * 40),
        ("empty.mov", b""),
        ("noise.mp4", np.random.default_rng(1).bytes(5000)),
    ],
)
def test_what_is_not_media_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    """Text, nothing, noise: one error with the file's name."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableMediaError, match=name):
        probe(tmp_path / name)


def test_a_folder_and_an_absent_file_are_told(tmp_path: Path) -> None:
    """Each in its own words."""
    with pytest.raises(UnreadableMediaError, match="is a folder"):
        probe(tmp_path)
    with pytest.raises(UnreadableMediaError, match="is not there"):
        probe(tmp_path / "gone.mov")


def test_an_avi_with_reordered_frames_has_no_key_frames_to_jump_to(tmp_path: Path) -> None:
    """Its stamps do not tell when frames are shown: it is counted from the head."""
    file = numbered_movie(tmp_path / "b.avi", source=1, frames=60, rate=PAL, size=(64, 36), key_every=25, options={"bf": "2"})
    assert picture_index(file).keys == ()


@pytest.mark.parametrize(("name", "bf"), [("keys.mp4", "2"), ("keys.mkv", "2"), ("keys.mov", "2"), ("keys.avi", "0")])
def test_key_frames_are_where_they_are(tmp_path: Path, name: str, bf: str) -> None:
    """The index lists the frames at which decoding may begin, as every container counts them."""
    file = numbered_movie(
        tmp_path / name, source=1, frames=100, rate=PAL, size=(64, 36), key_every=25, options={"sc_threshold": "0", "bf": bf}
    )
    keys = picture_index(file).keys
    assert [round(float(key * 25)) for key in keys] == [0, 25, 50, 75]


def test_the_shape_counts_pixels_and_rotation(footage: dict[str, Path], tmp_path: Path) -> None:
    """An upright phone is 9:16, anamorphic pixels widen."""
    wide = numbered_movie(tmp_path / "w.mp4", source=1, frames=5, rate=PAL, size=(180, 180), pixel_aspect=Fraction(16, 9))
    assert picture_index(footage["turned"]).aspect == Fraction(9, 16)
    assert picture_index(wide).aspect == Fraction(16, 9)
