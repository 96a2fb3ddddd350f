"""A small cut with real media, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.footage import small_cut


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with ``small.otio`` (200 frames at 24) and its movies; tests write elsewhere."""
    return small_cut(tmp_path_factory.mktemp("footage")).parent
