"""The media host as RFC 9110 has it: ranges, entity tags, and links that die."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from otio_soundtrack.sandbox.files import Shelf, damaged
from otio_soundtrack.sandbox.server import Sandbox
from tests.sandbox.asking import Answer, ask
from tests.sandbox.conftest import Open

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def link(opened: Open) -> str:
    """Return a link to a file that was uploaded to suno's file host."""
    box: Sandbox = opened()
    body = {"base64Data": base64.b64encode(CONTENT).decode(), "uploadPath": "a", "fileName": "a.mp3"}
    url: str = ask("POST", f"{box.environment['SUNO_BASE_URL']}/api/file-base64-upload", body, key="sandbox-key-suno").json[
        "data"
    ]["downloadUrl"]
    return url


def part(url: str, wanted: str, **headers: str) -> Answer:
    """Ask for a range."""
    return ask("GET", url, headers={"Range": wanted, **{name.replace("_", "-"): value for name, value in headers.items()}})


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("bytes=0-99", 0, 99), ("bytes=2000-", 2000, 2047), ("bytes=-48", 2000, 2047), ("bytes=2040-9999", 2040, 2047)],
)
def test_a_range_is_given(link: str, wanted: str, first: int, last: int) -> None:
    """206 with what it is of what."""
    answer = part(link, wanted)
    assert (answer.status, answer.headers["content-range"]) == (206, f"bytes {first}-{last}/2048")
    assert answer.body == CONTENT[first : last + 1]


@pytest.mark.parametrize("wanted", ["bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=x-"])
def test_what_is_no_single_range_is_passed_over(link: str, wanted: str) -> None:
    """The whole file, 200."""
    answer = part(link, wanted)
    assert (answer.status, answer.body) == (200, CONTENT)


def test_a_range_behind_the_end_is_refused(link: str) -> None:
    """416, and how long the file is."""
    answer = part(link, "bytes=2048-")
    assert (answer.status, answer.headers["content-range"], answer.body) == (416, "bytes */2048", b"")


def test_a_range_of_another_file_is_the_whole_one(link: str) -> None:
    """If-Range: with its own tag a part, with another the whole."""
    tag = ask("HEAD", link).headers["etag"]
    assert part(link, "bytes=0-9", If_Range=tag).status == 206
    assert part(link, "bytes=0-9", If_Range='"other"').status == 200


def test_head_tells_length_and_type(link: str) -> None:
    """Services look before they fetch, and so may clients."""
    answer = ask("HEAD", link)
    assert (answer.status, answer.headers["content-length"], answer.headers["content-type"]) == (200, "2048", "audio/mpeg")
    assert answer.body == b""


def test_a_link_dies_and_the_next_question_gives_another(opened: Open, tmp_path: Path) -> None:
    """In the sandbox's own time."""
    box = opened()
    shelf: Shelf = box.shelf
    path = tmp_path / "a.json"
    path.write_text("{}")
    first = shelf.link("aimi", "a.json", lambda: path, lifetime=-1.0)
    second = shelf.link("aimi", "a.json", lambda: path)
    assert first != second
    assert shelf.link("aimi", "a.json", lambda: path) == second
    assert ask("GET", first).status == 403
    assert ask("GET", second).body == b"{}"


def test_a_damaged_file_keeps_its_length_and_its_first_half() -> None:
    """For any length."""
    for size in (0, 1, 2, 4095, 4096, 100_001):
        content = bytes(size)
        bad = damaged(content)
        assert len(bad) == size
        assert bad[: size // 2] == content[: size // 2]
        assert size < 2 or bad != content
