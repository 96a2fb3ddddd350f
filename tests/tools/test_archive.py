"""Archives from outside: what is good comes out, and nothing else, and nowhere else."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.tools import archive
from otio_soundtrack.tools.archive import unpack

MUSIC = b"ID3" + bytes(range(256)) * 40


def _zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return path


def _unpacked(path: Path, tmp_path: Path) -> dict[str, bytes]:
    """Unpack, and check that nothing outside the folder was made and nothing in it is a link."""
    folder = tmp_path / "deep" / "store"
    folder.mkdir(parents=True)
    before = {one for one in tmp_path.rglob("*") if folder not in one.parents}
    try:
        return {one.name: one.path.read_bytes() for one in unpack(path, folder)}
    finally:
        assert {one for one in tmp_path.rglob("*") if folder not in one.parents} == before
        assert all(one.parent == folder and stat.S_ISREG(one.lstat().st_mode) for one in folder.iterdir())


def test_files_come_out_under_names_of_ours_in_their_order(tmp_path: Path) -> None:
    """The archive's names are text to guess by."""
    path = _zip(tmp_path / "a.zip", ("stems/drums.wav", MUSIC), ("mix.wav", MUSIC[::-1]))
    entries = unpack(path, tmp_path)
    assert [(one.name, one.size, one.path.name) for one in entries] == [
        ("stems/drums.wav", len(MUSIC), "a.001.part"),
        ("mix.wav", len(MUSIC), "a.002.part"),
    ]
    assert [one.path.read_bytes() for one in entries] == [MUSIC, MUSIC[::-1]]


NAMES = [
    "../../escape.wav",
    "..\\..\\escape.wav",
    "/etc/escape.wav",
    "C:\\escape.wav",
    "\\\\server\\share\\escape.wav",
    "~/escape.wav",
    "a/../../../../escape.wav",
    "%2e%2e/escape.wav",
    "-i.wav",
    "concat:a|b.wav",
    "\u202egnp.wav",
    "CON",
    "a\nb.wav",
    "x" * 5000 + ".wav",
    ".",
    "..",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leads_anywhere(name: str, tmp_path: Path) -> None:
    """Whatever an entry is called, it lies in the folder, once, and is whole."""
    found = _unpacked(_zip(tmp_path / "a.zip", (name, MUSIC)), tmp_path)
    assert list(found.values()) == [MUSIC]
    assert all(len(one) <= 300 for one in found)


def test_two_files_of_one_name_are_two_files(tmp_path: Path) -> None:
    """The second does not overwrite the first."""
    with pytest.warns(UserWarning, match="Duplicate"):
        path = _zip(tmp_path / "a.zip", ("mix.wav", MUSIC), ("mix.wav", MUSIC[::-1]))
    assert [one.path.read_bytes() for one in unpack(path, tmp_path)] == [MUSIC, MUSIC[::-1]]


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_what_is_no_file_stays_in_the_archive(mode: int, tmp_path: Path) -> None:
    """Links, folders, devices, pipes."""
    path = _zip(tmp_path / "a.zip", (_entry("odd", mode | 0o777), b"/etc/passwd"), ("mix.wav", MUSIC))
    assert _unpacked(path, tmp_path) == {"mix.wav": MUSIC}


def test_an_archive_inside_is_a_file_like_any_other(tmp_path: Path) -> None:
    """It is not opened."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as opened:
        opened.writestr("deep.wav", MUSIC)
    assert _unpacked(_zip(tmp_path / "a.zip", ("inner.zip", inner.getvalue())), tmp_path) == {"inner.zip": inner.getvalue()}


def test_a_silent_stem_is_no_bomb(tmp_path: Path) -> None:
    """Thirty seconds of digital silence pack a thousandfold, and belong to the music."""
    silence = bytes(30 * 48_000 * 6)
    assert _unpacked(_zip(tmp_path / "a.zip", ("choir.wav", silence), ("mix.wav", MUSIC)), tmp_path)["choir.wav"] == silence


def test_more_than_an_archive_can_honestly_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted while it is unpacked, all files together; what was unpacked before is gone."""
    monkeypatch.setattr(archive, "SILENCE_BYTES", 1_000_000)
    path = _zip(tmp_path / "a.zip", *((f"{number}.wav", bytes(800_000)) for number in range(3)))
    with pytest.raises(UnusableTakeError):
        _unpacked(path, tmp_path)
    assert list((tmp_path / "deep" / "store").iterdir()) == []


def test_a_file_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    """Both places say that it is small."""
    path = _zip(tmp_path / "a.zip", ("mix.wav", bytes(5_000_000)))
    lie = path.read_bytes().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 10))
    path.write_bytes(lie)
    with pytest.raises(UnusableTakeError):
        _unpacked(path, tmp_path)
    assert list((tmp_path / "deep" / "store").iterdir()) == []


def test_bytes_beyond_the_bound_are_refused(tmp_path: Path) -> None:
    """Also where they do not pack at all."""
    path = _zip(tmp_path / "a.zip", ("mix.wav", MUSIC), packing=zipfile.ZIP_STORED)
    with pytest.raises(UnusableTakeError):
        unpack(path, tmp_path / "store", most_bytes=len(MUSIC) - 1)
    assert list((tmp_path / "store").iterdir()) == []


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    """Before the first is unpacked."""
    path = _zip(tmp_path / "a.zip", *((f"{number}.wav", b"") for number in range(201)))
    with pytest.raises(UnusableTakeError):
        _unpacked(path, tmp_path)
    assert list((tmp_path / "deep" / "store").iterdir()) == []


def _flagged(content: bytes) -> bytes:
    """Set the bit that says "encrypted" in both headers of the only entry."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[changed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _repacked(content: bytes) -> bytes:
    """Name a way of packing that nobody knows, in both headers."""
    changed = bytearray(content)
    changed[8] = 77
    changed[changed.index(b"PK\x01\x02") + 10] = 77
    return bytes(changed)


@pytest.mark.parametrize(
    "damage",
    [
        _flagged,
        _repacked,
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-10],
        lambda whole: whole[:60] + bytes(200) + whole[260:],
        lambda whole: b"PK\x03\x04" + bytes(500),
        lambda whole: b"<html>expired</html>",
        lambda whole: whole.replace(b"PK\x01\x02", b"PK\x01\x03"),
        lambda whole: whole[:40] + b"\xff" * 30 + whole[70:],
    ],
    ids=["encrypted", "unknown", "empty", "half", "endless", "holes", "head", "page", "list", "noise"],
)
def test_a_damaged_archive_is_refused_and_leaves_nothing(damage: object, tmp_path: Path) -> None:
    """One typed error, whatever is wrong."""
    assert callable(damage)
    path = _zip(tmp_path / "a.zip", ("mix.wav", MUSIC))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UnusableTakeError):
        _unpacked(path, tmp_path)
    assert list((tmp_path / "deep" / "store").iterdir()) == []
