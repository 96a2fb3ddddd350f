"""The reel: sound recorded once and played from anywhere, in memory or on disk."""

from __future__ import annotations

import errno
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import StoreError
from otio_soundtrack.tools import reel
from otio_soundtrack.tools.reel import Reel

SOUND = np.random.default_rng(3).uniform(-1, 1, (1000, 2)).astype(np.float32)


def recorded(*, on_disk: bool) -> Reel:
    """Return a reel with the sound, recorded in blocks of 300."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reel, "IN_MEMORY_SAMPLES", 10 if on_disk else 10_000)
        made = Reel(len(SOUND))
        for start in range(0, len(SOUND), 300):
            made.record(SOUND[start : start + 300])
    return made


@pytest.mark.parametrize("on_disk", [True, False])
def test_any_stretch_comes_back_as_it_was_recorded(on_disk: bool) -> None:
    """Also empty ones, ones past the end, and those counted from the end."""
    made = recorded(on_disk=on_disk)

    @given(st.integers(-1100, 1100), st.integers(-1100, 1100))
    def comes_back(start: int, stop: int) -> None:
        assert np.array_equal(made[start:stop], SOUND[start:stop])

    comes_back()
    assert len(made) == 1000


@pytest.mark.parametrize("on_disk", [True, False])
def test_more_than_there_is_room_for_is_refused(on_disk: bool) -> None:
    """The length is known before anything is recorded."""
    with pytest.raises(ValueError, match="1000 samples, not for 1001"):
        recorded(on_disk=on_disk).record(SOUND[:1])


def test_a_reel_is_played_forwards() -> None:
    """A step would be another sample rate."""
    with pytest.raises(ValueError, match="forwards"):
        recorded(on_disk=False)[::2]


def test_a_full_disk_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is named, and what to do."""
    monkeypatch.setattr(reel, "IN_MEMORY_SAMPLES", 10)

    class FullDisk(io.BytesIO):
        """What a file does on a full disk."""

        def write(self, block: object, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: FullDisk())
    with pytest.raises(StoreError) as error:
        Reel(1000).record(SOUND)
    assert tempfile.gettempdir() in error.value.message
    assert "full" in error.value.hint


def test_a_reel_on_disk_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file has no name: it goes with the process, however that ends."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = recorded(on_disk=True)
    assert np.array_equal(made[10:20], SOUND[10:20])
    assert not list(tmp_path.iterdir())
