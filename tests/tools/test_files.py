"""Files of ours appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools.files import kept_by_hash, require_writable, sha256, write_text, written_whole


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    """Until then the name shows what stood there before."""
    target = tmp_path / "new" / "file.txt"
    with written_whole(target) as scratch:
        scratch.write_text("done")
        assert not target.exists()
        assert scratch.suffix == ".txt"
    assert target.read_text() == "done"
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("error", [RuntimeError("bug"), KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_on_any_failure_the_old_file_stays_and_no_scratch_is_left(tmp_path: Path, error: BaseException) -> None:
    """A full disk is told as one, with what to do."""
    target = tmp_path / "file.txt"
    target.write_text("old")
    expected = StoreError if isinstance(error, OSError) else type(error)

    def half_written() -> None:
        with written_whole(target) as scratch:
            scratch.write_text("half")
            raise error

    with pytest.raises(expected) as raised:
        half_written()
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]
    if expected is StoreError:
        assert "free some space" in str(raised.value)


def test_a_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    """Studios link the current cut: the link is not ours to remove. A link to a file that is not there yet makes it."""
    (tmp_path / "versions").mkdir()
    for name in ("there.txt", "new.txt"):
        (tmp_path / f"link to {name}").symlink_to(Path("versions") / name)
    (tmp_path / "versions" / "there.txt").write_text("old")
    for name in ("there.txt", "new.txt"):
        write_text(tmp_path / f"link to {name}", "ours")
        assert (tmp_path / f"link to {name}").is_symlink()
        assert (tmp_path / "versions" / name).read_text() == "ours"
    assert sorted(path.name for path in (tmp_path / "versions").iterdir()) == ["new.txt", "there.txt"]


def test_a_file_gets_the_mode_that_open_would_give(tmp_path: Path) -> None:
    """Colleagues can read it: scratch files of the system are private."""
    (tmp_path / "plain").write_text("x")
    write_text(tmp_path / "ours", "x")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_two_who_keep_a_file_at_once_keep_their_own(tmp_path: Path) -> None:
    """Each writes to a name of its own until it is whole; the names that stay are the hashes, private to the user."""
    together = Barrier(2)

    def slowly(text: str) -> tuple[Path, str, str]:
        def write(scratch: Path) -> str:
            scratch.write_text(text[:3])
            together.wait(10)
            scratch.write_text(text)
            together.wait(10)
            return text

        return kept_by_hash(tmp_path / "sent", ".txt", write)

    with ThreadPoolExecutor(2) as threads:
        kept = list(threads.map(slowly, ("one and", "one or the other")))
    assert [path.read_text() for path, _, _ in kept] == ["one and", "one or the other"] == [told for _, _, told in kept]
    assert [path.name for path, digest, _ in kept] == [f"{sha256(path)}.txt" for path, digest, _ in kept]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "sent").iterdir()} == {0o600}
    assert len(list((tmp_path / "sent").iterdir())) == 2


def test_what_could_not_be_kept_leaves_nothing(tmp_path: Path) -> None:
    """The writer failed in its middle."""

    def broken(scratch: Path) -> None:
        scratch.write_text("half")
        raise StoreError("full.")

    with pytest.raises(StoreError):
        kept_by_hash(tmp_path, ".txt", broken)
    assert list(tmp_path.iterdir()) == []


def test_the_hash_is_that_of_the_standard(tmp_path: Path) -> None:
    """FIPS 180-2, the message "abc"."""
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_folder_that_does_not_exist_yet_is_writable_where_its_parent_is(tmp_path: Path) -> None:
    """Nothing is made by asking."""
    require_writable(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """Before anybody works for it."""
    (tmp_path / "a").write_text("in the way")
    with pytest.raises(StoreError, match="not a folder"):
        require_writable(tmp_path / "a" / "b")


def test_a_closed_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, who may write everywhere: the system's answer is set."""
    monkeypatch.setattr(os, "access", lambda *_given: False)
    with pytest.raises(StoreError, match="permission"):
        require_writable(tmp_path / "b")
