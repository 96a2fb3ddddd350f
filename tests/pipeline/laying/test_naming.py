"""Turnover names: short, plain, and never one twice."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.pipeline.laying.naming import LONGEST_NAME, free_version, music_file
from otio_soundtrack.tools.files import sha256


def test_a_name_tells_show_cue_version_take_format_and_temp() -> None:
    """The form of facts of the trade."""
    name = music_file("My Show", "1m02", version=3, take=2, rate=29.97, temp=True)
    assert name == "My_Show_1M02_MX_v003_tk02_48k24_2997DF_TEMP.wav"
    assert music_file("x", "1m01", version=1, take=1, rate=24.0, temp=False) == "x_1M01_MX_v001_tk01_48k24_24.wav"


@given(st.text(), st.integers(1, 999), st.integers(1, 10), st.sampled_from([23.976, 24.0, 29.97, 59.94]), st.booleans())
def test_any_show_gives_a_name_that_every_host_carries(show: str, version: int, take: int, rate: float, temp: bool) -> None:
    """A law: the alphabet and length of turnover files, and no hidden file."""
    name = music_file(show, "1m01", version=version, take=take, rate=rate, temp=temp)
    assert re.fullmatch(r"[A-Za-z0-9._-]+\.wav", name)
    assert len(name) <= LONGEST_NAME
    assert not name.startswith(".")


def version_of(folder: Path, content: bytes, *, taken: tuple[str, ...] = ()) -> str:
    """Lay one take and return its name."""
    (folder / "source").write_bytes(content)
    (path,) = free_version(folder, "s", "1m01", [sha256(folder / "source")], rate=24.0, temp=False, taken=taken)
    path.write_bytes(content)
    return path.name


def test_other_music_is_another_version_and_the_same_music_is_the_same(tmp_path: Path) -> None:
    """A delivered version is never overwritten."""
    names = [version_of(tmp_path, content) for content in (b"one", b"two", b"one", b"two")]
    assert ["v001" in names[0], "v002" in names[1], names[0] == names[2], names[1] == names[3]] == [True] * 4


def test_a_base_name_that_other_media_use_is_passed_over(tmp_path: Path) -> None:
    """Bundles keep all media in one flat folder."""
    taken = music_file("s", "1m01", version=1, take=1, rate=24.0, temp=False)
    assert "v002" in version_of(tmp_path, b"one", taken=(taken,))
