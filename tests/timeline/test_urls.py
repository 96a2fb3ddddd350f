"""Target URLs of every form found in real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.timeline.urls import local_path, url_for


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///Users/a/Frame%20Debugger%200h.mov", "/Users/a/Frame Debugger 0h.mov"),
        ("file:///Users/a/Frame Debugger 0h.mov", "/Users/a/Frame Debugger 0h.mov"),
        ("file:///a/50%25%20%231.wav", "/a/50% #1.wav"),
        ("file://localhost/D%3a/show/a.mov", "/D:/show/a.mov"),
        ("file:///C%3A/Avid%20MediaFiles/x.mxf", "/C:/Avid MediaFiles/x.mxf"),
        ("file:////animation/root/1.aaf", "//animation/root/1.aaf"),
        ("file://host/share/x.mov", "//host/share/x.mov"),
        ("/Users/a/b.mov", "/Users/a/b.mov"),
        ("C:/show/b.mov", "/C:/show/b.mov"),
        (r"S:\path\to\b.exr", "/S:/path/to/b.exr"),
        ("E:/MM-Test/30sek.wmv", "/E:/MM-Test/30sek.wmv"),
        ("Letter_A.png", "/show/Letter_A.png"),
        ("./media/x.mov", "/show/media/x.mov"),
        ("FILE:///a/x.mov", "/a/x.mov"),
    ],
)
def test_urls_of_real_files_are_read_as_their_writers_meant_them(url: str, path: str) -> None:
    """Nothing of it exists here, so the most regular reading is named."""
    assert local_path(url, Path("/show")) == Path(path)


@pytest.mark.parametrize(
    "url", ["http://host/x.mov", "https://host/x.mov", "rtsp://h/x", "concat:a|b", "data:image/png;base64,xx", ""]
)
def test_what_is_not_local_is_none(url: str) -> None:
    """Other schemes, and nothing at all, are no files."""
    assert local_path(url, Path("/show")) is None


@pytest.mark.parametrize("name", ["50% #1 ü?.wav", "a%20b.mov", "concat:a|b", "-i", "x:y.mov", "%d.png"])
def test_existing_files_with_awkward_names_are_found_by_plain_name_and_by_url(name: str, tmp_path: Path) -> None:
    """Names that look like escapes, protocols and options are names."""
    file = tmp_path / name
    file.touch()
    assert local_path(name, tmp_path) == file
    assert local_path(str(file), None) == file
    assert local_path(file.as_uri(), None) == file
    assert local_path("file://" + str(file), None) == file


def test_existing_reading_wins_over_the_regular_one(tmp_path: Path) -> None:
    """A name that is percent-encoded on disk is found as it is, one that is not is decoded."""
    (tmp_path / "a%20b.mov").touch()
    assert local_path(f"file://{tmp_path}/a%20b.mov", None) == tmp_path / "a%20b.mov"
    (tmp_path / "a%20b.mov").rename(tmp_path / "a b.mov")
    assert local_path(f"file://{tmp_path}/a%20b.mov", None) == tmp_path / "a b.mov"


def test_backslashes_of_relative_names_are_turned(tmp_path: Path) -> None:
    """Windows wrote it, we read it."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "x.mov").touch()
    assert local_path(r"media\x.mov", tmp_path) == tmp_path / "media" / "x.mov"


@pytest.mark.parametrize("url", ["file:///a%00b.mov", "a\0b", "file:///" + "x" * 5000])
def test_names_that_no_file_system_holds_do_not_raise(url: str) -> None:
    """A broken name is a missing file, or none."""
    path = local_path(url, Path("/show"))
    assert path is None or path.is_absolute()


@given(st.text(max_size=60))
def test_whatever_the_url_the_answer_is_absolute_or_none(url: str) -> None:
    """So no decoder can take it for a protocol or an option."""
    path = local_path(url, Path("/show"))
    assert path is None or str(path).startswith("/")


@given(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
        lambda t: t not in (".", "..")
    )
)
def test_file_urls_that_we_write_are_read_back(name: str) -> None:
    """Encoding and decoding are each other's inverse for every name."""
    path = Path("/folder") / name
    assert local_path(url_for(path, "file", None), None) == path


def test_styles_of_urls(tmp_path: Path) -> None:
    """File is an encoded URL, path is plain, relative has no dot in front and goes up where it must."""
    audio = tmp_path / "ü dir" / "a b.wav"
    assert url_for(audio, "file", None) == f"file://{tmp_path}/%C3%BC%20dir/a%20b.wav"
    assert url_for(audio, "path", None) == str(audio)
    assert url_for(audio, "relative", tmp_path / "out.otio") == "ü dir/a b.wav"
    assert url_for(audio, "relative", tmp_path) == "ü dir/a b.wav"
    assert url_for(tmp_path / "a.wav", "relative", tmp_path / "ü dir" / "out.otio") == "../a.wav"


def test_relative_url_without_a_place_is_a_callers_bug() -> None:
    """There is nothing that it could be relative to."""
    with pytest.raises(ValueError, match="place of the timeline"):
        url_for(Path("/a.wav"), "relative", None)
