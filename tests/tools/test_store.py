"""The store trusts bytes, not names."""

from __future__ import annotations

from pathlib import Path

import pytest

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.store import TakeStore, place


def kept(store: TakeStore, request: str = "r1", content: bytes = b"music") -> Path:
    """Keep some bytes as the answer to a request."""
    return store.keep(request, lambda path: path.write_bytes(content) and None, {"tempo_bpm": 90.0}).path


def test_what_was_kept_is_found_with_what_was_said(tmp_path: Path) -> None:
    """The same request, the same take."""
    store = TakeStore(tmp_path)
    path = kept(store)
    found = store.find("r1")
    assert found is not None
    assert (found.path, dict(found.said)) == (path, {"tempo_bpm": 90.0})
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


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """Neither take nor answer nor scratch."""

    def broken(path: Path) -> None:
        path.write_bytes(b"half")
        raise RuntimeError("died")

    with pytest.raises(RuntimeError):
        TakeStore(tmp_path).keep("r1", broken, {})
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
