"""The store trusts bytes, not names."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.cue import Said
from otio_soundtrack.tools.store import TakeStore, place

SAID = Said(tempo_bpm=90.0, key="D minor", beats=(0.0, 0.5))


def kept(store: TakeStore, request: str = "r1", content: bytes = b"music") -> Path:
    """Keep some bytes as the answer to a request."""
    return store.keep(request, lambda path: path.write_bytes(content) and None, SAID).path


def test_what_was_kept_is_found_with_what_was_said(tmp_path: Path) -> None:
    """The same request, the same take."""
    store = TakeStore(tmp_path)
    path = kept(store)
    found = store.find("r1")
    assert found is not None
    assert (found.path, found.said) == (path, SAID)
    assert store.find("r2") is None


@pytest.mark.parametrize("damage", [b"", b"musiC", b"music and more"])
def test_a_take_whose_bytes_have_changed_is_not_found(tmp_path: Path, damage: bytes) -> None:
    """Truncated, edited or grown: it is made again."""
    store = TakeStore(tmp_path)
    kept(store).write_bytes(damage)
    assert store.find("r1") is None


@pytest.mark.parametrize("garbage", ["", "garbage", "[]", "{}", '{"sha256": 5}', '{"sha256": "../../etc", "said": {}}'])
def test_a_broken_answer_is_no_answer(tmp_path: Path, garbage: str) -> None:
    """Nothing is trusted, nothing raises."""
    store = TakeStore(tmp_path)
    kept(store)
    (tmp_path / "requests" / "r1.json").write_text(garbage)
    assert store.find("r1") is None


@pytest.mark.parametrize(
    ("name", "value"), [("tempo_bpm", "fast"), ("key", None), ("beats", 5), ("beats", [0.0, "late"]), ("mood", "unasked")]
)
def test_an_answer_with_wrong_types_is_no_answer(tmp_path: Path, name: str, value: object) -> None:
    """Somebody edited the file, or another version wrote it: the take is made again."""
    store = TakeStore(tmp_path)
    kept(store)
    answer = json.loads((tmp_path / "requests" / "r1.json").read_text())
    answer["said"][name] = value
    (tmp_path / "requests" / "r1.json").write_text(json.dumps(answer))
    assert store.find("r1") is None


def test_a_folder_with_the_name_of_an_answer_or_of_a_take_is_no_answer(tmp_path: Path) -> None:
    """Nothing raises; a take that cannot be kept under that name is told as one."""
    store = TakeStore(tmp_path)
    take = kept(store)
    take.unlink()
    take.mkdir()
    assert store.find("r1") is None
    (tmp_path / "requests" / "r2.json").mkdir()
    assert store.find("r2") is None
    with pytest.raises(StoreError, match=r"r2\.json"):
        kept(store, "r2", b"other")


def test_an_answer_that_is_closed_to_us_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, who may read everything: the system's answer is set."""

    def closed(*_given: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    store = TakeStore(tmp_path)
    kept(store)
    monkeypatch.setattr(Path, "read_bytes", closed)
    assert store.find("r1") is None


def test_a_take_keeps_its_moment(tmp_path: Path) -> None:
    """Found again, or made again with the same bytes: it was made when it was made first."""
    store = TakeStore(tmp_path)
    kept(store)
    answer = tmp_path / "requests" / "r1.json"
    answer.write_text(json.dumps({**json.loads(answer.read_text()), "created": "2001-02-03T04:05:06Z"}))
    found, again = store.find("r1"), store.keep("r1", lambda path: path.write_bytes(b"music") and None, SAID)
    assert found is not None
    assert found.created == again.created == "2001-02-03T04:05:06+00:00"
    assert store.keep("r1", lambda path: path.write_bytes(b"other") and None, SAID).created > "2025"


def test_a_store_that_is_closed_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composing takes a while."""
    monkeypatch.setattr(os, "access", lambda *_given: False)
    with pytest.raises(StoreError, match="takes"):
        TakeStore(tmp_path / "home").require_writable()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """Neither take nor answer nor scratch."""

    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("died")

    with pytest.raises(RuntimeError):
        TakeStore(tmp_path).keep("r1", broken, SAID)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_two_requests_with_the_same_music_share_one_file(tmp_path: Path) -> None:
    """The name is the hash."""
    store = TakeStore(tmp_path)
    assert kept(store, "r1") == kept(store, "r2")
    assert len(list((tmp_path / "takes").iterdir())) == 1


def test_a_take_is_placed_without_touching_the_stored_one(tmp_path: Path) -> None:
    """By link or by copy: the same bytes, and taking one away leaves the other."""
    path = kept(TakeStore(tmp_path / "home"))
    place(path, tmp_path / "media" / "m.wav")
    (tmp_path / "media" / "m.wav").write_bytes(b"edited")
    assert path.read_bytes() == b"music"


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the place."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match="home"):
        kept(TakeStore(tmp_path / "home"))
